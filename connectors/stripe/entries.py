"""One movement of a Stripe balance as an entry for us.

Of a payment these are kept: amount, currency, what became of it, the reference, the last four
digits and Stripe's id. Names, addresses, numbers of cards and what else Stripe knows of the
payer are not even looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from connectors.stripe.amounts import money
from flows.model import Exchange, Transaction, TransactionKind
from flows.ports import TransactionItem

Json = Mapping[str, Any]

_CATEGORIES: Final[Mapping[str, TransactionKind]] = {
    "charge": "charge",
    "charge_failure": "charge",
    "partial_capture_reversal": "refund",
    "refund": "refund",
    "refund_failure": "refund",
    "dispute": "dispute",
    "dispute_reversal": "dispute",
    "fee": "fee",
    "network_cost": "fee",
    "tax": "fee",
    "payout": "payout",
    "payout_reversal": "payout",
}
"""Stripe's reporting categories that we have a word for; all others are movements.

Source: https://docs.stripe.com/reports/reporting-categories
"""

_REFERENCES: Final = re.compile(r"invoice|order|quote|job|refer|number", re.IGNORECASE)
_MOST_WORDS: Final = 500


def item(moved: Json, charge: Json | None, source: str) -> TransactionItem:
    """Return the entry; *charge* is what a refund or a dispute is about.

    *moved* is a balance transaction with its source expanded. One that lacks what every
    movement has comes out with the reason `unreadable`.
    """
    native = str(moved.get("id") or "")
    pointer = " of ".join(filter(None, (source_id(moved), native)))
    try:
        transaction = _transaction(moved, charge, source)
    except (KeyError, TypeError, ValueError, OverflowError, ArithmeticError):
        return TransactionItem(
            native_id=native, pointer=pointer, transaction=None, reason="unreadable"
        )
    return TransactionItem(native_id=native, pointer=pointer, transaction=transaction)


def source_id(moved: Json) -> str:
    """Return Stripe's id of what moved the balance (`ch_…`, `re_…`, `po_…`), or nothing."""
    behind = moved.get("source")
    return str(behind.get("id") or "") if isinstance(behind, Mapping) else str(behind or "")


def charge_id(moved: Json) -> str:
    """Return the id of the charge that a refund or a dispute is about; else nothing."""
    behind = moved.get("source")
    charge = behind.get("charge") if isinstance(behind, Mapping) else None
    return str(charge.get("id") or "") if isinstance(charge, Mapping) else str(charge or "")


def _transaction(moved: Json, charge: Json | None, source: str) -> Transaction:
    behind = moved.get("source")
    behind = behind if isinstance(behind, Mapping) else {}
    kind = _CATEGORIES.get(str(moved["reporting_category"]), "movement")
    paid = charge if charge is not None else behind if kind == "charge" else {}
    currency = str(moved["currency"])
    fee = money(int(moved["fee"]), currency)
    payout = str(behind.get("id") or "") if behind.get("object") == "payout" else ""
    return Transaction(
        id=str(moved["id"]),
        source=source,
        account=source,
        booked_on=_booked_on(moved, behind),
        money=money(int(moved["amount"]), currency),
        counterparty=_payer(paid),
        reference=_reference(moved, behind, paid),
        kind=kind,
        fee=fee if fee.amount > 0 else None,
        exchange=_exchange(moved, behind),
        payout=payout,
    )


def _booked_on(moved: Json, behind: Json) -> date:
    # A payout stands in the bank's statement on the day on which it arrives there.
    arrival = behind.get("arrival_date") if behind.get("object") == "payout" else None
    return datetime.fromtimestamp(int(arrival or moved["created"]), UTC).date()


def _payer(charge: Json) -> str:
    details = charge.get("payment_method_details")
    kind = str(details.get("type") or "") if isinstance(details, Mapping) else ""
    method = details.get(kind) if isinstance(details, Mapping) else None
    last_four = str(method.get("last4") or "") if isinstance(method, Mapping) else ""
    if not re.fullmatch(r"\w{4}", last_four):
        return ""
    # Not "ending in": the cleaner takes digits out that people tell of their cards so.
    return f"{'card' if 'card' in kind else 'account'} *{last_four}"


def _reference(moved: Json, behind: Json, charge: Json) -> str:
    """What the business or its shop wrote on the payment, by which the invoice is known."""
    known = {**_metadata(charge), **_metadata(behind)}
    words = [str(each or "") for each in (charge.get("description"), moved.get("description"))]
    words += [value for name, value in known.items() if _REFERENCES.search(name)]
    if behind.get("object") == "payout":
        # By one of these words the bank's statement has it.
        words += ["Stripe payout", str(behind.get("statement_descriptor") or "")]
    return " ".join(dict.fromkeys(filter(None, words)))[:_MOST_WORDS]


def _metadata(thing: Json) -> dict[str, str]:
    found = thing.get("metadata")
    if not isinstance(found, Mapping):
        return {}
    return {str(name): str(value) for name, value in found.items()}


def _exchange(moved: Json, behind: Json) -> Exchange | None:
    rate, currency = moved.get("exchange_rate"), str(behind.get("currency") or "")
    if rate is None or not currency or currency == moved["currency"]:
        return None
    # The library reads the rate as a float; its shortest form is what Stripe wrote.
    return Exchange(
        money=money(int(behind["amount"]), currency),
        rate=Decimal(str(rate)),
        stated_by="Stripe",
    )
