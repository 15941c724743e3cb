"""Where records are kept, and who has custody of the keys that wrap their keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol

Scalar = str | int | bool | None

LISTED_BY: Final = frozenset({"created", "day", "next", "recorded", "taught"})
"""Fields in the order of which JigAjob lists many records, beside their ids. By these a store
is quick in any case; in the order of another field it may have to read all that match."""


@dataclass(frozen=True, slots=True)
class Key:
    """One partition of the store. `scope` empty in a query means: the whole business."""

    business: str
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    r"""One document. Only `fields` can be read or searched without the business's key.

    Attributes:
        kind: What it is, a short word; ids are unique per kind and partition.
        id: 1 to 255 characters, none of `/ \\ ? #`.
        fields: Flat; names are identifiers; integers below 2**53. Never personal data.
        sealed: Ciphertext, opaque to the store.
        expires_at: From then on the record is gone for every reader.
        etag: Set by the store on what it returns; ignored on what it is given.
        scope: Set by the store on what it returns, for queries over a whole business.
        deleted: Set by the store on what `changes` returns: the record was deleted, and has
            no fields and nothing sealed.
    """

    kind: str
    id: str
    fields: Mapping[str, Scalar] = field(default_factory=dict)
    sealed: bytes = b""
    expires_at: datetime | None = None
    etag: str = ""
    scope: str = ""
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One operation of a batch.

    `create` fails where the id is taken, `put` writes whatever was there (with `etag`: only
    that version), `delete` is idempotent without `etag`.
    """

    op: Literal["create", "put", "delete"]
    record: Record
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """One condition of a query; conditions are joined by AND.

    `value` of `in` is a tuple of scalars, of `prefix` a string. A record that lacks the
    field never matches.
    """

    field: str
    op: Literal["=", "!=", "<", "<=", ">", ">=", "in", "prefix"]
    value: Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Some records, and the cursor of the next page, empty after the last one."""

    records: tuple[Record, ...]
    cursor: str


class Store(Protocol):
    """Keeps records of many businesses; each call sees one business only.

    Raises, on any method: `TransientError` where trying again is the cure,
    `AdministratorError` where the store cannot be reached or read at all.
    """

    async def get(self, key: Key, kind: str, record_id: str) -> Record | None:
        """Return the record, or None where it is missing or expired."""

    async def create(self, key: Key, record: Record) -> Record:
        """Store a new record and return it with its etag.

        Raises:
            RecordExists: The id is taken in this partition by a live record.
            RecordTooLarge: Over 2,000,000 bytes of fields and sealed together.
        """

    async def put(self, key: Key, record: Record, *, etag: str = "") -> Record:
        """Store the whole record, over whatever was there, and return it with a new etag.

        Raises:
            StaleRecord: *etag* is given and the stored record has another.
            RecordMissing: *etag* is given and there is no record.
        """

    async def delete(self, key: Key, kind: str, record_id: str, *, etag: str = "") -> None:
        """Remove the record; without *etag*, a missing one is fine.

        Raises:
            StaleRecord: *etag* is given and the stored record has another.
            RecordMissing: *etag* is given and there is no record.
        """

    async def batch(
        self, key: Key, writes: Sequence[Write], *, lasting: bool = True
    ) -> tuple[Record, ...]:
        """Carry out 1 to 100 writes in one partition: all of them or none.

        Returns the records as stored, in the order of *writes* (for a delete: as given).

        A batch that is not *lasting* is seen at once and outlives the process, but a failure
        of power may take it back, with all that was written after it, until a lasting write
        has returned. It is for work that is done again unless such a write follows.

        Raises:
            RecordExists, StaleRecord, RecordMissing, RecordTooLarge: As the single calls;
                then nothing was written.
            ValueError: No writes, or more than 100.
        """

    async def query(
        self,
        key: Key,
        kind: str,
        *,
        where: Sequence[Where] = (),
        order: str = "id",
        descending: bool = False,
        limit: int = 100,
        cursor: str = "",
    ) -> RecordPage:
        """Return one page of records of a kind, ordered by one field, then by id.

        Any field will do; many records are best listed by one of `LISTED_BY`.

        Records without the *order* field are left out. A cursor stays good while records
        are added or removed: nothing that was there throughout is shown twice or missed.
        Limit is 1 to 1,000.
        """

    async def count(self, key: Key, kind: str, *, where: Sequence[Where] = ()) -> int:
        """Count the live records of a kind that match."""

    async def changes(self, key: Key, *, cursor: str = "", limit: int = 100) -> RecordPage:
        """Return records written since *cursor*, oldest change first, each at least once.

        The latest version only. What was deleted is told for 30 days, as `deleted`; a delete
        that found nothing may be told as well. What has expired or was purged is not told.
        A page may be longer than *limit* where one batch wrote more. The cursor is never
        empty here: with no changes the same one comes back.
        """

    async def purge(self, key: Key) -> None:
        """Remove every record of exactly this partition (scope empty: of the business)."""

    async def close(self) -> None:
        """Let go of files and connections; the store is not usable afterwards."""


class Vault(Protocol):
    """Has custody of the keys that wrap the data keys; never sees data.

    Raises, on any method: `TransientError` where trying again is the cure,
    `AdministratorError` where the vault cannot be reached or does not let us in.
    """

    async def wrap(self, business: str, data_key: bytes) -> bytes:
        """Return *data_key* (32 bytes) wrapped by the newest wrapping key.

        Only this vault can unwrap it, and only for this business.
        """

    async def unwrap(self, business: str, wrapped: bytes) -> bytes:
        """Return the data key, whichever wrapping key of this vault wrapped it.

        Raises:
            AdministratorError: The wrapping key is gone, unreadable or another one.
        """

    async def is_newest(self, business: str, wrapped: bytes) -> bool:
        """Return whether the newest wrapping key is the one that wrapped this."""

    async def renew(self) -> None:
        """Have every later `wrap` use a newer wrapping key, where that is ours to make.

        What was wrapped before is still unwrapped.
        """

    async def close(self) -> None:
        """Let go of connections."""
