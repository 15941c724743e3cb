"""A quarter is released once; budget, bytes and log agree whatever happens."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymizer.tables.method import Count
from connectors.sqlite import SqliteStore
from flows.errors import AdministratorError, OperatorError
from flows.ports import Key
from flows.reports.budget_ledger import ACTION, FILE, KIND, SCOPE, Ledger
from flows.reports.composing import published_of
from flows.reports.manifest import NAME, START, read_manifest, sha256
from flows.reports.periods import Period
from flows.reports.pool import KEPT_FOR, POOL
from flows.reports.verifying import verify_release
from tests.flows.reports.pooled import AFTER, PERIOD, contribution, put
from tests.flows.reports.releases import (
    CAP,
    SMALL,
    asked,
    fill,
    pool_at,
    released,
    releasing,
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a pool in it; tests take copies."""
    home = tmp_path_factory.mktemp("filled")

    async def make() -> None:
        async with pool_at(home, AFTER) as pool:
            await fill(pool.records)
            for period in (PERIOD.before, PERIOD.after):
                await fill(pool.records, 60, period)

    asyncio.run(make())
    return home


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "home"))


async def test_a_period_is_released_once_and_its_bytes_never_change(home: Path) -> None:
    first = await released(home, AFTER, asked())
    again = await released(home, AFTER + timedelta(days=90), asked())

    assert (first.new, again.new) == (True, False)
    assert again.files == first.files
    assert again.spent == first.spent
    assert verify_release(first.files).findings == ()
    async with pool_at(home, AFTER) as pool:
        assert await Ledger(pool.records, pool.audit).all() == (first.spent,)
        drawn = [each async for each in pool.audit.log.entries() if "report" in each.text]
    assert [each.entry.action for each in drawn] == ["report.draw", ACTION]
    assert f"manifest:{sha256(first.files[NAME])}" in drawn[1].entry.subjects
    # The log as it was when the noise was drawn stands in the manifest.
    assert read_manifest(first.files[NAME]).audit == drawn[0].hash


async def test_it_tells_what_it_was_made_of(home: Path) -> None:
    manifest = read_manifest((await released(home, AFTER, asked())).files[NAME])

    assert manifest.sufficient
    assert (manifest.number, manifest.period, manifest.previous) == (1, "2026-Q3", START)
    assert (manifest.cut_off, manifest.made_at) == (PERIOD.cut_off, AFTER)
    assert manifest.method.method == SMALL
    assert [str(each.epsilon) for each in manifest.method.measures] == ["0.2", "0.2", "0.1"]
    assert (manifest.budget.cumulative, manifest.budget.cap) == (Decimal("0.5"), CAP)
    assert "does not try to find out" in manifest.promise


@pytest.mark.parametrize(
    ("period", "time"),
    [
        (PERIOD, PERIOD.cut_off - timedelta(seconds=1)),
        (PERIOD, PERIOD.start),
        (Period("2031-Q1"), AFTER),
    ],
)
async def test_nothing_is_drawn_before_the_cut_off(
    home: Path, period: Period, time: object
) -> None:
    with pytest.raises(OperatorError, match="takes in counts until"):
        await released(home, time, asked(period))  # type: ignore[arg-type]
    async with pool_at(home, AFTER) as pool:
        assert await pool.audit.log.head() is None


async def test_what_is_deleted_costs_nothing(home: Path) -> None:
    """There would be nothing in it, at the price of a release."""
    with pytest.raises(OperatorError, match="is deleted from the pool"):
        await released(home, PERIOD.cut_off + KEPT_FOR, asked())
    async with pool_at(home, AFTER) as pool:
        assert await Ledger(pool.records, pool.audit).all() == ()


async def test_what_would_exceed_the_year_is_refused_and_says_what_is_left(home: Path) -> None:
    cap = Decimal("0.9")
    await released(home, AFTER, asked(cap=cap))
    with pytest.raises(OperatorError, match=r"needs 0\.5 .* of 2026, of which 0\.4 of 0\.9"):
        await released(home, AFTER, asked(PERIOD.before, cap=cap))
    # Another year has another budget.
    later = Period("2027-Q1")
    made = await released(home, later.cut_off, asked(later, cap=cap))
    assert (made.spent.number, made.spent.year) == (2, 2027)
    assert read_manifest(made.files[NAME]).budget.cumulative == Decimal("0.5")


