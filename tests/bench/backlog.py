"""Mail that waits on a real IMAP server: how fast it is taken in, and what a kill costs.

`python -m tests.bench.backlog [--mails 2000] [--cleaned 200] [--kills 100] [--seed 1]`

Dovecot holds invented mails; a flow writes a line for each into a table, with cleaning off, as
other engines have it. One run is left alone and timed, from the fork on and so with its
imports (`--mails 10000 --cleaned 0 --kills 0`: the first sync of a large mailbox). Another
has the cleaner of every day, and *cleaned* mails. Then runs over a new home are killed
(SIGKILL) at random moments, one after another, until as many kills have hit; the last may
end. The table must then hold each mail once. Other engines at this task: `tests.bench.peers`.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from anonymizer.text.request import Cleaned, Request
from flows.intake.mail_process import MAILS
from portal.settings import Settings
from portal.wiring import open_app
from tests.servers.certificates import make_certificates
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import OFFICE, PASSWORD

if TYPE_CHECKING:
    from anonymizer.text.cleaner import Cleaner

FLOWS: Final = """\
version: 1
business: {id: hudson, name: Hudson, industry: "238220", region: US-NY, time_zone: UTC}
sources:
  office:
    uses: imap
    host: 127.0.0.1
    port: PORT
    security: none
    address: office@hudson.example
    password: env:OFFICE_PASSWORD
    trust: []
flows:
  - id: log
    name: Log
    triggers: [{mail: office}]
    steps:
      - id: line
        uses: row.append
        with: {table: seen, columns: {subject: "{{ mail.subject }}"}}
"""
WORDS: Final = """
boiler tap leak cold water visit monday kitchen please quote pressure valve the a we is again
could somebody come before noon and bring parts for it since yesterday thanks
"""


class Off:
    """A cleaner that takes nothing out: what is measured is all but cleaning."""

    def clean(self, requests: Sequence[Request]) -> list[Cleaned]:
        return [
            Cleaned(
                texts={part.name: part.text for part in request.parts},
                removals=(),
                kept={},
                roster=request.roster,
            )
            for request in requests
        ]


def mails(number: int, seed: int) -> Iterator[bytes]:
    """Yield mails of about 6.5 kB, each with its number as subject."""
    words, known = random.Random(seed), WORDS.split()
    for each in range(number):
        lines = [" ".join(words.choices(known, k=12)) for _ in range(words.randint(20, 170))]
        head = (
            f"From: Ada <ada{each % 400}@customer.example>\r\nTo: {OFFICE}\r\n"
            f"Subject: letter {each:05d}\r\nMessage-ID: <{seed}.{each}@customer.example>\r\n"
            "Date: Thu, 4 Jan 2024 10:00:00 +0000\r\n\r\n"
        )
        yield (head + "\r\n".join(lines) + "\r\n").encode()


async def sweep(settings: Settings, *, cleaning: bool = False) -> None:
    async with open_app(settings) as app:
        cleaner = cast("Cleaner", Off())
        if cleaning:
            # Here, so that runs without it are measured without its models.
            from anonymizer.text.cleaner import Cleaner

            cleaner = Cleaner()
        done = await app.sweep(cleaner).run(lambda _, piece: piece, lambda *_: None)
        for trouble in done.troubles.values():
            raise trouble


def child(settings: Settings, *, cleaning: bool = False) -> int:
    """Start a sweep in a process of its own, and return its id."""
    started = os.fork()
    if started == 0:
        try:
            asyncio.run(sweep(settings, cleaning=cleaning))
            MAILS.close()  # its time is ours, once it was waited for
        except BaseException as error:  # noqa: BLE001 - a child must not return into our code
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            os._exit(1)
        os._exit(0)
    return started


async def imported(settings: Settings) -> None:
    """Import what a sweep needs, so that kills hit work and not the start."""
    async with open_app(settings) as app:
        app.sweep(cast("Cleaner", Off()))


def rows(settings: Settings) -> Counter[str]:
    """Return how often the table holds each subject."""
    table = settings.home / "rows" / "seen.csv"
    if not table.exists():
        return Counter()
    with table.open(newline="", encoding="utf-8-sig") as file:
        return Counter(row["subject"] for row in csv.DictReader(file))


def timed(settings: Settings, number: int, *, cleaning: bool = False) -> float:
    began = time.monotonic()
    _, status, used = os.wait4(child(settings, cleaning=cleaning), 0)
    seconds = time.monotonic() - began
    ended = os.waitstatus_to_exitcode(status)
    say(
        f"undisturbed, cleaning {'on' if cleaning else 'off'} (exit {ended}): {number:,} mails"
        f" in {seconds:.1f} s, {number / seconds:.0f} a second,"
        f" {1000 * (used.ru_utime + used.ru_stime) / number:.1f} ms CPU a mail,"
        f" peak {used.ru_maxrss / 1024:.0f} MB; {rows(settings).total():,} rows"
    )
    return seconds


def killed(settings: Settings, kills: int, seconds: float, seed: int) -> tuple[int, list[int]]:
    """Kill sweeps until *kills* have hit, then let one end.

    Returns how many hit, and how many rows were written when each did.
    """
    moments, hits, written = random.Random(seed), 0, list[int]()
    while hits < kills:
        started = child(settings)
        time.sleep(moments.uniform(0.05, max(0.3, 3 * seconds / kills)))
        os.kill(started, signal.SIGKILL)
        _, status = os.waitpid(started, 0)
        if not os.WIFSIGNALED(status):
            break  # it had ended: nothing is left to disturb
        hits += 1
        written.append(rows(settings).total())
    os.waitpid(child(settings), 0)
    return hits, written


@contextmanager
def waiting(work: Path, number: int, seed: int) -> Iterator[Path]:
    """Give the flows file of a business for which so many mails wait on a server."""
    certificates = make_certificates(work)
    with Dovecot(certificates, passwords={OFFICE: PASSWORD}) as server:
        server.load(OFFICE, mails(number, seed))
        flows = work / "flows.yaml"
        flows.write_text(FLOWS.replace("PORT", str(server.imap_port)))
        yield flows


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--mails", type=int, default=2000)
    asked.add_argument("--cleaned", type=int, default=200)
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    os.environ["OFFICE_PASSWORD"] = PASSWORD
    work = Path(tempfile.mkdtemp(prefix="backlog-"))
    try:
        if given.cleaned:
            with waiting(work, given.cleaned, given.seed) as flows:
                timed(Settings(home=work / "clean", flows=flows), given.cleaned, cleaning=True)
        with waiting(work, given.mails, given.seed) as flows:
            seconds = timed(Settings(home=work / "alone", flows=flows), given.mails)
            if not given.kills:
                return
            asyncio.run(imported(Settings(home=work / "imports", flows=flows)))
            settings = Settings(home=work / "killed", flows=flows)
            hits, written = killed(settings, given.kills, seconds, given.seed)
        found = rows(settings)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    lost = given.mails - len(found)
    doubled = sum(count > 1 for count in found.values())
    began = sum(0 < count < given.mails for count in written)
    say(
        f"{hits} kills of {given.mails} mails, {began} of them when some rows were written and"
        f" some not: {lost} lost, {doubled} doubled"
    )


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
