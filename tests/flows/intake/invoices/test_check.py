"""Sums are held to the smallest unit of their currency."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from flows.intake.invoices.check import LINES, TOTAL, checked, upright
from flows.intake.invoices.figures import figure, unit
from flows.intake.invoices.reading import Found, InvoiceDocument, InvoiceLine, Place, Tax
from tests.flows.intake.invoices.papers import Paper, paper
from tests.flows.intake.invoices.writing import number

CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "KWD"])
AMOUNTS = st.integers(1, 10_000_000)
RATES = st.sampled_from([Decimal(each) for each in ("0", "5.5", "7", "8.125", "19", "21")])


def found(value):
    return Found(value, Place(), 0.9)


def invoice(currency, lines, rates):
    """An invoice that adds up: each rate's tax is rounded by itself."""
    smallest = unit(currency)
    items = [InvoiceLine(text="", amount=each * smallest) for each in lines]
    taxes = []
    for n, rate in enumerate(rates):
        base = sum((i.amount for i in items[n :: len(rates)]), Decimal(0))
        amount = (base * rate / 100).quantize(smallest, ROUND_HALF_UP)
        taxes.append(found(Tax(amount=amount, rate=rate, base=base)))
    net = sum((item.amount for item in items), Decimal(0))
    tax = sum((each.value.amount for each in taxes), Decimal(0))
    return InvoiceDocument(
        form="pdf",
        number=found("1"),
        currency=found(currency),
        net=found(net),
        tax=found(tax),
        gross=found(net + tax),
        taxes=tuple(taxes),
        lines=tuple(map(found, items)),
    )


INVOICES = st.builds(
    invoice,
    CURRENCIES,
    st.lists(AMOUNTS, min_size=2, max_size=30),
    st.lists(RATES, min_size=1, max_size=2),
)


@given(INVOICES)
def test_what_adds_up_is_no_doubt(made):
    assert checked(made).doubts == ()


@given(INVOICES, st.integers(3, 10_000), st.booleans())
def test_a_total_that_is_off_is_a_doubt(made, off, more):
    """By more than each tax may be rounded by."""
    change = off * unit(made.currency.value) * (1 if more else -1)
    wrong = replace(made, gross=found(made.gross.value + change))
    assert TOTAL in checked(wrong).doubts


@given(INVOICES, st.data())
def test_a_line_that_is_missing_is_a_doubt(made, data):
    """Unless it is no more than what the others may be rounded by."""
    gone = data.draw(st.integers(0, len(made.lines) - 1))
    leeway = unit(made.currency.value) * (len(made.lines) // 2)
    left = (*made.lines[:gone], *made.lines[gone + 1 :])
    amount = made.lines[gone].value.amount
    assume(amount > leeway)
    # The rest may be the total only where the tax is what is missing.
    assume(abs(made.net.value - amount - made.gross.value) > leeway)
    assert LINES in checked(replace(made, lines=left)).doubts


@given(INVOICES)
def test_checking_twice_is_checking_once(made):
    assert checked(checked(made)) == checked(made)


@given(INVOICES)
def test_a_credit_note_printed_with_minus_is_the_same(made):
    def turned(each):
        return found(-each.value)

    minus = replace(
        made,
        credit=True,
        net=turned(made.net),
        tax=turned(made.tax),
        gross=turned(made.gross),
        taxes=tuple(
            found(replace(each.value, amount=-each.value.amount, base=-each.value.base))
            for each in made.taxes
        ),
        lines=tuple(
            found(replace(each.value, amount=-each.value.amount)) for each in made.lines
        ),
    )
    assert upright(minus) == replace(made, credit=True)


@given(st.integers(0, 10**11), st.sampled_from(["en-US", "de-DE", "fr-FR", "es-ES", "nl-NL"]))
def test_amounts_are_read_as_they_are_written(cents, locale):
    amount = Decimal(cents) / 100
    shape: Paper = paper(1, locale)
    read = figure(number(amount, shape))
    assert read is not None
    assert read.value == amount


@given(st.text(max_size=60))
def test_any_text_is_a_figure_or_none(text):
    read = figure(text)
    assert read is None or read.value.is_finite()
