"""What every store promises. Subclass `StoreContract`, say how to open one, and run it.

    class TestMyStore(StoreContract):
        @pytest.fixture
        def open_store(self, tmp_path, clock):
            return lambda: MyStore(tmp_path / "store", clock=clock)

`open_store` returns a function; each call opens one more client of the same, at first empty,
data. The clients tell the time by *clock*.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest

from flows.ports import Key, Record, Store
from tests.contract.store_isolation import Isolation
from tests.contract.store_lifetimes import Deletions, Expiry, Feeds, Purging
from tests.contract.store_limits import Limits
from tests.contract.store_model import StoppedClock
from tests.contract.store_reads import Queries
from tests.contract.store_writes import Batches, Races, SingleWrites


class StoreContract(
    SingleWrites,
    Batches,
    Limits,
    Races,
    Queries,
    Feeds,
    Deletions,
    Expiry,
    Purging,
    Isolation,
):
    """The whole contract; `open_store` is to be overridden."""

    @pytest.fixture
    def open_store(self) -> Callable[[], Store]:
        raise NotImplementedError("override open_store: see the module's first lines")

    @pytest.fixture
    def clock(self) -> StoppedClock:
        return StoppedClock(datetime(2026, 3, 1, 12, tzinfo=UTC))

    @pytest.fixture
    def key(self) -> Key:
        return Key("hudson", "work")

    @pytest.fixture
    async def open_another(
        self, open_store: Callable[[], Store]
    ) -> AsyncIterator[Callable[[], Store]]:
        opened: list[Store] = []

        def another() -> Store:
            opened.append(open_store())
            return opened[-1]

        yield another
        for store in opened:
            await store.close()

    @pytest.fixture
    def store(self, open_another: Callable[[], Store]) -> Store:
        return open_another()

    async def test_what_was_written_is_there_after_closing_and_opening(
        self, open_store: Callable[[], Store], key: Key
    ) -> None:
        first = open_store()
        stored = await first.put(key, Record(kind="job", id="j", sealed=b"x"))
        cursor = (await first.changes(key)).cursor
        await first.close()
        await first.close()
        second = open_store()
        assert await second.get(key, "job", "j") == stored
        assert (await second.changes(key, cursor=cursor)).records == ()
        newer = await second.put(key, Record(kind="job", id="j"))
        assert newer.etag != stored.etag
        assert (await second.changes(key, cursor=cursor)).records == (newer,)
        await second.close()
