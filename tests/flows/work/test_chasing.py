"""What is not paid in time is chased: once, after each wait, and never when it may be paid."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from flows.engine import Engine
from flows.language.load import load_whole
from flows.model import Invoice
from flows.ports import Key, Store, Write
from flows.records import Records
from flows.work.ageing import AGES, ageing, totals
from flows.work.chasing import Chasing
from portal.wiring import App
from tests.contract.outlet import output
from tests.flows.business import FLOWS, START, Business
from tests.flows.steps.contexts import allocated, invoice

CHASE = (
    FLOWS.partition("flows:\n")[0]
    + """\
flows:
  - id: chase
    name: Remind the customer
    triggers: [{overdue: 14d}, {overdue: 30d}]
    conditions: ["invoice.direction == 'receivable'"]
    keep: [customer.email, customer.name]
    steps:
      - id: remind
        uses: mail.draft
        with:
          to: "{{ customer.email }}"
          subject: "Invoice {{ invoice.number }}"
          text: "Dear {{ customer.name }}, {{ invoice.owed | money('USD') }} is still open,
            {{ invoice.days_overdue }} days after it was due."
        approve: owner
  - id: bills
    name: Tell of our own debts
    triggers: [{overdue: 1d}]
    conditions: ["invoice.direction == 'payable'"]
    steps:
      - {id: tell, uses: notify, with: {text: "{{ invoice.number }} is not paid yet."}}
"""
)
DUE = START.date() - timedelta(days=20)
ANOTHER = """\
  - id: second
    name: Tell the owner
    triggers: [{overdue: 14d}]
    conditions: ["invoice.direction == 'receivable'"]
    steps:
      - {id: tell, uses: notify, with: {text: "{{ invoice.number }} is late."}}
"""


async def owes(business: Business, due: date | None = DUE, **body: str) -> None:
    """Record an invoice that a customer, unless *body* says else, has to pay."""
    plain = {
        "number": "HP-1",
        "amount": "480.00",
        "currency": "USD",
        "direction": "receivable",
        "party": "Ada Byrne",
        "email": "ada@byrne.example",
        "due": due.isoformat() if due else "",
    }
    given = output("invoice.record", len(body) + 7, plain | body)
    await business.asks(lambda app: app.register.deliver(given))


async def texts(business: Business) -> list[str]:
    """Return what was written, oldest first."""
    return [str(each.output.body["text"]) for each in await business.outputs()]


@pytest.fixture
def office(business: Business) -> Business:
    business.writes(CHASE)
    return business


async def test_an_overdue_invoice_is_chased_once_for_each_wait(office: Business) -> None:
    await owes(office)
    done = await office.sweeps()
    assert done.reminders == 1
    [posted] = await office.outputs()
    assert posted.output.body["to"] == "ada@byrne.example"
    assert "Dear Ada Byrne, $480.00 is still open, 20 days" in str(posted.output.body["text"])
    assert (posted.output.state, posted.output.approver) == ("waiting", "owner")
    assert (await office.sweeps()).reminders == 0
    office.clock.passes(days=10)
    assert (await office.sweeps()).reminders == 1
    assert (await office.sweeps()).reminders == 0
    assert len(await texts(office)) == 2


async def test_found_late_it_is_chased_once_not_twice(office: Business) -> None:
    office.clock.passes(days=60)
    await owes(office)
    assert (await office.sweeps()).reminders == 1
    office.clock.passes(days=60)
    assert (await office.sweeps()).reminders == 0


@pytest.mark.parametrize(
    "due", [None, START.date(), START.date() - timedelta(days=13), START.date() + timedelta(9)]
)
async def test_what_is_not_late_enough_is_left_in_peace(
    office: Business, due: date | None
) -> None:
    await owes(office, due)
    assert (await office.sweeps()).reminders == 0


async def test_our_own_debts_are_told_to_us_and_never_to_the_supplier(office: Business) -> None:
    await owes(office, direction="payable")
    await office.sweeps()
    assert await texts(office) == ["HP-1 is not paid yet."]


async def test_what_was_paid_is_not_chased(office: Business) -> None:
    await owes(office)
    [owed] = await office.asks(lambda app: app.register.open_invoices())
    await office.asks(lambda app: app.register.deliver(pays(owed)))
    assert (await office.sweeps()).reminders == 0


async def test_what_a_waiting_proposal_would_pay_is_not_chased(office: Business) -> None:
    """The customer may have paid; only the owner has not said so yet."""
    bank = CHASE.replace("flows:\n", PAY_IN, 1).replace("sources:\n", BANK, 1)
    office.writes(bank)
    await owes(office, number="HP-100")
    office.gets(b"Date,Amount,Text\n2026-10-20,470.00,HP-100 less discount\n", "bank/1.csv")
    assert (await office.sweeps()).reminders == 0
    [posted] = await office.outputs()
    await office.asks(lambda app: app.outbox.reject(posted.output.id))
    assert (await office.sweeps()).reminders == 1


async def test_nobody_is_chased_while_the_bank_cannot_be_read(office: Business) -> None:
    office.writes(CHASE.replace("sources:\n", BANK, 1))
    await owes(office)
    done = await office.sweeps()
    assert (list(done.troubles), done.reminders, done.held) == (["bank"], 0, True)


BANK = """\
sources:
  bank: {uses: bank, path: bank, columns: {date: Date, amount: Amount, reference: Text}}
