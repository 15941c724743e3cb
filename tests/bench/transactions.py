"""How fast bank files are taken in: `python -m tests.bench.transactions [transactions]`.

Invented movements lie in files of four kinds, a month each: OFX, CAMT.053, MT940 and CSV. They
go through the sweep of the app into its SQLite store, cleaned as transactions are. Printed
are rows a second and the peak of memory: of reading the files alone, of the import, and of a
second import, which must change nothing.
"""

from __future__ import annotations

import asyncio
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Final

from anonymizer.text.cleaner import Cleaner
from connectors.bank import BankFiles
from flows.language.load import load
from flows.language.sources import BankSource
from portal.settings import Settings
from portal.wiring import open_app
from tests.connectors.bank_files import csv_text, ofx_text, posting, statement
from tests.connectors.statement_files import (
    camt_statement,
    camt_text,
    details,
    entry,
    line,
    mt940_text,
)

FLOWS: Final = """\
version: 1
business: {id: hudson, name: Hudson, industry: "238220", region: US-NY, time_zone: UTC}
sources:
  ofx: {uses: bank, path: ofx}
  camt: {uses: bank, path: camt}
  mt940: {uses: bank, path: mt940}
  csv:
    uses: bank
    path: csv
    columns: {date: Date, amount: Amount, counterparty: Name, reference: Text}
flows:
  - id: paid
    name: Note large payments
    triggers: [{transaction: csv}]
    conditions: ["transaction.amount > 1000000"]
    steps: [{id: say, uses: notify, with: {to: owner, text: paid}}]
"""
NAMES: Final = "Ada Byron|Hut Supply|City Water Works|Maria Lopez|Elm Street Bakery|J. Jansen"
WORDS: Final = "invoice|rent|thanks|boiler|deposit|order|visit of|repair, kitchen"


@dataclass(frozen=True, slots=True)
class Row:
    """One invented movement."""

    on: date
    amount: str
    name: str
    text: str
    number: str


def rows(number: int, seed: int) -> list[Row]:
    """Return movements of two years, oldest first."""
    chance = random.Random(seed)
    names, words = NAMES.split("|"), WORDS.split("|")
    return [
        Row(
            date(2023, 1, 1) + timedelta(days=each * 720 // number),
            f"{chance.choice('-+').strip('+')}{chance.randrange(1, 200_000) / 100:.2f}",
            chance.choice(names),
            f"{chance.choice(words)} INV-{each}",
            f"{seed}-{each}",
        )
        for each in range(number)
    ]


def _ofx(month: Sequence[Row]) -> str:
    made = (
        posting(row.number, f"{row.on:%Y%m%d}", row.amount, name=row.name, memo=row.text)
        for row in month
    )
    # Its balance would be that of each month anew.
    return ofx_text(statement(*made)).replace("BALAMT", "OTHER")


def _camt(month: Sequence[Row]) -> str:
    made = (
        entry(row.amount, str(row.on), row.number, inside=details(name=row.name, text=row.text))
        for row in month
    )
    return camt_text(camt_statement(*made))


def _mt940(month: Sequence[Row]) -> str:
    made = (
        line(row.amount, str(row.on), row.number, text=f"166?00T?20{row.text}?32{row.name}")
        for row in month
    )
    return mt940_text(*made)


def _csv(month: Sequence[Row]) -> str:
    return csv_text([(row.on, row.amount, row.name, row.text) for row in month])


KINDS: Final[dict[str, Callable[[Sequence[Row]], str]]] = {
    "ofx": _ofx,
    "camt": _camt,
    "mt940": _mt940,
    "csv": _csv,
}


def write(folder: Path, number: int) -> None:
    """Write the files: *number* movements in all, a quarter of each kind."""
    (folder / "flows.yaml").write_text(FLOWS, encoding="utf-8")
    for seed, (kind, text) in enumerate(KINDS.items()):
        (folder / kind).mkdir()
        for name, month in groupby(rows(number // 4, seed), lambda row: f"{row.on:%Y-%m}"):
            (folder / kind / f"{name}.{kind}").write_text(text(list(month)), encoding="utf-8")


async def read(folder: Path, kind: str) -> int:
    """Page through one source; return how many movements it shows."""
    spec = load(folder / "flows.yaml").sources[kind]
    assert isinstance(spec, BankSource)
    source, cursor, found = BankFiles(spec, folder, name=kind), "", 0
    while True:
        page = await source.page(cursor, 1_000)
        found += sum(item.transaction is not None for item in page.items)
        if not page.more:
            return found
        cursor = page.cursor


async def swept(settings: Settings, cleaner: Cleaner) -> tuple[int, int]:
    """Sweep once; return how many transactions were stored, and how many are there."""
    async with open_app(settings) as app:
        sweep = app.sweep(cleaner)
        done = await sweep.run(lambda _, piece: piece, lambda *_: None)
        for trouble in done.troubles.values():
            raise trouble
        stored = sum(each.stored for each in done.sources.values())
        there = await app.records.store.count(app.records.key, "transaction")
    return stored, there


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(name: str, began: tuple[float, float], number: int) -> None:
    """Print one line of the table."""
    took, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    print(  # noqa: T201 the bench's output
        f"{name:29} {number:8,} in {took:7.1f} s {number / took:8,.0f}/s"
        f"   CPU {cpu / number * 1e3:6.2f} ms each   peak {_peak():5.0f} MB",
        flush=True,
    )


async def main(number: int) -> None:
    """Measure in a temporary folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, number)
        for kind in KINDS:
            began = time.perf_counter(), time.process_time()
            timed(f"read {kind}", began, await read(folder, kind))
        settings = Settings(home=folder / "home", flows=folder / "flows.yaml")
        cleaner = Cleaner()
        for again in ("import", "second import, nothing new"):
            began = time.perf_counter(), time.process_time()
            stored, there = await swept(settings, cleaner)
            assert there == number // 4 * 4
            assert stored == (there if again == "import" else 0)
            timed(again, began, there)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
