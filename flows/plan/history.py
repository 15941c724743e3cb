"""What is stored of a stretch of days, gone through flow by flow; reads, and writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flows.audit import Log
from flows.engine import Engine
from flows.intake.message_records import paired
from flows.model import CleanMessage, CleanTransaction, Invoice, Output, Overdue
from flows.plan.comparing import UNDECIDED
from flows.plan.past import Flows, Past, Ran
from flows.plan.planning import Dealt, Planner, kind_of, title_of_start
from flows.plan.report import FlowPlan, Plan, in_order
from flows.ports import Record, Where
from flows.records import Records
from flows.retention import timespan
from flows.starts import START
from flows.work.books import Books
from flows.work.register import Register

Tell = Callable[[int, int], None]
"""Told how many items are done, of how many."""


_CLOCKS: Final = timedelta(days=1)
"""How far the day or time of an item may be from that of this machine: clocks, and zones."""


@dataclass(slots=True)
class _Made:
    """What was made, by what it was made of, and the items that somebody has replayed."""

    outputs: dict[str, list[Output]] = field(default_factory=dict)
    replayed: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class History:
    """The stored items of one business, what was made of them, and the log of how."""

    records: Records
    register: Register
    log: Log

    async def plan(
        self,
        flows: Flows,
        *,
        past: Past,
        deployed: Flows | None,
        since: datetime,
        until: datetime,
        tell: Tell = lambda done, of: None,
    ) -> Plan:
        """Return what *flows* would have done with what came in since then.

        *past* are the flows that runs found; what is told to differ is beside those that are
        *deployed*, or beside what was made where nothing is.

        Raises:
            TransientError, AdministratorError: From the store, or a record does not open.
        """
        engine, planner = flows.engine, Planner(flows, past, deployed)
        plan = Plan(over="history", since=since, until=until)
        made = await self._made(since)
        mails = await self._of("message", "received", since)
        movements = await self._of("transaction", "booked", since)
        overdue = await self._overdue(engine, made.outputs, since=since, until=until)
        books = await self._books() if movements else Books()
        starts = [await self._start(record, made) for record in await self._started(since)]
        told = [*overdue, *starts]
        total = len(mails) + len(movements) + len(told)
        dealt_with = self._dealt(mails, movements, made, books, until)
        done = 0
        async for dealt in dealt_with:
            planner.take(dealt)
            tell(done := done + 1, total)
        for dealt in told:
            planner.take(dealt)
            tell(done := done + 1, total)
        plan.looked_at = _numbers(mails, movements, told)
        plan.unstored = await self._unstored(since)
        plan.flows = _ordered(planner)
        return plan

    async def _dealt(
        self,
        mails: Sequence[Record],
        movements: Sequence[Record],
        made: _Made,
        books: Books,
        until: datetime,
    ) -> AsyncIterator[Dealt]:
        for record in mails:
            yield await self._mail(record, made, until)
        for record in movements:
            yield await self._movement(record, made, books, until)

    async def _of(self, kind: str, field: str, since: datetime) -> list[Record]:
        first = since.isoformat() if kind == "message" else since.date().isoformat()
        where = [Where(field, ">=", first)]
        return [record async for record in self.records.each(kind, where=where)]

    async def _made(self, since: datetime) -> _Made:
        """Return what was made since then, without what has given way to something newer."""
        found = _Made()
        where = [Where("created", ">=", since.isoformat())]
        async for record in self.records.each("output", where=where):
            output = await self.records.open(record, Output)
            if not output.superseded_by:
                found.outputs.setdefault(output.trigger, []).append(output)
        entries = self.log.entries(where=[Where("action", "=", "flows.replay")])
        found.replayed = {name async for each in entries for name in each.entry.subjects}
        return found

    async def _mail(self, record: Record, all_made: _Made, until: datetime) -> Dealt:
        mail = await self.records.open(record, CleanMessage)
        made = tuple(all_made.outputs.get(mail.id, ()))
        times = [output.created_at for output in made]
        ran = _ran(
            record,
            made,
            versions=_versions(record, made),
            earliest=min(times, default=mail.received_at - _CLOCKS),
            latest=max(times, default=until),
        )
        return Dealt(
            item=mail,
            at=min(times, default=mail.received_at),
            ran=ran if mail.id not in all_made.replayed else None,
            outputs=made,
            title=mail.subject,
        )

    async def _movement(
        self, record: Record, all_made: _Made, books: Books, until: datetime
    ) -> Dealt:
        movement = await self.records.open(record, CleanTransaction)
        made = tuple(all_made.outputs.get(movement.id, ()))
        booked = datetime.combine(movement.booked_on, time(), UTC)
        at = min((output.created_at for output in made), default=booked)
        # It was matched later than it was asked, so as which version does not count.
        ran = _ran(
            record,
            made,
            versions=frozenset(),
            earliest=booked - _CLOCKS,
            latest=at if made else until,
        )
        return Dealt(
            item=movement,
            at=at,
            ran=ran if movement.id not in all_made.replayed else None,
            outputs=made,
            title=f"{movement.money} {movement.booked_on.isoformat()}",
            books=books,
        )

    async def _started(self, since: datetime) -> list[Record]:
        where = [Where("created", ">=", since.isoformat())]
        return [record async for record in self.records.each("start", where=where)]

    async def _start(self, record: Record, all_made: _Made) -> Dealt:
        start = await self.records.open(record, START)
        made = tuple(all_made.outputs.get(start.id, ()))
        asked = datetime.fromisoformat(str(record.fields["created"]))
        held = bool(record.fields["open"] or record.fields["version"])
        ran = Ran(
            flows=frozenset({start.flow} if held else ()),
            versions=frozenset(),  # it may have run later than it was asked
            undecided=_undecided(made),
            earliest=asked,
            latest=asked,
        )
        at = min((output.created_at for output in made), default=asked)
        return Dealt(item=start, at=at, ran=ran, outputs=made, title=title_of_start(start))

    async def _books(self) -> Books:
        """Return the books as they are; a payment that is asked again finds what it found."""
        where = [Where("kind", "=", "payout")]
        payouts = [
            await self.records.open(record, CleanTransaction)
            async for record in self.records.each("transaction", where=where)
        ]
        return await self.register.books(payouts)

    async def _overdue(
        self,
        engine: Engine,
        outputs: Mapping[str, list[Output]],
        *,
        since: datetime,
        until: datetime,
    ) -> list[Dealt]:
        """Return each invoice that was owed on a day on which a flow's waiting time ended."""
        zone = ZoneInfo(engine.business.time_zone)
        found: list[Dealt] = []
        for invoice in await self.register.invoices() if engine.waits else []:
            for wait in sorted(engine.waits, key=timespan):
                fell = _fell_due(invoice, timespan(wait), zone)
                made = tuple(outputs.get(f"{invoice.id}-{wait}", ()))
                at = min((output.created_at for output in made), default=fell)
                if at is None or not since <= at <= until or not _owed_at(invoice, at):
                    continue
                found.append(_overdue(invoice, wait, at.astimezone(zone), made))
        return found

    async def _unstored(self, since: datetime) -> Counter[str]:
        where = [Where("day", ">=", since.date().isoformat())]
        counted: Counter[str] = Counter()
        async for record in self.records.each("arrival", where=where):
            if record.fields["state"] != "stored":
                counted[str(record.fields["reason"])] += 1
        return counted


