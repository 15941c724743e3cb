"""One entry of a CAMT.053 statement as movements: amounts, charges, exchange, words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from connectors.bank.entries import Entry, Movement
from connectors.bank.exchange import stated
from connectors.bank.statement import Statement
from flows.cells import masked_number, read_currency, read_date, tidy
from flows.model import Exchange, Money

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_AMOUNT: Final = re.compile(r"\+?\d{1,18}(?:\.\d{0,17})?", re.ASCII)
_NONE_GIVEN: Final = frozenset({"", "NOTPROVIDED", "NOTAVAILABLE", "NONREF", "NONE"})
_LONGEST: Final = 2_000
"""Characters of words; a batch that is taken as one movement may have thousands of texts."""

_SIGNS: Final = {"CRDT": 1, "DBIT": -1}
_WORDS: Final = (
    "RmtInf/Strd/CdtrRefInf/Ref",
    "RmtInf/Strd/RfrdDocInf/Nb",
    "RmtInf/Ustrd",
    "RmtInf/Strd/AddtlRmtInf",
    "Refs/EndToEndId",
)
_OTHER_WORDS: Final = ("AddtlTxInf", "AddtlNtryInf")
_PAID_IN: Final = ("InstdAmt", "TxAmt", "CntrValAmt")


def amount_of(element: Element, sign: str = "") -> tuple[Decimal | None, str]:
    """Return the signed amount directly below an element, and its currency as written.

    *sign* is `CRDT` or `DBIT`, for an element that does not say it.
    """
    amount = element.find("Amt")
    factor = _SIGNS.get(_text(element, "CdtDbtInd") or sign)
    if amount is None or factor is None:
        return None, ""
    value = _decimal(amount)
    return None if value is None else value * factor, amount.get("Ccy", "").strip()


def entries_of(
    element: Element, statement: Statement, pointer: str, currency: str
) -> Iterator[Entry]:
    """Yield the movements of an `<Ntry>`, or why it is none; *currency* where none is said."""
    amount, written = amount_of(element)
    code = read_currency(written or statement.currency or currency)
    reason = "" if _status(element) in {"", "BOOK"} else "not_booked"
    booked_on = _day(element)
    if not reason:
        statement.book(amount, code)
        checks = {"bad_date": booked_on, "bad_amount": amount, "bad_currency": code}
        reason = next((word for word, value in checks.items() if value is None), "")
    if reason or booked_on is None or amount is None or code is None:
        yield Entry(pointer=pointer, reason=reason, raw=_raw(element, statement))
        return
    whole = Movement(
        form="camt",
        account=statement.account,
        shown_account=masked_number(statement.account),
        bank_id=_id(element, "AcctSvcrRef"),
        booked_on=booked_on,
        amount=amount,
        currency=code,
        counterparty="",
        reference="",
        made_at=statement.made_at,
    )
    for movement in _movements(element, whole):
        yield Entry(pointer=pointer, movement=statement.apart(movement))


def _movements(element: Element, whole: Movement) -> Iterator[Movement]:
    details = element.findall("NtryDtls/TxDtls")
    amounts = [_amount_of_detail(detail, element, whole.currency) for detail in details]
    if len(details) > 1 and None not in amounts and sum(filter(None, amounts)) == whole.amount:
        numbers: Counter[tuple[str, ...]] = Counter()
        for detail, amount in zip(details, amounts, strict=True):
            assert amount is not None  # noqa: S101  (none of them is)
            yield _told(whole, amount, [detail], element, _part_id(whole, detail, numbers))
    else:
        yield _told(whole, whole.amount, details, element, _whole_id(whole, details))


def _told(
    whole: Movement, amount: Decimal, details: Sequence[Element], entry: Element, bank_id: str
) -> Movement:
    """Return the movement with all that its details, or else the entry, say of it."""
    alone = len(details) <= 1
    detail = details[0] if len(details) == 1 else entry
    fee = _charged(detail, whole.currency)
    if not fee and alone and amount == whole.amount:
        fee = _charged(entry, whole.currency)
    return replace(
        whole,
        bank_id=bank_id,
        amount=amount,
        counterparty=_other_party(detail, entry, amount),
        reference=_words(details, entry),
        fee=fee,
        exchange=_exchange(detail, entry, amount + fee, whole.currency),
    )


def _amount_of_detail(detail: Element, entry: Element, code: str) -> Decimal | None:
    """Return what a detail moved; in version 001.02 it stands below `AmtDtls` alone."""
    sign = _text(entry, "CdtDbtInd")
    amount, written = amount_of(detail, sign)
    if amount is None:
        below = detail.find("AmtDtls/TxAmt")
        amount, written = amount_of(below, sign) if below is not None else (None, "")
    return amount if written == code else None


def _whole_id(whole: Movement, details: Sequence[Element]) -> str:
    own = _id(details[0], "Refs/AcctSvcrRef") if len(details) == 1 else ""
    return whole.bank_id or own


def _part_id(whole: Movement, detail: Element, numbers: Counter[tuple[str, ...]]) -> str:
    """Return the bank's id of one member of a batch, or one made of the batch's id."""
    own = _id(detail, "Refs/AcctSvcrRef")
    if own and own != whole.bank_id:
        return own
    names = ("Refs/EndToEndId", "Refs/TxId", "Refs/InstrId", "Refs/UETR")
    said = tuple(_id(detail, name) for name in names)
    numbers[said] += 1
    return " ".join(filter(None, (whole.bank_id, *said))) if whole.bank_id else ""


def _charged(element: Element, code: str) -> Decimal:
    """Return what the bank kept: charges within the amount, in its currency.

    Version 001.02 knows only charges within the amount; later ones say of each.
    """
    total = Decimal(0)
    for charges in element.findall("Chrgs"):
        records = charges.findall("Rcrd")
        inside = [each for each in records if _text(each, "ChrgInclInd") in {"true", "1"}]
        for each in inside if records else [charges]:
            amount, written = amount_of(each, "DBIT")
            if amount is not None and written == code:
                total -= amount
    return max(total, Decimal(0))


def _exchange(detail: Element, entry: Element, amount: Decimal, code: str) -> Exchange | None:
    for element in (detail, entry):
        for name in _PAID_IN:
            said = element.find(f"AmtDtls/{name}/Amt")
            paid = None if said is None else _decimal(said)
            currency = read_currency(said.get("Ccy", "")) if said is not None else None
            if paid and currency and currency != code:
                money = Money(amount=paid.copy_sign(amount), currency=currency)
                return stated(money, amount, _rate(element, {currency, code}))
    return None


def _rate(element: Element, currencies: set[str]) -> Decimal | None:
    for told in element.iterfind("AmtDtls/*/CcyXchg"):
        named = {_text(told, name) for name in ("SrcCcy", "TrgtCcy", "UnitCcy")} - {""}
        rate = told.find("XchgRate")
        if named <= currencies and rate is not None:
            return _decimal(rate)
    return None


def _other_party(detail: Element, entry: Element, amount: Decimal) -> str:
    """Return who paid or was paid; a reversal names the parties of what it takes back."""
    payer = (amount > 0) != (_text(entry, "RvslInd") in {"true", "1"})
    sides = ("Dbtr", "Cdtr") if payer else ("Cdtr", "Dbtr")
    side, _ = sides
    for name in (side, f"Ultmt{side}"):
        for below in ("Nm", "Pty/Nm", "Agt/FinInstnId/Nm"):
            if found := _text(detail, f"RltdPties/{name}/{below}"):
                return tidy(found)
    return ""


def _words(details: Sequence[Element], entry: Element) -> str:
    texts = [
        tidy(found.text or "")
        for detail in details
        for name in _WORDS
        for found in detail.iterfind(name)
    ]
    told = [text for text in dict.fromkeys(texts) if text.upper() not in _NONE_GIVEN]
    if not told:
        others = [_text(each, name) for each in (*details, entry) for name in _OTHER_WORDS]
        told = list(dict.fromkeys(filter(None, others)))
    return " ".join(told)[:_LONGEST]


def _status(entry: Element) -> str:
    return _text(entry, "Sts/Cd") or _text(entry, "Sts/Prtry") or _text(entry, "Sts")


def _day(entry: Element) -> date | None:
    for name in ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"):
        if text := _text(entry, name):
            return read_date(text[:10], "year-first")
    return None


def _raw(entry: Element, statement: Statement) -> tuple[str, ...]:
    words = (tidy(text) for text in entry.itertext())
    return (statement.account, *(word for word in words if word))


def _id(element: Element, name: str) -> str:
    found = _text(element, name)
    return "" if found.upper() in _NONE_GIVEN else found


def _decimal(element: Element) -> Decimal | None:
    text = (element.text or "").strip()
    return Decimal(text) if _AMOUNT.fullmatch(text) else None


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()
