"""What is done to keys and stores is recorded, and what is gone is said to be gone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from anonymizer.text.cleaner import Cleaner
from flows.keys.rotation import Rotating, Rotation
from portal.settings import Settings
from portal.wiring import App
from tests.flows.business import FLOWS, Business, mail
from tests.flows.schema.earlier import restored
from tests.portal.conftest import jigajob


@pytest.fixture
async def business(tmp_path: Path, cleaner: Cleaner) -> Business:
    made = Business(tmp_path, cleaner)
    made.writes(FLOWS)
    made.gets(mail())
    await made.sweeps()
    return made


def ran(settings: Settings, *words: str | Path) -> CompletedProcess[str]:
    return jigajob(*words, "--home", settings.home, "--flows", settings.flows)


def done(settings: Settings, *words: str | Path) -> str:
    it = ran(settings, *words)
    assert it.returncode == 0, it.stderr
    return it.stdout


def recorded(settings: Settings, *beginnings: str) -> list[tuple[str, str]]:
    """Action and authority of what people did, of these actions."""
    lines = done(settings, "audit", "list", "--last", "0", "--json").splitlines()
    found: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return [(e["action"], e["authority"]) for e in found if e["action"].startswith(beginnings)]


def another(settings: Settings, folder: Path) -> Settings:
    """Another home for the same flows, with the wrapping key alone."""
    home = folder / "another"
    home.mkdir(mode=0o700)
    shutil.copytree(settings.keys, home / "keys")
    return Settings(home=home, flows=settings.flows)


async def test_a_run_destroys_the_old_key_once_nobody_has_it(business: Business) -> None:
    """Not before an hour has passed; then everything opens with the new key alone."""

    async def rotate(app: App) -> Rotation:
        own = app.custody
        return await Rotating(
            own.store, own.vault, own.keyring, own.business, own.clock
        ).rotate()

    async def end(app: App) -> Rotation | None:
        return await app.custody.end_rotation()

    async def keys(app: App) -> int:
        return len(app.custody.keys.wrapped)

    assert await business.asks(end) is None
    assert not (await business.asks(rotate)).done
    business.clock.passes(minutes=59)
    assert await business.asks(end) is None
    during = await business.asks(keys)
    business.clock.passes(minutes=2)
    ended = await business.asks(end)
    assert ended is not None
    assert ended.done
    assert await business.asks(keys) == during - 1
    assert await business.asks(end) is None
    assert len(await business.messages()) == 1


def test_keys_that_are_changed_leave_an_entry_each(business: Business) -> None:
    """To look at their state, which is nobody's secret, leaves none."""
    done(business.settings, "keys", "rotate")
    done(business.settings, "keys", "rotate", "--wrapping")
    done(business.settings, "keys", "show")
    assert recorded(business.settings, "keys", "act.fail") == [
        ("keys.rotate", "command keys rotate"),
        ("keys.rotate", "command keys rotate --wrapping"),
    ]


def test_a_backup_holds_its_own_entry_and_the_root_to_verify_it_by(
    business: Business, tmp_path: Path
) -> None:
    """What comes back is verified up to the backup, and the restore is recorded in it."""
    made = done(business.settings, "backup", tmp_path / "b")
    root = made.partition("the audit log stood at ")[2].partition(": note")[0]
    refused = ran(business.settings, "backup", tmp_path / "b")
    new = another(business.settings, tmp_path)
    back = done(new, "restore", tmp_path / "b.jigajob")

    assert str(business.settings.roots) in made
    assert f"audit verify --root {root}" in back
    assert "nothing was changed" in done(new, "audit", "verify", "--root", root)
    assert recorded(new, "store") == [
        ("store.backup", "command backup"),
        ("store.restore", "command restore"),
    ]
    assert refused.returncode == 1
    assert [what for what, _ in recorded(business.settings, "store", "act.fail")] == [
        "store.backup",
        "store.backup",
        "act.fail",
    ]


def test_a_backup_makes_no_file_where_a_folder_was_meant(
    business: Business, tmp_path: Path
) -> None:
    """A disk that is not mounted is said to be missing; a file has the suffix of archives."""
    before = sorted(tmp_path.iterdir())
    refused = ran(business.settings, "backup", f"{tmp_path}/usb/")
    assert refused.returncode == 1
    assert f"there is no folder {tmp_path}/usb/\n  fix: make it first" in refused.stderr
    assert sorted(tmp_path.iterdir()) == before
    told = done(business.settings, "backup", tmp_path / "monday")
    made = set(tmp_path.iterdir()) - set(before)
    assert {each.name for each in made} == {"monday.jigajob", "monday.jigajob.keys"}
    assert f"to {tmp_path}/monday.jigajob\n" in told


def test_a_shredded_business_is_not_taken_for_an_empty_one(business: Business) -> None:
    """Each command says that the keys were destroyed, when, and what to do; the log stays."""
    done(business.settings, "keys", "shred", "--yes", "hudson")
    for words in (["status"], ["run"], ["outbox", "list"], ["migrate"], ["backup", "b"]):
        it = ran(business.settings, *words)
        assert (it.returncode, it.stdout) == (3, ""), words
        assert "the keys of this business were destroyed at 20" in it.stderr
        assert "fix: nothing of it opens again" in it.stderr
    again = ran(business.settings, "keys", "shred", "--yes", "hudson")

    assert again.returncode == 0, again.stderr
    assert "not recorded" in again.stderr
    assert recorded(business.settings, "keys") == [("keys.shred", "command keys shred")]
    verified = done(business.settings, "audit", "verify")
    assert "nothing was changed" in verified
    assert " shredded" in verified
    assert done(business.settings, "keys", "show").startswith("keys: destroyed")


def test_keys_that_do_not_open_can_be_shredded_all_the_same(business: Business) -> None:
    shutil.rmtree(business.settings.keys)
    it = ran(business.settings, "keys", "shred", "--yes", "hudson")
    assert it.returncode == 0, it.stderr
    assert "not recorded, for" in it.stderr
    assert "were destroyed" in ran(business.settings, "status").stderr


@pytest.mark.slow
def test_a_store_of_the_release_before_goes_all_the_way(tmp_path: Path) -> None:
    """Migrated, backed up, brought back elsewhere, its keys changed, its log verified."""
    before = restored(tmp_path / "before")
    for words in (["status"], ["run"]):
        refused = ran(before, *words)
        assert refused.returncode == 3
        assert "run `jigajob migrate`" in refused.stderr
    assert "is at schema 2" in done(before, "migrate")
    assert "is at schema 2" in done(before, "migrate")
    outputs = done(before, "outbox", "list", "--all", "--json")
    assert len(outputs.splitlines()) > 10
    done(before, "backup", tmp_path / "b")

    new = another(before, tmp_path)
    done(new, "restore", tmp_path / "b.jigajob")
    assert done(new, "outbox", "list", "--all", "--json") == outputs
    assert "records were sealed with the new key" in done(new, "keys", "rotate")
    done(new, "keys", "rotate", "--wrapping")
    assert done(new, "outbox", "list", "--all", "--json") == outputs
    assert "nothing was changed" in done(new, "audit", "verify")
    assert recorded(new, "store", "keys", "act.fail") == [
        ("store.migrate", "command migrate"),
        ("store.backup", "command backup"),
        ("store.restore", "command restore"),
        ("keys.rotate", "command keys rotate"),
        ("keys.rotate", "command keys rotate --wrapping"),
    ]
    assert "is at schema 1" in done(new, "migrate", "--back")
