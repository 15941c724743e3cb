"""`jigajob report simulate`: a page and a table, without a home."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from markupsafe import escape

from flows.reports.default_method import DEFAULT_METHOD
from flows.reports.simulating import settings
from tests.browser import Chromium
from tests.portal.conftest import jigajob

SMALL = ("report", "simulate", "--businesses", "100", "--draws", "1")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Give what was printed in a folder without a home, and the page."""
    folder = tmp_path_factory.mktemp("nowhere")
    ended = jigajob(*SMALL, "--out", "out.html", cwd=folder)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout, folder / "out.html"


def test_it_prints_a_table_and_makes_no_home(done: tuple[str, Path]) -> None:
    printed, page = done
    assert re.search(r"as set +quarter +0\.5 +2\.00 +10 ", printed)
    assert "wrote out.html" in printed
    assert [each.name for each in page.parent.iterdir()] == ["out.html"]


def test_it_prints_each_choice_as_json(tmp_path: Path) -> None:
    ended = jigajob(*SMALL, "--json", cwd=tmp_path)

    rows = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(rows) == len([*settings(DEFAULT_METHOD)])
    assert {"setting", "cells", "totals", "error", "width"} <= rows[0].keys()
    assert not [*tmp_path.iterdir()]


def test_the_page_is_one_file_without_scripts_in_which_every_chart_is_told_in_words(
    done: tuple[str, Path],
) -> None:
    page = done[1].read_text("utf-8")

    assert len(page.encode()) < 250_000
    assert not re.search(r"<script|<link|https?://(?!www\.w3\.org)|@import|url\(", page)
    assert page.count("<svg") == page.count('role="img"') == page.count("<figure>")
    assert page.count("<figure>") == 3 + 2 * len(DEFAULT_METHOD.measures)
    for measure in DEFAULT_METHOD.measures:
        assert str(escape(f"{measure.title}: published")) in page
    assert "100 invented businesses" in page
    assert "62%" in page  # how sure an epsilon of 0.5 can make a reader at most


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_keeps_anybody_from_reading_it(
    chromium: Chromium, done: tuple[str, Path], width: int
) -> None:
    seen = chromium.look(done[1], dark=width > 1000, width=width)

    assert (seen.barriers, seen.said, seen.fetched) == ([], [], [])
    assert seen.sideways <= 0
