"""Each movement ends in one state, and what cannot be used keeps no other from its end."""

from __future__ import annotations

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
