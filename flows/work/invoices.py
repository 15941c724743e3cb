"""Invoices as they are recorded: one for each number, and none twice by another number."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from rapidfuzz.distance import Levenshtein

from flows.booked import BookedInvoice
from flows.errors import OperatorError, RecordExists
from flows.model import Allocation, Invoice, Money, Output
from flows.money import is_exact
from flows.ports import Record, Scalar, Where
from flows.records import Records
from flows.steps.references import normalised

OWING: Final = ("open", "part")
"""States of invoices of which something is still owed."""

_NEAR_DAYS: Final = 7


class Invoices:
    """The invoices of one business, sealed in the store."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def all(self, *, owing: bool = False) -> list[Invoice]:
        """Return the invoices, oldest first; with *owing*, those not paid in full."""
        where = [Where("state", "in", OWING)] if owing else []
        found = self._records.opened("invoice", Invoice, where=where, order="recorded")
        return [invoice async for _, invoice in found]

    async def edition(self) -> str:
        """Return a text that changes whenever an invoice does, or what is known of a payout."""
        digest = hashlib.sha256()
        for kind in ("invoice", "payout"):
            async for record in self._records.each(kind):
                digest.update(f"{record.id} {record.etag}\n".encode())
        return digest.hexdigest()

    async def get(self, invoice_id: str) -> Invoice | None:
        """Return one invoice, paid or not, or None."""
        found = await self.find(invoice_id)
        return found[1] if found else None

    async def find(self, invoice_id: str) -> tuple[Record, Invoice] | None:
        """Return an invoice with its record, or None."""
        record = await self._records.get("invoice", invoice_id) if invoice_id else None
        return (record, await self._records.open(record, Invoice)) if record else None

    async def changed(self, record: Record, invoice: Invoice) -> Record:
        """Return *record* with *invoice* in it and its state, not yet stored."""
        fields: dict[str, Scalar] = {**record.fields, "state": invoice.state}
        return await self._records.seal(
            "invoice", invoice.id, invoice, fields, expires_at=record.expires_at
        )

    async def chased(self, invoice_id: str, flows: Sequence[str]) -> None:
        """Remember that these flows have run for an invoice; see `Invoice.chased`.

        Raises:
            StaleRecord: It was changed at this moment; it can be done again.
        """
        found = await self.find(invoice_id)
        if found is not None:
            record, invoice = found
            await self._put(record, replace(invoice, chased=(*invoice.chased, *flows)))

    async def link(self, output: Output) -> str:
        """Let an invoice be for the job that an output of `invoice.link` names; return its id.

        Raises:
            OperatorError: It is for another job already, or is not recorded any more.
            StaleRecord: It was changed at this moment; later may work.
        """
        job = _text(output.body, "job")
        found = await self.find(_text(output.body, "invoice"))
        if found is None:
            raise OperatorError("the invoice is no longer recorded", fix="reject this output")
        record, invoice = found
        if invoice.job not in ("", job):
            raise OperatorError(
                "this invoice is for another job already",
                fix="reject this output, or take the other back: `jigajob books undo`",
            )
        await self._put(record, replace(invoice, job=job))
        return invoice.id

    async def unlink(self, output: Output) -> None:
        """Take back what an output of `invoice.link` brought about.

        Raises:
            OperatorError: The invoice is not for that job.
            StaleRecord: It was changed at this moment; it can be done again.
        """
        found = await self.find(_text(output.body, "invoice"))
        if found is None or found[1].job != _text(output.body, "job"):
            raise OperatorError(
                f"output {output.id} has linked nothing",
                fix="`jigajob books list --json` tells the job of each invoice",
            )
        await self._put(found[0], replace(found[1], job=""))

    async def _put(self, record: Record, invoice: Invoice) -> None:
        changed = await self.changed(record, invoice)
        await self._records.store.put(self._records.key, changed, etag=record.etag)

    async def book(self, booked: BookedInvoice, now: datetime) -> bool:
        """Record an invoice as a firm's books have it; return whether that changed anything.

        What was matched with it stays. Invoices that mail told of under the same number are
        the same.

        Raises:
            StaleRecord: It was changed at this moment; it can be done again.
        """
        told = booked.invoice
        if told is None:
            return False
        paid = told.money.amount - booked.remaining.amount if booked.remaining else Decimal(0)
        record_id = await self._records.record_id(
            "invoice", told.direction, normalised(told.number), ""
        )
        found = await self.find(record_id)
        known = found[1] if found else replace(told, id=record_id)
        invoice = replace(
            known,
            money=told.money,
            party=told.party or known.party,
            issued_on=told.issued_on,
            due_on=told.due_on,
            booked=max(paid, Decimal(0)),
            canceled=booked.state == "canceled",
        )
        if found is None:
            fields = await self._fields(invoice, now, "")
            record = await self._records.seal("invoice", record_id, invoice, fields)
            await self._records.store.create(self._records.key, record)
            return True
        if invoice != known:
            await self._put(found[0], invoice)
        return invoice != known

    async def record(self, output: Output) -> str:
        """Record the invoice of an output of `invoice.record`, once, and return its id.

        Raises:
            OperatorError: It lacks what an invoice needs, contradicts one that is recorded,
                or looks like one again and no person has said that it is another.
        """
        invoice = await self._read(output)
        there = await self.get(invoice.id)
        fields = await self._fields(invoice, output.created_at, output.flow)
        if there is None and not output.approver:
            await self._refuse_copy(invoice, str(fields["twin"]))
        record = await self._records.seal("invoice", invoice.id, invoice, fields)
        try:
            if there is None:
                await self._records.store.create(self._records.key, record)
                return invoice.id
        except RecordExists:
            there = await self.get(invoice.id)
        if there is not None and there.money != invoice.money:
            await self._correct(invoice)
        return invoice.id

    async def _correct(self, invoice: Invoice) -> None:
        """Put an invoice in the place of one with its number that was canceled."""
        found = await self.find(invoice.id)
        if found is None or not found[1].canceled:
            raise OperatorError(
                "an invoice with this number is recorded already, with another amount",
                fix="compare the two; reject this one, or cancel the other"
                " (`jigajob books cancel NUMBER`) and approve this one",
            )
        await self._put(found[0], invoice)

    async def settle(self, output: Output) -> str:
        """Close an invoice as a person says: `canceled`, or what is owed of it `written_off`.

        Raises:
            OperatorError: It is not recorded, or nothing is owed of it.
            StaleRecord: It was changed at this moment; later may work.
        """
        found = await self.find(_text(output.body, "invoice"))
        if found is None:
            raise OperatorError("the invoice is no longer recorded", fix="reject this output")
        record, invoice = found
        if any(each.transaction == output.id for each in invoice.allocations):
            return invoice.id  # delivered before
        if output.body.get("how") == "canceled":
            await self._put(record, replace(invoice, canceled=True))
            return invoice.id
        left = invoice.owed.amount
        if left <= 0:
            raise OperatorError("nothing is owed of this invoice", fix="reject this output")
        closed = Allocation(
            transaction=output.id,
            kind="payment",
            amount=Decimal(0),
            booked_on=output.created_at.date(),
            deducted=left,
        )
        await self._put(record, replace(invoice, allocations=(*invoice.allocations, closed)))
        return invoice.id

    async def reopen(self, output: Output) -> None:
        """Take back what an output of `invoice.settle` brought about.

        Raises:
            OperatorError: It has closed nothing.
            StaleRecord: It was changed at this moment; it can be done again.
        """
        found = await self.find(_text(output.body, "invoice"))
        if found is None or (reopened := _reopened(found[1], output)) == found[1]:
            raise OperatorError(
                f"output {output.id} has closed nothing", fix="see `jigajob books list --all`"
            )
        await self._put(found[0], reopened)

    async def _fields(self, invoice: Invoice, now: datetime, flow: str) -> dict[str, Scalar]:
        amount = format(invoice.money.amount.normalize(), "f")
        return {
            "state": invoice.state,
            "direction": invoice.direction,
            "recorded": now.isoformat(),
            "flow": flow,
            "twin": await self._records.record_id(
                "twin", invoice.direction, amount, invoice.money.currency
            ),
        }

    async def _refuse_copy(self, invoice: Invoice, twin: str) -> None:
        """Hold up what is probably an invoice sent a second time with its number changed."""
        same = [Where("twin", "=", twin)]
        async for record in self._records.each("invoice", where=same):
            other = await self._records.open(record, Invoice)
            if _is_copy(invoice, other):
                raise OperatorError(
                    "this looks like an invoice sent again: one of the same amount and nearly"
                    " the same number is recorded",
                    fix="compare the two; reject this one, or approve it if it is another",
                )

    async def _read(self, output: Output) -> Invoice:
        body = output.body
        number, party = _text(body, "number"), _text(body, "party")
        money = _money(_text(body, "amount"), _text(body, "currency"))
        direction = _direction(body.get("direction"))
        if not normalised(number) or money is None or direction is None:
            raise OperatorError(
                f"invoice {output.id} lacks its number, its total or who has to pay it",
                fix="reject it, and give the step what the mail leaves open, for instance "
                "`direction` or `number`",
            )
        credit = bool(body.get("credit"))
        # Our own numbers are unique; two suppliers may well use the same.
        ours = direction == ("payable" if credit else "receivable")
        issuer = "" if ours else normalised(party)
        issuer = f"credit {issuer}" if credit else issuer
        return Invoice(
            id=await self._records.record_id("invoice", direction, normalised(number), issuer),
            number=number,
            direction=direction,
            money=money,
            party=party,
            email=_text(body, "email"),
            issued_on=_date(body.get("issued")),
            due_on=_date(body.get("due")),
            job=_text(body, "job"),
            quote=_text(body, "quote"),
            credit=credit,
        )


