"""What goes over the wire: a request as it came, an answer, a refusal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


class Refusal(Exception):
    """Azure would say no. `substatus` tells its clients which no it is."""

    def __init__(
        self, status: int, message: str, *, substatus: int = 0, charge: float = 1.0
    ) -> None:
        super().__init__(f"{status}/{substatus} {message}")
        self.status, self.message = status, message
        self.substatus, self.charge = substatus, charge


class Untaught(Exception):
    """Azure can do it, this stand-in cannot. Answered 501, so that nobody takes it for a no."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; header names are in small letters, `parts` are unquoted."""

    method: str
    parts: tuple[str, ...]
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    def flag(self, name: str) -> bool:
        return self.header(name).lower() == "true"

    def json(self) -> Any:
        """The body.

        Raises:
            Refusal: 400, it is no JSON.
        """
        try:
            return json.loads(self.body)
        except ValueError:
            raise Refusal(400, "The request payload is invalid.") from None


@dataclass(slots=True)
class Answer:
    """What goes back. `body` None: no body at all; `items`: how many records it is about."""

    status: int
    body: Any = None
    charge: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    items: int = 0

    def content(self) -> bytes:
        if self.body is None:
            return b""
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()


def refused(refusal: Refusal) -> Answer:
    """Return the answer that tells of a refusal."""
    body = {"code": _CODES.get(refusal.status, "Error"), "message": refusal.message}
    headers = {"x-ms-substatus": str(refusal.substatus)} if refusal.substatus else {}
    return Answer(refusal.status, body, refusal.charge, headers)


_CODES = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    408: "RequestTimeout",
    409: "Conflict",
    410: "Gone",
    412: "PreconditionFailed",
    413: "RequestEntityTooLarge",
    429: "429",
    449: "449",
    503: "ServiceUnavailable",
}
