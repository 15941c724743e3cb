"""The account as a source of transactions: its balance, oldest movement first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from connectors.stripe.api import Api, NotThere
from connectors.stripe.entries import charge_id, item
from connectors.stripe.window import OVERLAP, Place
from flows.ports import TransactionItem, TransactionPage

_FOUNDED: Final = date(2011, 1, 1)
"""Stripe has no older payments."""

_MOST: Final = 1_000
"""Movements of a stretch; where there are more, a shorter one is read."""

Json = Mapping[str, Any]


class StripeAccount:
    """The movements of a Stripe balance: charges, refunds, disputes, fees and payouts.

    Everything that moves money at Stripe is a balance transaction, so those are what is read:
    in stretches of time, since Stripe lists newest first and oldest is wanted. A sweep goes
    on an hour before the last movement that an earlier one saw. What turns up later still is
    found by its event, of which Stripe keeps 30 days. Ids are Stripe's own.

    Args:
        api: Reads the account.
        source: Its name under `sources`.
        since: Movements of earlier days are not shown.
        now: Tells the time, for the end of the listing.
    """

    def __init__(
        self,
        api: Api,
        *,
        source: str,
        now: Callable[[], datetime],
        since: date | None = None,
    ) -> None:
        self._api, self._source, self._now = api, source, now
        day = max(since or _FOUNDED, _FOUNDED)
        self._first = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        self._read: tuple[tuple[int, int], Sequence[TransactionItem]] | None = None

    async def page(self, cursor: str, limit: int) -> TransactionPage:
        """Return at most *limit* movements; see `flows.ports.TransactionSource.page`.

        Raises:
            AdministratorError: The key is refused, or may not read the balance.
            TransientError: Stripe is away or asks for a pause.
            ValueError: The limit is not 1 to 1,000.
        """
        if not 1 <= limit <= 1_000:  # noqa: PLR2004  (the port's own bounds)
            raise ValueError("limit is 1 to 1,000")
        place = Place.read(cursor, self._first)
        now = int(self._now().timestamp())
        while place.start < now:
            place, found = await self._stretch(place.until(now))
            if rest := found[place.shown :]:
                items = tuple(rest[:limit])
                shown = place.shown + len(items)
                rest_of_it = replace(place, shown=shown).cursor()
                return TransactionPage(items=items, cursor=rest_of_it, more=True)
            place = place.next()
        late, event = await self._late(place.event, place.began)
        again = max(self._first, now - OVERLAP)
        following = Place(again, began=again, event=event)
        return TransactionPage(items=tuple(late), cursor=following.cursor(), more=False)

    async def census(self) -> AsyncIterator[str]:
        """Yield the id of every movement that Stripe shows now, newest first.

        Raises:
            AdministratorError, TransientError: As for `page`.
        """
        async for moved in self._listed(self._first):
            yield str(moved["id"])

    async def close(self) -> None:
        """Forget what was read; no connection stays open that would have to be closed."""
        self._read = None

    async def _stretch(self, place: Place) -> tuple[Place, Sequence[TransactionItem]]:
        """Return the movements of a stretch, oldest first, and the stretch, maybe a shorter."""
        known = self._read
        if known is not None and known[0] == (place.start, place.width):
            return place, known[1]
        while (moved := await self._all(place)) is None:
            place = replace(place, width=max(1, place.width // 8))
        moved.sort(key=lambda each: (int(each.get("created") or 0), str(each["id"])))
        found = [await self._item(each) for each in moved]
        self._read = (place.start, place.width), found
        return place, found

    async def _all(self, place: Place) -> list[Json] | None:
        """Return the movements of a stretch; None where they are too many to hold."""
        moved: list[Json] = []
        async for each in self._listed(place.start, place.end):
            moved.append(each)
            if len(moved) > _MOST and place.width > 1:
                return None
        return moved

    async def _item(self, moved: Json) -> TransactionItem:
        of_charge = charge_id(moved)
        charge = await self._api.charge(of_charge) if of_charge else None
        return item(moved, charge, self._source)

    async def _listed(self, since: int, before: int | None = None) -> AsyncIterator[Json]:
        more, after = True, ""
        while more:
            page = await self._api.balance_transactions(since=since, before=before, after=after)
            for each in page["data"]:
                yield each
            more = bool(page["has_more"] and page["data"])
            after = str(page["data"][-1]["id"]) if more else ""

    async def _late(self, event: str, read_since: int) -> tuple[list[TransactionItem], str]:
        """Return older movements that events after *event* speak of, and the newest event.

        What was made from *read_since* on, this sweep has listed.
        """
        events = await self._events(event)
        newest = str(events[0]["id"]) if events else event
        if not event:
            return [], newest  # the first sweep has just read everything
        spoken_of = dict.fromkeys(
            moved for each in reversed(events) for moved in _moved_by(each, read_since)
        )
        moved = [await self._api.balance_transaction(each) for each in spoken_of]
        old = [each for each in moved if self._first <= int(each["created"]) < read_since]
        return [await self._item(each) for each in old], newest

    async def _events(self, event: str) -> list[Json]:
        """Return the events after *event*, newest first; only the newest without one."""
        if not event:
            return list((await self._api.events(limit=1))["data"])
        found: list[Json] = []
        try:
            while True:
                page = await self._api.events(newer_than=event)
                found = [*page["data"], *found]
                if not page["has_more"] or not page["data"]:
                    return found
                event = str(page["data"][0]["id"])
        except NotThere:  # older than the 30 days that Stripe keeps them
            return list((await self._api.events())["data"])


def _moved_by(event: Json, read_since: int) -> list[str]:
    """Return the ids of the movements of an event's object, if it is older than that."""
    about = event["data"]["object"]
    if int(about.get("created") or 0) >= read_since:
        return []  # its movements are younger still
    found = about.get("balance_transactions") or [about.get("balance_transaction")]
    ids = (each.get("id") if isinstance(each, Mapping) else each for each in found)
    return [str(each) for each in ids if each]
