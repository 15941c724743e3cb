"""What an engine is to this bench: a command that reads a mailbox and writes lines."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tests.bench.peers.packages import Packages
from tests.bench.peers.processes import Tree


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox by IMAPS on localhost, whose server has a certificate of the CA at `ca`."""

    port: int
    ca: Path
    address: str
    password: str


class Engine(ABC):
    """One engine with a home of its own, set up to write the subject of each mail to `out`.

    `name` is the engine's in the table.
    """

    name: ClassVar[str]
    packages: ClassVar[Packages | None] = None

    def __init__(self, home: Path, account: Account) -> None:
        self.home, self.account = home, account
        self.out = home / "seen.txt"
        home.mkdir(parents=True)

    @abstractmethod
    def prepare(self) -> None:
        """Do what comes before the first start."""

    @abstractmethod
    def command(self) -> Sequence[str]:
        """What starts it."""

    @abstractmethod
    def environment(self) -> Mapping[str, str]:
        """What it finds in its environment, besides ours."""

    def start(self) -> Tree:
        """Start it; whoever asked ends it."""
        return Tree(self.command(), self.environment(), self.home / "log")

    def written(self) -> Counter[str]:
        """How often each subject was written."""
        return Counter(self.out.read_text().splitlines() if self.out.exists() else ())
