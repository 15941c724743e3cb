"""The register of work: jobs, invoices and which payment paid which, sealed in the store.

It is the outlet of `job.open`, `invoice.record`, `invoice.link` and `payment.match`. Ids of
records derive from what they are of, so that the same work recorded again is the same record;
what would contradict a record is refused and left to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from flows.booked import BookedInvoice
from flows.errors import OperatorError
from flows.model import CleanTransaction, Invoice, Output
from flows.records import WORK, Records
from flows.work.books import Books, Payout
from flows.work.invoices import Invoices
from flows.work.jobs import Job, Jobs
from flows.work.settlement import Settlement
from flows.work.settlements import Settlements


class Register:
    """Jobs, invoices and matches of the business of *records*, in a scope of their own.

    Ids and states are readable, the rest is sealed.
    """

    def __init__(self, records: Records) -> None:
        records = records.in_scope(WORK)
        self._jobs, self._invoices = Jobs(records), Invoices(records)
        self._settlements = Settlements(records, self._invoices)

    @property
    def uses(self) -> frozenset[str]:
        """Return the steps whose outputs it takes."""
        return frozenset(
            {"job.open", "invoice.record", "invoice.link", "invoice.settle", "payment.match"}
        )

    async def deliver(self, output: Output) -> str:
        """Record the output, and return where: `job/J-…`, `invoice/…`, `match/…`.

        Raises:
            OperatorError: It lacks what a record needs, or contradicts one that is there.
            StaleRecord: Others wrote to the same record again and again; later may work.
        """
        match output.uses:
            case "job.open":
                return f"job/{await self._jobs.open(output)}"
            case "invoice.record":
                return f"invoice/{await self._invoices.record(output)}"
            case "invoice.link":
                return f"invoice/{await self._invoices.link(output)}"
            case "invoice.settle":
                return f"invoice/{await self._invoices.settle(output)}"
            case "payment.match":
                return f"match/{await self._settlements.make(output)}"
            case _:
                raise OperatorError(
                    f"the register does not take outputs of {output.uses}",
                    fix="give them to the outlet that names this step",
                )

    async def undo(self, output: Output) -> Settlement | None:
        """Take back what an output brought about that matched, linked or closed something.

        Returns what is left of the payment's matches; see `Settlements.undo`.

        Raises:
            OperatorError: It has brought about nothing.
            StaleRecord: Others write to the same records; it can be done again.
        """
        if output.uses == "invoice.link":
            await self._invoices.unlink(output)
            return None
        if output.uses == "invoice.settle":
            await self._invoices.reopen(output)
            return None
        return await self._settlements.undo(output)

    async def book(self, booked: BookedInvoice, now: datetime) -> bool:
        """Record an invoice as the books have it; return whether that changed anything."""
        return await self._invoices.book(booked, now)

    async def jobs(self) -> list[Job]:
        """Return all jobs, oldest first."""
        return await self._jobs.all()

    async def invoices(self) -> list[Invoice]:
        """Return all invoices, oldest first."""
        return await self._invoices.all()

    async def open_invoices(self) -> list[Invoice]:
        """Return the invoices of which something is owed, oldest first."""
        return await self._invoices.all(owing=True)

    async def invoice(self, invoice_id: str) -> Invoice | None:
        """Return one invoice, paid or not, or None."""
        return await self._invoices.get(invoice_id)

    async def chased(self, invoice: Invoice, flows: Sequence[str]) -> None:
        """Remember that these flows (`chase/14d`) have run for an invoice that is overdue."""
        await self._invoices.chased(invoice.id, flows)

    async def settlements(self) -> list[Settlement]:
        """Return what each transaction was matched with, in no order to rely on."""
        return await self._settlements.all()

    async def edition(self) -> str:
        """Return a text that is another one whenever an invoice was recorded or changed."""
        return await self._invoices.edition()

    async def books(self, payouts: Iterable[CleanTransaction]) -> Books:
        """Return all invoices, and those of *payouts* that no bank account has shown yet."""
        known = await self._settlements.arrivals()
        waiting = [
            Payout(each, known[each.id].refused if each.id in known else ())
            for each in payouts
            if each.id not in known or not known[each.id].transaction
        ]
        return Books(await self._invoices.all(), waiting)

    async def refresh(self, books: Books, outputs: Iterable[Output]) -> None:
        """Bring *books* up to what these outputs have brought about."""
        for output in outputs:
            if output.uses != "payment.match":
                continue
            settlement = await self._settlements.get(str(output.body.get("transaction")))
            for part in settlement.parts if settlement else ():
                if part.payout:
                    books.arrived(part.payout)
                elif (invoice := await self._invoices.get(part.invoice)) is not None:
                    books.put(invoice)
