"""The overview as one self-contained HTML page: no scripts, nothing fetched."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from flows.errors import AdministratorError
from portal.cli.screens import REASONS
from portal.overview import Overview


def write_page(view: Overview, path: Path, now: datetime, time_zone: str) -> None:
    """Write the page to *path*, readable by its owner only; never half a page.

    Raises:
        AdministratorError: The page cannot be written there.
    """
    fix = "make room, or choose another --home"
    write_privately(path, render_page(view, now, time_zone), fix=fix)


def write_privately(path: Path, text: str, *, fix: str) -> None:
    """Write *text* to *path*, readable by its owner only; never half of it.

    Raises:
        AdministratorError: It cannot be written there; *fix* says what to do.
    """
    draft = path.with_suffix(".tmp")
    try:
        draft.touch(mode=0o600)
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, path)  # noqa: PTH105 - Path.replace says the same in more steps
    except OSError as error:
        raise AdministratorError(f"cannot write {path} ({error.strerror})", fix=fix) from None


def render_page(view: Overview, now: datetime, time_zone: str) -> str:
    """Return the page as HTML; everything from outside is escaped."""
    pages = Environment(
        loader=PackageLoader("portal", "templates"), autoescape=True, undefined=StrictUndefined
    )
    work: dict[tuple[str, str], dict[str, int]] = {}
    for each, number in sorted(view.work.items()):
        name = view.flow_names.get(each.flow, each.flow)
        work.setdefault((name, each.uses), {})[each.state] = number
    return pages.get_template("overview.html.j2").render(
        view=view,
        work=work,
        reasons=REASONS,
        made=now.astimezone(ZoneInfo(time_zone)).strftime("%d %B %Y, %H:%M %Z"),
    )
