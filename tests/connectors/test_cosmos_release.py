"""A pool in Cosmos DB releases once, also where answers are lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows.reports.budget_ledger import Ledger
from flows.reports.verifying import verify_release
from portal.settings import Settings
from portal.wiring import open_pool
from tests.connectors.cosmos_account import cosmos_server
from tests.flows.reports.pooled import AFTER
from tests.flows.reports.releases import At, asked, fill, releasing
from tests.servers.certificates import Certificates
from tests.servers.cosmos import CosmosServer

FAULTS = ("408_after", "429", "503", "503_after", "cut_before", "cut_after")


@pytest.fixture
def server(certificates: Certificates) -> Iterator[CosmosServer]:
    with cosmos_server(certificates) as server:
        yield server


@pytest.fixture
def settings(server: CosmosServer, tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path / "home",
        flows=tmp_path / "flows.yaml",
        pool=server.url,
        store_key=server.key,
        custody=str(tmp_path / "keys"),
        blobs=str(tmp_path / "blobs"),
    )


async def test_it_is_released_once_for_everybody(settings: Settings, tmp_path: Path) -> None:
    other = replace(settings, home=tmp_path / "other")
    async with open_pool(settings, At(AFTER)) as one:
        await fill(one.records, 200)
        async with open_pool(other, At(AFTER)) as two:
            made = await asyncio.gather(
                releasing(one).release(asked()), releasing(two).release(asked())
            )
            assert sorted(each.new for each in made) == [False, True]
            assert made[0].files == made[1].files
            assert verify_release(made[0].files).findings == ()
            assert len(await Ledger(two.records, two.audit).all()) == 1


async def test_lost_answers_make_no_second_draw(
    settings: Settings, server: CosmosServer
) -> None:
    """What was written, and only seemed not to be, is what is given."""
    async with open_pool(settings, At(AFTER)) as pool:
        await fill(pool.records, 60)
        server.faults.random(rate=0.3, kinds=FAULTS, seed=8)
        made = await releasing(pool).release(asked())
        restated = await releasing(pool).release(asked(why="One was a test."))
        server.faults.calm()
        assert server.faults.injected
        kept = await Ledger(pool.records, pool.audit).all()
        assert (made.spent, restated.spent) == kept
        assert (await releasing(pool).release(asked())).files == restated.files
