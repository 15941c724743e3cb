"""The consent rows of one business, sealed in the store: added to, never changed.

All rows of one subject and purpose are sealed in one record, so that one read tells whether
consent stands, and whatever hangs on it can commit together with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from flows.ports import Clock, Record, Write
from flows.records import Records
from flows.rights.consent import (
    BUSINESS,
    START,
    Channel,
    Consent,
    Purpose,
    State,
    checked,
    granted,
)
from flows.rights.texts import text_of

RIGHTS: Final = "rights"
"""Scope of consents, and of what is there only as long as they stand."""

KIND: Final = "consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one subject said of one purpose; only ever sealed.

    `told` is how many of the rows, which stand oldest first, the pool is known to have, and
    `tenant` is under which keyed hash that pool knows the business: another in another pool.
    """

    rows: tuple[Consent, ...] = ()
    told: int = 0
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was said, with the record in which it is; None where nothing ever was."""

    said: Said
    record: Record | None = None

    @property
    def rows(self) -> tuple[Consent, ...]:
        """Return the rows, oldest first."""
        return self.said.rows

    @property
    def all_told(self) -> bool:
        """Return whether the pool has all of them."""
        return self.said.told >= len(self.rows)

    def agreed_elsewhere(self, tenant: str) -> bool:
        """Return whether another pool than that of *tenant* has a yes and no later no."""
        another = self.said.tenant not in {"", tenant}
        return another and granted(self.rows[: self.said.told]) is not None

    @property
    def guard(self) -> Write:
        """Return the write that lets a batch fail if a row has been added meanwhile.

        Only where something was said.
        """
        assert self.record is not None  # noqa: S101 - see above
        return Write(op="put", record=self.record, etag=self.record.etag)


class Consents:
    """The consents that one business has given and keeps; *records* are of any scope of it."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self.records, self._clock = records.in_scope(RIGHTS), clock

    async def read(self, purpose: Purpose, subject: str = BUSINESS) -> Kept:
        """Return what was said; one read.

        Raises:
            AdministratorError: Rows were changed or removed.
        """
        record = await self.records.get(KIND, await self._id(purpose, subject))
        if record is None:
            return Kept(Said())
        said = await self.records.open(record, Said)
        checked(said.rows)
        return Kept(said, record)

    def next_row(
        self,
        kept: Kept,
        state: State,
        *,
        purpose: Purpose,
        channel: Channel,
        who: str,
        subject: str = BUSINESS,
    ) -> Consent:
        """Return the row that would come after those of *kept*, of the text as it is now."""
        text = text_of(purpose)
        return Consent(
            subject=subject,
            purpose=purpose,
            state=state,
            time=self._clock.now(),
            version=text.version,
            text=text.hash,
            channel=channel,
            who=who,
            previous=kept.rows[-1].hash if kept.rows else START,
        )

    async def add(self, kept: Kept, row: Consent, also: Sequence[Write] = ()) -> Kept:
        """Add *row* after those of *kept*, and write *also* in one with it.

        Raises:
            StaleRecord, RecordExists: Somebody else added one since it was read.
        """
        return await self._write(kept, replace(kept.said, rows=(*kept.rows, row)), also)

    async def all_told(self, kept: Kept, tenant: str) -> Kept:
        """Remember that the pool which knows the business as *tenant* has all rows of *kept*.

        Raises:
            StaleRecord: Somebody else added one since it was read.
        """
        said = replace(kept.said, told=len(kept.rows), tenant=tenant)
        return kept if said == kept.said else await self._write(kept, said)

    async def pool_lost(self, kept: Kept) -> Kept:
        """Forget which pool was told of the rows of *kept*: it is gone for good.

        Raises:
            StaleRecord: Somebody else added one since it was read.
        """
        return await self._write(kept, replace(kept.said, told=0, tenant=""))

    async def _write(self, kept: Kept, said: Said, also: Sequence[Write] = ()) -> Kept:
        last = said.rows[-1]
        record = await self.records.seal(
            KIND,
            await self._id(last.purpose, last.subject),
            said,
            {"purpose": last.purpose, "state": last.state},
        )
        write = Write(op="create", record=record)
        if kept.record is not None:
            write = Write(op="put", record=record, etag=kept.record.etag)
        stored = await self.records.store.batch(self.records.key, [write, *also])
        return Kept(said, stored[0])

    async def _id(self, purpose: Purpose, subject: str) -> str:
        return await self.records.record_id(KIND, subject, purpose)
