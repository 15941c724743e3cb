"""The Python side of the OpenID provider: starts it, and tells it what tests want of it."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode
from uuid import uuid4

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from tests.servers.dovecot_settings import Introspection, LocalTokens
from tests.servers.node import install, node_command
from tests.servers.openid.browser import Browser, Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.servers.certificates import Certificates

HERE = Path(__file__).parent
KEY_ID = "servers-1"
STOPS_WITHIN = 5
TENANT = "hudson"
OUTLOOK = "https://outlook.office.com"


class SignInRefused(Exception):
    """The provider's page refused to sign the person in; `code` is the AADSTS number or 0."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        found = re.search(r"AADSTS(\d+)", text)
        self.code = int(found[1]) if found else 0


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """One request to a token endpoint; `code` is the AADSTS number of its refusal or 0."""

    tenant: str
    grant: str
    client: str
    user: str
    code: int
    error: str

    @property
    def ok(self) -> bool:
        """Whether it got a token."""
        return not self.error


class OpenIdProvider:
    """One provider process; a context manager. All its state ends with it.

    `tenants` are the names of the tenants that exist; the first is the default everywhere.
    """

    def __init__(
        self, certificates: Certificates, *, tenants: Sequence[str] = (TENANT, "other")
    ) -> None:
        self.certificates, self.tenants = certificates, tuple(tenants)
        self.port = 0
        self.tenant_ids: dict[str, str] = {}
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._control, self._introspection = secrets.token_hex(16), secrets.token_hex(16)
        self._process: subprocess.Popen[str] | None = None
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed in close
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=certificates.trusting()),
        )

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process and process.stdin and process.stdout:
            process.stdin.close()
            try:
                process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()
        self._log.close()

    def log(self) -> str:
        """What the process wrote to stderr, 8,000 characters at most."""
        self._log.seek(0)
        return self._log.read()[-8000:]

    # -- where ----------------------------------------------------------------------------

    @property
    def origin(self) -> str:
        """`https://localhost:PORT`."""
        return f"https://localhost:{self.port}"

    def authority(self, tenant: str | None = None) -> str:
        """What MSAL takes as `authority`, with `instance_discovery=False`."""
        return f"{self.origin}/{tenant or self.tenants[0]}"

    def issuer(self, tenant: str | None = None) -> str:
        """The `iss` of the tenant's tokens; MSAL takes it as `oidc_authority`."""
        return f"{self.authority(tenant)}/v2.0"

    # -- users and applications -----------------------------------------------------------

    def add_user(self, user: str, *, tenant: str | None = None, name: str = "Invented") -> str:
        """Let a user exist in a tenant; returns the object id (`oid`)."""
        home = tenant or self.tenants[0]
        return str(self._call("addUser", upn=user, tenant=home, name=name))

    def remove_user(self, user: str) -> None:
        """Delete a user: refreshing answers AADSTS50034."""
        self._call("removeUser", upn=user)

    def disable_user(self, user: str, *, disabled: bool = True) -> None:
        """Disable a user, or enable again: AADSTS50057."""
        self._call("setDisabled", upn=user, disabled=disabled)

    def register_client(
        self,
        *,
        client_id: str | None = None,
        secret: str | None = None,
        certificate: bytes | None = None,
        redirect_uris: Sequence[str] = ("http://localhost",),
        public: bool | None = None,
        scopes: Sequence[str] = (),
        roles: Mapping[str, Sequence[str]] | None = None,
    ) -> str:
        """Register an application in all tenants and return its client id.

        `certificate` is PEM; `public` (default: neither secret nor certificate given) allows
        device codes and codes without a secret. `scopes` are granted whenever a user signs in
        and limit on-behalf-of; `roles` are the application permissions by resource, as in
        `{"https://graph.microsoft.com": ["Mail.Read"]}`.
        """
        made = client_id or str(uuid4())
        self._call(
            "registerClient",
            id=made,
            secrets=[{"value": secret, "expired": False}] if secret else [],
            keys=[_public_jwk(certificate)] if certificate else [],
            redirects=list(redirect_uris),
            public=not (secret or certificate) if public is None else public,
            scopes=list(scopes),
            roles={resource: list(names) for resource, names in (roles or {}).items()},
        )
        return made

    def remove_client(self, client: str) -> None:
        """Delete an application: AADSTS700016."""
        self._call("removeClient", client=client)

    def expire_secret(self, client: str, value: str | None = None) -> None:
        """Let one secret of a client, or all, be past their end: AADSTS7000222."""
        self._call("expireSecret", client=client, value=value)

    def add_secret(self, client: str) -> str:
        """Give a client one more secret, as when rotating, and return it."""
        value = secrets.token_urlsafe(24)
        self._call("addSecret", client=client, value=value)
        return value

    # -- people ---------------------------------------------------------------------------

    def complete_login(self, auth_uri: str, user: str, *, decline: bool = False) -> str:
        """Sign in as `user` at an authorization URL; return the URL with the code (or error).

        With `response_mode=form_post` the answer's fields stand in the returned URL's query:
        a browser would POST them to that URL instead.

        Raises:
            SignInRefused: the page did not let the person go on; `code` says why.
        """
        browser = Browser(self.certificates.trusting(), self.origin)
        page = browser.get(auth_uri)
        return self._sign_in(browser, page, user, decline=decline)

    def approve_device(self, user_code: str, user: str, *, tenant: str | None = None) -> None:
        """Type a device code in and sign in as `user`.

        Raises:
            SignInRefused: unknown or used code, or the person may not sign in here.
        """
        browser = Browser(self.certificates.trusting(), self.origin)
        page = self._device_page(browser, user_code, tenant)
        self._sign_in(browser, browser.submit(page, confirm="yes"), user)

    def deny_device(self, user_code: str, *, tenant: str | None = None) -> None:
        """Type a device code in and refuse: polling answers `authorization_declined`."""
        browser = Browser(self.certificates.trusting(), self.origin)
        page = self._device_page(browser, user_code, tenant)
        browser.submit(page, abort="yes")

    # -- trouble --------------------------------------------------------------------------

    def withdraw_consent(self, user: str, client: str | None = None) -> None:
        """The user takes consent back from an application, or from all: AADSTS65001."""
        self._call("revoke", upn=user, client=client, code=65001)

    def revoke_sessions(self, user: str) -> None:
        """An administrator signs the user out everywhere, or a new password: AADSTS50173."""
        self._call("revoke", upn=user, code=50173)

    def revoke_access(self, user: str) -> None:
        """Access tokens that the user has now are dead; refresh tokens give others."""
        self._call("revokeAccess", upn=user)

    def expire_refresh_tokens(self, user: str) -> None:
        """Refresh tokens that the user has now were unused for too long: AADSTS700082."""
        self._call("spoilRefreshTokens", upn=user, code=700082)

    def demand_sign_in(self, user: str) -> None:
        """The sign-in frequency asks for a new sign-in: AADSTS70043."""
        self._call("spoilRefreshTokens", upn=user, code=70043)

    def require_mfa(self, user: str, *, required: bool = True) -> None:
        """Ask for a second factor: AADSTS50076 until the user signs in by a page again."""
        self._call("setMfa", upn=user, mfa=required)

    def fail(
        self,
        part: str = "/token",
        *,
        times: int = 1,
        kind: str = "status",
        status: int = 503,
        seconds: float = 0,
    ) -> None:
        """Let the next requests whose path holds `part` fail; kinds as in the package's doc.

        For "status", `seconds` is sent as Retry-After if not 0; for "slow" it is waited.
        """
        self._call(
            "addFault", part=part, times=times, kind=kind, status=status, seconds=seconds
        )

    def clear_faults(self) -> None:
        """Take back all that `fail` asked for."""
        self._call("clearFaults")

    # -- settings and watching ------------------------------------------------------------

    def set_lifetimes(self, *, access: int | None = None, refresh: int | None = None) -> None:
        """Seconds that tokens live which are made from now on."""
        given = {"access": access, "refresh": refresh}
        self._call("setSeconds", **{name: n for name, n in given.items() if n is not None})

    def requests(self) -> list[TokenRequest]:
        """All requests to token endpoints since the start or `forget_requests`, in order."""
        return [TokenRequest(**one) for one in self._call("requests")]

    def forget_requests(self) -> None:
        """Count anew."""
        self._call("forgetRequests")

    def token_requests(
        self, grant: str | None = None, *, ok: bool | None = None, user: str | None = None
    ) -> int:
        """How many requests to token endpoints there were of this kind."""
        return sum(
            grant in {None, one.grant} and ok in {None, one.ok} and user in {None, one.user}
            for one in self.requests()
        )

    def jwks(self) -> dict[str, Any]:
        """The published keys, as a JSON Web Key Set."""
        key = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [key | {"kid": KEY_ID, "use": "sig", "alg": "RS256"}]}

    def forge(self, claims: Mapping[str, Any], *, tenant: str | None = None) -> str:
        """A token with these claims, signed with the provider's own key."""
        now = int(time.time())
        filled = {"iss": self.issuer(tenant), "iat": now, "nbf": now, "exp": now + 3600}
        headers = {"kid": KEY_ID}
        return jwt.encode(filled | dict(claims), self._key, algorithm="RS256", headers=headers)

    def local_tokens(self, *tenants: str) -> LocalTokens:
        """Let Dovecot judge tokens of these tenants (default: the first) by their signature."""
        pem = self._key.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )
        issuers = tuple(map(self.issuer, tenants or self.tenants[:1]))
        return LocalTokens(issuers=issuers, keys={KEY_ID: pem.decode()})

    def introspection(self, tenant: str | None = None) -> Introspection:
        """Let Dovecot ask about each token: a revoked one is refused at once."""
        login = f"introspection:{self._introspection}"
        url = self.authority(tenant).replace("https://", f"https://{login}@")
        return Introspection(url=f"{url}/oauth2/introspect", ca=self.certificates.ca)

    def smtp_tokens(self, user: str, token: str) -> bool:
        """Whether `token` lets `user` send by SMTP: `SmtpServer(accepts=provider.smtp_tokens)`.

        It must be signed here, alive, for Outlook, with `SMTP.Send`, and the user's own.
        """
        try:
            claims = jwt.decode(token, self._key.public_key(), ["RS256"], audience=OUTLOOK)
        except jwt.InvalidTokenError:
            return False
        mine = str(claims.get("preferred_username", "")).lower() == user.lower()
        return mine and "SMTP.Send" in str(claims.get("scp", "")).split()

    # -- inside ---------------------------------------------------------------------------

    def _start(self) -> None:
        install(HERE)
        self._process = subprocess.Popen(
            [node_command(), str(HERE / "provider.mjs")],
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        assert self._process.stdin
        assert self._process.stdout
        settings = {
            "tls": {
                "cert": self.certificates.server.read_text(),
                "key": self.certificates.key.read_text(),
            },
            "key": json.loads(RSAAlgorithm.to_jwk(self._key))
            | {"kid": KEY_ID, "use": "sig", "alg": "RS256"},
            "tenants": self.tenants,
            "controlSecret": self._control,
            "introspectionSecret": self._introspection,
        }
        settings["key"].pop("key_ops", None)
        self._process.stdin.write(json.dumps(settings) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the OpenID provider did not start:\n{self.log()}")
        ready = json.loads(line)
        self.port, self.tenant_ids = ready["port"], ready["ids"]

    def _call(self, call: str, **args: Any) -> Any:
        request = urllib.request.Request(
            f"{self.origin}/control",
            json.dumps({"call": call, "args": args}).encode(),
            {"Authorization": f"Bearer {self._control}"},
        )
        with self._opener.open(request, timeout=10) as answer:
            return json.load(answer)["result"]

    def _sign_in(
        self, browser: Browser, page: Page, user: str, *, decline: bool = False
    ) -> str:
        if page.action is None:
            raise SignInRefused(page.alert or page.text)
        page = browser.submit(page, username=user, action="decline" if decline else "accept")
        if page.alert:
            raise SignInRefused(page.alert)
        if page.action and not page.action.startswith(("/", self.origin)):  # form_post
            return f"{page.action}?{urlencode(page.fields)}"
        return page.url

    def _device_page(self, browser: Browser, user_code: str, tenant: str | None) -> Page:
        page = browser.get(f"{self.authority(tenant)}/oauth2/deviceauth")
        page = browser.submit(page, user_code=user_code)
        if page.alert or "confirm" not in page.text.lower():
            raise SignInRefused(page.alert or page.text)
        return page


def _public_jwk(certificate: bytes) -> dict[str, Any]:
    key = x509.load_pem_x509_certificate(certificate).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    jwk = dict(json.loads(RSAAlgorithm.to_jwk(key)))
    jwk.pop("key_ops", None)
    return jwk | {"use": "sig"}
