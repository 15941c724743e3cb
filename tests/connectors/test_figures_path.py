"""Businesses in Azure that share a pool there, under one key: from the mail to the counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from anonymizer.text.cleaner import Cleaner
from flows.reports.default_method import GRID
from flows.reports.eligibility import eligible
from portal.settings import Settings
from portal.wiring import open_pool
from tests.connectors.cosmos_account import cosmos_server
from tests.flows.business import FLOWS, TestClock
from tests.flows.reports.test_contributing import (
    BEGUN,
    COUNTED,
    PERIOD,
    Agreeing,
    a_quarter,
    in_pool,
    tallies,
)
from tests.servers.certificates import Certificates
from tests.servers.cosmos import CosmosServer


@dataclass
class AgreeingInAzure(Agreeing):
    """Keeps its records at an account, and its counts in the same one's pool."""

    server: CosmosServer | None = None

    @property
    def settings(self) -> Settings:
        assert self.server is not None
        url, key = self.server.url, self.server.key
        custody = str(self.folder.parent / "keys")
        made = replace(super().settings, store=url, store_key=key)
        return replace(made, pool=url, custody=custody, blobs=str(self.folder / "blobs"))


@pytest.fixture
def clock() -> TestClock:
    return TestClock(BEGUN)


@pytest.fixture
def server(certificates: Certificates, clock: TestClock) -> Iterator[CosmosServer]:
    with cosmos_server(certificates, clock) as server:
        yield server


async def test_two_businesses_count_in_one_pool_and_one_takes_it_back(
    server: CosmosServer, clock: TestClock, tmp_path: Path, cleaner: Cleaner
) -> None:
    shops = []
    for name in ("hudson", "other"):
        shop = AgreeingInAzure(tmp_path / name, cleaner, clock, server=server)
        (shop.folder / "mail").mkdir(parents=True)
        shop.writes(FLOWS.replace("id: hudson", f"id: {name}"))
        await shop.says("yes")
        shops.append(shop)
    for shop in shops:
        clock.time = BEGUN
        await a_quarter(shop)
        done = await shop.sweeps()
        assert done.troubles == {}

    given = await in_pool(shops[0])
    assert len({each.tenant for each in given}) == 2
    for each in given:
        assert {name: each.values[name] for name in COUNTED} == COUNTED

    await shops[1].says("no")
    assert len(await in_pool(shops[0])) == 1
    assert await tallies(shops[1]) == []
    async with open_pool(shops[0].settings, clock) as pool:
        at = PERIOD.cut_off + timedelta(hours=1)
        assert len((await eligible(pool.records, PERIOD, GRID, at)).rows) == 1
