"""`jigajob migrate` as people run it: killed, undone, and then opened by the release before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.flows.schema.earlier import migrated, restored

ROOT = Path(__file__).resolve().parents[3]
EARLIER = "47e10f4"

LOOK = """
import asyncio, json, sys
from pathlib import Path
from flows.records import json_of
from portal.settings import Settings
from portal.wiring import open_app
from tests.stores.write import Stopped

async def look(home):
    settings = Settings(home=Path(home), flows=Path(home).parent / "flows.yaml")
    async with open_app(settings, Stopped()) as app:
        posted = [json_of(each) async for each in app.outbox.list()]
        ledgers = [each.as_json() async for each in app.ledgers()]
        jobs = [json_of(each) for each in await app.register.jobs()]
        invoices = [json_of(each) for each in await app.register.invoices()]
        delivered = dict(await app.outbox.deliver())
    print(json.dumps([posted, ledgers, jobs, invoices, delivered]))

asyncio.run(look(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def earlier_release(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Any]:
    """Return what opens a home with the code of the release before, and tells what it sees."""
    folder = tmp_path_factory.mktemp("release")
    packed = subprocess.run(
        ["git", "archive", EARLIER], cwd=ROOT, capture_output=True, check=False
    )
    if packed.returncode:
        pytest.skip(f"the code of release 0.1.0 ({EARLIER}) is not in this checkout's history")
    subprocess.run(["tar", "-x", "-C", folder], input=packed.stdout, check=True)
    stores = folder / "tests" / "stores"
    stores.mkdir()
    for name in ("__init__.py", "write.py"):
        (stores / name).write_text((ROOT / "tests" / "stores" / name).read_text("utf-8"))

    def look(home: Path) -> Any:
        done = subprocess.run(
            [sys.executable, "-c", LOOK, str(home)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return look


@pytest.mark.slow
async def test_the_release_before_opens_what_went_back(
    tmp_path: Path, earlier_release: Callable[[Path], Any]
) -> None:
    """It sees what it has left, and works on with it, as if nothing had been."""
    untouched = restored(tmp_path / "untouched")
    back = restored(tmp_path / "back")
    await migrated(back)
    await migrated(back, back=True)
    seen = earlier_release(back.home)
    assert seen == earlier_release(untouched.home)
    assert len(seen[0]) > 10


@pytest.mark.slow
def test_kill_dash_nine_at_random_moments_changes_nothing(tmp_path: Path) -> None:
    """Two thousand records, there and back, 30 kills: the ends are the undisturbed ones."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.schema.killing", str(tmp_path), "20261129", "30"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["same"] == [True, True]
    assert found["hits"] >= 10
    assert found["records"] > 2_000


def test_the_command_says_where_it_stands_and_goes_there_and_back(tmp_path: Path) -> None:
    """What a person types after an upgrade, and to undo it."""
    before = restored(tmp_path / "before")

    def jigajob(*words: str) -> subprocess.CompletedProcess[str]:
        at = ["--home", str(before.home), "--flows", str(before.flows)]
        command = [sys.executable, "-c", "from portal.cli import main; main()", *words, *at]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    refused = jigajob("outbox", "list")
    assert (refused.returncode, "fix: stop" in refused.stderr) == (3, True)
    assert "`jigajob migrate` brings it there" in jigajob("migrate", "--status").stdout
    assert "is at schema 2" in jigajob("migrate").stdout
    assert jigajob("outbox", "list").returncode == 0
    assert "is at schema 1" in jigajob("migrate", "--back").stdout
    assert jigajob("outbox", "list").returncode == 3
    assert jigajob("migrate", "--back", "--status").returncode == 1
