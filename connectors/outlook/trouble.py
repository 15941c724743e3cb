"""What Graph's refusals mean to us; its own words, which may quote mail, are left out.

Source: https://learn.microsoft.com/graph/errors
"""

from __future__ import annotations

import json
import re
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from flows.errors import AdministratorError, JigajobError, SignInNeeded, TransientError

_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,79}")
_RESYNC: Final = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired"})
_OF_MAILBOXES: Final = ("Mail.", "Calendars.")
"""Permissions that an app can have by itself, on one mailbox alone."""

_NO_MAILBOX: Final = frozenset(
    {
        "errorinvaliduser",
        "mailboxnotenabledforrestapi",
        "resourcenotfound",
        "request_resourcenotfound",
    }
)


class Refused(AdministratorError):
    """Graph answered with *status* and its short *code*; the call had no effect."""

    def __init__(self, what: str, *, status: int, code: str = "", fix: str = "") -> None:
        super().__init__(what, fix=fix)
        self.status, self.code = status, code

    def __reduce__(self) -> tuple[Any, ...]:
        made = partial(type(self), status=self.status, code=self.code, fix=self.fix)
        return made, (self.what,)

    @property
    def missing(self) -> bool:
        """Tell whether what was asked for is not there: deleted, or an id of another place."""
        malformed = self.code.lower().startswith("errorinvalidid")
        return malformed or self.status == HTTPStatus.NOT_FOUND

    @property
    def resync(self) -> bool:
        """Tell whether a delta link is no longer good, so that the round begins anew.

        Source: https://learn.microsoft.com/graph/delta-query-overview (synchronization reset)
        """
        return self.status == HTTPStatus.GONE or self.code.lower() in _RESYNC


class AnswerLost(TransientError):
    """The answer never came: the call may or may not have had its effect."""


def error_of(
    status: int, content: bytes, *, did: str, address: str, permission: str
) -> JigajobError:
    """Return the error that a refusal stands for; *did* says in a few words what was asked."""
    code = code_of(content)
    told = f"{status} {code}".strip()
    if status == HTTPStatus.UNAUTHORIZED:
        return SignInNeeded(
            "expired",
            f"Microsoft 365 turned the sign-in for {address} away ({told})",
            fix="sign in again: `jigajob connect outlook`",
        )
    if status == HTTPStatus.FORBIDDEN:
        fix = f"let whoever signs in consent to {permission}: `jigajob connect` asks for it"
        if permission.startswith(_OF_MAILBOXES):
            fix = (
                f"grant {permission} (shared mailbox: {permission}.Shared), or to an app of"
                f" its own the role Application {permission} on this mailbox; sign in again"
            )
        what = f"Microsoft 365 does not let this account {did} in {address} ({told})"
        return SignInNeeded("not_permitted", what, fix=fix)
    fix = "look the code up at https://learn.microsoft.com/graph/errors and report it"
    if code.lower() in _NO_MAILBOX:
        fix = f"check `address` in flows.yaml: Microsoft 365 has no mailbox {address}"
    return Refused(
        f"Microsoft Graph refused to {did} in {address} ({told})",
        status=status,
        code=code,
        fix=fix,
    )


def code_of(content: bytes) -> str:
    """Return the innermost short code of an error's body, or ""."""
    try:
        error = json.loads(content)["error"]
        code = error["code"]
        inner = error.get("innerError") or error.get("innererror") or {}
        if str(inner.get("code", "")).lower() in _RESYNC:
            code = inner["code"]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return ""
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""
