"""The path of a page of mail: fetch, parse, judge, match, clean, run, commit.

Whatever happens to one mail, it ends as stored, skipped or quarantined, with everything that
belongs to it written in one batch. Nothing of the raw mail outlives the page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from anonymizer.text.request import Cleaned, Request
from anonymizer.text.stand_ins import Roster
from flows.engine import Engine, Matches
from flows.errors import RecordExists, SkipItem, StaleRecord, TransientError
from flows.intake.arrivals import Arrivals, Counts, Pointer
from flows.intake.cleaning import clean_each, clean_message, message_request
from flows.intake.mail_process import MailParser
from flows.intake.mail_reader import Reading
from flows.intake.message_records import message_record
from flows.intake.parties import OwnAddresses
from flows.intake.personal_lessons import Lessons
from flows.intake.sealed_files import SealedFiles
from flows.intake.skipping import skip_reason
from flows.intake.trust import IN_FOLDERS, Trust, held
from flows.language.sources import Doubt
from flows.language.spec import FlowSpec
from flows.manners import Manners
from flows.model import CleanMessage, Message, Output, SkipReason
from flows.outbox import made_slots, output_writes
from flows.ports import Clock, Mailbox, MailRef, Record, Write
from flows.records import Records
from flows.retention import expiry

if TYPE_CHECKING:
    from anonymizer.text.cleaner import Cleaner

CHUNK_BYTES: Final = 32 * 1024 * 1024
"""Mail held in memory at once; a page of large mails is worked through in several chunks."""

CHUNK: Final = 50
"""Mails cleaned at once, whatever their size."""

RACES: Final = 8
"""How often a mail is done anew because another worker wrote to its thread first."""


@dataclass(frozen=True, slots=True)
class _Arrived:
    """One mail on its way: where it lies, what it says, which flows it triggers.

    It is *met* where the same mail was stored before, from this source or another; `copy` is
    its record, as long as that lasts.
    """

    pointer: Pointer
    message: Message
    matches: Matches
    met: bool = False
    copy: Record | None = None

    @property
    def flows(self) -> tuple[FlowSpec, ...]:
        """Return the flows still to be run: a copy met elsewhere runs none twice."""
        done = str(self.copy.fields["flows"]).split(",") if self.copy else []
        return tuple(flow for flow in self.matches.flows if flow.id not in done)


@dataclass(frozen=True, slots=True)
class Begun:
    """A page whose new mails are being read: how many it lists, and the reading."""

    listed: int
    reading: Reading


class MailIntake:
    """Takes in the mail of one source."""

    def __init__(
        self,
        source: str,
        *,
        mailbox: Mailbox,
        records: Records,
        engine: Engine,
        cleaner: Cleaner,
        clock: Clock,
        received_by: str = "",
        trust: frozenset[Doubt] = IN_FOLDERS,
    ) -> None:
        """Take in what *mailbox* shows.

        *received_by* is the host whose `Authentication-Results` are believed; *trust* the
        doubts about a sender that put every output before the owner first.
        """
        self.source, self.mailbox = source, mailbox
        self._records, self._engine = records, engine
        self._cleaner, self._clock = cleaner, clock
        self._arrivals = Arrivals(records, source)
        self._files = SealedFiles(records)
        self._own = OwnAddresses(engine.business.domains, engine.business.addresses)
        self._lessons = Lessons(records, self._own)
        self._parser = MailParser(source, self._own, received_by)
        self._lasting = True
        self._manners = Manners(records, engine.business, self._own)
        self._trust = Trust(
            records, engine.business, self._own, received_by=received_by, enforced=trust
        )

    async def begin(self, refs: Sequence[MailRef]) -> Begun:
        """Return a page whose mails are being fetched and parsed; `settle` or close it.

        Raises:
            TransientError, AdministratorError: From the store.
        """
        settled = await self._arrivals.settled(ref.native_id for ref in refs)
        new = [ref for ref in refs if ref.native_id not in settled]
        return Begun(len(refs), Reading(self._parser, self.mailbox, new))

    async def page(self, refs: Sequence[MailRef]) -> Counts:
        """Bring every message of a page to its end; return what became of them, as `settle`."""
        return await self.settle(await self.begin(refs))

    async def settle(
        self, begun: Begun, *, lasting: bool = True, once_read: Callable[[], None] | None = None
    ) -> Counts:
        """Bring every message of a begun page to its end, and return what became of them.

        Not *lasting*, it leaves it to the next write to bring the page to the disk: the
        cursor, without which the page is done again. *once_read* is called when all of the
        page is fetched, and the last of it has still to be cleaned and written.

        Raises:
            TransientError, AdministratorError: From the source or the store; what was
                committed stays, and the page can be done again.
        """
        counts = Counts(listed=begun.listed)
        self._lasting = lasting
        chunk: list[_Arrived] = []
        size = 0
        try:
            self._lessons = await Lessons.read(self._records, self._own)
            await self._trust.refresh()
            async for ref, read in begun.reading.messages():
                arrived = await self._arrive(ref, read, counts)
                if arrived is not None:
                    chunk.append(arrived)
                    size += ref.size
                if size > CHUNK_BYTES or len(chunk) == CHUNK:
                    await self._clean_and_commit(chunk, counts)
                    chunk, size = [], 0
        finally:
            await begun.reading.close()
        if once_read is not None:
            once_read()
        await self._clean_and_commit(chunk, counts)
        return counts

    async def _arrive(
        self, ref: MailRef, read: Message | SkipItem, counts: Counts
    ) -> _Arrived | None:
        """Return the mail if there is work to do; else it is settled here."""
        pointer = Pointer(native_id=ref.native_id, folder=ref.folder)
        if isinstance(read, SkipItem):
            await self._quarantine(pointer, read, counts)
            return None
        message = replace(
            read,
            id=await self._records.record_id("message", read.id),
            thread=await self._records.record_id("thread", read.thread),
            native_id=ref.native_id,
        )
        message = await self._lessons.settled(message)
        matches = self._engine.matching(message, now=self._clock.now())
        if not _seals(matches.flows):
            message = replace(message, unread={})  # nobody will ask for the bytes
        reason = skip_reason(message, wanted=bool(matches.flows))
        if reason is not None:
            await self._skip(pointer, message, reason, counts)
            return None
        return _Arrived(pointer, message, matches)

    async def _without_copies(
        self, chunk: Sequence[_Arrived], counts: Counts
    ) -> list[_Arrived]:
        """Settle what was stored before and triggers nothing new, and return all else."""
        ids = [each.message.id for each in chunk]
        copies = await self._records.found("message", ids)
        # Of one that was dealt with and has expired since, only the arrivals remain.
        met = await self._arrivals.met(ids) | copies.keys()
        left: list[_Arrived] = []
        for each in chunk:
            message_id = each.message.id
            arrived = replace(each, met=message_id in met, copy=copies.get(message_id))
            if not arrived.met or (arrived.copy is not None and arrived.flows):
                left.append(arrived)
            else:
                await self._skip(arrived.pointer, arrived.message, "duplicate", counts)
        return left

    async def _clean_and_commit(self, chunk: Sequence[_Arrived], counts: Counts) -> None:
        # A thread's mails are cleaned one after another, since each learns from the last;
        # mails of different threads are cleaned together, which is faster.
        waves: list[dict[str, _Arrived]] = []
        for arrived in await self._without_copies(chunk, counts):
            thread = arrived.message.thread
            wave = next((wave for wave in waves if thread not in wave), None)
            if wave is None:
                waves.append(wave := {})
            wave[thread] = arrived
        for wave in waves:
            await self._wave(list(wave.values()), counts, races=RACES)

    async def _wave(self, wave: Sequence[_Arrived], counts: Counts, *, races: int) -> None:
        """Clean, run and commit mails of different threads."""
        found = await self._records.found("thread", [each.message.thread for each in wave])
        threads = [found.get(each.message.thread) for each in wave]
        requests = [
            await self._request(arrived, thread)
            for arrived, thread in zip(wave, threads, strict=True)
        ]
        results = await asyncio.to_thread(clean_each, self._cleaner, requests)
        await self._trust.look_ahead(arrived.message for arrived in wave)
        for arrived, thread, cleaned in zip(wave, threads, results, strict=True):
            if isinstance(cleaned, SkipItem):
                await self._quarantine(arrived.pointer, cleaned, counts)
                continue
            try:
                await self._commit(arrived, thread, cleaned, counts)
            except (RecordExists, StaleRecord):
                await self._lost_race(arrived, counts, races=races - 1)

    async def _lost_race(self, arrived: _Arrived, counts: Counts, *, races: int) -> None:
        """Do a mail anew after another worker wrote what it was about to write."""
        if races == 0:
            raise TransientError(
                "many workers write to one mail thread at once",
                fix="the next sweep takes it up",
            )
        if await self._arrivals.settled([arrived.pointer.native_id]):
            return
        for again in await self._without_copies([arrived], counts):
            # Whatever was in the way, this time everything is looked at before it is written.
            await self._wave([replace(again, met=True)], counts, races=races)

    async def _request(self, arrived: _Arrived, thread: Record | None) -> Request:
        secret = await self._records.secret("stand-ins")
        assigned = await self._records.open(thread, dict[str, str]) if thread else {}
        return message_request(
            arrived.message,
            business=self._engine.business,
            own=self._own,
            keep=self._engine.keeps(arrived.matches.flows),
            generalise=self._engine.generalises(arrived.matches.flows),
            roster=Roster(secret, assigned),
        )

    async def _commit(
        self, arrived: _Arrived, thread: Record | None, cleaned: Cleaned, counts: Counts
    ) -> None:
        """Write all that belongs to one mail, or nothing."""
        now = self._clock.now()
        keep = self._engine.keeps(arrived.matches.flows)
        clean = replace(
            clean_message(arrived.message, cleaned, keep=keep, own=self._own),
            correspondent=await self._trust.correspondent(arrived.message),
        )
        outputs = list(arrived.matches.undecided)
        for flow in arrived.flows:
            outputs += self._engine.run(flow, clean, now=now).outputs
        outputs, learnt, doubts = await self._allowed(arrived, outputs, now)
        expires = expiry(arrived.matches.flows, now)
        lasting = _longest(expires, arrived.copy)
        clean = await self._sealed(arrived, replace(clean, doubts=doubts), expires_at=lasting)
        ran = {flow.id: self._engine.versions[flow.id] for flow in arrived.flows}
        message = await message_record(
            self._records, clean, ran=ran, copy=arrived.copy, expires_at=expires
        )
        arrival = await self._arrivals.record(
            arrived.pointer, "stored", day=clean.received_at, message=clean.id
        )
        writes = [
            Write(op="put", record=arrival),
            _replacing(arrived.copy, replace(message, expires_at=lasting)),
            *await self._who_is_who(clean.thread, thread, cleaned, expires),
            *learnt,
        ]
        writes += await output_writes(self._records, outputs, expires_at=expires)
        await self._write(*writes)
        counts.stored += 1
        counts.outputs += len(outputs)
        counts.removed.update(clean.removed)
        counts.kinds[clean.kind] += 1

    async def _who_is_who(
        self, name: str, thread: Record | None, cleaned: Cleaned, expires: datetime
    ) -> list[Write]:
        """Return the write of what stands for whom in the thread.

        Where nobody was named yet there is none: whoever names somebody at the same moment
        comes after this mail, from which there was nothing to learn.
        """
        assigned = dict(cleaned.roster.assigned)
        if thread is None and not assigned:
            return []
        lasting = _longest(expires, thread)
        roster = await self._records.seal("thread", name, assigned, {}, expires_at=lasting)
        return [_replacing(thread, roster)]

    async def _sealed(
        self, arrived: _Arrived, clean: CleanMessage, *, expires_at: datetime
    ) -> CleanMessage:
        """Seal the attachments that were not read, and say so in the message."""
        files = {n: content for n, content in arrived.message.unread.items() if content}
        await self._files.put(clean.id, files, expires_at=expires_at)
        sealed = set(files)
        if arrived.copy is not None:
            before = await self._records.open(arrived.copy, CleanMessage)
            kept = {number for number, each in enumerate(before.attachments) if each.sealed}
            await self._files.prolong(clean.id, kept - sealed, expires_at=expires_at)
            sealed |= kept
        attachments = tuple(
            replace(each, sealed=number in sealed)
            for number, each in enumerate(clean.attachments)
        )
        return replace(clean, attachments=attachments)

    async def _allowed(
        self, arrived: _Arrived, outputs: Sequence[Output], now: datetime
    ) -> tuple[list[Output], list[Write], tuple[str, ...]]:
        """Return what goes out by itself and what waits, what is learnt, and the doubts.

        Left out is what an expired or edited copy of this mail has brought about before,
        under whatever version of its flow.
        """
        judged = await self._trust.judged(arrived.message, now)
        before = await made_slots(self._records, arrived.message.id) if arrived.met else ()
        doubted = held([each for each in outputs if each.slot not in before], judged)
        settled, answers = await self._manners.settled(doubted, now, arrived.message)
        return settled, [*judged.writes, *answers], judged.told

    async def _write(self, *writes: Write) -> None:
        await self._records.store.batch(self._records.key, writes, lasting=self._lasting)

    async def _skip(
        self, pointer: Pointer, message: Message, reason: SkipReason, counts: Counts
    ) -> None:
        record = await self._arrivals.record(
            pointer, "skipped", reason, day=message.received_at
        )
        if await self._arrivals.settle(record, lasting=self._lasting):
            counts.skipped[reason] += 1

    async def _quarantine(self, pointer: Pointer, skip: SkipItem, counts: Counts) -> None:
        before = await self._arrivals.find(pointer.native_id)
        if before is not None and before.fields["reason"] == skip.reason:
            return  # tried in every sweep, and failed in the same way again: no news
        record = await self._arrivals.record(
            replace(pointer, detail=skip.what),
            "quarantined",
            skip.reason,
            day=self._clock.now(),
        )
        if await self._arrivals.settle(record, lasting=self._lasting):
            counts.quarantined[skip.reason] += 1


def _seals(flows: Sequence[FlowSpec]) -> bool:
    """Return whether one of *flows* wants attachments that cannot be read kept, sealed."""
    return any(flow.attachments == "seal" for flow in flows)


def _longest(expires: datetime, before: Record | None) -> datetime:
    """Return when a record goes that stands for what *before* stood for, too."""
    return max(expires, before.expires_at or expires) if before else expires


def _replacing(old: Record | None, new: Record) -> Write:
    """Return the write of *new* that fails if anything but *old* is there."""
    if old is None:
        return Write(op="create", record=new)
    return Write(op="put", record=new, etag=old.etag)
