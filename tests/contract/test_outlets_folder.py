"""The outlet contract on files in a folder."""

from __future__ import annotations

import pytest

from connectors.outlet_files import FolderFiles
from connectors.outlet_files.folder import WRITTEN
from tests.contract.outlet import OutletContract, output


class TestFolderFiles(OutletContract):
    folder = ""

    @pytest.fixture
    def open_outlet(self, tmp_path):
        self.root = tmp_path / "papers"
        return lambda: FolderFiles("papers", self.root)

    @pytest.fixture
    def outputs(self):
        body = {"folder": self.folder, "text": "What was agreed."}
        return [output("file.write", n, body | {"name": f"{n}.txt"}) for n in range(3)]

    async def shown(self, outlet):
        """The files, each with the id that the list has for it, in the order of writing."""
        if not (self.root / WRITTEN).exists():
            return []
        ids = (self.root / WRITTEN).read_text().split()
        files = sorted(self.root.rglob("*.txt"))
        assert len(files) == len(ids)
        return [
            f"{each} {file.read_text()}" for each, file in zip(sorted(ids), files, strict=True)
        ]


class TestBelow(TestFolderFiles):
    folder = "jobs/new"
