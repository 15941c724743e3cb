"""The pages that commands write, in a browser: nothing keeps anybody from reading them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import Chromium
from tests.portal.conftest import ROOT, Ran, jigajob

MAIL = "Call Maria Lopez at 845-555-0101, or her son Ben (9). Card 4242 4242 4242 4242."


def overview(demo: Ran, page: Path) -> None:
    page.write_bytes((demo.home / "overview.html").read_bytes())


def plan(demo: Ran, page: Path) -> None:
    """Of flows that somebody has edited, so that everything a plan tells is on it."""
    edited = page.with_name("flows.yaml")
    text = (ROOT / "flows.yaml").read_text("utf-8")
    edited.write_text(text.replace("Quote wanted:", "Please quote:"), "utf-8")
    shutil.copytree(ROOT / "templates", page.with_name("templates"))
    _written("--home", demo.home, "--flows", edited, *PLAN, "--html", page)


def docs(_: Ran, page: Path) -> None:
    _written("docs", "--html", page)


def cleaned(_: Ran, page: Path) -> None:
    _written("clean", "-", "--html", page, stdin=MAIL)


PLAN = ("plan", "--days", "3650", "--against", ROOT / "flows.yaml")
PAGES = (overview, plan, docs, cleaned)


def _written(*words: str | Path, stdin: str | None = None) -> None:
    done = jigajob(*words, stdin=stdin)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("write", PAGES, ids=lambda write: write.__name__)
def test_nothing_keeps_anybody_from_reading_it(
    chromium: Chromium, demo: Ran, write: Callable[[Ran, Path], None], tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    write(demo, page)

    for width, dark in ((1280, False), (390, True)):
        seen = chromium.look(page, dark=dark, width=width)
        assert seen.barriers == []
        assert (seen.said, seen.fetched) == ([], [])
        assert seen.sideways <= 0
