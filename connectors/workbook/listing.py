"""Pages over a listing that was read whole."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import OrderedDict
from typing import Final

from flows.language.sources import WorkbookSource
from flows.ports import TransactionItem, TransactionPage

_KEPT: Final = 4


class Listings:
    """The last four listings of a source, each by a token that its cursors name.

    A cursor is good in the instance that gave it; any other starts anew.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[tuple[TransactionItem, ...], str]] = OrderedDict()

    def begin(
        self, items: tuple[TransactionItem, ...], limit: int, *, ended: str
    ) -> TransactionPage:
        """Return the first page of a new listing; *ended* is the cursor after its last."""
        token = secrets.token_hex(8)
        self._kept[token] = items, ended
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return self._page(token, 0, limit)

    def resume(self, cursor: str, limit: int) -> TransactionPage | None:
        """Return the page at *cursor*; None where no listing here knows it."""
        try:
            asked = json.loads(cursor)
            token, start = str(asked["sweep"]), int(asked["at"])
        except (ValueError, KeyError, TypeError):
            return None
        return self._page(token, max(0, start), limit) if token in self._kept else None

    def forget(self) -> None:
        """Let go of all listings."""
        self._kept.clear()

    def _page(self, token: str, start: int, limit: int) -> TransactionPage:
        items, ended = self._kept[token]
        end = start + limit
        more = end < len(items)
        following = json.dumps({"sweep": token, "at": end}) if more else ended
        return TransactionPage(items=items[start:end], cursor=following, more=more)


def ended(version: str, spec: WorkbookSource) -> str:
    """Return the cursor after a whole listing of *version*, as *spec* has it read."""
    read_as = hashlib.sha256(spec.model_dump_json().encode()).hexdigest()
    return json.dumps({"version": version, "read_as": read_as[:20]})


def check_limit(limit: int) -> None:
    """Refuse a page of no or too many items.

    Raises:
        ValueError: The limit is not 1 to 1,000.
    """
    if not 1 <= limit <= 1_000:  # noqa: PLR2004  (the port's own bounds)
        raise ValueError("limit is 1 to 1,000")
