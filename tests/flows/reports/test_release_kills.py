"""Wherever a release is killed, there is nothing of it or all of it, and one draw is seen."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from tests.flows.reports.pooled import AFTER
from tests.flows.reports.releases import fill, pool_at
from tests.portal.conftest import ROOT

FILES = 6


async def _filled(home: Path) -> None:
    async with pool_at(home, AFTER) as pool:
        await fill(pool.records, 200)


def test_a_kill_at_any_write_leaves_nothing_or_all(tmp_path: Path) -> None:
    home, work = tmp_path / "home", tmp_path / "work"
    asyncio.run(_filled(home))
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.reports.release_kills", home, work],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = [json.loads(line) for line in done.stdout.splitlines()]

    # The draw is announced, the release is kept, the log names it.
    assert [(each["write"], each["when"]) for each in found] == [
        (number, when) for number in (1, 2, 3) for when in ("before", "after")
    ]
    assert [each["kept"] for each in found] == [0, 0, 0, 1, 1, 1]
    for each in found:
        assert each["files"] == each["kept"] * FILES, each
        assert (each["same"], each["whole"]) == (True, True), each
        assert (each["rows"], each["named"]) == (1, 1), each
