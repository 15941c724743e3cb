"""What an append promises: in order, once, at once, with no word that tells about a person."""

from __future__ import annotations

import asyncio
import multiprocessing
from pathlib import Path

import pytest

from flows.audit import ACTIONS, Act, Audit, Log
from flows.audit.entry import BadEntry, read_entry
from flows.audit.root import kept_root
from flows.errors import OperatorError, SignInNeeded
from flows.ports import Record
from tests.flows.audit.logs import TO, WHO, act, opened, written


async def test_entries_are_numbered_chained_and_signed_where_an_append_ends(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as it:
        assert await it.audit.note(act(1), act(2)) == (1, 2)
        assert await it.audit.note(act(3)) == (3,)
        found = [each async for each in it.log.entries()]
    assert [each.entry.sequence for each in found] == [1, 2, 3]
    assert [each.entry.previous for each in found[1:]] == [each.hash for each in found[:-1]]
    assert [bool(each.signature) for each in found] == [False, True, True]


async def test_no_readable_part_holds_a_name_or_an_address(tmp_path: Path) -> None:
    """Who and to whom is sealed: neither the file nor its log shows it."""
    async with opened(tmp_path) as it:
        await it.audit.note(act())
        payload = await it.log.payload(1)
        assert payload is not None
        assert payload.details == {"to": TO, "who": {"name": f"cli:{WHO}"}}
        found = [each async for each in it.log.entries()]
        assert found[0].entry.actor.startswith("cli:")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert WHO.encode() not in path.read_bytes()
            assert TO.encode() not in path.read_bytes()


async def test_the_engine_needs_no_payload_where_there_is_nothing_to_hide(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as it:
        await it.audit.engine.note(act(details={}))
        (found,) = [each async for each in it.log.entries()]
        assert (found.entry.actor, found.entry.payload) == ("engine", "")
        assert await it.log.payload(1) is None


async def test_a_word_that_is_not_in_the_list_is_not_recorded(tmp_path: Path) -> None:
    async with opened(tmp_path) as it:
        with pytest.raises(ValueError, match=r"flows\.audit\.ACTIONS"):
            await it.audit.note(Act(action="record.glance", authority="command show"))
        assert await it.log.head() is None


async def refused(audit: Audit, log: Log) -> None:
    async with audit.act(act(action="sign_in.ask")):
        assert await log.head() is not None
        raise SignInNeeded("expired", f"the sign-in of {TO} has expired")


async def test_an_act_is_recorded_before_it_is_done_and_again_where_it_fails(
    tmp_path: Path,
) -> None:
    """Of the failure the class of the error and its short word, never its text."""
    async with opened(tmp_path) as it:
        with pytest.raises(SignInNeeded):
            await refused(it.audit, it.log)
        asked, failed = [each.entry async for each in it.log.entries()]
        said = await it.said()
    assert (asked.action, failed.action) == ("sign_in.ask", "act.fail")
    assert failed.authority == "entry 1"
    assert failed.result == "SignInNeeded expired"
    assert failed.subjects == asked.subjects
    assert said == []


async def test_what_is_cancelled_is_recorded_as_such(tmp_path: Path) -> None:
    """Also where it is while the entry is being written."""
    async with opened(tmp_path) as it:
        begun = asyncio.Event()

        async def slow() -> None:
            async with it.audit.act(act()):
                begun.set()
                await asyncio.sleep(60)

        at_work = asyncio.ensure_future(slow())
        await begun.wait()
        writing = asyncio.ensure_future(slow())
        await asyncio.sleep(0.001)
        for task in (at_work, writing):
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        results = sorted([e.entry.result async for e in it.log.entries()])
    assert results == ["", "", "CancelledError", "CancelledError"]


async def test_what_cannot_be_recorded_is_not_done(tmp_path: Path) -> None:
    async with opened(tmp_path) as it:
        await it.audit.note(act())
        (tmp_path / "keys" / "wrapping.key").unlink()
        it.clock.passes(hours=1)
        done = False
        with pytest.raises(Exception, match="missing"):
            async with it.audit.act(act()):
                done = True
        assert not done


async def test_an_act_with_many_subjects_takes_several_entries(tmp_path: Path) -> None:
    async with opened(tmp_path) as it:
        ids = [f"m{number:03}" for number in range(230)]
        await it.audit.seen("books list", ids, "invoice")
        await it.audit.seen("books list", [], "invoice")
        found = [each.entry async for each in it.log.entries()]
    assert [len(each.subjects) for each in found] == [100, 100, 30]
    assert [each for entry in found for each in entry.subjects] == ids


async def test_many_acts_share_batches(tmp_path: Path) -> None:
    """A batch takes a hundred writes: fifty entries with payloads, a hundred without."""
    async with opened(tmp_path) as it:
        await it.audit.note(*[act(number) for number in range(120)])
        signed = [e.entry.sequence async for e in it.log.entries() if e.key]
        assert signed == [50, 100, 120]
        await it.audit.engine.note(*[act(n, details={}) for n in range(120)])
        signed = [e.entry.sequence async for e in it.log.entries() if e.key]
    assert signed == [50, 100, 120, 220, 240]


async def _appends(folder: Path, count: int) -> None:
    async with opened(folder) as it:
        for number in range(count):
            await it.audit.note(act(number), act(number + 1))


def _in_a_process(folder: Path, count: int) -> None:
    asyncio.run(_appends(folder, count))


async def test_eight_racing_writers_make_one_chain(tmp_path: Path) -> None:
    """Four processes of two tasks each; every append stays together."""
    async with opened(tmp_path) as it:
        await it.audit.note(act())
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_in_a_process, args=(tmp_path, 12)) for _ in range(3)]
    for worker in workers:
        worker.start()
    await asyncio.gather(*(_appends(tmp_path, 12) for _ in range(5)))
    for worker in workers:
        await asyncio.to_thread(worker.join)
        assert worker.exitcode == 0
    async with opened(tmp_path) as it:
        verdict = await it.verdict()
        found = [e.entry async for e in it.log.entries()]
    assert (verdict.entries, verdict.findings) == (1 + 8 * 24, [])
    pairs = [
        (a.subjects[0], b.subjects[0]) for a, b in zip(found[1::2], found[2::2], strict=True)
    ]
    assert all(int(b[1:]) == int(a[1:]) + 1 for a, b in pairs)


