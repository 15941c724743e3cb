"""Flows for money: invoices that customers pay late, and payments that no flow matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from flows.language.spec import FlowsFile
from flows.language.triggers import OverdueTrigger, TransactionTrigger
from flows.model import CleanTransaction, Invoice
from flows.suggest.proposal import BackTest, Evidence, Proposal, evenly, slug
from flows.suggest.rules import Tried

FEWEST: Final = 4
SURE: Final = 0.75
WAITS: Final = (7, 14, 21, 30, 45, 60)
"""Days past the due date after which a flow could look."""
GRACE: Final = 3
"""Whoever pays within these days of being chased would have paid anyway."""


@dataclass(frozen=True, slots=True)
class _Debt:
    """An invoice to a customer with its due date, and until which day it was unpaid."""

    invoice: Invoice
    due: date
    until: date

    def unpaid(self, days: int) -> bool:
        """Return whether it was still unpaid so many days after it was due."""
        return self.until > self.due + timedelta(days)


def chasing(invoices: Sequence[Invoice], file: FlowsFile, today: date) -> Proposal | None:
    """Return a flow that tells of invoices that customers leave unpaid; None without need.

    It waits the shortest time after which three in four that are unpaid stay so for some days
    more.
    """
    enabled = [flow for flow in file.flows if flow.enabled]
    if any(isinstance(each, OverdueTrigger) for flow in enabled for each in flow.triggers):
        return None
    debts = sorted(_debts(invoices, today), key=lambda debt: (debt.due, debt.invoice.id))
    for wait in WAITS:
        late = [each for each in debts if each.unpaid(wait) or _paid_then(each, wait)]
        done = _tried(late, wait)
        if done.right >= FEWEST and done.precision >= SURE:
            older = [each for each in late if each.due <= debts[len(debts) * 2 // 3].due]
            newest = [each for each in late if each not in older]
            return _chaser(file, wait, late, _tried(older, wait), _tried(newest, wait))
    return None


def _debts(invoices: Sequence[Invoice], today: date) -> list[_Debt]:
    found = []
    for each in invoices:
        if each.direction != "receivable" or each.credit or each.canceled or not each.due_on:
            continue
        paid = [share.booked_on for share in each.allocations if share.booked_on]
        if each.owed.amount > 0:
            found.append(_Debt(each, each.due_on, today))
        elif paid:
            found.append(_Debt(each, each.due_on, max(paid)))
    return found


def _paid_then(debt: _Debt, wait: int) -> bool:
    """Return whether it was paid right after a flow would have looked."""
    return debt.unpaid(wait) and not debt.unpaid(wait + GRACE)


def _tried(debts: Sequence[_Debt], wait: int) -> Tried:
    wrong = sum(_paid_then(each, wait) for each in debts)
    right = len(debts) - wrong
    return Tried(wanted=right, right=right, wrong=wrong)


def _chaser(
    file: FlowsFile, wait: int, late: Sequence[_Debt], learnt: Tried, newest: Tried
) -> Proposal:
    text = (
        "Invoice {{ invoice.number }} is {{ invoice.days_overdue }} days overdue;"
        " {{ invoice.owed | money }} {{ invoice.currency }} is owed."
    )
    flow: dict[str, Any] = {
        "id": slug("unpaid-invoices", {each.id for each in file.flows}),
        "name": "Tell the owner of unpaid invoices",
        "triggers": [{"overdue": f"{wait}d"}],
        "conditions": ["invoice.direction == 'receivable'"],
        "retention": "180d",
        "steps": [{"id": "tell", "uses": "notify", "with": {"to": "owner", "text": text}}],
    }
    evidence = Evidence(
        why=f"{len(late)} invoices to customers were unpaid {wait} days after they were due",
        count=len(late),
        first=_noon(late[0].due),
        last=_noon(late[-1].due),
        people=len({each.invoice.party for each in late}),
        examples=evenly([each.invoice.id for each in late]),
    )
    return Proposal(
        flow=flow, evidence=evidence, backtest=BackTest(learnt, newest), keeps=(), names=()
    )


def matching(
    source: str,
    movements: Sequence[CleanTransaction],
    invoices: Sequence[Invoice],
    file: FlowsFile,
) -> Proposal | None:
    """Return a flow that matches the payments of *source*; None where one does, or none fits.

    A movement fits where its amount is that of one invoice alone, issued before it.
    """
    if _matched_by(file, source):
        return None
    ordered = sorted(movements, key=lambda each: (each.booked_on, each.id))
    fitting = [(each, _fits(each, invoices)) for each in ordered]
    found = [each for each, fits in fitting if fits]
    if sum(fits == 1 for _, fits in fitting) < FEWEST:
        return None
    half = fitting[: len(fitting) * 2 // 3]
    flow: dict[str, Any] = {
        "id": slug(f"payments-of-{source}", {each.id for each in file.flows}),
        "name": f"Match the payments of {source} to invoices",
        "triggers": [{"transaction": source}],
        "keep": ["transaction.counterparty"],
        "retention": "7y",
        "steps": [{"id": "match", "uses": "payment.match", "with": {"days": 60}}],
    }
    return Proposal(
        flow=flow,
        evidence=Evidence(
            why=f"{len(found)} movements have the amount of an invoice; no flow matches them",
            count=len(found),
            first=_noon(found[0].booked_on),
            last=_noon(found[-1].booked_on),
            people=len({each.counterparty for each in found}),
            examples=evenly([each.id for each in found]),
        ),
        backtest=BackTest(_matched(half), _matched(fitting[len(half) :])),
        keeps=("transaction.counterparty",),
        names=(),
    )


def _matched_by(file: FlowsFile, source: str) -> bool:
    """Return whether an enabled flow runs for the movements of *source*."""
    return any(
        isinstance(each, TransactionTrigger) and each.transaction == source
        for flow in file.flows
        if flow.enabled
        for each in flow.triggers
    )


def _fits(movement: CleanTransaction, invoices: Sequence[Invoice]) -> int:
    """Return of how many invoices the movement has the amount, the sign and the currency."""
    money = movement.money
    return sum(
        each.money.amount == abs(money.amount)
        and each.money.currency == money.currency
        and (each.direction == "receivable") == (money.amount > 0)
        and (each.issued_on is None or each.issued_on <= movement.booked_on)
        for each in invoices
    )


def _matched(fitting: Sequence[tuple[CleanTransaction, int]]) -> Tried:
    right = sum(fits == 1 for _, fits in fitting)
    return Tried(sum(fits > 0 for _, fits in fitting), right, 0)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
