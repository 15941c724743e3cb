"""The register of work: jobs, invoices and which payment paid which, sealed in the store.

It is the outlet of `job.open`, `invoice.record` and `payment.match`. Ids of records derive
from what they are of, so that the same work recorded again is the same record; what would
contradict a record is refused and left to a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from flows.errors import OperatorError, RecordExists, StaleRecord
from flows.model import Invoice, Money, Output
from flows.ports import Record, Store, Where, Write
from flows.records import WORK, Records
from flows.sealing import Keyring
from flows.steps.references import normalised

_RACES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as it was opened; unknown parts are empty."""

    id: str
    reference: str
    title: str
    site: str = ""
    customer: str = ""
    phone: str = ""
    email: str = ""
    wanted: str = ""
    notes: str = ""
    priority: str = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One payment and the one invoice that it pays, both by id."""

    transaction: str
    invoice: str


class Register:
    """Jobs, invoices and matches of one business; ids and states readable, the rest sealed."""

    def __init__(self, store: Store, keyring: Keyring, business: str) -> None:
        self._records = Records(store, keyring, business, WORK)

    @property
    def uses(self) -> frozenset[str]:
        """Return the steps whose outputs it takes."""
        return frozenset({"job.open", "invoice.record", "payment.match"})

    async def deliver(self, output: Output) -> str:
        """Record the output, and return where: `job/J-…`, `invoice/…`, `match/…`.

        Raises:
            OperatorError: It lacks what a record needs, or contradicts one that is there.
            StaleRecord: Others wrote to the same record again and again; later may work.
        """
        match output.uses:
            case "job.open":
                return await self._open_job(output)
            case "invoice.record":
                return await self._record_invoice(output)
            case "payment.match":
                return await self._match(output)
            case _:
                raise OperatorError(
                    f"the register does not take outputs of {output.uses}",
                    fix="give them to the outlet that names this step",
                )

    async def jobs(self) -> list[Job]:
        """Return all jobs, oldest first."""
        return [
            await self._records.open(record, Job)
            async for record in self._records.each("job", order="recorded")
        ]

    async def open_invoices(self) -> list[Invoice]:
        """Return the invoices that nothing has paid yet, oldest first."""
        unpaid = [Where("state", "=", "open")]
        return [
            await self._records.open(record, Invoice)
            async for record in self._records.each("invoice", where=unpaid, order="recorded")
        ]

    async def invoice(self, invoice_id: str) -> Invoice | None:
        """Return one invoice, paid or not, or None."""
        record = await self._records.get("invoice", invoice_id)
        return await self._records.open(record, Invoice) if record else None

    async def _open_job(self, output: Output) -> str:
        text = {name: str(output.body.get(name) or "") for name in _JOB_FIELDS}
        record_id = await self._records.record_id("job", output.id)
        job = Job(id=record_id, reference=str(output.body.get("job") or record_id[:12]), **text)
        fields = {"state": "new", "recorded": output.created_at.isoformat()}
        with suppress(RecordExists):  # delivered before
            await self._create("job", record_id, job, {**fields, "flow": output.flow})
        return f"job/{job.reference}"

    async def _record_invoice(self, output: Output) -> str:
        invoice = await self._invoice_of(output)
        fields = {
            "state": "open",
            "direction": invoice.direction,
            "recorded": output.created_at.isoformat(),
            "flow": output.flow,
        }
        try:
            await self._create("invoice", invoice.id, invoice, fields)
        except RecordExists:
            there = await self.invoice(invoice.id)
            if there is not None and there.money != invoice.money:
                raise OperatorError(
                    "an invoice with this number is recorded already, with another amount",
                    fix="compare the two; reject this one, or record it under another number",
                ) from None
        return f"invoice/{invoice.id}"

    async def _invoice_of(self, output: Output) -> Invoice:
        body = output.body
        number = str(body.get("number") or "")
        amount = _amount(str(body.get("amount") or ""))
        currency = str(body.get("currency") or "")
        direction = _direction(body.get("direction"))
        if not normalised(number) or amount is None or not currency or direction is None:
            raise OperatorError(
                f"invoice {output.id} lacks its number, its total or who has to pay it",
                fix="reject it, and give the step what the mail leaves open, for instance "
                "`direction` or `number`",
            )
        party = str(body.get("party") or "")
        # Our own numbers are unique; two suppliers may well use the same.
        issuer = normalised(party) if direction == "payable" else ""
        record_id = await self._records.record_id(
            "invoice", direction, normalised(number), issuer
        )
        return Invoice(
            id=record_id,
            number=number,
            direction=direction,
            money=Money(amount=amount, currency=currency),
            party=party,
            issued_on=_date(body.get("issued")),
            due_on=_date(body.get("due")),
        )

    async def _match(self, output: Output) -> str:
        body = output.body
        match = Match(
            transaction=str(body.get("transaction") or ""),
            invoice=str(body.get("invoice") or ""),
        )
        if not (match.transaction and match.invoice):
            raise OperatorError(
                f"match {output.id} does not say which payment pays which invoice",
                fix="reject it",
            )
        record_id = await self._records.record_id("match", match.transaction)
        for _ in range(_RACES):
            if await self._matched_before(record_id, match):
                return f"match/{record_id}"
            try:
                await self._pay(output, record_id, match)
            except (RecordExists, StaleRecord):
                continue  # somebody was quicker: look again at what is there now
            return f"match/{record_id}"
        raise StaleRecord("the invoice of a payment was changed again and again meanwhile")

    async def _matched_before(self, record_id: str, match: Match) -> bool:
        record = await self._records.get("match", record_id)
        if record is None:
            return False
        there = await self._records.open(record, Match)
        if there.invoice != match.invoice:
            raise OperatorError(
                "this payment is matched to another invoice already",
                fix="reject this proposal",
            )
        return True

    async def _pay(self, output: Output, record_id: str, match: Match) -> None:
        """Write the match and mark the invoice as paid, both or neither."""
        record = await self._records.get("invoice", match.invoice)
        if record is None:
            raise OperatorError(
                "the invoice of this payment is no longer recorded", fix="reject this output"
            )
        invoice = await self._records.open(record, Invoice)
        if invoice.paid_by not in {"", match.transaction}:
            raise OperatorError(
                "this invoice is paid by another payment already",
                fix="reject this output; the customer or supplier may have to be asked",
            )
        paid = await self._records.seal(
            "invoice",
            invoice.id,
            replace(invoice, paid_by=match.transaction),
            {**record.fields, "state": "paid"},
            expires_at=record.expires_at,
        )
        made = await self._records.seal(
            "match", record_id, match, {"recorded": output.created_at.isoformat()}
        )
        await self._records.store.batch(
            self._records.key,
            [
                Write(op="create", record=made),
                Write(op="put", record=paid, etag=record.etag),
            ],
        )

    async def _create(
        self, kind: str, record_id: str, noun: object, fields: Mapping[str, str]
    ) -> Record:
        record = await self._records.seal(kind, record_id, noun, fields)
        return await self._records.store.create(self._records.key, record)


_JOB_FIELDS: Final = (
    *("title", "site", "customer", "phone", "email", "wanted", "notes", "priority"),
)


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount > 0 else None


def _direction(value: object) -> Literal["payable", "receivable"] | None:
    if value == "payable":
        return "payable"
    return "receivable" if value == "receivable" else None


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value or ""))
    except ValueError:
        return None
