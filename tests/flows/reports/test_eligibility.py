"""Who counts: nobody by default, and nobody whose consent does not stand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from anonymizer.tables.grid import Place
from flows.errors import AdministratorError, OperatorError
from flows.records import Records
from flows.reports.default_method import GRID
from flows.reports.eligibility import Eligible, eligible
from flows.rights.consent import Consent
from portal.settings import Settings
from portal.wiring import open_pool
from tests.flows.reports.pooled import (
    AFTER,
    AGREED,
    GRANTED,
    MADE,
    PERIOD,
    chain,
    contribution,
    put,
)

DAY = timedelta(days=1)


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncIterator[Records]:
    async with open_pool(Settings(home=tmp_path, flows=tmp_path / "none")) as custody:
        yield custody.records


async def found(pool: Records) -> Eligible:
    return await eligible(pool, PERIOD, GRID, AFTER)


async def test_an_empty_pool_has_nobody(pool: Records) -> None:
    nobody = await found(pool)

    assert nobody.rows == ()
    assert nobody.why_not == {}


async def test_who_agreed_in_time_counts_with_place_owner_and_values(pool: Records) -> None:
    await put(pool, contribution("a", {"requests": 12, "answer_time": 30}))

    (row,) = (await found(pool)).rows

    assert row.owner == "owner of a"
    assert row.place == Place("plumbing_hvac", "northeast")
    assert row.values == {"requests": 12, "answer_time": 30}


NEVER: dict[str, tuple[Consent, ...] | None] = {
    "never asked": None,
    "no rows": (),
    "said no": chain(("withdrawn", GRANTED)),
    "said no before the cut-off": chain(("granted", GRANTED), ("withdrawn", MADE)),
    "said no after the cut-off": chain(("granted", GRANTED), ("withdrawn", AFTER)),
    "said no and yes again": chain(
        ("granted", GRANTED), ("withdrawn", AFTER), ("granted", AFTER)
    ),
    "said yes after the cut-off": chain(("granted", PERIOD.cut_off + DAY)),
    "other rows than those it counted by": chain(("granted", GRANTED + DAY)),
}


@pytest.mark.parametrize("rows", NEVER.values(), ids=NEVER)
async def test_without_a_standing_consent_nobody_counts(
    pool: Records, rows: tuple[Consent, ...] | None
) -> None:
    counted = contribution("a")
    if rows and rows[0].state == "granted" and rows[0].time > PERIOD.cut_off:
        counted = replace(counted, consent=rows[0].hash)
    await put(pool, counted, rows)

    nobody = await found(pool)

    assert nobody.rows == ()
    assert nobody.why_not == {"no consent": 1}


async def test_a_no_and_a_yes_before_the_cut_off_need_a_new_count(pool: Records) -> None:
    rows = chain(("granted", GRANTED), ("withdrawn", GRANTED + DAY), ("granted", MADE))
    await put(pool, contribution("a"), rows)
    assert (await found(pool)).why_not == {"no consent": 1}

    await put(pool, replace(contribution("a"), consent=rows[-1].hash), rows)
    assert len((await found(pool)).rows) == 1


async def test_tests_late_counts_and_unknown_places_are_out(pool: Records) -> None:
    await put(pool, replace(contribution("a"), test=True))
    await put(pool, replace(contribution("b"), made=AFTER))
    await put(pool, replace(contribution("c"), industry="mining"))
    await put(pool, replace(contribution("d"), industry="all"))
    await put(pool, replace(contribution("e"), period="2026-Q2"))

    nobody = await found(pool)

    assert nobody.rows == ()
    assert nobody.why_not == {"late": 1, "no place": 2, "test": 1}


async def test_of_an_owner_only_the_businesses_count_that_agreed(pool: Records) -> None:
    for tenant, rows in (("a", AGREED), ("b", chain(("withdrawn", GRANTED))), ("c", AGREED)):
        await put(pool, replace(contribution(tenant), owner="one"), rows)

    some = await found(pool)

    assert [row.owner for row in some.rows] == ["one", "one"]
    assert some.why_not == {"no consent": 1}


async def test_before_the_cut_off_nothing_is_decided(pool: Records) -> None:
    with pytest.raises(OperatorError, match="2026-10-15"):
        await eligible(pool, PERIOD, GRID, PERIOD.cut_off - DAY)


async def test_a_broken_chain_stops_it(pool: Records) -> None:
    rows = chain(("granted", GRANTED), ("withdrawn", MADE), ("granted", MADE))
    await put(pool, contribution("a"), (rows[0], rows[2]))

    with pytest.raises(AdministratorError, match="changed or removed"):
        await found(pool)


async def test_the_commitment_binds_to_everything_and_is_another_in_another_pool(
    pool: Records, tmp_path: Path
) -> None:
    await put(pool, contribution("a"))
    await put(pool, contribution("b"))
    before = await found(pool)
    assert await found(pool) == before

    await put(pool, contribution("b", {"requests": 13}))
    after = await found(pool)
    assert after.commitment != before.commitment
    assert after.consents == before.consents

    await put(pool, contribution("b"), chain(("granted", GRANTED), ("granted", MADE)))
    again = await found(pool)
    assert again.commitment == before.commitment
    assert again.consents != before.consents

    async with open_pool(Settings(home=tmp_path / "2", flows=tmp_path / "none")) as other:
        await put(other.records, contribution("a"))
        await put(other.records, contribution("b"))
        assert (await found(other.records)).commitment != before.commitment


async def test_nothing_of_a_business_is_printed(pool: Records) -> None:
    await put(pool, contribution("secret-a", {"requests": 4711}))

    some = await found(pool)

    for shown in (repr(some), repr(some.rows), repr(contribution("secret-a", {"r": 4711}))):
        assert "4711" not in shown
        assert "secret-a" not in shown
