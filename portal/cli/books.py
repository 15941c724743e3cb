"""`jigajob books`: what is owed, which payment paid what, and matches made and taken back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

import typer

from portal.cli.options import (
    FlowsOption,
    HomeOption,
    JsonOption,
    passing_over,
    settings_of,
)

if TYPE_CHECKING:
    from flows.model import Invoice
    from flows.outbox import Posted
    from flows.work.ageing import Owed
    from portal.books import Payment
    from portal.settings import Settings

app = typer.Typer(help="What is owed, and which payment paid what.", no_args_is_help=True)

InvoiceArgument = Annotated[
    str, typer.Argument(metavar="INVOICE", help="Its number, or its id.")
]
AllOption = Annotated[bool, typer.Option("--all", help="Also what is settled.")]


@app.command("list")
def list_(
    context: typer.Context,
    home: HomeOption = None,
    flows: FlowsOption = None,
    every: AllOption = False,
    as_json: JsonOption = False,
) -> None:
    """List what is owed, and since when, with sums by age."""
    invoices, today = asyncio.run(_invoices(settings_of(context, home, flows)))
    from flows.work.ageing import ageing

    owed = ageing(invoices, today)
    if as_json:
        days = {each.invoice.id: each.days for each in owed}
        for invoice in invoices if every else [each.invoice for each in owed]:
            typer.echo(json.dumps(_invoice_row(invoice, days.get(invoice.id))))
        return
    settled = [each for each in invoices if each.state in ("paid", "refunded", "canceled")]
    if not owed and not (every and settled):
        typer.echo("nothing is owed" if invoices else "no invoice is recorded yet")
        return
    _print_owed(owed)
    if every:
        _print_settled(settled)
    _print_ages(owed)


@app.command()
def payments(
    context: typer.Context,
    home: HomeOption = None,
    flows: FlowsOption = None,
    every: AllOption = False,
    as_json: JsonOption = False,
) -> None:
    """List the payments that nothing is matched with yet.

    With --all, also what the others paid.
    """
    found = asyncio.run(_payments(settings_of(context, home, flows)))
    shown = [each for each in found if every or each.state in ("open", "part", "asked")]
    if as_json:
        for each in shown:
            typer.echo(json.dumps(_payment_row(each)))
        return
    if not shown:
        typer.echo("every payment is matched" if found else "no payment is recorded yet")
        return
    _print_payments(shown)


@app.command()
def match(
    context: typer.Context,
    payment: Annotated[str, typer.Argument(metavar="PAYMENT", help="Its id, or its start.")],
    invoices: Annotated[
        list[str], typer.Argument(metavar="INVOICE...", help="Their numbers, or ids.")
    ],
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Match a payment with invoices by hand.

    What it has is spread over them, the first one first.
    """
    posted = asyncio.run(_match(settings_of(context, home, flows), payment, invoices))
    failed = posted.output.state != "sent"
    typer.echo(f"{posted.output.id} {posted.note if failed else posted.output.summary}")
    if failed:
        raise typer.Exit(1)


