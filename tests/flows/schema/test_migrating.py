"""A store of the release before is brought to today's schema, from anywhere, and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.sqlite import SqliteStore
from flows.connections import IDENTITY, Connection
from flows.errors import AdministratorError, OperatorError
from flows.intake.arrivals import Pointer
from flows.intake.personal_lessons import Lesson
from flows.intake.trust import Known
from flows.model import CleanMessage, CleanTransaction, Invoice, Output
from flows.ports import Key, Record
from flows.records import INTAKE, WORK
from flows.schema import SCHEMA, Migrator, Standing, Standings
from flows.schema.migrations import moved
from flows.schema.standing import APART
from flows.schema.version import version_of
from flows.work.jobs import Job
from flows.work.settlement import Arrival, Settlement
from portal.settings import Settings
from portal.wiring import open_app
from tests.flows.business import Business, mail
from tests.flows.outputs import Crash
from tests.flows.schema.earlier import (
    BUSINESS,
    CLOCK,
    every,
    held,
    migrated,
    opened,
    records_of,
    restored,
)

NOUNS: dict[tuple[str, str], Any] = {
    (INTAKE, "message"): CleanMessage,
    (INTAKE, "transaction"): CleanTransaction,
    (INTAKE, "output"): Output,
    (INTAKE, "arrival"): Pointer,
    (INTAKE, "known"): Known,
    (INTAKE, "lesson"): Lesson,
    (INTAKE, "thread"): dict[str, str],
    (INTAKE, "cursor"): dict[str, str],
    (INTAKE, "answer"): dict[str, str],
    (INTAKE, "matched"): dict[str, str],
    (INTAKE, "attachment"): bytes,
    (INTAKE, "since"): None,
    (WORK, "job"): Job,
    (WORK, "invoice"): Invoice,
    (WORK, "match"): Settlement,
    (WORK, "payout"): Arrival,
    (IDENTITY, "connection"): Connection,
    (IDENTITY, "tokens"): bytes,
    (IDENTITY, "lease"): None,
}
"""What is sealed in each kind of record that release 0.1.0 writes; None for nothing."""


@pytest.fixture
def before(tmp_path: Path) -> Settings:
    return restored(tmp_path / "before")


async def test_a_store_of_the_release_before_is_not_misread(before: Settings) -> None:
    """Nothing is done with it, and the cure is named."""
    was = await held(before)
    with pytest.raises(AdministratorError, match="earlier JigAjob") as stopped:
        async with open_app(before, CLOCK):
            pass
    assert "jigajob migrate" in stopped.value.fix
    assert await held(before) == was


async def test_every_kind_of_record_of_the_release_before_is_read(before: Settings) -> None:
    was = await held(before)
    assert {(scope, kind) for scope, kind, _ in was} == {*NOUNS, ("keys", "key")}

    standing = await migrated(before)
    assert (standing.version, standing.to, standing.moved) == (SCHEMA, SCHEMA, len(was) - 1)

    store = opened(before)
    try:
        for (scope, kind, _), record in (await every(store)).items():
            if scope not in APART:
                assert version_of(record) == SCHEMA
                noun = NOUNS[scope, kind]
                records = records_of(store, before, scope)
                if noun is bytes:
                    assert await records.open_bytes(record)
                elif noun is not None:
                    await records.open(record, noun)
    finally:
        await store.close()


async def test_what_was_on_its_way_goes_on_after_a_migration(before: Settings) -> None:
    """What was approved is due; what may be in somebody's hands is so when that has passed."""
    await migrated(before)
    async with open_app(before, CLOCK) as app:
        [sending] = [each async for each in app.outbox.list("sending")]
        approved = [each async for each in app.outbox.list("approved")]
        ended = await app.outbox.deliver()
        [left] = [each async for each in app.outbox.list("sending")]
    assert sending.next_at is not None
    assert (sending.next_at - CLOCK.now()).total_seconds() == 15 * 60
    assert {each.attempts for each in approved} == {0}
    assert dict(ended) == {"failed": len(approved)}  # no outlet of ours prints
    assert left == sending


class Failing(SqliteStore):
    """A store that goes down around one of its writes."""

    left = 1_000_000
    after = False

    async def batch(self, *args: Any, **more: Any) -> tuple[Record, ...]:
        self.left -= 1
        if self.left == 0 and not self.after:
            raise Crash
        done = await super().batch(*args, **more)
        if self.left == 0:
            raise Crash
        return done


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("back", [False, True])
async def test_stopped_at_any_write_it_goes_on_to_the_same_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, back: bool, after: bool
) -> None:
    """At each write in turn, before it or after: the end is that of an undisturbed one."""
    monkeypatch.setattr("flows.schema.migrating.MAX_WRITES", 5)
    expected = await _undisturbed(tmp_path / "whole", back=back)
    stops = 0
    for number in range(1, 100):
        settings = restored(tmp_path / f"{number}")
        if back:
            await migrated(settings)
        store = Failing(settings.home / "jigajob.db", clock=CLOCK)
        store.left, store.after = number, after
        try:
            await Migrator(store, BUSINESS).run(lambda _: None, back=back)
            break
        except Crash:
            stops += 1
        finally:
            await store.close()
        if await _stands_between(settings):
            with pytest.raises(AdministratorError, match=r"not ended|earlier"):
                async with open_app(settings, CLOCK):
                    pass
        await migrated(settings, back=back)
        assert _but_the_note(await held(settings)) == expected
    assert stops > 20


