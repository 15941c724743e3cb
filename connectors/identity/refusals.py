"""What the identity provider refused, in plain words, and who does what about it.

The provider's own text is never passed on: it names people and tenants. Its number is.

Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes and, for the
errors without a number, RFC 6749 section 5.2 and RFC 8628 section 3.5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flows.connections import SIGN_IN
from flows.errors import JigajobError, SignInNeeded, TransientError

_AGAIN: Final = f"sign in again: {SIGN_IN}"
_LOOK: Final = "an administrator looks at the app registration in Microsoft Entra"


@dataclass(frozen=True, slots=True)
class _Refusal:
    why: str
    what: str
    fix: str


_CONSENT: Final = _Refusal(
    "consent_withdrawn",
    "the consent that lets JigAjob read this account was withdrawn or never given",
    f"sign in again and accept, or let an administrator consent for the firm: {SIGN_IN}",
)
_DECLINED: Final = _Refusal(
    "consent_withdrawn", "the person who signed in did not accept", f"{_AGAIN}, and accept"
)
_EXPIRED: Final = _Refusal(
    "expired",
    "the sign-in has expired or was revoked, as happens after long disuse or a new password",
    _AGAIN,
)
_SECRET_EXPIRED: Final = _Refusal(
    "secret_expired",
    "the client secret of the app registration has expired",
    "an administrator makes a new client secret in Microsoft Entra and puts it where"
    " `sign_in.secret` in flows.yaml says",
)
_SECRET_WRONG: Final = _Refusal(
    "secret_expired",
    "the client secret or certificate is not one of the app registration",
    "an administrator puts the secret's value (not its ID), or the certificate that is"
    " registered, where `sign_in` in flows.yaml says",
)
_SECRET_MISSING: Final = _Refusal(
    "secret_expired",
    "the app registration wants a client secret or a certificate",
    "give `sign_in.secret` or `sign_in.certificate` in flows.yaml, or let an administrator"
    " allow public client flows for the app registration",
)
_MFA: Final = _Refusal(
    "mfa",
    "a second factor (MFA) is demanded, and only the person can give it",
    f"sign in again and confirm with the second factor: {SIGN_IN}",
)
_CONDITION: Final = _Refusal(
    "mfa",
    "a rule of the firm's conditional access forbids this sign-in",
    f"sign in again from a device and place that the rule allows ({SIGN_IN}), or let an"
    " administrator make an exception for JigAjob",
)
_TENANT: Final = _Refusal(
    "wrong_tenant",
    "the tenant does not exist, or the account is not one of it",
    "correct `sign_in.tenant` in flows.yaml, or sign in with an account of that tenant:"
    f" {SIGN_IN}",
)
_UNKNOWN_APP: Final = _Refusal(
    "not_permitted",
    "the tenant knows no app registration with this client ID",
    "correct `sign_in.client_id` in flows.yaml, or let an administrator consent to JigAjob in"
    " that tenant",
)
_DISABLED: Final = _Refusal(
    "not_permitted", "the account is disabled", "an administrator enables it again"
)
_NOT_ALLOWED: Final = _Refusal(
    "not_permitted", "the app registration or the account is not allowed to do this", _LOOK
)
_PASSWORD: Final = _Refusal(
    "password",
    "the password of the account is wrong or has expired",
    f"set a new one, then sign in again: {SIGN_IN}",
)
_TOO_LATE: Final = _Refusal(
    "not_connected", "nobody signed in within the time that the code was good for", _AGAIN
)

_BY_NUMBER: Final[Mapping[int, _Refusal]] = {
    **dict.fromkeys((65001, 90094, 90095, 90008, 650052, 650056), _CONSENT),
    **dict.fromkeys((65004, 70018), _DECLINED),
    **dict.fromkeys(
        (50089, 50132, 50173, 54005, 70000, 70008, 70043, 700081, 700082, 700084), _EXPIRED
    ),
    7000222: _SECRET_EXPIRED,
    **dict.fromkeys((7000215, 700027, 700024), _SECRET_WRONG),
    **dict.fromkeys((7000218, 7000216), _SECRET_MISSING),
    **dict.fromkeys((50072, 50074, 50076, 50078, 50079), _MFA),
    **dict.fromkeys((50005, 50158, 53000, 53001, 53002, 53003, 53004, 530032), _CONDITION),
    **dict.fromkeys((50020, 50034, 50059, 50128, 50194, 51004, 90002, 90072), _TENANT),
    700016: _UNKNOWN_APP,
    **dict.fromkeys((50053, 50057), _DISABLED),
    **dict.fromkeys((50055, 50126, 50144), _PASSWORD),
    70020: _TOO_LATE,
}
_BY_NAME: Final[Mapping[str, _Refusal]] = {
    "consent_required": _CONSENT,
    "access_denied": _DECLINED,
    "authorization_declined": _DECLINED,
    "expired_token": _TOO_LATE,
    "interaction_required": _MFA,
    "login_required": _EXPIRED,
    "invalid_client": _SECRET_WRONG,
    "invalid_grant": _EXPIRED,
}
_PASSING: Final = frozenset({"temporarily_unavailable", "server_error"})


def refusal(answer: Mapping[str, Any]) -> JigajobError:
    """Return the error for an answer of the provider that holds no token."""
    number, name = _number(answer), str(answer.get("error", ""))
    mark = f" (AADSTS{number})" if number else ""
    if name in _PASSING:
        return TransientError(f"the sign-in service is out of order{mark}")
    found = (
        _BY_NUMBER.get(number)
        or _BY_NAME.get(str(answer.get("suberror", "")))
        or _BY_NAME.get(name, _NOT_ALLOWED)
    )
    return SignInNeeded(found.why, found.what + mark, fix=found.fix)


def not_connected() -> SignInNeeded:
    """Return the error for an account that nobody has signed in to."""
    return SignInNeeded(
        "not_connected", "nobody has signed in for this account", fix=f"sign in: {SIGN_IN}"
    )


def run_out() -> SignInNeeded:
    """Return the error for a sign-in that leaves nothing to get a new token by."""
    return SignInNeeded(_EXPIRED.why, _EXPIRED.what, fix=_EXPIRED.fix)


def wrong_account() -> SignInNeeded:
    """Return the error for a sign-in by somebody else than the mailbox's own account."""
    return SignInNeeded(
        "wrong_account",
        "the account that signed in is not the one of the mailbox",
        fix=f"sign in as the mailbox's own account ({SIGN_IN}); for a shared mailbox, or where"
        " the sign-in name is not the address, add --anyone",
    )


def no_such_tenant() -> SignInNeeded:
    """Return the error for a tenant about which nothing is published."""
    return SignInNeeded(_TENANT.why, _TENANT.what, fix=_TENANT.fix)


def needs_own_tenant() -> SignInNeeded:
    """Return the error for an app that signs in by itself, but in no tenant of its own."""
    return SignInNeeded(
        "wrong_tenant",
        "an app that signs in by itself must name its own tenant",
        fix="give `sign_in.tenant` in flows.yaml: the directory (tenant) ID of the firm",
    )


def _number(answer: Mapping[str, Any]) -> int:
    codes = answer.get("error_codes")
    if isinstance(codes, list) and codes and isinstance(codes[0], int):
        return codes[0]
    found = re.match(r"\s*AADSTS(\d{4,8})\b", str(answer.get("error_description", "")))
    return int(found[1]) if found else 0
