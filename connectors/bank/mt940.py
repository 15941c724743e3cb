"""MT940 bank statements (SWIFT), in the dialects of many banks.

mt-940 knows the lines `:61:` and balances. It is asked for one field at a time: a line that
it cannot read would cost the whole file, and stand in its log with all that the bank wrote;
and its reading of a whole file makes one statement of several.

Source: SWIFT Standards MT category 9, MT940 customer statement message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

from connectors.bank.entries import Entry, Movement, file_entry
from connectors.bank.exchange import stated
from connectors.bank.mt940_details import Details, read_details
from connectors.bank.statement import Statement
from flows.cells import masked_number, read_currency, tidy
from flows.model import Exchange, Money

_FIELD: Final = re.compile(
    r"^(?:\{.*?\{4:)?:(13D?|20|21|25P?|28C?|34F|60[FM]|61|62[FM]|64|65|86|90[CD]|NS):",
    re.MULTILINE,
)
_END: Final = re.compile(r"^-(?:\}.*)?$", re.MULTILINE)
_AMOUNT: Final = re.compile(r"\d+(?:,\d*)?", re.ASCII)
_NUMBER: Final = re.compile(r"\d[\d,.]*", re.ASCII)
_MONEY: Final = re.compile(rf"([A-Z]{{3}})({_NUMBER.pattern})", re.ASCII)
_NONE_GIVEN: Final = frozenset(
    {"", "NONREF", "NOTPROVIDED", "EREF", "KREF", "MARF", "MREF", "PREF", "NOREF"}
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the message: `61`, what stands there, and on which line, from 1."""

    tag: str
    text: str
    line: int


def entries(text: str, *, file: str, currency: str) -> list[Entry] | None:
    """Return an entry for every `:61:`, in order; None if there is no MT940 in the text.

    Reasons: `bad_row` (no line of a statement), `bad_date`, `bad_amount`, `bad_currency`,
    `does_not_add_up`, `cut_off` (a statement without closing balance); for the whole file
    `not_a_statement` (MT942, which lists a day that is not over).
    """
    fields = list(_fields(text))
    tags = {field.tag for field in fields}
    if "20" not in tags:
        return None
    if not tags & {"60F", "60M", "62F", "62M"} and tags & {"34F", "13D"}:
        return [file_entry(file, "not_a_statement", text.encode())]
    found: list[Entry] = []
    statement, closed = Statement(file), True
    for at, field in enumerate(fields):
        if field.tag == "20":
            found += _end(statement, closed=closed, line=field.line)
            statement, closed = Statement(file), True
        elif field.tag == "61":
            following = [each for each in fields[at + 1 : at + 3] if each.tag != "NS"][:1]
            details = "".join(each.text for each in following if each.tag == "86")
            found.append(_entry(field, details, statement, currency))
            closed = False
        elif field.tag.startswith(("25", "28", "60", "62")):
            closed |= field.tag.startswith("62")
            _learn(field, statement)
    return [*found, *_end(statement, closed=closed, line=text.count("\n") + 1)]


def _fields(text: str) -> Iterator[Field]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    starts = list(_FIELD.finditer(text))
    ends = [*(start.start() for start in starts[1:]), len(text)]
    line, before = 1, 0
    for start, end in zip(starts, ends, strict=True):
        line += text.count("\n", before, start.start())
        before = start.start()
        value = text[start.end() : end]
        if over := _END.search(value):
            value = value[: over.start()]
        yield Field(start[1], "\n".join(map(str.rstrip, value.strip("\n").split("\n"))), line)


def _end(statement: Statement, *, closed: bool, line: int) -> list[Entry]:
    if closed:
        return statement.trouble()
    raw = ("cut_off", statement.account, statement.number, str(statement.moved))
    return [Entry(pointer=f"{statement.file}:{line}", reason="cut_off", raw=raw)]


def _learn(field: Field, statement: Statement) -> None:
    """Take in what a field says of the statement as a whole."""
    if field.tag.startswith("25"):
        statement.account = _account(field.text)
    elif field.tag.startswith("28"):
        statement.number = field.text.strip()
    elif balance := _matched("60F", field.text):
        amount, code = _signed(balance), balance["currency"].upper()
        statement.currency = statement.currency or code
        statement.sure &= amount is not None and code == statement.currency
        # A message of several pages opens with one balance and closes with another.
        if not field.tag.startswith("60"):
            statement.closing = amount
        elif statement.opening is None:
            statement.opening = amount
    else:
        statement.sure = False


