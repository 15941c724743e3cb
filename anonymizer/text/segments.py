"""Cuts a mail's text into what was newly written, what is quoted, and the signature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from anonymizer.text.quote_marks import (
    FOR_INFORMATION,
    FORWARDED,
    LABELS,
    NOTES_ANSWER,
    NOTES_AUTHOR,
    OPENERS,
    ORIGINAL,
    RULE,
    WROTE,
    alternatives,
    library_rows,
)
from anonymizer.text.signatures import Kind, SignatureFinder


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a mail's text: `[start, end)` in characters, and where it comes from."""

    kind: Kind
    start: int
    end: int


LOOKED_AT: Final = 400
"""Characters of a line that any rule looks at."""

LIBRARY_TRIES: Final = 200
"""Lines per mail shown to the library's expressions, whose time is quadratic."""

BLOCK_TRIES: Final = 2_000
"""Lines per mail that are tried as the start of a header block."""

BLOCK_LINES: Final = 40
"""Lines that a header block may take: recipient lists are long."""

FYI_LENGTH: Final = 80
FILLER: Final = " \t\r\v\f-_=*>"
"""Characters that say nothing by themselves."""

_ENDS_ATTRIBUTION = re.compile(
    rf"(?:{alternatives(WROTE)})\b.{{0,120}}[:\uff1a]\s*$", re.IGNORECASE
)
_OPENS_ATTRIBUTION = re.compile(
    rf"\s*[-> ]{{0,6}}(?:(?:{alternatives(OPENERS)})\b|\d{{1,4}}[./年-]\d{{1,2}}[./月-])",
    re.IGNORECASE,
)
_OLD_GMAIL = re.compile(r"\d{4}/\d{1,2}/\d{1,2} .{2,100}<[^<>\s]+@[^<>\s]+>\s*$")
_TIMED = re.compile(r"[^<>]{0,60}\d{1,2}:\d\d[^<>]{0,100}<[^<>\s]+@[^<>\s]+>\s*[:\uff1a]\s*$")
_LABEL = re.compile(
    r"[\s*]{0,12}(?:"
    + "|".join(f"(?P<{kind}>{alternatives(words)})" for kind, words in LABELS.items())
    + r")[ *]{0,2}[:\uff1a]",
    re.IGNORECASE,
)
_DASHED = r"\s*[-_*=]{{0,60}}\s*(?:{})\b.{{0,120}}"
_ORIGINAL = re.compile(_DASHED.format(alternatives(ORIGINAL)) + r"$", re.IGNORECASE)
_FORWARDED = re.compile(_DASHED.format(alternatives(FORWARDED)) + r"$", re.IGNORECASE)
_FOR_INFORMATION = re.compile(rf"(?<!\w)(?:{alternatives(FOR_INFORMATION)})", re.IGNORECASE)
_WHEN = re.compile(r"\d{1,2}:\d\d|\d{4}|@")


def segment(text: str) -> tuple[Segment, ...]:
    """Return the segments of *text*, in order, from start to end without gaps.

    A forward is new text: its reader has not seen it before. So is a text of which nothing
    else would be left. The whole is always there; the cut is a view on it.
    """
    if not text:
        return ()
    lines = text.split("\n")
    heads = [line[:LOOKED_AT] for line in lines]
    kinds = _Cutter(heads).cut()
    segments: list[Segment] = []
    at = number = 0
    for kind, run in groupby(kinds):
        count = len(list(run))
        end = at + sum(len(line) + 1 for line in lines[number : number + count])
        segments.append(Segment(kind=kind, start=at, end=min(end, len(text))))
        at, number = end, number + count
    # A last line break leaves an empty line behind it, which is no stretch of text.
    return tuple(piece for piece in segments if piece.end > piece.start)


