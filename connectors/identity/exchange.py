"""Tokens for sign-ins, refresh tokens and secrets, by MSAL. Blocking: run it in a thread.

MSAL logs what it is told, so its loggers are shut.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, cast

import msal

from connectors.identity import refusals
from connectors.identity.app import MULTI_TENANT, AppRegistration
from connectors.identity.wire import Trust, Wire
from flows.errors import AdministratorError, JigajobError, TransientError

logging.getLogger("msal").addHandler(logging.NullHandler())
logging.getLogger("msal").setLevel(logging.CRITICAL + 1)

LEAST_SECONDS: Final = 300
"""A token nearer to its end counts as ended, as MSAL has it."""

_OIDC: Final = frozenset({"openid", "profile", "email", "offline_access"})
_PENDING: Final = frozenset({"authorization_pending", "slow_down"})
_KEY: Final = re.compile(r"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.+?-----END \1-----", re.DOTALL)
_CERTIFICATE: Final = re.compile(
    r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A token, the cache that now holds it, and what the provider says about it."""

    token: str = field(repr=False)
    cache: str = field(repr=False)
    scopes: tuple[str, ...]
    names: tuple[str, ...] = field(default=(), repr=False)


class Exchange:
    """What one app registration can ask of its provider.

    Each call makes an MSAL application of its own, so that a changed secret is used at once.

    Raises, on any method:
        SignInNeeded: The provider refuses; the error says what to do.
        AdministratorError: The registration or its secret cannot be used at all.
        TransientError: The provider is away.
    """

    def __init__(self, app: AppRegistration, trust: Trust) -> None:
        self._app, self._trust = app, trust

    def kept(self, cache: str, scopes: Sequence[str], refused: str) -> str:
        """Return the token in *cache* that is good for these scopes longest, or ""."""
        found = _loaded(cache).search(
            msal.TokenCache.CredentialType.ACCESS_TOKEN,
            target=list(scopes),
            query={"client_id": self._app.client_id},
        )
        ends = {entry["secret"]: int(entry["expires_on"]) for entry in found}
        ends.pop(refused, None)
        best = max(ends, key=ends.__getitem__, default="")
        return best if best and ends[best] >= time.time() + LEAST_SECONDS else ""

    def refresh(self, cache: str, scopes: Sequence[str]) -> Granted:
        """Return a new token by the refresh token in *cache*."""
        return self._granted(
            lambda it: (
                (known := it.get_accounts())
                and it.acquire_token_silent_with_error(
                    list(scopes), known[0], force_refresh=True
                )
            ),
            scopes,
            cache,
        )

    def for_itself(self, scopes: Sequence[str]) -> Granted:
        """Return a token of the app's own, by its secret or certificate."""
        if self._app.tenant.lower() in MULTI_TENANT:
            raise refusals.needs_own_tenant()
        return self._granted(lambda it: it.acquire_token_for_client(list(scopes)), scopes)

    def on_behalf_of(self, assertion: str, scopes: Sequence[str]) -> Granted:
        """Return a token for the person whose token for ourselves *assertion* is."""
        return self._granted(
            lambda it: it.acquire_token_on_behalf_of(assertion, list(scopes)),
            scopes,
            names=_names(_claims(assertion)),
        )

    def start_device(self, scopes: Sequence[str]) -> dict[str, Any]:
        """Return MSAL's flow: `user_code`, `verification_uri`, `interval`, `expires_at`."""
        if self._app.confidential:
            raise AdministratorError(
                "an app registration with a secret cannot be used with a device code",
                fix="sign in with --browser, or with an app registration without one",
            )
        with self._application() as (application, _):
            flow: dict[str, Any] = application.initiate_device_flow(list(scopes))
        if "user_code" not in flow:
            raise refusals.refusal(flow)
        return flow

    def finish_device(self, flow: dict[str, Any], scopes: Sequence[str]) -> Granted | None:
        """Ask once whether the person has signed in; None while not."""
        try:
            return self._granted(
                lambda it: it.acquire_token_by_device_flow(flow, exit_condition=lambda _: True),
                scopes,
            )
        except _Pending as pending:
            if pending.slower:  # RFC 8628 section 3.5
                flow["interval"] = flow.get("interval", 5) + 5
            return None

    def start_browser(
        self, scopes: Sequence[str], redirect_uri: str, hint: str
    ) -> dict[str, Any]:
        """Return MSAL's flow with `auth_uri` and `state`; PKCE and nonce are within."""
        with self._application() as (application, _):
            return cast(
                "dict[str, Any]",
                application.initiate_auth_code_flow(
                    list(scopes),
                    redirect_uri=redirect_uri,
                    login_hint=hint or None,
                    prompt="select_account",
                    response_mode="form_post",
                ),
            )

    def finish_browser(
        self, flow: dict[str, Any], answer: Mapping[str, str], scopes: Sequence[str]
    ) -> Granted:
        """Return the token for what the provider sent to the redirect address."""
        return self._granted(
            lambda it: it.acquire_token_by_auth_code_flow(dict(flow), dict(answer)), scopes
        )

    def _granted(
        self,
        ask: Callable[[Any], Any],
        scopes: Sequence[str],
        cache: str = "{}",
        names: tuple[str, ...] = (),
    ) -> Granted:
        with self._application(cache) as (application, kept):
            answer = ask(application)
        if not answer:
            raise refusals.run_out()
        if answer.get("error") in _PENDING:
            raise _Pending(slower=answer["error"] == "slow_down")
        if "access_token" not in answer:
            raise refusals.refusal(answer)
        given = tuple(one for one in str(answer.get("scope", "")).split() if one not in _OIDC)
        return Granted(
            token=answer["access_token"],
            cache=kept.serialize(),
            scopes=given or tuple(scopes),
            names=_names(answer.get("id_token_claims") or {}) or names,
        )

    @contextmanager
    def _application(self, cache: str = "{}") -> Iterator[tuple[Any, Any]]:
        """Give an MSAL application and its cache; what MSAL raises is put in our words."""
        app = self._app
        if not app.client_id:
            raise AdministratorError(
                "no app registration is named",
                fix="give `sign_in.client_id` in flows.yaml, or set JIGAJOB_CLIENT_ID",
            )
        kept = _loaded(cache)
        kind = (
            msal.ConfidentialClientApplication
            if app.confidential
            else msal.PublicClientApplication
        )
        credential = _credential(app)
        try:
            with Wire(self._trust) as wire:
                yield (
                    kind(
                        app.client_id,
                        client_credential=credential,
                        authority=app.url,
                        instance_discovery=None if app.asks_microsoft else False,
                        token_cache=kept,
                        http_client=wire,
                    ),
                    kept,
                )
        except JigajobError:
            raise
        except ValueError as error:
            # The texts quote addresses and answers; only their beginning is looked at.
            if str(error).startswith("Unable to get authority configuration"):
                raise refusals.no_such_tenant() from None
            raise _unusable(error) from None
        except Exception as error:  # noqa: BLE001 - MSAL puts tokens' claims into its errors
            raise _unusable(error) from None


