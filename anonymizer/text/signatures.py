"""Finds the signature in a stretch of newly written lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from anonymizer.text.quote_marks import (
    CLOSINGS,
    CONTACT,
    DELIMITER,
    DISCLAIMER,
    DISCLAIMER_WORDS,
    LIST_FOOTER,
    POSTSCRIPT,
    RULE,
    SENT_FROM,
    alternatives,
    library_rows,
)

Kind = Literal["new", "quoted", "signature"]

SIGNATURE_LINES: Final = 14
SIGNATURE_WIDTH: Final = 80

_CLOSING = re.compile(
    rf"[\s*]*(?:{alternatives(CLOSINGS)})(?:[\s,.!*;-]+(?:[^\W\d]\S{{0,20}}\s?){{0,3}})?[\s,.!*-]*$",
    re.IGNORECASE,
)
_DASHED_NAME = re.compile(r"-{1,2} ?[^\W\d_]")
_WORD = r"[^\W\d_][\w.'\u2019-]{0,20}"
_NAME = re.compile(rf"{_WORD}(?:,?\s+{_WORD}){{0,5}}$")


class SignatureFinder:
    """Finds the signature in one run of new lines."""

    def __init__(self, lines: Sequence[str], kinds: list[Kind], start: int, end: int) -> None:
        self._lines, self._kinds = lines, kinds
        self._start, self._end = start, end
        self._written = [n for n in range(start, end) if lines[n].strip()]

    def mark(self, *, whole: bool) -> None:
        """Mark the signature in the run; it may be all of it only if *whole*."""
        for rule in (self._footer, self._sent_from, self._delimiter, self._closing, self._card):
            at = rule()
            if at is not None and (whole or at > self._written[0]):
                end = self._end if rule != self._closing else self._postscript(at)
                self._kinds[at:end] = ["signature"] * (end - at)
                self._end = at
                self._written = [number for number in self._written if number < at]

    def _tail(self, count: int = SIGNATURE_LINES) -> list[int]:
        return self._written[-count:]

    def _footer(self) -> int | None:
        """Find what a list or a lawyer adds below."""
        for number in self._tail(24):
            line = self._lines[number]
            paragraph = " ".join(self._lines[number : min(number + 12, self._end)])
            if DISCLAIMER.match(line) and DISCLAIMER_WORDS.search(paragraph):
                return self._above_rule(number)
            if RULE.match(line) and LIST_FOOTER.search(paragraph[:600]):
                return number
        return None

    def _above_rule(self, number: int) -> int:
        before = [n for n in self._written if n < number]
        return before[-1] if before and RULE.match(self._lines[before[-1]]) else number

    def _sent_from(self) -> int | None:
        for number in self._tail(3):
            line = self._lines[number].strip()
            short = len(line.split()) <= 9 and len(line) <= SIGNATURE_WIDTH  # noqa: PLR2004 - words
            if SENT_FROM.match(line) and short and not re.search(r"[,.;?!]\s+\w", line):
                above = number - 1
                named = above in self._written and is_name(self._lines[above].strip())
                return above if named else number
        return None

    def _delimiter(self) -> int | None:
        for number in self._tail(30):
            line = self._lines[number]
            delimits, rules = DELIMITER.match(line), RULE.match(line)
            after = [n for n in self._written if n > number] if delimits or rules else []
            if delimits and after:
                return number
            if rules and after and self._is_card(after):
                return number
        return None

    def _closing(self) -> int | None:
        for number in reversed(self._tail()):
            line = self._lines[number].strip()
            dashed = _DASHED_NAME.match(line) is not None and is_name(line.lstrip("- "))
            if len(line) > SIGNATURE_WIDTH or not (dashed or _is_closing(line)):
                continue
            after = [n for n in self._written if n > number]
            if dashed and (len(after) > 3 or self._is_listed(number)):  # noqa: PLR2004 - lines
                continue
            if all(self._is_short(n) for n in after if not self._is_postscript(n)):
                return number
        return None

    def _is_listed(self, number: int) -> bool:
        """Return whether the line is one of several that start with a dash."""
        lines = (self._lines[n].strip() for n in self._written if n != number)
        return any(line.startswith("-") for line in lines)

    def _card(self) -> int | None:
        """Find a name followed by ways to reach its bearer, without a closing."""
        tail = self._tail(10)
        for position, number in enumerate(tail):
            after_gap = number == self._start or not self._lines[number - 1].strip()
            block = tail[position:]
            if after_gap and len(block) > 1 and self._is_card(block):
                return number
        return None

    def _is_card(self, block: Sequence[int]) -> bool:
        name = self._lines[block[0]].strip(" \t*")
        if not all(self._is_short(number) for number in block):
            return False
        if not any(CONTACT.search(self._lines[number]) for number in block):
            return False
        return is_name(name)

    def _is_short(self, number: int) -> bool:
        line = self._lines[number].strip()
        sentence = len(line.split()) > 11 or line.endswith("?")  # noqa: PLR2004 - words
        return len(line) <= SIGNATURE_WIDTH and (not sentence or bool(CONTACT.search(line)))

    def _is_postscript(self, number: int) -> bool:
        return any(
            POSTSCRIPT.match(self._lines[n].strip()) for n in self._written if n <= number
        )

    def _postscript(self, closing: int) -> int:
        """Return where a postscript below the closing begins, or the end."""
        for number in self._written:
            if number > closing and POSTSCRIPT.match(self._lines[number].strip()):
                return number
        return self._end


def is_name(line: str) -> bool:
    """Return whether a line reads like the name of a person or a firm, not like a sentence."""
    if not _NAME.match(line):
        return False
    words = line.split()
    ends_short = len(words[-1]) <= 5 or not line.endswith(".")  # noqa: PLR2004 - "Jr.", "Ph.D."
    return words[0][0].isupper() and words[-1][0].isupper() and ends_short


def _is_closing(line: str) -> bool:
    if _CLOSING.match(line):
        return True
    found = library_rows()[1].match(line)
    return found is not None and len(line[found.end() :].split()) <= 3  # noqa: PLR2004 - a name
