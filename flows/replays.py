"""A replay over many items: which they are, and their work in pieces that can be repeated.

Killed anywhere, it is run again: what it has put out already it finds as put out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from flows.errors import OperatorError, Unopened
from flows.intake.transactions import payouts_in
from flows.outbox import Outbox
from flows.ports import Where
from flows.records import Records
from flows.replaying import Replay, Replayed, Wish
from flows.sweep import Runner
from flows.work.books import Books
from flows.work.register import Register

PAGE: Final = 50
"""Items a piece; each piece is one task of Prefect."""

KINDS: Final = {"message": "received", "transaction": "booked"}
"""Kinds of items that are stored, each with the field of its day."""

Item = tuple[str, str]
"""Kind and id."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The items of a replay, and what it is to do with each."""

    items: Sequence[Item]
    wish: Wish


@dataclass(slots=True)
class ReplayDone:
    """What a replay did, by item, in the order of the items; `troubles` are by item, too."""

    items: list[Replayed] = field(default_factory=list)
    troubles: dict[str, str] = field(default_factory=dict)
    delivered: Counter[str] = field(default_factory=Counter)


class Replays:
    """Replays of one business; *deployment* is what runs, 0 for the flows file as it lies."""

    def __init__(
        self,
        *,
        business: str,
        deployment: int,
        records: Records,
        register: Register,
        outbox: Outbox,
        replay: Replay,
    ) -> None:
        self.business, self.deployment = business, deployment
        self._records, self._register = records, register
        self._outbox, self._replay = outbox, replay

    def check(self, wish: Wish) -> None:
        """Refuse a wish that no item can fulfil; raises as `Replay.check`."""
        self._replay.check(wish)

    async def named(self, starts: Iterable[str]) -> list[Item]:
        """Return the items whose ids are, or alone begin with, *starts*.

        Raises:
            OperatorError: There is none, or more than one.
        """
        return [await self._found(start) for start in starts]

    async def of_flow(self, flow: str, since: date) -> list[Item]:
        """Return the items from that day on over which a flow ran, oldest first."""
        found: list[tuple[str, Item]] = []
        for kind, day in KINDS.items():
            where = [Where(day, ">=", since.isoformat())]
            found += [
                (str(record.fields[day]), (kind, record.id))
                async for record in self._records.each(kind, where=where)
                if flow in str(record.fields["flows"]).split(",")
            ]
        return [item for _, item in sorted(found)]

    async def run(
        self, chosen: Chosen, *, runner: Runner, tell: Callable[[int], None]
    ) -> ReplayDone:
        """Run flows again over the items, deliver what comes of it, and return what was done.

        Raises:
            TransientError, AdministratorError: What stopped it; run it again.
        """
        done = ReplayDone()
        kinds = {item_id: kind for kind, item_id in chosen.items}

        async def page(ids: Sequence[str]) -> None:  # Prefect is told of ids alone
            await self._page([(kinds[each], each) for each in ids], chosen.wish, done)

        ids = [*kinds]
        for start in range(0, len(ids), PAGE):
            await runner("replay", page)(ids[start : start + PAGE])
            tell(min(start + PAGE, len(ids)))
        done.delivered += await runner("deliver", self._outbox.deliver)()
        return done

    async def look(self, chosen: Chosen) -> ReplayDone:
        """Return what `run` would do; nothing is written, and nothing goes out."""
        done = ReplayDone()
        await self._page(chosen.items, chosen.wish, done, dry=True)
        return done

    async def _page(
        self, items: Sequence[Item], wish: Wish, done: ReplayDone, *, dry: bool = False
    ) -> None:
        seen = {each.item for each in done.items}  # before it was stopped, and tried again
        for kind, item_id in [each for each in items if each[1] not in seen]:
            try:
                books = await self._books(kind, deliver=not dry)
                done.items.append(await self._replay.run(kind, item_id, wish, books, dry=dry))
            except (OperatorError, Unopened) as error:
                done.troubles[item_id] = str(error)

    async def _books(self, kind: str, *, deliver: bool) -> Books:
        """Return the books against which a transaction is matched, with all that is matched."""
        if kind != "transaction":
            return Books()
        if deliver:
            await self._outbox.deliver()
        return await self._register.books(await payouts_in(self._records))

    async def _found(self, start: str) -> Item:
        found: list[Item] = []
        if start and start.isascii():
            for kind in KINDS:
                page = await self._records.store.query(
                    self._records.key, kind, where=[Where("id", "prefix", start)], limit=2
                )
                found += [(kind, record.id) for record in page.records]
        if len(found) != 1:
            number = (
                "several items begin" if found else "no mail or movement that is stored begins"
            )
            raise OperatorError(
                f"{number} with {start!r}",
                fix="`jigajob outbox show` tells the item of an output as its `trigger`",
            )
        return found[0]