"""
PAY_IN = """\
flows:
  - id: pay
    name: Match payments
    triggers: [{transaction: bank}]
    steps: [{id: match, uses: payment.match}]
"""


def pays(owed: Invoice):
    """Return the output by which an invoice is paid."""
    share = {"invoice": owed.id, "number": owed.number, "amount": "480.00", "deducted": "0"}
    body = {
        "kind": "payment",
        "transaction": "t1",
        "money": {"amount": "480.00", "currency": "USD"},
        "booked_on": "2026-10-20",
        "shares": [share | {"owed": "480.00", "currency": "USD"}],
    }
    return output("payment.match", 3, body)


class _Together:
    """A store that lets two workers begin to write at the same moment, and no sooner."""

    def __init__(self, store: Store, met: asyncio.Barrier) -> None:
        self._store, self._met, self._begun = store, met, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def batch(self, key: Key, writes: Sequence[Write]) -> None:
        if not self._begun:
            self._begun = True
            await self._met.wait()
        await self._store.batch(key, writes)


async def chased_together(office: Business, *files: str) -> list[int]:
    """Return how many outputs each of two workers made; both had looked before either wrote."""
    await owes(office)
    loaded = []
    for text in files:
        office.writes(text)
        loaded.append(load_whole(office.settings.flows))

    async def both(app: App) -> list[int]:
        met = asyncio.Barrier(2)
        scope, keyring = app.records.key.scope, app.custody.keyring
        workers = [
            Chasing(
                records=Records(_Together(app.records.store, met), keyring, "hudson", scope),
                register=app.register,
                engine=Engine(each.file, each.templates),
                clock=app.clock,
            )
            for each in loaded
        ]
        return await asyncio.gather(*(each.run() for each in workers))

    return await office.asks(both)


async def test_two_workers_with_two_deployments_chase_an_invoice_once(office: Business) -> None:
    other = CHASE.replace("still open", "not paid yet")
    assert sorted(await chased_together(office, CHASE, other)) == [0, 1]
    assert len(await office.outputs()) == 1
    assert (await office.sweeps()).reminders == 0


@pytest.mark.parametrize("order", [1, -1])
async def test_what_only_one_of_two_deployments_has_is_not_lost(
    office: Business, order: int
) -> None:
    """Whichever worker is second with one flow, the other flow's output is there."""
    other = CHASE.replace("still open", "not paid yet") + ANOTHER
    assert sum(await chased_together(office, *[CHASE, other][::order])) == 2
    assert {each.output.flow for each in await office.outputs()} == {"chase", "second"}


def test_ages_are_counted_from_the_day_after_it_was_due() -> None:
    today = date(2028, 3, 1)  # after a leap day
    dues = [None, "2028-03-01", "2028-02-29", "2028-01-31", "2028-01-30", "2027-12-31"]
    dues += ["2027-12-01", "2027-11-30", "2028-12-31"]
    owed = ageing(
        [
            invoice(str(n), due_on=date.fromisoformat(due) if due else None)
            for n, due in enumerate(dues)
        ],
        today,
    )
    ages = {int(each.invoice.number): (each.days, each.age) for each in owed}
    assert ages == {
        0: (None, "no due date"),
        1: (0, "not due"),
        2: (1, "1-30"),
        3: (30, "1-30"),
        4: (31, "31-60"),
        5: (61, "61-90"),
        6: (91, "over 90"),
        7: (92, "over 90"),
        8: (-305, "not due"),
    }
    assert owed[0].invoice.number == "7"
    assert owed[-1].days is None


def test_sums_are_of_what_is_still_owed_by_currency_and_direction() -> None:
    due = date(2026, 1, 1)
    part = invoice("A", due_on=due, allocations=(allocated("80.00"),))
    paid = invoice("B", due_on=due, allocations=(allocated(),))
    yen = invoice("C", "1000", due_on=due, currency="JPY", direction="payable")
    sums = totals(ageing([part, paid, yen], date(2026, 1, 20)))
    assert sums["receivable", "USD"]["1-30"] == 400
    assert sums["payable", "JPY"]["1-30"] == 1000
    assert all(tuple(each) == AGES for each in sums.values())