class _Cutter:
    """Labels the lines of one text."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._kinds: list[Kind] = ["new"] * len(lines)
        self._labels = [_label(line) for line in lines]
        self._next_text = _next_with_text(lines)
        self._colons = [line.rstrip().endswith((":", "\uff1a")) for line in lines]
        self._tries, self._blocks = LIBRARY_TRIES, BLOCK_TRIES
        self._said = False  # whether the sender has written something since the last forward

    def cut(self) -> list[Kind]:
        """Return the kind of each line."""
        self._quotes()
        self._if_nothing_is_left()
        self._blank_lines()
        said = False
        for start, end in self._runs("new"):
            SignatureFinder(self._lines, self._kinds, start, end).mark(whole=said)
            said = said or any(line.strip() for line in self._lines[start:end])
        return self._kinds

    def _quotes(self) -> None:
        at = 0
        while at < len(self._lines):
            line = self._lines[at]
            if line.startswith((">", " >")):
                self._kinds[at] = "quoted"
                at += 1
            elif _FORWARDED.match(line) and self._is_marker(at):
                at = self._end_of_block(at + 1) or at + 1
                self._said = False
            elif (end := self._attribution(at)) is not None:
                at = self._quote_from(at, end, inline=self._next_is_quoted(end))
            elif (end := self._copied_header(at)) is not None:
                at = self._quote_from(at, end, inline=False)
            else:
                self._said = self._said or bool(line.strip(FILLER))
                at += 1

    def _quote_from(self, start: int, end: int, *, inline: bool) -> int:
        """Mark what lines [start, end) introduce; return where to go on."""
        if inline:
            self._kinds[start:end] = ["quoted"] * (end - start)
            return end
        if not self._said or self._is_for_information(start):
            self._said = False
            return end
        self._kinds[start:] = ["quoted"] * (len(self._lines) - start)
        return len(self._lines)

    def _is_marker(self, at: int) -> bool:
        """Return whether a line that speaks of forwarding is a mail program's."""
        line = self._lines[at].strip()
        return line[:2] in ("--", "==", "__", "**") or line.endswith((":", "-"))

    def _is_for_information(self, before: int) -> bool:
        own = ""
        for number in range(before):
            if self._kinds[number] == "new":
                own += self._lines[number].strip() + " "
            if len(own.strip()) > FYI_LENGTH:
                return False
        return len(own.strip()) <= FYI_LENGTH and bool(_FOR_INFORMATION.search(own))

    def _attribution(self, at: int) -> int | None:
        """Return the line after an attribution ("On … wrote:") that starts at line *at*."""
        line = self._lines[at]
        if "@" in line and (_OLD_GMAIL.match(line) or _TIMED.match(line)):
            return at + 1
        if not any(self._colons[at : at + 4]):
            return None
        opens = _OPENS_ATTRIBUTION.match(line)
        for end in range(at + 1, min(at + 5, len(self._lines) + 1)):
            last = self._lines[end - 1]
            if not last.strip():
                return None
            if not self._colons[end - 1]:
                continue
            if _ENDS_ATTRIBUTION.search(last) and (
                opens or (self._next_is_quoted(end) and (end == at + 1 or "@" in line))
            ):
                return end
            return end if self._library_knows(at, end) else None
        return None

    def _library_knows(self, at: int, end: int) -> bool:
        text = "\n".join(line.strip() for line in self._lines[at:end])
        if self._tries <= 0 or len(text) > LOOKED_AT // 2:
            return False
        self._tries -= 1
        return library_rows()[0].match(text) is not None

    def _copied_header(self, at: int) -> int | None:
        """Return the line after a copied header (From, Sent, To, Subject) starting at *at*."""
        line = self._lines[at]
        if _ORIGINAL.match(line) and (self._is_marker(at) or self._end_of_block(at + 1)):
            return self._end_of_block(at + 1) or at + 1
        if RULE.match(line):
            return self._end_of_block(at + 1) if self._starts_block(at + 1) else None
        if NOTES_ANSWER.match(line) or (":" in line and NOTES_AUTHOR.search(line)):
            return self._end_of_block(at)
        return self._end_of_block(at) if self._starts_block(at) else None

    def _starts_block(self, at: int) -> bool:
        """Return whether line *at*, or the next one with text, is a label of a header."""
        following = self._next_text[min(at, len(self._lines))]
        return following < len(self._lines) and bool(self._labels[following])

    def _end_of_block(self, at: int) -> int | None:
        """Return the line after the header block at *at*, or None where there is none.

        It has three labels or more, among them whose mail it was or to whom it went, and
        a time or an address: a customer may well write "From: … To: …" of a move.
        """
        self._blocks -= 1
        if self._blocks < 0:
            return None
        seen: dict[str, int] = {}
        telling = False
        misses = 0
        for number in range(at, min(at + BLOCK_LINES, len(self._lines))):
            line = self._lines[number]
            label = self._labels[number]
            if label:
                seen[label] = number
            misses = 0 if label else misses + bool(line.strip())
            telling = telling or bool(_WHEN.search(line))
            if ("subject" in seen and len(seen) >= 3) or misses > 12:  # noqa: PLR2004 - see above
                break
        enough = {"from", "to"} & set(seen) and len(seen) >= 3 and telling  # noqa: PLR2004
        return max(seen.values()) + 1 if enough else None

    def _next_is_quoted(self, at: int) -> bool:
        following = self._next_text[min(at, len(self._lines))]
        if following - at > 5 or following == len(self._lines):  # noqa: PLR2004 - blank lines
            return False
        return self._lines[following].lstrip(" ").startswith((">", "|>"))

    def _if_nothing_is_left(self) -> None:
        if "quoted" in self._kinds and self._is_empty_or_for_information():
            self._kinds[:] = ["new"] * len(self._kinds)

    def _is_empty_or_for_information(self) -> bool:
        if self._is_for_information(len(self._lines)):
            return True
        return not any(
            kind == "new" and line.strip(FILLER)
            for line, kind in zip(self._lines, self._kinds, strict=True)
        )

    def _blank_lines(self) -> None:
        """Give blank lines between two stretches of quotation to the quotation."""
        for start, end in self._runs("new"):
            inside = start > 0 and end < len(self._kinds)
            if inside and not any(line.strip() for line in self._lines[start:end]):
                self._kinds[start:end] = ["quoted"] * (end - start)

    def _runs(self, kind: Kind) -> list[tuple[int, int]]:
        runs: list[tuple[int, int]] = []
        at = 0
        for found, group in groupby(self._kinds):
            count = len(list(group))
            if found == kind:
                runs.append((at, at + count))
            at += count
        return runs


def _label(line: str) -> str:
    """Return which label of a header *line* begins with, "" if none."""
    label = _LABEL.match(line[:60]) if ":" in line[:60] or "\uff1a" in line[:60] else None
    return label.lastgroup or "" if label else ""


def _next_with_text(lines: Sequence[str]) -> list[int]:
    """Return for each line, and for the end, the number of the first one from it with text."""
    following = [len(lines)] * (len(lines) + 1)
    for number in range(len(lines) - 1, -1, -1):
        following[number] = number if lines[number].strip() else following[number + 1]
    return following
