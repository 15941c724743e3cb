"""What people do with the books: look what is unpaid, match by hand, take a match back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from flows.audit import Act
from flows.errors import OperatorError, StaleRecord
from flows.model import CleanTransaction, Invoice, Output
from flows.money import plain
from flows.outbox import PERSON, Posted, put_out
from flows.own_outputs import own_output
from flows.ports import Record, Where
from flows.work.linking import USES as LINK
from flows.work.settlement import Claim, ClaimedShare, Settlement
from portal.wiring import App

Matched = Literal["matched", "part", "asked", "open", "none"]
"""How far a transaction is matched; `none`: by its kind it pays no invoice."""


@dataclass(frozen=True, slots=True)
class Payment:
    """A transaction and what it was matched with; `outputs` can be taken back."""

    transaction: CleanTransaction
    state: Matched
    settlement: Settlement | None

    @property
    def what(self) -> str:
        """Return the numbers of the invoices that it settles, or `payout`."""
        parts = self.settlement.parts if self.settlement else ()
        return ", ".join("payout" if each.payout else each.number for each in parts)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Return the ids of the outputs that matched it."""
        return tuple(sorted(self.settlement.outputs)) if self.settlement else ()


async def payments(app: App) -> list[Payment]:
    """Return all transactions with what they were matched with, the latest booking first."""
    settled = {each.transaction: each for each in await app.register.settlements()}
    asked = await _asked(app)
    found = []
    async for _, transaction in app.records.opened("transaction", CleanTransaction):
        settlement = settled.get(transaction.id)
        state = _state(transaction, settlement, transaction.id in asked)
        found.append(Payment(transaction, state, settlement))
    return sorted(found, key=lambda each: (each.transaction.booked_on, each.transaction.id))[
        ::-1
    ]


async def undo(app: App, output_id: str) -> Posted:
    """Take back what an output has matched; its transaction is looked at anew by the next run.

    Raises:
        OperatorError: There is no such output, or it has matched nothing.
    """
    posted = await app.outbox.show(output_id)
    if posted.output.uses not in (_USES, LINK, SETTLE):
        raise OperatorError(
            f"output {posted.output.id} is a {posted.output.uses}, which matches nothing",
            fix="`jigajob books payments --all` shows what was matched, and by which output",
        )
    # Before as well: were we stopped in between, the next run would look at it all the same.
    transaction = str(posted.output.body.get("transaction") or "")
    act = Act(
        action="payment.unmark",
        authority="command books undo",
        subjects=[posted.output.id, *([transaction] if transaction else [])],
    )
    async with app.audit.act(act):
        await _reopen(app, transaction)
        await app.register.undo(posted.output)
        await _reopen(app, transaction)
    return posted


async def match(app: App, transaction: str, invoices: Sequence[str]) -> Posted:
    """Match a transaction with invoices by hand, the first of them first; return the output.

    *transaction* and *invoices* are ids or how they begin, an invoice its number as well. What
    is left of the transaction is spread over them; the last one may stay paid in part.

    Raises:
        OperatorError: One is not found, or they do not fit.
    """
    record, moved = await _transaction(app, transaction)
    settlement = next(
        (each for each in await app.register.settlements() if each.transaction == moved.id),
        None,
    )
    left = settlement.left if settlement else abs(moved.money.amount)
    known = await app.register.invoices()
    shares: list[ClaimedShare] = []
    for each in dict.fromkeys(invoices):
        share = _share(_invoice(known, each), moved, left)
        left -= share.amount
        shares.append(share)
    claim = Claim(
        kind="payment",
        transaction=moved.id,
        money=moved.money,
        booked_on=moved.booked_on,
        shares=tuple(shares),
    )
    output = _output(app, claim, len(settlement.undone) if settlement else 0)
    act = Act(
        action="payment.mark",
        authority="command books match",
        subjects=[output.id, moved.id, *(share.invoice for share in shares)],
    )
    async with app.audit.act(act):
        posted = await _delivered(app, output, record.expires_at)
    if posted.output.state == "sent":
        await _close(app, moved.id)
    return posted


async def close_invoice(
    app: App, invoice: str, how: Literal["canceled", "written_off"]
) -> Posted:
    """Cancel an invoice, or write off what is owed of it, and return the output.

    Raises:
        OperatorError: It is not found.
    """
    found = _invoice(await app.register.invoices(), invoice)
    word = "cancel" if how == "canceled" else f"write off {plain(found.owed)} of"
    now = app.clock.now()
    output = own_output(
        SETTLE,
        "settle",
        (how, found.id, str(found.owed), now.isoformat()),
        trigger=found.id,
        body={"invoice": found.id, "how": how},
        summary=f"By hand: {word} invoice {found.number}",
        now=now,
        decided_by=PERSON,
    )
    command = "cancel" if how == "canceled" else "write-off"
    act = Act(
        action="payment.mark",
        authority=f"command books {command}",
        subjects=[output.id, found.id],
    )
    async with app.audit.act(act):
        return await _delivered(app, output, None)


