"""Owners withdraw; the next release, and the old one asked for again, are looked at."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal

from anonymizer.tables.grid import Place
from flows.reports.periods import Period
from tests.anonymizer.tables.attacks import sabotages
from tests.anonymizer.tables.attacks.attack import Attack, Outcome
from tests.anonymizer.tables.attacks.pooled_quarters import (
    AGREED,
    GRANTED,
    QUARTER,
    Quarters,
    quarters,
    read_back,
    said,
)
from tests.anonymizer.tables.attacks.population import COUNT, in_cells, method, wide

GROUPS = ("staying", "withdrawn", "withdrawn late", "never asked")
OWNERS, EACH = 20, 4
DAY = timedelta(days=1)


def run() -> Outcome:
    return asyncio.run(_attack())


async def _attack() -> Outcome:
    recipe = method(wide(len(GROUPS), EACH), count="2", requests="1", answer="1")
    async with quarters(recipe, 2 * recipe.epsilon) as pool:
        await _fill(pool, QUARTER, withdraw=False)
        pool.clock.at = QUARTER.cut_off + DAY
        first = await pool.release(QUARTER)
        following = QUARTER.after
        await _fill(pool, following, withdraw=True)
        pool.clock.at = following.cut_off + 3 * DAY
        shown = _shown(pool, in_cells(read_back(await pool.release(following)), COUNT))
        before = _shown(pool, in_cells(read_back(first), COUNT))
        again = await pool.release(QUARTER)
    same = dict(again.files) == dict(first.files) and not again.new
    gone = shown["withdrawn"] + shown["withdrawn late"] + shown["never asked"]
    stay = min(shown["staying"], before["staying"], before["withdrawn"])
    return Outcome(
        passed=same and not gone and not before["never asked"] and stay > 0,
        measured=f"of {3 * EACH} cells of {OWNERS} that withdrew, or were never asked, {gone} "
        f"show in the next release, of {EACH} that stayed {shown['staying']}; the old release "
        f"comes {'to the byte as it was' if same else 'ANEW, with other noise'}",
    )


async def _fill(pool: Quarters, period: Period, *, withdraw: bool) -> None:
    grant = ("granted", GRANTED)
    consents = {
        "staying": AGREED,
        "withdrawn": said(grant, ("withdrawn", period.end)) if withdraw else AGREED,
        "withdrawn late": (
            said(grant, ("withdrawn", period.cut_off + DAY)) if withdraw else AGREED
        ),
        "never asked": (),
    }
    for place in pool.recipe.grid.cells():
        await pool.counted(place, OWNERS, period, consents[_group(pool, place)])


def _group(pool: Quarters, place: Place) -> str:
    return GROUPS[list(pool.recipe.grid.industries).index(place.industry)]


def _shown(pool: Quarters, published: dict[Place, Decimal]) -> dict[str, int]:
    return {group: sum(_group(pool, p) == group for p in published) for group in GROUPS}


ATTACK = Attack(
    name="Opt-out, then re-query",
    knows="who withdrew and when; has the release before, and asks for it again",
    criterion="who withdrew before the release, or never agreed, is in nothing that is made "
    "afterwards; the old release stays as it is, to the byte",
    against=("individualization", "correlation"),
    run=run,
    sabotages=(
        sabotages.WITHDRAWAL_IGNORED,
        sabotages.NO_CONSENT_NEEDED,
        sabotages.NOISE_ON_EACH_REQUEST,
    ),
)