async def _undisturbed(folder: Path, *, back: bool) -> dict[Any, Record]:
    settings = restored(folder)
    await migrated(settings)
    if back:
        await migrated(settings, back=True)
    return _but_the_note(await held(settings))


async def _stands_between(settings: Settings) -> bool:
    """Tell whether today's release cannot work with it as it is."""
    store = opened(settings)
    try:
        standing = await Standings(store, BUSINESS).read()
    finally:
        await store.close()
    assert standing is not None
    return standing.under_way or standing.version < SCHEMA


def _but_the_note(found: dict[Any, Record]) -> dict[Any, Record]:
    """Leave out how many records the last stretch has moved, which is no part of the end."""
    return {key: record for key, record in found.items() if key[0] != "schema"}


async def test_gone_back_it_is_what_it_was(before: Settings) -> None:
    """To the last field; and going forward once more is going forward for the first time."""
    was = await held(before)
    await migrated(before)
    forward = await held(before)
    assert forward != was
    assert (await migrated(before, back=True)).version == SCHEMA - 1
    assert await held(before) == was
    assert await migrated(before, back=True) == Standing(SCHEMA - 1, SCHEMA - 1)
    await migrated(before)
    assert await held(before) == forward


async def test_turned_round_on_the_way_it_ends_where_it_is_to(
    before: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.schema.migrating.MAX_WRITES", 5)
    was = await held(before)
    store = Failing(before.home / "jigajob.db", clock=CLOCK)
    store.left = 9
    with pytest.raises(Crash):
        await Migrator(store, BUSINESS).run(lambda _: None)
    await store.close()
    assert {version_of(each) for each in (await held(before)).values()} == {1, 2}
    await migrated(before, back=True)
    assert await held(before) == was


async def test_what_others_write_or_remove_meanwhile_is_heeded(before: Settings) -> None:
    """A worker of the release before is at it before a record is moved, and after that."""
    store, key = opened(before), Key(BUSINESS, INTAKE)
    first, second, third, *_ = [
        each for each in (await every(store)).values() if each.kind == "output"
    ]
    rounds = 0

    class Busy(Migrator):
        async def _write(self, scope: str, batch: Any, to: int) -> None:
            nonlocal rounds
            rounds += scope == INTAKE
            if rounds == 1 and scope == INTAKE:
                await store.put(key, replace(first, fields={**first.fields, "note": "new"}))
                await store.delete(key, "output", third.id)
            await super()._write(scope, batch, to)
            if rounds == 1 and scope == INTAKE:
                await store.put(key, second)

    await Busy(store, BUSINESS).run(lambda _: None)
    found = await every(store)
    await store.close()
    assert {version_of(each) for each in found.values() if each.scope not in APART} == {SCHEMA}
    assert found[INTAKE, "output", first.id].fields["note"] == "new"
    assert (INTAKE, "output", third.id) not in found
    assert rounds == 2


@pytest.mark.parametrize("to", [SCHEMA, SCHEMA + 1])
async def test_a_store_of_a_newer_release_is_refused(business: Business, to: int) -> None:
    """Whole, or on its way there; by whatever opens it, and by a migration too."""
    async with business.open() as app:
        standings = Standings(app.records.store, BUSINESS)
        standing = await standings.read()
        assert standing is not None
        await standings.write(replace(standing, version=SCHEMA + 1, to=to))
        for tries in (standings.check(), Migrator(app.records.store, BUSINESS).run(print)):
            with pytest.raises(AdministratorError, match="newer JigAjob"):
                await tries
    with pytest.raises(AdministratorError, match=f"this one knows {SCHEMA}") as stopped:
        await business.sweeps()
    assert "upgrade" in stopped.value.fix


async def test_a_record_of_a_newer_release_is_refused(business: Business) -> None:
    """Also where it turns up while we run."""
    async with business.open() as app:
        record = await app.records.seal("cursor", "office", {"cursor": "?"}, {})
        newer = replace(record, fields={**record.fields, "v": SCHEMA + 1})
        await app.records.store.put(app.records.key, newer)
        with pytest.raises(AdministratorError, match="kind 'cursor'"):
            await app.sweep(business.cleaner).mail_page("office")


async def test_every_record_says_its_schema(business: Business) -> None:
    """Of a business that begins today; its store says it, too."""
    business.gets(mail())
    await business.sweeps()
    async with business.open() as app:
        found = await every(app.records.store)  # type: ignore[arg-type]
    # Keys and the audit log say their form by themselves.
    told = [each for each in found.values() if each.scope not in APART - {"schema"}]
    versions = {record.kind: record.fields.get("v") for record in told}
    assert len(versions) > 5
    assert set(versions.values()) == {SCHEMA}


async def test_what_is_empty_cannot_be_migrated(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    with pytest.raises(OperatorError, match="nothing is stored"):
        await Migrator(store, BUSINESS).run(print)
    await store.close()


def test_a_record_goes_forward_and_back_unchanged() -> None:
    """Whatever its state; a record of another kind only tells its schema."""
    told = {"changed": "2026-11-01T09:00:00+00:00", "note": "", "state": ""}
    for state in ("waiting", "approved", "sending", "sent", "failed", "unknown", "rejected"):
        record = Record(kind="output", id="o1", fields={**told, "state": state})
        assert ("next" in moved(record, SCHEMA).fields) == (state in ("approved", "sending"))
        assert moved(moved(record, SCHEMA), 1) == record
    other = Record(kind="job", id="j1", fields={"state": "new"})
    assert moved(other, SCHEMA).fields == {"state": "new", "v": SCHEMA}
