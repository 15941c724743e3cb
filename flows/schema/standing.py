"""At which schema a business stands, and how far a migration has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flows.errors import AdministratorError, RecordExists
from flows.ports import Key, Record, Store
from flows.schema.version import FIRST, SCHEMA, newer

_SCOPE, _KIND, _ID = "schema", "schema", "schema"

APART: Final = frozenset({"keys", "audit", _SCOPE})
"""Scopes that migrations leave alone: what is in them tells its form by itself."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a business stands.

    Attributes:
        version: The schema of its records; while a migration is under way, that before it.
        to: The schema to which a migration is under way; the same as *version* for none.
        cursor: How far it has come through the changes of the store.
        moved: How many records it has brought there.
        etag: Of the record that tells all this; empty where there is none.
    """

    version: int
    to: int
    cursor: str = ""
    moved: int = 0
    etag: str = ""

    @property
    def under_way(self) -> bool:
        """Tell whether a migration was begun and has not ended."""
        return self.to != self.version


class Standings:
    """Reads and writes where one business stands."""

    def __init__(self, store: Store, business: str) -> None:
        self._store, self._business = store, business
        self._key = Key(business, _SCOPE)

    async def read(self) -> Standing | None:
        """Return where the business stands; None for one of which nothing is stored."""
        record = await self._store.get(self._key, _KIND, _ID)
        if record is None:
            # Release 0.1.0 left no note of it.
            return Standing(FIRST, FIRST) if await self._holds_records() else None
        fields = record.fields
        return Standing(
            int(fields["v"] or FIRST),
            int(fields["to"] or FIRST),
            str(fields["cursor"]),
            int(fields["moved"] or 0),
            record.etag,
        )

    async def write(self, standing: Standing) -> Standing:
        """Write where it stands, over what was read before.

        Raises:
            RecordExists, StaleRecord, RecordMissing: Another migration did, meanwhile.
        """
        if standing.version == standing.to == FIRST:
            # As that release left it: it would not know what to make of the note.
            await self._store.delete(self._key, _KIND, _ID, etag=standing.etag)
            return Standing(FIRST, FIRST)
        record = Record(
            kind=_KIND,
            id=_ID,
            fields={
                "v": standing.version,
                "to": standing.to,
                "cursor": standing.cursor,
                "moved": standing.moved,
            },
        )
        if standing.etag:
            stored = await self._store.put(self._key, record, etag=standing.etag)
        else:
            stored = await self._store.create(self._key, record)
        return Standing(
            standing.version, standing.to, standing.cursor, standing.moved, stored.etag
        )

    async def check(self) -> None:
        """Refuse a business that does not stand where this release can work with it.

        Raises:
            AdministratorError: It stands elsewhere, or a migration has not ended.
        """
        standing = await self.read()
        if standing is None:
            try:
                await self.write(Standing(SCHEMA, SCHEMA))
            except RecordExists:  # another worker opens it for the first time, too
                await self.check()
            return
        furthest = max(standing.version, standing.to)
        if furthest > SCHEMA:
            raise newer(f"the store of {self._business}", furthest)
        if standing.under_way:
            raise AdministratorError(
                f"a migration of {self._business} to schema {standing.to} has not ended",
                fix="run `jigajob migrate` to end it, or `jigajob migrate --back` to undo it",
            )
        if standing.version < SCHEMA:
            raise AdministratorError(
                f"the store of {self._business} was written by an earlier JigAjob"
                f" (schema {standing.version}; this one works with {SCHEMA})",
                fix="stop what else runs on it, and run `jigajob migrate`;"
                " `jigajob migrate --back` undoes it",
            )

    async def _holds_records(self) -> bool:
        page = await self._store.changes(Key(self._business))
        return any(record.scope not in APART for record in page.records)