def _reopened(invoice: Invoice, output: Output) -> Invoice:
    """Return the invoice without what an output of `invoice.settle` did to it."""
    if output.body.get("how") == "canceled":
        return replace(invoice, canceled=False)
    kept = tuple(each for each in invoice.allocations if each.transaction != output.id)
    return replace(invoice, allocations=kept)


def _is_copy(one: Invoice, other: Invoice) -> bool:
    if one.id == other.id or not _alike(normalised(one.number), normalised(other.number)):
        return False
    parties = normalised(one.party), normalised(other.party)
    if all(parties) and parties[0] != parties[1]:
        return False
    if one.issued_on and other.issued_on:
        return abs((one.issued_on - other.issued_on).days) <= _NEAR_DAYS
    return True


def _alike(one: str, other: str) -> bool:
    """Whether two numbers may be one: equal, or one with more before or behind it.

    A slip of one sign counts in long numbers only, and not where both may follow each
    other: 1041 and 1042 are two invoices of one afternoon.
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) > 3 and short in long:  # noqa: PLR2004 - "7" is in many numbers
        return True
    same_length = len(one) == len(other)
    return not same_length and len(short) > 5 and Levenshtein.distance(one, other) == 1  # noqa: PLR2004


def _text(body: Mapping[str, object], name: str) -> str:
    return str(body.get(name) or "")


def _money(amount: str, currency: str) -> Money | None:
    try:
        value = Decimal(amount)
    except InvalidOperation:
        return None
    if not currency or not value.is_finite() or value <= 0:
        return None
    money = Money(amount=value, currency=currency)
    return money if is_exact(money) else None


def _direction(value: object) -> Literal["payable", "receivable"] | None:
    if value == "payable":
        return "payable"
    return "receivable" if value == "receivable" else None


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value or ""))
    except ValueError:
        return None
