"""The register: one record for one piece of work, and one invoice for one payment."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connectors.key_file import KeyFileVault
from connectors.sqlite import SqliteStore
from flows.booked import BookedInvoice
from flows.errors import OperatorError
from flows.model import Money
from flows.ports import Key
from flows.records import WORK, Records
from flows.sealing import Keyring
from flows.work.register import Register
from tests.contract.outlet import output
from tests.flows.steps.contexts import NOW, invoice, payment

BODY = {
    "number": "INV-1042",
    "amount": "480.00",
    "currency": "USD",
    "direction": "receivable",
    "party": "Ada Byrne",
    "due": "2026-04-02",
    "issued": "",
}


@pytest.fixture
async def store(tmp_path):
    store = SqliteStore(tmp_path / "store.db")
    yield store
    await store.close()


@pytest.fixture
def keyring(store, tmp_path):
    return Keyring(store, KeyFileVault(tmp_path / "keys"))


@pytest.fixture
def register(store, keyring):
    return Register(Records(store, keyring, "hudson", WORK))


async def record(register, each=1, **body):
    place = await register.deliver(output("invoice.record", each, BODY | body))
    return place.removeprefix("invoice/")


def pays(
    number, *invoices, transaction="t1", amount="480.00", total="", kind="payment", **more
):
    """Return the output by which a transaction does *amount* to each of the invoices."""
    share = {"number": "", "amount": amount, "deducted": "0", "owed": "480", "currency": "USD"}
    money = {"amount": total or amount, "currency": "USD"}
    body = {
        "kind": kind,
        "transaction": transaction,
        "money": money,
        "booked_on": "2026-03-04",
        "shares": [share | {"invoice": each} for each in invoices],
        "payout": "",
        "exchange": None,
    }
    return output("payment.match", number, body | more)


def payers(invoice):
    """Return the transactions that did something to the invoice."""
    return [each.transaction for each in invoice.allocations]


async def test_an_invoice_is_there_to_be_paid(register):
    invoice_id = await record(register)
    [invoice] = await register.open_invoices()
    assert invoice.id == invoice_id
    assert invoice.money == Money(amount=Decimal("480.00"), currency="USD")
    assert (invoice.due_on, invoice.issued_on) == (date(2026, 4, 2), None)


async def test_the_same_invoice_mailed_twice_is_one(register):
    first = await record(register, 1)
    again = await record(register, 2, number="inv 1042", amount="480", party="A. Byrne")
    assert again == first
    assert len(await register.open_invoices()) == 1


async def test_another_amount_under_the_same_number_is_refused_and_the_first_stays(register):
    await record(register, 1)
    with pytest.raises(OperatorError) as caught:
        await record(register, 2, amount="840.00")
    assert caught.value.fix
    assert "840" not in str(caught.value)
    assert "INV" not in str(caught.value)
    [invoice] = await register.open_invoices()
    assert invoice.money.amount == Decimal("480.00")


async def test_two_suppliers_may_use_the_same_number(register):
    for party in ("Calderwick", "Northforge"):
        await record(register, 1, direction="payable", party=party)
    assert len(await register.open_invoices()) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"number": ""},
        {"number": "--"},
        {"amount": ""},
        {"amount": "-1"},
        {"amount": "NaN"},
        {"currency": ""},
        {"direction": ""},
    ],
)
async def test_an_invoice_that_is_not_whole_is_refused(register, body):
    with pytest.raises(OperatorError):
        await record(register, **body)
    assert await register.open_invoices() == []


async def test_a_payment_closes_its_invoice(register):
    invoice_id = await record(register)
    await register.deliver(pays(2, invoice_id))
    assert await register.open_invoices() == []
    invoice = await register.invoice(invoice_id)
    assert invoice is not None
    assert payers(invoice) == ["t1"]
    await register.deliver(pays(2, invoice_id))


async def test_an_invoice_recorded_again_after_it_was_paid_stays_paid(register):
    invoice_id = await record(register)
    await register.deliver(pays(2, invoice_id))
    await record(register, 3)
    assert await register.open_invoices() == []


async def test_one_payment_never_pays_two_invoices(register):
    one, other = await record(register), await record(register, number="INV-1043")
    await register.deliver(pays(3, one))
    with pytest.raises(OperatorError):
        await register.deliver(pays(4, other))
    assert [invoice.id for invoice in await register.open_invoices()] == [other]


async def test_one_invoice_is_never_paid_twice(register):
    invoice_id = await record(register)
    await register.deliver(pays(2, invoice_id))
    with pytest.raises(OperatorError):
        await register.deliver(pays(3, invoice_id, transaction="t2"))
    invoice = await register.invoice(invoice_id)
    assert invoice is not None
    assert payers(invoice) == ["t1"]


async def test_many_at_once_leave_one_payment_for_one_invoice(store, keyring, register):
    ids = [await record(register, number=f"INV-{n}") for n in range(100, 104)]
    registers = [Register(Records(store, keyring, "hudson", WORK)) for _ in range(4)]
    attempts = [
        each.deliver(pays(100 * n + m, ids[(n + m) % 4], transaction=f"t{m}"))
        for n, each in enumerate(registers)
        for m in range(4)
    ]
    results = await asyncio.gather(*attempts, return_exceptions=True)
    refused = [each for each in results if isinstance(each, Exception)]
    assert all(isinstance(each, OperatorError) for each in refused)
    invoices = [await register.invoice(invoice_id) for invoice_id in ids]
    paid = [each for invoice in invoices if invoice for each in payers(invoice)]
    assert len(paid) == len(set(paid)) == len(results) - len(refused)


async def test_a_match_with_an_invoice_that_is_gone_is_refused(register):
    with pytest.raises(OperatorError):
        await register.deliver(pays(1, "gone"))


async def test_jobs_are_told_oldest_first_with_what_they_are(register):
    for number in (1, 2):
        body = {"job": f"J-{number}", "title": "Leak", "site": "12 Main St", "priority": "high"}
        assert await register.deliver(output("job.open", number, body)) == f"job/J-{number}"
    jobs = await register.jobs()
    assert {job.reference for job in jobs} == {"J-1", "J-2"}
    assert jobs[0].site == "12 Main St"


async def test_an_output_of_another_step_is_refused(register):
    with pytest.raises(OperatorError):
        await register.deliver(output("notify", 1, {}))


async def test_nothing_personal_is_readable_without_the_key(store, register, tmp_path):
    await record(register, party="Ada Byrne")
    body = {"job": "J-1", "title": "Leak", "site": "12 Main St"}
    await register.deliver(output("job.open", 2, body))
    await store.close()
    data = b"".join(path.read_bytes() for path in tmp_path.glob("store.db*"))
    assert data
    for secret in (b"Ada", b"Byrne", b"1042", b"12 Main", b"480.00"):
        assert secret not in data


async def test_another_business_sees_nothing(store, keyring, register):
    await record(register)
    assert await Register(Records(store, keyring, "other", WORK)).open_invoices() == []
    assert await store.count(Key("hudson", "work"), "invoice") == 1


async def test_parts_pay_an_invoice_together_and_never_more(register):
    invoice_id = await record(register)
    await register.deliver(pays(2, invoice_id, amount="200.00"))
    [invoice] = await register.open_invoices()
    assert (invoice.state, invoice.owed.amount) == ("part", 280)
    await register.deliver(pays(3, invoice_id, transaction="t2", amount="280.00"))
    assert await register.open_invoices() == []
    with pytest.raises(OperatorError, match="paid by another"):
        await register.deliver(pays(4, invoice_id, transaction="t3", amount="1.00"))


async def test_one_payment_of_several_invoices_pays_all_or_none(register):
    one, other = await record(register), await record(register, number="INV-1043")
    await register.deliver(pays(3, one, transaction="t0"))
    with pytest.raises(OperatorError):
        await register.deliver(pays(4, other, one, total="960.00"))
    assert [invoice.id for invoice in await register.open_invoices()] == [other]


async def test_what_is_left_of_a_payment_can_pay_another_invoice(register):
    one, other = await record(register), await record(register, number="INV-1043")
    await register.deliver(pays(3, one, total="960.00"))
    await register.deliver(pays(4, other, total="960.00"))
    assert await register.open_invoices() == []
    [settlement] = await register.settlements()
    assert (len(settlement.parts), settlement.left) == (2, 0)


async def test_a_match_taken_back_leaves_the_invoice_as_it_was_and_is_not_made_again(register):
    invoice_id = await record(register)
    made = pays(2, invoice_id)
    await register.deliver(made)
    left = await register.undo(made)
    assert left.parts == ()
    [invoice] = await register.open_invoices()
    assert (invoice.allocations, invoice.refused) == ((), ("t1",))
    with pytest.raises(OperatorError, match="taken this match back"):
        await register.deliver(made)
    with pytest.raises(OperatorError, match="matched nothing"):
        await register.undo(made)
    await register.deliver(pays(3, invoice_id, transaction="t2"))
    assert await register.open_invoices() == []


async def test_a_refund_gives_back_no_more_than_was_paid(register):
    invoice_id = await record(register)
    back = {"transaction": "r1", "amount": "-480.00", "kind": "refund"}
    with pytest.raises(OperatorError, match="less was paid"):
        await register.deliver(pays(2, invoice_id, **back))
    await register.deliver(pays(3, invoice_id))
    await register.deliver(pays(4, invoice_id, **back))
    invoice = await register.invoice(invoice_id)
    assert invoice.state == "refunded"
    assert await register.open_invoices() == []


async def test_a_payout_arrives_once(register):
    def arrives(number, transaction):
        arrived = {"kind": "payout", "payout": "po1", "transaction": transaction}
        return pays(number, **arrived)

    told = payment("-480.00", id="po1", kind="payout")
    first = arrives(1, "t1")
    await register.deliver(first)
    assert (await register.books([told])).payouts == ()
    with pytest.raises(OperatorError, match="arrived by another"):
        await register.deliver(arrives(2, "t2"))
    await register.undo(first)
    [waiting] = (await register.books([told])).payouts
    assert waiting.refused == ("t1",)
    await register.deliver(arrives(3, "t2"))


@pytest.mark.parametrize(
    ("again", "held"),
    [
        ({"number": "1042"}, True),
        ({"number": "INV-1042-2026"}, True),
        ({"number": "INV-1043"}, False),
        ({"number": "1042", "amount": "481.00"}, False),
        ({"number": "1042", "party": "Somebody Else"}, False),
        ({"number": "1042", "issued": "2026-04-20"}, False),
    ],
)
async def test_an_invoice_sent_twice_under_a_changed_number_waits_for_a_person(
    register, again, held
):
    await record(register, issued="2026-03-02")
    second = output("invoice.record", 2, BODY | {"issued": "2026-03-02"} | again)
    if not held:
        await register.deliver(second)
        assert len(await register.invoices()) == 2
        return
    with pytest.raises(OperatorError, match="sent again"):
        await register.deliver(second)
    await register.deliver(replace(second, approver="person"))
    assert len(await register.invoices()) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"shares": []},
        {"shares": [{"invoice": "x"}]},
        {"kind": "gift"},
        {"money": {"amount": "much", "currency": "USD"}},
        {"payout": "po1", "kind": "payout"},
    ],
)
async def test_a_match_that_is_not_whole_is_refused(register, body):
    with pytest.raises(OperatorError, match="does not say"):
        await register.deliver(pays(1, "i1", **body))


@pytest.mark.parametrize(
    ("amount", "currency"), [("1.5", "JPY"), ("0.0005", "KWD"), ("1.005", "USD")]
)
async def test_an_amount_finer_than_its_currency_is_refused(register, amount, currency):
    with pytest.raises(OperatorError):
        await record(register, amount=amount, currency=currency)


def booked(number="INV-1042", *, amount="480.00", remaining="480.00", state="open"):
    """Return an invoice as a firm's books have it."""

    def money(text):
        return Money(amount=Decimal(text), currency="USD")

    told = invoice(number, amount, id="native", due_on=date(2026, 4, 2), party="Ada Byrne")
    return BookedInvoice(
        native_id="native",
        pointer=number,
        invoice=told,
        state=state,
        remaining=money(remaining),
    )


