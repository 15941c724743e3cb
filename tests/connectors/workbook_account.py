"""A workbook at the stand-in of Graph, as the tests of the workbook connector use it."""

from __future__ import annotations

from datetime import date

from connectors.outlook import Graph
from connectors.workbook import WorkbookOnline, WorkbookOnlineRows
from flows.language.sources import WorkbookSource
from tests.connectors.outlook_account import ADDRESS, Granted
from tests.connectors.workbook_files import COLUMNS, HEADER
from tests.servers.graph import GraphServer

FILE = "Books/2026 sales.xlsx"
SITE = "hudson.example/sites/office"


class OnlineAccount:
    """A place with one workbook, and what opens it as often as asked; closes all it opened."""

    def __init__(self, server: GraphServer, *, site: str = "", **more: object) -> None:
        self.server, self.site = server, site
        self.book = server.books.add(ADDRESS, FILE, HEADER, site=site, **more)
        self.graphs: list[Graph] = []

    def spec(self, **more: object) -> WorkbookSource:
        where = {"address": ADDRESS, "file": FILE, **({"site": self.site} if self.site else {})}
        fields = {"uses": "workbook", "table": "Payments", "key": "No", "columns": COLUMNS}
        return WorkbookSource.model_validate({**fields, **where, **more})

    def graph(self, tokens=None, **options: object) -> Graph:
        tokens = tokens or Granted(self.server)
        settings = {"url": self.server.url, "first_pause": 0.01, **options}
        self.graphs.append(Graph(tokens, **settings))
        return self.graphs[-1]

    def open(self, *, graph=None, **more: object) -> WorkbookOnline:
        return WorkbookOnline(graph or self.graph(), self.spec(**more), name="books")

    def rows(self, *, graph=None, **more: object) -> WorkbookOnlineRows:
        return WorkbookOnlineRows(graph or self.graph(), self.spec(**more))

    def put(self, rows) -> None:
        """Write rows over those of the table, as somebody in Excel would."""
        table = self.book.table()
        table.rows[:] = [[self._cell(cell) for cell in row] for row in rows]
        self.book.touch()

    def _cell(self, cell: object) -> object:
        if isinstance(cell, date):
            return self.book.serial(cell)
        return "" if cell is None else cell

    def asked(self) -> list[str]:
        """Return what was asked since the last time: methods and paths."""
        told = [f"{e.method} {e.path}" for e in self.server.journal]
        self.server.journal.clear()
        return told

    async def close(self) -> None:
        for graph in self.graphs:
            await graph.close()
