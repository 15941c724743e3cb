"""Whatever is deployed, replayed and decided, by whom and however often it is killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.sizes import SEED, tell

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("JIGAJOB_REPLAYS", "12"))


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_nothing_goes_out_twice_under_any_versions(seed: int, tmp_path: Path) -> None:
    """One flow, step, place and trigger goes out once; also where a step had another name."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.replay_rig", str(tmp_path), str(seed), str(ROUNDS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    tell("kills of replays", found)
    assert found["twice"] == []
    assert found["sent"] >= 6
    assert found["ended_well"] > found["kills"] > 0