async def test_what_the_books_call_paid_is_owed_no_more_and_can_still_be_matched(register):
    assert await register.book(booked(), NOW)
    assert not await register.book(booked(), NOW)
    assert await register.book(booked(remaining="0.00"), NOW)
    assert await register.open_invoices() == []
    [paid] = await register.invoices()
    assert (paid.state, paid.unmatched.amount) == ("paid", 480)
    await register.deliver(pays(2, paid.id))
    [matched] = await register.invoices()
    assert (matched.state, matched.owed.amount, payers(matched)) == ("paid", 0, ["t1"])


async def test_the_books_and_mail_tell_of_one_invoice(register):
    await record(register, due="2026-05-01")
    assert await register.book(booked(), NOW)
    [invoice] = await register.invoices()
    assert invoice.due_on == date(2026, 4, 2)
    await record(register, 2)
    assert len(await register.invoices()) == 1


async def test_what_the_books_have_withdrawn_is_not_owed(register):
    await register.book(booked(), NOW)
    await register.book(booked(state="canceled"), NOW)
    assert await register.open_invoices() == []
    [invoice] = await register.invoices()
    assert (invoice.state, invoice.owed.amount, invoice.unmatched.amount) == ("canceled", 0, 0)


async def test_a_credit_note_is_owed_the_other_way_and_beside_an_invoice_of_its_number(
    register,
):
    await record(register, direction="receivable")
    credit = BODY | {"direction": "payable", "credit": True, "amount": "88.00"}
    await register.deliver(output("invoice.record", 2, credit))
    found = {
        each.credit: (each.direction, each.owed.amount) for each in await register.invoices()
    }
    assert found == {False: ("receivable", 480), True: ("payable", 88)}


