"""Screens of the command line: tables in a terminal, the same as plain lines elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from textwrap import shorten
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.intake.ledger import SourceLedger
from portal.overview import Overview

PLAIN_WIDTH: Final = 110
"""Without a terminal there is no width to ask for; this one fits most logs."""

REASONS: Final[Mapping[str, str]] = {
    "personal": "private mail",
    "duplicate": "seen before",
    "auto_reply": "automatic reply",
    "bounce": "bounce",
    "bulk": "newsletter or list",
    "spam": "spam",
    "opted_out": "opted out",
    "not_mail": "not a mail",
    "too_large": "too large",
    "empty": "empty",
    "malformed": "cannot be read as mail",
    "unreadable": "cannot be opened",
    "not_a_bank_file": "not a bank file",
    "wrong_columns": "columns do not fit",
    "not_a_movement": "not a movement",
    "bad_row": "a line that does not fit the others",
    "bad_date": "unclear date",
    "bad_amount": "unclear amount",
    "bad_direction": "unclear whether in or out",
    "bad_currency": "unknown currency",
    "no_key": "row without a key",
    "duplicate_key": "rows with the same key",
    "cut_off": "file ends within it",
    "not_booked": "announced, not yet booked",
    "not_a_statement": "no statement: a report or notice of a day",
    "unsafe_xml": "XML that no bank writes",
    "does_not_add_up": "balances do not add up",
    "withdrawn": "withdrawn by the bank",
    "corrects_another": "corrects what was taken in",
    "unclear_correction": "corrects something unknown",
    "two_versions": "one of two versions",
}


def console() -> Console:
    """Return the console that screens go to: standard output."""
    found = Console()
    return found if found.is_terminal else Console(width=PLAIN_WIDTH, soft_wrap=False)


def table(
    title: str, *columns: str, right: Iterable[str] = (), whole: Iterable[str] = ()
) -> Table:
    """Return an empty table in the one style of all screens.

    Columns named in *right* stand at the right; those in *whole* are not broken over lines as
    long as others can be.
    """
    numbers, unbroken = set(right), set(whole)
    made = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False
    )
    for column in columns:
        made.add_column(
            column,
            justify="right" if column in numbers else "left",
            overflow="fold",
            no_wrap=column in unbroken,
        )
    return made


def moment(at: datetime, zone: tzinfo, *, seconds: bool = False) -> str:
    """Return a time as screens show it, on the clock of *zone*: `2026-11-27 15:30 EST`."""
    form = "%Y-%m-%d %H:%M:%S %Z" if seconds else "%Y-%m-%d %H:%M %Z"
    return at.astimezone(zone).strftime(form)


def short(record_id: str) -> str:
    """Return enough of an id to type; commands take the beginning of one."""
    return record_id[:10]


def plain(text: str) -> Text:
    """Return *text* as it is: no markup and no control character in it is carried out."""
    return Text("".join(char if char.isprintable() else "\ufffd" for char in text))


def said(counts: Counter[str]) -> str:
    """Return `3 private mail, 1 seen before`; the most first, reasons in plain words."""
    ordered = sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))
    named = (f"{number} {REASONS.get(name, name)}" for name, number in ordered)
    return ", ".join(named) or "-"


def ledger_table(ledgers: Iterable[SourceLedger]) -> Table:
    """Return the ledger: what each source has shown, and what became of it."""
    made = table(
        "What came in",
        *("source", "seen", "stored", "skipped", "quarantined", "unaccounted"),
        right=("seen", "stored", "unaccounted"),
    )
    for ledger in ledgers:
        total = ledger.total
        made.add_row(
            ledger.source,
            str(total.seen),
            str(total.stored),
            said(total.skipped),
            said(total.quarantined),
            str(total.unaccounted),
        )
    return made


def show_overview(view: Overview, *, command: str, home: str, page: str) -> None:
    """Print the one screen that a run ends with.

    *command* is how to call the program again about the same home and flows.
    """
    out = console()
    for note in view.notes:
        out.print(plain(note), soft_wrap=True)
    out.print(ledger_table(view.ledgers))
    if view.starts:
        out.print()
        out.print(plain(f"Flows were started by: {_counted(view.starts)}"))
    _show_work(out, view)
    _show_open(out, view)
    taken = _counted(view.removed)
    out.print(Text("\nTaken out before storage", style="bold"))
    out.print(plain(taken or "nothing"))
    out.print(Text("\nWhere to look next", style="bold"))
    rows = [
        (f"{command} outbox list", "what waits for you; approve or reject it by its id"),
        (f"{command} ledger --quarantined", "what could not be read, and where it lies"),
        (f"{command} runs", "the runs in Prefect's own pages"),
        (f"{home}/drafts, calendar, rows, notices.log", "what went out"),
    ]
    if page:
        rows.append((page, "this overview as a page"))
    width = max(len(left) for left, _ in rows)
    for left, right in rows:
        out.print(plain(f"{left.ljust(width)}  {right}"), soft_wrap=True)  # to be copied


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {label}" for label, number in counts.most_common())


def _show_work(out: Console, view: Overview) -> None:
    numbered = ("done", "waiting", "failed", "other")
    made = table("\nWhat was done", "flow", "step", *numbered, right=numbered)
    rows: dict[tuple[str, str], Counter[str]] = {}
    for work, number in sorted(view.work.items()):
        name = view.flow_names.get(work.flow, work.flow)
        rows.setdefault((name, work.uses), Counter())[work.state] += number
    for (name, uses), states in rows.items():
        other = states.total() - states["sent"] - states["waiting"] - states["failed"]
        numbers = (states["sent"], states["waiting"], states["failed"], other)
        made.add_row(plain(name), uses, *(str(number) if number else "" for number in numbers))
    out.print(made if rows else Text("\nNothing was to be done"))


def _show_open(out: Console, view: Overview, most: int = 12) -> None:
    if not view.open:
        return
    made = table("\nWhat waits for a person", "id", "who", "state", "what")
    for posted in view.open[:most]:
        output = posted.output
        summary = shorten(output.summary, 70, placeholder="…")
        made.add_row(short(output.id), output.approver or "-", output.state, plain(summary))
    out.print(made)
    if len(view.open) > most:
        out.print(f"and {len(view.open) - most} more")
