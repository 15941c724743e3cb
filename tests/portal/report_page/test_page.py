"""The page of the releases says what was released, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from anonymizer.tables.grid import ALL, Place
from anonymizer.tables.method import MEDIAN, Count, Histogram, Sum
from anonymizer.tables.release import Figure, Release
from flows.reports.default_method import DEFAULT_METHOD
from flows.reports.published import Published
from portal.report_page import BESIDE, render
from portal.report_page.questions import QUESTIONS
from portal.report_page.quoting import WIDEST
from portal.report_page.words import buckets, number
from tests.portal.report_page.conftest import Shown
from tests.portal.report_page.made import KEY, series

EVERYWHERE = Place(ALL, ALL)
NUMBER = re.compile(r"(?<![\w#.])\N{MINUS SIGN}?\d+(?:,\d{3})*(?:\.\d+)?")


class Parts(HTMLParser):
    """Texts of a page by element, without the inside of charts, and all ids and headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.ids: list[str] = []
        self.levels: list[int] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag not in {"meta", "br"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        drawn = "svg" in self._open and not {"title", "desc"} & set(self._open)
        if not drawn and "style" not in self._open and "code" not in self._open:
            self.text.append(data)


def _allowed(releases: list[Published]) -> set[str]:
    """Numbers that may stand on the page: released ones, and those of the public method."""
    said = {
        number(each)
        for published in releases
        for figure in published.release.figures
        if figure.status == "A"
        for each in (figure.value, figure.low, figure.high)
        if each is not None
    }
    newest = releases[-1]
    method = newest.release.method
    for measure in method.measures:
        said |= set(NUMBER.findall(measure.title)) | {str(measure.epsilon)}
        if isinstance(measure, Sum):
            said |= {f"{measure.bound:,}", "0"}
        if isinstance(measure, Histogram):
            said |= {each for _, words in buckets(measure) for each in NUMBER.findall(words)}
            said |= {f"{measure.edges[-1]:,}", str(len(measure.edges))}
    share = f"{WIDEST * 100:.0f}"
    said |= {str(method.epsilon), str(newest.spent), str(newest.cap), share}
    said |= {
        "95",
        "100",
        "256",
        str(method.minimum),
        "1",
        "30",
    }  # of the method, as the text says it
    for published in releases:
        said |= set(NUMBER.findall(published.period))
        said |= set(NUMBER.findall(f"{published.cut_off:%-d %Y} {published.cut_off}"))
    return said


@pytest.mark.parametrize("name", ["full", "some", "fell"])
def test_every_number_was_released(request: pytest.FixtureRequest, name: str) -> None:
    page: Shown = request.getfixturevalue(name)
    text = " ".join(Parts(page.html).text)

    strange = set(NUMBER.findall(text)) - _allowed(page.releases)

    assert strange == set()
    assert len(NUMBER.findall(text)) > 15, "nothing was looked at"


def test_what_is_released_of_all_is_shown(full: Shown) -> None:
    text = " ".join(Parts(full.html).text)
    figures = [
        each
        for each in full.releases[-1].release.figures
        if each.status == "A" and (each.place.is_total or each.bucket in {"", "median"})
    ]

    assert len(figures) > 200
    for each in figures:
        assert each.value is not None
        assert number(each.value) in text, each


def test_a_suppressed_figure_is_nowhere_even_where_a_release_still_holds_it(
    full: Shown,
) -> None:
    """It is kept out by its mark, not by chance: the same release without the numbers in it."""
    newest = full.releases[-1]
    held = [
        replace(each, status="S") if at % 3 else each
        for at, each in enumerate(newest.release.figures)
    ]
    bare = [
        Figure(place=each.place, measure=each.measure, bucket=each.bucket, status="S")
        if each.status == "S"
        else each
        for each in held
    ]

    def page(figures: list[Figure]) -> str:
        release = replace(newest.release, figures=tuple(figures))
        return render([*full.releases[:-1], replace(newest, release=release)])

    assert page(held) == page(bare)
    assert page(held) != full.html


def test_it_is_one_small_file_that_loads_and_runs_nothing(full: Shown) -> None:
    assert len(full.html.encode()) < 250_000
    assert "default-src 'none'; style-src 'sha256-" in unescape(full.html)
    assert not re.findall(
        r"<script|<link|<img|<iframe|\son\w+=|style=|https?:|url\(", full.html
    )
    assert set(re.findall(r'href="([^"]+)"', full.html)) - set(BESIDE) == set(
        re.findall(r'href="(#[^"]+)"', full.html)
    )


@pytest.mark.parametrize("name", ["full", "some", "fell"])
def test_ids_are_single_and_links_lead_to_them(
    request: pytest.FixtureRequest, name: str
) -> None:
    page: Shown = request.getfixturevalue(name)
    parts = Parts(page.html)
    named = re.findall(r'(?:aria-labelledby="|href="#)([^"]+)"', page.html)

    assert len(parts.ids) == len(set(parts.ids))
    assert {each for names in named for each in names.split()} <= set(parts.ids)
    assert parts.levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(parts.levels))


