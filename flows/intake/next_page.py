"""The next page of a mailbox, read while the one before it is still being written."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from flows.intake.mail import Begun, MailIntake
from flows.ports import MailPage


class Listed(NamedTuple):
    """A page as its mailbox lists it, and the reading of its mails."""

    page: MailPage
    begun: Begun


class NextPage:
    """Lists and begins pages of one mailbox, the next one ahead of time."""

    def __init__(self, intake: MailIntake, limit: int) -> None:
        self._intake, self._limit = intake, limit
        self._ahead: tuple[str, asyncio.Task[Listed]] | None = None

    async def after(self, cursor: str) -> Listed:
        """Return the page after *cursor*; whoever has it settles it.

        Raises:
            TransientError, AdministratorError: From the mailbox or the store.
        """
        if self._ahead is not None and self._ahead[0] == cursor:
            (_, task), self._ahead = self._ahead, None
            return await task
        await self.close()
        return await self._listed(cursor)

    def start(self, cursor: str) -> None:
        """Begin the page after *cursor*, which will be asked for next."""
        self._ahead = cursor, asyncio.create_task(self._listed(cursor))

    async def close(self) -> None:
        """Stop what was begun and not asked for."""
        if self._ahead is None:
            return
        (_, task), self._ahead = self._ahead, None
        await asyncio.wait({task})  # a call that is under way is never left alone
        if not task.cancelled() and task.exception() is None:
            await task.result().begun.reading.close()

    async def _listed(self, cursor: str) -> Listed:
        page = await self._intake.mailbox.page(cursor, self._limit)
        return Listed(page, await self._intake.begin(page.refs))
