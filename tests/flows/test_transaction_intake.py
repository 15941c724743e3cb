"""Each movement ends in one state, and what cannot be used keeps no other from its end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from flows.engine import Engine, FlowRun, Item
from flows.language.spec import FlowSpec
from tests.contract.outlet import output
from tests.flows.business import FLOWS, Business

BANK = FLOWS.replace(
    "  office: {uses: folder, path: mail}\n",
    "  office: {uses: folder, path: mail}\n"
    "  bank:\n"
    "    uses: bank\n"
    "    path: bank\n"
    "    columns: {date: Date, amount: Amount, counterparty: Name, reference: Text}\n",
)
GOOD = "Date,Amount,Name,Text\n2026-10-05,120.00,Ada Moore,Thanks\n"


async def test_a_file_that_does_not_fit_stops_no_other(business: Business) -> None:
    """The good file is worked, the other one lies in quarantine under its reason."""
    business.writes(BANK)
    business.gets(GOOD.encode(), "bank/good.csv")
    business.gets(b"Day,Sum,Who\n2026-10-05,1.00,Ada\n", "bank/other.csv")

    await business.sweeps()
    ledger = await business.ledger("bank")

    assert [each.counterparty for each in await business.transactions()] == ["<PERSON_1>"]
    assert ledger["quarantined_by_reason"] == {"wrong_columns": 1}
    assert (ledger["stored"], ledger["unaccounted"]) == (1, 0)


async def test_more_words_than_a_bank_would_write_are_refused(business: Business) -> None:
    """Megabytes in one cell cost no minutes: the row is quarantined, the next one worked."""
    business.writes(BANK)
    huge = f'2026-10-06,5.00,"{"Maria " * 200_000}",rent\n'
    business.gets((GOOD + huge).encode(), "bank/good.csv")

    await business.sweeps()
    ledger = await business.ledger("bank")

    assert ledger["quarantined_by_reason"] == {"too_large": 1}
    assert (ledger["stored"], ledger["unaccounted"]) == (1, 0)


PAID = FLOWS.partition("flows:\n")[0].replace(
    "sources:\n",
    "sources:\n"
    "  bank:\n"
    "    uses: bank\n"
    "    path: bank\n"
    "    columns: {date: Date, amount: Amount, reference: Text}\n",
) + (
    "flows:\n"
    "  - id: pay\n"
    "    name: Match payments\n"
    "    triggers: [{transaction: bank}]\n"
    "    steps: [{id: match, uses: payment.match}]\n"
)
"""A business that matches what its bank shows."""


async def test_what_waits_is_looked_at_again_only_when_the_books_have_changed(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    run = Engine.run

    def counted(engine: Engine, flow: FlowSpec, item: Item, **more: Any) -> FlowRun:
        looked.append(item.id)
        return run(engine, flow, item, **more)

    monkeypatch.setattr(Engine, "run", counted)
    business.writes(PAID)
    business.gets(
        b"Date,Amount,Text\n2026-10-05,480.00,HP-1\n2026-10-06,9.00,?\n", "bank/1.csv"
    )

    async def sweeps() -> tuple[int, int]:
        """Return how many were looked at, and how many outputs came of it."""
        looked.clear()
        done = await business.sweeps()
        return len(looked), sum(counts.outputs for counts in done.sources.values())

    assert await sweeps() == (2, 0)
    assert await sweeps() == (0, 0)
    body = {"number": "HP-1", "amount": "480.00", "currency": "USD", "direction": "receivable"}
    given = output("invoice.record", 1, body)
    await business.asks(lambda app: app.register.deliver(given))
    assert await sweeps() == (2, 1)
    assert await sweeps() == (1, 0)  # the match has changed the books
    assert await sweeps() == (0, 0)
    business.gets(b"Date,Amount,Text\n2026-10-07,3.00,new\n", "bank/2.csv")
    assert await sweeps() == (1, 0)
    business.writes(PAID.replace("payment.match}", "payment.match, with: {days: 30}}"))
    assert await sweeps() == (2, 0)


OFX = (
    "OFXHEADER:100\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD<BANKACCTFROM>"
    "<BANKID>1<ACCTID>12345678</BANKACCTFROM><BANKTRANLIST>{}</BANKTRANLIST></STMTRS>"
    "</STMTTRNRS></BANKMSGSRSV1></OFX>"
)
POSTING = (
    "<STMTTRN><DTPOSTED>20261005<TRNAMT>{amount}<FITID>{id}<NAME>Ada Moore<MEMO>Thanks"
    "{more}</STMTTRN>"
)


async def test_a_movement_told_by_another_kind_of_file_is_not_taken_twice(
    business: Business,
) -> None:
    """The CSV was taken in a sweep before; the OFX file of the same account adds nothing."""
    business.writes(BANK.replace("path: bank\n", "path: bank\n    account: '12345678'\n", 1))
    business.gets(GOOD.encode(), "bank/good.csv")
    await business.sweeps()
    ofx = OFX.format(POSTING.format(amount="120.00", id="A1", more=""))
    business.gets(ofx.encode(), "bank/october.ofx")

    await business.sweeps()
    await business.sweeps()
    ledger = await business.ledger("bank")

    assert len(await business.transactions()) == 1
    assert (ledger["stored"], ledger["skipped"]) == (1, {"duplicate": 1})
    assert ledger["unaccounted"] == 0


async def test_what_corrects_a_movement_that_was_taken_in_is_left_to_a_person(
    business: Business,
) -> None:
    """The bank replaces it later: no second transaction, and somebody is told."""
    business.writes(BANK)
    first = OFX.format(POSTING.format(amount="120.00", id="A1", more=""))
    business.gets(first.encode(), "bank/first.ofx")
    await business.sweeps()
    more = "<CORRECTFITID>A1<CORRECTACTION>REPLACE"
    second = OFX.format(POSTING.format(amount="125.00", id="A2", more=more))
    business.gets(second.encode(), "bank/second.ofx")

    await business.sweeps()
    ledger = await business.ledger("bank")

    assert len(await business.transactions()) == 1
    assert ledger["quarantined_by_reason"] == {"corrects_another": 1}


async def test_a_correction_that_comes_with_the_first_sight_is_the_only_transaction(
    business: Business,
) -> None:
    """What it replaces was never taken in, and is not any more."""
    business.writes(BANK)
    more = "<CORRECTFITID>A1<CORRECTACTION>REPLACE"
    both = POSTING.format(amount="120.00", id="A1", more="")
    both += POSTING.format(amount="125.00", id="A2", more=more)
    business.gets(OFX.format(both).encode(), "bank/october.ofx")

    await business.sweeps()

    assert [str(each.money) for each in await business.transactions()] == ["125.00 USD"]


async def test_two_workers_on_one_page_store_each_transaction_once(business: Business) -> None:
    """A batch of which another worker has stored a part is stored for the rest of it."""
    business.writes(BANK)
    rows = [f"2026-10-{day:02},{day}.00,Ada Moore,Thanks" for day in range(1, 29)]
    business.gets("\n".join(["Date,Amount,Name,Text", *rows[:9]]).encode(), "bank/a.csv")
    business.gets("\n".join(["Date,Amount,Name,Text", *rows]).encode(), "bank/b.csv")

    done = await asyncio.gather(business.sweeps(), business.sweeps(), business.sweeps())
    ledger = await business.ledger("bank")

    assert len(await business.transactions()) == len(rows)
    assert sum(each.sources["bank"].stored for each in done) == len(rows)
    assert (ledger["stored"], ledger["unaccounted"]) == (len(rows), 0)


async def test_an_amount_finer_than_its_currency_is_refused(business: Business) -> None:
    """A thousandth of a dollar is a misread number; one of a dinar is money."""
    business.writes(BANK.replace("reference: Text", "reference: Text, currency: Cur"))
    rows = "Date,Amount,Name,Text,Cur\n2026-10-05,1.005,A,x,USD\n2026-10-05,1.005,A,x,KWD\n"
    business.gets(
        f"{rows}2026-10-05,1500.00,A,x,JPY\n2026-10-05,0.5,A,x,JPY\n".encode(), "bank/1.csv"
    )

    await business.sweeps()

    kept = sorted((await business.transactions()), key=lambda each: each.money.currency)
    assert [str(each.money) for each in kept] == ["1500.00 JPY", "1.005 KWD"]
    assert (await business.ledger("bank"))["quarantined_by_reason"] == {"bad_amount": 2}
