"""The pool of counts for releases, open: a store, keys and an audit log of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from flows.errors import AdministratorError, NothingKept
from flows.ports import Clock
from flows.reports.pool import POOL, SCOPE, Pool
from portal.settings import Settings
from portal.wiring.custody import Custody, make_home, opened
from portal.wiring.stores import is_address, is_there


@asynccontextmanager
async def open_pool(
    settings: Settings, clock: Clock | None = None, *, new: bool = True
) -> AsyncIterator[Custody]:
    """Give the pool of the settings, and close it at the end.

    Its records are those of `flows.reports.pool`. It is begun only where it may be *new*.

    Raises:
        NothingKept: There is no pool yet, and it may not be new; then none was made.
        TransientError: It cannot be reached now.
        AdministratorError: It cannot be reached or used, or another release has written it.
    """
    place = pool_settings(settings)
    if not new and not is_there(place):
        raise _nothing_kept(place)
    if settings.pool:
        make_home(place.home, "JIGAJOB_POOL")
    else:
        make_home(place.home)
    async with opened(place, POOL, clock) as custody:
        if not new and custody.keys.root is None:
            raise _nothing_kept(place)
        await custody.check()
        yield replace(custody, records=custody.records.in_scope(SCOPE))


@asynccontextmanager
async def pool_of(settings: Settings, clock: Clock) -> AsyncIterator[Pool]:
    """Give what a business does in the pool of the settings; raises as `open_pool`."""
    async with open_pool(settings, clock) as custody:
        yield Pool(custody.records, custody.audit)


def pool_settings(settings: Settings) -> Settings:
    """Return the settings under which the pool of *settings* is opened.

    Raises:
        AdministratorError: It is at an address, but who has its key is not said.
    """
    if not is_address(settings.pool, "JIGAJOB_POOL"):
        home = Path(settings.pool) if settings.pool else settings.home / "pool"
        return replace(settings, home=home, store="", blobs="", custody="")
    if not settings.custody:
        raise AdministratorError(
            "JIGAJOB_POOL names a store that many share, but their common key is not named",
            fix="set JIGAJOB_KEYS to the key, or the folder of keys, that all of them use",
        )
    # Only the roots of its log lie beside it.
    return replace(settings, home=settings.home / "pool", store=settings.pool)


def _nothing_kept(place: Settings) -> NothingKept:
    return NothingKept(
        f"there is no pool of counts in {place.kept_in}",
        fix="name it with JIGAJOB_POOL; the first business that agrees begins it"
        " (jigajob consent grant aggregates)",
    )
