"""One small record for each thing that a source has shown: what became of it.

Arrivals make nothing happen twice and let the ledger show that nothing was lost. They hold
no content, only a sealed pointer, and outlive the content they speak of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from flows.model import ArrivalState
from flows.ports import MailRef, Record, Where
from flows.records import Records

AGAIN = frozenset({"unreadable", "gone", "failed", "two_versions", "unclear_correction"})
"""Reasons of quarantine that may mend by themselves, or once somebody takes a file away: such
items are tried in every sweep."""


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
        done: set[str] = set()
        for native_id in native_ids:
            found = await self.find(native_id)
            if found is not None and found.fields["reason"] not in AGAIN:
                done.add(native_id)
        return done

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

    async def met(self, message_id: str) -> bool:
        """Return whether this message was ever stored, from whichever source it came."""
        where = [Where("message", "=", message_id)]
        found = await self._records.store.query(
            self._records.key, "arrival", where=where, limit=1
        )
        return bool(found.records)

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
