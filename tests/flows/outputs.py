"""Outputs, and outlets that do as told: what tests of the outbox work with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from connectors.key_file import KeyFileVault
from connectors.sqlite import SqliteStore
from flows.errors import DeliveryUnknown
from flows.model import Output, OutputState
from flows.outbox import Outbox, output_record
from flows.ports import Outlet
from flows.records import INTAKE, Records
from flows.sealing import Keyring
from flows.terms import Terms
from tests.flows.business import START, TestClock


class Crash(BaseException):
    """The machine goes down."""


class Door:
    """An outlet that takes `notify`, does as told, and remembers; the same id is one thing."""

    uses = frozenset({"notify"})

    def __init__(self, *then: BaseException | None, before: bool = False) -> None:
        self._then, self._before = list(then), before
        self.asked: list[str] = []
        self.out: dict[str, str] = {}

    async def deliver(self, output: Output) -> str:
        await asyncio.sleep(0)
        self.asked.append(output.id)
        trouble = self._then.pop(0) if self._then else None
        if trouble is not None and not isinstance(trouble, Crash):
            raise trouble
        self.out[output.id] = output.summary
        if trouble is not None:
            raise trouble
        return f"place of {output.id}"


class Post(Door):
    """An outlet that sends: what it was given twice went out twice, but it can look it up."""

    def __init__(self, *then: BaseException | None, finds: bool | Exception = False) -> None:
        super().__init__(*then)
        self._finds = finds
        self.sent: list[str] = []
        self.looked_up: list[str] = []
        self.approvers: list[str] = []

    async def deliver(self, output: Output) -> str:
        self.approvers.append(output.approver)
        self.sent.append(output.id)
        return await super().deliver(output)

    async def resume(self, output: Output) -> str:
        await asyncio.sleep(0)
        self.looked_up.append(output.id)
        if isinstance(self._finds, Exception):
            raise self._finds
        if not self._finds:
            raise DeliveryUnknown("stopped while it sent", fix="look")
        return "found"


class WideDoor(Door):
    """A door that takes many at once; what is in the way of one stops all behind it."""

    def __init__(self, *then: BaseException | None) -> None:
        super().__init__(*then)
        self.together: list[int] = []

    async def deliver_all(self, outputs: Sequence[Output]) -> list[str]:
        self.together.append(len(outputs))
        return [await self.deliver(output) for output in outputs]


def made(
    number: int = 1,
    *,
    state: OutputState = "waiting",
    uses: str = "notify",
    **terms: Any,
) -> Output:
    """Return an output; *terms* are fields of `flows.terms.Terms`."""
    return Output(
        id=f"o{number:023}",
        flow="repair",
        flow_version="v1",
        trigger="m1",
        step="tell",
        uses=uses,
        approver="owner" if state == "waiting" else "",
        state=state,
        body={"to": "owner", "text": "Look.", "problem": "it broke", "fix": "mend it"},
        summary=f"Notify owner {number}",
        created_at=START.replace(hour=8, minute=number % 60),
        agreed=Terms(**terms) if terms else None,
    )


@asynccontextmanager
async def records_in(folder: Path) -> AsyncIterator[Records]:
    store = SqliteStore(folder / "jigajob.db")
    keyring = Keyring(store, KeyFileVault(folder / "keys"))
    yield Records(store, keyring, "hudson", INTAKE)
    await store.close()


async def put(records: Records, *outputs: Output) -> None:
    for output in outputs:
        record = await output_record(records, output, expires_at=None)
        await records.store.create(records.key, record)


def outbox(records: Records, *outlets: Outlet) -> Outbox:
    return Outbox(records, outlets, TestClock())


async def state_of(box: Outbox, output: Output) -> str:
    return (await box.show(output.id)).output.state