def _account(text: str) -> str:
    """Return the account's number, without the currency that some banks write behind it."""
    bare = re.sub(r"\s", "", text)
    has_code = re.search(r"\d([A-Z]{3})$", bare)
    return bare[:-3] if has_code and read_currency(has_code[1]) else bare


def _entry(field: Field, details: str, statement: Statement, currency: str) -> Entry:
    pointer = f"{statement.file}:{field.line}"
    line = _matched("61", field.text)
    amount = _signed(line) if line else None
    booked_on = _booked_on(line) if line else None
    code = read_currency(statement.currency or currency)
    statement.book(amount, statement.currency or currency)
    checks = {"bad_row": line, "bad_date": booked_on, "bad_amount": amount}
    reasons = [
        word for word, value in {**checks, "bad_currency": code}.items() if value is None
    ]
    if line is None or booked_on is None or amount is None or code is None:
        raw = (statement.account, field.text, details)
        return Entry(pointer=pointer, reason=reasons[0], raw=raw)
    told = read_details(details, line["extra_details"] or "")
    bank_id = (line["bank_reference"] or "").strip()
    fee, exchange = _beside(told, amount, code)
    movement = Movement(
        form="mt940",
        account=statement.account,
        shown_account=masked_number(statement.account),
        bank_id="" if bank_id.strip("0").upper() in _NONE_GIVEN else bank_id,
        booked_on=booked_on,
        amount=amount,
        currency=code,
        counterparty=told.counterparty,
        reference=_reference(told, line["customer_reference"] or ""),
        fee=fee,
        exchange=exchange,
    )
    return Entry(pointer=pointer, movement=statement.apart(movement))


@cache
def _pattern(tag: str) -> re.Pattern[str]:
    import mt940.tags  # noqa: PLC0415  (spent only on MT940)

    # The variant of `:61:` takes the same lines, and references longer than SWIFT allows.
    known = mt940.tags.StatementGLS() if tag == "61" else mt940.tags.TAG_BY_ID[tag]
    return known.re


def _matched(tag: str, text: str) -> Mapping[str, str] | None:
    match = _pattern(tag).match(text.strip())
    return match.groupdict() if match else None


def _signed(line: Mapping[str, str]) -> Decimal | None:
    """Return the amount with its sign: `RC` takes back what came in, `RD` what went out."""
    if not _AMOUNT.fullmatch(line["amount"]):
        return None
    value = Decimal(line["amount"].replace(",", "."))
    return -value if line["status"].upper() in {"D", "RC"} else value


def _booked_on(line: Mapping[str, str]) -> date | None:
    """Return the entry date, in the year in which it is nearest to the value date.

    Some banks write value dates such as the 30th of February.
    """
    year, month, day = (int(line[name]) for name in ("year", "month", "day"))
    year += 2000 if year < 70 else 1900  # noqa: PLR2004  (as for all two-digit years here)
    month_booked, day_booked = (line["entry_month"] or ""), (line["entry_day"] or "")
    if not (month_booked.strip() and day_booked.strip()):
        return _date(year, month, day)
    apart = month - int(month_booked)
    if abs(apart) > 6:  # noqa: PLR2004  (months: half a year)
        year += 1 if apart > 0 else -1
    return _date(year, int(month_booked), int(day_booked))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _reference(told: Details, customer_reference: str) -> str:
    own = tidy(customer_reference)
    texts = [told.reference, *told.ids, own]
    known = [text for text in texts if text.upper() not in _NONE_GIVEN]
    return " ".join(dict.fromkeys(known))


def _beside(told: Details, amount: Decimal, code: str) -> tuple[Decimal, Exchange | None]:
    """Return the fee within the amount, and what was paid in another currency."""
    fee, exchange = Decimal(0), None
    if (charged := _money(told.charges)) and charged.currency == code:
        fee = charged.amount
    if (paid := _money(told.original)) and paid.currency != code:
        signed = Money(amount=paid.amount.copy_sign(amount), currency=paid.currency)
        exchange = stated(signed, amount + fee, _number(told.rate))
    return fee, exchange


def _money(text: str) -> Money | None:
    match = _MONEY.match(text.strip())
    if match is None:
        return None
    amount = _number(match[2])
    if amount is None or not read_currency(match[1]):
        return None
    return Money(amount=amount, currency=match[1])


def _number(text: str) -> Decimal | None:
    """Return a number with a comma or a point before its decimals; None if it is none."""
    match = _NUMBER.match(text.strip())
    number = match[0].rstrip(",.").replace(",", ".") if match else ""
    return Decimal(number) if number and number.count(".") <= 1 else None
