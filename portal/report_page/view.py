"""What the template of the page shows: every figure already in words, every chart drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from anonymizer.tables.grid import ALL, Grid, Place
from anonymizer.tables.method import Histogram, Measure, Sum
from flows.reports.published import Published
from portal.report_page import charts
from portal.report_page.figures import EVERYWHERE, Figures, Known, Past, comparable, past
from portal.report_page.questions import questions
from portal.report_page.svg import Drawing
from portal.report_page.words import (
    band,
    buckets,
    change,
    kind,
    number,
    place_words,
    unit,
    with_unit,
)

_NAMED: Final = 3
"""How many that are not published a chart names; more of them are in its table."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with what stands over it and what is read aloud in its stead."""

    caption: str
    described: str
    drawing: Drawing
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns, and rows of a heading and figures, of which some are suppressed."""

    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Known | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one measure says: its figure for all, how it changed, charts and tables."""

    measure: Measure
    headline: Known | None
    some: bool
    said: str
    notes: tuple[str, ...]
    charts: tuple[Chart, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answers."""

    text: str
    answers: tuple[Answer, ...]


def asked(releases: Sequence[Published]) -> list[Asked]:
    """Return every question with its answers from the newest release and those before."""
    times = past(releases)
    return [
        Asked(question.text, tuple(_answer(measure, times) for measure in question.measures))
        for question in questions(times[-1].method)
    ]


def _answer(measure: Measure, times: Sequence[Past]) -> Answer:
    now = times[-1]
    before = [each for each in times[:-1] if comparable(measure, each.method)]
    headline = now.figures.at(EVERYWHERE, measure)
    return Answer(
        measure,
        headline,
        now.figures.any_of(measure),
        with_unit(headline, measure) if headline else "",
        tuple(_notes(measure, now, headline, before)),
        tuple(_charts(measure, now, before)),
        tuple(_tables(measure, now, before)),
    )


def _notes(
    measure: Measure, now: Past, headline: Known | None, before: Sequence[Past]
) -> Iterator[str]:
    if isinstance(measure, Sum):
        yield f"Of one owner at most {measure.bound:,} {measure.unit} count."
    if isinstance(measure, Histogram) and now.figures.any_opens(measure):
        last = f"{measure.edges[-1]:,}"
        yield f"Where a median or its margin is drawn up to {last}, it means so much or more."
    earlier = {each.period: each.figures.at(EVERYWHERE, measure) for each in before}
    told = {period: known for period, known in earlier.items() if known}
    if headline and told:
        for period in dict.fromkeys([list(told)[-1], _year_before(now.period)]):
            if period in told:
                yield change(headline, told[period], period)


def _year_before(period: str) -> str:
    year, quarter = period.split("-")
    return f"{int(year) - 1}-{quarter}"


def _charts(measure: Measure, now: Past, before: Sequence[Past]) -> Iterator[Chart]:
    grid = now.method.grid
    if isinstance(measure, Histogram):
        yield from _spread(measure, now.figures)
    last = before[-1].figures if before else None
    for words, titles in _sides(grid):
        yield from _compared(measure, words, titles, now.figures, last)
    yield from _trend(measure, now, before)


def _spread(measure: Histogram, figures: Figures) -> Iterator[Chart]:
    rows = [
        (words, figures.at(EVERYWHERE, measure, bucket)) for bucket, words in buckets(measure)
    ]
    known = [(words, each) for words, each in rows if each]
    if known:
        most, high = max(known, key=lambda row: row[1].value)
        yield Chart(
            f"Businesses by {measure.unit}",
            f"Bars from {rows[0][0]} to {rows[-1][0]} {measure.unit}. The longest stands at "
            f"{most}: {number(high.value)} businesses ({band(high)}).",
            charts.bars(rows),
        )


def _compared(
    measure: Measure,
    side: str,
    titles: dict[Place, str],
    figures: Figures,
    last: Figures | None,
) -> Iterator[Chart]:
    rows = [
        (words, known, last.at(place, measure) if last else None)
        for place, words in titles.items()
        if (known := figures.at(place, measure))
    ]
    if not rows:
        return
    rows.sort(key=lambda row: -row[1].value)
    (first, top, _), (least, low, _) = rows[0], rows[-1]
    yield Chart(
        f"{kind(measure).capitalize()} by {side}, {unit(measure)}",
        f"A dot in its margin for each {side}. Highest: {first}, {number(top.value)} "
        f"({band(top)}). Lowest: {least}, {number(low.value)} ({band(low)}).",
        charts.dots(rows),
        _missing([words for place, words in titles.items() if not figures.at(place, measure)]),
    )


def _trend(measure: Measure, now: Past, before: Sequence[Past]) -> Iterator[Chart]:
    rows = [(each.period, each.figures.at(EVERYWHERE, measure)) for each in [*before, now]]
    known = [(period, each) for period, each in rows if each]
    if not before or not known:
        return
    (since, first), (until, last) = known[0], known[-1]
    yield Chart(
        f"{kind(measure).capitalize()} by release, {unit(measure)}",
        f"A line from {number(first.value)} ({band(first)}) in {since} "
        f"to {number(last.value)} ({band(last)}) in {until}.",
        charts.line(rows),
        _missing([period for period, each in rows if not each]),
    )


def _tables(measure: Measure, now: Past, before: Sequence[Past]) -> Iterator[Table]:
    grid, figures = now.method.grid, now.figures
    tables = [_by_cell(measure, grid, figures)]
    if isinstance(measure, Histogram):
        tables.insert(0, _by_bucket(measure, grid, figures))
    if before:
        rows = [
            (each.period, (each.figures.at(EVERYWHERE, measure),)) for each in [*before, now]
        ]
        column = f"{kind(measure)}, {unit(measure)}"
        tables.append(
            Table("All industries and regions by release", "Release", (column,), tuple(rows))
        )
    yield from (each for each in tables if any(any(row) for _, row in each.rows))


def _by_bucket(measure: Histogram, grid: Grid, figures: Figures) -> Table:
    named = buckets(measure)
    sides = {EVERYWHERE: place_words(EVERYWHERE, grid)}
    for _, titles in _sides(grid):
        sides |= titles
    return Table(
        f"Businesses by {measure.unit}",
        "Industry or region",
        tuple(words for _, words in named),
        tuple(
            (words, tuple(figures.at(place, measure, bucket) for bucket, _ in named))
            for place, words in sides.items()
        ),
    )


def _by_cell(measure: Measure, grid: Grid, figures: Figures) -> Table:
    regions = {**grid.regions, ALL: "All regions"}
    industries = {**grid.industries, ALL: "All industries"}
    return Table(
        f"{kind(measure).capitalize()} by industry and region, {unit(measure)}",
        "Industry",
        tuple(regions.values()),
        tuple(
            (words, tuple(figures.at(Place(industry, region), measure) for region in regions))
            for industry, words in industries.items()
        ),
    )


def _sides(grid: Grid) -> Iterator[tuple[str, dict[Place, str]]]:
    yield "industry", {Place(code, ALL): words for code, words in grid.industries.items()}
    yield "region", {Place(ALL, code): words for code, words in grid.regions.items()}


def _missing(left: Sequence[str]) -> str:
    if len(left) > _NAMED:
        return "The others are not published."
    return f"Not published: {', '.join(left)}." if left else ""
