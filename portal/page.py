"""Pages of HTML: how each is made and written, and the overview.

Every page is one file, without scripts, and fetches nothing.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

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
    work: dict[tuple[str, str], dict[str, int]] = {}
    for each, number in sorted(view.work.items()):
        name = view.flow_names.get(each.flow, each.flow)
        work.setdefault((name, each.uses), {})[each.state] = number
    return rendered(
        "overview.html.j2",
        view=view,
        work=work,
        reasons=REASONS,
        made=now.astimezone(ZoneInfo(time_zone)).strftime("%d %B %Y, %H:%M %Z"),
    )


def rendered(template: str, *, styles: Sequence[str] = (), **names: object) -> str:
    """Return a page out of a template of ours; whatever is put into it is escaped.

    A page whose style sheet is made of files, *styles* in their order, finds it as `style`, and
    as `style_hash` what its policy names it by.
    """
    folder = resources.files("portal").joinpath("templates")
    style = "".join(folder.joinpath(name).read_text("utf-8") for name in styles)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        _templates()
        .get_template(template)
        .render(
            **names,
            style=Markup(style),  # noqa: S704 - files of ours
            style_hash=f"sha256-{digest}",
        )
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("portal", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
