"""Random ledgers: whatever the order, and however often it comes, the books are the same."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.key_file import KeyFileVault
from connectors.sqlite import SqliteStore
from flows.model import CleanTransaction, Exchange, Money, Output
from flows.money import minor_units
from flows.records import WORK, Records
from flows.sealing import Keyring
from flows.steps.payment import STEP, Options
from flows.work.register import Register
from tests.contract.outlet import output
from tests.flows.steps.contexts import context

START = date(2026, 1, 1)


@dataclass
class Ledger:
    """What happened: invoices as recorded, transactions, and what is owed in the end."""

    invoices: list[dict[str, str]] = field(default_factory=list)
    transactions: list[CleanTransaction] = field(default_factory=list)
    payouts: list[CleanTransaction] = field(default_factory=list)
    owed: dict[str, Decimal] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)

    def invoice(self, number: str, amount: Decimal, currency: str) -> None:
        """Send a customer an invoice."""
        body = {"number": number, "amount": str(amount), "currency": currency}
        self.invoices.append(body | {"direction": "receivable", "party": f"Party {number}"})
        self.owed[number], self.states[number] = amount, "open"

    def moves(self, amount: Decimal, currency: str, words: str, **fields: object) -> None:
        """Let money come or go."""
        number = len(self.transactions)
        self.transactions.append(
            CleanTransaction(
                id=f"t{number}",
                source="bank",
                account="1",
                booked_on=START + timedelta(days=number % 300),
                money=Money(amount=amount, currency=currency),
                counterparty="",
                reference=words,
                **fields,  # type: ignore[arg-type]  # as the noun has them
            )
        )


def smallest(currency: str) -> Decimal:
    """Return the smallest amount of a currency."""
    return Decimal(1).scaleb(-minor_units(currency))


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """Draw some business: each invoice is settled in one of the ways that there are."""
    ledger = Ledger()
    ways = ["nothing", "whole", "parts", "together", "refund", "dispute", "exchange", "fee"]
    for number in range(draw(st.integers(1, 7))):
        currency = draw(st.sampled_from(["USD", "EUR", "JPY", "KWD"]))
        units = draw(st.integers(100, 10**7))
        amount, name = units * smallest(currency), f"HP-{4100 + number}"
        _settle(ledger, name, amount, currency, draw(st.sampled_from(ways)))
    for each in range(draw(st.integers(0, 3))):
        _pay_out(ledger, each, draw(st.integers(1, 10**6)) * Decimal("0.01"))
    return ledger


def _settle(ledger: Ledger, name: str, amount: Decimal, currency: str, way: str) -> None:
    ledger.invoice(name, amount, currency)
    if way == "nothing":
        return
    rest = Decimal(0)
    if way == "parts":
        for part in (smallest(currency), amount - smallest(currency)):
            ledger.moves(part, currency, f"part of {name}")
    elif way == "together":
        ledger.invoice(f"{name}-B", amount, currency)
        ledger.moves(2 * amount, currency, f"{name}-B and {name} thanks")
        ledger.owed[f"{name}-B"], ledger.states[f"{name}-B"] = rest, "paid"
    elif way == "exchange":
        stated = Exchange(
            money=Money(amount=amount, currency=currency), rate=Decimal(2), stated_by="bank"
        )
        ledger.moves(2 * amount, "CAD", name, exchange=stated)
    elif way == "fee":
        kept = Money(amount=smallest(currency), currency=currency)
        ledger.moves(amount, currency, name, kind="charge", fee=kept)
    else:
        ledger.moves(amount, currency, f"Invoice {name}", kind="charge")
        if way in ("refund", "dispute"):
            ledger.moves(-amount, currency, f"Invoice {name}", kind=way)
            rest = amount if way == "dispute" else rest
    ledger.owed[name] = rest
    ledger.states[name] = {"refund": "refunded", "dispute": "open"}.get(way, "paid")


def _pay_out(ledger: Ledger, number: int, amount: Decimal) -> None:
    day = START + timedelta(days=20 * number)
    plain = {"account": "cards", "counterparty": "", "booked_on": day}
    told = CleanTransaction(
        id=f"po{number}",
        source="cards",
        money=Money(amount=-amount, currency="USD"),
        reference="STRIPE PAYOUT",
        kind="payout",
        **plain,  # type: ignore[arg-type]  # as above
    )
    ledger.payouts.append(told)
    ledger.moves(amount, "USD", "STRIPE TRANSFER")
    arrived = ledger.transactions.pop()
    ledger.transactions.append(replace(arrived, booked_on=day + timedelta(days=1)))


class Office:
    """Takes in a ledger piece by piece, as sweeps do."""

    def __init__(self, register: Register, ledger: Ledger) -> None:
        self.register, self.ledger = register, ledger
        self.waiting: list[CleanTransaction] = []
        self.told: list[CleanTransaction] = []
        self.made: list[Output] = []

    async def take(self, piece: object) -> None:
        """Take in one thing that happened, perhaps for the second time."""
        if isinstance(piece, dict):
            number = self.ledger.invoices.index(piece)
            await self.register.deliver(output("invoice.record", 1000 + number, piece))
        elif piece in self.ledger.payouts:
            self.told.append(piece)
        else:
            self.waiting.append(piece)
        await self.match()

    async def match(self) -> None:
        """Match what waits until nothing moves, as the sweeps of some days would."""
        moved = True
        while moved:
            moved = False
            for each in list(self.waiting):
                books = await self.register.books(self.told)
                item = replace(context(each), books=books)
                found = STEP.run(item, Options(parts=True))
                if found.values["status"] != "matched":
                    continue
                (draft,) = found.outputs
                made = output("payment.match", int(each.id[1:]), dict(draft.body))
                await self.register.deliver(made)
                self.waiting.remove(each)
                self.made.append(made)
                moved = True


async def worked_through(ledger: Ledger, home: Path, seed: int) -> tuple[Office, SqliteStore]:
    """Return the office after everything came twice, in an order of its own."""
    store = SqliteStore(home / f"{seed}.db")
    keyring = Keyring(store, KeyFileVault(home / "keys"))
    office = Office(Register(Records(store, keyring, "hudson", WORK)), ledger)
    pieces: list[object] = [*ledger.invoices, *ledger.transactions, *ledger.payouts]
    again = [*ledger.invoices]
    shuffled = [*pieces, *again]
    random.Random(seed).shuffle(shuffled)
    for piece in shuffled:
        await office.take(piece)
    return office, store


@settings(
    deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ledger=ledgers(), seed=st.integers(0, 2**30))
async def test_any_order_gives_the_same_books(
    tmp_path_factory: object, ledger: Ledger, seed: int
) -> None:
    home = tmp_path_factory.mktemp("books")  # type: ignore[attr-defined]  # pytest's own
    office, store = await worked_through(ledger, home, seed)
    try:
        found = {each.number: each for each in await office.register.invoices()}
        assert {name: each.owed.amount for name, each in found.items()} == ledger.owed
        assert {name: each.state for name, each in found.items()} == ledger.states
        assert (await office.register.books(ledger.payouts)).payouts == ()
        for made in office.made:  # delivered once more, nothing changes
            await office.register.deliver(made)
        assert {each.number: each for each in await office.register.invoices()} == found
        for made in reversed(office.made):
            await office.register.undo(made)
        unpaid = await office.register.open_invoices()
        assert {each.number: each.owed for each in unpaid} == {
            each["number"]: Money(amount=Decimal(each["amount"]), currency=each["currency"])
            for each in ledger.invoices
        }
    finally:
        await store.close()
