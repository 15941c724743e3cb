"""Sweeps and commands may be killed anywhere, too, while mail goes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.path_power import PathFound
from tests.faults.sizes import COMMAND_KILLS, SEED, SENDING_KILLS, tell
from tests.portal.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]


def _killed(what: str, work: Path, kills: int) -> dict[str, Any]:
    # A process of its own, since it forks.
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.kills", what, work, str(SEED), str(kills)],
        cwd=ROOT,
        env={
            **os.environ,
            "OFFICE_PASSWORD": "unused",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    tell(f"kills ({what})", found)
    return found


def test_nothing_goes_out_twice_however_often_sweeps_are_killed(tmp_path: Path) -> None:
    """Nor is anything lost; what was going out may be put before a person."""
    found = _killed("sending", tmp_path, SENDING_KILLS)

    assert {name for name in PathFound.ZERO if found[name]} == set(), found
    assert found["hits"] == SENDING_KILLS
    assert found["during"] > 0, "some kills must hit while mail goes out"


def test_the_whole_command_may_be_killed(tmp_path: Path) -> None:
    """`jigajob run` with Prefect: the run after the kills comes to what an undisturbed did."""
    found = _killed("commands", tmp_path, COMMAND_KILLS)

    assert (found["lost"], found["doubled"]) == ([], []), found
    assert found["code"] == 0
    assert found["hits"] == COMMAND_KILLS
    assert found["at_work"] > 0, "some kills must hit a run at work"
    assert found["records"] > 100
