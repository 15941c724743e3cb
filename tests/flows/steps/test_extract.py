"""`extract` reads what is there, and leaves empty what is not or could be two things."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.steps.dates import read_date
from flows.steps.extract import STEP, Options
from flows.steps.phones import read_phones
from flows.steps.references import normalised, read_references, spans_of
from flows.steps.regions import region_of
from flows.steps.times import read_time
from tests.flows.steps.contexts import context, mail, payment

ALL = dict.fromkeys(
    ["address", "date", "time", "phone", "amount", "email", "name", "number", "text"]
)


def extract(item, kind, name="found", **fields):
    found = STEP.run(context(item, **fields), Options(fields={name: kind}))
    return found.values[name]


DATES = [
    ("Could you come on Tuesday at 3pm?", "2026-03-10"),
    ("on March 12", "2026-03-12"),
    ("March 3rd was bad, March 12 is good", "2026-03-12"),
    ("10th of March 2026", "2026-03-10"),
    ("Sept. 5", "2026-09-05"),
    ("2026-03-14 10:30", "2026-03-14"),
    ("12/03/2026", "2026-12-03"),
    ("on 4/17", "2026-04-17"),
    ("13.3.2026", "2026-03-13"),
    ("08/16/00", "2000-08-16"),
    ("3/14/26", "2026-03-14"),
    ("April 14, 2026, Tuesday", "2026-04-14"),
    ("tomorrow morning", "2026-03-05"),
    ("the day after tomorrow", "2026-03-06"),
    ("in two weeks", "2026-03-18"),
    ("by the 5th.", "2026-03-05"),
    ("next Tuesday", "2026-03-10"),
    ("Tuesday, March 10", "2026-03-10"),
    ("it broke today, please come Thursday", "2026-03-05"),
    ("bought on 3 March 2024; come on 12 June", "2026-06-12"),
    ("el martes 10 de marzo", "2026-03-10"),
    ("mañana por la mañana", "2026-03-05"),
    ("pasado mañana", "2026-03-06"),
    ("le 1er avril", "2026-04-01"),
    ("après-demain", "2026-03-06"),
    ("Guten Morgen, bitte am 10. März", "2026-03-10"),
    ("übermorgen", "2026-03-06"),
]
NO_DATES = [
    *("May I ask", "the sat nav", "gate code 0100", "5th Street", "1/2 inch on 3/4 inch pipe"),
    *(
        "INV-2026-03-04",
        "30 days",
        "24/7",
        "Feb 30",
        "every Tuesday",
        "last Tuesday",
        "mon ami",
    ),
    *("you may 2 or 3 times", "guten Morgen", "buena mañana", "unit 3/4/5", "518-555-0143", ""),
]
UNCLEAR = ["on 11/12", "next Friday", "Monday or Wednesday", "Tuesday, March 11"]


@pytest.mark.parametrize(("text", "day"), DATES)
def test_a_date_is_read_as_its_writer_meant_it(text, day):
    assert extract(mail(text), "date") == day


@pytest.mark.parametrize("text", NO_DATES)
def test_what_only_looks_like_a_date_is_none(text):
    found = STEP.run(context(mail(text)), Options(fields={"day": "date"}))
    assert found.values == {"day": "", "day_text": ""}


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_could_be_two_dates_is_left_to_a_person_in_its_own_words(text):
    found = STEP.run(context(mail(text)), Options(fields={"day": "date"}))
    assert found.values["day"] == ""
    assert found.values["day_text"]


def test_the_region_decides_the_order_of_day_and_month():
    assert extract(mail("12/03/2026"), "date", region="DE") == "2026-03-12"
    assert extract(mail("03/04/2026"), "date", region="CA-ON") == ""
    assert extract(mail("13/04/2026"), "date", region="CA-ON") == "2026-04-13"


def test_today_is_the_day_where_the_business_is():
    assert extract(mail("tomorrow"), "date", time_zone="Pacific/Auckland") == "2026-03-06"


@settings(deadline=None)  # the first reading loads a library
@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.dates(date(2000, 1, 1), date(2090, 1, 1))
)
def test_a_date_in_iso_form_is_always_that_date(day, today):
    assert read_date([f"on {day} please"], region_of("US"), today).value == day.isoformat()


@settings(deadline=None)  # the first reading loads a library
@given(st.integers(1, 12), st.integers(1, 28), st.sampled_from(["US", "GB", "CA"]))
def test_a_day_and_a_month_in_figures_are_never_swapped_unasked(month, day, code):
    """Whatever comes out is one of the two readings, and in Canada both must agree."""
    region = region_of(code)
    found = read_date([f"{month}/{day}/2027"], region, date(2026, 1, 1)).value
    right = {"US": date(2027, month, day).isoformat()}
    if code == "US":
        assert found == right["US"]
    elif code == "GB" and day <= 12:
        assert found == date(2027, day, month).isoformat()
    elif code == "CA" and day <= 12 and day != month:
        assert found == ""


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("at 3pm", "15:00"),
        ("3:30 p.m. works", "15:30"),
        ("15:30", "15:30"),
        ("3-4pm", "15:00"),
        ("11am-1pm", "11:00"),
        ("11-1pm", "11:00"),
        ("between 9:00 and 11:00", "09:00"),
        ("um 14 Uhr", "14:00"),
        ("à 14h30", "14:30"),
        ("a las 3 de la tarde", "15:00"),
        ("12 am", "00:00"),
        ("at noon", "12:00"),
        ("at 3", ""),
        ("code 0100", ""),
        ("9am or 2pm", ""),
        ("10.03.2026", ""),
    ],
)
def test_times_of_day(text, time):
    assert read_time([text]) == time


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("call (518) 555-0143", "+15185550143"),
        ("212.555.0199", "+12125550199"),
        ("+44 20 7946 0958", "+442079460958"),
        ("INV-2026001042", ""),
        ("order 2026001042A", ""),
        ("555-0143", ""),
        ("12/03/2026 10:30", ""),
    ],
)
def test_phones_are_read_by_region_as_e164(text, phone):
    assert extract(mail(text), "phone") == phone


def test_a_phone_of_another_country_is_read_as_dialled_there():
    assert extract(mail("020 7946 0958"), "phone", region="GB") == "+442079460958"


@pytest.mark.parametrize("kind", ALL)
def test_a_stand_in_is_never_a_value(kind):
    text = (
        "Call <PHONE_1> or <EMAIL_2>, <PERSON_1> at <ADDRESS_12>, invoice <ID_1042>, "
        "INV-<NUMBER_77>, $<AMOUNT_480>, on <DATE_10>"
    )
    item = mail(text if kind != "text" else "", subject=text if kind != "text" else "")
    assert extract(item, kind) == ""


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("It is $480", "480.00 USD"),
        ("1.234,56 EUR", "1234.56 EUR"),
        ("USD480", "480.00 USD"),
        ("£1,200 all in", "1200.00 GBP"),
        ("CHF 1'200.50", "1200.50 CHF"),
        ("$4.000 a year", "4000.00 USD"),
        ("between $200 and $300", ""),
        ("subtotal $450, total $480", "480.00 USD"),
        ("480", ""),
        ("$12,34,567", ""),
    ],
)
def test_amounts(text, amount):
    assert extract(mail(text), "amount") == amount


@settings(deadline=None)  # the first reading loads a library
@given(st.integers(1, 99_999_999), st.sampled_from([",.", ".,", "' ", " ,"]))
def test_an_amount_is_read_to_the_cent_whichever_way_it_is_grouped(cents, marks):
    group, point = marks[0], marks[1].replace(" ", ".")
    whole, rest = divmod(cents, 100)
    text = f"{whole:,}".replace(",", group) + f"{point}{rest:02d}"
    expected = f"{whole}.{rest:02d} EUR"
    assert extract(mail(f"Please pay {text} EUR."), "amount") == expected
    assert extract(mail(f"It comes to €{text}, thanks"), "amount") == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Invoice INV-1042 attached", "INV-1042"),
        ("invoice no. 1042", "1042"),
        ("Invoice Number\nABC-99", "ABC-99"),
        ("Rechnungsnummer: 2026-0077", "2026-0077"),
        ("Factura n.º 2026/113", "2026/113"),
        ("facture n° F-2026-08", "F-2026-08"),
        ("our order 4711", "4711"),
        ("order 20 bags", ""),
        ("invoice 480.00", ""),
        ("Invoice date 2026-03-04", ""),
        ("invoice 2026", ""),
    ],
)
def test_numbers_of_invoices_orders_and_quotes(text, number):
    assert extract(mail(text), "number") == number


@settings(deadline=None)  # the first reading loads a library
@given(st.from_regex(r"[A-Z]{1,4}-?[0-9]{3,8}(/[0-9]{2,4})?", fullmatch=True))
def test_a_labelled_number_is_found_and_names_itself(number):
    assert read_references(f"Invoice no. {number} attached")[0] == number
    assert spans_of(number, f"thanks for {number.lower().replace('-', ' ')} again")
    assert not spans_of(number, f"thanks for {normalised(number)}7")


def test_kept_fields_come_before_the_text():
    kept = {
        "customer.name": "Ada Byrne",
        "customer.address": "9 Chapel Hill Road",
        "site.address": "27 Tannery Lane",
        "customer.email": "ada@customer.example",
    }
    item = mail("I am at 12 Main St")
    assert extract(item, "name", kept=kept) == "Ada Byrne"
    assert extract(item, "address", kept=kept) == "9 Chapel Hill Road"
    assert extract(item, "address", name="site", kept=kept) == "27 Tannery Lane"
    assert extract(item, "email", kept=kept) == "ada@customer.example"
    assert extract(item, "address") == "12 Main St"


def test_a_movement_on_the_account_says_its_day_and_amount():
    item = payment("-12.5", "INV-7000 rent")
    assert extract(item, "amount") == "-12.50 USD"
    assert extract(item, "date") == "2026-03-04"
    assert extract(item, "number") == "INV-7000"


@pytest.mark.parametrize("name", ["items", "keys", "Upper", "a-b", "1a", ""])
def test_a_name_that_templates_could_not_reach_is_refused(name):
    with pytest.raises(ValidationError):
        Options(fields={name: "date"})


@settings(deadline=None)  # the first reading loads a library
@given(st.text(max_size=300), st.text(max_size=60))
def test_whatever_the_text_each_value_is_a_string(text, subject):
    item = mail(text, subject=subject, papers=[text])
    found = STEP.run(context(item), Options(fields={f"f_{kind}": kind for kind in ALL}))
    assert all(isinstance(value, str) for value in found.values.values())


def test_an_invoice_number_is_not_dialled():
    assert read_phones("our ref A-2125550199", "US") in ([], ["+12125550199"])
    assert read_phones("INV2125550199", "US") == []
