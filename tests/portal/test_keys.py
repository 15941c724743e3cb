"""`jigajob keys`, `backup` and `restore`, typed by a person, on the home of the example."""

from __future__ import annotations

import asyncio
import json
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest

from portal.settings import Settings
from portal.wiring import open_app
from tests.portal.conftest import ROOT, Ran, jigajob

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

BUSINESS = "hudson-plumbing"
FLOWS = ROOT / "flows.yaml"


@pytest.fixture
def home(demo: Ran, tmp_path: Path) -> Path:
    copy = tmp_path / "home"
    shutil.copytree(demo.home, copy)
    return copy


def outputs(home: Path) -> list[dict[str, Any]]:
    done = jigajob("outbox", "list", "--all", "--json", "--home", home)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def state(home: Path) -> dict[str, Any]:
    done = jigajob("keys", "show", "--json", "--home", home)
    assert done.returncode == 0, done.stderr
    shown: dict[str, Any] = json.loads(done.stdout)
    return shown


def test_a_backup_restored_into_an_empty_home_is_the_same_business(
    home: Path, tmp_path: Path
) -> None:
    """All outputs are as they were, and none that went out before goes out again."""
    new, vaults = tmp_path / "new", tmp_path / "backups"
    vaults.mkdir()
    made = jigajob("backup", vaults, "--home", home)
    archive, keys = sorted(vaults.iterdir(), key=lambda path: len(path.name))
    without = jigajob("restore", archive, "--home", new)
    (new / "keys").mkdir(mode=0o700, exist_ok=True)
    shutil.copy2(home / "keys" / "wrapping.key", new / "keys")
    restored = jigajob("restore", archive, "--home", new)
    again = jigajob("restore", archive, "--home", new)

    assert made.returncode == 0, made.stderr
    assert "keep it apart" in made.stdout
    assert {stat.S_IMODE(path.stat().st_mode) for path in (archive, keys)} == {0o600}
    assert b"Maria" not in archive.read_bytes()
    assert without.returncode == 3
    assert "wrapping.key is missing" in without.stderr
    assert restored.returncode == 0, restored.stderr
    assert again.returncode == 1
    assert "empty home" in again.stderr
    assert outputs(new) == outputs(home)
    assert overview(new) == overview(home)
    asyncio.run(_deliver(new))
    assert not (new / "drafts").exists()
    assert not (new / "rows").exists()


def overview(home: Path) -> str:
    """What `status` shows, but for where things lie."""
    done = jigajob("status", "--home", home)
    assert done.returncode == 0, done.stderr
    return done.stdout.partition("Where to look next")[0]


async def _deliver(home: Path) -> None:
    async with open_app(Settings(home=home, flows=FLOWS)) as app:
        await app.outbox.deliver()


def test_a_backup_takes_the_place_of_no_file(home: Path, tmp_path: Path) -> None:
    archive = tmp_path / "b.jigajob"
    archive.write_text("mine")
    done = jigajob("backup", archive, "--home", home)
    assert done.returncode == 1
    assert "there already" in done.stderr
    assert archive.read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.jigajob", "home"]


def test_keys_are_rotated_and_the_business_goes_on(home: Path, demo: Ran) -> None:
    before = outputs(home)
    assert (state(home)["state"], state(home)["current"]) == ("ready", 1)
    started = jigajob("keys", "rotate", "--home", home)
    again = jigajob("keys", "rotate", "--home", home)
    wrapped = jigajob("keys", "rotate", "--wrapping", "--home", home)
    shown = jigajob("keys", "show", "--home", home)

    assert started.returncode == 0, started.stderr
    assert "the next `jigajob --home" in started.stdout
    assert again.stdout.startswith("0 records were sealed")
    assert "3 keys are wrapped" in wrapped.stdout
    assert (home / "keys" / "wrapping.key.1").exists()
    (home / "keys" / "wrapping.key.1").unlink()
    assert "being changed" in shown.stdout
    assert (state(home)["state"], state(home)["current"]) == ("rotating", 2)
    assert state(home)["newest_wrapping"]
    assert outputs(home) == before


def test_keys_are_shredded_by_whoever_types_the_id_alone(home: Path) -> None:
    wrong = jigajob("keys", "shred", "--home", home, stdin="hudson\n")
    none = jigajob("keys", "shred", "--home", home, stdin="")
    before, size = outputs(home), (home / "jigajob.db").stat().st_size
    done = jigajob("keys", "shred", "--home", home, stdin=f"{BUSINESS}\n")
    again = jigajob("keys", "shred", "--yes", BUSINESS, "--home", home)
    left = jigajob("outbox", "list", "--home", home)
    backup = jigajob("backup", home / "b", "--home", home)

    assert wrong.returncode == none.returncode == 1
    assert "nothing was destroyed" in wrong.stderr
    assert before
    assert done.returncode == 0, done.stderr
    assert "within 5 minutes" in done.stdout
    assert again.returncode == 0, again.stderr
    assert state(home)["state"] == "shredded"
    for refused in (left, backup):
        assert refused.returncode == 3
        assert "were destroyed at" in refused.stderr
    assert (home / "jigajob.db").stat().st_size < size / 5, "the audit log stays"


def test_a_vault_that_is_none_is_said_to_be_none(home: Path) -> None:
    done = jigajob(
        "keys", "show", "--home", home, JIGAJOB_KEYS="https://name.vault.azure.net/secrets/x"
    )
    assert done.returncode == 3
    assert "/keys/KEY" in done.stderr


def test_the_keys_may_lie_in_another_folder(home: Path, tmp_path: Path) -> None:
    """On a disk of their own, or where a mounted secret is."""
    elsewhere = tmp_path / "elsewhere"
    (home / "keys").rename(elsewhere)
    done = jigajob("keys", "show", "--json", "--home", home, JIGAJOB_KEYS=str(elsewhere))
    assert json.loads(done.stdout)["newest_wrapping"]
    assert jigajob("outbox", "list", "--home", home).returncode == 3
