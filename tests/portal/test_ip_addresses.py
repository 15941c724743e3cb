"""Whoever posts to a door leaves no IP address behind: in no file, no record and no log.

Callers come from an address of their own, and a proxy tells of another one, as proxies do.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import httpx2 as httpx
import pytest

from anonymizer.text.cleaner import Cleaner
from flows.errors import Unopened
from flows.keys.records import KEY_SCOPE
from flows.ports import Key, Record
from flows.records import Records
from flows.signing import key_of, signed
from portal.door import Door
from portal.notifications import Subscription, notifications
from portal.settings import Settings
from portal.webhooks import handlers, hooks
from portal.wiring import App
from tests.flows.business import Business
from tests.flows.starting.test_calls import BOOKING
from tests.servers.ports import free_ports

SECRET = "0123456789abcdef0123456789abcdef"
CALLER, CLIENT, CLIENT6 = "127.66.55.44", "203.0.113.77", "2001:db8:66::55"
ADDRESSES = (CALLER, CLIENT, CLIENT6)
TOLD = {
    "X-Forwarded-For": f"{CLIENT}, {CLIENT6}",
    "X-Real-IP": CLIENT,
    "Forwarded": f'for="[{CLIENT6}]";by={CLIENT}',
}


async def posts(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    transport = httpx.AsyncHTTPTransport(local_address=CALLER)
    async with httpx.AsyncClient(transport=transport, timeout=30) as client:
        return (await client.post(url, content=body, headers={**TOLD, **headers})).status_code


async def written(app: App) -> bytes:
    """Return all that lies in the home, and all that is sealed in its store, in clear."""
    found = b"".join(p.read_bytes() for p in app.settings.home.rglob("*") if p.is_file())
    page = await app.records.store.changes(Key(app.file.business.id), limit=1_000)
    assert page.records
    return found + b"".join([await clear(app.records, each) for each in page.records])


async def clear(records: Records, record: Record) -> bytes:
    shown = json.dumps([record.id, dict(record.fields)]).encode()
    if not record.sealed or record.scope == KEY_SCOPE:
        return shown
    try:
        return shown + await records.in_scope(record.scope).open_bytes(record)
    except Unopened:
        raise AssertionError("everything that is sealed here must open") from None


async def test_calls_of_webhooks_leave_none(
    tmp_path: Path,
    cleaner: Cleaner,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("SITE_SECRET", SECRET)
    office = Business(tmp_path, cleaner)
    office.writes(BOOKING)
    (tmp_path / "mail").mkdir()
    async with office.open() as app:
        port = free_ports(1)[0]
        door = Door("127.0.0.1", port, handlers(hooks(app, app.calls(cleaner))))
        await asyncio.to_thread(door.open)
        try:
            body = json.dumps({"who": "Ada Byrne", "phone": "518-555-0143"}).encode()
            good = signed(key_of(SECRET), "call-1", office.clock.now(), body)
            at = f"http://127.0.0.1:{port}/hooks"
            assert await posts(f"{at}/site", body, good) == 202
            assert await posts(f"{at}/site", body, {}) == 401
            assert await posts(f"{at}/site", b"{", good) in {400, 401}
            assert await posts(f"{at}/elsewhere", body, good) == 404
        finally:
            await asyncio.to_thread(door.close)
        await app.sweep(cleaner).run(lambda _, piece: piece, lambda *_: None)
        everything = await written(app)
    assert b"Ada Byrne" in everything, "the call itself is there, so this looks where it is"
    _none_in(everything.decode("latin-1"), caplog, capfd)


async def test_notices_of_a_mailbox_leave_none(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """What keeps a subscription is handed query and body: it cannot know where from."""
    caplog.set_level(logging.DEBUG)
    handed: list[str] = []
    paths: list[str] = []

    class Kept:
        def handle(self, query: str, body: bytes) -> tuple[int, str]:
            handed.append(f"{query} {body.decode()}")
            return 202, ""

        async def run(self) -> None:
            await asyncio.Event().wait()

        async def close(self) -> None:
            return

    def subscribe(address: Callable[[str], str]) -> dict[str, Subscription]:
        paths.append(address("office").rpartition("/")[2])
        return {"office": Kept()}

    port = free_ports(1)[0]
    settings = replace(
        Settings(home=tmp_path / "home", flows=tmp_path / "flows.yaml"),
        notifications_url="https://hooks.hudson.example",
        notifications_listen=f"127.0.0.1:{port}",
    )
    async with notifications(settings, subscribe, handed.append):
        at = f"http://127.0.0.1:{port}"
        assert await posts(f"{at}/{paths[0]}", b"changed", {}) == 202
        assert await posts(f"{at}/no-such-path", b"changed", {}) == 404
    assert handed == [" changed"]
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    _none_in("".join(handed) + files.decode("latin-1"), caplog, capfd)


def _none_in(
    text: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    printed = capfd.readouterr()
    ours = [each for each in caplog.records if not each.name.startswith(("httpx", "httpcore"))]
    logged = "\n".join(each.getMessage() for each in ours)
    for address in ADDRESSES:
        for where in (text, printed.out, printed.err, logged):
            assert address not in where
