"""The page of the releases: one HTML file, from released figures only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flows.reports.published import Published
from portal.page import rendered
from portal.report_page import words
from portal.report_page.figures import EVERYWHERE, past
from portal.report_page.quoting import WIDEST, not_quotable, quotable
from portal.report_page.view import asked

BESIDE: Final = {
    "aggregates.csv": "every figure, one a row",
    "aggregates.parquet": "the same, with types",
    "datapackage.json": "what is in them, for tools (Frictionless Data Package)",
    "dictionary.md": "what each column means",
    "manifest.json": "method, budget and hashes of all files, signed",
}
"""The files that stand beside the page, and what each is for."""


def render(releases: Sequence[Published]) -> str:
    """Return the page of the newest release, the last, with trends over those before.

    It is one file under 250 KB without scripts, fonts or images from elsewhere, and its policy
    lets a browser fetch nothing. A suppressed figure is not in it, whatever stands beside it
    in the release.

    Raises:
        ValueError: There is no release.
    """
    if not releases:
        raise ValueError("a page needs a release")
    newest, times = releases[-1], past(releases)
    now = times[-1]
    return rendered(
        "report.html.j2",
        styles=["report.css"],
        newest=newest,
        method=newest.release.method,
        asked=asked(releases),
        periods=[each.period for each in times],
        counted=now.figures.at(EVERYWHERE, now.method.measures[0]),
        to_quote=quotable(now, everywhere=True),
        to_quote_by_place=quotable(now, everywhere=False),
        not_to_quote=not_quotable(now),
        widest=WIDEST,
        beside=BESIDE,
        words=words,
    )
