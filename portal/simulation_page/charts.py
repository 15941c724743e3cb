"""The charts of the simulation: shares through a row of choices, drawn as the report's are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt

from portal.report_page.svg import Drawing, draw

_NAME: Final = "rows"

WIDTH: Final = 250
HEIGHT: Final = 120

COLOURS: Final = ("var(--first)", "var(--second)", "var(--third)", "var(--fourth)")
"""As the page's style sheet names them, so that they follow its dark scheme."""

SHAPES: Final = ("circle", "square", "triangle-up", "diamond")
"""Series differ in their shape as well: not everybody tells the colours apart."""


@dataclass(frozen=True, slots=True)
class Point:
    """A share, 0 to 1 or more, of a series at one of the choices; None where there is none."""

    choice: str
    series: str
    share: float | None


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart with its caption, and the same in words for who does not see it."""

    caption: str
    described: str
    drawing: Drawing


def lines(
    caption: str, choices: str, points: Sequence[Point], series: Sequence[str], *, most: float
) -> Chart:
    """Return a line for each of at most four *series* through the choices, as they come.

    *choices* says what they are. The axis goes from 0 to *most*; what is above stands at the
    top edge of the chart.
    """
    rows = [
        {"choice": each.choice, "series": each.series, "share": _up_to(each.share, most)}
        for each in points
    ]
    names = list(series)
    base = alt.Chart(alt.NamedData(name=_NAME)).encode(
        x=alt.X(
            "choice:N",
            sort=None,
            axis=alt.Axis(title=choices, labelAngle=0, labelPadding=6, grid=False, ticks=False),
        ),
        y=alt.Y(
            "share:Q",
            axis=alt.Axis(title=None, format=".0%", tickCount=4, domain=False, ticks=False),
            scale=alt.Scale(domain=[0, most]),
        ),
        color=alt.Color(
            "series:N", legend=None, scale=alt.Scale(domain=names, range=list(COLOURS))
        ),
    )
    shape = alt.Shape(
        "series:N", legend=None, scale=alt.Scale(domain=names, range=list(SHAPES))
    )
    marks = base.mark_line(strokeWidth=1.5) + base.mark_point(
        filled=True, size=42, opacity=1
    ).encode(shape=shape)
    return Chart(
        caption, _described(points, series), draw(_spec(marks) | {"datasets": {_NAME: rows}})
    )


def _up_to(share: float | None, most: float) -> float | None:
    return None if share is None else min(share, most)


def _described(points: Sequence[Point], series: Iterable[str]) -> str:
    said = []
    for name in series:
        shares = [each for each in points if each.series == name and each.share is not None]
        if shares:
            told = ", ".join(f"{each.choice}: {each.share:.0%}" for each in shares)
            said.append(f"{name}: {told}.")
    return " ".join(said) or "Nothing is published."


def _spec(chart: alt.LayerChart) -> dict[str, Any]:
    plain = chart.properties(width=WIDTH, height=HEIGHT).configure(
        aria=False,
        background="transparent",
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            gridColor="var(--line)",
            labelFontSize=11,
            titleFontWeight="normal",
            titleFontSize=11,
        ),
    )
    spec: dict[str, Any] = plain.to_dict()
    return spec
