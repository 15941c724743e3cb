"""Sign-ins and tokens by real MSAL at a real OpenID provider: every grant, and what is kept."""

from __future__ import annotations

import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import jwt
import pytest

from connectors.identity import AppRegistration, Identity
from connectors.identity.wire import Trust, Wire
from flows.connections import Connection
from flows.errors import AdministratorError, SignInNeeded
from tests.connectors.sign_ins import (
    BACK,
    GRAPH,
    IMAP,
    MAIL,
    fields,
    identity,
    public_app,
    sign_in,
)
from tests.servers.certificates import Certificates, client_certificate

if TYPE_CHECKING:
    from tests.servers.openid import OpenIdProvider


@pytest.fixture
def user(openid: OpenIdProvider) -> str:
    name = f"office-{uuid4().hex[:8]}@hudson.example"
    openid.add_user(name)
    return name


def claims(token: str) -> dict[str, object]:
    return jwt.decode(token, options={"verify_signature": False})


async def only(identity: Identity) -> Connection:
    (connection,) = await identity.connections()
    return connection


async def test_a_device_code_connects_an_account(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    async with identity(tmp_path, public_app(openid), ca=certificates.ca) as ours:
        pending = await ours.start_device(IMAP, account=user)
        assert pending.url.startswith(openid.origin)
        openid.approve_device(pending.user_code, user)
        openid.fail("/token", status=429, seconds=1)  # once: waited for, not given up
        made = await ours.finish_device(pending)
        token = claims(await ours.tokens(user, IMAP).token())
    assert (made.account, made.signed_in_by, made.why) == (user, user, "")
    assert set(IMAP) <= set(made.scopes)
    assert (token["upn"], token["aud"]) == (user, "https://outlook.office.com")


async def test_a_browser_with_pkce_connects_an_account(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    async with identity(tmp_path, public_app(openid), ca=certificates.ca) as ours:
        pending = await ours.start_browser(MAIL, BACK, account=user)
        assert "code_challenge_method=S256" in pending.url
        answer = fields(openid, pending.url, user)
        assert answer["state"] == pending.state
        made = await ours.finish_browser(pending, answer)
        assert await only(ours) == made
        token = claims(await ours.tokens(user, MAIL).token())
    assert (token["upn"], token["aud"]) == (user, GRAPH)


async def test_an_answer_to_another_sign_in_is_turned_away(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    async with identity(tmp_path, public_app(openid), ca=certificates.ca) as ours:
        first = await ours.start_browser(MAIL, BACK, account=user)
        second = await ours.start_browser(MAIL, BACK, account=user)
        answer = fields(openid, first.url, user)
        with pytest.raises(AdministratorError) as caught:
            await ours.finish_browser(second, answer)
        assert await ours.connections() == ()
    assert answer["code"] not in str(caught.value)


@pytest.mark.parametrize("proof", ["secret", "certificate"])
async def test_an_app_signs_in_by_itself(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, proof: str
) -> None:
    key, certificate = client_certificate("JigAjob")
    roles = {GRAPH: ["Mail.Read"]}
    if proof == "secret":
        client = openid.register_client(secret="s3cret", roles=roles)
    else:
        client = openid.register_client(certificate=certificate, roles=roles)
    app = AppRegistration(
        client_id=client,
        tenant="hudson",
        authority=openid.origin,
        secret=(lambda: "s3cret") if proof == "secret" else None,
        certificate=(key + certificate).decode if proof != "secret" else None,
    )
    openid.forget_requests()
    async with identity(tmp_path, app, ca=certificates.ca) as ours:
        tokens = ours.tokens("office@hudson.example", [f"{GRAPH}/.default"], app_only=True)
        first = await tokens.token()
        again = ours.tokens("office@hudson.example", [f"{GRAPH}/.default"], app_only=True)
        assert await again.token() == first
        other = await again.token(refused=first)
        made = await only(ours)
    assert claims(first)["roles"] == ["Mail.Read"]
    assert other != first
    assert openid.token_requests("client_credentials") == 2
    assert (made.account, made.signed_in_by) == ("office@hudson.example", "")
    assert made.last_good is not None


async def test_on_behalf_of_a_person_who_signed_in_to_jigajob(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    client = openid.register_client(secret="s3cret", scopes=MAIL)
    app = AppRegistration(
        client_id=client, tenant="hudson", authority=openid.origin, secret=lambda: "s3cret"
    )
    who = openid.add_user(f"desk-{user}")
    person = {"aud": f"api://{client}", "oid": who, "upn": f"desk-{user}", "sub": who}
    async with identity(tmp_path, app, ca=certificates.ca) as ours:
        made = await ours.on_behalf_of(openid.forge(person), MAIL)
        tokens = ours.tokens(f"desk-{user}", MAIL)
        first = await tokens.token()
        second = await tokens.token(refused=first)
        with pytest.raises(SignInNeeded) as caught:
            await ours.on_behalf_of(openid.forge(person), MAIL, account=user)
    assert made.account == f"desk-{user}"
    assert claims(first)["oid"] == who
    assert second != first
    assert caught.value.why == "wrong_account"


async def test_tokens_are_renewed_silently_and_only_when_they_end(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    app = public_app(openid)
    async with identity(tmp_path, app, ca=certificates.ca) as ours:
        openid.set_lifetimes(access=60)  # counts as ended at once
        try:
            await sign_in(ours, openid, user)
        finally:
            openid.set_lifetimes(access=3600)
        openid.forget_requests()
        first = await ours.tokens(user, MAIL).token()
        assert await ours.tokens(user, MAIL).token() == first
        assert openid.token_requests("refresh_token", ok=True) == 1
        refused = await ours.tokens(user, MAIL).token(refused=first)
        assert refused != first
        # Who comes with the same refusal later gets what is there by now.
        assert await ours.tokens(user, MAIL).token(refused=first) == refused
    async with identity(tmp_path, app, ca=certificates.ca) as later:
        assert await later.tokens(user, MAIL).token() == refused
    assert openid.token_requests("refresh_token", ok=True) == 2


async def test_one_sign_in_reaches_a_second_service(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    app = AppRegistration(
        client_id=openid.register_client(redirect_uris=[BACK], scopes=[*MAIL, *IMAP]),
        tenant="hudson",
        authority=openid.origin,
    )
    async with identity(tmp_path, app, ca=certificates.ca) as ours:
        await sign_in(ours, openid, user, scopes=IMAP)
        openid.forget_requests()
        found = [
            claims(await ours.tokens(user, scopes).token())["aud"]
            for scopes in (MAIL, IMAP, MAIL)
        ]
    assert found == [GRAPH, "https://outlook.office.com", GRAPH]
    assert openid.token_requests("refresh_token") == 1


async def test_a_person_signs_in_to_an_app_with_a_secret(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    app = AppRegistration(
        client_id=openid.register_client(secret="s3cret", redirect_uris=[BACK]),
        tenant="hudson",
        authority=openid.origin,
        secret=lambda: "s3cret",
    )
    async with identity(tmp_path, app, ca=certificates.ca) as ours:
        await sign_in(ours, openid, user)
        tokens = ours.tokens(user, MAIL)
        assert claims(await tokens.token(refused=await tokens.token()))["upn"] == user
        with pytest.raises(AdministratorError, match="device code"):
            await ours.start_device(MAIL, account=user)


async def test_an_account_is_forgotten(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    async with identity(tmp_path, public_app(openid), ca=certificates.ca) as ours:
        await sign_in(ours, openid, user)
        assert await ours.forget(user.upper())
        assert not await ours.forget(user)
        assert await ours.connections() == ()
        with pytest.raises(SignInNeeded) as caught:
            await ours.tokens(user, MAIL).token()
    assert caught.value.why == "not_connected"


async def test_a_business_sees_no_tokens_of_another(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    app = public_app(openid)
    async with identity(tmp_path, app, ca=certificates.ca) as ours:
        await sign_in(ours, openid, user)
    async with identity(tmp_path, app, ca=certificates.ca, business="other") as theirs:
        assert await theirs.connections() == ()
        with pytest.raises(SignInNeeded):
            await theirs.tokens(user, MAIL).token()


async def test_nothing_of_a_token_or_a_person_can_be_read(
    openid: OpenIdProvider,
    certificates: Certificates,
    tmp_path: Path,
    user: str,
    *,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("", "httpx2", "httpcore2"):  # others may have set levels of their own
        caplog.set_level(logging.DEBUG, logger=name)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent")  # beats `verify` of requests
    errors: list[BaseException] = []
    async with identity(tmp_path, public_app(openid), ca=certificates.ca) as ours:
        pending = await ours.start_browser(MAIL, BACK, account=user)
        answer = fields(openid, pending.url, user)
        await ours.finish_browser(pending, answer)
        tokens = ours.tokens(user, MAIL)
        first = await tokens.token()
        secrets = {first, await tokens.token(refused=first), answer["code"], pending.state}
        (row,) = [r async for r in ours._records.each("tokens")]
        cache = (await ours._records.open_bytes(row)).decode()
        openid.withdraw_consent(user, ours._app.client_id)
        with pytest.raises(SignInNeeded) as caught:
            await tokens.token(refused=await tokens.token())
        errors.append(caught.value)
        shown = repr((ours, tokens, pending, await ours.connections(), tokens._held))
        stored = b"".join(path.read_bytes() for path in tmp_path.glob("jigajob.db*"))
    entries = [
        part for kept in jwt.api_jws.json.loads(cache).values() for part in kept.values()
    ]
    secrets |= {entry["secret"] for entry in entries if "secret" in entry}
    assert len(secrets) >= 6
    printed = "".join(capfd.readouterr())
    said = "".join(f"{e!s}{e!r}{e.__cause__!r}{e.__dict__}" for e in errors)
    for secret in secrets:
        for piece in (secret, secret[: len(secret) // 2]):
            assert piece not in caplog.text + printed + said + shown
            assert piece.encode() not in stored
    assert user not in caplog.text + printed + said
    assert user.encode() not in stored
    assert not [record for record in caplog.records if record.name.startswith("msal")]
    asked = [str(record.args[1]) for record in caplog.records if record.name == "httpx2"]  # type: ignore[index]
    assert len(asked) >= 4
    assert all(url.startswith(f"{openid.origin}/") for url in asked)


def test_the_provider_is_not_told_what_machine_this_is() -> None:
    heard: list[dict[str, str]] = []

    class Ears(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    told = {"x-client-SKU": "MSAL.Python", "x-client-OS": "linux", "client-request-id": "7"}
    with HTTPServer(("127.0.0.1", 0), Ears) as server:
        listening = threading.Thread(target=server.handle_request)
        listening.start()
        with Wire(Trust(None)) as wire:
            wire.post(f"http://127.0.0.1:{server.server_port}/", data={}, headers=told)
        listening.join()
    (headers,) = heard
    assert headers["client-request-id"] == "7"
    assert not [name for name in headers if name.startswith("x-client")]
