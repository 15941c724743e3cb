"""Invented quarters of many businesses: uneven, heavy-tailed and correlated, as real ones are.

For trying out how exact a release would be, before anybody's figures are in one. No figure here
was taken from a business. What shape each has, and why:

- Industries and regions have sizes of 1, 1/2, 1/3… (Zipf's law), so that most cells are small.
- Requests of a business are lognormal up to the 98th percentile and Pareto above, with an
  exponent a little over 1: a few businesses have more than all the others of their cell.
  Source: R. Axtell, "Zipf Distribution of U.S. Firm Sizes", Science 293 (2001): exponent 1.06.
- The time to the first answer is lognormal, shorter where a business is big; quotes are
  accepted more often where answers come fast; days to payment are lognormal.
- One owner in eight has several tenants (geometric), four in five of those in the same trade.
- In a short period a small business has too few quotes or payments, and says nothing of them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from anonymizer.tables.grid import Grid, Place
from anonymizer.tables.release import Row
from flows.reports.default_method import LEAST

REQUESTS: Final = 20.0
"""Requests a month of the business in the middle."""
SPREAD: Final = 1.0
"""Standard deviation of the logarithm of them, and of other sizes."""
EXPONENT: Final = 1.06
"""Of Pareto's law, above."""
MINUTES: Final = 90.0
"""Minutes to the first answer of the business in the middle."""
DAYS: Final = 21.0
"""Days from an invoice to its payment, of the business in the middle."""
SEVERAL: Final = 0.125
"""Share of owners with more than one tenant."""
SAME_TRADE: Final = 0.8
TOP: Final = 2.054
"""Where the upper 2 % of a standard normal distribution begin."""


PAID: Final = 0.85
"""Share of accepted quotes with an invoice that is paid within the period."""
EXACT: Final = 30
"""Up to so many, a part of a whole is drawn one by one; above, the normal curve is as good."""


@dataclass(frozen=True, slots=True)
class _Nature:
    """What stays of a business from period to period."""

    requests: float
    answer: float
    payment: float
    quoted: float
    accepted: float
    automation: float


def invented(number: int, grid: Grid, *, seed: int, months: int = 3) -> Iterator[Row]:
    """Yield a row for each of *number* tenants and a period of so many *months*.

    The same for each *seed*. In a period of another length they are the same businesses with
    more or less to do. An owner has a row for each tenant: see `one_per_owner`.
    """
    chance, period = random.Random(seed), random.Random(f"{seed}/{months}")  # noqa: S311 - invented figures, nothing secret
    owner, others, home = "", 0, Place("", "")
    for tenant in range(number):
        place = Place(_one_of(grid.industries, chance), _one_of(grid.regions, chance))
        if others:
            others -= 1
            if chance.random() < SAME_TRADE:
                place = Place(home.industry, place.region)
        else:
            owner, home = f"owner-{tenant}", place
            others = _others(chance)
        shift = list(grid.industries).index(place.industry) / len(grid.industries) - 0.5
        values = _done(_nature(shift, chance), months, period)
        yield Row(owner=owner, place=place, values=values)


def _one_of(codes: Iterable[str], chance: random.Random) -> str:
    """Return one of the codes; the first twice as often as the second, and so on."""
    known = list(codes)
    return chance.choices(known, [1 / place for place in range(1, len(known) + 1)])[0]


def _others(chance: random.Random) -> int:
    """Return how many more tenants an owner has."""
    if chance.random() >= SEVERAL:
        return 0
    return 1 + int(math.log(1 - chance.random()) / math.log(0.5))


def _nature(shift: float, chance: random.Random) -> _Nature:
    """Return a business of a trade that is slower than others by *shift*, -0.5 to 0.5."""
    size, slow, takes = (chance.gauss(0, 1) for _ in range(3))
    slow = 0.95 * slow - 0.3 * min(size, TOP)
    requests = math.exp(SPREAD * min(size, TOP))
    if size > TOP:
        requests *= chance.paretovariate(EXPONENT)
    odds = math.exp(-0.4 - shift - 0.5 * slow + 0.6 * takes)
    return _Nature(
        requests=REQUESTS * requests,
        answer=MINUTES * math.exp(shift + 1.2 * slow),
        payment=DAYS * math.exp(0.8 * shift + 0.5 * chance.gauss(0, 1)),
        quoted=chance.betavariate(5, 5),
        accepted=odds / (1 + odds),
        automation=1 + chance.gammavariate(2, 1),
    )


def _done(business: _Nature, months: int, chance: random.Random) -> dict[str, int]:
    """Return what it did in a period; no median and no share of what hardly happened."""
    requests = _about(business.requests * months, chance)
    quotes = _part(requests, business.quoted, chance)
    accepted = _part(quotes, business.accepted, chance)
    invoices = _part(accepted, PAID, chance)
    outputs = _about(requests * business.automation, chance)
    done = {"requests_per_business": requests, "automation": outputs}
    if requests >= LEAST:
        done["answer_time"] = round(_median_of(requests, business.answer, 1.2, chance))
    if quotes >= LEAST:
        done["quotes_accepted"] = round(100 * accepted / quotes)
    if invoices >= LEAST:
        done["payment_days"] = round(_median_of(invoices, business.payment, 0.6, chance))
    return done


def _about(mean: float, chance: random.Random) -> int:
    """Return a whole number as a Poisson distribution has it, near enough."""
    return max(0, round(chance.gauss(mean, math.sqrt(mean))))


def _part(whole: int, share: float, chance: random.Random) -> int:
    """Return how many of a *whole* it was, as a binomial distribution has it, near enough."""
    if whole <= EXACT:
        return sum(chance.random() < share for _ in range(whole))
    spread = math.sqrt(whole * share * (1 - share))
    return min(whole, max(0, round(chance.gauss(whole * share, spread))))


def _median_of(number: int, middle: float, spread: float, chance: random.Random) -> float:
    """Return the median of *number* lognormal values, which scatters less with more."""
    return middle * math.exp(chance.gauss(0, 1.25 * spread / math.sqrt(number)))