async def test_an_append_whose_answer_was_lost_is_not_made_twice(tmp_path: Path) -> None:
    """A store that wrote and could not say so answers the repetition with a conflict."""
    async with opened(tmp_path) as it:
        batch, calls = it.store.batch, 0

        async def twice(*args: object, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls == 1:
                await batch(*args, **options)  # type: ignore[arg-type]
            return await batch(*args, **options)  # type: ignore[arg-type]

        await it.log.key()
        it.store.batch = twice  # type: ignore[method-assign, assignment]
        assert await it.audit.note(act()) == (1,)
        assert await it.audit.note(act()) == (2,)
        verdict = await it.verdict()
    assert (verdict.entries, verdict.kept, verdict.findings) == (2, 2, [])


async def test_roots_are_kept_outside_of_the_store(tmp_path: Path) -> None:
    """The first at once, the last at the end, and one a minute between."""
    async with opened(tmp_path) as it:
        for number in range(5):
            await it.audit.note(act(number))
        assert [root.sequence for root in it.roots.roots("hudson")] == [1]
        it.clock.passes(minutes=1)
        await it.audit.note(act(6))
        await it.audit.note(act(7))
    assert [root.sequence for root in it.roots.roots("hudson")] == [1, 6, 7]
    assert all(root.genuine for root in it.roots.roots("hudson"))
    assert [*it.roots.roots("other")] == []
    assert (tmp_path / "audit.roots").stat().st_mode & 0o777 == 0o600


async def test_a_root_can_be_kept_by_a_person(tmp_path: Path) -> None:
    await written(tmp_path, [2])
    async with opened(tmp_path) as it:
        root = await it.log.root()
    assert root is not None
    assert kept_root(f" {str(root).upper()}\n") == (2, root.hash)
    for wrong in ("", "2", root.hash, f"x:{root.hash}", f"2:{root.hash}0"):
        with pytest.raises(OperatorError, match="no root"):
            kept_root(wrong)


@pytest.mark.parametrize(
    "text",
    ["", "[]\n0", "x\n0", '["jigajob/audit/1",1]\n0', "[[[[\n0", "{}\n0\n0", "[]\n1\n2\n3\n4"],
)
def test_what_is_no_entry_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(BadEntry):
        read_entry(Record(kind="entry", id="1", fields={"entry": text}))


def test_every_action_says_what_it_means() -> None:
    for action, meaning in ACTIONS.items():
        assert action.count(".") == 1
        assert meaning[0].islower()
        assert not meaning.endswith(".")
