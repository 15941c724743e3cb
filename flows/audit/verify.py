"""A whole log verified, page by page, with its payloads and the roots that were kept of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from flows.audit.chain import Chain, Finding
from flows.audit.entry import BadEntry, Stored, entry_id, read_entry, stamp
from flows.audit.log import Log
from flows.audit.payload import KEPT_FOR
from flows.audit.root import Root, root_of
from flows.errors import AdministratorError
from flows.ports import Record

SHOWN: Final = 100
"""Findings that are told one by one; what follows is counted."""


@dataclass(slots=True)
class Verdict:
    """What a log turned out to be.

    Attributes:
        business: Whose it is.
        key: The public key that signed it, in hexadecimal.
        entries: How many there are.
        signatures: How many of them are signed, each for all before it.
        roots: Roots that fitted, of those kept outside of the store.
        kept: Payloads that are there and fit their entries.
        expired: Payloads that are gone because their time was over.
        erased: Payloads that were removed before their time.
        shredded: Payloads that nobody can open any more, since the keys were destroyed.
        root: The root of the log as it stands; to be kept elsewhere.
        findings: What is wrong, in the order of the log; the first hundred.
        more: How many findings there are beyond these.
    """

    business: str
    key: str = ""
    entries: int = 0
    signatures: int = 0
    roots: int = 0
    kept: int = 0
    expired: int = 0
    erased: int = 0
    shredded: int = 0
    root: Root | None = None
    findings: list[Finding] = field(default_factory=list)
    more: int = 0

    def find(self, *findings: Finding) -> None:
        """Add findings."""
        room = SHOWN - len(self.findings)
        self.findings += findings[:room]
        self.more += len(findings[room:])


async def verify(
    log: Log,
    *,
    now: datetime,
    key: str = "",
    anchored: Iterable[Root] = (),
    kept: Mapping[int, str] | None = None,
    tell: Callable[[int], None] = lambda _: None,
) -> Verdict:
    """Return what the log turns out to be, at most a page of it in memory at a time.

    *key* is the public key of the business; empty, whoever signed first is believed, or who
    signed the roots. *anchored* are roots kept beside the store, *kept* the hashes by number
    that a person has noted. *tell* is told after each page how many entries are done.

    Raises:
        TransientError, AdministratorError: From the store.
    """
    work = _Verification(log, now, key, iter(anchored), dict(kept or {}))
    async for records, details in log.pages():
        await work.page(records, details)
        tell(work.verdict.entries)
    return await work.end()


class _Verification:
    def __init__(
        self, log: Log, now: datetime, key: str, anchored: Iterator[Root], kept: dict[int, str]
    ) -> None:
        self._log, self._now, self._kept = log, now, kept
        self._anchored, self._next = anchored, next(anchored, None)
        if not key and self._next is not None:
            key = self._next.key
        self._chain = Chain(log.business, key)
        self._unopened: list[Finding] = []
        self._unopened_more = 0
        self._shredding = False
        self.verdict = Verdict(log.business)

    async def page(self, records: Sequence[Record], details: dict[str, Record]) -> None:
        """Check the entries of a page, their payloads and the roots of them."""
        for record in records:
            self.verdict.entries += 1
            stored, findings = self._chain.take(record)
            self.verdict.find(*findings)
            detail = details.pop(record.id, None)
            if stored is not None:
                self._shredding |= stored.entry.action == "keys.shred"
                # Its own number is what somebody may have edited; where it stands is not.
                number = self._chain.number
                self.verdict.find(*await self._payload(number, stored, detail))
                self.verdict.find(*await self._roots(number, stored))
        self.verdict.find(*[_orphan(each) for each in details.values()])

    async def end(self) -> Verdict:
        """Check how the log ends, and return what it turned out to be."""
        verdict, chain = self.verdict, self._chain
        verdict.find(*chain.end())
        verdict.find(*await self._beyond())
        async for record in self._log.details(entry_id(chain.number + 1)):
            if await self._log.stored(int(record.id)) is None:  # else appended meanwhile
                verdict.find(_orphan(record))
        last = chain.last
        if self._shredding and not verdict.kept:
            verdict.shredded = len(self._unopened) + self._unopened_more
        else:
            verdict.find(*self._unopened)
            verdict.more += self._unopened_more
        verdict.key, verdict.signatures = chain.key, chain.signatures
        verdict.root = root_of(last) if last is not None and last.key else None
        return verdict

    async def _payload(
        self, number: int, stored: Stored, detail: Record | None
    ) -> list[Finding]:
        entry = stored.entry
        finding = Finding(number, stamp(entry.time), "payload")
        if detail is None:
            if entry.payload and entry.time + KEPT_FOR <= self._now:
                self.verdict.expired += 1
            elif entry.payload:
                self.verdict.erased += 1
            return []
        try:
            fits = (await self._log.opened(detail)).commitment == entry.payload
        except AdministratorError:
            # Whether that is as it should be is known at the end of the log.
            if len(self._unopened) < SHOWN:
                self._unopened.append(finding)
            else:
                self._unopened_more += 1
            return []
        except ValueError:
            fits = False
        self.verdict.kept += fits
        return [] if fits else [finding]

    async def _roots(self, number: int, stored: Stored) -> list[Finding]:
        """Check what was kept of the log up to this entry."""
        found: list[Finding] = []
        if number in self._kept and self._kept.pop(number) != stored.hash:
            found.append(Finding(number, stamp(stored.entry.time), "root"))
        while self._next is not None and self._next.sequence <= number:
            root, self._next = self._next, next(self._anchored, None)
            if root.sequence == number:
                found += self._compared(root, stored.hash)
            else:  # of two processes, the later one was quicker to write its line
                found += await self._looked_up(root)
        return found

    async def _beyond(self) -> list[Finding]:
        """Check the roots that are of later entries than there are."""
        after = self._chain.number + 1
        found = [Finding(after, "", "cut")] if self._kept else []
        while self._next is not None:
            root, self._next = self._next, next(self._anchored, None)
            for finding in await self._looked_up(root):
                if finding.rule == "anchor":
                    found.append(finding)
                elif not any(each.rule == "cut" for each in found):
                    found.append(Finding(after, root.time, "cut"))
        return found

    async def _looked_up(self, root: Root) -> list[Finding]:
        record = await self._log.stored(root.sequence)
        try:
            hash_ = read_entry(record).hash if record else ""
        except BadEntry:
            return []  # found by itself
        return self._compared(root, hash_)

    def _compared(self, root: Root, hash_: str) -> list[Finding]:
        if root.hash == hash_:
            self.verdict.roots += 1
            return []
        genuine = root.genuine and root.key == self._chain.key
        return [Finding(root.sequence, root.time, "root" if genuine else "anchor")]


def _orphan(record: Record) -> Finding:
    return Finding(int(record.id) if record.id.isdecimal() else 0, "", "payload")
