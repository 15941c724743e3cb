"""Rounds of the bench: an engine that has run before finds mail that came meanwhile.

Each round has a new Dovecot and a new home of the engine. First it runs until it has written a
mail that comes while it is up, and is ended: so it has its database, and knows the mailbox.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.backlog import mails
from tests.bench.peers.engine import Account, Engine
from tests.bench.peers.processes import Tree
from tests.servers.certificates import make_certificates
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import OFFICE, PASSWORD

_LOOKS_EVERY: Final = 0.02
_QUIET: Final = 5.0
"""Seconds without a new line after which nothing more is expected of an engine that has all."""
_LONG_QUIET: Final = 20.0
"""The same for one that may not: a loaded machine must not look like a loss."""
_STUCK: Final = 120.0
"""Seconds without a new line after which an engine that should write is taken to be stuck."""
_LISTENS_WITHIN: Final = 15.0
"""Seconds after which another mail may be what an engine needs to look for mail."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds from its start until it signs in; from then on mails a second and CPU
    milliseconds a mail; its peak memory in MB; how many mails it wrote more than once.
    """

    start: float
    rate: float
    cpu: float
    memory: float
    doubled: int


@dataclass(frozen=True, slots=True)
class Fault:
    """How many mails were written at the kill, and in the end not at all or several times."""

    at: int
    lost: int
    doubled: int


class Stuck(Exception):
    """An engine that did not write what it should; holds the end of its log."""


class Round:
    """An engine that has run before, and the mailbox that it reads."""

    def __init__(self, engine: Engine, server: Dovecot, number: int) -> None:
        self._engine, self._server, self._number = engine, server, number
        self._late = 0

    def speed(self) -> Speed:
        """Read all that waits.

        Raises:
            Stuck: It ended or fell silent before all was written.
        """
        wanted, signed_in = self._load(), self._sign_ins()
        began = time.monotonic()
        with self._engine.start() as tree:
            self._until(tree, lambda: self._sign_ins() > signed_in)
            start, before = time.monotonic() - began, tree.cpu()
            self._until(tree, lambda: self._engine.written().keys() >= wanted)
            seconds = time.monotonic() - began - start
            self._settle()
            cpu, memory = tree.cpu() - before, tree.peak()
            tree.end()
        return Speed(
            start,
            self._number / seconds,
            1000 * cpu / self._number,
            memory,
            self._doubled(wanted),
        )

    def fault(self) -> Fault:
        """Kill it when half is written, start it again, and count when all is quiet.

        Raises:
            Stuck: It ended or fell silent before half was written, or did not wake again.
        """
        wanted = self._load()
        with self._engine.start() as tree:
            self._until(tree, lambda: self._count(wanted) >= self._number // 2)
            tree.kill()
        at = self._count(wanted)
        with self._engine.start() as tree:
            self._woken(tree)
            self._settle(_LONG_QUIET)
            tree.end()
        return Fault(at, self._number - self._count(wanted), self._doubled(wanted))

    def acquaint(self) -> None:
        """Run it for the first time."""
        with self._engine.start() as tree:
            self._woken(tree)
            self._settle()
            tree.end()

    def _woken(self, tree: Tree) -> None:
        """Deliver mails until one is written: it is up then, and has looked for mail."""
        for _ in range(10):
            subject = self._deliver()
            late = time.monotonic() + _LISTENS_WITHIN
            while time.monotonic() < late:
                if subject in self._engine.written():
                    return
                time.sleep(_LOOKS_EVERY)
        raise self._stuck("no mail was written after 10 had come", tree)

    def _count(self, wanted: AbstractSet[str]) -> int:
        return len(wanted & self._engine.written().keys())

    def _doubled(self, wanted: AbstractSet[str]) -> int:
        seen = self._engine.written()
        return sum(seen[subject] > 1 for subject in wanted)

    def _sign_ins(self) -> int:
        log = (self._server.directory / "log").read_text("utf-8", "replace")
        return log.count("imap-login: Info: Login: ")

    def _until(self, tree: Tree, done: Callable[[], bool]) -> None:
        count, since = -1, time.monotonic()
        while not done():
            if (now := self._engine.written().total()) != count:
                count, since = now, time.monotonic()
            if not tree.alive or time.monotonic() - since > _STUCK:
                raise self._stuck(f"only {count} lines were written", tree)
            time.sleep(_LOOKS_EVERY)

    def _settle(self, seconds: float = _QUIET) -> None:
        """Wait until it writes no more."""
        count, since = -1, time.monotonic()
        while time.monotonic() - since < seconds:
            if (now := self._engine.written().total()) != count:
                count, since = now, time.monotonic()
            time.sleep(0.2)

    def _deliver(self) -> str:
        """Deliver one mail, and return its subject."""
        self._late += 1
        subject = f"late {self._late:05d}"
        (mail,) = mails(1, -self._late)
        self._server.deliver(OFFICE, mail.replace(b"letter 00000", subject.encode(), 1))
        return subject

    def _load(self) -> set[str]:
        """Let all mails wait, as if they had just come; return their subjects."""
        self._server.load(OFFICE, mails(self._number, 1), received=time.time())
        return {f"letter {each:05d}" for each in range(self._number)}

    def _stuck(self, what: str, tree: Tree) -> Stuck:
        ended = "" if tree.alive else ", and it has ended"
        log = (self._engine.home / "log").read_text("utf-8", "replace")[-1500:]
        return Stuck(f"{what}{ended}; the end of its log:\n{log}")


@contextlib.contextmanager
def acquainted(kind: type[Engine], number: int) -> Iterator[Round]:
    """Give a round of an engine that has run once, with *number* mails to come."""
    with tempfile.TemporaryDirectory(prefix="peers-", ignore_cleanup_errors=True) as work:
        certificates = make_certificates(Path(work))
        with Dovecot(certificates, passwords={OFFICE: PASSWORD}) as server:
            account = Account(server.imaps_port, certificates.ca, OFFICE, PASSWORD)
            engine = kind(Path(work) / "home", account)
            engine.prepare()
            made = Round(engine, server, number)
            made.acquaint()
            yield made
