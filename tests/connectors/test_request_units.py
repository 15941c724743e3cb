"""What a mail costs in request units of Cosmos DB, on its whole path: taken in, carried out.

The calls are those that the sweep makes, through Microsoft's library, at the stand-in, which
charges by Microsoft's published figures (`tests/servers/cosmos/charges.py`). The limits are
what is reached now: a change that needs more calls, or larger ones, fails here. One of the
reads asks whether the business counts in figures of trades; where it does not, that is all.
`pytest -s` prints the tables.
"""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from anonymizer.text.cleaner import Cleaner
from flows.sweep import PAGE
from portal.settings import Settings
from tests.connectors.cosmos_account import cosmos_server
from tests.flows.business import FLOWS, Business, TestClock, mail
from tests.servers.certificates import Certificates
from tests.servers.cosmos import CosmosServer, Entry

FIRST = ("amber", "basil", "cobalt", "dune", "ivory", "fjord", "granite", "hazel")
SECOND = ("anchor", "bridge", "cottage", "orchard", "lantern", "meadow", "quarry")
PEOPLE: Final = [f"{one}-{other}" for one in FIRST for other in SECOND][:PAGE]
"""Domains that nobody takes for one another."""

JOB = FLOWS.partition("      - id: answer")[0]
"""Its output becomes a record of our own."""
DRAFT = JOB.partition("      - id: job")[0] + (
    '      - id: answer\n        uses: reply.draft\n        with: {text: "We will come."}\n'
)
WAITS = DRAFT + "        approve: owner\n"

PLAIN = "Hello, the boiler has given no heat since Monday, and the tank leaks. Kind regards"
"""Names nobody, so there is no record of who is who in its thread."""
TEXT = (
    "Hello, the boiler has given no heat since Monday, and the tank leaks. Could somebody"
    " come on Tuesday morning? You reach me at (555) 010-4477. Kind regards, Maria Lopez"
)


@dataclass
class BusinessInAzure(Business):
    """The same business, whose records are kept at an account of Cosmos DB."""

    url: str = ""
    key: str = ""

    @property
    def settings(self) -> Settings:
        return replace(super().settings, store=self.url, store_key=self.key)

    def gets_a_page(self, text: str) -> None:
        """Put new mails into the folder in place of those before: a server, too, shows each
        mail once, where a folder lists all that is in it in every sweep."""
        shutil.rmtree(self.folder / "mail", ignore_errors=True)
        batch = f"{self.clock.now():%j}"
        for number, domain in enumerate(PEOPLE):
            sender = f"Maria Lopez <maria@{domain}.example>"
            raw = mail(text=text, sender=sender, name=f"{batch}-{number}")
            self.gets(raw, f"mail/{batch}/{number}.eml")


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def server(certificates: Certificates, clock: TestClock) -> Iterator[CosmosServer]:
    with cosmos_server(certificates, clock) as server:
        yield server


@pytest.fixture
def business(
    server: CosmosServer, clock: TestClock, tmp_path: Path, cleaner: Cleaner
) -> BusinessInAzure:
    return BusinessInAzure(tmp_path, cleaner, clock, url=server.url, key=server.key)


def table(title: str, journal: list[Entry]) -> tuple[float, Counter[str]]:
    """Print what was called, and return the units of one mail and the calls of a page."""
    calls, units = Counter[str](), defaultdict[str, float](float)
    for entry in journal:
        if entry.charge:  # who asks for the account and its ranges pays nothing
            steps = Counter(entry.steps) if entry.operation == "batch" else {}
            batch = " + ".join(f"{count} {step}" for step, count in steps.items())
            name = f"batch of {batch}" if batch else entry.operation
            calls[name] += 1
            units[name] += entry.charge
    total = sum(units.values()) / PAGE
    rows = [(f"{calls[name]:4} {name}", units[name] / PAGE) for name in sorted(units)]
    rows.append((f"{calls.total():4} calls", total))
    lines = [f"  {name:36} {charge:6.2f} RU a mail" for name, charge in rows]
    print("\n".join([f"\n{title}, {PAGE} mails:", *lines]))  # noqa: T201 what -s is for
    return total, calls


async def swept(
    business: BusinessInAzure, server: CosmosServer, title: str, text: str = TEXT
) -> tuple[float, Counter[str]]:
    """Take in a page of mail, and carry out what comes of it unless it waits."""
    business.gets_a_page(text)
    server.forget()
    done = await business.sweeps()
    assert (done.sources["office"].stored, done.sources["office"].outputs) == (PAGE, PAGE)
    assert done.delivered["sent"] == (0 if "waiting" in title else PAGE)
    business.clock.passes(days=1)
    return table(title, server.journal)


async def test_a_known_senders_mail_with_one_output_costs_30_units_at_most(
    business: BusinessInAzure, server: CosmosServer
) -> None:
    """All of it: taken in, a draft made, audited. Who writes the first time costs 5 more."""
    business.writes(DRAFT)
    total, calls = await swept(business, server, "drafts for strangers")
    assert calls <= limits(query=17, create=3, read=5, replace=51, creates=4)
    assert total <= 34.9
    total, calls = await swept(business, server, "drafts for customers")
    assert calls <= limits(query=17, create=0, read=5, replace=52, creates=3)
    assert total <= 30.1
    total, calls = await swept(business, server, "drafts for customers, nobody named", PLAIN)
    assert calls <= limits(query=17, create=0, read=5, replace=52, creates=2)
    assert total <= 25.1


async def test_a_mail_that_becomes_a_job_costs_a_record_more(
    business: BusinessInAzure, server: CosmosServer
) -> None:
    business.writes(JOB)
    total, calls = await swept(business, server, "jobs of strangers")
    assert calls <= limits(query=18, create=53, read=5, replace=51, creates=4)
    assert total <= 39.5
    total, calls = await swept(business, server, "jobs of customers")
    assert calls <= limits(query=18, create=50, read=5, replace=52, creates=3)
    assert total <= 35.0


async def test_a_mail_whose_output_waits_costs_no_more_than_it_did(
    business: BusinessInAzure, server: CosmosServer
) -> None:
    business.writes(WAITS)
    total, calls = await swept(business, server, "strangers, waiting")
    assert calls <= limits(query=17, create=2, read=5, replace=0, creates=4)
    assert total <= 28.4
    total, calls = await swept(business, server, "customers, waiting")
    assert calls <= limits(query=16, create=0, read=5, replace=0, creates=3)
    assert total <= 23.5


def limits(*, query: int, create: int, read: int, replace: int, creates: int) -> Counter[str]:
    """The calls of a page at most; *creates* are those in the batch of one mail."""
    told = {"query": query, "create": create, "read": read, "replace": replace}
    told |= {f"batch of 1 upsert + {creates} create": PAGE, "batch of 2 create": 2}
    return Counter(told | {"upsert": 1, "feed": 3, "container": 1})
