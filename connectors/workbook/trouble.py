"""What Graph's refusals mean for a workbook; its words, which may quote cells, are left out.

Source: https://learn.microsoft.com/graph/workbook-error-handling
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Final

from flows.errors import (
    AdministratorError,
    JigajobError,
    OperatorError,
    SignInNeeded,
    TransientError,
)
from flows.language.sources import WorkbookSource
from flows.language.words import quoted

_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,79}")
_DEPTH: Final = 5
_ENDED: Final = frozenset({"invalidsession", "invalidsessionrecreatable"})
_BUSY: Final = frozenset(
    {
        "accessconflict",
        "conflictuncategorized",
        "insertdeleteconflict",
        "invalidsessionaccessconflict",
        "resourcelocked",
        "transientfailure",
        "requestaborted",
    }
)
_UNSUITED: Final = frozenset(
    {
        "unsupportedworkbook",
        "invalidsessionunsupportedworkbook",
        "invalidsessionrestricted",
        "rangeexceedslimit",
    }
)


def codes_of(content: bytes) -> list[str]:
    """Return the short codes of an error's body in small letters, the most exact one last."""
    found: list[str] = []
    try:
        error = json.loads(content)["error"]
        while isinstance(error, dict) and len(found) < _DEPTH:
            code = error.get("code")
            if isinstance(code, str) and _CODE.fullmatch(code):
                found.append(code.lower())
            error = error.get("innerError") or error.get("innererror")
    except (ValueError, TypeError, LookupError, RecursionError):
        return found
    return found


def session_gone(status: int, content: bytes) -> bool:
    """Tell whether the session has ended, so that a new one does."""
    missing = status in {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT}
    return missing and not _ENDED.isdisjoint(codes_of(content))


def error_of(status: int, content: bytes, where: str, spec: WorkbookSource) -> JigajobError:
    """Return the error that a refusal at the workbook *where* stands for."""
    codes = codes_of(content)
    told = " ".join([str(status), *codes[-1:]])
    if not _BUSY.isdisjoint(codes) or status in {HTTPStatus.CONFLICT, HTTPStatus.LOCKED}:
        return TransientError(
            f"{where} is locked, or somebody is changing it ({told})",
            fix="if it stays so, open it in Excel for the web, which shows who has it",
        )
    if not _UNSUITED.isdisjoint(codes):
        return OperatorError(
            f"Microsoft does not open {where} for programs ({told})",
            fix="keep the table in a smaller, plain workbook of its own",
        )
    if "filteredrangeconflict" in codes:
        return OperatorError(
            f"the table in {where} is filtered, so no row can be added ({told})",
            fix="clear the filter in Excel, then approve the output again",
        )
    if status == HTTPStatus.FORBIDDEN:
        wanted = "Sites.ReadWrite.All" if spec.site else "Files.ReadWrite"
        return SignInNeeded(
            "not_permitted",
            f"Microsoft 365 does not let this account open {where} ({told})",
            fix=f"share the file with it, grant the app {wanted}, and sign in again",
        )
    if status == HTTPStatus.NOT_FOUND:
        return OperatorError(
            f"Microsoft 365 has no {where}, or no table {quoted(spec.table)} in it ({told})",
            fix="check `address`, `site` and `file`, and `table` against its name under Table"
            " Design; a sheet's name does not do here",
        )
    return AdministratorError(
        f"Microsoft Graph refused to open {where} ({told})",
        fix="look the code up at https://learn.microsoft.com/graph/workbook-error-codes"
        " and report it",
    )
