"""Runs every bench of this folder: `python -m tests.bench [NAME…]`.

Each is a program of its own, so that none warms another up; what it prints goes out as it
comes. Figures of a busy machine say little, so its load stands before and after.
"""

from __future__ import annotations

import os
import pkgutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

SHORT: Final[Mapping[str, Sequence[str]]] = {
    "aggregates": ["--businesses", "2000", "--draws", "3", "--no-pipeline-dp"],
    "audit": ["20000"],
    "cleaning": ["--mails", "60"],
    "cosmos": ["100"],
    "peers": ["--mails", "200", "--repeats", "1"],
    "sealing": ["--mails", "300"],
    "store": ["20000"],
    "transactions": ["2000"],
}
"""Options with which all benches together take about three minutes, and five more where the
peers are installed; alone, take the whole.
"""


def main(wanted: Sequence[str]) -> int:
    """Run the benches named, or all; return how many of them failed."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    failed = 0
    for name in wanted or [name for name in names if not name.startswith("_")]:
        if name not in names:
            _say(f"there is no bench {name!r}; there are {', '.join(names)}")
            return 2
        _say(f"\n== {name}: {__package__}.{name} {' '.join(SHORT.get(name, ()))}, {_load()}")
        began = time.monotonic()
        command = [sys.executable, "-m", f"{__package__}.{name}", *SHORT.get(name, ())]
        failed += subprocess.call(command) != 0
        _say(f"-- {time.monotonic() - began:.0f} s, {_load()}")
    return failed


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
