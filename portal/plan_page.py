"""A plan as one self-contained HTML page: no scripts, nothing fetched, clean text only."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import JsonValue

from flows.plan.report import Plan, PlannedOutput
from portal.cli.screens import REASONS
from portal.page import rendered, write_privately


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what an output says, and whether it came, went or stays."""

    kind: Literal["same", "came", "went"]
    text: str


def write_plan_page(plan: Plan, path: Path) -> None:
    """Write the page to *path*, readable by its owner only; never half a page.

    Raises:
        AdministratorError: The page cannot be written there.
    """
    write_privately(path, render_plan_page(plan), fix="name a file that can be written")


def render_plan_page(plan: Plan) -> str:
    """Return the page as HTML; everything from outside is escaped."""
    return rendered("plan.html.j2", plan=plan, cost=plan.cost, reasons=REASONS, lines=lines_of)


def lines_of(output: PlannedOutput) -> list[Line]:
    """Return what the output says line by line; of a changed one, with what it said before."""
    now = list(_told(output.body))
    if output.before is None:
        return [Line("same", text) for text in now]
    return list(_between(list(_told(output.before)), now))


def _told(body: Mapping[str, JsonValue]) -> Iterator[str]:
    """Yield a body as lines: each value under its name, texts as they read."""
    for name, value in body.items():
        if value in ("", None, [], {}):
            continue
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        first, *more = text.splitlines() or [""]
        if more:
            yield f"{name}:"
            yield from (f"  {line}" for line in (first, *more))
        else:
            yield f"{name}: {first}"


def _between(before: list[str], now: list[str]) -> Iterator[Line]:
    matcher = difflib.SequenceMatcher(a=before, b=now, autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            yield from (Line("same", text) for text in now[c:d])
            continue
        yield from (Line("went", text) for text in before[a:b])
        yield from (Line("came", text) for text in now[c:d])
