"""An invoice is for the job that it names; where it names none, the owner is asked."""

from __future__ import annotations

import pytest

from flows.work.jobs import Job
from flows.work.linking import pairs
from portal.books import undo
from tests.contract.outlet import output
from tests.flows.business import Business
from tests.flows.steps.contexts import invoice

ADA = {"customer": "Ada Byrne", "email": "ada@byrne.example"}


def job(number: int, **fields: str) -> Job:
    """Return a job of Ada's."""
    return Job(id=f"j{number}", reference=f"J-{number}", title="Boiler", **(ADA | fields))


@pytest.mark.parametrize(
    ("party", "email", "asked"),
    [
        ("Ada Byrne", "", 1),
        ("BYRNE, Ada", "", 0),
        ("ada byrne", "", 1),
        ("", "ADA@byrne.example", 1),
        ("Somebody Else", "", 0),
        ("", "", 0),
        ("Ada", "", 0),
    ],
)
def test_the_customer_tells(party: str, email: str, asked: int) -> None:
    owed = invoice(party=party, email=email)
    assert len(pairs([owed], [job(1), job(2, customer="Bo", email="")])) == asked


def test_a_job_is_invoiced_once_and_an_invoice_has_one_job() -> None:
    done = invoice("A-1", party="Ada Byrne", job="J-1")
    new = invoice("A-2", party="Ada Byrne")
    assert [(i.number, j.reference) for i, j in pairs([done, new], [job(1), job(2)])] == [
        ("A-2", "J-2")
    ]


def test_of_many_jobs_nobody_is_asked_to_choose() -> None:
    assert pairs([invoice(party="Ada Byrne")], [job(n) for n in range(4)]) == []
    assert pairs([invoice(party="Ada Byrne", direction="payable")], [job(1)]) == []


async def test_the_owner_is_asked_once_and_can_take_it_back(business: Business) -> None:
    body = {"number": "HP-1", "amount": "480.00", "currency": "USD", "party": "Ada Byrne"}
    for given in (
        output("job.open", 1, {"job": "J-AAAA", "title": "Boiler", "customer": "Ada Byrne"}),
        output("invoice.record", 2, body | {"direction": "receivable"}),
    ):
        await business.asks(lambda app, given=given: app.register.deliver(given))
    await business.sweeps()
    await business.sweeps()
    (asked,) = await business.outputs()
    assert asked.output.approver == "owner"
    assert "HP-1 for job J-AAAA" in asked.output.summary

    await business.asks(lambda app: app.outbox.approve(asked.output.id))
    await business.sweeps()
    [linked] = await business.asks(lambda app: app.register.invoices())
    assert linked.job == "J-AAAA"

    await business.asks(lambda app: undo(app, asked.output.id))
    await business.sweeps()
    [unlinked] = await business.asks(lambda app: app.register.invoices())
    assert unlinked.job == ""
    assert len(await business.outputs()) == 1
