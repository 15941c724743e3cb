"""A run may be killed anywhere: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.sizes import SEED, SWEEP_KILLS, tell

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_kills_leave_what_an_undisturbed_run_leaves(tmp_path: Path) -> None:
    """Records, outputs, files and ledger are the same after kills at random moments."""
    command = [sys.executable, "-m", "tests.flows.rig", str(tmp_path), str(ROOT / "flows.yaml")]
    done = subprocess.run(
        [*command, str(SEED), str(SWEEP_KILLS)],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    tell("kills of a sweep", found)
    assert (found["lost"], found["doubled"], found["partial"]) == ([], [], [])
    assert found["records"] > 100
    assert found["hits"] >= SWEEP_KILLS
