"""The ledger: everything that a source shows, against what became of it.

    seen = stored + skipped + quarantined + unaccounted

`unaccounted` is what the source holds, counted anew by itself, that has no arrival. In a
healthy installation it is 0 after a run. `gone` are arrivals that the source no longer holds:
somebody moved or deleted them after they were dealt with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from flows.intake.arrivals import Pointer
from flows.ports import Mailbox, MailRef, TransactionSource, Where
from flows.records import Records


@dataclass(slots=True)
class FolderCount:
    """What became of the messages of one folder."""

    stored: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    unaccounted: int = 0
    gone: int = 0

    @property
    def seen(self) -> int:
        """Return everything that the folder has ever shown."""
        return self.stored + self.skipped.total() + self.quarantined.total() + self.unaccounted


@dataclass(slots=True)
class SourceLedger:
    """The ledger of one source, whole and by folder; `days` counts what came in per day.

    `missing` are the messages of a mailbox that it holds and that have no arrival.
    """

    source: str
    total: FolderCount = field(default_factory=FolderCount)
    folders: dict[str, FolderCount] = field(default_factory=dict)
    days: dict[str, Counter[str]] = field(default_factory=dict)
    missing: list[MailRef] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """Return the line of `jigajob ledger --json` for this source."""
        total = self.total
        return {
            "source": self.source,
            "seen": total.seen,
            "stored": total.stored,
            "skipped": dict(sorted(total.skipped.items())),
            "quarantined": total.quarantined.total(),
            "quarantined_by_reason": dict(sorted(total.quarantined.items())),
            "unaccounted": total.unaccounted,
            "gone": total.gone,
        }


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One item in quarantine: why, and where a person finds it."""

    source: str
    reason: str
    pointer: Pointer


class Ledger:
    """Reads the arrivals of one business."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def of_mailbox(self, source: str, mailbox: Mailbox) -> SourceLedger:
        """Return the ledger of a mailbox, by folder and day, against its own census.

        Raises:
            TransientError, AdministratorError: The source cannot be counted now.
        """
        refs = {ref.native_id: ref async for ref in mailbox.census()}
        held = {native_id: ref.folder for native_id, ref in refs.items()}
        ledger, missing = await self._reconcile(source, held)
        ledger.missing = [refs[native_id] for native_id in missing]
        return ledger

    async def of_bank(self, source: str, bank: TransactionSource) -> SourceLedger:
        """Return the ledger of a bank source, as one folder, against its own census.

        Raises:
            TransientError, AdministratorError: The source cannot be counted now.
        """
        held = {each: "" async for each in bank.census()}
        return (await self._reconcile(source, held))[0]

    async def quarantine(self) -> AsyncIterator[Quarantined]:
        """Yield what lies in quarantine, of all sources."""
        where = [Where("state", "=", "quarantined")]
        async for record in self._records.each("arrival", where=where):
            pointer = await self._records.open(record, Pointer)
            fields = record.fields
            yield Quarantined(str(fields["source"]), str(fields["reason"]), pointer)

    async def _reconcile(
        self, source: str, held: dict[str, str]
    ) -> tuple[SourceLedger, list[str]]:
        """Return the ledger, and what the source holds that never arrived."""
        ledger = SourceLedger(source)
        where = [Where("source", "=", source)]
        arrived: set[str] = set()
        async for record in self._records.each("arrival", where=where):
            pointer = await self._records.open(record, Pointer)
            arrived.add(pointer.native_id)
            folder = held.get(pointer.native_id, pointer.folder)
            state, reason = str(record.fields["state"]), str(record.fields["reason"])
            gone = pointer.native_id not in held
            for count in (ledger.total, ledger.folders.setdefault(folder, FolderCount())):
                _count(count, state, reason, gone=gone)
            ledger.days.setdefault(str(record.fields["day"]), Counter())[state] += 1
        missing = [native_id for native_id in held if native_id not in arrived]
        for native_id in missing:
            ledger.total.unaccounted += 1
            ledger.folders.setdefault(held[native_id], FolderCount()).unaccounted += 1
        return ledger, missing


def _count(count: FolderCount, state: str, reason: str, *, gone: bool) -> None:
    count.gone += gone
    if state == "stored":
        count.stored += 1
    elif state == "skipped":
        count.skipped[reason] += 1
    else:
        count.quarantined[reason] += 1