def settles(number, invoice, how):
    """Return the output by which a person closes an invoice."""
    return output("invoice.settle", number, {"invoice": invoice, "how": how})


@pytest.mark.parametrize(("how", "state"), [("canceled", "canceled"), ("written_off", "paid")])
async def test_a_person_closes_an_invoice_and_takes_it_back(register, how, state):
    invoice_id = await record(register)
    await register.deliver(pays(2, invoice_id, amount="475.00"))
    closed = settles(3, invoice_id, how)
    await register.deliver(closed)
    await register.deliver(closed)
    [invoice] = await register.invoices()
    assert (invoice.state, invoice.owed.amount) == (state, 0)
    await register.undo(closed)
    [invoice] = await register.invoices()
    assert (invoice.state, invoice.owed.amount) == ("part", 5)
    with pytest.raises(OperatorError, match="closed nothing"):
        await register.undo(closed)


async def test_a_canceled_invoice_gives_its_place_to_a_corrected_one(register):
    invoice_id = await record(register)
    with pytest.raises(OperatorError, match="cancel"):
        await record(register, 2, amount="500.00")
    await register.deliver(settles(3, invoice_id, "canceled"))
    await record(register, 2, amount="500.00")
    [invoice] = await register.open_invoices()
    assert invoice.owed.amount == 500
