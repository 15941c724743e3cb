"""Whatever somebody changes who can write to the store, verifying finds it and says where."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.audit import Act
from flows.audit.chain import RULES, Finding
from flows.audit.entry import entry_id
from flows.audit.payload import KIND as PAYLOAD
from flows.audit.verify import verify
from flows.ports import Record
from tests.depth import times
from tests.flows.audit import forging
from tests.flows.audit.forging import ENDS, LAST, SIZES, end_of, numbers_of
from tests.flows.audit.logs import KEPT, Opened, act, copied, opened, written
from tests.flows.business import START, TestClock

Change = Callable[[Opened], Awaitable[object]]
Said = list[tuple[int, str]]

NUMBER = st.integers(1, LAST)
PART = st.integers(1, 10)
MANY = settings(deadline=None, max_examples=times(12))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of twenty entries in eight appends, each with a root kept of it."""
    folder = tmp_path_factory.mktemp("whole")
    asyncio.run(written(folder, SIZES))
    return folder


def after(whole: Path, *changes: Change, kept: str = "", no_roots: bool = False) -> Said:
    """Return what verifying says of a copy in which this was changed."""

    async def changed(folder: Path) -> Said:
        async with opened(folder, TestClock(START)) as it:
            for change in changes:
                await change(it)
            if no_roots:
                (folder / "audit.roots").unlink(missing_ok=True)
            return await it.said(**({f"n{LAST}": kept} if kept else {}))

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(changed(copied(whole, Path(folder) / "copy")))


def test_what_nobody_changed_is_whole(whole: Path) -> None:
    async def look() -> None:
        async with opened(whole) as it:
            verdict = await it.verdict()
            root = await it.log.root()
            assert (verdict.entries, verdict.kept, verdict.findings) == (LAST, LAST, [])
            assert (verdict.signatures, verdict.roots) == (len(ENDS), len(ENDS))
            assert verdict.root == root
            assert verdict.key == await it.log.key()

    asyncio.run(look())


@MANY
@given(number=NUMBER, part=PART)
@example(number=4, part=2)  # it then says the number of an entry of which a root was kept
def test_an_edited_entry_is_found_where_it_is(whole: Path, number: int, part: int) -> None:
    """Any part of it: business, number, time, actor, action, authority, subjects and so on."""
    said = after(whole, lambda it: forging.edit(it, number, part, rehash=False))
    assert numbers_of(said) == {number}


@MANY
@given(number=NUMBER, part=PART)
def test_an_edit_with_its_hash_made_anew_is_found_there_or_at_the_next(
    whole: Path, number: int, part: int
) -> None:
    """The next entry holds on to the old hash, and a signature to its own."""
    said = after(whole, lambda it: forging.edit(it, number, part, rehash=True))
    assert said
    assert said[0][0] in {number, number + 1}
    assert numbers_of(said) <= {number, number + 1}


@MANY
@given(number=NUMBER, name=st.sampled_from(["time", "action", "entry"]))
def test_what_stands_beside_an_entry_cannot_say_something_else(
    whole: Path, number: int, name: str
) -> None:
    """Else a list by time or action would leave the entry out."""

    async def change(it: Opened) -> None:
        record = await forging.entry(it, number)
        fields = {**record.fields, name: "record.erase"}
        await forging.write(it, Record(kind="entry", id=record.id, fields=fields))

    said = after(whole, change)
    assert said[0] == (number, "form" if name == "entry" else "index")


@MANY
@given(number=NUMBER, length=st.integers(1, 4))
def test_missing_entries_are_found_where_they_were(
    whole: Path, number: int, length: int
) -> None:
    gone = range(number, min(number + length, LAST + 1))
    said = after(whole, lambda it: forging.remove(it, *gone))
    assert (number, "gap" if gone[-1] < LAST else "cut") in said
    assert min(numbers_of(said)) >= number - 1
    assert max(numbers_of(said)) <= gone[-1] + 1


@MANY
@given(pair=st.lists(NUMBER, min_size=2, max_size=2, unique=True))
def test_entries_in_another_order_are_found(whole: Path, pair: list[int]) -> None:
    said = after(whole, lambda it: forging.swap(it, *pair))
    assert [number for number, rule in said if rule == "number"] == sorted(pair)


@MANY
@given(last=st.integers(0, LAST - 1))
def test_a_log_without_its_end_is_found_by_the_roots_beside_the_store(
    whole: Path, last: int
) -> None:
    cut = range(last + 1, LAST + 1)

    async def change(it: Opened) -> None:
        await forging.remove(it, *cut)
        await forging.remove(it, *cut, kind=PAYLOAD)

    said = after(whole, change)
    assert (last + 1, "cut") in said
    assert ((last, "unsigned") in said) == (last not in ENDS and last > 0)


@MANY
@given(last=st.integers(1, LAST - 1))
def test_a_cut_within_an_append_is_found_without_any_root(whole: Path, last: int) -> None:
    cut = range(last + 1, LAST + 1)

    async def change(it: Opened) -> None:
        await forging.remove(it, *cut)
        await forging.remove(it, *cut, kind=PAYLOAD)

    said = after(whole, change, no_roots=True)
    assert said == ([] if last in ENDS else [(last, "unsigned")])


def test_an_older_store_that_was_brought_back_is_found(whole: Path, tmp_path: Path) -> None:
    """By the roots beside it, and without them by one that a person has kept."""
    older, now = tmp_path / "older", copied(whole, tmp_path / "now")

    async def go_on(folder: Path) -> str:
        async with opened(folder) as it:
            await it.audit.note(act(21), act(22))
            root = await it.log.root()
            assert root is not None
            return root.hash

    async def said(**kept: str) -> Said:
        async with opened(now) as it:
            return await it.said(**kept)

    copied(whole, older)
    hash_ = asyncio.run(go_on(now))
    shutil.copy(older / "jigajob.db", now / "jigajob.db")
    assert asyncio.run(said()) == [(LAST + 1, "cut")]
    (now / "audit.roots").unlink()
    assert asyncio.run(said()) == []
    assert asyncio.run(said(n22=hash_)) == [(LAST + 1, "cut")]


