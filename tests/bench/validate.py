"""How long a long file takes to check: `python -m tests.bench.validate [FLOWS]`.

500 flows of one mailbox, each with words of its own, three conditions, three steps and
templates, so that every two of them are weighed against each other. The figure is the best of
five processes, without what Python and imports take; the goal is one second.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.bench.start import FLOW, HEAD

ROOT: Final = Path(__file__).resolve().parents[2]
TIMES: Final = 5
GOAL: Final = 1.0
APART: Final = FLOW.replace(
    "    keep:", "      - mail.sender.domain == 'firm-NUMBER.example'\n    keep:"
)
TIMED: Final = """\
import sys, time
from pathlib import Path
from flows.language.load import check
import flows.language.step_checks
check(Path("one.yaml"))
began, worked = time.perf_counter(), time.process_time()
found = check(Path("flows.yaml"))
flows = len(found.file.flows if found.file else ())
worked = time.process_time() - worked
print(time.perf_counter() - began, worked, flows, len(found.problems))
"""


def main(wanted: Sequence[str]) -> int:
    """Print the figures; return 1 where the goal is missed."""
    flows = int(wanted[0]) if wanted else 500
    with tempfile.TemporaryDirectory() as folder:
        names = range(1, flows + 1)
        for file, numbers in (("flows.yaml", names), ("one.yaml", (1,))):
            text = HEAD + "".join(APART.replace("NUMBER", str(number)) for number in numbers)
            (Path(folder) / file).write_text(text)
        runs = [_run(Path(folder)) for _ in range(TIMES)]
    best, worked = min(run[0] for run in runs), min(run[1] for run in runs)
    size = len(HEAD + APART * flows) / 1000
    load = os.getloadavg()[0]
    say = sys.stdout.write
    say(f"{runs[0][2]} flows, {size:.0f} kB, {runs[0][3]} problems: {best:.2f} s, ")
    say(f"of which the processor worked {worked:.2f} s ")
    say(f"(goal {GOAL:.0f} s at 500 flows; load {load:.1f} on {os.cpu_count()} processors)\n")
    return int(flows <= 500 and best > GOAL)


def _run(folder: Path) -> tuple[float, float, int, int]:
    done = subprocess.run(
        [sys.executable, "-c", TIMED],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, worked, flows, problems = done.stdout.split()
    return float(seconds), float(worked), int(flows), int(problems)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
