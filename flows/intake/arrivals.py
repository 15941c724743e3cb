"""One small record for each thing that a source has shown: what became of it.

Arrivals make nothing happen twice and let the ledger show that nothing was lost. They hold
no content, only a sealed pointer, and outlive the content they speak of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from flows.errors import RecordExists, RecordMissing, StaleRecord
from flows.model import ArrivalState
from flows.ports import MailRef, Record, Where, Write
from flows.records import Records

AGAIN = frozenset({"unreadable", "gone", "failed", "two_versions", "unclear_correction"})
"""Reasons of quarantine that may mend by themselves, or once somebody takes a file away: such
items are tried in every sweep."""

_RACES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Where an item lies in its source, for the person who looks after it. Always sealed."""

    native_id: str
    folder: str
    detail: str = ""


@dataclass(slots=True)
class Counts:
    """What one stretch of work did, by outcome; safe to log: no content, no names."""

    listed: int = 0
    stored: int = 0
    outputs: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def new(self) -> int:
        """Return how many items ended in a state that they had not before."""
        return self.stored + self.skipped.total() + self.quarantined.total()

    def add(self, other: Counts) -> None:
        """Add what *other* counted to this."""
        self.listed += other.listed
        self.stored += other.stored
        self.outputs += other.outputs
        for name in ("skipped", "quarantined", "removed", "kinds"):
            getattr(self, name).update(getattr(other, name))


class Arrivals:
    """The arrivals of one source."""

    def __init__(self, records: Records, source: str) -> None:
        self._records, self.source = records, source

    async def id_of(self, native_id: str) -> str:
        """Return the id under which the arrival of this item is, or will be, recorded."""
        return await self._records.record_id("arrival", self.source, native_id)

    async def find(self, native_id: str) -> Record | None:
        """Return the arrival of this item, or None when it has not arrived."""
        return await self._records.get("arrival", await self.id_of(native_id))

    async def settled(self, native_ids: Iterable[str]) -> set[str]:
        """Return those of *native_ids* that have ended in a state for good."""
        ids = {await self.id_of(native_id): native_id for native_id in native_ids}
        found = await self._records.found("arrival", ids)
        return {ids[key] for key, each in found.items() if each.fields["reason"] not in AGAIN}

    async def to_try_again(self) -> list[MailRef]:
        """Return the messages in quarantine that may mend, for a mailbox that shows each once.

        What is `gone` from such a mailbox does not come back under its id.
        """
        again = tuple(sorted(AGAIN - {"gone"}))
        where = [Where("source", "=", self.source), Where("reason", "in", again)]
        pointers = [
            await self._records.open(record, Pointer)
            async for record in self._records.each("arrival", where=where)
        ]
        return [MailRef(native_id=p.native_id, folder=p.folder, size=0) for p in pointers]

    async def settle(self, arrival: Record, *, lasting: bool = True) -> bool:
        """Write the arrival of what is not stored; return whether that was news.

        Where another worker has brought the item to its end meanwhile, that stays: it may
        have stored it, and it must not be called a duplicate of itself.
        """
        write = Write(op="create", record=arrival)  # in most cases nothing is there
        for _ in range(_RACES):
            try:
                await self._records.store.batch(self._records.key, [write], lasting=lasting)
            except (RecordExists, StaleRecord, RecordMissing):
                before = await self._records.get("arrival", arrival.id)
                if before is None:
                    write = Write(op="create", record=arrival)
                elif before.fields["reason"] in AGAIN:
                    write = Write(op="put", record=arrival, etag=before.etag)
                else:
                    return False
            else:
                return True
        return False

    async def met(self, message_ids: Iterable[str]) -> set[str]:
        """Return those of these messages that were ever stored, from whichever source."""
        wanted = tuple(message_ids)
        if not wanted:
            return set()
        where = [Where("message", "in", wanted)]
        found = self._records.each("arrival", where=where)
        return {str(record.fields["message"]) async for record in found}

    async def record(
        self,
        pointer: Pointer,
        state: ArrivalState,
        reason: str = "",
        *,
        day: datetime,
        message: str = "",
    ) -> Record:
        """Return the arrival record, not yet stored; *message* is the id of what it became."""
        return await self._records.seal(
            "arrival",
            await self.id_of(pointer.native_id),
            pointer,
            {
                "source": self.source,
                "state": state,
                "reason": reason,
                "day": day.date().isoformat(),
                "message": message,
            },
        )
