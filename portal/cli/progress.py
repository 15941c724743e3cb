"""How far a long piece of work is, as lines."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import typer

EVERY: Final = 5.0
"""Seconds between two lines: enough to see that it goes on, few enough for a log."""


def counting(what: str) -> Callable[[int], None]:
    """Return a function that is told a number often, and says it now and then."""
    said = time.monotonic()

    def tell(number: int) -> None:
        nonlocal said
        if time.monotonic() - said >= EVERY:
            said = time.monotonic()
            typer.echo(f"{number} {what}")

    return tell
