"""Webhooks over real HTTP: only what is signed is taken, and 2xx only when it is stored."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from anonymizer.text.cleaner import Cleaner
from flows.errors import AdministratorError, TransientError
from flows.signing import SIGNATURE, TIMESTAMP, key_of, signed
from flows.sweep import SweepDone
from portal.door import Door
from portal.watching import Watch, Watched
from portal.webhooks import handlers, hooks
from portal.wiring import App
from tests.flows.business import Business
from tests.flows.starting.test_calls import BOOKING
from tests.servers.ports import free_ports

SECRET = "0123456789abcdef0123456789abcdef"
GIVEN = {"who": "Ada Byrne", "phone": "518-555-0143", "notes": "No heat at 12 Mill Road, Troy."}


@pytest.fixture
def office(tmp_path: Path, cleaner: Cleaner, monkeypatch: pytest.MonkeyPatch) -> Business:
    monkeypatch.setenv("SITE_SECRET", SECRET)
    made = Business(tmp_path, cleaner)
    made.writes(BOOKING)
    (tmp_path / "mail").mkdir()
    cleaner.clean([])  # as a watch does before it serves anything
    return made


@dataclass
class Caller:
    """Posts to one webhook as its program does."""

    port: int
    office: Business
    name: str = "site"

    async def posts(
        self,
        given: object = GIVEN,
        *,
        key: str = "call-1",
        secret: str = SECRET,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> httpx.Response:
        body = raw if raw is not None else json.dumps(given).encode()
        sent = signed(key_of(secret), key, self.office.clock.now(), body) | (headers or {})
        async with httpx.AsyncClient(timeout=30) as client:
            return await client.post(
                f"http://127.0.0.1:{self.port}/hooks/{self.name}", content=body, headers=sent
            )


@asynccontextmanager
async def served(office: Business, app: App) -> AsyncIterator[Caller]:
    """Serve the webhooks of an open business."""
    port = free_ports(1)[0]
    door = Door("127.0.0.1", port, handlers(hooks(app, app.calls(office.cleaner))))
    await asyncio.to_thread(door.open)
    try:
        yield Caller(port, office)
    finally:
        await asyncio.to_thread(door.close)


@pytest.fixture
async def caller(office: Business) -> AsyncIterator[Caller]:
    async with office.open() as app, served(office, app) as caller:
        yield caller


async def starts(office: Business) -> int:
    async with office.open() as app:
        return await app.records.count("start")


async def test_a_signed_call_is_taken_and_runs(caller: Caller, office: Business) -> None:
    answer = await caller.posts({**GIVEN, "utm": "x"})
    assert (answer.status_code, answer.text) == (
        202,
        "taken; 1 left out, for which no flow asks\n",
    )
    assert await starts(office) == 1
    assert (await office.sweeps()).started == 1
    [posted] = await office.outputs()
    assert posted.output.body["phone"] == "+15185550143"


async def test_a_call_that_comes_twice_runs_once(caller: Caller, office: Business) -> None:
    """Also where both come at the same moment; with other content it is told."""
    answers = await asyncio.gather(*(caller.posts() for _ in range(5)))
    assert sorted(each.status_code for each in answers) == [200, 200, 200, 200, 202]
    assert await starts(office) == 1
    assert (await caller.posts({**GIVEN, "who": "Eve"})).status_code == 409
    assert (await office.sweeps()).started == 1
    assert (await caller.posts()).status_code == 200
    assert (await office.sweeps()).started == 0


async def test_who_has_no_secret_gets_nothing(caller: Caller, office: Business) -> None:
    """Nor does who replays what was sent ten minutes ago, or changes a byte of it."""
    assert (await caller.posts(secret="x" * 24)).status_code == 401
    for header in (SIGNATURE, TIMESTAMP, "webhook-id"):
        assert (await caller.posts(headers={header: ""})).status_code == 401
    body = json.dumps(GIVEN).encode()
    old = signed(key_of(SECRET), "call-9", office.clock.now() - timedelta(minutes=10), body)
    answer = await caller.posts(raw=body, headers=old)
    assert (answer.status_code, "5 minutes" in answer.text) == (401, True)
    assert (await caller.posts(raw=body + b" ", headers=old)).status_code == 401
    caller.name = "other"
    assert (await caller.posts()).status_code == 404
    assert await starts(office) == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"who=Ada",
        b"[1]",
        b'"Ada"',
        b'{"who": "Ada", "who": "Eve"}',
        b'{"hours": NaN}',
        b'{"who": "Ad\xff"}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"hours": ' + b"9" * 10_000 + b"}",
        b'{"who": "\\ud800"}',
    ],
)
async def test_what_is_no_object_of_json_is_told(caller: Caller, raw: bytes) -> None:
    """4xx, and no word of it comes back."""
    answer = await caller.posts(raw=raw)
    assert answer.status_code in {400, 422}
    for word in ("Ada", "Eve", "999", "ud800"):
        assert word not in answer.text


async def test_what_does_not_fit_is_told_by_the_names_of_inputs(caller: Caller) -> None:
    answer = await caller.posts({"phone": "secret words", "wanted": "14/03/2026", "hours": [1]})
    assert answer.status_code == 422
    assert answer.text == (
        "the inputs do not fit\n"
        "who is needed: a name on one line of at most 300 characters\n"
        "phone must be a phone number, best as +15185550143\n"
        "wanted must be a day such as 2026-03-14\n"
        "hours must be a number such as 12 or 12.50\n"
    )


async def test_what_cannot_be_stored_is_not_acknowledged(
    office: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503, so that the caller sends it again; then it is taken."""
    async with office.open() as app:
        batch, troubles = app.records.store.batch, [TransientError("the store is away")]

        async def shaky(*args: Any, **more: Any) -> Any:
            if troubles:
                raise troubles.pop()
            return await batch(*args, **more)

        monkeypatch.setattr(app.records.store, "batch", shaky)
        async with served(office, app) as caller:
            assert (await caller.posts()).status_code == 503
            assert await starts(office) == 0
            assert (await caller.posts()).status_code == 202


async def test_a_call_wakes_the_watch(office: Business) -> None:
    """It runs at once, and not a minute later."""
    told: list[Watched] = []
    first = asyncio.Event()

    def tell(watched: Watched) -> None:
        told.append(watched)
        first.set()

    async with office.open() as app:
        made = hooks(app, app.calls(office.cleaner))
        port = free_ports(1)[0]
        door = Door("127.0.0.1", port, handlers(made))
        await asyncio.to_thread(door.open)
        sweep = app.sweep(office.cleaner)

        async def swept() -> SweepDone:
            return await sweep.run(lambda _, piece: piece, lambda *_: None)

        watch = Watch(swept, made, every=60)
        watching = asyncio.create_task(watch.run(tell, sweeps=2))
        await first.wait()
        assert (await Caller(port, office).posts()).status_code == 202
        await asyncio.wait_for(watching, 30)
        await asyncio.to_thread(door.close)
    assert [watched.why for watched in told] == ["start", "site"]
    assert told[1].done.started == 1


async def test_a_secret_that_can_be_guessed_stops_the_watch(
    office: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is served, and without showing it."""
    monkeypatch.setenv("SITE_SECRET", "tooshort")
    async with office.open() as app:
        with pytest.raises(AdministratorError) as caught:
            hooks(app, app.calls(office.cleaner))
    assert "tooshort" not in str(caught.value)
    assert "openssl" in str(caught.value)
