"""A collection of the books, oldest change first, and from then on only what has changed.

Business Central gives no delta links any more, so each sweep asks for what was modified since
the last one, and for the hour before: a posting that took long is stamped before it can be
seen. Whoever reads knows entries by their ids; the census shows what is gone.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/
odata-client-performance (server-driven paging; filters on the time of change)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from connectors.business_central.client import Json, elements, next_link
from connectors.business_central.company import Company
from connectors.business_central.trouble import Refused

OVERLAP: Final = timedelta(hours=1)
_CHANGED: Final = "lastModifiedDateTime"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a listing stands. `of` is what was asked for, by its digest.

    `since` is from when on this sweep reads, `newest` the last change that it has seen, `link`
    its next page; each empty where there is none yet.
    """

    of: str
    since: str = ""
    newest: str = ""
    link: str = ""

    @classmethod
    def read(cls, cursor: str, of: str) -> Self:
        """Return the place of a cursor; the start where it is of another question."""
        try:
            found = json.loads(cursor)
            place = cls(**{each.name: str(found[each.name]) for each in fields(cls)})
            _moments = [datetime.fromisoformat(t) for t in (place.since, place.newest) if t]
        except (ValueError, KeyError, TypeError):
            return cls(of)
        return place if place.of == of else cls(of)

    def seen(self, rows: Sequence[Json]) -> Self:
        """Return this place after more rows."""
        times = [self.newest, *(str(row.get(_CHANGED) or "") for row in rows)]
        return replace(self, newest=max(filter(None, times), key=_moment, default=""))

    def next_sweep(self) -> Self:
        """Return where the sweep after this one begins."""
        if not self.newest:
            return replace(self, link="")
        since = (_moment(self.newest) - OVERLAP).isoformat(timespec="milliseconds")
        return type(self)(self.of, since=since.replace("+00:00", "Z"))

    def cursor(self) -> str:
        """Return the cursor from which this place is read again."""
        return json.dumps(asdict(self))


class Changes:
    """The rows of one collection of a company.

    Args:
        company: Whose.
        collection: Its name in the API.
        columns: What is read of each row, besides its id and when it was changed.
        fresh: Read from the database itself, not from a copy of it.
    """

    def __init__(
        self, company: Company, collection: str, columns: Sequence[str], *, fresh: bool = False
    ) -> None:
        self._fresh = fresh
        self._company, self._collection = company, collection
        self._columns = ("id", *columns, _CHANGED)

    async def page(
        self, cursor: str, limit: int, *, where: str = ""
    ) -> tuple[list[Json], str, bool]:
        """Return at most *limit* rows that match the filter, the cursor, and whether more come.

        Raises:
            ValueError: The limit is not 1 to 1,000.
            AdministratorError, SignInNeeded, TransientError: As `Company.path`.
        """
        if not 1 <= limit <= 1_000:  # noqa: PLR2004  (the port's own bounds)
            raise ValueError("limit is 1 to 1,000")
        target = await self._company.path(self._collection)
        asked = "\n".join((self._company.api.url, target, where, *self._columns))
        place = _Place.read(cursor, hashlib.sha256(asked.encode()).hexdigest()[:16])
        page = await self._asked(place, target, where, limit)
        rows, link = elements(page), next_link(page)
        place = replace(place.seen(rows), link=link)
        return rows, (place if link else place.next_sweep()).cursor(), bool(link)

    async def ids(self, *, where: str = "") -> AsyncIterator[str]:
        """Yield the id of every row that matches the filter now, asked anew.

        Raises:
            AdministratorError, SignInNeeded, TransientError: As `Company.path`.
        """
        query = {"$select": "id"} | ({"$filter": where} if where else {})
        target = await self._company.path(self._collection)
        async for row in self._company.api.listed(target, query, fresh=self._fresh):
            yield str(row["id"])

    async def _asked(self, place: _Place, target: str, where: str, limit: int) -> Json:
        api = self._company.api
        if place.link.startswith(f"{api.url}{target}?"):
            try:
                return await api.get(place.link, size=limit, fresh=self._fresh)
            except Refused:
                pass  # a link does not outlive an upgrade: this sweep is begun again
        conditions = [f"{_CHANGED} ge {place.since}"] if place.since else []
        conditions += [where] if where else []
        query = {"$select": ",".join(self._columns), "$orderby": _CHANGED}
        if conditions:
            query["$filter"] = " and ".join(conditions)
        return await api.get(target, query, size=limit, fresh=self._fresh)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
