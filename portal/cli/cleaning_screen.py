"""One mail before and after in a terminal: side by side, stacked where narrow, or plain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from portal.cleaning_view import CleanView, Group, Piece, Section, short
from portal.cli import screens

SIDE_BY_SIDE: Final = 96
"""Columns of a terminal from which two texts fit beside each other."""

STYLES: Final[Mapping[Group, str]] = {
    "child": "bold red",
    "name": "bold magenta",
    "contact": "bold blue",
    "secret": "bold yellow",
    "identity": "bold cyan",
    "private": "bold bright_red",
    "other": "bold bright_blue",
}
STAYS: Final = "green underline"
CAME, STORED = "as it came in", "as it is stored"


def show(view: CleanView) -> None:
    """Print the view to standard output, in the way that fits it."""
    out = screens.console()
    # Without a terminal lines are whole, to be read by programs.
    title, whole = Text(f"{view.name}: {view.about}\n", style="bold"), not out.is_terminal
    out.print(title, soft_wrap=whole, overflow="fold")
    for section in view.sections:
        if not out.is_terminal:
            _plain(out, section)
        elif out.width >= SIDE_BY_SIDE:
            _beside(out, section)
        else:
            _stacked(out, section)
    for note in view.notes:
        out.print(Text(note), soft_wrap=whole, overflow="fold")
    if view.notes:
        out.print()
    if out.is_terminal:
        out.print(_legend(view))
    _tables(out, view)


def _plain(out: Console, section: Section) -> None:
    """Print what is stored as it is, to be read by programs and copied by people."""
    lines = ["".join(piece.stored for piece in line) for line in section.lines]
    if len(lines) == 1:
        out.print(Text(f"{section.title}: {lines[0]}"), soft_wrap=True)
    else:
        out.print(Text("\n".join(["", *lines, ""])), soft_wrap=True)


def _beside(out: Console, section: Section) -> None:
    made = Table(box=SIMPLE_HEAD, expand=True, pad_edge=False, title_justify="left")
    made.title, made.title_style = section.title, "bold"
    made.add_column(CAME, ratio=1, overflow="fold")
    made.add_column(STORED, ratio=1, overflow="fold")
    for line in section.lines:
        made.add_row(_came(line), _stored(line))
    out.print(made)


def _stacked(out: Console, section: Section) -> None:
    for title, text in ((CAME, _came), (STORED, _stored)):
        out.print(Text(f"{section.title}, {title}", style="bold"))
        for line in section.lines:
            out.print(text(line), overflow="fold")
        out.print()


def _came(line: tuple[Piece, ...]) -> Text:
    return Text.assemble(*((piece.given, _style(piece)) for piece in line))


def _stored(line: tuple[Piece, ...]) -> Text:
    return Text.assemble(*((piece.stored, _style(piece)) for piece in line))


def _style(piece: Piece) -> str:
    if piece.kind == "plain":
        return ""
    return STAYS if piece.kind == "stays" else STYLES[piece.group]


def _legend(view: CleanView) -> Text:
    legend = Text()
    for label, group, times in view.labels():
        legend.append(f"{label} {times}", style=STYLES[group])
        legend.append("   ")
    legend.append("looked at, and stays", style=STAYS)
    return legend.append("\n")


def _tables(out: Console, view: CleanView) -> None:
    columns = ("label", "why", "stands now", "times")
    made = screens.table("Taken out", *columns, right=("times",))
    for gone in view.gone:
        style = STYLES[gone.group] if out.is_terminal else ""
        made.add_row(
            Text(gone.label, style=style),
            screens.plain(gone.reason),
            screens.plain(gone.stand_in),
            str(gone.times),
        )
    out.print(made if view.gone else "Nothing was taken out.")
    if not view.left:
        return
    made = screens.table("\nLooked at, and stays", "what", "why", "times", right=("times",))
    for left in view.left:
        value = Text(short(left.value), style=STAYS if out.is_terminal else "")
        made.add_row(value, screens.plain(left.reason), str(left.times))
    out.print(made)
