"""Two pages that many tests look at: releases of many owners, and one of too few after them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.reports.published import Published
from portal.report_page import render
from tests.portal.report_page.made import series


@dataclass(frozen=True)
class Shown:
    """Releases, their page, and the file that it is in."""

    releases: list[Published]
    html: str
    path: Path


def shown(releases: list[Published], folder: Path) -> Shown:
    """The page of releases, in a file."""
    html, path = render(releases), folder / "index.html"
    path.write_text(html, encoding="utf-8")
    return Shown(releases, html, path)


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The page of so many owners in five releases that most figures are published."""
    releases = series([16_000, 17_000, 18_000, 19_000, 20_000])
    return shown(releases, tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="session")
def some(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The page of so few owners that most figures are suppressed."""
    return shown(series([1_500]), tmp_path_factory.mktemp("some"))


@pytest.fixture(scope="session")
def fell(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The page of a release with too few owners, after one with enough."""
    return shown(series([9_000, 5]), tmp_path_factory.mktemp("fell"))
