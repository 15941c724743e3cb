"""The text as recognisers see it: odd characters folded away, every offset traceable."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Characters that hide a value from a pattern without changing what a person reads.
_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u0300-\u036f]")
_ODD = re.compile(r"[^\t\n -~\u00a1-\u02af\u0370-\u1fff\u3040-\ud7ff]")
_QUOTE_MARKS = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_FOLDED = {"‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "\r": " "}  # noqa: RUF001 - these are what is folded
_DASHES = frozenset("‐‑‒–—−﹣－")  # noqa: RUF001 - these are what is folded

# Longer runs without a space are encoded data; they cost the tokeniser quadratic time.
_BLOB = re.compile(r"\S{120,}")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢİĶĹĻĽŁŃŅŇŐŒŔŘŚŞŠŢŤŪŮŰŹŻŽΑ-ΩА-Я]")
_SMALL_WORD = re.compile(r"[^\W\d_]{3,}")
_LOUD_WORD = re.compile(r"[^\W\d_]{2,}")
_LOUD_LINE = re.compile(r"^(?=[^a-zß-öø-ÿ\n]{6,400}$)[^\n]*[^\W\d_]{2,}[^\n]*$", re.MULTILINE)
_PUNCTUATION_RUN = re.compile(r"[^\w\s]{12,}")

CHUNK = 8_000
OVERLAP = 240


@dataclass(frozen=True, slots=True)
class View:
    """A folded text; `origin[i]` is where its character *i* stands in the given text.

    `origin` is None where both have the same offsets throughout, which is the usual case.
    """

    text: str
    origin: tuple[int, ...] | None
    length: int

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the given text that `[start, end)` of the view stands for."""
        if self.origin is None:
            return start, end
        until = self.origin[end] if end < len(self.origin) else self.length
        return self.origin[start], max(until, self.origin[end - 1] + 1)

    def forth(self, start: int, end: int) -> tuple[int, int]:
        """Return where `[start, end)` of the given text stands in the view."""
        if self.origin is None:
            return start, end
        from bisect import bisect_left  # noqa: PLC0415 - only odd texts need it

        return bisect_left(self.origin, start), bisect_left(self.origin, end)


def view(text: str) -> View:
    """Return what recognisers are to read.

    Spaces, dashes, quotes and full-width or styled letters take their plain form, unseen
    characters vanish, control characters and lone surrogates become spaces, and the marks
    of quoted lines become spaces so that a name broken over two quoted lines is whole.
    """
    plain = text
    origin: tuple[int, ...] | None = None
    if _UNSEEN.search(text):
        composed = [(i, c) for i, c in enumerate(text) if not _UNSEEN.match(c)]
        composed = _with_accents(text, composed)
        plain = "".join(c for _, c in composed)
        origin = tuple(i for i, _ in composed)
    plain = _ODD.sub(lambda found: _folded(found.group()), plain)
    plain = _QUOTE_MARKS.sub(lambda found: " " * len(found.group()), plain)
    return View(plain, origin, len(text))


def _with_accents(text: str, kept: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Put accents that stood as characters of their own back onto their letters."""
    result = []
    for i, char in kept:
        follower = text[i + 1 : i + 2]
        if follower and unicodedata.combining(follower):
            one = unicodedata.normalize("NFC", char + follower)
            result.append((i, one if len(one) == 1 else char))
        else:
            result.append((i, char))
    return result


def _folded(char: str) -> str:
    if char in _DASHES:
        return "-"
    if char in _FOLDED:
        return _FOLDED[char]
    if unicodedata.category(char) in {"Cc", "Cs", "Zs", "Cn", "Co"}:
        return " "
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char


def readable(text: str) -> str:
    """Return *text*, same length, as the language model reads it best.

    Blobs and rules of punctuation are blanked; lines in capitals, and texts without any,
    get the capitals of a title, because the model knows names by them. Only the language
    model reads this; patterns read everything.
    """
    text = _BLOB.sub(lambda found: " " * len(found.group()), text)
    text = _PUNCTUATION_RUN.sub(lambda found: " " * len(found.group()), text)
    if uncapitalised(text):
        return _SMALL_WORD.sub(lambda found: _title(found.group()), text)
    return _LOUD_LINE.sub(
        lambda line: _LOUD_WORD.sub(lambda found: _title(found.group()), line.group()), text
    )


def uncapitalised(text: str) -> bool:
    """Return whether *text* is written without capitals, as on a phone in a hurry."""
    return any(c.isalpha() for c in text) and not _CAPITAL.search(text)


def _title(word: str) -> str:
    titled = word[:1].upper() + word[1:].lower()
    return titled if len(titled) == len(word) else word


def chunks(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, piece): pieces of bounded size that together cover *text*.

    A cut is made at the end of a paragraph or line; where there is none, pieces overlap,
    so that nothing shorter than the overlap is cut in two unseen.
    """
    start = 0
    while len(text) - start > CHUNK:
        end, overlap = _cut(text, start)
        yield start, text[start:end]
        start = end - overlap
    if text[start:].strip():
        yield start, text[start:]


def _cut(text: str, start: int) -> tuple[int, int]:
    half, limit = start + CHUNK // 2, start + CHUNK
    for mark in ("\n\n", "\n"):
        at = text.rfind(mark, half, limit)
        if at > 0:
            return at + len(mark), 0 if mark == "\n\n" else OVERLAP
    at = text.rfind(" ", half, limit)
    return (at + 1 if at > 0 else limit), OVERLAP
