"""What the engine asks of the outside world, as Protocols.

Each port has one contract suite in `tests/contract/`; every implementation passes it.
Implementations live in `connectors/` and are put together in `portal/wiring.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol, runtime_checkable

from flows.model import Output, Transaction

Scalar = str | int | bool | None


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
    """

    kind: str
    id: str
    fields: Mapping[str, Scalar] = field(default_factory=dict)
    sealed: bytes = b""
    expires_at: datetime | None = None
    etag: str = ""
    scope: str = ""


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

        Records without the *order* field are left out. A cursor stays good while records
        are added or removed: nothing that was there throughout is shown twice or missed.
        Limit is 1 to 1,000.
        """

    async def count(self, key: Key, kind: str, *, where: Sequence[Where] = ()) -> int:
        """Count the live records of a kind that match."""

    async def changes(self, key: Key, *, cursor: str = "", limit: int = 100) -> RecordPage:
        """Return records written since *cursor*, oldest change first, each at least once.

        The latest version only; no deletions. The cursor is never empty here: with no
        changes the same one comes back.
        """

    async def purge(self, key: Key) -> None:
        """Remove every record of exactly this partition (scope empty: of the business)."""

    async def close(self) -> None:
        """Let go of files and connections; the store is not usable afterwards."""


class Vault(Protocol):
    """Has custody of the keys that wrap the data keys; never sees data."""

    async def wrap(self, business: str, data_key: bytes) -> bytes:
        """Return *data_key* (32 bytes) wrapped; only this vault can unwrap it."""

    async def unwrap(self, business: str, wrapped: bytes) -> bytes:
        """Return the data key.

        Raises:
            AdministratorError: The wrapping key is gone, unreadable or another one.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRef:
    """One message in a mailbox, not yet fetched.

    `native_id` never changes while the message exists in this source and is never reused
    for another message. It may hold personal data (a path): it is never stored unsealed.
    `received_on` is the day on which the server says that it came, where there is a server.
    """

    native_id: str
    folder: str
    size: int
    received_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPage:
    """Some messages, the cursor from which the next page follows, and whether one does."""

    refs: tuple[MailRef, ...]
    cursor: str
    more: bool


class Mailbox(Protocol):
    """A place that holds mail."""

    async def page(self, cursor: str, limit: int) -> MailPage:
        """Return at most *limit* (1 to 1,000) messages after *cursor*; "" is the start.

        Following cursors to the end shows each message that was there throughout at least
        once. A cursor that the source no longer honours starts a full listing by itself.

        Raises:
            TransientError: The source is away or asks for a pause.
            AdministratorError: The source is missing or closed to us.
        """

    async def fetch(self, ref: MailRef) -> bytes:
        """Return the message as RFC 5322 bytes, as the source holds it.

        Raises:
            SkipItem: This one message cannot be read (`unreadable`, `gone`, `too_large`).
        """

    def census(self) -> AsyncIterator[MailRef]:
        """Yield every message that the source holds now, counted anew and by itself.

        The ledger is checked against this, so it shares no state with `page`.
        """

    async def close(self) -> None:
        """Let go of connections and files."""


class Tokens(Protocol):
    """Gives access tokens of one account for one service; whoever holds it sees no others."""

    async def token(self, *, refused: str = "") -> str:
        """Return an access token that is good for some minutes.

        With *refused*, a token that the service has just turned away, another one.

        Raises:
            SignInNeeded: Somebody has to sign in again, or an administrator has to act.
            TransientError: The identity provider is away.
        """


@runtime_checkable
class Hints(Protocol):
    """A mailbox that tells by itself when something has changed."""

    async def changed(self, seconds: float) -> bool:
        """Return True once something may be new, False after *seconds* without a sign.

        A hint only: what is new is found by `Mailbox.page`, and a missed hint by its next
        call. Nothing is raised for a source that is away; it is then silent.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """How many messages the server counts in a folder on a day; without *day*: on all days."""

    folder: str
    day: date | None
    number: int


@runtime_checkable
class DayCounts(Mailbox, Protocol):
    """A mailbox whose server counts what came, apart from any listing of ours.

    Every `MailRef` of such a mailbox has a `received_on`, and the days are the same.
    """

    async def day_counts(self, days: Collection[date]) -> Sequence[DayCount]:
        """Return the count of every folder as a whole, and of each of *days* but for zeros.

        Raises:
            TransientError, AdministratorError: As `Mailbox.page`.
        """

    def of_day(self, folder: str, day: date) -> AsyncIterator[MailRef]:
        """Yield the messages that the server finds in *folder* when asked for that day.

        Raises:
            TransientError, AdministratorError: As `Mailbox.page`.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionItem:
    """One entry of a bank file: a transaction, or the reason why it is none.

    `pointer` says where it stands (file name and row) for the person who mends it. `same_as`
    and `corrects` are native ids that the source showed at other times and shows no more:
    the same movement told elsewhere, and earlier versions that the bank has corrected. Where
    one of them was taken in, this one is not taken in as well.
    """

    native_id: str
    pointer: str
    transaction: Transaction | None
    reason: str = ""
    same_as: tuple[str, ...] = ()
    corrects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionPage:
    """Some entries, the cursor of the next page, and whether one follows."""

    items: tuple[TransactionItem, ...]
    cursor: str
    more: bool


class TransactionSource(Protocol):
    """A place that tells what was paid."""

    async def page(self, cursor: str, limit: int) -> TransactionPage:
        """Return at most *limit* entries after *cursor*, oldest first; "" is the start.

        The same movement met again (the same file twice, overlapping files) has the same
        `native_id`.

        Raises:
            TransientError, AdministratorError: As for a mailbox.
        """

    def census(self) -> AsyncIterator[str]:
        """Yield the native id of every entry that the source holds now, read anew."""

    async def close(self) -> None:
        """Let go of connections and files."""


class Outlet(Protocol):
    """Carries finished work out of JigAjob, for the steps that it names."""

    @property
    def uses(self) -> frozenset[str]:
        """Return the steps (`reply.draft`, `row.append`) whose outputs it takes."""

    async def deliver(self, output: Output) -> str:
        """Carry the output out once, and return where it is now to be found.

        Delivering the same output again changes nothing and returns the same.

        Raises:
            TransientError: Not delivered; later may work.
            OperatorError, AdministratorError: Not delivered until somebody acts.
            DeliveryUnknown: It may or may not have gone out; a person decides.
        """


@runtime_checkable
class Resuming(Protocol):
    """An outlet for which the promise of `Outlet.deliver` cannot be kept: it sends mail.

    Delivering the same output again may send it again, so only a person, by approving it
    once more, has it delivered again after a delivery that did not come to an end.
    """

    async def resume(self, output: Output) -> str:
        """Return where an output is whose delivery broke off, by a crash for instance.

        Never sends what may be out already. No other worker is at this output meanwhile.

        Raises:
            TransientError, SignInNeeded: It cannot be looked up now; it is asked again later.
            DeliveryUnknown: Nothing tells whether it went out; a person decides.
            OperatorError, another AdministratorError: As for unknown; the person reads why.
        """


@runtime_checkable
class Gathering(Outlet, Protocol):
    """An outlet that carries out many outputs for little more than what one costs."""

    async def deliver_all(self, outputs: Sequence[Output]) -> Sequence[str]:
        """Carry the outputs out in their order, and return where each is; as `deliver`.

        Raises:
            JigajobError: As `deliver`. Any of them may be out; each may be delivered again.
        """


class Clock(Protocol):
    """Tells the time, so that tests can."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