_RACES: Final = 5
SETTLE: Final = "invoice.settle"
_USES: Final = "payment.match"


async def _asked(app: App) -> set[str]:
    """Return the transactions of which a proposal waits for a person."""
    where = [Where("uses", "=", _USES), Where("state", "in", ("waiting", "failed"))]
    return {
        str(record.fields["trigger"])
        async for record in app.records.each("output", where=where)
    }


def _state(
    transaction: CleanTransaction, settlement: Settlement | None, asked: bool
) -> Matched:
    if settlement is not None and settlement.parts:
        return "part" if settlement.left else "matched"
    if asked:
        return "asked"
    return "none" if transaction.kind in ("fee", "payout") else "open"


async def _reopen(app: App, transaction: str, *, open_: bool = True) -> None:
    for _ in range(_RACES):
        record = await app.records.get("transaction", transaction) if transaction else None
        if record is None:
            return
        with suppress(StaleRecord):  # a run was at it: look again
            changed = replace(record, fields={**record.fields, "open": open_})
            await app.records.store.put(app.records.key, changed, etag=record.etag)
            return


async def _close(app: App, transaction: str) -> None:
    """Ask nothing more about a transaction that a person has matched."""
    await _reopen(app, transaction, open_=False)
    where = [Where("uses", "=", _USES), Where("trigger", "=", transaction)]
    where.append(Where("state", "in", ("waiting", "failed")))
    for each in [record.id async for record in app.records.each("output", where=where)]:
        await app.outbox.reject(each)


async def _transaction(app: App, start: str) -> tuple[Record, CleanTransaction]:
    where = [Where("id", "prefix", start)]
    page = await app.records.store.query(app.records.key, "transaction", where=where, limit=2)
    if not start or len(page.records) != 1:
        number = "several payments begin" if page.records else "no payment begins"
        raise OperatorError(
            f"{number} with {start!r}", fix="`jigajob books payments` shows their ids"
        )
    return page.records[0], await app.records.open(page.records[0], CleanTransaction)


def _invoice(known: Sequence[Invoice], start: str) -> Invoice:
    wanted = start.casefold()
    found = [each for each in known if start and wanted in (each.number.casefold(), each.id)]
    found = found or [each for each in known if start and each.id.startswith(start)]
    if len(found) != 1:
        number = "several invoices are" if found else "no invoice is"
        raise OperatorError(
            f"{number} called {start!r}",
            fix="`jigajob books list --all` shows their numbers and ids",
        )
    return found[0]


def _share(invoice: Invoice, moved: CleanTransaction, left: Decimal) -> ClaimedShare:
    wanted = "receivable" if moved.money.amount > 0 else "payable"
    problem = ""
    if invoice.direction != wanted:
        problem = f"invoice {invoice.number} goes the other way than the payment"
    elif invoice.money.currency != moved.money.currency:
        problem = f"invoice {invoice.number} is in {invoice.money.currency}, the payment is not"
    elif left <= 0:
        problem = "nothing is left of the payment"
    elif invoice.unmatched.amount <= 0:
        problem = f"nothing is left to be paid of invoice {invoice.number}"
    if problem:
        raise OperatorError(
            problem,
            fix="choose another, or take a match back first: `jigajob books payments --all`"
            " tells the outputs, `jigajob books undo ID` takes one back",
        )
    amount = min(left, invoice.unmatched.amount)
    return ClaimedShare(
        invoice=invoice.id,
        number=invoice.number,
        amount=amount,
        deducted=Decimal(0),
        owed=invoice.unmatched.amount,
        currency=invoice.money.currency,
    )


def _output(app: App, claim: Claim, undone: int) -> Output:
    """Return the output of a match by hand: the same for the same parts of the same books."""
    owed = [f"{each.invoice}={each.owed}" for each in claim.shares]
    numbers = ", ".join(each.number for each in claim.shares)
    return own_output(
        _USES,
        "match",
        (claim.transaction, str(undone), *owed),
        trigger=claim.transaction,
        body=claim.body() | {"status": "matched", "reasons": ["matched by hand"]},
        summary=f"Matched by hand with {numbers}",
        now=app.clock.now(),
        decided_by=PERSON,
    )


async def _delivered(app: App, output: Output, expires_at: datetime | None) -> Posted:
    """Put out what a person decided just now, and return what became of it."""
    await put_out(app.records, output, expires_at=expires_at)
    await app.outbox.deliver()
    return await app.outbox.show(output.id)
