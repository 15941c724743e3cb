"""Who is connected: which account, by whom, for what, when it last worked, what is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from flows.errors import AdministratorError, RecordExists, RecordMissing, StaleRecord
from flows.ports import Clock, Record
from flows.records import Records

IDENTITY: Final = "identity"
"""Scope of tokens and of what is known about them."""

SIGN_IN: Final = "jigajob connect SOURCE"
"""The command that connects an account, as a `fix` names it."""

_KIND: Final = "connection"
_NOTED_EVERY: Final = timedelta(minutes=1)
_TRIES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One account that JigAjob may use, and how that stands.

    Attributes:
        account: Address of the mailbox.
        signed_in_by: Name of the person who signed in; empty where an app does it itself.
        scopes: What was granted.
        connected_at: When the sign-in was.
        last_good: When a token was last got; None for never.
        why: Empty while all is well, else the short word of `SignInNeeded`.
        what: What is wrong, in plain words.
        fix: What to do about it.
    """

    account: str
    signed_in_by: str = ""
    scopes: tuple[str, ...] = ()
    connected_at: datetime
    last_good: datetime | None = None
    why: str = ""
    what: str = ""
    fix: str = ""


class Connections:
    """The connections of one business, kept sealed; *records* are of the scope `identity`.

    Readable in the store are only times and the short word of what is wrong.
    """

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records, self._clock = records, clock

    async def get(self, connection_id: str) -> Connection | None:
        """Return one connection, or None."""
        record = await self._records.get(_KIND, connection_id)
        return await self._records.open(record, Connection) if record else None

    async def each(self) -> AsyncIterator[tuple[str, Connection]]:
        """Yield every connection with its id."""
        async for record in self._records.each(_KIND):
            yield record.id, await self._records.open(record, Connection)

    async def record(self, connection_id: str, connection: Connection) -> Record:
        """Return the record of a connection, not yet stored."""
        good = connection.last_good
        fields = {
            "connected_at": connection.connected_at.isoformat(),
            "last_good": good.isoformat() if good else None,
            "why": connection.why,
        }
        return await self._records.seal(_KIND, connection_id, connection, fields)

    async def good(self, connection_id: str) -> None:
        """Note that a token was got just now; to the minute, unless something was wrong."""
        now = self._clock.now()
        known = await self.get(connection_id)
        recent = known and known.last_good and now - known.last_good < _NOTED_EVERY
        if known and (known.why or not recent):
            await self._change(connection_id, why="", what="", fix="", last_good=now)

    async def bad(self, connection_id: str, error: AdministratorError) -> None:
        """Note why no token can be got, unless that is noted already."""
        known = await self.get(connection_id)
        why = str(getattr(error, "why", "not_permitted"))
        if known and (known.why, known.what) != (why, error.what):
            await self._change(connection_id, why=why, what=error.what, fix=error.fix)

    async def _change(self, connection_id: str, **changes: str | datetime) -> None:
        for _ in range(_TRIES):
            stored = await self._records.get(_KIND, connection_id)
            if stored is None:
                return
            known = await self._records.open(stored, Connection)
            record = await self.record(connection_id, replace(known, **changes))  # type: ignore[arg-type]
            try:
                await self._records.store.put(self._records.key, record, etag=stored.etag)
            except (StaleRecord, RecordMissing):
                continue  # somebody else has noted something at the same moment
            return

    async def ensure(self, connection_id: str, account: str, scopes: tuple[str, ...]) -> None:
        """Make the connection of an account for which an app signs in by itself."""
        if await self._records.get(_KIND, connection_id):
            return
        made = Connection(account=account, scopes=scopes, connected_at=self._clock.now())
        record = await self.record(connection_id, made)
        try:
            await self._records.store.create(self._records.key, record)
        except RecordExists:
            return

    async def forget(self, connection_id: str) -> None:
        """Remove one connection."""
        await self._records.store.delete(self._records.key, _KIND, connection_id)
