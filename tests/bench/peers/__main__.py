"""Ours beside other engines: one mailbox, one task, one run.

`python -m tests.bench.peers [--install] [--mails 2000] [--repeats 3] [--only NAME…]`

The task of each: read a mailbox by IMAPS, parse each mail in full, write its subject, which is
its number, as a line of a file. Each has run before, is down while the mails come, and is
started again:

- start s: from the command until it signs in at the mailbox.
- mails/s: from then until every mail is written; ms CPU: of all its processes, from then until
  it has been quiet for 5 s, over the mails; x 1st: as a multiple of the first row's; MB: the
  peak of its memory. Medians.
- again: how many mails it wrote more than once in these rounds, in each.
- killed: in as many rounds more all its processes get SIGKILL when half is written; it is
  started again, given a mail to wake it, and left until it writes no more. Of each round, how
  many were written at the kill, and in the end not at all, and more than once.

JigAjob runs as its own `watch` with cleaning off, as the others have none; `--only
"JigAjob, cleaning on"` runs it as it is. Others are measured where `--install` has put them:
in the user's cache, 125 MB and 2.9 GB, in ten minutes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from statistics import median
from typing import Final

import pytest

from tests.bench.peers.engine import Engine
from tests.bench.peers.n8n import N8n
from tests.bench.peers.node_red import NodeRed, NodeRedTimed
from tests.bench.peers.ours import Cleaned, Uncleaned
from tests.bench.peers.rounds import Fault, Speed, Stuck, acquainted
from tests.bench.steps import say

ENGINES: Final[Sequence[type[Engine]]] = (Uncleaned, NodeRed, NodeRedTimed, N8n)
SLOW: Final[Sequence[type[Engine]]] = (Cleaned,)
"""Those that are measured when named: one takes 25 minutes a round."""
HEAD: Final = (
    f"{'':20} {'start s':>7} {'mails/s':>7} {'x 1st':>6} {'ms CPU':>6} {'x 1st':>6} {'MB':>5}"
    f"  {'again':16} killed: at, lost, doubled"
)


def main() -> int:
    """Print the table; return 1 where an engine could not be measured to its end."""
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--install", action="store_true", help="fetch what is not there")
    asked.add_argument("--mails", type=int, default=2000)
    asked.add_argument("--repeats", type=int, default=3)
    names = [kind.name for kind in (*ENGINES, *SLOW)]
    asked.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=str(names))
    given = asked.parse_args()
    wanted = given.only or [kind.name for kind in ENGINES]
    kinds = [kind for kind in (*ENGINES, *SLOW) if kind.name in wanted]
    kinds = [kind for kind in kinds if _there(kind, install=given.install)]
    if not kinds:
        return 1
    packages = {pair for kind in kinds if kind.packages for pair in kind.packages.versions}
    say(", ".join(f"{name} {version}" for name, version in sorted(packages)))
    say(f"{given.mails} mails; {given.repeats} rounds undisturbed, {given.repeats} with a kill")
    say(HEAD)
    first: list[Speed] = []
    failed = 0
    for kind in kinds:
        try:
            _measure(kind, given.mails, given.repeats, first)
        except Stuck as error:
            failed = 1
            say(f"{kind.name:20} {error}")
    return failed


def _there(kind: type[Engine], *, install: bool) -> bool:
    packages = kind.packages
    if packages is None:
        return True
    if install:
        try:
            packages.install()
        except pytest.skip.Exception as error:
            say(f"{kind.name}: {error}")
    elif not packages.installed:
        say(f"{kind.name} is not installed: python -m {__package__} --install")
    return packages.installed


def _measure(kind: type[Engine], mails: int, repeats: int, first: list[Speed]) -> None:
    """Print the row of one engine; what all are compared with is kept in *first*."""
    speeds: list[Speed] = []
    for _ in range(repeats):
        with acquainted(kind, mails) as one:
            speeds.append(one.speed())
    first[:] = first or speeds
    faults: list[Fault] = []
    for _ in range(repeats):
        with acquainted(kind, mails) as one:
            faults.append(one.fault())
    say(_row(kind.name, speeds, first, faults))


def _row(
    name: str, speeds: Sequence[Speed], first: Sequence[Speed], faults: Sequence[Fault]
) -> str:
    start, rate, cpu, memory = _medians(speeds)
    _, first_rate, first_cpu, _ = _medians(first)
    again = " ".join(str(each.doubled) for each in speeds)
    ends = "; ".join(f"{each.at}, {each.lost}, {each.doubled}" for each in faults)
    return (
        f"{name:20} {start:7.1f} {rate:7.0f} {rate / first_rate:6.2f} {cpu:6.1f}"
        f" {cpu / first_cpu:6.2f} {memory:5.0f}  {again:16} {ends}"
    )


def _medians(speeds: Sequence[Speed]) -> tuple[float, float, float, float]:
    return (
        median(each.start for each in speeds),
        median(each.rate for each in speeds),
        median(each.cpu for each in speeds),
        median(each.memory for each in speeds),
    )


if __name__ == "__main__":
    sys.exit(main())