def test_every_chart_says_what_it_shows(full: Shown) -> None:
    charts = re.findall(r"<svg role=\"img\".*?</svg>", full.html, re.DOTALL)

    assert len(charts) >= 3 * len(DEFAULT_METHOD.measures)
    for chart in charts:
        assert re.search(r"<title id=[^>]+>[^<]{8,}</title><desc id=[^>]+>[^<]{20,}<", chart)


def test_too_few_businesses_are_said_plainly(fell: Shown) -> None:
    assert not fell.releases[-1].release.sufficient
    assert "Too few businesses for figures of 2026-Q3." in fell.html
    assert "No total of 2026-Q3 is certain enough to be quoted." in fell.html
    assert "by release" in fell.html


def test_a_measure_without_a_question_is_shown_all_the_same() -> None:
    strange = Sum(
        name="strange", title="Kettles boiled", unit="kettles", bound=3, epsilon=Decimal(2)
    )
    method = replace(DEFAULT_METHOD, measures=(DEFAULT_METHOD.measures[0], strange))

    html = render(series([3_000], method))

    assert ">Other</h2>" in html
    assert ">Kettles boiled</h3>" in html
    assert re.search(r"[\d,]+ kettles", html)


def test_each_measure_of_the_method_answers_a_question() -> None:
    asked = {name for names in QUESTIONS.values() for name in names}

    assert asked == {each.name for each in DEFAULT_METHOD.measures}


def _of(*figures: Decimal | None, width: int = 10) -> list[Published]:
    """Releases of one count, with these totals."""
    method = replace(DEFAULT_METHOD, measures=DEFAULT_METHOD.measures[:1])
    made = []
    for at, value in enumerate(figures):
        figure = Figure(place=EVERYWHERE, measure="businesses", status="S")
        if value is not None:
            ends = {"low": value - width, "high": value + width}
            figure = replace(figure, status="A", value=value, **ends)
        made.append(
            Published(
                period=f"{2025 + at // 4}-Q{at % 4 + 1}",
                cut_off=date(2026, 10, 15),
                release=Release(method=method, figures=(figure,), sufficient=True),
                spent=Decimal(1),
                cap=Decimal(2),
                key=KEY,
            )
        )
    return made


def test_a_change_is_one_only_beyond_both_margins() -> None:
    assert "Up from 100 (90 to 110) in 2025-Q1." in render(_of(Decimal(100), Decimal(121)))
    assert "Down from 100 (90 to 110) in 2025-Q1." in render(_of(Decimal(100), Decimal(79)))
    for near in (Decimal(120), Decimal(80)):
        assert "No change beyond the noise since 2025-Q1" in render(_of(Decimal(100), near))


def test_a_year_ago_is_told_beside_the_release_before() -> None:
    html = render(_of(*map(Decimal, (100, 150, 200, 250, 300))))

    assert "Up from 250 (240 to 260) in 2025-Q4." in html
    assert "Up from 100 (90 to 110) in 2025-Q1." in html


