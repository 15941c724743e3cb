"""What Business Central's refusals mean to us; its own words quote the books and are left out.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/
dynamics-error-codes
"""

from __future__ import annotations

import json
import re
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from flows.errors import AdministratorError, JigajobError, SignInNeeded, TransientError

_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,79}")
_CHANGED: Final = frozenset({HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED})


class Refused(AdministratorError):
    """Business Central answered with *status* and its short *code*; nothing was changed."""

    def __init__(self, what: str, *, status: int, code: str = "", fix: str = "") -> None:
        super().__init__(what, fix=fix)
        self.status, self.code = status, code

    def __reduce__(self) -> tuple[Any, ...]:
        made = partial(type(self), status=self.status, code=self.code, fix=self.fix)
        return made, (self.what,)

    @property
    def missing(self) -> bool:
        """Tell whether what was asked for is not there."""
        return self.status == HTTPStatus.NOT_FOUND


class Changed(TransientError):
    """Somebody changed what was to be changed, since it was read: nothing was done."""


class AnswerLost(TransientError):
    """The answer never came: the call may or may not have had its effect."""


def error_of(status: int, content: bytes, *, did: str, where: str) -> JigajobError:
    """Return the error that a refusal stands for; *did* says in a few words what was asked."""
    code = code_of(content)
    told = f"{status} {code}".strip()
    if status == HTTPStatus.UNAUTHORIZED or code.startswith("Authentication_"):
        return SignInNeeded(
            "not_permitted",
            f"Business Central does not know who signed in for {where} ({told})",
            fix="an administrator adds the user there (Users, Update users from Microsoft 365),"
            " with a licence, or the app (Microsoft Entra Applications, State: Enabled);"
            " then sign in again",
        )
    if status == HTTPStatus.FORBIDDEN or code.startswith("Authorization_"):
        return SignInNeeded(
            "not_permitted",
            f"Business Central does not let this account {did} in {where} ({told})",
            fix="an administrator gives the user, or the app, a permission set there that"
            " allows it: D365 READ to read, D365 BUS FULL ACCESS to write sales documents",
        )
    if code == "Request_EntityChanged" or (status in _CHANGED and not code):
        return Changed(f"somebody else works on what was to be changed in {where} ({told})")
    return Refused(
        f"Business Central refused to {did} in {where} ({told})",
        status=status,
        code=code,
        fix="do the same by hand in Business Central: it says there what is amiss",
    )


def code_of(content: bytes) -> str:
    """Return the short code of an error's body, or ""."""
    try:
        code = json.loads(content)["error"]["code"]
    except (ValueError, TypeError, LookupError, RecursionError):
        return ""
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""
