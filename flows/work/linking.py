"""Which job an invoice is for, where the invoice does not say so: proposed, never assumed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from flows.model import Invoice
from flows.outbox import put_out
from flows.own_outputs import KEPT_FOR, own_output
from flows.ports import Clock
from flows.records import Records
from flows.steps.references import normalised
from flows.work.jobs import Job
from flows.work.register import Register

USES: Final = "invoice.link"

MOST: Final = 3
"""Jobs of one customer among which a person can choose; of more, the invoice has to say."""


class Linking:
    """Asks the owner which jobs invoices of one business are for."""

    def __init__(self, *, records: Records, register: Register, clock: Clock) -> None:
        self._records, self._register, self._clock = records, register, clock

    async def run(self) -> int:
        """Put each new pair before the owner, once, and return how many there are.

        Raises:
            TransientError, AdministratorError: From the store; it can be run again.
        """
        jobs = await self._register.jobs()
        if not jobs:
            return 0
        made = 0
        for invoice, job in pairs(await self._register.invoices(), jobs):
            made += await self._ask(invoice, job)
        return made

    async def _ask(self, invoice: Invoice, job: Job) -> int:
        reason = "both are of the same customer; the invoice names no job"
        asked = f"Is invoice {invoice.number} for job {job.reference}, {job.title}?"
        output = own_output(
            USES,
            "link",
            (USES, invoice.id, job.id),
            trigger=invoice.id,
            body={"invoice": invoice.id, "job": job.reference, "reasons": [reason]},
            summary=f"{asked} {reason}",
            now=self._clock.now(),
            asks="owner",
        )
        if await self._records.get("output", output.id) is not None:
            return 0  # asked before
        expires = output.created_at + KEPT_FOR
        return int(await put_out(self._records, output, expires_at=expires))


def pairs(invoices: Iterable[Invoice], jobs: Iterable[Job]) -> list[tuple[Invoice, Job]]:
    """Return each invoice that names no job with the jobs of its customer that have none.

    Customers are the same by mail address, or by their whole name.
    """
    known = [*invoices]
    taken = {invoice.job for invoice in known}
    by_customer: defaultdict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        if job.reference not in taken:
            for key in _keys(job.customer, job.email):
                by_customer[key].append(job)
    found: list[tuple[Invoice, Job]] = []
    for invoice in known:
        if invoice.direction != "receivable" or invoice.job:
            continue
        meant = {
            job.id: job
            for key in _keys(invoice.party, invoice.email)
            for job in by_customer[key]
        }
        if len(meant) <= MOST:
            found += [(invoice, job) for job in meant.values()]
    return found


def _keys(name: str, email: str) -> list[str]:
    whole = normalised(name) if " " in name.strip() else ""  # "Ann" is many people
    return [key for key in (whole, email.strip().lower()) if key]
