"""Invented items for steps to work on, with everything else at its plainest."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from flows.language.expressions import render
from flows.language.spec import Business
from flows.model import Allocation, Attachment, CleanMessage, CleanTransaction, Invoice, Money
from flows.steps.contract import StepContext
from flows.work.books import Books

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)  # a Wednesday


def business(**fields):
    """Return a plumber in New York, changed as asked."""
    plain = {
        "id": "hudson",
        "name": "Hudson Plumbing",
        "industry": "238220",
        "region": "US-NY",
        "time_zone": "America/New_York",
    }
    return Business.model_validate(plain | fields)


def mail(text="", *, subject="", papers=(), whole="", **fields):
    """Return a clean mail; *papers* are the texts of its attachments."""
    attachments = tuple(
        Attachment(name=f"{n}.pdf", media_type="application/pdf", size=1, text=paper)
        for n, paper in enumerate(papers)
    )
    plain = {
        "id": "m1",
        "source": "office",
        "folder": "",
        "thread": "t1",
        "received_at": NOW,
        "sent_at": NOW,
        "kind": "other",
        "automatic": "",
        "subject": subject,
        "text": whole or text,
        "new_text": text,
        "attachments": attachments,
    }
    return CleanMessage(**(plain | fields))


def payment(amount="480.00", reference="", **fields):
    """Return a movement on the account."""
    plain = {
        "id": "t1",
        "source": "bank",
        "account": "1",
        "booked_on": date(2026, 3, 4),
        "money": Money(amount=Decimal(amount), currency=fields.pop("currency", "USD")),
        "counterparty": "",
        "reference": reference,
    }
    return CleanTransaction(**(plain | fields))


def allocated(amount="480.00", transaction="t0", kind="payment", **fields):
    """Return what a transaction did to an invoice."""
    return Allocation(transaction=transaction, kind=kind, amount=Decimal(amount), **fields)


def invoice(number="INV-1042", amount="480.00", **fields):
    """Return an open invoice that a customer owes."""
    plain = {
        "id": f"id-{number}-{amount}",
        "number": number,
        "direction": "receivable",
        "money": Money(amount=Decimal(amount), currency=fields.pop("currency", "USD")),
        "issued_on": date(2026, 2, 20),
    }
    return Invoice(**(plain | fields))


def context(item, *, kept=None, invoices=(), payouts=(), templates=None, **fields):
    """Return what a step sees of *item*."""
    is_mail = isinstance(item, CleanMessage)
    return StepContext(
        business=business(**fields),
        flow="some-flow",
        step="some-step",
        mail=item if is_mail else None,
        transaction=None if is_mail else item,
        kept=kept or {},
        steps={},
        books=Books(invoices, payouts),
        render=render,
        template=(templates or {}).__getitem__,
        now=NOW,
    )
