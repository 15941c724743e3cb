"""Keys change under people's hands, and nobody notices."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.key_file import KeyFileVault
from flows.errors import OperatorError
from flows.keys import rotation
from flows.keys.rotation import SETTLED_AFTER
from flows.ports import Key, Record
from flows.sealing import CACHED_FOR, Keyring
from tests.flows.keys.processes import BUSINESS, SCOPES, Business


@pytest.fixture
async def business(tmp_path: Path) -> AsyncIterator[Business]:
    business = Business(tmp_path)
    yield business
    await business.close()


@asynccontextmanager
async def a_business() -> AsyncIterator[Business]:
    with tempfile.TemporaryDirectory() as name:
        business = Business(Path(name))
        try:
            yield business
        finally:
            await business.close()


async def _filled(business: Business, number: int = 7) -> None:
    for n in range(number):
        await business.writes(0, SCOPES[n % 2], f"m{n}", b"Maria, 14 Elm Street %d" % n)


async def test_a_rotation_seals_everything_anew_and_then_destroys_the_old_key(
    business: Business,
) -> None:
    await _filled(business)
    (before,) = await business.key_ids()
    assert not await business.rotates()
    (after,) = await business.key_ids()
    assert after != before
    assert set(await business.key_records()) == {"data", "data.1", "data.2"}
    await business.waits(60)
    assert await business.rotates()
    assert set(await business.key_records()) == {"data", "data.2"}
    assert await business.opens(business.keyring()) == business.has


async def test_the_old_key_stays_until_caches_have_run_out(business: Business) -> None:
    """Also where calls for it come every few minutes."""
    await _filled(business)
    await business.rotates()
    assert SETTLED_AFTER > CACHED_FOR
    minutes = int(SETTLED_AFTER.total_seconds() // 60)
    for _ in range(minutes - 1):
        await business.waits(1)
        assert not await business.rotates()
    await business.waits(1)
    assert await business.rotates()


async def test_what_a_cached_old_key_seals_meanwhile_is_found_and_sealed_anew(
    business: Business,
) -> None:
    await _filled(business)
    await business.rotates()
    await business.writes(0, "work", "late", b"sealed under the cached key")
    await business.seals(0, "work", "later", b"and written in half an hour")
    assert len(await business.key_ids()) == 2
    await business.waits(30)
    await business.flushes()
    await business.waits(30)
    assert await business.rotates()
    assert len(await business.key_ids()) == 1
    assert await business.opens(business.keyring()) == business.has


async def test_fields_and_expiry_stay_as_they_were(business: Business) -> None:
    await _filled(business)
    page = await business.store.query(Key(BUSINESS, "intake"), "mail")
    await business.rotates()
    again = await business.store.query(Key(BUSINESS, "intake"), "mail")
    assert [(r.id, r.fields, r.expires_at) for r in page.records] == [
        (r.id, r.fields, r.expires_at) for r in again.records
    ]
    assert all(record.expires_at for record in again.records)


async def test_keyed_hashes_outlive_rotations(business: Business) -> None:
    hashed = await business.keyring().blind(BUSINESS, "address", "a@hudson.example")
    secret = await business.keyring().derive(BUSINESS, "roster")
    for _ in range(2):
        await business.rotates()
        await business.waits(60)
        assert await business.rotates()
        await business.rewraps()
    assert await business.keyring().blind(BUSINESS, "address", "a@hudson.example") == hashed
    assert await business.keyring().derive(BUSINESS, "roster") == secret


async def test_a_store_of_the_release_before_is_rotated_like_any_other(
    business: Business,
) -> None:
    """Its one key sealed and hashed; from then on it hashes alone."""
    vault, place = KeyFileVault(business.keys), Key(BUSINESS, "keys")
    wrapped = await vault.wrap(BUSINESS, bytes(range(32)))
    await business.store.create(place, Record(kind="key", id="data", sealed=wrapped))
    await _filled(business)
    hashed = await business.keyring().blind(BUSINESS, "address", "a@hudson.example")
    await business.rotates()
    await business.waits(60)
    assert await business.rotates()
    records = await business.key_records()
    assert set(records) == {"data", "data.1"}
    assert await vault.unwrap(BUSINESS, records["data"].sealed) == bytes(range(32))
    assert await business.opens(business.keyring()) == business.has
    assert await business.keyring().blind(BUSINESS, "address", "a@hudson.example") == hashed


async def test_a_record_that_does_not_open_is_counted_and_left_alone(
    business: Business,
) -> None:
    await _filled(business)
    record = await business.store.get(Key(BUSINESS, "intake"), "mail", "m0")
    assert record is not None
    moved = Record(kind="mail", id="moved", sealed=record.sealed)
    await business.store.put(Key(BUSINESS, "intake"), moved)
    done = await business.rotating(business.store).rotate()
    assert (done.resealed, done.unopened) == (7, 1)
    found = await business.store.get(Key(BUSINESS, "intake"), "mail", "moved")
    assert found is not None
    assert found.sealed == moved.sealed


async def test_a_business_without_keys_is_told_where_they_come_from(
    business: Business,
) -> None:
    with pytest.raises(OperatorError, match="no records yet"):
        await business.rotates()


async def test_after_a_new_wrapping_key_the_old_one_is_not_needed(business: Business) -> None:
    await _filled(business)
    await business.rotates()
    before = await business.key_records()
    await business.rewraps()
    after = await business.key_records()
    assert all(after[name].sealed != before[name].sealed for name in before)
    assert {name: dict(record.fields) for name, record in after.items()} == {
        name: dict(record.fields) for name, record in before.items()
    }
    (business.keys / "wrapping.key.1").unlink()
    assert await business.opens(business.keyring()) == business.has


async def test_a_rewrapping_that_was_killed_goes_on_with_the_same_wrapping_key(
    business: Business,
) -> None:
    await _filled(business)
    await business.rewraps(killed_at=0)
    await business.rewraps()
    assert sorted(path.name for path in business.keys.iterdir()) == [
        "wrapping.key",
        "wrapping.key.1",
    ]
    (business.keys / "wrapping.key.1").unlink()
    assert await business.opens(business.keyring()) == business.has


@pytest.mark.parametrize("after", [False, True])
async def test_a_rotation_killed_at_any_of_its_writes_goes_on(
    business: Business, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    monkeypatch.setattr(rotation, "PAGE", 2)
    await _filled(business)
    for at in range(14):
        await business.rotates(killed_at=at, after=after)
        assert await business.opens(business.workers[1]) == business.has
    await business.waits(60)
    for at in range(14):
        await business.rotates(killed_at=at, after=after)
        assert await business.opens(business.workers[2]) == business.has
    while not await business.rotates():
        await business.waits(60)
    assert await business.opens(business.keyring()) == business.has
    assert len(await business.key_ids()) == 1


IDS = st.tuples(st.sampled_from(SCOPES), st.sampled_from("abcdefgh"))
WORKERS = st.integers(0, 2)
VALUES = st.binary(max_size=40)
KILLED = st.integers(0, 12) | st.just(10**9)
STEPS = st.one_of(
    st.tuples(st.just("writes"), WORKERS, IDS, VALUES),
    st.tuples(st.just("seals"), WORKERS, IDS, VALUES),
    st.tuples(st.just("touches"), IDS),
    st.tuples(st.just("deletes"), IDS),
    st.tuples(st.just("waits"), st.sampled_from([1, 6, 30, 70])),
    st.tuples(st.just("rotates"), KILLED, st.booleans()),
    st.tuples(st.just("rewraps"), KILLED, st.booleans()),
)


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(STEPS, min_size=5, max_size=40))
async def test_nothing_becomes_unreadable_or_means_something_else(
    steps: list[tuple[object, ...]],
) -> None:
    """Writes of three processes, rotations and kills, in any order."""
    usual, rotation.PAGE = rotation.PAGE, 3
    try:
        async with a_business() as business:
            await business.writes(0, "intake", "a", b"the first")
            hashed = await business.keyring().blind(BUSINESS, "address", "x")
            for name, *given_ in steps:
                await _take(business, str(name), given_)
                assert await business.opens(business.workers[2]) == business.has
            await business.flushes()
            business.clock.at += timedelta(hours=2)
            while not await business.rotates():
                business.clock.at += timedelta(hours=1)
            assert await business.opens(business.keyring()) == business.has
            assert len(await business.key_ids()) <= 1
            assert await business.keyring().blind(BUSINESS, "address", "x") == hashed
    finally:
        rotation.PAGE = usual


async def _take(business: Business, name: str, given_: list[object]) -> None:
    match name, given_:
        case (("writes" | "seals"), [worker, (scope, record_id), value]):
            await getattr(business, name)(worker, scope, record_id, value)
        case (("touches" | "deletes"), [(scope, record_id)]):
            await getattr(business, name)(scope, record_id)
        case "waits", [minutes]:
            await getattr(business, name)(minutes)
        case _, [killed_at, after]:
            await getattr(business, name)(killed_at=killed_at, after=after)


async def test_two_rotations_at_once_start_one(business: Business) -> None:
    import asyncio

    from flows.errors import StaleRecord

    await _filled(business)
    done = await asyncio.gather(*(business.rotates() for _ in range(4)), return_exceptions=True)
    assert all(each is False or isinstance(each, StaleRecord) for each in done)
    assert False in done
    assert set(await business.key_records()) == {"data", "data.1", "data.2"}
    assert await business.opens(Keyring(business.store, KeyFileVault(business.keys))) == (
        business.has
    )