@app.command()
def cancel(
    context: typer.Context,
    invoice: InvoiceArgument,
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Cancel an invoice: nothing is owed of it any more."""
    _settle(settings_of(context, home, flows), invoice, "canceled")


@app.command("write-off")
def write_off(
    context: typer.Context,
    invoice: InvoiceArgument,
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Write off what is still owed of an invoice.

    A fee or a discount that was kept, for instance; `jigajob books undo` takes it back.
    """
    _settle(settings_of(context, home, flows), invoice, "written_off")


def _settle(settings: Settings, invoice: str, how: Literal["canceled", "written_off"]) -> None:
    posted = asyncio.run(_closed(settings, invoice, how))
    note = f": {posted.note}" if posted.note and posted.output.state != "sent" else ""
    typer.echo(f"{posted.output.id} {posted.output.summary}{note}")
    if posted.output.state != "sent":
        raise typer.Exit(1)


@app.command()
def undo(
    context: typer.Context,
    ids: Annotated[
        list[str], typer.Argument(metavar="ID...", help="The outputs that matched, or starts.")
    ],
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Take matches back.

    The same payment and invoice are never matched again by themselves.
    """
    for posted in asyncio.run(_undo(settings_of(context, home, flows), ids)):
        typer.echo(f"{posted.output.id} taken back: {posted.output.summary}")


def _print_owed(owed: Sequence[Owed]) -> None:
    from flows.money import plain
    from portal.cli import screens

    titles = {"receivable": "Owed to us", "payable": "Owed by us"}
    for direction, title in titles.items():
        rows = [each for each in owed if each.invoice.direction == direction]
        if not rows:
            continue
        columns = ("invoice", "who", "owed", "of", "due", "days late")
        made = screens.table(title, *columns, right=("owed", "of", "days late"))
        for each in rows:
            invoice = each.invoice
            late = "" if each.days is None or each.days <= 0 else str(each.days)
            made.add_row(
                screens.plain(invoice.number),
                screens.plain(invoice.party or "-"),
                plain(invoice.owed),
                plain(invoice.money),
                str(invoice.due_on or "-"),
                late,
            )
        screens.console().print(made)
        typer.echo()


def _print_settled(invoices: Sequence[Invoice]) -> None:
    from flows.money import plain
    from portal.cli import screens

    made = screens.table("Settled", "invoice", "who", "amount", "state", right=("amount",))
    for each in invoices:
        made.add_row(
            screens.plain(each.number),
            screens.plain(each.party or "-"),
            plain(each.money),
            each.state,
        )
    screens.console().print(made)
    typer.echo()


def _print_ages(owed: Sequence[Owed]) -> None:
    from flows.model import Money
    from flows.money import rounded
    from flows.work.ageing import AGES, totals
    from portal.cli import screens

    made = screens.table("By days past the due date", "", *AGES, right=AGES)
    for (direction, currency), ages in totals(owed).items():
        sums = [rounded(Money(amount=ages[age], currency=currency)).amount for age in AGES]
        who = "to us" if direction == "receivable" else "by us"
        made.add_row(f"{currency} {who}", *(f"{each:,f}" if each else "" for each in sums))
    screens.console().print(made)


def _print_payments(found: Sequence[Payment]) -> None:
    from flows.money import plain
    from portal.cli import screens

    columns = ("payment", "day", "amount", "from or to", "state", "for", "by output")
    made = screens.table("", *columns, right=("amount",))
    for each in found:
        moved = each.transaction
        made.add_row(
            screens.short(moved.id),
            str(moved.booked_on),
            plain(moved.money),
            screens.plain(moved.counterparty or moved.reference or "-"),
            each.state,
            screens.plain(each.what),
            " ".join(screens.short(output) for output in each.outputs),
        )
    screens.console().print(made)


def _invoice_row(invoice: Invoice, days: int | None) -> dict[str, Any]:
    return {
        "id": invoice.id,
        "number": invoice.number,
        "direction": invoice.direction,
        "party": invoice.party,
        "amount": str(invoice.money.amount),
        "owed": str(invoice.owed.amount),
        "currency": invoice.money.currency,
        "state": invoice.state,
        "issued": invoice.issued_on.isoformat() if invoice.issued_on else "",
        "due": invoice.due_on.isoformat() if invoice.due_on else "",
        "days_overdue": days,
        "job": invoice.job,
        "quote": invoice.quote,
    }


def _payment_row(payment: Payment) -> dict[str, Any]:
    moved = payment.transaction
    return {
        "id": moved.id,
        "source": moved.source,
        "kind": moved.kind,
        "booked_on": moved.booked_on.isoformat(),
        "amount": str(moved.money.amount),
        "currency": moved.money.currency,
        "counterparty": moved.counterparty,
        "reference": moved.reference,
        "state": payment.state,
        "for": payment.what,
        "outputs": [*payment.outputs],
    }


async def _invoices(settings: Settings) -> tuple[list[Invoice], date]:
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app_:
        zone = ZoneInfo(app_.file.business.time_zone)
        with passing_over(app_) as shown:
            invoices = await shown.register.invoices()
        await app_.audit.seen("books list", (each.id for each in invoices), "invoice")
        return invoices, app_.clock.now().astimezone(zone).date()


async def _payments(settings: Settings) -> list[Payment]:
    from portal.books import payments as found
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app_:
        with passing_over(app_) as shown:
            payments = await found(shown)
        seen = (each.transaction.id for each in payments)
        await app_.audit.seen("books payments", seen, "transaction")
        return payments


async def _match(settings: Settings, payment: str, invoices: Sequence[str]) -> Posted:
    from portal.books import match as by_hand
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app_:
        return await by_hand(app_, payment, invoices)


async def _closed(
    settings: Settings, invoice: str, how: Literal["canceled", "written_off"]
) -> Posted:
    from portal.books import close_invoice
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app_:
        return await close_invoice(app_, invoice, how)


async def _undo(settings: Settings, ids: Sequence[str]) -> list[Posted]:
    from portal.books import undo as taken_back
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app_:
        return [await taken_back(app_, each) for each in ids]
