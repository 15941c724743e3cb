"""One run of the example, through the command line and Prefect, for many tests to look at."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
import typer.main

from portal.cli.program import app as program
from portal.settings import Settings
from portal.wiring import App, open_app
from tests.portal import warm

if TYPE_CHECKING:
    from tests.portal.marked import MarkedRun

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (sys.executable, "-c", "from portal.cli import main; main()")
T = TypeVar("T")


def jigajob(
    *arguments: str | Path, stdin: str | None = None, cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would, in a process of its own."""
    words = list(map(str, arguments))
    started_with = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    if not any(name.startswith(("PYTHON", "LC_", "LANG")) for name in environment):
        return warm.command(words, cwd, started_with, stdin)
    return subprocess.run(  # what Python reads at its start
        [*PROGRAM, *words],
        cwd=cwd,
        env=started_with,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def typed(settings: Settings, command: str, *words: str) -> None:
    """Do what the command does, and raise what it raises."""
    at = ["--home", str(settings.home), "--flows", str(settings.flows)]
    command_line: Any = typer.main.get_command(program)
    command_line.main([*at, *command.split(), *words], standalone_mode=False)


@dataclass(frozen=True)
class Ran:
    """A home after a run, what the run printed, and where it had its temporary files."""

    home: Path
    flows: Path
    printed: str
    temporary: Path

    def look(self, question: Callable[[App], Awaitable[T]]) -> T:
        """Return the answer to *question*, asked of the open home."""

        async def ask() -> T:
            async with open_app(Settings(home=self.home, flows=self.flows)) as app:
                return await question(app)

        return asyncio.run(ask())


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The example after its first run."""
    folder = tmp_path_factory.mktemp("demo")
    home, temporary = folder / "home", folder / "temporary"
    temporary.mkdir()
    done = jigajob("demo", "--home", home, TMPDIR=str(temporary))
    assert done.returncode == 0, done.stderr
    return Ran(home, ROOT / "flows.yaml", done.stdout, temporary)


@pytest.fixture(scope="session")
def marked(tmp_path_factory: pytest.TempPathFactory) -> MarkedRun:
    """A run over mail full of marks, cut off from every network."""
    from tests.portal.marked import run_marked

    return run_marked(tmp_path_factory.mktemp("marked"))


def opened(app: App, kind: str, noun: type[Any]) -> Callable[[], Awaitable[list[Any]]]:
    """Return a call that reads every record of a kind."""

    async def read() -> list[Any]:
        return [await app.records.open(r, noun) async for r in app.records.each(kind)]

    return read
