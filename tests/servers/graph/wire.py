"""What crosses the wire: one call, its answer, a refusal in Graph's words, a journal entry."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from tests.servers.graph.access import Caller

Json = dict[str, Any]
IMMUTABLE = 'idtype="immutableid"'
DEFAULT_PAGE = 10
"""Messages and folders come ten at a time unless asked otherwise.

Source: https://learn.microsoft.com/graph/api/user-list-messages
"""


class Refusal(Exception):
    """What Graph answers when it will not: a status, a code and a sentence."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        headers: Mapping[str, str] | None = None,
        *,
        inner: str = "",
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message
        self.inner = inner
        self.headers = dict(headers or {})


def not_found(what: str = "The specified object was not found in the store.") -> Refusal:
    return Refusal(404, "ErrorItemNotFound", what)


@dataclass(slots=True)
class Answer:
    """A status and a body: JSON, text or bytes. `shape` names the schema that it keeps to."""

    status: int = 200
    body: Json | str | bytes | None = None
    shape: str = ""
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Call:
    """One request as an operation sees it, alone or out of a batch.

    `path` is without `/v1.0`; `query` holds each option once, decoded; header names are small.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    caller: Caller
    base: str
    """Where this server is met, with `/v1.0`."""
    mailbox: Any = None
    places: dict[str, str] = field(default_factory=dict)
    """What stood in the path where the route has `{name}`."""
    root: str = ""
    """The path up to and with the mailbox, as the caller wrote it: `/me`, `/users/…`."""

    @cached_property
    def preferences(self) -> tuple[str, ...]:
        stated = self.headers.get("prefer", "")
        return tuple(part.strip() for part in stated.replace(";", ",").split(",") if part)

    @cached_property
    def immutable(self) -> bool:
        """Return whether ids that outlive a move are wanted."""
        return any(part.lower() == IMMUTABLE for part in self.preferences)

    @cached_property
    def page_size(self) -> int | None:
        for part in self.preferences:
            name, _, value = part.partition("=")
            if name.strip().lower() == "odata.maxpagesize" and value.strip().isdigit():
                return max(1, min(int(value), 1000))
        return None

    @cached_property
    def is_json(self) -> bool:
        return self.headers.get("content-type", "").split(";")[0].strip() == "application/json"

    @cached_property
    def json(self) -> Json:
        """Return the body as a JSON object, empty where there is none."""
        if not self.body:
            return {}
        if not self.is_json:
            stated = self.headers.get("content-type", "")
            raise Refusal(
                415,
                "UnsupportedMediaType",
                f"A supported MIME type could not be found for content type '{stated}'.",
            )
        try:
            read = json.loads(self.body)
        except ValueError:
            read = None
        if not isinstance(read, dict):
            raise Refusal(400, "BadRequest", "Unable to read JSON request payload.")
        return read


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came, before anything is made of it. `path` is raw, `query` too."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    """Names are small."""
    batch: bool = False

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request as the journal keeps it; status 0 means: no answer was given."""

    method: str
    path: str
    query: str
    headers: frozenset[str]
    status: int
    fault: str
    mailbox: str
    batch: bool
    immutable: bool
    at: datetime
