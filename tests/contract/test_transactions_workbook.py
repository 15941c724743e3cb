"""The contract of transaction sources on tables in workbooks."""

from __future__ import annotations

import pytest

from tests.connectors.workbook_files import source_of, write
from tests.contract.transactions import TransactionSourceContract


class Folder:
    """A folder of workbooks with a table each, or a plain sheet."""

    table, path = "Payments", "books"

    def __init__(self, path):
        self.root = path
        (path / "books").mkdir()
        self.held = {}

    def open(self):
        return source_of(self.root, "books", table=self.table)

    def export(self, name, bookings):
        self.held[name] = [self.row(each) for each in bookings]
        self.save(name)

    def row(self, each):
        return each.bank_id, each.on, float(each.amount), each.counterparty, each.reference

    def save(self, name):
        named = "Payments" if self.table == "Payments" else ""
        write(self.root / "books" / f"{name}.xlsx", self.held[name], table=named)

    def remove(self, name):
        (self.root / "books" / f"{name}.xlsx").unlink()

    def spoil(self, name):
        self.held[name].append(("B99", "31 February", 1.0, "Ada Byron", "INV-9"))
        self.save(name)


class Sheets(Folder):
    """Sheets without a table, sorted the other way round, numbers typed as text."""

    table = "Money"

    def row(self, each):
        return (
            each.bank_id,
            each.on.isoformat(),
            str(each.amount),
            each.counterparty,
            each.reference,
        )

    def save(self, name):
        self.held[name].reverse()
        super().save(name)


class TestTables(TransactionSourceContract):
    @pytest.fixture
    def holder(self, tmp_path):
        return Folder(tmp_path)


class TestSheets(TransactionSourceContract):
    @pytest.fixture
    def holder(self, tmp_path):
        return Sheets(tmp_path)
