"""How a month of business ends: what is matched by itself, asked, and left to people.

    python -m tests.bench.month

The month is that of `tests/month`: the sample mailbox and accounts, 25 PDF invoices of eight
layouts, accounts in three currencies, and a Stripe account at its stand-in.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from anonymizer.text.cleaner import Cleaner
from tests.month.office import written
from tests.month.reconciled import reconciled


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "month")
        folder.mkdir()
        month = written(folder)
        began = time.monotonic()
        ended = asyncio.run(reconciled(month, Path(place, "home"), Cleaner()))
        sys.stdout.write(f"{ended.figures()}; {time.monotonic() - began:.0f} s\n")
        for name, found in (("wrong", ended.wrong), ("left", ended.missed)):
            for source, day, amount in sorted(found):
                numbers = ", ".join(sorted(month.truth.get((source, day, amount), ())))
                sys.stdout.write(f"{name}: {source} {day} {amount} is for {numbers}\n")
        missing = sorted(month.invoices.keys() - ended.invoices.keys())
        sys.stdout.write(f"not recorded by itself: {', '.join(missing) or '-'}\n")


if __name__ == "__main__":
    main()
