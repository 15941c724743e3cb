"""Mail that somebody holds in memory, as a mailbox shows it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from flows.errors import SkipItem
from flows.ports import MailPage, MailRef


class MemoryMailbox:
    """Shows *mails*, each as RFC 5322 bytes, in their order; ids are their places in it."""

    def __init__(self, mails: Sequence[bytes], folder: str = "Inbox") -> None:
        self._mails = tuple(mails)
        self._refs = tuple(
            MailRef(native_id=f"{number:06}", folder=folder, size=len(raw))
            for number, raw in enumerate(self._mails)
        )

    async def page(self, cursor: str, limit: int) -> MailPage:
        """Return at most *limit* messages after *cursor*; see `flows.ports.Mailbox.page`."""
        if not 1 <= limit <= 1_000:  # noqa: PLR2004 - the port's own bounds
            raise ValueError("limit is 1 to 1,000")
        start = int(cursor) if cursor.isdecimal() else 0
        refs = self._refs[start : start + limit]
        end = min(start + limit, len(self._refs))
        return MailPage(refs=refs, cursor=str(end), more=end < len(self._refs))

    async def fetch(self, ref: MailRef) -> bytes:
        """Return the bytes as they were given.

        Raises:
            SkipItem: There is no such message (`gone`).
        """
        number = int(ref.native_id) if ref.native_id.isdecimal() else len(self._mails)
        if number >= len(self._mails):
            raise SkipItem("gone", "the message is not there", fix="nothing is to be done")
        return self._mails[number]

    async def census(self) -> AsyncIterator[MailRef]:
        """Yield every message."""
        for ref in self._refs:
            yield ref

    async def close(self) -> None:
        """Nothing is open."""
