"""Text of which stretches are not known any more, and what can be said of it all the same.

Where the cleaner took something out, a stand-in stands, and behind it may have been any text.
What is said here of a text with gaps holds whatever was in them; where that depends on it,
the answer is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from flows.language.filters import mentions

STAND_IN: Final = re.compile(r"<[A-Z][A-Z0-9_]{0,60}>")
"""What a stand-in looks like in clean text, numbered or coarser (`<PERSON_1>`, `<AGE_40S>`).

Whoever wrote such a thing into a mail meets a gap too many, never one too few."""

_ANYTHING: Final = "\N{CJK UNIFIED IDEOGRAPH-9F98}"
"""A letter in place of what a gap may begin or end with: beside it no word is surely whole."""


@dataclass(frozen=True, slots=True)
class Gapped:
    """A text as `pieces` with a gap between each two of them; at least one gap.

    A gap may hold any text, and none.
    """

    pieces: tuple[str, ...]

    def may_be(self, text: str) -> bool:
        """Return whether the gaps can be filled so that the text is *text*."""
        first, *middle, last = self.pieces
        if len(text) < len(first) + len(last):
            return False
        if not text.startswith(first) or not text.endswith(last):
            return False
        at, end = len(first), len(text) - len(last)
        for piece in middle:
            found = text.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True

    def holds(self, text: str) -> bool | None:
        """Return True where *text* stands in a piece; else a gap may hold it."""
        return True if any(text in piece for piece in self.pieces) else None

    def mentions(self, words: Iterable[str]) -> bool | None:
        """Return True where one of *words* stands whole in a piece, as the filter has it."""
        given = [word for word in words if _ANYTHING not in word]
        last = len(self.pieces) - 1
        for number, piece in enumerate(self.pieces):
            left = _ANYTHING if number else ""
            right = _ANYTHING if number < last else ""
            if mentions(f"{left}{piece}{right}", *given):
                return True
        return None if any(word.strip() for word in words) else False

    def starts(self, text: str) -> bool | None:
        """Return whether the text starts with *text*."""
        return _affix(self.pieces[0], text, str.startswith)

    def ends(self, text: str) -> bool | None:
        """Return whether the text ends with *text*."""
        return _affix(self.pieces[-1], text, str.endswith)

    @property
    def empty(self) -> bool | None:
        """Return whether there is no character in it."""
        return False if any(self.pieces) else None

    def each(self, change: Callable[[str], str]) -> Gapped | None:
        """Return it with each piece changed; None where neighbours decide about letters."""
        # A final sigma is written in another way than one before a letter.
        if not all(piece.isascii() for piece in self.pieces):
            return None
        return Gapped(tuple(map(change, self.pieces)))

    def trimmed(self) -> Gapped:
        """Return it without white space at its ends."""
        first, *middle, last = self.pieces
        return Gapped((first.lstrip(), *middle, last.rstrip()))


Text = str | Gapped


def read_gaps(clean: str) -> Text:
    """Return a clean text with a gap for each stand-in; as it is where it has none."""
    pieces = STAND_IN.split(clean)
    return Gapped(tuple(pieces)) if len(pieces) > 1 else clean


def joined(parts: Iterable[Text]) -> Text:
    """Return the parts as one text."""
    pieces = [""]
    for part in parts:
        first, *more = (part,) if isinstance(part, str) else part.pieces
        pieces[-1] += first
        pieces += more
    return Gapped(tuple(pieces)) if len(pieces) > 1 else pieces[0]


def new_text_of(new_text: str, text: str) -> Text:
    """Return the new text of a mail as far as it is known from both clean texts.

    What was taken out across the edge of a quote went with the stretch in which it began, so
    where new text begins there may be a gap of which no stand-in tells.
    """
    known = read_gaps(new_text)
    if isinstance(read_gaps(text), str) or text.strip().startswith(new_text):
        return known
    written = {line.strip() for line in new_text.splitlines()}
    for found in STAND_IN.finditer(text):
        line_start = text.rfind("\n", 0, found.start()) + 1
        rest = text[found.end() :]
        line, _, below = rest.partition("\n")
        own = text[line_start : found.end()] + line
        if own.strip() in written:
            continue  # the stand-in went into the new text with what follows it
        after = line.strip() or next(filter(None, map(str.strip, below.splitlines())), "")
        if any(each.startswith(after) for each in written):
            return _open_lines(known)
    return known


def _open_lines(text: Text) -> Gapped:
    """Return the text with a gap before each of its lines."""
    pieces = (text,) if isinstance(text, str) else text.pieces
    whole = Gapped(pieces) if len(pieces) > 1 else Gapped(("", pieces[0]))
    opened: list[str] = []
    for piece in whole.pieces:
        first, *more = piece.split("\n")
        opened.append(first)
        for line in more:
            opened[-1] += "\n"
            opened.append(line)
    return Gapped(("", *opened)) if opened[0] else Gapped(tuple(opened))


def _affix(piece: str, text: str, test: Callable[[str, str], bool]) -> bool | None:
    if test(piece, text):
        return True
    # What is known of the end already says otherwise, or a gap decides.
    return None if test(text, piece) else False
