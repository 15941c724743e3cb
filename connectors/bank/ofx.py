"""OFX and QFX bank files, SGML and XML, as banks really write them.

ofxtools reads the markup. Two things that banks do would make it lose text and movements
without a word, so they are mended first: CDATA on one line, and a bare `<` in text. Where
an element is left empty without an end tag, it takes in what follows; so values are looked
for at any depth. Where ends of postings or statements are missing or misplaced, a tree
means nothing; then each posting is read by itself, up to the next. The census reads all of
them so.
"""

from __future__ import annotations

import html
import itertools
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from connectors.bank.entries import Entry, Ledger, Movement
from flows.cells import (
    masked_number,
    read_currency,
    read_ofx_amount,
    read_ofx_date,
    tidy,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_STATEMENTS = ("STMTRS", "CCSTMTRS", "INVSTMTRS", "LOANSTMTRS")
_ENDS = ("STMTTRN", "BANKTRANLIST", "INVBANKTRAN", "OFX")
_KNOWN_BY = ("FITID", "DTPOSTED", "TRNAMT", "CURSYM", "NAME", "EXTDNAME", "MEMO", "REFNUM")
_FIELDS = frozenset(_KNOWN_BY) | {
    "CHECKNUM",
    "CURDEF",
    "BANKID",
    "BROKERID",
    "ACCTID",
    "LOANACCTID",
    "CORRECTFITID",
    "CORRECTACTION",
}

_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG_OR_LESS = re.compile(r"<(/?[A-Za-z][A-Za-z0-9._]*)?(?(1)[ \t]*(/)?>)")
_AFTER_END = re.compile(r"(</[A-Z0-9._]+>)[^<]+")
_OTHER_CURRENCY = re.compile(r"<ORIGCURRENCY>.*?</ORIGCURRENCY>", re.DOTALL)
_TOKEN = re.compile(rf"<(/?STMTTRN|/BANKTRANLIST|/?(?:{'|'.join(_STATEMENTS)}))>")
# The tokens of a file in order: S and s are a statement's start and end, P and p a posting's.
_IN_ORDER = re.compile(r"(?:S(?:Pp|l)*s)*")
_VALUE = re.compile(rf"<({'|'.join(sorted(_FIELDS))})>([^<]*)")
_STATEMENT = re.compile(rf"<(?:{'|'.join(_STATEMENTS)})>")
_POSTINGS = re.compile(r"<STMTTRN>.*</STMTTRN>", re.DOTALL)
_AROUND = re.compile(r"<(DTSERVER|DTSTART|DTEND|DTASOF|BALAMT)>([^<]*)")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_START = re.compile(r"<STMTTRN[ \t]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a statement says of all its movements: number of the account, currency."""

    account: str = ""
    bank: str = ""
    currency: str = ""
    made_at: str = ""
    ledger: Ledger | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """One `<STMTTRN>`: its own elements as text, within its statement."""

    statement: Statement
    values: Mapping[str, str] = field(default_factory=dict)


def entries(text: str, *, file: str, currency: str) -> list[Entry] | None:
    """Return an entry for every posting, in order; None if there is no OFX in the text.

    Reasons: `bad_date`, `bad_amount`, `bad_currency`, `cut_off` (the file ends within it).
    """
    body = mended(text)
    if not body:
        return None
    postings = _postings_by_tree(body) if _is_in_order(body) else None
    if postings is None:
        postings = postings_one_by_one(body)
    pointers = _pointers(text, file, len(postings))
    last_is_cut = not is_ended(body)
    return [
        entry_of(posting, pointer, currency, cut_off=last_is_cut and n == len(postings))
        for n, (posting, pointer) in enumerate(zip(postings, pointers, strict=True), start=1)
    ]


def mended(text: str) -> str:
    """Return the markup from `<OFX>` on, with the same meaning and in plainer form."""
    text = _COMMENT.sub("", _CDATA.sub(lambda match: escape(match[1]), text))
    text = _TAG_OR_LESS.sub(_plain_tag, text)
    start = text.find("<OFX>")
    return _AFTER_END.sub(r"\1\n", text[start:]) if start != -1 else ""


def _plain_tag(match: re.Match[str]) -> str:
    if match[1] is None:
        return "&lt;"
    return "" if match[2] else f"<{match[1].upper()}>"


def _postings_by_tree(body: str) -> list[Posting] | None:
    from ofxtools.Parser import TreeBuilder  # noqa: PLC0415  (a second, spent only on OFX)

    # It logs the text of every element, which is nobody's business.
    logging.getLogger("ofxtools").setLevel(logging.WARNING)
    try:
        builder = TreeBuilder()
        builder.feed(body)
        root = builder.close()
    except (SyntaxError, IndexError, AssertionError):
        return None
    postings: list[Posting] = []
    frames = _frames(body)
    waiting: list[tuple[Element, Statement]] = [(root, Statement())]
    while waiting:
        element, statement = waiting.pop()
        if element.tag in _STATEMENTS:
            statement = _statement(_values(element), next(frames, {}))
        elif element.tag == "STMTTRN":
            postings.append(Posting(statement, _values(element)))
        waiting += ((child, statement) for child in reversed(element))
    return postings


def _values(element: Element) -> dict[str, str]:
    """Return the elements of a posting, or of a statement up to its first posting."""
    values: dict[str, str] = {}
    waiting = list(reversed(element))
    while waiting and waiting[-1].tag != "STMTTRN":
        child = waiting.pop()
        if child.tag in _FIELDS:
            values.setdefault(child.tag, _plain_text(child.text or ""))
        if child.tag != "ORIGCURRENCY":
            waiting += reversed(child)
    return values


def _is_in_order(body: str) -> bool:
    signs = {"STMTTRN": "P", "/STMTTRN": "p", "/BANKTRANLIST": "l"}
    tokens = (match[1] for match in _TOKEN.finditer(body))
    order = (signs.get(token, "s" if token.startswith("/") else "S") for token in tokens)
    return _IN_ORDER.fullmatch("".join(order)) is not None


def postings_one_by_one(body: str) -> list[Posting]:
    """Return the postings of mended markup, each read by itself, whatever is around it."""
    postings: list[Posting] = []
    statement = Statement()
    frames = _frames(body)
    tokens = list(_TOKEN.finditer(body))
    ends = [*(token.start() for token in tokens[1:]), len(body)]
    for token, end in zip(tokens, ends, strict=False):
        values: dict[str, str] = {}
        for tag, text in _VALUE.findall(_OTHER_CURRENCY.sub("", body[token.end() : end])):
            values.setdefault(tag, _plain_text(text))
        if token[1] in _STATEMENTS:
            statement = _statement(values, next(frames, {}))
        elif token[1] == "STMTTRN":
            postings.append(Posting(statement, values))
    return postings


def _statement(values: Mapping[str, str], frame: Mapping[str, str]) -> Statement:
    currency = values.get("CURDEF", "")
    return Statement(
        account=values.get("ACCTID") or values.get("LOANACCTID", ""),
        bank=values.get("BANKID") or values.get("BROKERID", ""),
        currency=currency,
        made_at=re.sub(r"\D.*", "", frame.get("DTSERVER") or frame.get("DTASOF", "")),
        ledger=_ledger(frame, currency),
    )


def _frames(body: str) -> Iterator[dict[str, str]]:
    """Yield what each statement says around its postings, in their order."""
    starts = [*(start.start() for start in _STATEMENT.finditer(body)), len(body)]
    made = dict(_AROUND.findall(body[: starts[0]]))
    for start, end in itertools.pairwise(starts):
        frame = _POSTINGS.sub("", body[start:end])
        said = dict(reversed(_AROUND.findall(frame.partition("<AVAILBAL>")[0])))
        yield {tag: text.strip() for tag, text in {**made, **said}.items()}


def _ledger(frame: Mapping[str, str], currency: str) -> Ledger | None:
    """Return the balance, if it is that at the end of the list and not of another day."""
    start, end = read_ofx_date(frame.get("DTSTART", "")), read_ofx_date(frame.get("DTEND", ""))
    day = read_ofx_date(frame.get("DTASOF", ""))
    balance = read_ofx_amount(frame.get("BALAMT", ""))
    if start is None or day is None or balance is None or day != end:
        return None
    return Ledger(currency=currency, start=start, day=day, balance=balance)


def entry_of(posting: Posting, pointer: str, currency: str, *, cut_off: bool) -> Entry:
    """Return the posting as an entry; *currency* is meant where the file names none."""
    values, statement = posting.values, posting.statement
    booked_on = read_ofx_date(values.get("DTPOSTED", ""))
    amount = read_ofx_amount(values.get("TRNAMT", ""))
    code = read_currency(values.get("CURSYM") or statement.currency or currency)
    if cut_off or booked_on is None or amount is None or code is None:
        reasons = (cut_off, booked_on is None, amount is None, code is None)
        words = ("cut_off", "bad_date", "bad_amount", "bad_currency")
        reason = next(word for word, holds in zip(words, reasons, strict=True) if holds)
        raw = [
            statement.account,
            *(f"{tag}={values[tag]}" for tag in _KNOWN_BY if tag in values),
        ]
        return Entry(pointer=pointer, reason=reason, raw=tuple(raw))
    texts = (values.get(tag, "") for tag in ("MEMO", "REFNUM", "CHECKNUM"))
    movement = Movement(
        form="ofx",
        account=f"{statement.bank}/{statement.account}",
        shown_account=masked_number(statement.account),
        bank_id=values.get("FITID", ""),
        booked_on=booked_on,
        amount=amount,
        currency=code,
        counterparty=values.get("EXTDNAME") or values.get("NAME", ""),
        reference=" ".join(dict.fromkeys(text for text in texts if text)),
        made_at=statement.made_at,
        replaces=values.get("CORRECTFITID", ""),
        deletes=values.get("CORRECTACTION", "").upper() == "DELETE",
        ledger=statement.ledger,
    )
    return Entry(pointer=pointer, movement=movement)


def is_ended(body: str) -> bool:
    """Tell whether the last posting of mended markup is whole."""
    last = body.rfind("<STMTTRN>")
    return last == -1 or any(body.find(f"</{tag}>", last) != -1 for tag in _ENDS)


def _pointers(text: str, file: str, number: int) -> list[str]:
    lines, line, before = [], 1, 0
    for start in _START.finditer(text):
        line += text.count("\n", before, start.start())
        before = start.start()
        lines.append(line)
    if len(lines) == len(set(lines)) == number:
        return [f"{file}:{line}" for line in lines]
    return [f"{file}: movement {n}" for n in range(1, number + 1)]


def _plain_text(text: str) -> str:
    return tidy(_ENTITY.sub(lambda match: html.unescape(match[0]), text))
