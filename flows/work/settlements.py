"""What each transaction was matched with: written with the invoices, both or neither."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from flows.errors import OperatorError, RecordExists, StaleRecord
from flows.model import Allocation, Invoice, Output
from flows.ports import Record, Write
from flows.records import Records
from flows.work.invoices import Invoices
from flows.work.settlement import (
    Arrival,
    Claim,
    ClaimedShare,
    Settlement,
    allocation_kind,
    claim_of,
    parts_of,
)

_RACES: Final = 5


class Settlements:
    """The settlements of one business, sealed in the store."""

    def __init__(self, records: Records, invoices: Invoices) -> None:
        self._records, self._invoices = records, invoices

    async def all(self) -> list[Settlement]:
        """Return all settlements, in no order to rely on."""
        return [found async for _, found in self._records.opened("match", Settlement)]

    async def get(self, transaction: str) -> Settlement | None:
        """Return what one transaction was matched with, or None."""
        record_id = await self._records.record_id("match", transaction)
        record = await self._records.get("match", record_id)
        return await self._records.open(record, Settlement) if record else None

    async def arrivals(self) -> dict[str, Arrival]:
        """Return what is known of payouts, by their transaction's id."""
        found = [
            await self._records.open(record, Arrival)
            async for record in self._records.each("payout")
        ]
        return {each.payout: each for each in found}

    async def make(self, output: Output) -> str:
        """Match a transaction as its output says, once, and return the record's id.

        Raises:
            OperatorError: It contradicts what is recorded.
            StaleRecord: Others wrote to the same records again and again; later may work.
        """
        claim = claim_of(output)
        record_id = await self._records.record_id("match", claim.transaction)
        for _ in range(_RACES):
            try:
                await self._make(output, claim, record_id)
            except (RecordExists, StaleRecord):
                continue  # somebody was quicker: look again at what is there now
            return record_id
        raise StaleRecord("the invoice of a payment was changed again and again meanwhile")

    async def undo(self, output: Output) -> Settlement:
        """Take back what *output* matched, and return what is left of its settlement.

        The same pair is never proposed again.

        Raises:
            OperatorError: It has matched nothing.
            StaleRecord: As for `make`.
        """
        transaction = str(output.body.get("transaction") or "")
        record_id = await self._records.record_id("match", transaction)
        for _ in range(_RACES):
            record = await self._records.get("match", record_id)
            known = await self._records.open(record, Settlement) if record else None
            if record is None or known is None or output.id not in known.outputs:
                raise OperatorError(
                    f"output {output.id} has matched nothing",
                    fix="`jigajob outbox list --all` shows what was matched",
                )
            try:
                return await self._undo(output.id, record, known)
            except StaleRecord:
                continue
        raise StaleRecord("the invoice of a payment was changed again and again meanwhile")

    async def _make(self, output: Output, claim: Claim, record_id: str) -> None:
        record = await self._records.get("match", record_id)
        known = Settlement(
            transaction=claim.transaction, money=claim.money, booked_on=claim.booked_on
        )
        if record is not None:
            known = await self._records.open(record, Settlement)
        if output.id in known.outputs:
            return  # delivered before
        _check(known, claim, output.id)
        writes = [await self._pay(claim, share) for share in claim.shares]
        if claim.payout:
            writes.append(await self._arrive(claim))
        made = replace(known, parts=(*known.parts, *parts_of(claim, output.id)))
        fields = {"recorded": output.created_at.isoformat()}
        sealed = await self._records.seal("match", record_id, made, fields)
        writes.append(_written(sealed, record))
        await self._records.store.batch(self._records.key, writes)

    async def _pay(self, claim: Claim, share: ClaimedShare) -> Write:
        found = await self._invoices.find(share.invoice)
        if found is None:
            raise OperatorError(
                "the invoice of this payment is no longer recorded", fix="reject this output"
            )
        record, invoice = found
        _check_share(invoice, claim, share)
        allocation = Allocation(
            transaction=claim.transaction,
            kind=allocation_kind(claim.kind),
            amount=share.amount,
            booked_on=claim.booked_on,
            deducted=share.deducted,
            exchange=claim.exchange,
        )
        invoice = replace(invoice, allocations=(*invoice.allocations, allocation))
        return _written(await self._invoices.changed(record, invoice), record)

    async def _arrive(self, claim: Claim) -> Write:
        record, known = await self._arrival(claim.payout)
        if known.transaction not in ("", claim.transaction):
            raise OperatorError(
                "this payout has arrived by another movement already",
                fix="reject this output",
            )
        return await self._put(replace(known, transaction=claim.transaction), record)

    async def _undo(self, output_id: str, record: Record, known: Settlement) -> Settlement:
        writes: list[Write] = []
        for part in known.parts:
            if part.output != output_id:
                continue
            if part.payout:
                there, arrival = await self._arrival(part.payout)
                refused = (*arrival.refused, known.transaction)
                arrival = replace(arrival, transaction="", refused=refused)
                writes.append(await self._put(arrival, there))
            elif found := await self._invoices.find(part.invoice):
                there, invoice = found
                changed = await self._invoices.changed(
                    there, _without(invoice, known.transaction)
                )
                writes.append(_written(changed, there))
        left = replace(
            known,
            parts=tuple(each for each in known.parts if each.output != output_id),
            undone=(*known.undone, output_id),
        )
        sealed = await self._records.seal("match", record.id, left, record.fields)
        await self._records.store.batch(self._records.key, [*writes, _written(sealed, record)])
        return left

    async def _arrival(self, payout: str) -> tuple[Record | None, Arrival]:
        record = await self._records.get(
            "payout", await self._records.record_id("payout", payout)
        )
        if record is None:
            return None, Arrival(payout=payout)
        return record, await self._records.open(record, Arrival)

    async def _put(self, arrival: Arrival, record: Record | None) -> Write:
        record_id = await self._records.record_id("payout", arrival.payout)
        sealed = await self._records.seal("payout", record_id, arrival, {})
        return _written(sealed, record)


