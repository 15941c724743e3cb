"""Workers carry out what is due, each output by one of them.

Most outlets take the same output twice as once. What goes there is delivered in rounds, of
which one record tells (`flows.outbox.rounds`): with these outlets there is nothing to wait for,
and what another worker has left is delivered again at once, even where it is still at it.

With an outlet that sends (`flows.ports.Resuming`), whoever writes `sending` first has an
output, until `next`: no other takes it up before. A delivery takes less time than that, so what
is found in `sending` later belongs to a worker that died, and the outlet is only asked whether
it is out.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections import Counter
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import compress
from typing import Any, Final, TypeVar

from flows.audit import Audit
from flows.audit.deliveries import STOPPED, round_of, unsent
from flows.errors import OperatorError, RecordMissing, StaleRecord, TransientError
from flows.model import Output
from flows.outbox.deadlines import Deadlines
from flows.outbox.notices import Notices
from flows.outbox.order import OVER, Order
from flows.outbox.outlets import Outlets
from flows.outbox.outputs import Outputs
from flows.outbox.record import Change
from flows.outbox.retries import Try, after
from flows.outbox.rounds import OwnRounds
from flows.ports import Clock, Gathering, Outlet, Record, Resuming
from flows.records import Records

T = TypeVar("T")

LONGEST: Final = timedelta(minutes=10)
"""How long one delivery may take, where its step says no less; then its outlet is left."""

LEASE: Final = timedelta(minutes=15)
"""How long an output in `sending` is taken to be in a living worker's hands: longer than
`LONGEST` by what the clocks of two machines may differ."""

AT_ONCE: Final = 100
"""Outputs that an outlet is given at once: as many as a batch of the store takes."""

_LATER: Final = "later"


class _Stops:
    """In place of an outlet, for what was at hand each time that JigAjob was stopped."""

    uses: frozenset[str] = frozenset()

    async def deliver(self, output: Output) -> str:
        raise TransientError("JigAjob was stopped each time while it carried this out")


_STOPS: Final = _Stops()


class Delivery:
    """One worker on the outbox of one business, for one run."""

    def __init__(self, records: Records, outlets: Outlets, clock: Clock, audit: Audit) -> None:
        self._outputs, self._outlets, self._clock = Outputs(records, audit), outlets, clock
        self._audit = audit
        # Not the name of the machine: those are often called after people.
        self._worker = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._order, self._notices = Order(records), Notices(records)
        self._deadlines = Deadlines(self._outputs, self._notices, clock, audit)
        self._rounds = OwnRounds(records, self._worker)
        self._in_round: set[str] = set()
        self._at_hand: set[str] = set()
        self._by_itself: set[str] = set()

    async def run(self) -> Counter[str]:
        """Carry out everything that is due, and return how many ended in which state.

        In a lane each output follows the one before it as soon as that is out, or has failed.

        What is tried again is counted as `later`, what another worker took as `elsewhere`.
        Cancelled, it first brings the output at hand to its end.
        """
        ended: dict[str, str] = {}
        await self._rounds.look()
        due = await self._due()
        await self._rounds.end(self._rounds.named - {record.id for record in due})
        ahead = await self._order.ahead(each for each in due if not self._is_begun(each))
        left = {each.id: each for each in due}
        while wave := [each for each in left.values() if _has_its_turn(each, ahead, ended)]:
            for start in range(0, len(wave), AT_ONCE):
                ended |= await self._round(wave[start : start + AT_ONCE])
            for each in wave:
                del left[each.id]
        return Counter(ended.values())

    async def _due(self) -> list[Record]:
        """Return what may go out, also by a deadline that has passed just now; oldest first."""
        found = await self._outputs.due(self._clock.now())
        late = [each for each in found if each.fields["state"] == "waiting"]
        due = [each for each in found if each.fields["state"] != "waiting"]
        due += await self._deadlines.pass_by(late)
        return sorted(due, key=lambda record: (str(record.fields["created"]), record.id))

    def _is_begun(self, record: Record) -> bool:
        """Tell whether it had its turn, and may be out: it is brought to its end now."""
        return record.fields["state"] == "sending" or record.id in self._rounds.named

    async def _round(self, due: Sequence[Record]) -> dict[str, str]:
        """Deliver some, recorded before any of them goes out, and what is not sent after it."""
        outputs = [await self._outputs.open(record) for record in due]
        await self._audit.note(*round_of(outputs, self._outlets.receiver))
        ended = dict.fromkeys((record.id for record in due), STOPPED)
        try:
            for_round = map(self._twice_is_once, due, outputs)
            self._in_round = await self._rounds.begin([*compress(due, for_round)])
            # What has a limit of its own is not to wait for others.
            self._by_itself = {each.id for each in outputs if each.terms.timeout}
            await self._carry_out(due, ended)
        finally:
            await self._audit.note(*unsent(ended))
            # What comes back later stays in the round of another, who may yet be at it.
            over = {each for each, state in ended.items() if state not in (STOPPED, _LATER)}
            await self._rounds.end(over | self._in_round - self._at_hand)
        return ended

    async def _carry_out(self, due: Sequence[Record], ended: dict[str, str]) -> None:
        """Deliver what an outlet takes together, then all others, one after another."""
        together: dict[str, list[Record]] = {}
        for record in due:
            # A named outlet takes one at a time, and so does what may stop us.
            if record.id in self._in_round - self._by_itself and not record.fields["into"]:
                together.setdefault(str(record.fields["uses"]), []).append(record)
        delivered: set[str] = set()

        async def at_once(outlet: Gathering, records: Sequence[Record]) -> None:
            states = await self._deliver_together(outlet, records)
            ended.update(zip((record.id for record in records), states, strict=True))

        async def alone(record: Record) -> None:
            ended[record.id] = await self._deliver(record)

        for uses, records in together.items():
            gathering = self._outlets.gathering(uses)
            if gathering is not None and len(records) > 1:
                await _to_its_end(at_once(gathering, records))
                delivered |= {record.id for record in records}
        for record in due:
            if record.id not in delivered:
                await _to_its_end(alone(record))

    async def _deliver_together(
        self, outlet: Gathering, records: Sequence[Record]
    ) -> list[str]:
        """Deliver at once, or one after another where anything is in the way of that."""
        outputs = [await self._outputs.open(record) for record in records]
        tries = list(map(self._try, records, outputs))
        self._at_hand = {record.id for record in records}
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                notes = await outlet.deliver_all(outputs)
            sent = [_sent(note, tried) for note, tried in zip(notes, tries, strict=True)]
            await self._change_all(records, sent)
            self._at_hand.clear()
            return ["sent"] * len(records)
        except Exception:  # noqa: BLE001 - delivered by itself, each output tells what is wrong
            each = zip(records, tries, strict=True)
            return [await self._deliver(record, tried) for record, tried in each]

    async def _deliver(self, record: Record, tried: Try | None = None) -> str:
        """Deliver one output and return its state then, `later` or `elsewhere`."""
        output = await self._outputs.open(record)
        tried = tried or self._try(record, output)
        try:
            try:
                outlet = self._outlets.of(output)
            except OperatorError as error:
                change = after(error, tried)
            else:
                if tried.broken_off and tried.last and not isinstance(outlet, Resuming):
                    outlet = _STOPS  # it may be this output that stops us, each time
                record = await self._taken(record, tried, outlet)
                change = await self._carried_out(outlet, output, tried)
            await self._end(record, output, change)
        except (StaleRecord, RecordMissing):  # another took it, or a person removed it
            self._at_hand.discard(record.id)
            return "elsewhere"
        self._at_hand.discard(record.id)
        return _LATER if change.next_at else change.state

    async def _end(self, record: Record, output: Output, change: Change) -> None:
        """Write how a try ended, in one with a notice where somebody is to be told of that."""
        also, now, role = [], self._clock.now(), output.terms.tells
        if role and change.state in ("failed", "unknown"):
            text = f"it is {change.state}: {change.note.partition(chr(10))[0]}."
            write = await self._notices.of(output, role, cause="unsent", text=text, now=now)
            also.append(write)
        await self._outputs.change(record, change, now, *also)

    async def _taken(self, record: Record, tried: Try, outlet: Outlet) -> Record:
        """Mark the output as at hand, itself where no round tells of it."""
        if record.id in self._in_round:
            self._at_hand.add(record.id)
            return record
        # Also where it is `sending` already: of two that find it so, one has it then.
        lease = self._lease(tried, outlet)
        return await self._outputs.change(record, lease, self._clock.now())

    def _twice_is_once(self, record: Record, output: Output) -> bool:
        """Tell whether the output may go out in a round: no try of it has broken off."""
        try:
            sends = isinstance(self._outlets.of(output), Resuming)
        except OperatorError:
            return False
        return not sends and record.fields["state"] == "approved"

    async def _carried_out(self, outlet: Outlet, output: Output, tried: Try) -> Change:
        limit = min(output.terms.timeout or LONGEST, LONGEST)
        clock = asyncio.timeout(limit.total_seconds())
        try:
            async with clock:
                if tried.broken_off and isinstance(outlet, Resuming):
                    # Nothing but a person brings it back to `approved`.
                    tried = replace(tried, looking_up=True)
                    return _sent(await outlet.resume(output), tried)
                return _sent(await outlet.deliver(output), tried)
        except Exception as error:  # noqa: BLE001 - one output must not hold up all others for good
            tried, cause = replace(tried, ended=self._clock.now()), error
            if clock.expired() and (tried.looking_up or not isinstance(outlet, Resuming)):
                # Nothing is out twice, so there is nothing for a person to find out.
                cause = TransientError("its outlet gave no answer in time")
            return after(cause, tried)

    def _try(self, record: Record, output: Output) -> Try:
        now, since = self._clock.now(), record.fields.get("since")
        return Try(
            record.id,
            number=int(record.fields.get("attempts") or 0) + 1,
            since=datetime.fromisoformat(str(since)) if since else now,
            ended=now,
            broken_off=record.fields["state"] == "sending" or self._is_left(record.id),
            terms=output.terms,
        )

    def _is_left(self, output_id: str) -> bool:
        """Tell whether a round of another worker tells of the output."""
        return output_id in self._rounds.named - self._in_round

    def _lease(self, tried: Try, outlet: Outlet) -> Change:
        """Return what keeps others off; where twice is once, it need not last."""
        lasts = LEASE if isinstance(outlet, Resuming) else timedelta()
        return Change(
            "sending",
            next_at=self._clock.now() + lasts,
            worker=self._worker,
            attempts=tried.number,
            since=tried.since,
        )

    async def _change_all(
        self, records: Sequence[Record], changes: Sequence[Change]
    ) -> Sequence[Record]:
        pairs = list(zip(records, changes, strict=True))
        return await self._outputs.change_all(pairs, self._clock.now())


def _has_its_turn(record: Record, ahead: Mapping[str, str], ended: Mapping[str, str]) -> bool:
    """Tell whether what goes out before it in its lane, if anything, is over."""
    return record.id not in ahead or ended.get(ahead[record.id]) in OVER


def _sent(note: str, tried: Try) -> Change:
    return Change("sent", note, attempts=tried.number, since=tried.since)


async def _to_its_end(delivery: Coroutine[Any, Any, T]) -> T:
    """Return how the delivery ended; a clean stop in the middle leaves nothing in `sending`."""
    task = asyncio.ensure_future(delivery)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        with suppress(Exception):
            await task  # cancelled once more, it ends at once
        raise
