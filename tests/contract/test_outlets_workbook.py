"""The outlet contract on tables in workbooks."""

from __future__ import annotations

import pytest

from connectors.workbook import WorkbookFileRows
from tests.connectors.workbook_files import shown, spec_of, write
from tests.contract.outlet import OutletContract, output


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
