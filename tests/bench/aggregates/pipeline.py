"""The peer that is a library for the same: PipelineDP, in a virtual environment of its own.

With the same epsilon, unit, cells and public bounds as our method; it shares epsilon equally.
It has no totals of a grid: those of counts are added up from its cells.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from anonymizer.tables.method import Count, Histogram, Method, Sum
from anonymizer.tables.release import Row
from flows.reports.simulating import around
from tests.bench.aggregates.exact import At

FOLDER = Path("/tmp/jigajob-bench/pipeline-dp")
PACKAGES = ("pipeline-dp==0.3.1", "python-dp==1.1.5")


def python() -> Path | None:
    """Return the Python with PipelineDP, installed if it was not; None if it cannot be."""
    found = FOLDER / "bin" / "python"
    ready = FOLDER / "ready"
    if not ready.exists():
        FOLDER.parent.mkdir(parents=True, exist_ok=True)
        commands = (
            [sys.executable, "-m", "venv", str(FOLDER)],
            [str(found), "-m", "pip", "install", "--quiet", *PACKAGES],
        )
        for command in commands:
            if subprocess.run(command, capture_output=True, check=False).returncode:
                return None
        ready.touch()
    return found


def pipeline_dp(
    program: Path, tenants: Iterable[Row], method: Method, kind: Literal["mean", "median"]
) -> dict[At, float]:
    """Return the figures of one draw: of what we have histograms of, medians or means."""
    rows = list(tenants)
    keys = {f"{place.industry}|{place.region}": place for place in method.grid.cells()}
    named = {place: key for key, place in keys.items()}
    measures = []
    for measure in method.measures:
        having = [
            [row.owner, named[row.place], row.values.get(measure.name, 0)]
            for row in rows
            if isinstance(measure, Count) or measure.name in row.values
        ]
        told = {"name": measure.name, "kind": kind, "rows": having, "bound": 0}
        match measure:
            case Count():
                told["kind"] = "count"
            case Sum(bound=bound):
                told |= {"kind": "sum", "bound": bound}
            case Histogram(unit="percent"):
                told["bound"] = 100
            case Histogram(edges=edges):
                told["bound"] = edges[-1]
        measures.append(told)
    task = {"epsilon": float(method.epsilon), "keys": list(keys), "measures": measures}
    done = subprocess.run(
        [program, Path(__file__).with_name("pipeline_worker.py")],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    made = {(keys[key], name): value for name in answer for key, value in answer[name].items()}
    for measure in method.measures:
        if not isinstance(measure, Histogram):
            made |= _totals(made, measure.name)
    return made


def _totals(made: dict[At, float], measure: str) -> dict[At, float]:
    totals: dict[At, float] = defaultdict(float)
    for (place, name), value in made.items():
        if name == measure:
            for each in around(place)[1:]:
                totals[each, name] += value
    return totals