def _loaded(cache: str) -> Any:  # noqa: ANN401 - MSAL has no types
    loaded = msal.SerializableTokenCache()
    loaded.deserialize(cache)
    return loaded


class _Pending(TransientError):
    def __init__(self, *, slower: bool) -> None:
        super().__init__("nobody has signed in yet")
        self.slower = slower


def _unusable(error: Exception) -> JigajobError:
    return AdministratorError(
        f"the sign-in could not be ended ({type(error).__name__})",
        fix="begin it anew; if that does not help, check `sign_in` in flows.yaml",
    )


def _credential(app: AppRegistration) -> str | dict[str, str] | None:
    if app.certificate is None:
        return app.secret() if app.secret else None
    text = app.certificate()
    key, certificate = _KEY.search(text), _CERTIFICATE.search(text)
    if key is None or certificate is None:
        missing = "certificate" if key else "private key"
        raise AdministratorError(
            f"the file that `sign_in.certificate` names holds no {missing} in PEM",
            fix="put the private key and its certificate into that one file",
        )
    return {"private_key": key[0], "public_certificate": certificate[0]}


def _names(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names by which the person may be known, the usual one first."""
    found = (claims.get(name) for name in ("preferred_username", "upn", "email"))
    return tuple(dict.fromkeys(name for name in found if isinstance(name, str) and name))


def _claims(token: str) -> Mapping[str, Any]:
    """Return what a token says, unproved; {} where it cannot be read."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}
