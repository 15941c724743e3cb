"""`jigajob books` as the owner uses it: look, match by hand, take back, and look again."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from anonymizer.text.cleaner import Cleaner
from tests.contract.outlet import output
from tests.flows.business import FLOWS, Business
from tests.portal.conftest import jigajob

BOOKS = (
    FLOWS.partition("flows:\n")[0].replace(
        "sources:\n",
        "sources:\n"
        "  bank:\n"
        "    uses: bank\n"
        "    path: bank\n"
        "    columns: {date: Date, amount: Amount, reference: Text}\n",
    )
    + """\
flows:
  - id: pay
    name: Match payments
    triggers: [{transaction: bank}]
    steps: [{id: match, uses: payment.match}]
"""
)
BANK = b"""Date,Amount,Text
2026-10-05,480.00,HP-1041
2026-10-06,700.00,on account
"""


@pytest.fixture
async def business(tmp_path: Path, cleaner: Cleaner) -> Business:
    """Three invoices and two payments, one of which says what it pays."""
    made = Business(tmp_path, cleaner)
    made.writes(BOOKS)
    (tmp_path / "mail").mkdir()
    made.gets(BANK, "bank/1.csv")
    for number in (1041, 1042, 1043):
        body = {"number": f"HP-{number}", "amount": "480.00", "currency": "USD"}
        body |= {"direction": "receivable", "party": "Ada Byrne", "due": "2026-10-01"}
        given = output("invoice.record", number, body)
        await made.asks(lambda app, given=given: app.register.deliver(given))
    await made.sweeps()
    return made


def ran(business: Business, *words: str) -> CompletedProcess[str]:
    """Run `jigajob books` on the business."""
    home, flows = business.settings.home, business.settings.flows
    return jigajob("books", *words, "--home", str(home), "--flows", str(flows))


def rows(business: Business, *words: str) -> list[dict[str, Any]]:
    """Return what `jigajob books` prints as JSON."""
    done = ran(business, *words, "--json")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


async def test_what_is_owed_is_listed_with_its_age(business: Business) -> None:
    shown = ran(business, "list")
    assert "HP-1041" not in shown.stdout
    assert "HP-1042 Ada Byrne 480.00 USD 480.00 USD 2026-10-01" in " ".join(
        shown.stdout.split()
    )
    assert "960.00" in shown.stdout
    states = {each["number"]: each["state"] for each in rows(business, "list", "--all")}
    assert states == {"HP-1041": "paid", "HP-1042": "open", "HP-1043": "open"}


async def test_a_payment_is_matched_by_hand_and_taken_back(business: Business) -> None:
    [waits] = rows(business, "payments")
    assert (waits["reference"], waits["state"]) == ("on account", "open")
    made = ran(business, "match", waits["id"][:10], "HP-1042", "HP-1043")
    assert made.returncode == 0
    assert rows(business, "payments") == []
    owed = {each["number"]: each["owed"] for each in rows(business, "list")}
    assert owed == {"HP-1043": "260.00"}

    again = ran(business, "match", waits["id"], "HP-1043")
    assert (again.returncode, "nothing is left" in again.stderr) == (1, True)

    taken_back = ran(business, "undo", made.stdout.split()[0])
    assert "taken back" in taken_back.stdout
    once_more = ran(business, "match", waits["id"], "HP-1042", "HP-1043", "HP-1042")
    assert len(rows(business, "list")) == 1
    ran(business, "undo", once_more.stdout.split()[0])
    assert len(rows(business, "list")) == 2
    assert ran(business, "undo", made.stdout.split()[0]).returncode == 1


async def test_what_was_matched_by_hand_is_asked_about_no_more(business: Business) -> None:
    """Neither by a proposal that waits already, nor by the next run."""
    business.gets(b"Date,Amount,Text\n2026-10-07,100.00,HP-1042 part\n", "bank/2.csv")
    await business.sweeps()
    [asked] = [each for each in rows(business, "payments") if each["state"] == "asked"]
    ran(business, "match", asked["id"], "hp-1043")
    await business.sweeps()
    (proposal,) = [each for each in await business.outputs() if each.output.approver == "owner"]
    assert proposal.output.state == "rejected"
    assert [each["reference"] for each in rows(business, "payments")] == ["on account"]


async def test_an_invoice_is_written_off_or_canceled_by_hand(business: Business) -> None:
    done = ran(business, "write-off", "HP-1042")
    assert "write off 480.00 USD of invoice HP-1042" in done.stdout
    assert ran(business, "cancel", "hp-1043").returncode == 0
    assert "nothing is owed" in ran(business, "list").stdout
    ran(business, "undo", done.stdout.split()[0])
    assert [each["number"] for each in rows(business, "list")] == ["HP-1042"]
    assert ran(business, "cancel", "HP-7").returncode == 1


async def test_a_sure_match_taken_back_is_not_made_again_by_itself(business: Business) -> None:
    [sure] = [each for each in rows(business, "payments", "--all") if each["for"] == "HP-1041"]
    ran(business, "undo", *sure["outputs"])
    await business.sweeps()
    assert len(rows(business, "list")) == 3
    assert {each["reference"] for each in rows(business, "payments")} == {
        "HP-1041",
        "on account",
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["match", "zzzz", "HP-1042"], "no payment begins with 'zzzz'"),
        (["undo", "zzzz"], "no output begins with 'zzzz'"),
        (["undo", ""], "no id was given"),
    ],
)
async def test_what_is_not_there_is_said(
    business: Business, words: list[str], said: str
) -> None:
    done = ran(business, *words)
    assert done.returncode == 1
    assert said in done.stderr
    assert "fix:" in done.stderr
