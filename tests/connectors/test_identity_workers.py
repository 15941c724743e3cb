"""Many workers, one refresh token that can be used once: it is used once."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from flows.errors import SignInNeeded
from flows.ports import Record
from tests.connectors.sign_ins import MAIL, Now, identity, public_app, sign_in
from tests.servers.certificates import Certificates

if TYPE_CHECKING:
    from connectors.identity import Identity
    from tests.servers.openid import OpenIdProvider

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def user(openid: OpenIdProvider) -> str:
    name = f"office-{uuid4().hex[:8]}@hudson.example"
    openid.add_user(name)
    return name


async def sign_in_for_a_moment(ours: Identity, openid: OpenIdProvider, user: str) -> None:
    """Sign in with an access token that counts as ended; the next ones live for an hour."""
    openid.set_lifetimes(access=60)
    try:
        await sign_in(ours, openid, user)
    finally:
        openid.set_lifetimes(access=3600)
    openid.forget_requests()


@pytest.mark.slow
async def test_processes_that_renew_at_once(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    app = public_app(openid)
    async with identity(tmp_path, app, ca=certificates.ca) as ours:
        await sign_in_for_a_moment(ours, openid, user)
    arguments = [tmp_path, app.client_id, openid.origin, certificates.ca, user]
    workers = [
        subprocess.Popen(  # noqa: ASYNC220 - waits for four lines
            [sys.executable, "-m", "tests.connectors.identity_worker", *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("go\n")
        worker.stdin.flush()
    answers = [worker.communicate()[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0, 0]
    tokens = [token for answer in answers for token in json.loads(answer)]
    assert len(tokens) == 12
    assert len(set(tokens)) == 1
    assert [one.ok for one in openid.requests()] == [True]


async def test_tasks_that_renew_at_once_round_after_round(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    async with identity(tmp_path, public_app(openid), ca=certificates.ca) as ours:
        await sign_in_for_a_moment(ours, openid, user)
        last = ""
        for _ in range(3):
            workers = [ours.tokens(user, MAIL) for _ in range(8)]
            got = await asyncio.gather(*(each.token(refused=last) for each in workers))
            assert len(set(got)) == 1
            assert got[0] != last
            last = got[0]
    assert [one.ok for one in openid.requests()] == [True] * 3


async def test_the_lease_of_a_dead_worker_ends(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    async with identity(tmp_path, public_app(openid), ca=certificates.ca) as ours:
        await sign_in_for_a_moment(ours, openid, user)
        (row,) = [row async for row in ours._records.each("tokens")]
        dead = Now().now() + timedelta(seconds=1)
        await ours._records.store.create(
            ours._records.key, Record(kind="lease", id=row.id, expires_at=dead)
        )
        assert await ours.tokens(user, MAIL).token()
        assert Now().now() >= dead
        assert not [lease async for lease in ours._records.each("lease")]


async def test_a_renewal_that_is_cancelled_is_kept_all_the_same(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    async with identity(tmp_path, public_app(openid), ca=certificates.ca) as ours:
        await sign_in_for_a_moment(ours, openid, user)
        openid.fail("/token", kind="slow", seconds=1)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await ours.tokens(user, MAIL).token()
        assert await ours.tokens(user, MAIL).token()
        assert not [lease async for lease in ours._records.each("lease")]
    assert [one.ok for one in openid.requests()] == [True]


async def test_who_signs_out_during_a_renewal_stays_out(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    async with identity(tmp_path, public_app(openid), ca=certificates.ca) as ours:
        await sign_in_for_a_moment(ours, openid, user)
        openid.fail("/token", kind="slow", seconds=1)
        renewal = asyncio.ensure_future(ours.tokens(user, MAIL).token())
        await asyncio.sleep(0.5)
        assert await ours.forget(user)
        with pytest.raises(SignInNeeded) as caught:
            await renewal
        assert not [row async for row in ours._records.each("tokens")]
        assert await ours.connections() == ()
    assert caught.value.why == "not_connected"


async def test_who_signs_in_anew_during_a_renewal_is_not_told_that_it_failed(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    async with identity(tmp_path, public_app(openid), ca=certificates.ca) as ours:
        await sign_in_for_a_moment(ours, openid, user)
        openid.revoke_sessions(user)
        openid.fail("/token", kind="slow", seconds=2)
        renewal = asyncio.ensure_future(ours.tokens(user, MAIL).token())
        await asyncio.sleep(0.5)
        await sign_in(ours, openid, user)
        assert not renewal.done()
        assert await renewal == await ours.tokens(user, MAIL).token()
        (connection,) = await ours.connections()
    assert connection.why == ""
    assert [one.code for one in openid.requests()] == [0, 50173]
