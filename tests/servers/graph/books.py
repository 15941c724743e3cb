"""Workbooks that the server keeps in OneDrives and sites: tables, sessions, locks.

Nothing here knows HTTP. What somebody types into a cell becomes what Excel makes of it.

Source: https://learn.microsoft.com/graph/api/resources/excel (sessions; input of values)
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.servers.graph.clock import Clock

PERSISTENT, FLEETING = timedelta(minutes=5), timedelta(minutes=7)
"""How long a session lives without a request.

Source: https://learn.microsoft.com/graph/api/workbook-createsession
"""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(E[+-]?\d+)?", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


@dataclass(eq=False)
class BookTable:
    """One table; each row has as many cells as there are columns, blank ones are ""."""

    name: str
    columns: list[str]
    rows: list[list[Any]]


@dataclass(eq=False)
class Session:
    """A session; one that does not persist works on a copy of its own."""

    id: str
    persists: bool
    until: datetime
    tables: list[BookTable]


@dataclass(eq=False)
class Book:
    """One workbook and where it lies: in the OneDrive of `owner`, or in the site `site`."""

    path: str
    owner: str
    site: str
    tables: list[BookTable]
    since_1904: bool = False
    drive: str = field(default_factory=lambda: "b!" + secrets.token_urlsafe(32))
    id: str = field(default_factory=lambda: "01" + secrets.token_hex(16).upper())
    version: int = 1
    locked: bool = False
    """Somebody has checked it out, or Excel has it open in a way that shuts others out."""
    present: int = 0
    crowded: int = 0
    """How many requests came while another one was at the workbook."""
    sessionless: int = 0
    formulas: list[str] = field(default_factory=list)
    """What was taken for a formula."""
    sessions: dict[str, Session] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        return f'"c:{{{self.id}}},{self.version}"'

    def table(self, name: str = "") -> BookTable:
        """Return the table of that name, or the first, as it is saved."""
        return next(t for t in self.tables if not name or t.name == name)

    def touch(self) -> None:
        """Note that the content was changed, by whomever."""
        self.version += 1

    def type_in(self, typed: Any) -> Any:
        """Return the value that a cell gets when *typed* is put into it."""
        match typed:
            case None:
                return ""
            case str() if typed.startswith("'"):
                return typed[1:]
            case str() if _NUMBER.fullmatch(typed):
                return float(typed)
            case str() if found := _DAY.fullmatch(typed):
                return self.serial(date(*map(int, found.groups())))
            case str() if typed[:1] in ("=", "+", "-", "@"):
                self.formulas.append(typed)
                return "#NAME?"
            case _:
                return typed

    def serial(self, day: date) -> int:
        """Return the number of a day in this workbook."""
        return (day - (date(1904, 1, 1) if self.since_1904 else date(1899, 12, 30))).days


class Books:
    """All workbooks of a server, and the hands of the test in them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.all: list[Book] = []

    def add(
        self,
        owner: str,
        path: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]] = (),
        *,
        table: str = "Payments",
        site: str = "",
        since_1904: bool = False,
    ) -> Book:
        """Put a workbook with one table in *owner*'s OneDrive, or in that *site*."""
        made = Book(
            path=path.strip("/"),
            owner=owner.lower(),
            site=site.lower(),
            tables=[BookTable(table, list(columns), [list(row) for row in rows])],
            since_1904=since_1904,
        )
        self.all.append(made)
        return made

    def open(self, book: Book, *, persists: bool) -> Session:
        life = PERSISTENT if persists else FLEETING
        session = Session(
            id=f"cluster={secrets.token_hex(4)}&session={secrets.token_urlsafe(40)}",
            persists=persists,
            until=self._clock.now() + life,
            tables=book.tables if persists else deepcopy(book.tables),
        )
        book.sessions[session.id] = session
        return session

    def session(self, book: Book, session_id: str) -> Session | None:
        """Return the session if it is alive, and let it live on."""
        found = book.sessions.get(session_id)
        now = self._clock.now()
        if found is None or found.until <= now:
            book.sessions.pop(session_id, None)
            return None
        found.until = now + (PERSISTENT if found.persists else FLEETING)
        return found