@MANY
@given(number=NUMBER, own_key=st.booleans())
def test_a_chain_made_anew_without_the_key_is_found(
    whole: Path, number: int, own_key: bool
) -> None:
    """At the first signature after the change: nobody else can make one."""
    said = after(whole, lambda it: forging.rebuild(it, number, own_key=own_key), no_roots=True)
    rule = "signer" if own_key else "signature"
    assert said == [(end, rule) for end in ENDS if end >= number]


@MANY
@given(number=NUMBER)
def test_a_chain_made_anew_differs_from_the_roots_that_were_kept(
    whole: Path, number: int
) -> None:
    """Also where somebody has the key."""
    said = after(whole, lambda it: forging.rebuild(it, number, own_key=False))
    assert [each for each, rule in said if rule == "root"] == [
        end for end in ENDS if end >= number
    ]


def test_a_kept_root_tells_that_the_log_is_another_one(whole: Path) -> None:
    said = after(whole, kept="0" * 64, no_roots=True)
    assert said == [(LAST, "root")]


def test_a_root_that_the_business_never_signed_is_told_apart(whole: Path) -> None:
    """Who adds lines to the file of roots cannot make a good log look bad."""

    async def change(it: Opened) -> None:
        path = it.folder / "audit.roots"
        lines = path.read_text().splitlines()
        forged = [lines[2].replace('"sequence":5', f'"sequence":{n}') for n in (3, 99)]
        path.write_text("\n".join([*lines, "not json", *forged, ""]))

    assert after(whole, change) == [(3, "anchor"), (99, "anchor")]


@MANY
@given(pair=st.lists(NUMBER, min_size=2, max_size=2, unique=True))
def test_exchanged_details_are_found(whole: Path, pair: list[int]) -> None:
    said = after(whole, lambda it: forging.swap(it, *pair, PAYLOAD))
    assert said == [(number, "payload") for number in sorted(pair)]


@MANY
@given(number=NUMBER, place=st.integers(0, 400))
def test_altered_details_are_found(whole: Path, number: int, place: int) -> None:
    said = after(whole, lambda it: forging.flip(it, number, place))
    assert said == [(number, "payload")]


async def test_details_that_no_entry_knows_of_are_found(tmp_path: Path) -> None:
    async with opened(tmp_path) as it:
        await it.audit.engine.note(act(details={}), act(2, details={}))
        for number in (1, 7):
            sealed = await it.records.seal(
                PAYLOAD, entry_id(number), {"salt": "00", "text": "{}"}, {}
            )
            await forging.write(it, sealed)
        assert await it.said() == [(1, "payload"), (7, "payload")]


async def test_an_entry_of_another_business_is_found(tmp_path: Path) -> None:
    await written(tmp_path, [2])
    async with opened(tmp_path) as it:
        await forging.edit(it, 1, 1, rehash=True)
        assert await it.said() == [(1, "business"), (2, "link")]


@MANY
@given(numbers=st.sets(NUMBER))
def test_erased_details_leave_the_log_whole(whole: Path, numbers: set[int]) -> None:
    """They are counted, and nothing of them is left to guess at."""

    async def erased(folder: Path) -> None:
        async with opened(folder) as it:
            gone = await it.log.erase([f"m{number}" for number in numbers])
            verdict = await it.verdict()
            assert gone == len(numbers) == verdict.erased
            assert (verdict.kept, verdict.findings) == (LAST - len(numbers), [])

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(erased(copied(whole, Path(folder) / "copy")))


async def test_details_expire_and_the_log_stays_whole(tmp_path: Path) -> None:
    """After 400 days; entries are for good."""
    await written(tmp_path, [3, 2])
    async with opened(tmp_path, TestClock(START + KEPT)) as it:
        verdict = await it.verdict()
        assert (verdict.kept, verdict.expired, verdict.erased) == (2, 3, 0)
        assert (verdict.entries, verdict.findings) == (5, [])


async def test_after_a_shredding_the_entries_stay_verified(tmp_path: Path) -> None:
    """That the details do not open is then as it should be; before, it is told."""
    await written(tmp_path, [2])
    async with opened(tmp_path) as it:
        await it.audit.engine.note(Act(action="keys.shred", authority="command keys shred"))
        key = await it.log.key()
        for number in (1, 2):
            await forging.flip(it, number, 40)
        verdict = await verify(it.log, now=it.clock.now(), key=key)
        assert (verdict.shredded, verdict.findings) == (2, [])
        await it.audit.note(act())
        assert await it.said() == [(1, "payload"), (2, "payload")]


async def test_of_very_many_findings_the_first_are_told(tmp_path: Path) -> None:
    await written(tmp_path, [150])
    async with opened(tmp_path) as it:
        for number in range(1, 151):
            await forging.edit(it, number, 6, rehash=False)
        verdict = await it.verdict()
        assert (len(verdict.findings), verdict.more) == (100, 50)


@pytest.mark.parametrize("rule", RULES)
def test_a_finding_says_where_and_when(rule: str) -> None:
    shown = str(Finding(12, "2026-10-05T09:00:00.000000+00:00", rule))
    assert shown.startswith("entry 12 of 2026-10-05 09:00:00 UTC: ")


def test_ends_are_where_the_log_is_signed() -> None:
    assert [end_of(number) for number in (1, 2, 4, 5, LAST)] == [1, 4, 4, 5, LAST]
