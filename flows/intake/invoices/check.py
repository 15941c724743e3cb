"""Whether the sums of an invoice add up, to the smallest unit of its currency."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from flows.intake.invoices.figures import unit
from flows.intake.invoices.reading import Found, InvoiceDocument

TOTAL: Final = "its net and its tax do not add up to its total"
LINES: Final = "its lines do not add up to its net"
TAXES: Final = "its taxes do not add up to its tax"
PAYABLE: Final = "its total less what is paid is not what it asks for"
RATE: Final = "a tax is not what its rate makes of its base"
NEGATIVE: Final = "its total is negative, but nothing calls it a credit note"

PROVEN: Final = 0.99
"""Confidence of amounts that others on the page prove."""


def checked(invoice: InvoiceDocument) -> InvoiceDocument:
    """Return *invoice* with a doubt for each sum that does not add up.

    Amounts that were read from a page and prove each other become sure.
    """
    wrong = tuple(dict.fromkeys(_wrong(invoice)))
    invoice = replace(invoice, doubts=(*invoice.doubts, *wrong))
    net, tax, gross = invoice.net, invoice.tax, invoice.gross
    if TOTAL in wrong or net is None or tax is None or gross is None:
        return invoice
    return replace(invoice, net=_sure(net), tax=_sure(tax), gross=_sure(gross))


def upright(invoice: InvoiceDocument) -> InvoiceDocument:
    """Return *invoice* with positive amounts: credit notes are printed either way."""
    if invoice.gross is None or invoice.gross.value >= 0:
        return invoice

    def turned(found: Found[Decimal] | None) -> Found[Decimal] | None:
        return None if found is None else replace(found, value=-found.value)

    doubts = invoice.doubts if invoice.credit else (*invoice.doubts, NEGATIVE)
    return replace(
        invoice,
        credit=True,
        net=turned(invoice.net),
        tax=turned(invoice.tax),
        gross=turned(invoice.gross),
        payable=turned(invoice.payable),
        taxes=tuple(
            replace(
                each,
                value=replace(
                    each.value,
                    amount=-each.value.amount,
                    base=-each.value.base if each.value.base is not None else None,
                ),
            )
            for each in invoice.taxes
        ),
        lines=tuple(
            replace(each, value=replace(each.value, amount=-each.value.amount))
            for each in invoice.lines
        ),
        doubts=doubts,
    )


def adds_up(net: Decimal, tax: Decimal, gross: Decimal, currency: str, taxes: int = 1) -> bool:
    """Return whether net and tax are the total; each tax may be rounded by itself."""
    return abs(net + tax - gross) <= unit(currency) * (max(taxes, 1) if taxes > 1 else 0)


def lines_make(invoice: InvoiceDocument) -> bool | None:
    """Return whether the lines add up to net, or with tax in them to the total; None without.

    Each line may be rounded by half a unit.
    """
    if not invoice.lines:
        return None
    amounts = [line.value.amount for line in invoice.lines]
    off = _plain(invoice.charges) - _plain(invoice.discount)
    # Half a unit a line, but for few lines nothing: printed amounts are what is added.
    leeway = unit(_currency(invoice)) * (len(amounts) // 2) if len(amounts) > 3 else Decimal(0)  # noqa: PLR2004
    sums = [found.value for found in (invoice.net, invoice.gross) if found is not None]
    if not sums:
        return None
    return any(abs(sum(amounts) + off - each) <= leeway for each in sums)


def _wrong(invoice: InvoiceDocument) -> list[str]:
    found: list[str] = []
    currency = _currency(invoice)
    net, tax, gross = invoice.net, invoice.tax, invoice.gross
    if net is not None and tax is not None and gross is not None:
        taxes = len(invoice.taxes)
        if not adds_up(net.value, tax.value, gross.value, currency, taxes):
            found.append(TOTAL)
    elif net is not None and gross is not None and tax is None and net.value != gross.value:
        found.append(TOTAL)
    if lines_make(invoice) is False:
        found.append(LINES)
    if invoice.taxes and tax is not None:
        made = sum((each.value.amount for each in invoice.taxes), Decimal(0))
        if abs(made - tax.value) > unit(currency):
            found.append(TAXES)
    for each in invoice.taxes:
        rate, base = each.value.rate, each.value.base
        if rate is not None and base is not None:
            # A tax that is summed from its lines may be off by some units.
            slack = unit(currency) * max(len(invoice.lines), 1)
            if abs(base * rate / 100 - each.value.amount) > slack:
                found.append(RATE)
    if gross is not None and invoice.payable is not None:
        left = gross.value - _plain(invoice.paid)
        if abs(left - invoice.payable.value) > unit(currency):
            found.append(PAYABLE)
    return found


def _currency(invoice: InvoiceDocument) -> str:
    return invoice.currency.value if invoice.currency is not None else ""


def _plain(found: Found[Decimal] | None) -> Decimal:
    return found.value if found is not None else Decimal(0)


def _sure(found: Found[Decimal]) -> Found[Decimal]:
    return replace(found, confidence=max(found.confidence, PROVEN))