def test_a_release_before_that_said_nothing_is_passed_over() -> None:
    html = render(_of(Decimal(100), None, Decimal(200)))

    assert "Up from 100 (90 to 110) in 2025-Q1." in html
    assert "Not published: 2025-Q2." in html


def test_only_what_was_measured_in_the_same_way_is_compared() -> None:
    before, now = _of(Decimal(100), Decimal(200))
    other = Count(name="others", title="Others", epsilon=Decimal(1))
    method = replace(before.release.method, measures=(other,))
    before = replace(before, release=replace(before.release, method=method))

    assert "2025-Q1 (" not in render([before, now])
    assert "Up from" not in render([before, now])


def test_a_period_released_anew_counts_once() -> None:
    first, second = _of(Decimal(100), Decimal(200))
    again = replace(second, period=first.period, restated="Two mails were counted twice.")

    html = render([first, again])

    assert "Two mails were counted twice." in html
    assert "Up from" not in html


def test_an_earlier_period_released_anew_shows_its_own_figures() -> None:
    first, second, third = _of(Decimal(100), Decimal(200), Decimal(300))
    again = replace(second, restated="Two mails were counted twice.")
    again = replace(again, release=_of(Decimal(250))[0].release)

    html = render([first, second, third, again])

    assert "<li><b>Businesses: 250</b> (total, margin 240 to 260), 2025-Q2" in html
    assert "Up from 100 (90 to 110) in 2025-Q1." in html
    assert "2025-Q3" not in html
    assert "the release before (2025-Q1)" in html


def test_periods_released_out_of_turn_stand_by_time() -> None:
    first, second, third = _of(Decimal(100), Decimal(200), Decimal(300))

    assert render([second, first, third]) == render([first, second, third])


@pytest.mark.parametrize(("high", "may"), [(460, True), (480, False)])
def test_a_median_without_an_upper_end_is_not_to_be_quoted(high: int, may: bool) -> None:
    html = render([_waiting(Decimal(450), Decimal(high))])

    assert ("450 minutes</b> (median, margin 440 to" in html) == may


def test_a_median_in_the_last_bucket_is_so_much_or_more() -> None:
    html = render([_waiting(Decimal(480), Decimal(480))])

    assert "480 minutes or more" in html
    assert "<b>480 <span>minutes or more</span></b>" in html
    assert "margin 470 or more" in html
    assert "470 to 480" not in html


def _waiting(value: Decimal, high: Decimal) -> Published:
    """A release of one median of minutes, whose last bucket begins at 480."""
    (made,) = _of(None)
    measure = Histogram(
        name="answer_time",
        title="Time to answer",
        unit="minutes",
        edges=(0, 60, 480),
        epsilon=Decimal(1),
    )
    figure = Figure(
        place=EVERYWHERE,
        measure=measure.name,
        bucket=MEDIAN,
        status="A",
        value=value,
        low=value - 10,
        high=high,
    )
    method = replace(made.release.method, measures=(*made.release.method.measures, measure))
    return replace(made, release=replace(made.release, method=method, figures=(figure,)))


@pytest.mark.parametrize(("width", "may"), [(40, True), (41, False)])
def test_a_figure_with_a_wide_margin_is_not_to_be_quoted(width: int, may: bool) -> None:
    html = render(_of(Decimal(200), width=width))

    assert ("<li><b>Businesses: 200</b>" in html) == may
    assert ("No total of 2025-Q1 is certain enough" in html) != may


def test_titles_are_text() -> None:
    (only,) = _of(Decimal(200))
    count = Count(name="x", title="<b>Bold</b>", epsilon=Decimal(1))
    method = replace(only.release.method, measures=(count,))
    figures = tuple(replace(each, measure="x") for each in only.release.figures)
    release = replace(only.release, method=method, figures=figures)

    html = render([replace(only, release=release)])

    assert "<b>Bold" not in html
    assert "&lt;b&gt;Bold" in html


def test_it_needs_a_release() -> None:
    with pytest.raises(ValueError, match="needs a release"):
        render([])
