"""What was released from a pool and what it cost, with the bytes of each release: kept once.

A release is a record of the ledger and a record for each of its files, written in one batch:
all of them are there or none. Releases are numbered over the whole pool, and the number of the
next one is taken by `create`. So of two who release at once one comes second, whatever the
periods are, and has to count again what the year has cost by then.

Who can write to the store, but has no keys, can remove releases but not make any. The audit log
of the pool names each, so that one that is missing is found before noise is drawn anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from anonymizer.tables.budget import Spending
from flows.audit import Audit
from flows.errors import AdministratorError
from flows.ports import Where, Write
from flows.records import Records
from flows.reports.manifest import NAME, START, read_manifest, sha256

SCOPE: Final = "releases"
"""Scope of the ledger and of the files."""

KIND: Final = "release"
FILE: Final = "release-file"
ACTION: Final = "report.release"
"""What the audit log calls the entry that names a release, with the hash of its manifest."""

_DIGITS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """One release in the ledger.

    Attributes:
        number: From 1 on without gaps.
        period: Such as `2026-Q3`.
        year: Of the period: whose budget it was taken from.
        epsilon: What it cost an owner.
        at: When it was made.
        restates: The number of the release whose place it takes; else 0.
        method: Hash of the method by which it was made.
        sufficient: Whether anything is published in it.
        salt: 32 random bytes in hexadecimal, that only the pool has. Keyed hashes are published
            hashed with it, so that two releases never show whether nothing has changed.
        manifest: SHA-256 of its manifest.
        previous: That of the release before.
    """

    number: int
    period: str
    year: int
    epsilon: Decimal
    at: datetime
    restates: int = 0
    method: str
    sufficient: bool
    salt: str = field(repr=False)
    manifest: str
    previous: str = START

    @property
    def spending(self) -> Spending:
        """Return what the budget of the year has to know of it."""
        return Spending(
            period=self.period,
            year=self.year,
            epsilon=self.epsilon,
            restates=bool(self.restates),
        )


class Ledger:
    """The releases of one pool; *records* are of any of its scopes, *audit* is its log."""

    def __init__(self, records: Records, audit: Audit) -> None:
        self._records, self._log = records.in_scope(SCOPE), audit.log

    async def all(self) -> tuple[Spent, ...]:
        """Return every release by number.

        Raises:
            AdministratorError: One is missing, also one that the audit log names, or does
                not open.
            TransientError: From the store.
        """
        found: list[Spent] = []
        async for record, spent in self._records.opened(KIND, Spent):
            before = found[-1].manifest if found else START
            if record.id != _id(len(found) + 1) or spent.previous != before:
                raise _missing(len(found) + 1)
            found.append(spent)
        if await self.named() - {subject_of(spent) for spent in found}:
            raise _missing(len(found) + 1)
        return tuple(found)

    async def named(self) -> set[str]:
        """Return how the audit log of the pool names its releases, each as `subject_of`."""
        where = [Where("action", "=", ACTION)]
        return {
            subject
            async for stored in self._log.entries(where=where)
            for subject in stored.entry.subjects
            if subject.startswith(_SUBJECT)
        }

    async def put(self, spent: Spent, files: Mapping[str, bytes]) -> None:
        """Store a release with its files, whose number is the one after the last.

        Raises:
            RecordExists: Somebody else has taken the number; nothing was written.
            RecordTooLarge: One of the files is; nothing was written.
            TransientError, AdministratorError: From the store; all was written or nothing.
        """
        made = [
            await self._records.seal(KIND, _id(spent.number), spent, {"period": spent.period}),
            *[
                await self._records.seal_bytes(FILE, _file_id(spent.number, name), content, {})
                for name, content in files.items()
            ],
        ]
        writes = [Write(op="create", record=record) for record in made]
        await self._records.store.batch(self._records.key, writes)

    async def files(self, spent: Spent) -> dict[str, bytes]:
        """Return the files of a release by name, the same bytes each time.

        Raises:
            AdministratorError: One is missing, or is another one than was released.
            TransientError: From the store.
        """
        prefix = _file_id(spent.number, "")
        found: dict[str, bytes] = {}
        async for record in self._records.each(FILE, where=[Where("id", "prefix", prefix)]):
            found[record.id.removeprefix(prefix)] = await self._records.open_bytes(record)
        if sha256(found.get(NAME, b"")) != spent.manifest:
            raise _missing(spent.number)
        named = read_manifest(found[NAME]).files
        for name, file in named.items():
            if sha256(found.get(name, b"")) != file.sha256:
                raise _missing(spent.number)
        return {name: found[name] for name in (*named, NAME)}


_SUBJECT: Final = "manifest:"


def subject_of(spent: Spent) -> str:
    """Return how the audit log names a release."""
    return f"{_SUBJECT}{spent.manifest}"


def latest(releases: Sequence[Spent], period: str) -> Spent | None:
    """Return the release that counts for a period: the last one; None where there is none."""
    return next((spent for spent in reversed(releases) if spent.period == period), None)


def _missing(number: int) -> AdministratorError:
    return AdministratorError(
        f"release {number} of the pool is missing, or is not what was released",
        fix="restore a backup of the pool that has it; nothing is released from this one, since"
        " the same figures with other noise would tell more than was promised",
    )


def _id(number: int) -> str:
    return f"{number:0{_DIGITS}d}"


def _file_id(number: int, name: str) -> str:
    return f"{_id(number)}.{name}"
