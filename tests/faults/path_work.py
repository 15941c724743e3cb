"""A sweep of a small mailbox whose outputs go out: through a door, into a log, into a table.

`python -m tests.faults.path_work FOLDER LETTERS` does it with the home `FOLDER/disk/home`;
each thing that is sent is a line in `FOLDER/outside/sent`, which no failure takes back.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from connectors.outlet_files import CsvRows, NoticeLog
from flows.errors import DeliveryUnknown
from flows.model import Output
from flows.outbox import Outbox
from flows.ports import MailPage, MailRef
from portal.settings import Settings
from portal.wiring import App, open_app
from tests.bench.backlog import Off
from tests.flows.business import START, TestClock

if TYPE_CHECKING:
    from anonymizer.text.cleaner import Cleaner

FLOWS: Final = """\
version: 1
business: {id: hudson, name: Hudson, industry: "238220", region: US-NY, time_zone: UTC}
sources:
  office:
    uses: imap
    host: 127.0.0.1
    security: none
    address: office@hudson.example
    password: env:OFFICE_PASSWORD
    trust: []
flows:
  - id: repair
    name: Answer, tell and list
    triggers: [{mail: office}]
    steps:
      - {id: job, uses: job.open, with: {title: "{{ mail.subject }}"}}
      - id: crew
        uses: mail.draft
        with: {to: crew@hudson.example, subject: New, text: "See {{ mail.subject }}."}
      - {id: tell, uses: notify, with: {text: "{{ mail.subject }}"}}
      - id: line
        uses: row.append
        with: {table: seen, columns: {subject: "{{ mail.subject }}", text: "{{ mail.text }}"}}
"""
PAGE: Final = 6


class Letters:
    """A mailbox of *number* letters, whose cursor says how many of them were shown."""

    def __init__(self, number: int) -> None:
        self._number = number

    def _ref(self, number: int) -> MailRef:
        return MailRef(native_id=f"n{number}", folder="Inbox", size=300)

    async def page(self, cursor: str, limit: int) -> MailPage:
        start = int(cursor or 0)
        end = min(start + min(PAGE, limit), self._number)
        refs = tuple(map(self._ref, range(start, end)))
        return MailPage(refs=refs, cursor=str(end), more=end < self._number)

    async def fetch(self, ref: MailRef) -> bytes:
        number = ref.native_id[1:]
        return (
            f"From: Maria Lopez <maria@lopez{number}.example>\r\nTo: office@hudson.example\r\n"
            f"Subject: letter-{int(number):03}\r\nMessage-ID: <{number}@lopez.example>\r\n"
            "Date: Mon, 05 Oct 2026 09:30:00 -0400\r\n\r\n"
            f"No heat in flat {number}. " + "Please come soon. " * 20 + "\r\n"
        ).encode()

    async def census(self) -> AsyncIterator[MailRef]:
        for number in range(self._number):
            yield self._ref(number)

    async def close(self) -> None:
        return


class Post:
    """Sends: each call of `deliver` is one line more in *out*, which nothing takes back.

    It cannot look up what went out, as most mail servers cannot.
    """

    uses = frozenset({"mail.draft"})

    def __init__(self, out: Path) -> None:
        self._out = out

    async def deliver(self, output: Output) -> str:
        line = str(output.body["text"]).partition("letter-")[2][:3] + "\n"
        handle = os.open(self._out, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)
        return "sent"

    async def resume(self, output: Output) -> str:
        raise DeliveryUnknown("it may be out already", fix="look")


@asynccontextmanager
async def opened(home: Path, sent: Path, letters: int, at: datetime) -> AsyncIterator[App]:
    """Give the business of these letters, with its doors, at the time *at*."""
    flows = sent.with_name("flows.yaml")
    flows.write_text(FLOWS)
    clock = TestClock(at)
    async with open_app(Settings(home=home, flows=flows), clock) as app:
        doors = [
            app.register,
            Post(sent),
            NoticeLog(home / "notices.log"),
            CsvRows(home / "rows"),
        ]
        mailboxes = {"office": Letters(letters)}
        yield replace(app, mailboxes=mailboxes, outbox=Outbox(app.records, doors, clock))


async def sweep(app: App) -> None:
    """Run one sweep, without Prefect and with cleaning off: the disk is what is looked at."""
    done = await app.sweep(cast("Cleaner", Off())).run(lambda _, piece: piece, lambda *_: None)
    for trouble in done.troubles.values():
        raise trouble


async def work(folder: Path, letters: int) -> None:
    sent = folder / "outside" / "sent"
    async with opened(folder / "disk" / "home", sent, letters, START) as app:
        await sweep(app)


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), int(sys.argv[2])))
