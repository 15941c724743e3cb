"""A text cut into pieces that come back: what was quoted or signed before is read once.

Cuts depend on what stands there and on nothing before it, so the paragraphs of a mail give
the same pieces when the next mail of the thread quotes them, indented or marked or not.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text.view import CHUNK, chunks

CUT_AFTER = 3
"""A paragraph in so many ends a piece: enough context for the model, enough that comes back."""

_LINE = regex.compile(r"[^\n]*\n?")
_INDENT = regex.compile(r"[ \t]+")
_QUOTED = regex.compile(r"[ \t]*>")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of a text without their indentation.

    `starts[i]` is where in the text line *i* begins after its indentation, `lines[i]` where
    it begins in `text`.
    """

    text: str
    lines: tuple[int, ...]
    starts: tuple[int, ...]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the whole text that `[start, end)` of the piece stands for."""
        first = bisect_right(self.lines, start) - 1
        last = bisect_right(self.lines, max(start, end - 1)) - 1
        return (
            self.starts[first] + start - self.lines[first],
            self.starts[last] + end - self.lines[last],
        )


def pieces(text: str, quoted: Sequence[tuple[int, int]] = ()) -> Iterator[Piece]:
    """Yield the pieces of *text* in order; together they hold all of it but blank lines.

    *quoted* are the stretches, in order, whose lines bore quote marks: a piece is either
    inside one or outside. Pieces longer than `view.CHUNK` are cut again, with an overlap.
    """
    edges = {at for stretch in quoted for at in stretch}
    lines: list[tuple[int, str]] = []
    paragraph = 0
    for match in _LINE.finditer(text):
        line = match.group()
        if not line:
            break
        start = match.start()
        if start in edges and lines:
            yield from _made(lines)
            lines, paragraph = [], 0
        if line.strip():
            indent = _INDENT.match(line)
            skip = indent.end() if indent else 0
            lines.append((start + skip, line[skip:]))
            paragraph = zlib.crc32(line[skip:].rstrip().encode("utf-8", "replace"), paragraph)
        elif lines:
            lines.append((start, "\n"))
            if paragraph % CUT_AFTER == 0:
                yield from _made(lines)
                lines = []
            paragraph = 0
    yield from _made(lines)


def _made(lines: Sequence[tuple[int, str]]) -> Iterator[Piece]:
    """Yield the piece that *lines* make, or several where it is too long."""
    if not any(line.strip() for _, line in lines):
        return
    whole = "".join(line for _, line in lines)
    at, places = 0, []
    for _, line in lines:
        places.append(at)
        at += len(line)
    starts = [start for start, _ in lines]
    if len(whole) <= CHUNK:
        yield Piece(whole.rstrip("\n"), tuple(places), tuple(starts))
        return
    for offset, part in chunks(whole):
        first = bisect_right(places, offset) - 1
        last = bisect_right(places, offset + len(part)) if part else first + 1
        shifted = [max(0, place - offset) for place in places[first:last]]
        begun = [starts[first] + offset - places[first], *starts[first + 1 : last]]
        yield Piece(part, tuple(shifted), tuple(begun))


def quoted_stretches(text: str) -> list[tuple[int, int]]:
    """Return the stretches of *text* whose lines bear quote marks, in order."""
    found: list[tuple[int, int]] = []
    if ">" not in text:
        return found
    for match in _LINE.finditer(text):
        if not match.group():
            break
        if _QUOTED.match(match.group()):
            if found and found[-1][1] == match.start():
                found[-1] = (found[-1][0], match.end())
            else:
                found.append(match.span())
    return found
