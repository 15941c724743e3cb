"""Somebody says yes or no: recorded, carried out at once, and told to the pool."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from flows.audit import Act, Audit
from flows.ports import Write
from flows.reports.contributing import TALLY, told
from flows.reports.pool import Pool
from flows.rights.consent import Channel, Purpose
from flows.rights.ledger import Consents, Kept


class Agreement:
    """What one person says for the business, by one channel.

    *who* is the name of whoever says so; *open_pool* opens the pool that is to be told.
    """

    def __init__(
        self,
        *,
        consents: Consents,
        business: str,
        audit: Audit,
        channel: Channel,
        who: str,
        open_pool: Callable[[], AbstractAsyncContextManager[Pool]],
    ) -> None:
        self._consents, self._business, self._audit = consents, business, audit
        self._channel, self._who, self._open_pool = channel, who, open_pool

    async def read(self, purpose: Purpose) -> Kept:
        """Return what was said so far; raises as `Consents.read`."""
        return await self._consents.read(purpose)

    async def grant(self, purpose: Purpose) -> Kept:
        """Agree to the text as it is now, and return all that was said.

        Raises:
            StaleRecord, RecordExists: Somebody else said something at this moment.
            TransientError, AdministratorError: From the store; then nothing was said.
        """
        kept = await self._consents.read(purpose)
        row = self._consents.next_row(
            kept, "granted", purpose=purpose, channel=self._channel, who=self._who
        )
        async with self._audit.act(self._act("consent.grant", row.hash)):
            return await self._consents.add(kept, row)

    async def withdraw(self, purpose: Purpose) -> Kept:
        """Take it back, and return all that was said; every tally goes in the same write.

        Raises:
            StaleRecord, RecordExists, TransientError, AdministratorError: As `grant`.
        """
        kept = await self._consents.read(purpose)
        row = self._consents.next_row(
            kept, "withdrawn", purpose=purpose, channel=self._channel, who=self._who
        )
        tallies = [record async for record in self._consents.records.each(TALLY)]
        gone = [Write(op="delete", record=each) for each in tallies]
        async with self._audit.act(self._act("consent.withdraw", row.hash)):
            return await self._consents.add(kept, row, gone)

    async def tell(self, kept: Kept) -> None:
        """Let the pool have what was said; with a no, it deletes what it has in the same write.

        The pool is asked each time, since it may be another than the one that was told before.

        Raises:
            TransientError, AdministratorError: The pool cannot be reached, or as `told`.
        """
        async with self._open_pool() as pool:
            await told(pool, self._consents, kept, self._business)

    async def pool_lost(self, kept: Kept) -> Kept:
        """Give up on the pool that was told before; raises as `Consents.pool_lost`."""
        act = Act(action="consent.pool_lost", authority=f"consent by {self._channel}")
        async with self._audit.act(act):
            return await self._consents.pool_lost(kept)

    def _act(self, action: str, receipt: str) -> Act:
        return Act(action=action, authority=f"consent by {self._channel}", subjects=[receipt])
