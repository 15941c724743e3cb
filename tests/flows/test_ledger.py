"""The ledger reconciles what a source holds with what became of it."""

from __future__ import annotations

from flows.intake.ledger import Ledger
from tests.flows.business import FLOWS, Business, mail

BANK = FLOWS.replace(
    "flows:\n",
    "  bank:\n    uses: bank\n    path: bank.csv\n"
    "    columns: {date: Date, amount: Amount, counterparty: Who}\nflows:\n",
    1,
)


async def test_before_any_sweep_all_is_unaccounted(business: Business) -> None:
    """What nobody has looked at is told, not hidden."""
    business.gets(mail())

    assert (await business.ledger()) == {
        "source": "office",
        "seen": 1,
        "stored": 0,
        "skipped": {},
        "quarantined": 0,
        "quarantined_by_reason": {},
        "unaccounted": 1,
        "gone": 0,
        "compared_since": None,
        "disagreements": [],
    }


async def test_every_state_is_counted_by_folder_and_day(business: Business) -> None:
    """Stored, skipped and quarantined add up to what is seen, as a whole and by folder."""
    business.gets(mail(name="1"), "mail/a.eml")
    business.gets(mail(name="1"), "mail/sub/copy.eml")
    business.gets(b"\x7fELF", "mail/sub/program")
    business.gets(b"", "mail/empty")
    await business.sweeps()
    business.gets(mail(name="2"), "mail/sub/late.eml")

    async with business.open() as app:
        (ledger,) = [ledger async for ledger in app.ledgers()]

    total = ledger.total
    assert (total.seen, total.stored, total.unaccounted, total.gone) == (5, 1, 1, 0)
    assert total.skipped == {"duplicate": 1}
    assert total.quarantined == {"not_mail": 1, "empty": 1}
    assert {name: count.seen for name, count in ledger.folders.items()} == {".": 2, "sub": 3}
    assert ledger.days["2026-10-05"] == {"stored": 1, "skipped": 1}
    assert sum(count.total() for count in ledger.days.values()) == 4


async def test_what_lies_in_quarantine_can_be_found(business: Business) -> None:
    """Its source, why, and where it lies; none of its text."""
    business.gets(b"Maria Lopez 518-555-0143", "mail/notes.txt")
    await business.sweeps()

    async with business.open() as app:
        (held,) = [held async for held in Ledger(app.records).quarantine()]

    assert (held.source, held.reason) == ("office", "not_mail")
    assert "notes.txt" in held.pointer.native_id
    assert "Lopez" not in repr(held)


async def test_a_bank_file_is_reconciled_too(business: Business) -> None:
    """Movements, and rows that are none, once each, also from a second copy of the file."""
    business.writes(BANK)
    (business.folder / "bank.csv").write_text(
        "Date,Amount,Who\n2026-10-01,12.50,A\n2026-10-02,-3.00,B\nsoon,1.00,C\n"
    )
    before = await business.ledger("bank")

    for _ in range(2):
        await business.sweeps()
    after = await business.ledger("bank")

    assert (before["seen"], before["unaccounted"]) == (3, 3)
    assert (after["seen"], after["stored"], after["quarantined"]) == (3, 2, 1)
    assert after["unaccounted"] == 0
