"""The contract of transaction sources on tables in workbooks."""

from __future__ import annotations

import pytest

from tests.connectors.workbook_account import SITE, OnlineAccount
from tests.connectors.workbook_files import source_of, write
from tests.contract.transactions import TransactionPromises, TransactionSourceContract
from tests.servers.graph import GraphServer


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


class Online(OnlineAccount):
    """A workbook in a OneDrive or a site; its one table is every statement."""

    def export(self, _name, bookings):
        self.put(
            (b.bank_id, b.on, float(b.amount), b.counterparty, b.reference) for b in bookings
        )


@pytest.fixture(params=["", SITE], ids=["onedrive", "site"])
async def online(request):
    with GraphServer() as server:
        account = Online(server, site=request.param)
        yield account
        await account.close()
        assert server.violations == []
        assert (account.book.crowded, account.book.sessionless) == (0, 0)
        assert account.book.sessions == {}


class TestOnline(TransactionPromises):
    @pytest.fixture
    def holder(self, online):
        return online
