"""The outlet contract on tables in workbooks."""

from __future__ import annotations

import pytest

from connectors.workbook import WorkbookFileRows
from tests.connectors.workbook_account import OnlineAccount
from tests.connectors.workbook_files import shown, spec_of, write
from tests.contract.outlet import OutletContract, ResumingContract, output
from tests.servers.graph import GraphServer


def rows():
    """Return three rows for the table of `HEADER`."""
    return [
        output("row.append", n, {"cells": {"Name": f"Ada {n}", "Amount": f"{n}.50"}})
        for n in range(3)
    ]


class TestTable(OutletContract):
    table = "Payments"

    @pytest.fixture
    def open_outlet(self, tmp_path):
        self.path = tmp_path / "books.xlsx"
        write(self.path, [], table="Payments" if self.table == "Payments" else "")
        return lambda: WorkbookFileRows(spec_of(table=self.table), tmp_path)

    @pytest.fixture
    def outputs(self):
        return rows()

    async def shown(self, outlet):
        return [str(row) for row in shown(self.path)[3:] if row[0] and row[3]]


class TestSheet(TestTable):
    table = "Money"


class TestOnline(ResumingContract):
    @pytest.fixture
    async def account(self):
        with GraphServer() as server:
            account = OnlineAccount(server)
            yield account
            await account.close()
            assert server.violations == []
            assert (account.book.crowded, account.book.sessionless) == (0, 0)
            assert account.book.sessions == {}

    @pytest.fixture
    def open_outlet(self, account):
        self.book = account.book
        return account.rows

    @pytest.fixture
    def outputs(self):
        return rows()

    async def shown(self, outlet):
        return [str(row) for row in self.book.table().rows if row[3]]

    async def test_delivering_again_adds_nothing(self, open_outlet, outputs):
        first = [await open_outlet().deliver(each) for each in outputs]
        before = await self.shown(None)
        assert [await open_outlet().deliver(each) for each in outputs] == first
        assert await self.shown(None) == before
