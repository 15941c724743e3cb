"""What the provider refuses, in our words; who is told, and what is noted about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from connectors.identity import AppRegistration, Identity
from connectors.identity.refusals import refusal
from flows.errors import AdministratorError, SignInNeeded, Throttled, TransientError
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
from tests.servers.certificates import Certificates

if TYPE_CHECKING:
    from tests.servers.openid import OpenIdProvider

DEFAULT = [f"{GRAPH}/.default"]


@pytest.fixture
def user(openid: OpenIdProvider) -> str:
    name = f"office-{uuid4().hex[:8]}@hudson.example"
    openid.add_user(name)
    return name


async def refused(ours: Identity, user: str, **how: bool) -> SignInNeeded:
    """Return why no other token is to be had than the one there is."""
    tokens = ours.tokens(user, DEFAULT if how else MAIL, **how)
    with pytest.raises(SignInNeeded) as caught:
        await tokens.token(refused="" if how else await tokens.token())
    error = caught.value
    assert error.fix
    assert user not in str(error)
    (noted,) = [each for each in await ours.connections() if each.account == user]
    assert (noted.why, noted.what, noted.fix) == (error.why, error.what, error.fix)
    return error


Trouble = Callable[["OpenIdProvider", str, str], None]
TROUBLES: list[tuple[Trouble, str, int, str]] = [
    (
        lambda openid, user, app: openid.withdraw_consent(user, app),
        "consent_withdrawn",
        65001,
        "consent",
    ),
    (lambda openid, user, _: openid.revoke_sessions(user), "expired", 50173, "expired"),
    (lambda openid, user, _: openid.expire_refresh_tokens(user), "expired", 700082, "expired"),
    (lambda openid, user, _: openid.demand_sign_in(user), "expired", 70043, "expired"),
    (lambda openid, user, _: openid.require_mfa(user), "mfa", 50076, "second factor"),
    (lambda openid, user, _: openid.disable_user(user), "not_permitted", 50057, "disabled"),
    (lambda openid, user, _: openid.remove_user(user), "wrong_tenant", 50034, "tenant"),
    (
        lambda openid, _, app: openid.remove_client(app),
        "not_permitted",
        700016,
        "client ID",
    ),
]


@pytest.mark.parametrize(
    ("cause", "why", "number", "word"), TROUBLES, ids=[str(t[2]) for t in TROUBLES]
)
async def test_each_refusal_says_what_is_wrong_and_what_to_do(
    openid: OpenIdProvider,
    certificates: Certificates,
    tmp_path: Path,
    user: str,
    *,
    cause: Trouble,
    why: str,
    number: int,
    word: str,
) -> None:
    app = public_app(openid)
    async with identity(tmp_path, app, ca=certificates.ca) as ours:
        await sign_in(ours, openid, user)
        cause(openid, user, app.client_id)
        error = await refused(ours, user)
    assert error.why == why
    assert word in error.what
    assert f"(AADSTS{number})" in error.what


@pytest.mark.parametrize("how", ["expired", "wrong"])
async def test_a_secret_that_is_expired_or_wrong_and_then_mended(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str, how: str
) -> None:
    client = openid.register_client(secret="s3cret", roles={GRAPH: ["Mail.Read"]})
    secrets = ["s3cret" if how == "expired" else "mistaken"]
    app = AppRegistration(
        client_id=client, tenant="hudson", authority=openid.origin, secret=lambda: secrets[-1]
    )
    if how == "expired":
        openid.expire_secret(client)
    async with identity(tmp_path, app, ca=certificates.ca) as ours:
        error = await refused(ours, user, app_only=True)
        assert error.why == "secret_expired"
        assert ("expired" if how == "expired" else "is not one of") in error.what
        assert secrets[0] not in str(error)
        secrets.append(openid.add_secret(client))
        assert await ours.tokens(user, DEFAULT, app_only=True).token()
        (noted,) = await ours.connections()
    assert (noted.why, noted.what, noted.fix) == ("", "", "")


async def test_signing_in_again_heals(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    async with identity(tmp_path, public_app(openid), ca=certificates.ca) as ours:
        await sign_in(ours, openid, user)
        openid.require_mfa(user)
        await refused(ours, user)
        await sign_in(ours, openid, user)
        tokens = ours.tokens(user, MAIL)
        assert await tokens.token(refused=await tokens.token())
        (noted,) = await ours.connections()
    assert noted.why == ""


async def test_another_account_than_the_mailbox(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    shared = f"shared-{user}"
    async with identity(tmp_path, public_app(openid), ca=certificates.ca) as ours:
        with pytest.raises(SignInNeeded) as caught:
            await sign_in(ours, openid, user, account=shared)
        assert await ours.connections() == ()
        made = await sign_in(ours, openid, user, account=shared, anyone=True)
        assert await ours.tokens(shared, MAIL).token()
    assert caught.value.why == "wrong_account"
    assert user not in str(caught.value)
    assert (made.account, made.signed_in_by) == (shared, user)


async def test_tenants_that_do_not_fit(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    nowhere = public_app(openid, tenant="nowhere")
    async with identity(tmp_path, nowhere, ca=certificates.ca) as ours:
        with pytest.raises(SignInNeeded) as missing:
            await ours.start_device(MAIL, account=user)
    everywhere = AppRegistration(
        client_id="x", tenant="organizations", authority=openid.origin, secret=lambda: "s"
    )
    async with identity(tmp_path, everywhere, ca=certificates.ca) as ours:
        own = await refused(ours, user, app_only=True)
    assert (missing.value.why, own.why) == ("wrong_tenant", "wrong_tenant")
    assert "sign_in.tenant" in own.fix


async def test_who_declines_or_comes_too_late(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    async with identity(tmp_path, public_app(openid), ca=certificates.ca) as ours:
        pending = await ours.start_browser(MAIL, BACK, account=user)
        with pytest.raises(SignInNeeded) as declined:
            await ours.finish_browser(pending, fields(openid, pending.url, user, decline=True))
        device = await ours.start_device(IMAP, account=user)
        openid.deny_device(device.user_code)
        with pytest.raises(SignInNeeded) as denied:
            await ours.finish_device(device)
        late = await ours.start_device(IMAP, account=user)
        late.flow["expires_at"] = 0
        with pytest.raises(SignInNeeded) as nobody:
            await ours.finish_device(late)
    whys = [caught.value.why for caught in (declined, denied, nobody)]
    assert whys == ["consent_withdrawn", "consent_withdrawn", "not_connected"]


async def test_a_provider_that_is_away_is_no_reason_to_sign_in(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    async with identity(tmp_path, public_app(openid), ca=certificates.ca) as ours:
        await sign_in(ours, openid, user)
        tokens = ours.tokens(user, MAIL)
        first = await tokens.token()
        openid.fail("/token", status=503)
        with pytest.raises(TransientError):
            await tokens.token(refused=first)
        openid.fail("/token", status=429, seconds=7)
        with pytest.raises(Throttled) as throttled:
            await tokens.token(refused=first)
        openid.fail("/token", kind="cut")
        with pytest.raises(TransientError):
            await tokens.token(refused=first)
        assert await tokens.token(refused=first) != first
        (noted,) = await ours.connections()
    assert throttled.value.retry_after == 7
    assert noted.why == ""


async def test_a_provider_whose_certificate_is_not_trusted(
    openid: OpenIdProvider, tmp_path: Path, user: str
) -> None:
    async with identity(tmp_path, public_app(openid), ca=None) as ours:
        with pytest.raises(TransientError, match="JIGAJOB_CA"):
            await ours.start_device(MAIL, account=user)
    async with identity(tmp_path, public_app(openid), ca=tmp_path / "none.pem") as ours:
        with pytest.raises(AdministratorError, match=r"none\.pem"):
            await ours.start_device(MAIL, account=user)


async def test_an_app_without_id_or_with_a_broken_certificate(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    nameless = AppRegistration(client_id="", authority=openid.origin)
    async with identity(tmp_path, nameless, ca=certificates.ca) as ours:
        with pytest.raises(AdministratorError, match="JIGAJOB_CLIENT_ID"):
            await ours.start_device(MAIL, account=user)
    broken = AppRegistration(
        client_id="x", tenant="hudson", authority=openid.origin, certificate=lambda: "no PEM"
    )
    async with identity(tmp_path, broken, ca=certificates.ca) as ours:
        with pytest.raises(AdministratorError, match="private key"):
            await ours.tokens(user, DEFAULT, app_only=True).token()
        (noted,) = await ours.connections()
    assert "private key" in noted.what


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (50079, "mfa"),
        (53003, "mfa"),
        (50020, "wrong_tenant"),
        (90002, "wrong_tenant"),
        (70008, "expired"),
        (7000222, "secret_expired"),
        (99999, "expired"),
    ],
)
def test_the_providers_words_are_not_passed_on(number: int, why: str) -> None:
    text = f"AADSTS{number}: User maria@lopez.example ... Trace ID: 0"
    for answer in (
        {"error": "invalid_grant", "error_description": text},
        {"error": "invalid_grant", "error_description": text, "error_codes": [number]},
    ):
        error = refusal(answer)
        assert isinstance(error, SignInNeeded)
        assert error.why == why
        assert error.what.endswith(f"(AADSTS{number})")
        assert "maria" not in str(error)


async def test_what_waits_for_a_person_can_be_given_up(
    openid: OpenIdProvider, certificates: Certificates, tmp_path: Path, user: str
) -> None:
    async with identity(tmp_path, public_app(openid), ca=certificates.ca) as ours:
        pending = await ours.start_device(IMAP, account=user)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5):
                await ours.finish_device(pending)
