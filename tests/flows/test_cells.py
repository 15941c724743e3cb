"""Dates and amounts of bank files are read exactly, or refused."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.cells import (
    masked_name,
    masked_number,
    read_amount,
    read_date,
    read_ofx_amount,
    read_ofx_date,
)

NBSP, NARROW, MINUS, QUOTE = "\u00a0", "\u202f", "\u2212", "\u2019"


class TestAmounts:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("5", "5"),
            ("5.00", "5.00"),
            (".50", "0.50"),
            ("5.", "5"),
            ("+5.00", "5.00"),
            ("-5.00", "-5.00"),
            ("- 5.00", "-5.00"),
            ("5.00-", "-5.00"),
            ("(5.00)", "-5.00"),
            ("( 5.00 )", "-5.00"),
            (f"{MINUS}5.00", "-5.00"),
            ("1,234.56", "1234.56"),
            ("-1,234,567.89", "-1234567.89"),
            ("1,23,456.00", "123456.00"),
            ("1'234.50", "1234.50"),
            (f"1{QUOTE}234.50", "1234.50"),
            (f"1{NBSP}234.50", "1234.50"),
            (f"-1{NARROW}234{NARROW}567.50", "-1234567.50"),
            ("$5.00", "5.00"),
            ("-$1,234.50", "-1234.50"),
            ("$-5.00", "-5.00"),
            ("($5.00)", "-5.00"),
            ("$(5.00)", None),
            ("5.00 CR", "5.00"),
            ("5.00DR", "-5.00"),
            ("0.00", "0.00"),
            ("-0.00", "0.00"),
        ],
    )
    def test_what_banks_write(self, text, value):
        found = read_amount(text, ".")
        assert (found and str(found.value)) == value

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("5,00", "5.00"),
            ("1.234,56", "1234.56"),
            ("-1.234.567,89", "-1234567.89"),
            ("1 234,56-", "-1234.56"),
            ("1.234", "1234"),
            ("(1.234,5)", "-1234.5"),
            ("5", "5"),
        ],
    )
    def test_with_a_decimal_comma(self, text, value):
        assert str(read_amount(text, ",").value) == value

    @pytest.mark.parametrize(
        ("text", "currency"),
        [
            ("EUR 5.00", "EUR"),
            ("5.00 EUR", "EUR"),
            ("€5.00", "EUR"),
            ("£ 5.00", "GBP"),
            ("-5.00 CHF", "CHF"),
            ("US$5.00", "USD"),
            ("$5.00", ""),
            ("5.00", ""),
        ],
    )
    def test_a_currency_in_the_cell_is_told(self, text, currency):
        assert read_amount(text, ".").currency == currency

    @pytest.mark.parametrize(
        "text",
        [
            "",
            " ",
            "-",
            "abc",
            "5.00.00",
            "1.234,56",
            "12,50",
            "1,2345.00",
            "1,23.00",
            "--5",
            "(-5.00)",
            "-5.00-",
            "(5.00",
            "5.00)",
            "5 00",
            "1 2345",
            "1,234 567.00",
            "5,",
            "1e5",
            "NaN",
            "Infinity",
            "0x10",
            "5.00 USD EUR",
            "\u0665",
            "5/2",
            "5.00 each",
            "9" * 99,
            "5%",
            "+-5",
            "-5 CR",
            "5.0 0",
            "1_000",
            "INV-5",
            "5 DBT",
            "$",
            "()",
        ],
    )
    def test_what_is_no_amount_or_could_be_two_is_refused(self, text):
        assert read_amount(text, ".") is None

    @given(
        cents=st.integers(-(10**12), 10**12),
        sign=st.sampled_from(["-{}", "{}-", "({})", "- {}", "-$ {}", "{} DR", "({} USD)"]),
        marks=st.sampled_from([(".", ","), (".", "'"), (".", " "), (".", ""), (".", NBSP)])
        | st.sampled_from([(",", "."), (",", "'"), (",", NARROW), (",", "")]),
        decimals=st.integers(0, 2),
    )
    def test_any_amount_in_any_style_comes_back(self, cents, sign, marks, decimals):
        value = Decimal(cents) / 100
        value = value.quantize(Decimal(1).scaleb(-decimals))
        decimal, thousands = marks
        text = f"{abs(value):,f}".translate({ord(","): thousands, ord("."): decimal})
        text = sign.format(text) if value < 0 else text
        assert read_amount(text, decimal).value == value

    @given(st.text(max_size=70), st.sampled_from([".", ","]))
    def test_no_text_breaks_it(self, text, decimal):
        found = read_amount(text, decimal)
        assert found is None or found.value.is_finite()

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("-5.00", "-5.00"),
            ("5,5", "5.5"),
            ("1,234.56", "1234.56"),
            ("1.234,56", "1234.56"),
            ("+5", "5"),
            (" 12,50 ", "12.50"),
            ("1,234", None),
            ("5 EUR", None),
            ("", None),
        ],
    )
    def test_ofx_amounts_take_either_sign_and_guess_nothing(self, text, value):
        found = read_ofx_amount(text)
        assert (None if found is None else str(found)) == value


class TestDates:
    @pytest.mark.parametrize(
        ("text", "order"),
        [
            ("2024-01-31", "year-first"),
            ("2024/1/31", "year-first"),
            ("2024.01.31", "year-first"),
            ("20240131", "year-first"),
            ("2024-01-31 23:59:59", "year-first"),
            ("2024-01-31T23:59:59.123Z", "year-first"),
            ("2024-01-31T23:59:59+01:00", "year-first"),
            ("01/31/2024", "month-first"),
            ("1/31/24", "month-first"),
            ("01312024", "month-first"),
            ("01/31/2024 11:59 PM", "month-first"),
            ("31.01.2024", "day-first"),
            ("31.01.24", "day-first"),
            ("31/1/2024", "day-first"),
            ("31012024", "day-first"),
            ("31. 01. 2024", None),
            ("31 Jan 2024", "day-first"),
            ("31-JAN-24", "day-first"),
            ("31 January 2024", "month-first"),
            ("Jan 31, 2024", "year-first"),
            ("January 31 2024", "day-first"),
            ("2024-01-31", "month-first"),
            ("2024-01-31", "day-first"),
        ],
    )
    def test_what_banks_write(self, text, order):
        expected = date(2024, 1, 31) if order else None
        assert read_date(text, order or "day-first") == expected

    @pytest.mark.parametrize(
        ("text", "order"),
        [
            ("31/01/2024", "month-first"),
            ("01/31/2024", "day-first"),
            ("01/02/2024", "year-first"),
            ("2024-02-30", "year-first"),
            ("2023-02-29", "year-first"),
            ("2024-13-01", "year-first"),
            ("2024-00-10", "year-first"),
            ("0000-01-01", "year-first"),
            ("1024-01-01", "year-first"),
            ("2024-01/31", "year-first"),
            ("45322", "year-first"),
            ("31 Foo 2024", "day-first"),
            ("31/01/024", "day-first"),
            ("", "day-first"),
            ("Total", "day-first"),
            ("\u0663\u0661/01/2024", "day-first"),
        ],
    )
    def test_what_is_no_date_in_this_order_is_refused(self, text, order):
        assert read_date(text, order) is None

    @given(
        st.dates(date(1970, 1, 1), date(2199, 12, 31)),
        st.sampled_from(
            [
                ("year-first", "{0:%Y-%m-%d}"),
                ("month-first", "{0:%m/%d/%Y}"),
                ("day-first", "{0:%d.%m.%Y}"),
                ("day-first", "{0.day} {0:%B %Y}"),
            ]
        ),
    )
    def test_any_day_in_its_order_comes_back(self, day, style):
        order, text = style
        assert read_date(text.format(day), order) == day

    @given(st.text(max_size=70), st.sampled_from(["year-first", "month-first", "day-first"]))
    def test_no_text_breaks_it(self, text, order):
        assert read_date(text, order) is None or len(text) > 5

    @pytest.mark.parametrize(
        "text", ["20240131", "20240131235959", "20240131120000.000[-5:EST]", "202401311200"]
    )
    def test_an_ofx_day_is_the_banks_own_day(self, text):
        assert read_ofx_date(text) == date(2024, 1, 31)

    @pytest.mark.parametrize("text", ["", "2024", "20240231", "2024-01-31", "00000000"])
    def test_what_is_no_ofx_day_is_refused(self, text):
        assert read_ofx_date(text) is None


class TestAccounts:
    @pytest.mark.parametrize(
        ("number", "masked"),
        [("000012345678", "****5678"), ("DE89 3704 0044", "****0044"), ("", "")],
    )
    def test_a_number_shows_its_last_four(self, number, masked):
        assert masked_number(number) == masked

    @pytest.mark.parametrize(
        ("name", "masked"),
        [
            ("checking", "checking"),
            ("Office 2024", "Office 2024"),
            ("Savings 12345678", "Savings ****5678"),
            ("DE89 3704 0044 0532", "****0532"),
        ],
    )
    def test_a_number_in_a_name_is_masked(self, name, masked):
        assert masked_name(name) == masked
