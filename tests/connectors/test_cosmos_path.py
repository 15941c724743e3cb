"""The whole path from mail to outputs, kept in Cosmos DB, is the one kept in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from anonymizer.text.cleaner import Cleaner
from connectors.cosmos import CosmosStore
from flows.ports import Key
from portal.settings import Settings
from portal.wiring import App
from tests.connectors.cosmos_account import cosmos_server
from tests.flows.business import FLOWS, Business, mail
from tests.servers.certificates import Certificates
from tests.servers.cosmos import CosmosServer

WHOLE = Key("hudson")
FAULTS = ("408", "408_after", "429", "503", "503_after", "cut_before", "cut_after")


@dataclass
class BusinessInAzure(Business):
    """The same business, whose records are kept at an account of Cosmos DB."""

    url: str = ""
    key: str = ""

    @property
    def settings(self) -> Settings:
        return replace(super().settings, store=self.url, store_key=self.key)


def begun(business: Business) -> Business:
    business.writes(FLOWS)
    for name, raw in {
        "1": mail(),
        "2": mail("Another boiler", "It leaks.", name="2"),
        "3": mail("Lunch on Sunday?", "Hi, are we still on?", name="3"),
        "4": mail("Re: The boiler is cold", "Any news?", name="4", reply_to="1"),
    }.items():
        business.gets(raw, f"mail/{name}.eml")
    return business


async def told(business: Business) -> dict[str, Any]:
    """What the business has, apart from ids that its own keys make."""

    async def kept(app: App) -> Counter[tuple[str, tuple[str, ...]]]:
        store, found = app.records.store, []
        cursor = ""
        while page := await store.changes(WHOLE, cursor=cursor):
            found += [(r.kind, tuple(sorted(r.fields))) for r in page.records]
            cursor = page.cursor
            if not page.records:
                break
        return Counter(found)

    messages = [
        replace(m, id="", thread="", correspondent="") for m in await business.messages()
    ]
    return {
        "messages": sorted(messages, key=lambda message: (message.subject, message.text)),
        "outputs": Counter((o.output.uses, o.output.state) for o in await business.outputs()),
        "ledger": await business.ledger(),
        "kept": await business.asks(kept),
    }


@pytest.fixture
def server(certificates: Certificates) -> Iterator[CosmosServer]:
    with cosmos_server(certificates) as server:
        yield server


@pytest.fixture
def in_azure(server: CosmosServer, tmp_path: Path, cleaner: Cleaner) -> Business:
    folder = tmp_path / "azure"
    folder.mkdir()
    return begun(BusinessInAzure(folder, cleaner, url=server.url, key=server.key))


@pytest.fixture
def in_a_file(tmp_path: Path, cleaner: Cleaner) -> Business:
    folder = tmp_path / "file"
    folder.mkdir()
    return begun(Business(folder, cleaner))


async def test_a_sweep_leaves_the_same_in_cosmos_db_as_in_a_file(
    server: CosmosServer, in_azure: Business, in_a_file: Business
) -> None:
    for business in (in_azure, in_a_file):
        await business.sweeps()
        await business.sweeps()
    want = await told(in_a_file)
    assert want["messages"]
    assert await told(in_azure) == want
    assert not (in_azure.folder / "home" / "jigajob.db").exists()


async def test_under_trouble_the_same_is_left(
    server: CosmosServer, in_azure: Business, in_a_file: Business
) -> None:
    server.faults.random(rate=0.1, kinds=FAULTS, seed=7)
    await in_azure.sweeps()
    server.faults.calm()
    assert server.faults.injected
    await in_azure.sweeps()
    for _ in range(2):
        await in_a_file.sweeps()
    assert await told(in_azure) == await told(in_a_file)


async def test_one_command_has_one_client_and_knows_what_it_cost(
    server: CosmosServer, in_azure: Business
) -> None:
    await in_azure.sweeps()
    server.forget()

    async def spent(app: App) -> float:
        store = app.records.store
        assert isinstance(store, CosmosStore)
        assert [posted async for posted in app.outbox.list()]
        assert store.charges.units == pytest.approx(
            sum(charge for _, charge in server.tally().values()), abs=0.1
        )
        return store.charges.units

    assert await in_azure.asks(spent) > 0
    assert server.tally()["account"][0] <= 2, "its own look, and the library's at its health"
