"""JigAjob's own `watch`, as it is and with cleaning off; run, it is the latter."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from tests.bench.backlog import FLOWS, Off
from tests.bench.peers.engine import Engine

ROOT = Path(__file__).resolve().parents[3]


class Uncleaned(Engine):
    """All of `watch` but the cleaner, which the others do not have."""

    name = "JigAjob"
    program: ClassVar[Sequence[str]] = ("-m", __name__)

    def prepare(self) -> None:
        account = self.account
        flows = FLOWS.replace("security: none", "security: tls").replace(
            "127.0.0.1", "localhost"
        )
        assert account.address in flows
        (self.home / "flows.yaml").write_text(flows.replace("PORT", str(account.port)))
        self.out = self.home / "data" / "rows" / "seen.csv"

    def command(self) -> Sequence[str]:
        flows, data = str(self.home / "flows.yaml"), str(self.home / "data")
        return [sys.executable, *self.program, "watch", "--flows", flows, "--home", data]

    def environment(self) -> Mapping[str, str]:
        return {
            "PYTHONPATH": str(ROOT),
            "OFFICE_PASSWORD": self.account.password,
            "JIGAJOB_CA": str(self.account.ca),
        }

    def written(self) -> Counter[str]:
        if not self.out.exists():
            return Counter()
        with self.out.open(newline="", encoding="utf-8-sig") as file:
            return Counter(row["subject"] for row in csv.DictReader(file))


class Cleaned(Uncleaned):
    """All of `watch`."""

    name = "JigAjob, cleaning on"
    program = ("-c", "from portal.cli import main; main()")


def main() -> None:
    """Run the command line with a cleaner that takes nothing out."""
    from anonymizer.text import cleaner
    from portal.cli import main as program

    vars(cleaner)["Cleaner"] = lambda **_: Off()
    program()


if __name__ == "__main__":
    main()
