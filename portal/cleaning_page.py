"""Mails before and after as one self-contained HTML page: no scripts, nothing fetched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from portal.cleaning_view import CleanView
from portal.page import rendered, write_privately

GROUP_NAMES: Final = {
    "child": "about a child",
    "name": "who somebody is",
    "contact": "how to reach somebody, where they live",
    "secret": "secrets and bank data",
    "identity": "papers, vehicles, devices",
    "private": "health, belief, family, money",
    "other": "own recognisers and the rest",
}
"""Groups of labels in plain words, in the order of the legend."""


def write_clean_page(views: Sequence[CleanView], path: Path) -> None:
    """Write the page to *path*, readable by its owner only; never half a page.

    Raises:
        AdministratorError: The page cannot be written there.
    """
    write_privately(path, render_clean_page(views), fix="name a file that can be written")


def render_clean_page(views: Sequence[CleanView]) -> str:
    """Return the page as HTML; everything from outside is escaped."""
    used = {group for view in views for _, group, _ in view.labels()}
    groups = {name: words for name, words in GROUP_NAMES.items() if name in used}
    return rendered("cleaned.html.j2", views=views, groups=groups)