async def test_restating_costs_again_and_says_so(home: Path) -> None:
    first = await released(home, AFTER, asked())
    second = await released(home, AFTER, asked(why="Two tests were counted."))

    manifest = read_manifest(second.files[NAME])
    assert manifest.restates is not None
    assert manifest.restates.manifest == first.spent.manifest
    assert manifest.restates.why == "Two tests were counted."
    assert manifest.budget.cumulative == Decimal(1)
    assert manifest.previous == first.spent.manifest
    assert "2026-Q3 1.0 Two tests were counted." in second.files["index.html"].decode()
    assert second.files["aggregates.csv"] != first.files["aggregates.csv"]
    # What reads the same in both, if nobody withdrew, would tell that nobody did.
    assert manifest.inputs != read_manifest(first.files[NAME]).inputs
    assert manifest.consent != read_manifest(first.files[NAME]).consent
    assert verify_release(second.files, previous=first.files).findings == ()
    # From then on the period is the second one; the first stays what it was.
    assert (await released(home, AFTER, asked())).files == second.files
    async with pool_at(home, AFTER) as pool:
        assert await Ledger(pool.records, pool.audit).files(first.spent) == first.files
    with pytest.raises(OperatorError, match="never released"):
        await released(home, AFTER, asked(PERIOD.before, why="Why not?"))


async def test_another_method_in_the_same_year_is_said_to_be_one(home: Path) -> None:
    await released(home, AFTER, asked(PERIOD.before))
    other = replace(SMALL, minimum=12)
    made = await released(home, AFTER, asked(method=other))
    same = await released(home, PERIOD.after.cut_off, asked(PERIOD.after, method=other))

    assert read_manifest(made.files[NAME]).method.changed
    assert not read_manifest(same.files[NAME]).method.changed


async def test_too_few_businesses_are_a_valid_release_that_says_so(tmp_path: Path) -> None:
    for number, home in ((0, tmp_path / "none"), (3, tmp_path / "few")):
        async with pool_at(home, AFTER) as pool:
            await fill(pool.records, number)
        made = await released(home, AFTER, asked())

        assert not made.spent.sufficient
        assert not read_manifest(made.files[NAME]).sufficient
        assert b",A\n" not in made.files["aggregates.csv"]
        assert b"too few businesses" in made.files["dictionary.md"]
        assert verify_release(made.files).findings == ()


async def test_earlier_releases_come_back_for_the_page_as_they_were(home: Path) -> None:
    given: list[tuple[str, ...]] = []

    def page(releases: object) -> str:
        assert isinstance(releases, list)
        given.append(tuple(each.period for each in releases))
        return "page"

    first = await released(home, AFTER, asked(PERIOD.before, page=page))
    await released(home, AFTER, asked(page=page))
    assert given == [("2026-Q2",), ("2026-Q2", "2026-Q3")]
    back = published_of(first.files)
    assert (back.period, back.spent, back.key) == (
        "2026-Q2",
        Decimal("0.5"),
        read_manifest(first.files[NAME]).key,
    )
    assert {each.measure for each in back.release.figures} == {
        "businesses",
        "requests",
        "answer_time",
    }


async def test_nothing_exact_and_nobody_is_in_what_is_given(tmp_path: Path) -> None:
    """Neither names, nor hashes that stay the same, nor counts of rows beside the figures."""
    home, counted, tested = tmp_path / "home", 523, 17
    async with pool_at(home, AFTER) as pool:
        await fill(pool.records, counted)
        for each in range(tested):
            await put(pool.records, replace(contribution(f"t{each}"), test=True))
        ours = releasing(pool)
        made = await ours.release(asked())
        frozen = await ours._frozen(asked())
    assert frozen.why_not == {"test": tested}
    names = {row.owner for row in frozen.rows} | {"plumbing_hvac-1", "owner of"}
    private = {frozen.commitment, frozen.consents, made.spent.salt, *names}
    for content in made.files.values():
        assert not any(each.encode() in content for each in private)
    # Noise may make any number of a figure; beside the figures, an exact one has no place.
    told = {**json.loads(made.files[NAME]), "files": {}}
    assert {counted, counted + tested, tested}.isdisjoint(_numbers(told))
    for name in ("datapackage.json", "dictionary.md"):
        # As a number of its own: a hash may hold any digits.
        found = set(re.findall(r"\b\d+\b", made.files[name].decode()))
        assert {str(counted), str(counted + tested), str(tested)}.isdisjoint(found)
    assert "sequence" not in told


def _numbers(data: object) -> list[int]:
    match data:
        case bool():
            return []
        case int():
            return [data]
        case dict():
            return [number for each in data.values() for number in _numbers(each)]
        case list():
            return [number for each in data for number in _numbers(each)]
    return []


