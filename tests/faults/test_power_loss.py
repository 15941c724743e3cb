"""The power may fail at any moment: what was acknowledged is there, whole, and once.

What a program asks of the disk is recorded; then the disk forgets, at random moments and by a
seed, what nobody made it keep (`tests.faults.disk`), and the store is opened on what is left.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from tests.faults import path_power, store_power
from tests.faults.disk import Disk
from tests.faults.path_power import PathFound
from tests.faults.recording import record, recorder
from tests.faults.sizes import A_SEED, LETTERS, PATH_FAILURES, POWER_FAILURES, SEED, STEPS, tell
from tests.faults.store_power import Found

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]


@pytest.fixture
def shim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OFFICE_PASSWORD", "unused")
    return recorder(tmp_path)


def test_all_that_goes_to_the_disk_is_recorded(tmp_path: Path, shim: Path) -> None:
    """A disk that forgets nothing has what is on the real one, to the byte."""
    under = tmp_path / "run"
    events = record("tests.faults.path_work", [str(LETTERS)], under, shim)
    disk = Disk(under / "disk")
    for event in events:
        disk.happens(event)
    disk.keeps_power(tmp_path / "again")

    kept = _contents(tmp_path / "again")
    assert kept == _contents(under / "disk")
    assert {"home/jigajob.db", "home/keys/wrapping.key", "home/rows/seen.csv"} <= kept.keys()
    assert {event.what for event in events} >= set("cwtsdmul")


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_store_loses_nothing_that_was_acknowledged(tmp_path: Path, shim: Path) -> None:
    """Batches stay whole; what was not lasting is lost at the end only, as the port allows."""
    found = Found()
    for seed in range(SEED, SEED + -(-POWER_FAILURES // A_SEED)):
        found.add(store_power.campaign(tmp_path, shim, seed, STEPS, A_SEED))
    tell("power failures under a store", asdict(found))

    assert (found.lost, found.partial, found.doubled, found.broken) == (0, 0, 0, 0), found
    assert found.images >= POWER_FAILURES
    assert found.taken_back > 0, "a disk that forgets takes back what was not made lasting"


def test_a_disk_that_only_says_that_it_syncs_is_found_out(tmp_path: Path, shim: Path) -> None:
    """The same campaign fails where syncs do nothing: it is able to fail."""
    found = store_power.campaign(tmp_path, shim, SEED, STEPS, A_SEED, honest=False)

    assert found.lost > 0
    assert found.broken > 0


def test_a_sweep_goes_on_where_the_power_failed(tmp_path: Path, shim: Path) -> None:
    """The next one loses nothing, doubles nothing, and sends nothing twice.

    An output that was going out may be put before a person; the cursor is never ahead.
    """
    found = path_power.campaign(tmp_path, shim, SEED, LETTERS, PATH_FAILURES)
    counts = asdict(found)
    tell("power failures in a sweep", counts)

    assert {name for name in PathFound.ZERO if counts[name]} == set(), found
    assert found.images == PATH_FAILURES
    assert found.again > PATH_FAILURES / 2, "most failures must leave something to do"


def test_a_sweep_on_a_disk_that_does_not_sync_is_found_out(tmp_path: Path, shim: Path) -> None:
    """Mail goes out twice, or the home is broken: the campaign is able to fail."""
    campaigns = (
        path_power.campaign(tmp_path, shim, seed, LETTERS, 8, honest=False)
        for seed in range(SEED, SEED + 10)  # when writes fall is not the seed's alone
    )

    assert any(found.sent_twice + found.lost + found.broken for found in campaigns)
