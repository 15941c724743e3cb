"""What is counted of invoices and quotes, and what becomes of counts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.model import Allocation, Invoice, Money, Output
from flows.outbox.record import output_record
from flows.records import INTAKE, Records
from flows.reports.counting import counted, invoiced, paid, quote_hash
from flows.reports.default_method import DEFAULT_METHOD
from flows.reports.periods import Period
from flows.reports.tally import Tally, median, share, values_of
from portal.settings import Settings
from portal.wiring import open_pool

PERIOD = Period("2026-Q4")
START, END = PERIOD.start, PERIOD.end


def payment(day: date | None, amount: str = "100", deducted: str = "0") -> Allocation:
    return Allocation(
        transaction="t",
        kind="payment",
        amount=Decimal(amount),
        booked_on=day,
        deducted=Decimal(deducted),
    )


PAID = Invoice(
    id="i",
    number="1042",
    direction="receivable",
    money=Money(amount=Decimal(100), currency="USD"),
    issued_on=date(2026, 10, 1),
    allocations=(payment(date(2026, 10, 22)),),
)
NOT_COUNTED = {
    "payable": replace(PAID, direction="payable"),
    "a credit note": replace(PAID, credit=True),
    "canceled": replace(PAID, canceled=True),
    "open": replace(PAID, allocations=()),
    "paid in part": replace(PAID, allocations=(payment(date(2026, 10, 22), "40"),)),
    "written off": replace(
        PAID, allocations=(payment(date(2026, 10, 22), "40"), payment(END.date(), "0", "60"))
    ),
    "no day of issue": replace(PAID, issued_on=None),
    "no day of payment": replace(PAID, allocations=(payment(None),)),
    "paid by the books alone": replace(PAID, allocations=(), booked=Decimal(100)),
    "paid before": replace(PAID, allocations=(payment(date(2026, 9, 30)),)),
    "paid after": replace(PAID, allocations=(payment(date(2027, 1, 1)),)),
}


def test_days_run_from_the_issue_to_the_last_payment() -> None:
    halves = payment(date(2026, 10, 5), "50"), payment(date(2026, 11, 2), "50")
    early = replace(PAID, issued_on=date(2026, 10, 30))

    assert paid([PAID, replace(PAID, allocations=halves), PAID, early], START, END) == {
        21: 2,
        32: 1,
        0: 1,
    }


@pytest.mark.parametrize("invoice", NOT_COUNTED.values(), ids=NOT_COUNTED)
def test_what_is_not_known_to_be_paid_by_a_customer_in_the_time_is_out(
    invoice: Invoice,
) -> None:
    assert paid([invoice], START, END) == {}


@given(st.dictionaries(st.integers(0, 10_080), st.integers(1, 50), min_size=1))
def test_the_median_is_that_of_the_values_themselves(counts: dict[int, int]) -> None:
    values = [value for value, number in counts.items() for _ in range(number)]
    assert median(counts) == median_low(values)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_is_a_whole_number_of_percent(part: tuple[int, int]) -> None:
    assert abs(share(*part) - 100 * part[0] / part[1]) <= 0.5
    assert 0 <= share(*part) <= 100


def tally(**more: int) -> Tally:
    return Tally(period=PERIOD.label, since=START, until=START + timedelta(days=1), **more)


def test_tallies_add_up_only_where_one_ends_and_the_other_begins() -> None:
    one = replace(tally(requests=2), answers={5: 1, 9: 1}, quotes=frozenset("a"))
    two = replace(one, since=one.until, until=END, answers={5: 2}, quotes=frozenset("ab"))

    both = one.with_more(two)

    assert (both.since, both.until, both.requests) == (START, END, 4)
    assert both.answers == {5: 3, 9: 1}
    assert both.quotes == frozenset("ab")
    for wrong in (one, replace(two, period="2027-Q1"), replace(two, since=END)):
        with pytest.raises(ValueError, match="begins where"):
            one.with_more(wrong)


def test_values_are_measures_and_of_too_few_there_is_no_median_and_no_share() -> None:
    few = replace(tally(requests=2), answers={5: 2}, quotes=frozenset("ab"))
    assert values_of(few, invoiced=frozenset("a"), paid={3: 2}) == {
        "requests_per_business": 2,
        "automation": 0,
    }

    more = replace(few, answers={5: 3}, quotes=frozenset("abc"), outputs=7)
    values = values_of(more, invoiced=frozenset("axy"), paid={30: 2, 31: 1})
    assert values["answer_time"] == 5
    assert values["quotes_accepted"] == 33
    assert values["payment_days"] == 30
    assert set(values) == {each.name for each in DEFAULT_METHOD.measures[1:]}


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    async with open_pool(Settings(home=tmp_path, flows=tmp_path / "none")) as custody:
        yield custody.records.in_scope(INTAKE)


def output(number: int, uses: str, flow: str = "sale") -> Output:
    return Output(
        id=f"o{number}",
        flow=flow,
        flow_version="1",
        trigger=f"m{number}",
        step="s",
        uses=uses,
        state="sent",
        body={},
        summary="",
        created_at=START,
    )


async def sent(records: Records, made: Output, note: str, when: datetime) -> None:
    record = await output_record(records, made, expires_at=None)
    fields = {**record.fields, "note": note, "changed": when.isoformat(), "state": made.state}
    await records.store.put(records.key, replace(record, fields=fields))


async def test_quotes_are_known_by_the_numbers_that_invoices_name(records: Records) -> None:
    day = START + timedelta(days=3)
    books = "in Business Central"
    await sent(records, output(1, "quote.send"), f"quote S-QUO-1001 {books}", day)
    await sent(records, output(2, "quote.send"), f"draft of quote S-QUO-1002 {books}", day)
    await sent(records, output(3, "quote.send"), "elsewhere", day)
    await sent(records, output(4, "notify", "jigajob"), "an alarm is none of a flow's", day)
    await sent(records, replace(output(5, "notify"), state="failed"), "", day)
    await sent(records, output(6, "notify"), "", START - timedelta(microseconds=1))
    await sent(records, output(7, "notify"), "", START)
    await sent(records, output(8, "notify"), "", END)

    found = await counted(records, PERIOD, START, END)

    assert found.outputs == 4
    assert found.quotes_unnumbered == 1
    assert found.quotes == {
        await quote_hash(records, number) for number in ("S-QUO-1001", "S-QUO-1002")
    }
    ours = replace(PAID, quote="s-quo 1001")
    theirs = replace(PAID, quote="S-QUO-1002", direction="payable")
    named = await invoiced(records, [ours, theirs, PAID])
    values = values_of(found, invoiced=named, paid={})
    assert values["quotes_accepted"] == 33
    assert START.tzinfo is UTC
