"""Mails of a mailbox, fetched and parsed: some at once, since going through a thread costs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Final

from flows.errors import JigajobError, SkipItem
from flows.intake.parse import parse
from flows.intake.parties import OwnAddresses
from flows.model import Message
from flows.ports import Mailbox, MailRef

AT_ONCE: Final = 16
BYTES: Final = 4 * 1024 * 1024
"""Bytes of mail after which no other is added to those that are parsed at once."""


class MailReader:
    """Reads the mails of one source."""

    def __init__(self, source: str, own: OwnAddresses, *, received_by: str) -> None:
        self._source, self._own, self._received_by = source, own, received_by

    async def messages(
        self, mailbox: Mailbox, refs: Sequence[MailRef]
    ) -> AsyncIterator[tuple[MailRef, Message | SkipItem]]:
        """Yield each message, or why it cannot be read, in the order of *refs*.

        Raises:
            TransientError, AdministratorError: From the mailbox.
        """
        some: list[tuple[MailRef, bytes | SkipItem]] = []
        size = 0
        for number, ref in enumerate(refs, 1):
            try:
                raw = await mailbox.fetch(ref)
            except SkipItem as skip:
                some.append((ref, skip))
            else:
                some.append((ref, raw))
                size += len(raw)
            if size > BYTES or len(some) == AT_ONCE or number == len(refs):
                for read in await asyncio.to_thread(self._read_each, some):
                    yield read
                some, size = [], 0

    def _read_each(
        self, some: Sequence[tuple[MailRef, bytes | SkipItem]]
    ) -> list[tuple[MailRef, Message | SkipItem]]:
        return [
            (ref, raw if isinstance(raw, SkipItem) else self._read(ref, raw))
            for ref, raw in some
        ]

    def _read(self, ref: MailRef, raw: bytes) -> Message | SkipItem:
        try:
            return parse(
                raw,
                source=self._source,
                folder=ref.folder,
                own=self._own,
                received_by=self._received_by,
            )
        except SkipItem as skip:
            return skip
        except JigajobError:
            raise
        except Exception as error:  # noqa: BLE001 - any fault of a parser ends in quarantine
            what = f"the mail could not be parsed ({type(error).__name__})"
            return SkipItem("failed", what, fix="it is tried again in every sweep")