def _written(record: Record, before: Record | None) -> Write:
    if before is None:
        return Write(op="create", record=record)
    return Write(op="put", record=record, etag=before.etag)


def _without(invoice: Invoice, transaction: str) -> Invoice:
    kept = tuple(each for each in invoice.allocations if each.transaction != transaction)
    return replace(invoice, allocations=kept, refused=(*invoice.refused, transaction))


def _check(known: Settlement, claim: Claim, output_id: str) -> None:
    """Refuse what the transaction cannot be besides what it is already."""
    if output_id in known.undone:
        raise OperatorError(
            "somebody has taken this match back", fix="reject it, or match by another output"
        )
    if not known.parts:
        return
    wanted = sum((abs(share.amount) for share in claim.shares), Decimal(0))
    payments = claim.kind == "payment" and all(each.kind == "payment" for each in known.parts)
    if not payments or claim.exchange or wanted > known.left:
        raise OperatorError(
            "this payment is matched to something else already",
            fix="reject this proposal, or take the other match back: `jigajob books undo`",
        )


def _check_share(invoice: Invoice, claim: Claim, share: ClaimedShare) -> None:
    """Refuse what cannot happen to the invoice any more."""
    if any(each.transaction == claim.transaction for each in invoice.allocations):
        raise OperatorError(
            "this payment is matched with this invoice already", fix="reject this output"
        )
    if claim.kind == "payment":
        pays = share.amount + share.deducted
        over = max(pays - share.owed, Decimal(0))  # as proposed, and so as approved
        if pays > invoice.unmatched.amount + over:
            raise OperatorError(
                "this invoice is paid by another payment already",
                fix="reject this output; the customer or supplier may have to be asked",
            )
    elif share.amount < 0 and invoice.paid - invoice.refunded < -share.amount:
        raise OperatorError(
            "less was paid for this invoice than is given back",
            fix="reject this output, or match the payment first and approve it again",
        )
