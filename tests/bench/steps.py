"""What the trainings share: their command line, and how they tell how far they are."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from flows.errors import OperatorError
from tests.bench import libraries

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def say(line: str = "") -> None:
    """Write one line of progress."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def command_line(package: ModuleType, build: Path) -> tuple[argparse.ArgumentParser, Any]:
    """Return the options of a training and, to add to, its steps; *build* is its folder."""
    options = argparse.ArgumentParser(
        f"python -m {package.__name__}",
        description=package.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("--build", type=Path, default=build, help="folder for what is made")
    options.add_argument("--libraries", type=Path, help="folder of libraries only needed here")
    return options, options.add_subparsers(dest="step")


def run(options: argparse.ArgumentParser, words: Sequence[str], steps: str) -> int:
    """Run the step that *words* name; return the exit code. Without one say the *steps*."""
    given = options.parse_args(words)
    if given.step is None:
        say(f"no step named, nothing done; steps: {steps}")
        return 0
    given.build.mkdir(parents=True, exist_ok=True)
    try:
        if given.libraries:
            libraries.add_folder(given.libraries)
        given.run(given)
    except OperatorError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0
