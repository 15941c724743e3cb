"""Mails of a mailbox, fetched and parsed ahead of whoever stores them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Final

from flows.errors import SkipItem
from flows.intake.mail_process import MAILS, MailParser, RawMail
from flows.model import Message
from flows.ports import Mailbox, MailRef

AT_ONCE: Final = 16
"""Mails parsed at once, since going through a thread costs. A page of more is a backlog, for
which a second process is worth its start."""
BYTES: Final = 4 * 1024 * 1024
"""Bytes of mail after which no other is added to those that are parsed at once."""
AHEAD: Final = 3
"""How many times as much is kept ready, at most."""

_Read = tuple[MailRef, Message | SkipItem]


class Reading:
    """Mails that are being read in the background, from now on; close it in any case."""

    def __init__(self, parser: MailParser, mailbox: Mailbox, refs: Sequence[MailRef]) -> None:
        self._parser, self._mailbox, self._refs = parser, mailbox, refs
        self._ready: asyncio.Queue[list[_Read] | BaseException] = asyncio.Queue(AHEAD)
        self._closing = False
        self._task = asyncio.create_task(self._read_all())

    async def messages(self) -> AsyncIterator[_Read]:
        """Yield each message, or why it cannot be read, in the order of the refs.

        Raises:
            TransientError, AdministratorError: From the mailbox.
        """
        while some := await self._ready.get():
            if isinstance(some, BaseException):
                raise some
            for read in some:
                yield read

    async def close(self) -> None:
        """Stop reading, let go of what was read, and wait for the call that is under way."""
        self._closing = True
        while not self._ready.empty():
            self._ready.get_nowait()
        await asyncio.wait({self._task})

    async def _read_all(self) -> None:
        try:
            async for some in self._fetched():
                await self._ready.put(await asyncio.to_thread(self._read, some))
        except BaseException as error:  # noqa: BLE001 - raised where the mail is asked for
            await self._ready.put(error)
        else:
            await self._ready.put([])

    async def _fetched(self) -> AsyncIterator[list[tuple[MailRef, bytes | SkipItem]]]:
        some: list[tuple[MailRef, bytes | SkipItem]] = []
        size = 0
        for number, ref in enumerate(self._refs, 1):
            try:
                raw = await self._mailbox.fetch(ref)
            except SkipItem as skip:
                some.append((ref, skip))
            else:
                some.append((ref, raw))
                size += len(raw)
            if self._closing:
                return
            if size > BYTES or len(some) == AT_ONCE or number == len(self._refs):
                yield some
                some, size = [], 0

    def _read(self, some: Sequence[tuple[MailRef, bytes | SkipItem]]) -> list[_Read]:
        mails = [RawMail(ref.folder, raw) for ref, raw in some if not isinstance(raw, SkipItem)]
        # The process takes a moment to start; until then nobody waits for it.
        apart = len(self._refs) > AT_ONCE and MAILS.ready()
        parsed = iter(self._parser.apart(mails) if apart else self._parser.here(mails))
        return [(ref, raw if isinstance(raw, SkipItem) else next(parsed)) for ref, raw in some]
