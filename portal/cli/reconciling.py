"""The command that reconciles: `ledger`, against what the sources hold now."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from portal.cli.options import (
    FlowsOption,
    HomeOption,
    JsonOption,
    passing_over,
    settings_of,
)

if TYPE_CHECKING:
    from flows.intake.ledger import Quarantined, SourceLedger
    from portal.settings import Settings

_NAMED: Final = 20
"""Unaccounted messages that are named one by one."""

FolderOption = Annotated[
    bool, typer.Option("--by-folder", help="Also a table for each folder.")
]
DayOption = Annotated[
    bool, typer.Option("--by-day", help="Also a table for each day of receipt.")
]
QuarantineOption = Annotated[
    bool,
    typer.Option("--quarantined", help="Instead: what is in quarantine, and where it lies."),
]
CompareOption = Annotated[
    int,
    typer.Option(
        "--days", min=0, help="Compare so many days with a mailbox's own count; 0: none."
    ),
]
RepairOption = Annotated[
    bool, typer.Option("--repair", help="Fetch what is unaccounted, and count again.")
]


def add_to(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(ledger)


def ledger(
    context: typer.Context,
    home: HomeOption = None,
    flows: FlowsOption = None,
    as_json: JsonOption = False,
    by_folder: FolderOption = False,
    by_day: DayOption = False,
    quarantined: QuarantineOption = False,
    days: CompareOption = 30,
    repair: RepairOption = False,
) -> None:
    """Show what became of everything that came in.

    The sources are counted anew, by another way than a run reads them; `unaccounted` is
    what they hold and no run has settled yet. Such messages are named by folder and id.

    Mail servers are also asked how many messages they count in each folder, as a whole and
    for each of the last days. Where that is another number than is accounted for, a table
    says so.
    """
    settings = settings_of(context, home, flows)
    if repair:
        asyncio.run(_repair(settings, days, quiet=as_json))
    if quarantined:
        _print_quarantine(asyncio.run(_quarantine(settings)), as_json=as_json)
        return
    ledgers = asyncio.run(_ledgers(settings, days))
    if as_json:
        for each in ledgers:
            typer.echo(json.dumps(each.as_json()))
        return
    _print_ledgers(ledgers, by_folder=by_folder, by_day=by_day)


def _print_ledgers(ledgers: list[SourceLedger], *, by_folder: bool, by_day: bool) -> None:
    from portal.cli import screens

    screens.console().print(screens.ledger_table(ledgers))
    _print_compared(ledgers)
    for each in ledgers:
        _print_missing(each)
        if by_folder:
            _print_folders(each)
        if by_day:
            _print_days(each)


def _print_folders(ledger: SourceLedger) -> None:
    columns = ("folder", "seen", "stored", "skipped", "quarantined", "unaccounted", "gone")
    rows = [
        (
            folder,
            count.seen,
            count.stored,
            count.skipped.total(),
            count.quarantined.total(),
            count.unaccounted,
            count.gone,
        )
        for folder, count in sorted(ledger.folders.items())
    ]
    _print_rows(f"\n{ledger.source} by folder", columns, rows)


def _print_compared(ledgers: Sequence[SourceLedger]) -> None:
    """Print what mail servers count themselves, where that is another number."""
    rows: list[tuple[object, ...]] = []
    for ledger in ledgers:
        if ledger.compared_since and not ledger.disagreements:
            typer.echo(
                f"{ledger.source}: the mailbox's own count agrees, folder by folder and"
                f" from {ledger.compared_since} on day by day"
            )
        for each in ledger.disagreements:
            day = each.day or f"other than from {ledger.compared_since}"
            numbers = (each.says, each.accounted, each.missing)
            rows.append((ledger.source, each.folder, day, *numbers))
    if rows:
        columns = ("source", "folder", "day", "mailbox says", "accounted for", "missing")
        _print_rows("\nWhere a mailbox counts otherwise", columns, rows, numbers=3)


def _print_missing(ledger: SourceLedger) -> None:
    for ref in ledger.missing[:_NAMED]:
        day = f" of {ref.received_on}" if ref.received_on else ""
        typer.echo(f"{ledger.source}: unaccounted in {ref.folder}{day}: {ref.native_id}")
    if (more := len(ledger.missing) - _NAMED) > 0:
        typer.echo(f"{ledger.source}: and {more} more")


def _print_days(ledger: SourceLedger) -> None:
    columns = ("day", "stored", "skipped", "quarantined")
    rows = [
        (day, *(n[column] for column in columns[1:])) for day, n in sorted(ledger.days.items())
    ]
    _print_rows(f"\n{ledger.source} by day", columns, rows)


def _print_rows(
    title: str,
    columns: tuple[str, ...],
    rows: Sequence[tuple[object, ...]],
    *,
    numbers: int = 0,
) -> None:
    """Print a table; its last columns hold *numbers*, 0: all but the first."""
    from portal.cli import screens

    made = screens.table(title, *columns, right=columns[-numbers or 1 :])
    for row in rows:
        made.add_row(*(screens.plain(str(cell)) for cell in row))
    screens.console().print(made)


def _print_quarantine(found: list[Quarantined], *, as_json: bool) -> None:
    from portal.cli.screens import REASONS

    for each in found:
        lies = each.pointer.native_id
        if as_json:
            row = {"source": each.source, "reason": each.reason, "pointer": lies}
            typer.echo(json.dumps(row | {"detail": each.pointer.detail}))
        else:
            why = REASONS.get(each.reason, each.reason)
            typer.echo(f"{each.source}: {why}: {lies}\n  {each.pointer.detail}")
    if not found and not as_json:
        typer.echo("nothing is in quarantine")


async def _ledgers(settings: Settings, days: int) -> list[SourceLedger]:
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app:
        with passing_over(app) as shown:
            return [each async for each in shown.ledgers(days)]


async def _repair(settings: Settings, days: int, *, quiet: bool) -> None:
    """Take in what the sources hold and no run has settled."""
    from anonymizer.text.cleaner import Cleaner
    from flows.language.own_rules import own_rules
    from portal.cli.running import alone
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app:
        with alone(settings.home):
            missing = {name: (await app.ledger(name, days)).missing for name in app.mailboxes}
            if not any(missing.values()):
                return
            sweep = app.sweep(Cleaner(rules=own_rules(app.file)))
            for source, refs in missing.items():
                if refs:
                    counts = await sweep.take_in(source, refs)
                    if not quiet:
                        typer.echo(f"{source}: {len(refs)} fetched again, {counts.new} new")


async def _quarantine(settings: Settings) -> list[Quarantined]:
    from flows.intake.ledger import Ledger
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app:
        with passing_over(app) as shown:
            found = [each async for each in Ledger(shown.records).quarantine()]
        sources = sorted({each.source for each in found})
        await app.audit.seen("ledger --quarantined", sources, "quarantine")
        return found
