"""What the room says when it will not count: what, and what to do, but never a figure."""

from __future__ import annotations

from functools import partial
from typing import Any


class Refused(Exception):
    """Rows, a method or a spending break a rule that the privacy of owners rests on.

    It tells neither who nor how many, and quotes no code and no value of a row. `what` is one
    line, `fix` another.
    """

    def __init__(self, what: str, *, fix: str) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix

    def __str__(self) -> str:
        return f"{self.what}\n  fix: {self.fix}"

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), fix=self.fix), (self.what,)
