"""Texts with marks, which teach the private matters: invented lines, and labelled mails.

A line of `labelled/*.txt` is a text: `\\n` in it ends a line, `#` begins a heading. Its marks
are those of `anonymizer.text.gold`. Labelled mails come from the sets that `TAUGHT` names; the
others score the cleaner, and are never learnt from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from anonymizer.text.gold import LabelError, Mark, unmarked
from anonymizer.text.public_sets import read_labelled
from flows.errors import OperatorError

LABELLED: Final = Path(__file__).with_name("labelled")
TAUGHT: Final = tuple(Path(__file__).parents[2] / "anonymizer" / "gold" / s for s in "ab")


@dataclass(frozen=True, slots=True)
class Marked:
    """A text, and what its marks say of stretches of it, in order."""

    text: str
    marks: tuple[Mark, ...]


def marked_texts(folders: Sequence[Path]) -> Iterator[Marked]:
    """Yield the invented lines, then subjects and texts of the labelled mails in *folders*.

    Raises:
        OperatorError: A folder is not there, or a mark is wrong.
    """
    yield from chain.from_iterable(map(marked_lines, sorted(LABELLED.glob("*.txt"))))
    yield from marked_mails(folders)


def marked_lines(path: Path) -> Iterator[Marked]:
    """Yield the texts of one file of lines.

    Raises:
        OperatorError: A mark is not whole, or bears a wrong label.
    """
    with _wrong_labels_told():
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
            if line.strip() and not line.startswith("#"):
                place = f"{path}:{number}"
                text, marks = _cut(line.replace("\\n", "\n"), place)
                yield Marked(text, tuple(marks))


def _cut(line: str, place: str) -> tuple[str, list[Mark]]:
    return unmarked("text", line, lambda _: place)


def marked_mails(folders: Iterable[Path]) -> Iterator[Marked]:
    """Yield each part of each labelled mail in *folders* that is not empty.

    Raises:
        OperatorError: A folder is not there, or a file does not have its format.
    """
    for folder in folders:
        if not folder.exists():
            raise OperatorError(f"there is no {folder}", fix="name folders of labelled mails")
        with _wrong_labels_told():
            mails = read_labelled(folder)
        for mail in mails:
            for part in mail.request.parts:
                if part.text.strip():
                    marks = tuple(mark for mark in mail.marks if mark.part == part.name)
                    yield Marked(part.text, marks)


@contextmanager
def _wrong_labels_told() -> Iterator[None]:
    try:
        yield
    except LabelError as error:
        raise OperatorError(f"{error.where}: {error.what}", fix=error.fix) from None
