"""Nouns to sealed records and back, for one business.

Everything that could tell about a person is inside `sealed`. Ids of records are keyed hashes,
since the ids that sources use (paths, Message-IDs) carry names and domains.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from flows.errors import Unopened
from flows.ports import Key, Record, Scalar, Store, Where
from flows.schema.version import check_known, marked
from flows.sealing import Keyring

T = TypeVar("T")

INTAKE: Final = "intake"
"""Scope of what must commit together: arrivals, clean messages, outputs, thread rosters."""

WORK: Final = "work"
"""Scope of what the outputs brought about: jobs, invoices, matches."""


_adapters: dict[Any, TypeAdapter[Any]] = {}  # making one takes milliseconds


def _adapter(noun: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - whatever pydantic can describe
    if noun not in _adapters:
        _adapters[noun] = TypeAdapter(noun)
    return _adapters[noun]


class Records:
    """Reads and seals the records of one business in one scope of the store."""

    def __init__(
        self,
        store: Store,
        keyring: Keyring,
        business: str,
        scope: str,
        missed: list[Unopened] | None = None,
    ) -> None:
        self.store, self.key = store, Key(business, scope)
        self._keyring, self._business, self._missed = keyring, business, missed

    def in_scope(self, scope: str) -> Records:
        """Return the records of the same business in another scope."""
        return Records(self.store, self._keyring, self._business, scope, self._missed)

    def passing_over(self, missed: list[Unopened]) -> Records:
        """Return the same records for somebody who only looks.

        One that does not open keeps nobody from the others: `opened` puts it into *missed*.
        """
        return Records(self.store, self._keyring, self._business, self.key.scope, missed)

    async def record_id(self, purpose: str, *parts: str) -> str:
        """Return the keyed hash of *parts*: always the same, and telling nothing."""
        # Lengths keep ("ab", "c") and ("a", "bc") apart.
        joined = "".join(f"{len(part)}:{part}" for part in parts)
        return await self._keyring.blind(self._business, purpose, joined)

    async def secret(self, purpose: str) -> bytes:
        """Return 32 bytes that only this business has, for keyed hashes of *purpose*."""
        return await self._keyring.derive(self._business, purpose)

    async def seal(
        self,
        kind: str,
        record_id: str,
        noun: object,
        fields: Mapping[str, Scalar],
        *,
        expires_at: datetime | None = None,
    ) -> Record:
        """Return a record with *noun* sealed inside and *fields* readable; not yet stored."""
        data: bytes = _adapter(type(noun)).dump_json(
            noun
        )  # a dataclass of flows.model, or dict
        sealed = await self._keyring.seal(self._business, kind, record_id, data)
        return Record(
            kind=kind, id=record_id, fields=marked(fields), sealed=sealed, expires_at=expires_at
        )

    @staticmethod
    def plain(
        kind: str,
        record_id: str,
        fields: Mapping[str, Scalar],
        *,
        expires_at: datetime | None = None,
    ) -> Record:
        """Return a record in which nothing is sealed; not yet stored."""
        return Record(kind=kind, id=record_id, fields=marked(fields), expires_at=expires_at)

    async def open(self, record: Record, noun: type[T]) -> T:
        """Return what is sealed in *record*.

        Raises:
            Unopened: The record was altered, was sealed with another key, or was moved.
            AdministratorError: It was written by a newer release.
        """
        check_known(record)
        data = await self._keyring.open(self._business, record.kind, record.id, record.sealed)
        try:
            opened: T = _adapter(noun).validate_json(data)
        except ValidationError:  # its text would quote what is sealed
            raise Unopened(
                f"what is sealed in {record.kind} {record.id} is of another release's form",
                fix="open it with the JigAjob that wrote it, or restore a backup",
            ) from None
        return opened

    async def seal_bytes(
        self,
        kind: str,
        record_id: str,
        content: bytes,
        fields: Mapping[str, Scalar],
        *,
        expires_at: datetime | None = None,
    ) -> Record:
        """Return a record with *content* sealed as it is, 34 bytes longer; not yet stored."""
        sealed = await self._keyring.seal(self._business, kind, record_id, content)
        return Record(
            kind=kind, id=record_id, fields=marked(fields), sealed=sealed, expires_at=expires_at
        )

    async def open_bytes(self, record: Record) -> bytes:
        """Return what `seal_bytes` sealed in *record*.

        Raises:
            AdministratorError: As `open`.
        """
        check_known(record)
        return await self._keyring.open(self._business, record.kind, record.id, record.sealed)

    async def get(self, kind: str, record_id: str) -> Record | None:
        """Return the record, or None."""
        return await self.store.get(self.key, kind, record_id)

    async def found(self, kind: str, ids: Iterable[str]) -> dict[str, Record]:
        """Return by id those of the records that are there: one query, not a read for each."""
        wanted = tuple(dict.fromkeys(ids))
        if not wanted:
            return {}
        where = [Where("id", "in", wanted)]
        return {record.id: record async for record in self.each(kind, where=where)}

    async def each(
        self,
        kind: str,
        *,
        where: Sequence[Where] = (),
        order: str = "id",
        descending: bool = False,
    ) -> AsyncIterator[Record]:
        """Yield every record of a kind that matches, page by page."""
        cursor = ""
        while True:
            page = await self.store.query(
                self.key,
                kind,
                where=where,
                order=order,
                descending=descending,
                limit=500,
                cursor=cursor,
            )
            for record in page.records:
                yield record
            if not (cursor := page.cursor):
                return

    async def opened(
        self,
        kind: str,
        noun: type[T],
        *,
        where: Sequence[Where] = (),
        order: str = "id",
        descending: bool = False,
    ) -> AsyncIterator[tuple[Record, T]]:
        """Yield every record of a kind that matches, with what is sealed in it.

        Raises:
            Unopened: One does not open, and these records are not `passing_over`.
            AdministratorError: One was written by a newer release.
        """
        async for record in self.each(kind, where=where, order=order, descending=descending):
            try:
                found = await self.open(record, noun)
            except Unopened as error:
                if self._missed is None:
                    raise
                self._missed.append(error)
                continue
            yield record, found

    async def count(self, kind: str, **fields: Scalar) -> int:
        """Count the records of a kind whose fields equal the given ones."""
        where = [Where(name, "=", value) for name, value in fields.items()]
        return await self.store.count(self.key, kind, where=where)


def json_of(noun: object) -> dict[str, Any]:
    """Return *noun* as JSON-able data: money as strings, times in ISO 8601."""
    data: dict[str, Any] = _adapter(type(noun)).dump_python(noun, mode="json")
    return data
