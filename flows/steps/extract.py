"""`extract`: values read from the clean text, by type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, JsonValue

from flows.language.kinds import AMOUNT_TEXT, DATE_TEXT, NAME, PROSE, TEXT, Leaf, Returned
from flows.language.node import Node
from flows.steps.addresses import read_addresses
from flows.steps.amounts import format_money, read_amounts
from flows.steps.clean_text import documents, one_line, own_words
from flows.steps.contract import Step, StepContext, StepResult
from flows.steps.dates import DateReading, read_date
from flows.steps.invoice_text import read_invoice
from flows.steps.phones import read_phones
from flows.steps.references import read_references
from flows.steps.regions import region_of
from flows.steps.times import read_time

FieldType = Literal[
    "address", "date", "time", "phone", "amount", "email", "name", "number", "text"
]


def _readable_name(name: str) -> str:
    # `steps.details.items` would be the method of a mapping, not the value.
    if hasattr(dict, name):
        raise ValueError(f"{name!r} cannot be a field's name; choose another")
    return name


_KINDS: Final[Mapping[str, Leaf]] = {
    "address": Leaf("text", holds="address"),
    "amount": AMOUNT_TEXT,
    "date": DATE_TEXT,
    "email": Leaf("text", holds="email"),
    "name": NAME,
    "phone": Leaf("text", holds="phone"),
    "text": PROSE,
    "time": Leaf("text", holds="time"),
}

FieldName = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$"), AfterValidator(_readable_name)
]


class Options(Node):
    """Values to read from the mail, each by its type; "" where the mail does not say.

    Kept fields come first, then what the sender wrote this time, then attachments.
    """

    fields: dict[FieldName, FieldType] = Field(
        min_length=1,
        max_length=40,
        description=(
            "Name and type of each value. address: as written. date: 2026-03-14, empty if "
            "it could be two days; `<name>_text` holds the words. time: 15:30. "
            "phone: +15185550143. amount: 480.00 USD, empty if several disagree. "
            "email, name: of the customer, if the flow keeps them. "
            "number: of an invoice, order or quote. text: the new text on one line."
        ),
        examples=[{"site": "address", "wanted": "date", "phone": "phone"}],
    )


def run(context: StepContext, options: Options) -> StepResult:
    """Return a string for each field."""
    values: dict[str, JsonValue] = {}
    for name, kind in options.fields.items():
        if kind == "date":
            reading = _date(context)
            values[name], values[f"{name}_text"] = reading.value, reading.words
        else:
            values[name] = _READERS[kind](context, name)
    return StepResult(values=values)


def returns(options: object) -> Returned:
    """Return the fields, each of its type, and `<name>_text` for each date.

    *options* is an `Options` or the mapping that it is made from.
    """
    fields = options.fields if isinstance(options, Options) else None
    if isinstance(options, Mapping):
        fields = options.get("fields")
    if not isinstance(fields, Mapping):
        return {}
    known = {name: _KINDS.get(str(kind), TEXT) for name, kind in fields.items()}
    dates = (f"{name}_text" for name, kind in fields.items() if kind == "date")
    return known | dict.fromkeys(dates, PROSE)


def _texts(context: StepContext) -> list[str]:
    return [*own_words(context), *(document.text for document in documents(context))]


def _kept(context: StepContext, leaf: str, name: str) -> str:
    """The kept field of this kind: of the role named in *name*, else the customer's first."""
    found = {
        key.partition(".")[0]: value
        for key, value in context.kept.items()
        if key.partition(".")[2] == leaf and value
    }
    named = [role for role in found if role in name.split("_")]
    for role in (*named, "customer", "site", "supplier", *sorted(found)):
        if role in found:
            return found[role]
    return ""


def _date(context: StepContext) -> DateReading:
    region = region_of(context.business.region)
    if context.transaction is not None:
        return DateReading(context.transaction.booked_on.isoformat())
    received = context.mail.received_at if context.mail else context.now
    today = received.astimezone(ZoneInfo(context.business.time_zone)).date()
    for texts in (own_words(context), [each.text for each in documents(context)]):
        reading = read_date(texts, region, today)
        if reading.words:
            return reading
    return DateReading()


def _time(context: StepContext, _: str) -> str:
    return read_time(own_words(context))


def _phone(context: StepContext, name: str) -> str:
    country = region_of(context.business.region).country
    for text in (_kept(context, "phone", name), *_texts(context)):
        if found := read_phones(text, country):
            return found[0]
    return ""


def _amount(context: StepContext, _: str) -> str:
    if context.transaction is not None:
        return format_money(context.transaction.money)
    currency = context.business.currency
    for texts in (own_words(context), [each.text for each in documents(context)]):
        labelled = {
            money for text in texts for money in read_invoice(text, context.business).totals
        }
        named = labelled or {
            reading.money for text in texts for reading in read_amounts(text, currency)
        }
        if named:
            return format_money(named.pop()) if len(named) == 1 else ""
    return ""


_EMAIL: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?![\w-])", re.IGNORECASE
)


def _email(context: StepContext, name: str) -> str:
    if kept := _kept(context, "email", name):
        return one_line(kept, 254)
    found = [match[0] for text in _texts(context) for match in _EMAIL.finditer(text)]
    return found[0] if found else ""


def _name(context: StepContext, name: str) -> str:
    return one_line(_kept(context, "name", name), 200)


def _number(context: StepContext, _: str) -> str:
    found = [number for text in _texts(context) for number in read_references(text)]
    return found[0] if found else ""


def _address(context: StepContext, name: str) -> str:
    if kept := _kept(context, "address", name):
        return one_line(kept, 300)
    found = [address for text in _texts(context) for address in read_addresses(text)]
    return found[0] if found else ""


def _text(context: StepContext, _: str) -> str:
    words = own_words(context)
    return one_line(words[-1]) if words else ""


_READERS: Final = {
    "address": _address,
    "time": _time,
    "phone": _phone,
    "amount": _amount,
    "email": _email,
    "name": _name,
    "number": _number,
    "text": _text,
}

STEP: Final = Step(
    uses="extract",
    summary="Reads dates, phones, addresses, amounts and numbers from the clean text.",
    options=Options,
    run=run,
    on=frozenset({"mail", "transaction", "webhook", "manual"}),
    reads=frozenset({"*.address", "*.email", "*.name", "*.phone"}),
    returns=returns,
)
