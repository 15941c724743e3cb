"""A small business whose sweeps run in the test's own process, without Prefect."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from anonymizer.text.cleaner import Cleaner
from flows.model import CleanMessage, CleanTransaction
from flows.outbox import Posted
from flows.sweep import SweepDone
from portal.settings import Settings
from portal.wiring import App, open_app

START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)

FLOWS = """\
version: 1
business:
  id: hudson
  name: Hudson Plumbing
  industry: "238220"
  region: US-NY
  time_zone: America/New_York
  domains: [hudson.example]
sources:
  office: {uses: folder, path: mail}
flows:
  - id: repair
    name: Open a job
    triggers: [{mail: office}]
    conditions: ["mail.subject | mentions('boiler')"]
    keep: [customer.name]
    retention: 30d
    steps:
      - id: job
        uses: job.open
        with: {title: "{{ mail.subject }}", customer: "{{ customer.name }}"}
      - id: answer
        uses: reply.draft
        with: {text: "We will come."}
        approve: owner
"""


def mail(
    subject: str = "The boiler is cold",
    text: str = "No heat since Monday.",
    *,
    sender: str = "Maria Lopez <maria@lopez.example>",
    name: str = "1",
    reply_to: str = "",
) -> bytes:
    """Return a mail to the office; *name* makes its Message-ID, *reply_to* its thread."""
    head = [
        f"From: {sender}",
        "To: office@hudson.example",
        f"Subject: {subject}",
        f"Message-ID: <{name}@lopez.example>",
        "Date: Mon, 05 Oct 2026 09:30:00 -0400",
    ]
    if reply_to:
        head += [f"In-Reply-To: <{reply_to}@lopez.example>"]
        head += [f"References: <{reply_to}@lopez.example>"]
    return "\r\n".join([*head, "", text, ""]).encode()


@dataclass
class TestClock:
    """A clock that moves when it is told to."""

    __test__ = False
    time: datetime = START

    def now(self) -> datetime:
        return self.time

    def passes(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class Business:
    """A flows file, its folders, its home, and what one can ask of them."""

    folder: Path
    cleaner: Cleaner
    clock: TestClock = field(default_factory=TestClock)

    @property
    def settings(self) -> Settings:
        return Settings(home=self.folder / "home", flows=self.folder / "flows.yaml")

    def writes(self, flows: str) -> None:
        (self.folder / "flows.yaml").write_text(flows, encoding="utf-8")

    def gets(self, raw: bytes, path: str = "mail/1.eml") -> Path:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(raw)
        os.utime(place, (1_790_000_000, 1_790_000_000))  # old enough to be read without a wait
        return place

    @asynccontextmanager
    async def open(self) -> AsyncIterator[App]:
        async with open_app(self.settings, self.clock) as app:
            yield app

    async def sweeps(self, cleaner: Cleaner | None = None) -> SweepDone:
        async with self.open() as app:
            sweep = app.sweep(cleaner or self.cleaner)
            return await sweep.run(lambda _, piece: piece, lambda *_: None)

    async def messages(self) -> list[CleanMessage]:
        return await self._all("message", CleanMessage)

    async def transactions(self) -> list[CleanTransaction]:
        return await self._all("transaction", CleanTransaction)

    async def _all(self, kind: str, noun: type[Any]) -> list[Any]:
        async with self.open() as app:
            return [await app.records.open(r, noun) async for r in app.records.each(kind)]

    async def outputs(self) -> list[Posted]:
        async with self.open() as app:
            return [posted async for posted in app.outbox.list()]

    async def ledger(self, source: str = "office") -> dict[str, Any]:
        async with self.open() as app:
            ledgers = {ledger.source: ledger.as_json() async for ledger in app.ledgers()}
        return ledgers[source]

    async def asks(self, question: Callable[[App], Awaitable[Any]]) -> Any:
        async with self.open() as app:
            return await question(app)
