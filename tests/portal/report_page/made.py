"""Releases of invented businesses, as the page gets them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from anonymizer.tables.method import Count, Histogram, Method, Sum
from anonymizer.tables.publishing import make_release
from anonymizer.tables.release import Row
from flows.reports.default_method import ANNUAL_CAP, DEFAULT_METHOD
from flows.reports.published import Published

PERIODS = ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")
KEY = "5f0c3a9be2d14f7786aa0d9c1e42b7f35f0c3a9be2d14f7786aa0d9c1e42b7f3"


def series(sizes: Sequence[int], method: Method = DEFAULT_METHOD) -> list[Published]:
    """A release for each number of owners, newest last; the last is of 2026-Q3."""
    spent, made = Decimal(0), []
    for number, period in zip(sizes, PERIODS[-len(sizes) :], strict=True):
        spent = method.epsilon if period.endswith("Q1") else spent + method.epsilon
        made.append(
            Published(
                period=period,
                cut_off=date(2026, 10, 15),
                release=make_release(_rows(number, method), method),
                spent=spent,
                cap=ANNUAL_CAP,
                key=KEY,
                previous="9b" * 32 if made else "",
            )
        )
    return made


def _rows(number: int, method: Method) -> Iterator[Row]:
    """Uneven cells, and values around the middle of what each measure allows."""
    chance = random.Random(number)
    cells = list(method.grid.cells())
    weights = [1 / (at + 1) for at in range(len(cells))]
    for at, place in enumerate(chance.choices(cells, weights, k=number)):
        values: dict[str, int] = {}
        for measure in method.measures:
            match measure:
                case Sum(name=name, bound=bound):
                    values[name] = int(bound / 4 * chance.lognormvariate(0, 0.8))
                case Histogram(name=name, edges=edges):
                    middle = edges[len(edges) // 2]
                    values[name] = int(middle * chance.lognormvariate(0, 0.5))
                case Count():
                    pass
        yield Row(owner=f"owner-{at}", place=place, values=values)
