"""The path of a page of transactions, and the matching of those that still wait."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from anonymizer.text.request import Request
from anonymizer.text.stand_ins import Roster
from flows.engine import Engine, Matches
from flows.errors import RecordExists, SkipItem, StaleRecord
from flows.intake.arrivals import Arrivals, Counts, Pointer
from flows.intake.cleaning import clean_each, clean_transaction, transaction_request
from flows.intake.message_records import joined, paired
from flows.intake.parties import OwnAddresses
from flows.manners import Manners
from flows.model import CleanTransaction, Output, Transaction
from flows.money import is_exact
from flows.outbox import Outbox, made_slots, output_record, output_writes
from flows.ports import Clock, Record, Scalar, TransactionItem, TransactionSource, Where, Write
from flows.records import Records
from flows.retention import expiry
from flows.store_rules import MAX_WRITES
from flows.work.books import Books
from flows.work.register import Register

if TYPE_CHECKING:
    from anonymizer.text.cleaner import Cleaner

LONGEST_WORDS: Final = 10_000
"""Characters of counterparty and reference together; cleaning takes time for each."""


@dataclass(frozen=True, slots=True)
class _Arrived:
    """One transaction on its way, with what the cleaner needs to know about it."""

    pointer: Pointer
    transaction: Transaction
    matches: Matches
    request: Request


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is to be written of one transaction, and how much was taken out of it by label."""

    writes: tuple[Write, ...]
    removed: Mapping[str, int]


