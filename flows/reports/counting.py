"""What one business counts in a stretch of time; out of what it keeps, changing none of it.

Out are what a minor's data was found in, automatic mail, the business's own mail, and what
was before it agreed. Answers count that came within a week.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from flows.model import CleanMessage, Invoice
from flows.outbox.record import OUTPUT
from flows.own_outputs import FLOW
from flows.ports import Record, Where
from flows.records import Records
from flows.reports.periods import SETTLING, Period
from flows.reports.tally import Tally
from flows.steps.references import normalised

REQUESTS: Final = ("service_request", "quote_request")
"""Kinds of messages that ask for work."""

OF_MINORS: Final = frozenset({"AGE", "BIRTH_DATE", "CHILD", "SCHOOL", "TEAM"})
"""Labels of what may be a minor's; a mail in which one was found counts for nothing. Better an
adult's birthday too many than a child too few."""

_ANSWERS: Final = ("mail.send", "reply.send")
_QUOTE: Final = "quote.send"
_AT_ONCE: Final = 50
"""Threads that one query asks for."""


async def counted(records: Records, period: Period, start: datetime, end: datetime) -> Tally:
    """Return what was counted from *start* to before *end*, both in *period*.

    Records are those of the scope of intake. A week must have passed since *end*.

    Raises:
        TransientError, AdministratorError: From the store, or a record does not open.
    """
    requests = 0
    answers: Counter[int] = Counter()
    asked = await _asked(records, start, end)
    for first in range(0, len(asked), _AT_ONCE):
        some = await _threads(records, asked[first : first + _AT_ONCE])
        requests += len(some)
        answers.update([each async for each in _answer_minutes(records, some)])
    quotes: set[str] = set()
    unnumbered = outputs = 0
    async for record in _sent(records, start, end):
        outputs += 1
        if record.fields["uses"] == _QUOTE:
            number = _number(record)
            unnumbered += not number
            quotes |= {await quote_hash(records, number)} if number else set()
    return Tally(
        period=period.label,
        since=start,
        until=end,
        requests=requests,
        answers=dict(answers),
        quotes=frozenset(quotes),
        quotes_unnumbered=unnumbered,
        outputs=outputs,
    )


async def quote_hash(records: Records, number: str) -> str:
    """Return by what a quote is known in a tally."""
    return await records.record_id("tally/quote", normalised(number))


async def invoiced(records: Records, invoices: Iterable[Invoice]) -> frozenset[str]:
    """Return the hashes of the quotes that these invoices name."""
    named = {each.quote for each in invoices if each.direction == "receivable" and each.quote}
    return frozenset([await quote_hash(records, number) for number in named])


def paid(invoices: Iterable[Invoice], start: datetime, end: datetime) -> dict[int, int]:
    """Return how many invoices were paid in full from *start* to *end*, by days that it took.

    Those of customers only, and such whose days of issue and of payment are known.
    """
    days: Counter[int] = Counter()
    for invoice in invoices:
        booked = [each.booked_on for each in invoice.allocations if each.kind == "payment"]
        known = [day for day in booked if day is not None]
        ours = invoice.direction == "receivable" and not invoice.credit
        if not ours or invoice.state != "paid" or not known or invoice.issued_on is None:
            continue
        if any(each.amount == 0 for each in invoice.allocations):
            continue  # what is left was written off
        if start.date() <= max(known) < end.date():
            days[max(0, (max(known) - invoice.issued_on).days)] += 1
    return dict(days)


async def _asked(records: Records, start: datetime, end: datetime) -> list[CleanMessage]:
    where = [*_between("received", start, end), Where("kind", "in", REQUESTS)]
    found = records.opened("message", CleanMessage, where=where)
    return [each async for _, each in found if _asks(each) and start <= each.received_at < end]


def _asks(message: CleanMessage) -> bool:
    return message.kind in REQUESTS and not message.own and not message.automatic


async def _threads(
    records: Records, asked: Sequence[CleanMessage]
) -> list[tuple[CleanMessage, list[datetime]]]:
    """Return those that count, each with when the business wrote in its thread.

    One a thread does, its first: who asks again in the same thread has asked before. None
    does of a thread in which anything of a minor was found.
    """
    threads: defaultdict[str, list[CleanMessage]] = defaultdict(list)
    where = [Where("thread", "in", tuple({each.thread for each in asked}))]
    async for _, message in records.opened("message", CleanMessage, where=where):
        threads[message.thread].append(message)
    found: list[tuple[CleanMessage, list[datetime]]] = []
    for thread in threads.values():
        first = min(filter(_asks, thread), key=lambda each: (each.received_at, each.id))
        if first in asked and all(OF_MINORS.isdisjoint(each.removed) for each in thread):
            wrote = [each.received_at for each in thread if each.own and not each.automatic]
            found.append((first, wrote))
    return found


async def _answer_minutes(
    records: Records, requests: Sequence[tuple[CleanMessage, list[datetime]]]
) -> AsyncIterator[int]:
    """Yield after how many whole minutes each request was answered that was."""
    sent: defaultdict[str, list[datetime]] = defaultdict(list)
    ids = tuple(request.id for request, _ in requests)
    where = [Where("trigger", "in", ids), Where("state", "=", "sent")]
    async for record in records.each(OUTPUT, where=where):
        if record.fields["uses"] in _ANSWERS:
            moment = datetime.fromisoformat(str(record.fields["changed"]))
            sent[str(record.fields["trigger"])].append(moment)
    for request, wrote in requests:
        waits = [each - request.received_at for each in (*wrote, *sent[request.id])]
        answered = [wait for wait in waits if timedelta(0) <= wait <= SETTLING]
        if answered:
            yield min(answered) // timedelta(minutes=1)


async def _sent(records: Records, start: datetime, end: datetime) -> AsyncIterator[Record]:
    """Yield the records of what went out in the time and a flow had made."""
    where = [*_between("changed", start, end), Where("state", "=", "sent")]
    async for record in records.each(OUTPUT, where=where):
        if record.fields["flow"] != FLOW:
            yield record


def _number(record: Record) -> str:
    """Return the number that the books gave a quote, as its outlet notes it."""
    note = str(record.fields["note"])
    return note.partition("quote ")[2].partition(" in ")[0].strip()


def _between(field: str, start: datetime, end: datetime) -> list[Where]:
    # Times in UTC in one form sort as text; whole seconds come before their fractions.
    return [Where(field, ">=", start.isoformat()), Where(field, "<", end.isoformat())]
