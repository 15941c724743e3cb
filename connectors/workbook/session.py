"""A workbook at Microsoft 365, by Graph: where it lies, and sessions in which it is open.

Every call waits until no other is at the same workbook. What Graph asks for by `Retry-After`
is kept by whoever makes the calls.

Source: https://learn.microsoft.com/graph/workbook-best-practice
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Protocol
from urllib.parse import quote

from connectors.workbook.trouble import error_of, session_gone
from flows.errors import JigajobError, TransientError
from flows.language.sources import WorkbookSource

_SESSION: Final = "workbook-session-id"
PERMISSION: Final = "Files.ReadWrite"


class Answer(Protocol):
    """What came back: a status, and a body as JSON."""

    @property
    def status(self) -> int:
        """Return the status of HTTP."""

    @property
    def content(self) -> bytes:
        """Return the body as it came."""

    def json(self) -> dict[str, Any]:
        """Return the body as an object, empty where there is none."""


class Graph(Protocol):
    """Makes calls to Microsoft Graph; the wiring hands over the one that there is."""

    async def call(
        self,
        method: str,
        address: str,
        target: str,
        *,
        query: Mapping[str, str] | None = ...,
        json: dict[str, Any] | None = ...,
        headers: Mapping[str, str] | None = ...,
        repeatable: bool = ...,
        whole_mailbox: bool = ...,
        refusals: bool = ...,
        did: str = ...,
        permission: str = ...,
    ) -> Answer:
        """Make one call, paced by *address*; a refusal is returned where *refusals* says so."""


@dataclass(frozen=True, slots=True)
class Item:
    """A file at Microsoft 365: its path in Graph, and the tag that changes with its content."""

    path: str
    version: str


class OnlineBook:
    """The workbook of one source. The path is asked for anew each time: files are replaced."""

    def __init__(self, graph: Graph, spec: WorkbookSource) -> None:
        self._graph, self._spec = graph, spec
        self.where = f"{spec.site or spec.address}/{(spec.file or '').strip('/')}"
        self._drive = "" if spec.site else f"/users/{quote(spec.address or '', safe='@')}/drive"

    async def find(self) -> Item:
        """Return where the workbook lies now; one call, and one more for a site's first.

        Raises:
            OperatorError: There is no such site or file.
            SignInNeeded, TransientError: As for every call.
        """
        if not self._drive:
            host, _, path = (self._spec.site or "").partition("/")
            found = await self.call("GET", f"/sites/{host}:/{quote(path)}")
            self._drive = f"/sites/{quote(_text(found, 'id'), safe=',')}/drive"
        file = quote((self._spec.file or "").strip("/"))
        asked = {"$select": "id,cTag,parentReference"}
        found = await self.call("GET", f"{self._drive}/root:/{file}", asked)
        drive = _text(found.get("parentReference") or {}, "driveId")
        path = f"/drives/{quote(drive, safe='!')}/items/{quote(_text(found, 'id'))}"
        return Item(path, _text(found, "cTag"))

    @asynccontextmanager
    async def session(self, item: Item, *, changes: bool) -> AsyncIterator[Session]:
        """Open the workbook, to change it or only to read it, and close it at the end.

        Raises:
            OperatorError, SignInNeeded, TransientError: It cannot be opened, or not now.
        """
        session = Session(self, f"{item.path}/workbook", changes=changes)
        await session.open()
        try:
            yield session
        finally:
            with suppress(JigajobError):  # it ends by itself in some minutes
                await session.call("POST", "/closeSession", json={})

    async def call(
        self,
        method: str,
        target: str,
        query: Mapping[str, str] | None = None,
        *,
        json: dict[str, Any] | None = None,
        session: str = "",
        repeatable: bool = True,
    ) -> dict[str, Any]:
        """Return what one call gives.

        Raises:
            SessionGone: The session has ended; the call had no effect.
            OperatorError, SignInNeeded, TransientError: Refused, or not now.
        """
        answer = await self._graph.call(
            method,
            self.where,
            target,
            query=query,
            json=json,
            headers={_SESSION: session} if session else None,
            repeatable=repeatable,
            whole_mailbox=True,
            refusals=True,
            did="open a workbook",
            permission=PERMISSION,
        )
        if answer.status >= HTTPStatus.BAD_REQUEST:
            if session and session_gone(answer.status, answer.content):
                raise SessionGone("the session of the workbook has ended")
            raise error_of(answer.status, answer.content, self.where, self._spec)
        return answer.json()


class SessionGone(TransientError):
    """The session is no longer known; a new one may be opened, and the call made again."""


class Session:
    """A workbook that is open. One that has ended is opened anew, once for each call."""

    def __init__(self, book: OnlineBook, path: str, *, changes: bool) -> None:
        self._book, self._path, self._changes = book, path, changes
        self._id = ""

    async def open(self) -> None:
        """Open the workbook.

        Raises:
            OperatorError, SignInNeeded, TransientError: It cannot be opened, or not now.
        """
        asked = {"persistChanges": self._changes}
        found = await self._book.call("POST", f"{self._path}/createSession", json=asked)
        self._id = _text(found, "id")

    async def call(
        self,
        method: str,
        target: str,
        query: Mapping[str, str] | None = None,
        *,
        json: dict[str, Any] | None = None,
        repeatable: bool = True,
    ) -> dict[str, Any]:
        """Return what one call in the workbook gives.

        Raises:
            OperatorError, SignInNeeded, TransientError: Refused, or not now.
        """
        closing = target == "/closeSession"
        for last in (closing, True):
            try:
                return await self._book.call(
                    method,
                    self._path + target,
                    query,
                    json=json,
                    session=self._id,
                    repeatable=repeatable,
                )
            except SessionGone:
                if last:
                    raise
                await self.open()
        raise AssertionError("the last round returns or raises")


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value:
        raise TransientError("Microsoft Graph gave an answer that is not as documented")
    return value