class TransactionIntake:
    """Takes in the transactions of one source and runs the flows that they trigger.

    A transaction is cleaned and stored when it comes; its flows run in `match`, after all
    mail is in, so that the invoice that it pays is known. One that found nothing is tried
    again in each sweep.
    """

    def __init__(
        self,
        source: str,
        *,
        bank: TransactionSource,
        records: Records,
        engine: Engine,
        cleaner: Cleaner,
        clock: Clock,
    ) -> None:
        self.source, self.bank = source, bank
        self._records, self._engine = records, engine
        self._cleaner, self._clock = cleaner, clock
        self._arrivals = Arrivals(records, source)
        business = engine.business
        own = OwnAddresses(business.domains, business.addresses)
        self._manners = Manners(records, business, own)

    async def page(self, items: Sequence[TransactionItem]) -> Counts:
        """Store each transaction of a page, clean, and return what became of them.

        Raises:
            TransientError, AdministratorError: From the store; the page can be done again.
        """
        counts = Counts(listed=len(items))
        settled = await self._arrivals.settled(item.native_id for item in items)
        fresh: dict[str, TransactionItem] = {}  # one movement may stand in two files of a page
        for item in items:
            if item.native_id not in settled:
                fresh.setdefault(item.native_id, _usable(item))
        await self._settle_told(fresh, counts)
        arrived = [
            await self._arrive(item, item.transaction)
            for item in fresh.values()
            if item.transaction is not None
        ]
        requests = [each.request for each in arrived]
        results = await asyncio.to_thread(clean_each, self._cleaner, requests)
        ready: list[_Ready] = []
        for each, cleaned in zip(arrived, results, strict=True):
            if isinstance(cleaned, SkipItem):
                await self._quarantine(each.pointer, cleaned.reason, counts)
            else:
                ready.append(
                    await self._ready(each, clean_transaction(each.transaction, cleaned))
                )
        await self._commit(ready, counts)
        for item in fresh.values():
            if item.transaction is None:
                await self._quarantine(_pointer(item), item.reason, counts)
        return counts

    async def match(self, register: Register, outbox: Outbox) -> Counts:
        """Run the flows of every transaction that still waits, oldest booking first.

        What a transaction brings about is delivered before the next one is looked at, so
        that no invoice is paid twice.
        """
        counts = Counts()
        payouts = await payouts_in(self._records)
        edition = await self._edition(register, payouts)
        where = [Where("source", "=", self.source), Where("open", "=", True)]
        if edition == await self._matched():
            where.append(Where("versions", "=", ""))  # all others would find nothing again
        waiting = [record async for record in self._records.each("transaction", where=where)]
        waiting.sort(key=lambda record: (str(record.fields["booked"]), record.id))
        if waiting:
            # What another worker has matched just now is in the books when it is delivered.
            await outbox.deliver()
        books = await register.books(payouts) if waiting else Books()
        for record in waiting:
            try:
                outputs = await self._run(record, books)
            except (StaleRecord, RecordExists):  # another worker matched it
                await outbox.deliver()
                books = await register.books(payouts)
                continue
            counts.outputs += len(outputs)
            if outputs:
                await outbox.deliver()
                await register.refresh(books, outputs)
        made = await self._records.seal("matched", self.source, {}, {"edition": edition})
        await self._records.store.put(self._records.key, made)
        return counts

    async def _edition(self, register: Register, payouts: Sequence[CleanTransaction]) -> str:
        """Return a text that stays the same while waiting transactions would find the same."""
        told = [await register.edition(), *sorted(each.id for each in payouts)]
        told += [f"{flow}={version}" for flow, version in sorted(self._engine.versions.items())]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    async def _matched(self) -> str:
        """Return the edition of the books that all waiting transactions were held against."""
        record = await self._records.get("matched", self.source)
        return str(record.fields["edition"]) if record else ""

    async def _settle_told(self, fresh: dict[str, TransactionItem], counts: Counts) -> None:
        """Take out of *fresh* what was stored under another id; mark what corrects that."""
        for item in [each for each in fresh.values() if each.same_as or each.corrects]:
            if await self._stored(item.same_as):
                del fresh[item.native_id]
                arrival = await self._arrivals.record(
                    _pointer(item), "skipped", "duplicate", day=self._clock.now()
                )
                if await self._arrivals.settle(arrival):
                    counts.skipped["duplicate"] += 1
            elif item.transaction and await self._stored(item.corrects):
                reason = "corrects_another"
                fresh[item.native_id] = replace(item, transaction=None, reason=reason)

    async def _stored(self, native_ids: Sequence[str]) -> bool:
        for native_id in native_ids:
            arrival = await self._arrivals.find(native_id)
            if arrival is not None and arrival.fields["state"] == "stored":
                return True
        return False

    async def _arrive(self, item: TransactionItem, transaction: Transaction) -> _Arrived:
        record_id = await self._records.record_id("transaction", self.source, item.native_id)
        transaction = replace(transaction, id=record_id, source=self.source)
        matches = self._engine.matching(transaction, now=self._clock.now())
        request = transaction_request(
            transaction,
            business=self._engine.business,
            keep=self._engine.keeps(matches.flows),
            generalise=self._engine.generalises(matches.flows),
            roster=Roster(await self._records.secret("stand-ins"), {}),
        )
        return _Arrived(_pointer(item), transaction, matches, request)

    async def _ready(self, arrived: _Arrived, clean: CleanTransaction) -> _Ready:
        now = self._clock.now()
        flows = arrived.matches.flows
        expires = expiry(flows, now)
        fields: dict[str, Scalar] = {
            "source": self.source,
            "kind": clean.kind,
            "booked": clean.booked_on.isoformat(),
            "flows": ",".join(flow.id for flow in flows),
            "versions": "",
            "open": bool(flows),
        }
        record = await self._records.seal(
            "transaction", clean.id, clean, fields, expires_at=expires
        )
        arrival = await self._arrivals.record(
            arrived.pointer, "stored", day=now, message=clean.id
        )
        writes = [Write(op="put", record=arrival), Write(op="create", record=record)]
        for output in arrived.matches.undecided:
            failed = await output_record(self._records, output, expires_at=expires)
            writes.append(Write(op="put", record=failed))
        return _Ready(tuple(writes), clean.removed)

    async def _commit(self, ready: Sequence[_Ready], counts: Counts) -> None:
        """Store what belongs to each transaction as one, many of them at a time.

        A store makes sure of each batch by itself, which takes longer than all the rest.
        """
        waiting = list(ready)
        while waiting:
            group = [waiting.pop(0)]
            while (
                waiting and sum(len(each.writes) for each in (*group, waiting[0])) <= MAX_WRITES
            ):
                group.append(waiting.pop(0))
            try:
                await self._batch(group, counts)
            except RecordExists:  # another worker took one of them in
                for each in group:
                    with contextlib.suppress(RecordExists):
                        await self._batch([each], counts)

    async def _batch(self, group: Sequence[_Ready], counts: Counts) -> None:
        writes = [write for each in group for write in each.writes]
        await self._records.store.batch(self._records.key, writes)
        for each in group:
            counts.stored += 1
            counts.removed.update(each.removed)

    async def _quarantine(self, pointer: Pointer, reason: str, counts: Counts) -> None:
        before = await self._arrivals.find(pointer.native_id)
        arrival = await self._arrivals.record(
            pointer, "quarantined", reason, day=self._clock.now()
        )
        written = await self._arrivals.settle(arrival)
        if written and (before is None or before.fields["reason"] != reason):
            counts.quarantined[reason] += 1

    async def _run(self, record: Record, books: Books) -> list[Output]:
        """Run the flows of one waiting transaction; return the outputs that are new.

        Raises:
            StaleRecord, RecordExists: Another worker was quicker.
        """
        now = self._clock.now()
        clean = await self._records.open(record, CleanTransaction)
        versions = paired(record.fields["versions"])
        runs = [
            self._engine.run(
                flow, clean, books=books, now=now, version=versions.get(flow.id, "")
            )
            for flow in self._engine.named(str(record.fields["flows"]).split(","))
        ]
        versions |= {run.flow: run.version for run in runs}
        fields: dict[str, Scalar] = {
            **record.fields,
            "versions": joined(versions),
            "open": any(run.unmatched for run in runs),
        }
        outputs = [output for run in runs for output in run.outputs]
        if outputs:
            made = await made_slots(self._records, clean.id)
            outputs = [output for output in outputs if output.slot not in made]
        if not outputs and fields == record.fields:
            return []
        writes = [Write(op="put", record=replace(record, fields=fields), etag=record.etag)]
        outputs, answers = await self._manners.settled(outputs, now)
        writes += answers
        writes += await output_writes(self._records, outputs, expires_at=record.expires_at)
        await self._records.store.batch(self._records.key, writes)
        return outputs


async def payouts_in(records: Records) -> list[CleanTransaction]:
    """Return all payouts of which processors have told, of every source."""
    where = [Where("kind", "=", "payout")]
    return [
        await records.open(record, CleanTransaction)
        async for record in records.each("transaction", where=where)
    ]


def _pointer(item: TransactionItem) -> Pointer:
    return Pointer(native_id=item.native_id, folder="", detail=item.pointer)


def _usable(item: TransactionItem) -> TransactionItem:
    """Return the item, refused where no bank would write it so.

    That is: more words than any would, or an amount finer than its currency divides.
    """
    paid = item.transaction
    if paid is None:
        return item
    if len(paid.counterparty) + len(paid.reference) > LONGEST_WORDS:
        return replace(item, transaction=None, reason="too_large")
    return (
        item if is_exact(paid.money) else replace(item, transaction=None, reason="bad_amount")
    )
