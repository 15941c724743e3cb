"""Workbooks on a disk as a source of transactions."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from connectors.workbook.entries import Reader, in_order, whole
from connectors.workbook.files import WorkbookFile, load, version
from connectors.workbook.listing import Listings, check_limit, ended
from flows.errors import OperatorError
from flows.language.sources import WorkbookSource
from flows.ports import TransactionItem, TransactionPage
from flows.workbooks import NoTable


class WorkbookFiles:
    """The movements in a table of one workbook, or of each workbook below a folder.

    Where no file has changed since the cursor's listing ended, there is nothing new; else
    all of them are read. Oldest first; rows that cannot be read come last. See
    `connectors.workbook.entries` for what makes a row the same. Without `columns` there are
    no movements: rows are only added.

    Args:
        spec: The source as flows.yaml describes it.
        root: Where relative paths start.
        name: The source's name under `sources`.
        currency: ISO 4217, meant where a row names none.
    """

    def __init__(
        self, spec: WorkbookSource, root: Path, *, name: str, currency: str = "USD"
    ) -> None:
        self._spec, self._path = spec, root / (spec.path or "")
        self._reader = Reader(spec, name, currency)
        self._listings = Listings()

    async def page(self, cursor: str, limit: int) -> TransactionPage:
        """Return at most *limit* rows; see `flows.ports.TransactionSource.page`.

        Raises:
            AdministratorError: The path is missing or closed to us.
            OperatorError: No workbook has the table, or its columns.
            ValueError: The limit is not 1 to 1,000.
        """
        check_limit(limit)
        if self._spec.columns is None:
            return TransactionPage(items=(), cursor=cursor, more=False)
        if known := self._listings.resume(cursor, limit):
            return known
        here = ended(await asyncio.to_thread(version, self._path), self._spec)
        if cursor == here:
            return TransactionPage(items=(), cursor=cursor, more=False)
        return self._listings.begin(await self._read(), limit, ended=here)

    async def census(self) -> AsyncIterator[str]:
        """Yield the native id of every row, read anew.

        Raises:
            AdministratorError, OperatorError: As for `page`.
        """
        if self._spec.columns is not None:
            for item in await self._read():
                yield item.native_id

    async def close(self) -> None:
        """Forget all listings; no file stays open between calls."""
        self._listings.forget()

    async def _read(self) -> tuple[TransactionItem, ...]:
        return in_order(await asyncio.to_thread(list, self._items()))

    def _items(self) -> Iterator[TransactionItem]:
        """Yield the rows of each file; one that does not fit keeps no other from being read."""
        misfits: list[OperatorError | None] = []
        for file in load(self._path):
            try:
                yield from list(self._reader.items(file.table(self._spec)))
                misfits.append(None)
            except NoTable as reason:
                yield whole(file.name, str(reason), _known_by(file))
                misfits.append(None)
            except OperatorError as misfit:
                yield whole(file.name, "wrong_columns", _known_by(file))
                misfits.append(misfit)
        first = next(iter(misfits), None)
        if first is not None and all(misfits):
            raise first


def _known_by(file: WorkbookFile) -> str:
    return hashlib.sha256(file.content).hexdigest() if file.content else file.name