async def test_a_pool_that_lacks_a_release_draws_none_again(home: Path, tmp_path: Path) -> None:
    """Neither one whose last release was removed, nor an older copy put in its place."""
    older = shutil.copytree(home, tmp_path / "older")
    made = await released(home, AFTER, asked())
    store = SqliteStore(home / "pool/jigajob.db")
    await store.delete(Key(POOL, SCOPE), KIND, "00000001")
    await store.close()
    with pytest.raises(AdministratorError, match="release 1 of the pool is missing"):
        await released(home, AFTER, asked())

    roots = (home / "pool/audit.roots").read_bytes()
    (older / "pool/audit.roots").write_bytes(roots)
    with pytest.raises(AdministratorError, match="audit log of the pool is not whole"):
        await released(older, AFTER, asked())
    assert made.new


async def test_a_file_that_was_exchanged_in_the_store_is_not_given(home: Path) -> None:
    first = await released(home, AFTER, asked())
    async with pool_at(home, AFTER) as pool:
        records = pool.records.in_scope(SCOPE)
        other = await records.seal_bytes(FILE, "00000001.dictionary.md", b"Another.", {})
        await records.store.put(records.key, other)
    with pytest.raises(AdministratorError, match="is not what was released"):
        await released(home, AFTER, asked())
    assert first.new


async def test_of_two_at_once_one_is_made_and_both_get_it(home: Path) -> None:
    async with pool_at(home, AFTER) as one, pool_at(home, AFTER) as two:
        made = await asyncio.gather(
            releasing(one).release(asked()), releasing(two).release(asked())
        )
    assert sorted(each.new for each in made) == [False, True]
    assert made[0].files == made[1].files
    async with pool_at(home, AFTER) as pool:
        assert len(await Ledger(pool.records, pool.audit).all()) == 1


async def test_two_quarters_at_once_do_not_exceed_the_year_together(home: Path) -> None:
    async with pool_at(home, AFTER) as one, pool_at(home, AFTER) as two:
        made = await asyncio.gather(
            releasing(one).release(asked(cap=Decimal("0.9"))),
            releasing(two).release(asked(PERIOD.before, cap=Decimal("0.9"))),
            return_exceptions=True,
        )
    assert sorted(type(each).__name__ for each in made) == ["OperatorError", "Released"]
    async with pool_at(home, AFTER) as pool:
        assert len(await Ledger(pool.records, pool.audit).all()) == 1


async def test_who_restates_what_was_restated_meanwhile_is_told(home: Path) -> None:
    await released(home, AFTER, asked())
    async with pool_at(home, AFTER) as one, pool_at(home, AFTER) as two:
        made = await asyncio.gather(
            releasing(one).release(asked(why="A test was in it.")),
            releasing(two).release(asked(why="A test was in it!")),
            return_exceptions=True,
        )
    assert sorted(type(each).__name__ for each in made) == ["OperatorError", "Released"]
    assert "somebody else has released 2026-Q3 meanwhile" in "".join(map(str, made))


TINY = replace(
    SMALL, measures=(Count(name="businesses", title="Businesses", epsilon=Decimal(1)),)
)


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["2025-Q4", "2026-Q1", "2026-Q2"]), st.booleans()), max_size=6
    ),
    st.sampled_from([Decimal("0.3"), Decimal("0.35"), Decimal("0.1")]),
)
def test_whatever_is_asked_no_year_costs_more_than_its_cap(
    tmp_path_factory: pytest.TempPathFactory, wishes: list[tuple[str, bool]], epsilon: Decimal
) -> None:
    home, cap = tmp_path_factory.mktemp("home"), Decimal("0.7")
    counting = Count(name="businesses", title="Businesses", epsilon=epsilon)
    method = replace(TINY, measures=(counting,))

    async def run() -> None:
        expected: list[tuple[str, Decimal]] = []  # period, and what its year costs by then
        async with pool_at(home, AFTER) as pool:
            for label, again in wishes:
                there = label in {period for period, _ in expected}
                spent = epsilon * sum(each[:4] == label[:4] for each, _ in expected)
                wish = asked(Period(label), method=method, cap=cap, why="why" * again)
                if there and not again:
                    assert not (await releasing(pool).release(wish)).new
                elif there == again and spent + epsilon <= cap:
                    made = await releasing(pool).release(wish)
                    assert verify_release(made.files).findings == ()
                    expected.append((label, spent + epsilon))
                else:
                    with pytest.raises(OperatorError):
                        await releasing(pool).release(wish)
            ledger = Ledger(pool.records, pool.audit)
            kept = await ledger.all()
            told = [read_manifest((await ledger.files(each))[NAME]) for each in kept]
        assert [(each.period, each.budget.cumulative) for each in told] == expected
        assert [each.previous for each in told] == [
            START,
            *[each.manifest for each in kept[:-1]],
        ][: len(told)]

    asyncio.run(run())
