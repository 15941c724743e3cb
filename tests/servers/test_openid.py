"""The stand-in for Entra is to real MSAL what Entra is, in each grant and each refusal."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import jwt
import msal
import pytest
import requests

from tests.servers.certificates import client_certificate
from tests.servers.openid import OpenIdProvider, SignInRefused

if TYPE_CHECKING:
    from tests.servers.certificates import Certificates

IMAP = "https://outlook.office.com/IMAP.AccessAsUser.All"
GRAPH = "https://graph.microsoft.com"
BACK = "http://localhost:8400/back"
SECRET = "invented-secret"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture
def user(openid: OpenIdProvider) -> str:
    """A user of this test alone."""
    name = f"user-{uuid4().hex[:8]}@hudson.example"
    openid.add_user(name)
    return name


@pytest.fixture
def client(openid: OpenIdProvider) -> str:
    """An application with a secret that may also sign in without one."""
    return openid.register_client(
        secret=SECRET,
        public=True,
        redirect_uris=["http://localhost/back"],
        scopes=[IMAP, "Mail.Read"],
        roles={GRAPH: ["Mail.Read"]},
    )


def _confidential(
    openid: OpenIdProvider, client: str, credential: Any = SECRET, tenant: str | None = None
) -> msal.ConfidentialClientApplication:
    return msal.ConfidentialClientApplication(
        client,
        client_credential=credential,
        authority=openid.authority(tenant),
        instance_discovery=False,
        verify=str(openid.certificates.ca),
    )


def _public(openid: OpenIdProvider, client: str) -> msal.PublicClientApplication:
    return msal.PublicClientApplication(
        client,
        oidc_authority=openid.issuer(),
        verify=str(openid.certificates.ca),
    )


def _signed_in(
    openid: OpenIdProvider, app: Any, user: str, scopes: list[str] | None = None
) -> dict[str, Any]:
    flow = app.initiate_auth_code_flow(
        scopes or [IMAP], redirect_uri=BACK, response_mode="form_post"
    )
    back = openid.complete_login(flow["auth_uri"], user)
    assert back.startswith(BACK)
    return dict(
        app.acquire_token_by_auth_code_flow(flow, dict(parse_qsl(urlsplit(back).query)))
    )


def _refreshed(app: Any, scope: str = IMAP) -> dict[str, Any]:
    [account] = app.get_accounts()
    return dict(app.acquire_token_silent_with_error([scope], account, force_refresh=True) or {})


def _claims(openid: OpenIdProvider, token: str, audience: str) -> dict[str, Any]:
    """Checked as a resource server would: by the published keys."""
    published = requests.get(
        f"{openid.authority()}/discovery/v2.0/keys", verify=openid.certificates.ca, timeout=10
    ).json()
    key = jwt.PyJWKSet.from_dict(published)[jwt.get_unverified_header(token)["kid"]]
    return dict(jwt.decode(token, key, ["RS256"], audience=audience, issuer=openid.issuer()))


@pytest.mark.parametrize("response_mode", ["query", "form_post"])
@pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended:UserWarning")
def test_code_with_pkce(
    openid: OpenIdProvider, client: str, user: str, response_mode: str
) -> None:
    app = _confidential(openid, client)
    flow = app.initiate_auth_code_flow([IMAP], redirect_uri=BACK, response_mode=response_mode)
    assert "code_challenge_method=S256" in flow["auth_uri"]
    answer = dict(parse_qsl(urlsplit(openid.complete_login(flow["auth_uri"], user)).query))

    got = app.acquire_token_by_auth_code_flow(flow, answer)
    again = app.acquire_token_by_auth_code_flow(flow, answer)

    claims = _claims(openid, got["access_token"], "https://outlook.office.com")
    assert claims["scp"] == "IMAP.AccessAsUser.All"
    assert claims["preferred_username"] == claims["upn"] == user
    assert claims["tid"] == openid.tenant_ids["hudson"]
    assert jwt.get_unverified_header(got["access_token"])["typ"] == "JWT"
    assert got["id_token_claims"]["preferred_username"] == user
    assert [account["username"] for account in app.get_accounts()] == [user]
    assert again["error_codes"] == [54005]


def test_code_of_another_verifier_is_refused(
    openid: OpenIdProvider, client: str, user: str
) -> None:
    app = _confidential(openid, client)
    flow = app.initiate_auth_code_flow([IMAP], redirect_uri=BACK, response_mode="form_post")
    answer = dict(parse_qsl(urlsplit(openid.complete_login(flow["auth_uri"], user)).query))

    got = app.acquire_token_by_auth_code_flow(flow | {"code_verifier": "x" * 43}, answer)

    assert got["error_codes"] == [501481]


def test_refresh_rotates_and_reaches_another_resource(
    openid: OpenIdProvider, client: str, user: str
) -> None:
    app = _confidential(openid, client)
    first = _signed_in(openid, app, user)
    openid.forget_requests()

    second = _refreshed(app)
    graph = _refreshed(app, "Mail.Read")
    used = app.acquire_token_by_refresh_token(first["refresh_token"], [IMAP])

    assert second["refresh_token"] != first["refresh_token"]
    assert _claims(openid, graph["access_token"], GRAPH)["scp"] == "Mail.Read"
    assert used["error"] == "invalid_grant"
    assert openid.token_requests("refresh_token", ok=True, user=user) == 2
    assert openid.token_requests("refresh_token", ok=False) == 1


def test_device_code(openid: OpenIdProvider, client: str, user: str) -> None:
    app = _public(openid, client)
    flow = app.initiate_device_flow([IMAP])
    assert flow["user_code"] in flow["message"]
    early = app.acquire_token_by_device_flow(flow, exit_condition=lambda _: True)
    approval = threading.Timer(0.3, openid.approve_device, (flow["user_code"], user))
    approval.start()

    got = app.acquire_token_by_device_flow(flow)
    approval.join()

    assert early["error"] == "authorization_pending"
    assert _claims(openid, got["access_token"], "https://outlook.office.com")["upn"] == user
    assert _refreshed(app)["access_token"]
    with pytest.raises(SignInRefused):
        openid.approve_device(flow["user_code"], user)


def test_denied_device_code(openid: OpenIdProvider, client: str) -> None:
    app = _public(openid, client)
    flow = app.initiate_device_flow([IMAP])
    openid.deny_device(flow["user_code"])

    got = app.acquire_token_by_device_flow(flow)

    assert got["error"] == "authorization_declined"


def test_client_credentials_by_secret(openid: OpenIdProvider, client: str) -> None:
    app = _confidential(openid, client)

    got = app.acquire_token_for_client([f"{GRAPH}/.default"])
    named = app.acquire_token_for_client([f"{GRAPH}/Mail.Read"])
    wrong = _confidential(openid, client, "wrong").acquire_token_for_client(
        [f"{GRAPH}/.default"]
    )

    claims = _claims(openid, got["access_token"], GRAPH)
    assert claims["roles"] == ["Mail.Read"]
    assert claims["idtyp"] == "app"
    assert not {"scp", "upn", "preferred_username"} & set(claims)
    assert named["error_codes"] == [1002012]
    assert wrong["error_codes"] == [7000215]


def test_expired_secret_and_the_next(openid: OpenIdProvider, client: str) -> None:
    openid.expire_secret(client, SECRET)
    old = _confidential(openid, client).acquire_token_for_client([f"{GRAPH}/.default"])
    new = openid.add_secret(client)
    got = _confidential(openid, client, new).acquire_token_for_client([f"{GRAPH}/.default"])

    assert (old["error"], old["error_codes"]) == ("invalid_client", [7000222])
    assert "access_token" in got


@pytest.mark.parametrize("how", ["public_certificate", "thumbprint"])
def test_client_credentials_by_certificate(openid: OpenIdProvider, how: str) -> None:
    key, certificate = client_certificate("JigAjob")
    other, _ = client_certificate("Another")
    client = openid.register_client(certificate=certificate)
    more = {"public_certificate": certificate.decode()}
    if how == "thumbprint":
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes

        sha1 = hashes.SHA1()
        more = {
            "thumbprint": x509.load_pem_x509_certificate(certificate).fingerprint(sha1).hex()
        }

    app = _confidential(openid, client, {"private_key": key.decode(), **more})
    got = app.acquire_token_for_client([f"{GRAPH}/.default"])
    false = _confidential(openid, client, {"private_key": other.decode(), **more})
    refused = false.acquire_token_for_client([f"{GRAPH}/.default"])

    assert _claims(openid, got["access_token"], GRAPH)["appid"] == client
    assert refused["error_codes"] == [700027]


def test_on_behalf_of(openid: OpenIdProvider, client: str, user: str) -> None:
    app = _confidential(openid, client)
    mine = _signed_in(openid, app, user, [f"api://{client}/access"])["access_token"]
    foreign = _signed_in(openid, app, user)["access_token"]
    stale = openid.forge({"aud": f"api://{client}", "oid": "x", "exp": int(time.time()) - 999})

    got = app.acquire_token_on_behalf_of(mine, [IMAP])
    codes = [
        app.acquire_token_on_behalf_of(assertion, [scope])["error_codes"]
        for assertion, scope in (
            (foreign, IMAP),
            (stale, IMAP),
            (mine[:-4] + "AAAA", IMAP),
            (mine, "Files.Read"),
        )
    ]

    claims = _claims(openid, got["access_token"], "https://outlook.office.com")
    assert (claims["upn"], claims["scp"]) == (user, "IMAP.AccessAsUser.All")
    assert codes == [[500131], [500133], [50013], [65001]]


TROUBLE = {
    "withdraw_consent": (65001, "consent_required"),
    "revoke_sessions": (50173, "bad_token"),
    "require_mfa": (50076, "basic_action"),
    "expire_refresh_tokens": (700082, "token_expired"),
    "demand_sign_in": (70043, "token_expired"),
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_trouble_lasts_until_the_next_sign_in(
    openid: OpenIdProvider, client: str, user: str, trouble: str
) -> None:
    code, suberror = TROUBLE[trouble]
    app = _confidential(openid, client)
    _signed_in(openid, app, user)
    getattr(openid, trouble)(user)

    refused = _refreshed(app)
    _signed_in(openid, app, user)
    cured = _refreshed(app)

    assert refused["error"] == "invalid_grant"
    assert refused["error_description"].startswith(f"AADSTS{code}: ")
    assert (refused["error_codes"], refused["suberror"]) == ([code], suberror)
    assert "access_token" in cured


def test_mfa_and_disabling_reach_on_behalf_of(
    openid: OpenIdProvider, client: str, user: str
) -> None:
    app = _confidential(openid, client)
    mine = _signed_in(openid, app, user, [f"api://{client}/access"])["access_token"]
    openid.require_mfa(user)
    asked = app.acquire_token_on_behalf_of(mine, [IMAP])
    openid.require_mfa(user, required=False)
    openid.disable_user(user)
    fresh = _confidential(openid, client)  # MSAL repeats a refusal for a minute
    disabled = fresh.acquire_token_on_behalf_of(mine, [IMAP])

    assert (asked["error"], asked["error_codes"]) == ("interaction_required", [50076])
    assert "claims" in asked
    assert disabled["error_codes"] == [50057] == _refreshed(app)["error_codes"]


def test_organizations_take_users_of_each_tenant(certificates: Certificates) -> None:
    with OpenIdProvider(certificates, tenants=("hudson", "organizations")) as entra:
        entra.add_user("a@hudson.example")
        client = entra.register_client(secret=SECRET, redirect_uris=[BACK])
        app = _confidential(entra, client, tenant="organizations")

        got = _signed_in(entra, app, "a@hudson.example")

    assert got["id_token_claims"]["tid"] == entra.tenant_ids["hudson"]
    [account] = app.get_accounts()
    assert account["home_account_id"].endswith(entra.tenant_ids["hudson"])


def test_people_who_may_not_sign_in(openid: OpenIdProvider, client: str, user: str) -> None:
    app = _confidential(openid, client)
    flow = app.initiate_auth_code_flow([IMAP], redirect_uri=BACK, response_mode="form_post")
    stranger = f"x-{uuid4().hex[:8]}@other.example"
    openid.add_user(stranger, tenant="other")
    openid.disable_user(user)

    codes = []
    for name in (stranger, "nobody@hudson.example", user):
        with pytest.raises(SignInRefused) as refused:
            openid.complete_login(flow["auth_uri"], name)
        codes.append(refused.value.code)
    openid.disable_user(user, disabled=False)
    declined = openid.complete_login(flow["auth_uri"], user, decline=True)

    assert codes == [50020, 50034, 50057]
    answer = dict(parse_qsl(urlsplit(declined).query))
    assert answer["error"] == "access_denied"
    assert answer["error_description"].startswith("AADSTS65004")


def test_removed_user_and_client(openid: OpenIdProvider, client: str, user: str) -> None:
    app = _confidential(openid, client)
    _signed_in(openid, app, user)
    openid.remove_user(user)
    without_user = _refreshed(app)
    openid.remove_client(client)
    without_client = app.acquire_token_for_client([f"{GRAPH}/.default"])

    assert without_user["error_codes"] == [50034]
    assert without_client["error_codes"] == [700016]


def test_unknown_tenant_is_refused_by_msal(openid: OpenIdProvider, client: str) -> None:
    with pytest.raises(ValueError, match="check your tenant name"):
        _confidential(openid, client, tenant="nowhere")


def test_tokens_of_one_tenant_are_nothing_to_another(
    openid: OpenIdProvider, client: str, user: str
) -> None:
    here = _signed_in(openid, _confidential(openid, client), user)
    there = _confidential(openid, client, tenant="other")

    got = there.acquire_token_by_refresh_token(here["refresh_token"], [IMAP])

    assert got["error"] == "invalid_grant"


def test_lifetimes(certificates: Certificates) -> None:
    with OpenIdProvider(certificates) as entra:
        entra.add_user("a@hudson.example")
        client = entra.register_client(secret=SECRET, redirect_uris=[BACK])
        entra.set_lifetimes(access=900, refresh=1)
        app = _confidential(entra, client)

        got = _signed_in(entra, app, "a@hudson.example")
        time.sleep(1.1)
        late = _refreshed(app)

    assert got["expires_in"] == 900
    assert late["error_codes"] == [700082]


def test_network_faults(openid: OpenIdProvider, client: str, user: str) -> None:
    app = _confidential(openid, client)
    first = _signed_in(openid, app, user)
    answers = []
    for kind in ("cut", "lose"):
        openid.fail("/token", kind=kind)
        with pytest.raises(requests.ConnectionError):
            app.acquire_token_by_refresh_token(first["refresh_token"], [IMAP])
        answers.append(openid.requests()[-1])
    openid.fail("/token", status=503, seconds=7)
    busy = requests.post(
        f"{openid.authority()}/oauth2/v2.0/token", verify=openid.certificates.ca, timeout=10
    )
    used = app.acquire_token_by_refresh_token(first["refresh_token"], [IMAP])

    assert answers[0].grant == "authorization_code"  # cut: nothing was done
    assert (answers[1].grant, answers[1].ok) == ("refresh_token", True)  # lost: it was
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "7")
    assert used["error"] == "invalid_grant"
