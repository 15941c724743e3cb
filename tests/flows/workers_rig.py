"""Several workers sweep one home at the same time: `python -m tests.flows.workers_rig`.

A program of its own, since it forks; see `tests.flows.rig`. Prints one JSON object: for each
number of workers, how many of them ended well, and where the home differs from that of one.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import sys
import time
import traceback
from pathlib import Path

from anonymizer.text.cleaner import Cleaner
from portal.settings import Settings
from tests.flows.rig import sweep, template, warm_cleaner, what_is_there

ROOT = Path(__file__).resolve().parents[2]
EVERY = 4
"""Each fourth mail of the example's mailbox is enough, and the bank's files are whole."""


def business(folder: Path) -> Path:
    """Lay a part of the example out in *folder*, and return its flows file."""
    inbox = sorted((ROOT / "tests" / "mails" / "inbox").rglob("*.eml"))
    (folder / "tests" / "mails" / "inbox").mkdir(parents=True)
    for path in inbox[::EVERY]:
        shutil.copy2(path, folder / "tests" / "mails" / "inbox" / path.name)
    for path in ("tests/mails/bank", "templates"):
        shutil.copytree(ROOT / path, folder / path)
    shutil.copy2(ROOT / "flows.yaml", folder)
    return folder / "flows.yaml"


def swept_by(workers: int, settings: Settings, cleaner: Cleaner, moments: random.Random) -> int:
    """Let that many processes sweep at the same time; return how many ended well."""
    children = []
    for _ in range(workers):
        late = moments.uniform(0, 0.5)
        child = os.fork()
        if child == 0:
            time.sleep(late)
            try:
                asyncio.run(sweep(settings, cleaner))
            except BaseException:  # noqa: BLE001 - a child must never return into the parent's code
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        children.append(child)
    return sum(os.waitpid(child, 0)[1] == 0 for child in children)


def main(work: Path, seed: int, numbers: list[int]) -> None:
    """Print what became of homes that this many workers have swept."""
    flows, cleaner = business(work / "business"), warm_cleaner()
    first = template(work / "template", flows)
    one = Settings(home=work / "one", flows=flows)
    shutil.copytree(first.home, one.home)
    started = time.monotonic()
    asyncio.run(sweep(one, cleaner))
    seconds = time.monotonic() - started
    expected = asyncio.run(what_is_there(one))

    moments, told = random.Random(seed), []
    for round_, workers in enumerate(numbers):
        settings = Settings(home=work / f"many{round_}", flows=flows)
        shutil.copytree(first.home, settings.home)
        well = swept_by(workers, settings, cleaner, moments)
        found = asyncio.run(what_is_there(settings))
        differs = sorted(
            key for key in {*expected, *found} if expected.get(key) != found.get(key)
        )
        told.append({"workers": workers, "well": well, "differs": differs})
    result = {"records": len(expected), "seconds": seconds, "rounds": told}
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), [int(each) for each in sys.argv[3:]])
