"""The source of transactions: pages over everything that the bank files hold."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

from connectors.bank.census import count
from connectors.bank.entries import numbered, transaction_of
from connectors.bank.files import load, marks
from connectors.bank.reader import entries_or_misfit, raise_if_none_fits
from connectors.bank.versions import Numbered, Versions, settled
from flows.errors import OperatorError
from flows.language.sources import BankSource
from flows.ports import TransactionItem, TransactionPage

_SWEEPS_KEPT = 4


class BankFiles:
    """Transactions from OFX, QFX, CAMT.053, MT940 and CSV files: one, or a directory of them.

    Files tell no changes, so a sweep shows all that they hold, and reads them anew if one of
    them has changed since the last: a cursor is good in the instance
    that gave it, for its last four sweeps, and any other starts anew. Oldest first; entries
    that cannot be read come last. A movement that stands in several files is shown once;
    see `connectors.bank.entries` for what makes it the same, and `connectors.bank.versions`
    for files of two kinds and for corrections. Account numbers are shown as their last four
    characters.

    Args:
        spec: The source as flows.yaml describes it.
        root: Where relative paths start.
        name: The source's name under `sources`.
        currency: ISO 4217, meant where a file names none.
    """

    def __init__(
        self, spec: BankSource, root: Path, *, name: str = "bank", currency: str = "USD"
    ) -> None:
        self._spec, self._path = spec, root / spec.path
        self._name, self._currency = name, currency
        self._sweeps: OrderedDict[str, tuple[TransactionItem, ...]] = OrderedDict()
        self._latest: tuple[object, tuple[TransactionItem, ...]] | None = None

    async def page(self, cursor: str, limit: int) -> TransactionPage:
        """Return at most *limit* entries; see `flows.ports.TransactionSource.page`.

        Raises:
            AdministratorError: The path is missing or closed to us.
            OperatorError: The mapped columns fit none of the files.
            ValueError: The limit is not 1 to 1,000.
        """
        if not 1 <= limit <= 1_000:  # noqa: PLR2004  (the port's own bounds)
            raise ValueError("limit is 1 to 1,000")
        token, start = _position(cursor)
        if token not in self._sweeps:
            token, start = secrets.token_hex(8), 0
            self._sweeps[token] = await asyncio.to_thread(self._listing)
            while len(self._sweeps) > _SWEEPS_KEPT:
                self._sweeps.popitem(last=False)
        items = self._sweeps[token]
        end = start + limit
        more = end < len(items)
        following = json.dumps({"sweep": token, "at": end}) if more else ""
        return TransactionPage(items=items[start:end], cursor=following, more=more)

    async def census(self) -> AsyncIterator[str]:
        """Yield the native id of every entry, read anew.

        Raises:
            AdministratorError, OperatorError: As for `page`.
        """
        counted = count(self._path, self._spec, source=self._name, currency=self._currency)
        for native_id in await asyncio.to_thread(list, counted):
            yield native_id

    async def close(self) -> None:
        """Forget all listings; no file stays open between calls."""
        self._sweeps.clear()
        self._latest = None

    def _listing(self) -> tuple[TransactionItem, ...]:
        """Return what the files hold; read anew only if one of them has changed."""
        seen = marks(self._path, time.time())
        if self._latest is None or seen is None or self._latest[0] != seen:
            self._latest = seen, self._read()
        return self._latest[1]

    def _read(self) -> tuple[TransactionItem, ...]:
        files: list[Numbered] = []
        misfits: list[OperatorError | None] = []
        for file in load(self._path):
            entries, misfit = entries_or_misfit(
                file, self._spec, source=self._name, currency=self._currency
            )
            misfits.append(misfit)
            files.append(numbered(entries))
        raise_if_none_fits(misfits)
        versions = settled(files)
        items = (self._item(native, versions) for native in versions.entries)
        return tuple(sorted(items, key=_booked_on))

    def _item(self, native: str, versions: Versions) -> TransactionItem:
        entry = versions.entries[native]
        movement = entry.movement
        return TransactionItem(
            native_id=native,
            pointer=entry.pointer,
            transaction=transaction_of(movement, native, self._name) if movement else None,
            reason=entry.reason,
            same_as=versions.same_as.get(native, ()),
            corrects=versions.corrects.get(native, ()),
        )


def _booked_on(item: TransactionItem) -> date:
    return item.transaction.booked_on if item.transaction else date.max


def _position(cursor: str) -> tuple[str, int]:
    try:
        asked = json.loads(cursor)
        token, start = str(asked["sweep"]), int(asked["at"])
    except (ValueError, KeyError, TypeError):
        return "", 0
    return token, max(0, start)
