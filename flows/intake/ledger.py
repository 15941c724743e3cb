"""The ledger: everything that a source shows, against what became of it.

    seen = stored + skipped + quarantined + unaccounted

`unaccounted` is what the source holds, counted anew by itself, that has no arrival. In a
healthy installation it is 0 after a run. `gone` are arrivals that the source no longer holds:
somebody moved or deleted them after they were dealt with.

That census is a listing of ours, and could itself miss something. So a mailbox whose server
counts by itself is asked for its numbers too, by folder and day of receipt, and for the
messages of a day of which the census shows fewer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from flows.intake.arrivals import Pointer
from flows.ports import DayCounts, Mailbox, MailRef, TransactionSource, Where
from flows.records import Records

Cell = tuple[str, date | None]
"""A folder and a day that was asked for; None for all other days of the folder."""


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


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A folder and day of which the mailbox counts another number than is accounted for.

    Without *day* it stands for all days of the folder before and after those asked for.
    """

    folder: str
    day: date | None
    says: int
    accounted: int

    @property
    def missing(self) -> int:
        """Return how many messages have no arrival."""
        return max(0, self.says - self.accounted)

    def as_json(self) -> dict[str, object]:
        """Return the row of `jigajob ledger --json` for this folder and day."""
        return {
            "folder": self.folder,
            "day": self.day.isoformat() if self.day else None,
            "mailbox_says": self.says,
            "accounted_for": self.accounted,
            "missing": self.missing,
        }


@dataclass(slots=True)
class SourceLedger:
    """The ledger of one source, whole and by folder; `days` counts what came in per day.

    `missing` are the messages of a mailbox that it holds and that have no arrival.
    `compared_since` is the first day for which a mailbox was asked for its own count, None
    where it was not; `disagreements` are where that count is another one.
    """

    source: str
    total: FolderCount = field(default_factory=FolderCount)
    folders: dict[str, FolderCount] = field(default_factory=dict)
    days: dict[str, Counter[str]] = field(default_factory=dict)
    missing: list[MailRef] = field(default_factory=list)
    compared_since: date | None = None
    disagreements: list[Disagreement] = field(default_factory=list)

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
            "compared_since": self.compared_since and self.compared_since.isoformat(),
            "disagreements": [each.as_json() for each in self.disagreements],
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

    async def of_mailbox(
        self, source: str, mailbox: Mailbox, days: Collection[date] = ()
    ) -> SourceLedger:
        """Return the ledger of a mailbox, by folder and day, against its own census.

        Where *days* are given and the server counts by itself, against that, too.

        Raises:
            TransientError, AdministratorError: The source cannot be counted now.
        """
        if days and isinstance(mailbox, DayCounts):
            said, refs = await _counted(mailbox, days)
        else:
            said, refs = {}, await _listed(mailbox)
        held = {native_id: ref.folder for native_id, ref in refs.items()}
        ledger, missing = await self._reconcile(source, held)
        ledger.missing = [refs[native_id] for native_id in missing]
        if said:
            ledger.compared_since = min(days)
            accounted = _by_cell(refs, days)
            accounted.subtract(_by_cell({each: refs[each] for each in missing}, days))
            ledger.disagreements = [
                Disagreement(*cell, says=number, accounted=accounted[cell])
                for cell, number in sorted(said.items(), key=lambda each: _place(each[0]))
                if number != accounted[cell]
            ]
        return ledger

    async def of_bank(self, source: str, bank: TransactionSource) -> SourceLedger:
        """Return the ledger of a bank source, as one folder, against its own census.

        Raises:
            TransientError, AdministratorError: The source cannot be counted now.
        """
        held = {each: "" async for each in bank.census()}
        return (await self._reconcile(source, held))[0]

    async def of_calls(self, source: str) -> SourceLedger:
        """Return the ledger of a webhook, as one folder.

        A caller keeps what was not taken, so what was taken is all that there is to count.
        """
        where = [Where("source", "=", source)]
        arrived = self._records.each("arrival", where=where)
        held = {(await self._records.open(r, Pointer)).native_id: "" async for r in arrived}
        return (await self._reconcile(source, held))[0]

    async def quarantine(self) -> AsyncIterator[Quarantined]:
        """Yield what lies in quarantine, of all sources."""
        where = [Where("state", "=", "quarantined")]
        async for record, pointer in self._records.opened("arrival", Pointer, where=where):
            fields = record.fields
            yield Quarantined(str(fields["source"]), str(fields["reason"]), pointer)

    async def _reconcile(
        self, source: str, held: dict[str, str]
    ) -> tuple[SourceLedger, list[str]]:
        """Return the ledger, and what the source holds that never arrived."""
        ledger = SourceLedger(source)
        where = [Where("source", "=", source)]
        arrived: set[str] = set()
        async for record, pointer in self._records.opened("arrival", Pointer, where=where):
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


async def _listed(mailbox: Mailbox) -> dict[str, MailRef]:
    return {ref.native_id: ref async for ref in mailbox.census()}


async def _counted(
    mailbox: DayCounts, days: Collection[date]
) -> tuple[Mapping[Cell, int], dict[str, MailRef]]:
    """Return what the mailbox says of each folder and day, and all that it can be made to show.

    Mail comes and goes while it is counted: a number between two counts is as good as both.
    """
    before = await _said(mailbox, days)
    refs = await _listed(mailbox)
    listed = _by_cell(refs, days)
    if all(listed[cell] == before[cell] for cell in {*before, *listed}):
        return before, refs
    after = await _said(mailbox, days)
    for folder, day in {*before, *after}:
        cell = (folder, day)
        if day is not None and listed[cell] < min(before[cell], after[cell]):
            refs |= {ref.native_id: ref async for ref in mailbox.of_day(folder, day)}
    listed = _by_cell(refs, days)
    said: dict[Cell, int] = {}
    for cell in {*before, *after, *listed}:
        least, most = sorted((before[cell], after[cell]))
        said[cell] = listed[cell] if least <= listed[cell] <= most else after[cell]
    return said, refs


async def _said(mailbox: DayCounts, days: Collection[date]) -> Counter[Cell]:
    """Return the mailbox's own counts; what it holds besides *days* stands under None."""
    said: Counter[Cell] = Counter()
    for count in await mailbox.day_counts(days):
        said[count.folder, count.day] += count.number
        if count.day is not None:
            said[count.folder, None] -= count.number
    return said


def _by_cell(refs: Mapping[str, MailRef], days: Collection[date]) -> Counter[Cell]:
    return Counter(
        (ref.folder, ref.received_on if ref.received_on in days else None)
        for ref in refs.values()
    )


def _place(cell: Cell) -> tuple[str, date]:
    folder, day = cell
    return folder, day or date.min
