"""CAMT.053 bank statements (ISO 20022), versions 001.02 to 001.13.

defusedxml reads the markup, one entry in memory at a time. `pycamt`, of which our tests ask
a second opinion, loses too much to be read from: it finds nothing in a document with a
namespace prefix, takes the first amount below a detail, whatever its currency, makes
balances floats, and drops charges, rates of exchange, accounts without IBAN and all but the
first structured reference.

Only what is booked is taken. What is announced (`PDNG`, `INFO`, `FUTR`) comes again when it
is booked, and so do the reports (camt.052) and notices (camt.054) of a day.

Source: ISO 20022 message definitions camt.053.001.02 to camt.053.001.13.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from connectors.bank.camt_entry import amount_of, entries_of
from connectors.bank.entries import Entry, file_entry
from connectors.bank.statement import Statement

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_STATEMENTS: Final = "BkToCstmrStmt"
_OTHER_MESSAGES: Final = frozenset({"BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn"})
_DEEPEST: Final = 64


class _Refused(Exception):
    """The file as a whole is none to read; the argument is the reason."""


def entries(content: bytes, *, file: str, currency: str) -> list[Entry] | None:
    """Return an entry for every movement, in order; None if there is no CAMT in the bytes.

    A batch whose details add up to it is one movement for each detail. Reasons:
    `not_booked`, `bad_date`, `bad_amount`, `bad_currency`, `does_not_add_up`, `cut_off`; for
    the whole file `not_a_statement` and `unsafe_xml`.
    """
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415  (spent only on CAMT)

    found: list[Entry] = []
    try:
        for entry in _read(content, file, currency):
            found.append(entry)  # noqa: PERF402  (what came before an error is kept)
    except _Refused as refused:
        return [file_entry(file, str(refused), content)] if str(refused) else None
    except DefusedXmlException:
        return [file_entry(file, "unsafe_xml", content)]
    except (ParseError, UnicodeError, ValueError, LookupError):
        return [*found, file_entry(file, "cut_off", content)]
    return found


def _read(content: bytes, file: str, currency: str) -> Iterator[Entry]:
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415  (as above)

    path: list[Element] = []
    statement, number = Statement(file), 0
    for event, element in iterparse(
        io.BytesIO(content), events=("start", "end"), forbid_dtd=True
    ):
        if event == "start":
            element.tag = element.tag.rpartition("}")[2]
            path.append(element)
            _check(path)
            if element.tag == "Stmt":
                statement = Statement(file)
            continue
        path.pop()
        if path and path[-1].tag == "Stmt":
            if element.tag == "Ntry":
                number += 1
                yield from entries_of(element, statement, f"{file}: entry {number}", currency)
            else:
                _learn(element, statement)
            # A year of entries as one tree would take a hundred times the file.
            path[-1].remove(element)
        elif element.tag == "Stmt":
            yield from statement.trouble()


def _check(path: list[Element]) -> None:
    if len(path) > _DEEPEST:
        raise _Refused("unsafe_xml")
    if len(path) == 2 and path[1].tag != _STATEMENTS:  # noqa: PLR2004  (below the root)
        raise _Refused("not_a_statement" if path[1].tag in _OTHER_MESSAGES else "")


def _learn(element: Element, statement: Statement) -> None:
    """Take in what a statement says of itself; it stands before its entries."""
    if element.tag == "Id":
        statement.number = (element.text or "").strip()
    elif element.tag == "CreDtTm":
        statement.made_at = re.sub(r"\D", "", (element.text or "")[:19])
    elif element.tag == "Acct":
        statement.account = _account(element)
        statement.currency = element.findtext("Ccy", "").strip()
    elif element.tag == "StmtPgntn":
        only = element.findtext("PgNb", "").strip() == "1"
        statement.whole = only and element.findtext("LastPgInd", "").strip() in {"true", "1"}
    elif element.tag == "Bal":
        _take_balance(element, statement)


def _account(element: Element) -> str:
    number = element.findtext("Id/IBAN") or element.findtext("Id/Othr/Id") or ""
    return re.sub(r"\s", "", number)


def _take_balance(element: Element, statement: Statement) -> None:
    kind = element.findtext("Tp/CdOrPrtry/Cd", "").strip()
    amount, code = amount_of(element)
    statement.currency = statement.currency or code
    if amount is not None and code != statement.currency:
        return
    if element.findtext("Tp/SubTp/Cd", "").strip() == "INTM":
        statement.whole = False
    # The balance at the end of the day before is the one with which the day opens.
    if kind in {"OPBD", "PRCD"}:
        known, statement.opening = statement.opening, amount
        statement.sure &= amount is not None and _agree(known, amount)
    elif kind == "CLBD":
        known, statement.closing = statement.closing, amount
        statement.sure &= amount is not None and _agree(known, amount)


def _agree(known: Decimal | None, amount: Decimal) -> bool:
    return known is None or known == amount
