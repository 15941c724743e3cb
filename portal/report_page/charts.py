"""The charts of the page: drawn once without rows, then with the rows of each measure.

Colours are named as the page's style sheet names them, so that they follow its dark scheme.
A chart is given released figures only; nothing is counted or averaged in it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

import altair as alt

from portal.report_page.figures import Known
from portal.report_page.svg import Drawing, draw

WIDTH: Final = 360
"""How wide every chart is, in pixels, with its labels: what a phone shows without shrinking."""

_LABELS: Final = 156
_LETTERS: Final = 23
_SHORT: Final = "datum.value < 10000 ? datum.label : format(datum.value, '~s')"
_NAME: Final = "rows"
_ROWS: Final = alt.NamedData(name=_NAME)


def bars(rows: Iterable[tuple[str, Known | None]]) -> Drawing:
    """Return a histogram: a bar for each bucket with its margin, or an S."""
    return _drawn(_bars(), [_row(label, known) for label, known in rows], step=24)


def dots(rows: Iterable[tuple[str, Known, Known | None]]) -> Drawing:
    """Return a dot in its band for each label; a ring where the release before was."""
    drawn = [
        _row(label, known) | {"before": float(before.value) if before else None}
        for label, known, before in rows
    ]
    wrapped = any("\n" in row["label"] for row in drawn)
    return _drawn(_dots(), drawn, step=28 if wrapped else 22)


def line(rows: Iterable[tuple[str, Known | None]]) -> Drawing:
    """Return one figure through the releases; a gap where it was not published."""
    return _drawn(_line(), [_row(label, known) for label, known in rows])


def _row(label: str, known: Known | None) -> dict[str, Any]:
    named: dict[str, Any] = {"label": textwrap.fill(label, _LETTERS)}
    if known is None:
        return named | {"value": None, "low": None, "high": None}
    return named | {
        "value": float(known.value),
        "low": float(known.low),
        "high": float(known.high),
    }


def _drawn(
    spec: dict[str, Any], rows: Sequence[dict[str, Any]], step: int | None = None
) -> Drawing:
    sized = {} if step is None else {"height": {"step": step}}
    return draw(spec | sized | {"datasets": {_NAME: rows}})


@cache
def _bars() -> dict[str, Any]:
    base = alt.Chart(_ROWS).encode(y=_labels())
    bar = base.mark_bar(color="var(--bar)", height=14).encode(x=_across(), x2=alt.datum(0))
    hidden = base.transform_filter("datum.value === null")
    mark = hidden.mark_text(align="left", dx=4).encode(x=alt.datum(0), text=alt.value("S"))
    return _spec(_every(base) + bar + _ends(base, color="var(--ink)", width=1.5) + mark)


@cache
def _dots() -> dict[str, Any]:
    base = alt.Chart(_ROWS).encode(y=_labels())
    ring = base.mark_point(
        filled=False, size=60, stroke="var(--ink)", strokeWidth=1.3, opacity=1
    )
    dot = base.mark_point(filled=True, size=55, color="var(--dot)", opacity=1)
    return _spec(
        _ends(base, color="var(--band)", width=9)
        + ring.encode(x="before:Q")
        + dot.encode(x=_across())
    )


@cache
def _line() -> dict[str, Any]:
    axis = alt.Axis(grid=False, ticks=False, labelAngle=0, labelOverlap=True, title=None)
    base = alt.Chart(_ROWS).encode(x=alt.X("label:N", sort=None, axis=axis))
    up = alt.Axis(
        grid=True, tickCount=4, title=None, domain=False, ticks=False, labelExpr=_SHORT
    )
    scale = alt.Scale(zero=False, nice=True, padding=8)
    bands = base.mark_rule(color="var(--band)", strokeWidth=9).encode(
        y=alt.Y("low:Q", axis=up, scale=scale), y2="high:Q"
    )
    value = alt.Y("value:Q", scale=scale)
    path = base.mark_line(color="var(--dot)", strokeWidth=1.5).encode(y=value)
    dot = base.mark_point(filled=True, size=55, color="var(--dot)", opacity=1).encode(y=value)
    return _spec(_every(base) + bands + path + dot, width=WIDTH - 60, height=130)


def _labels() -> alt.Y:
    axis = alt.Axis(
        title=None,
        domain=False,
        ticks=False,
        labelExpr=r"split(datum.label, '\n')",
        labelLimit=_LABELS,
        labelPadding=8,
        minExtent=_LABELS,
        maxExtent=_LABELS,
    )
    return alt.Y("label:N", sort=None, axis=axis)


def _across() -> alt.X:
    axis = alt.Axis(
        title=None, tickCount=3, domain=False, ticks=False, labelFlush=False, labelExpr=_SHORT
    )
    return alt.X("value:Q", axis=axis, scale=alt.Scale(zero=True))


def _every(base: alt.Chart) -> alt.Chart:
    """Return marks that nobody sees, which keep the place of a label without a figure."""
    kept: alt.Chart = base.mark_point(opacity=0)
    return kept


def _ends(base: alt.Chart, *, color: str, width: float) -> alt.Chart:
    drawn: alt.Chart = base.mark_rule(color=color, strokeWidth=width)
    return drawn.encode(x="low:Q", x2="high:Q")


def _spec(
    chart: alt.LayerChart, width: int = WIDTH - _LABELS - 22, **size: int
) -> dict[str, Any]:
    plain = chart.properties(width=width, **size).configure(
        aria=False,
        background="transparent",
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(gridColor="var(--line)", labelFontSize=11),
    )
    spec: dict[str, Any] = plain.to_dict()
    return spec