def _numbers(
    mails: Sequence[Record], movements: Sequence[Record], others: Sequence[Dealt]
) -> Counter[str]:
    counted = Counter(mail=len(mails), transaction=len(movements), overdue=0)
    counted.update(kind_of(dealt.item) for dealt in others)
    return counted


def _ordered(planner: Planner) -> list[FlowPlan]:
    for flow in planner.plans:
        flow.items = in_order(flow.items)
    return planner.plans


def _ran(
    record: Record,
    made: Sequence[Output],
    *,
    versions: frozenset[tuple[str, str]],
    earliest: datetime,
    latest: datetime,
) -> Ran:
    return Ran(
        flows=frozenset(filter(None, str(record.fields.get("flows") or "").split(","))),
        versions=versions,
        undecided=_undecided(made),
        earliest=earliest,
        latest=latest,
    )


def _undecided(made: Sequence[Output]) -> frozenset[str]:
    return frozenset(output.flow for output in made if output.uses == UNDECIDED)


def _versions(record: Record, made: Sequence[Output]) -> frozenset[tuple[str, str]]:
    """Return as which version each flow ran; of records of earlier releases outputs tell."""
    told = paired(record.fields.get("versions"))
    outputs = (output for output in made if output.uses != UNDECIDED)
    return frozenset((told or {o.flow: o.flow_version for o in outputs}).items())


def _fell_due(invoice: Invoice, wait: timedelta, zone: ZoneInfo) -> datetime | None:
    if invoice.due_on is None or invoice.credit or invoice.canceled:
        return None
    return datetime.combine(invoice.due_on + wait, time(12), zone).astimezone(UTC)


def _owed_at(invoice: Invoice, at: datetime) -> bool:
    """Return whether anything of it was owed then, as far as its payments tell."""
    paid = tuple(
        each
        for each in invoice.allocations
        if each.booked_on is None or each.booked_on < at.date()
    )
    return replace(invoice, allocations=paid).state in ("open", "part")


def _overdue(invoice: Invoice, wait: str, at: datetime, made: tuple[Output, ...]) -> Dealt:
    assert invoice.due_on is not None  # noqa: S101 - else it is never overdue
    item = Overdue(
        id=f"{invoice.id}-{wait}",
        invoice=invoice,
        after=wait,
        days=(at.date() - invoice.due_on).days,
        source=made[0].source if made else "",
    )
    return Dealt(item=item, at=at, outputs=made, title=invoice.number)
