"""Sweeps under Prefect that go wrong in every way: `python -m tests.portal.troubles FOLDER`.

A program of its own, since Prefect reads its settings once in a process. Prints one JSON
object: by trouble, the error in which the sweep ended and how often the source was asked.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from anonymizer.text.cleaner import Cleaner
from connectors.folder import FolderMailbox
from flows.errors import JigajobError, OperatorError, TransientError
from flows.intake.arrivals import Counts
from flows.ports import MailPage
from portal.settings import Settings
from portal.wiring import open_app
from portal.worker import PrefectServer, prefect_server, sweep_under_prefect, wait_until_ready
from tests.portal.marked import MARKS


class Troubled(FolderMailbox):
    """A folder whose first pages fail."""

    def __init__(self, path: Path, *errors: Exception) -> None:
        super().__init__(path)
        self._errors = list(errors)
        self.asked = 0

    async def page(self, cursor: str, limit: int) -> MailPage:
        self.asked += 1
        if self._errors:
            raise self._errors.pop(0)
        return await super().page(cursor, limit)


def _quiet(_source: str, _counts: Counts) -> None:
    """Between pages nothing happens."""


async def _swept(
    folder: Path,
    server: PrefectServer,
    home: str,
    *errors: Exception,
    between: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Sweep *folder* with a mailbox that first fails with *errors*; say how it ended."""
    own = Settings(home=folder / home, flows=folder / "flows.yaml")
    mailbox = Troubled(folder / "mail", *errors)

    def progress(_source: str, _counts: Counts) -> None:
        if between is not None:
            between()

    error = ""
    async with open_app(own) as app:
        sweep = app.sweep(CLEANER)
        sweep.mail["office"].mailbox = mailbox
        try:
            done = await sweep_under_prefect(
                Settings(home=folder / "home", flows=own.flows), server.api, sweep, progress
            )
            for trouble in done.troubles.values():
                raise trouble
        except JigajobError as stopped:
            error = f"{type(stopped).__name__}: {stopped}"
    return {"error": error, "asked": mailbox.asked}


CLEANER = Cleaner()


async def main(folder: Path) -> None:
    """Go through the troubles and print what each came to."""
    settings = Settings(home=folder / "home", flows=folder / "flows.yaml")
    few = folder / "few"
    shutil.copytree(
        folder, few, ignore=shutil.ignore_patterns("home", "few", "* ??.eml", "* ???.eml")
    )
    database = folder / "damaged" / "jigajob.db"
    with prefect_server(settings) as server:
        await wait_until_ready(server)
        away = TransientError("the source is away", fix="wait")
        wrong = OperatorError("the source is wrong", fix="mend it")
        unforeseen = ValueError(f"{MARKS[0]} {MARKS[1]}")
        found = {
            "away twice": await _swept(few, server, "a", away, away),
            "must be mended": await _swept(few, server, "b", wrong, wrong),
            "unforeseen": await _swept(few, server, "c", unforeseen),
        }
        # The first page of fifty is committed; what the third needs is gone.
        found["database damaged"] = await _swept(
            folder, server, "damaged", between=lambda: _damage(database)
        )
        found["folder removed"] = await _swept(
            folder, server, "removed", between=lambda: shutil.rmtree(folder / "mail", True)
        )
    sys.stdout.write(json.dumps(found) + "\n")


def _damage(database: Path) -> None:
    for path in (database, *database.parent.glob("jigajob.db-*")):
        path.write_bytes(b"no database " * 10_000)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
