"""The store of release 0.1.0, and what is in it: what tests of migrations work with."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from connectors.key_file import KeyFileVault
from connectors.sqlite import SqliteStore
from flows.ports import Key, Record
from flows.records import Records
from flows.schema import Migrator, Standing
from flows.sealing import Keyring
from portal.settings import Settings
from tests.contract.store_model import StoppedClock
from tests.stores import write

PLACE = Path(write.__file__).parent / "0.1.0"
CLOCK = StoppedClock(datetime(2026, 11, 1, 9, 0, tzinfo=UTC))
BUSINESS = "hudson"


def restored(folder: Path) -> Settings:
    """Lay the store and the sources of release 0.1.0 out in *folder*."""
    folder.mkdir(exist_ok=True)
    write.lay_out(folder)
    settings = Settings(home=folder / "home", flows=folder / "flows.yaml")
    keys = settings.home / "keys"
    shutil.copytree(PLACE / "keys", keys)
    keys.chmod(0o700)  # git keeps no such rights
    for key in keys.iterdir():
        key.chmod(0o600)
    with closing(sqlite3.connect(settings.home / "jigajob.db")) as database:
        database.executescript((PLACE / "store.sql").read_text(encoding="utf-8"))
    (settings.home / "jigajob.db").chmod(0o600)
    return settings


def opened(settings: Settings) -> SqliteStore:
    """Open the store, at the time at which it was written."""
    return SqliteStore((settings.home / "jigajob.db"), clock=CLOCK)


def records_of(store: SqliteStore, settings: Settings, scope: str) -> Records:
    """Return what reads the records of one scope."""
    return Records(store, Keyring(store, KeyFileVault(settings.home / "keys")), BUSINESS, scope)


async def every(store: SqliteStore) -> dict[tuple[str, str, str], Record]:
    """Return every record of the business by scope, kind and id, without its etag."""
    found: dict[tuple[str, str, str], Record] = {}
    cursor = ""
    while True:
        page = await store.changes(Key(BUSINESS), cursor=cursor, limit=1_000)
        for each in page.records:
            found.pop((each.scope, each.kind, each.id), None)
            if not each.deleted:
                found[each.scope, each.kind, each.id] = replace(each, etag="")
        if not page.records:
            return found
        cursor = page.cursor


async def held(settings: Settings) -> dict[tuple[str, str, str], Record]:
    """Return what `every` does, of a store that is opened for that alone."""
    store = opened(settings)
    try:
        return await every(store)
    finally:
        await store.close()


async def migrated(settings: Settings, *, back: bool = False) -> Standing:
    """Bring the store to today's schema, or back to its own."""
    store = opened(settings)
    try:
        return await Migrator(store, BUSINESS).run(lambda _: None, back=back)
    finally:
        await store.close()
