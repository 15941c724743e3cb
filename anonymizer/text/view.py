"""The text as recognisers see it: odd characters folded away, every offset traceable."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Characters that hide a value from a pattern without changing what a person reads.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u20e3\U000e0000-\U000e0fff"
    "\u0300-\u036f]"
)
_ODD = re.compile(
    r"[^\t\n -~\u00a1-\u02af\u0370-\u065f\u066e-\u06ef\u06fa-\u1fff\u3040-\ud7ff]|\u017f"
)
_QUOTE_MARKS = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_FOLDED = {"‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"'}  # noqa: RUF001 - these are what is folded
_FOLDED |= {"\r": " ", "\u017f": "s", "\u2028": "\n", "\u2029": "\n", "\u2800": " "}
_DASHES = frozenset("‐‑‒–—−﹣－")  # noqa: RUF001 - these are what is folded

# What a mail program should have decoded: entities of HTML, quoted-printable, an escaped "@".
# Source: https://www.rfc-editor.org/rfc/rfc2045#section-6.7
_LEFT_OVER = re.compile(
    r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|amp|nbsp|lt|gt|quot|apos|commat|period|hyphen|dash|shy"
    r"|zwnj|zwj|ensp|emsp|thinsp|Tab|NewLine|lowbar|colon|num|plus);"
    r"|(?<=[^\n]{40})=\r?\n(?=[^\n])|(?:=[C-F][0-9A-F](?:=[89AB][0-9A-F]){1,3})"
    r"|=20(?=\r?\n|$)|=3D(?=[\"'\w])|(?<=\w)(?:=40|%40)(?=\w)",
    re.MULTILINE,
)
_MAY_BE_LEFT_OVER = re.compile(r"&[#a-zA-Z]|=[0-9A-F]|=\r?\n|%40")

# Letters of other scripts that look like Latin ones; read as these inside a Latin word.
# Source: https://www.unicode.org/Public/security/latest/confusables.txt
_LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u0410\u0412\u0415"
    "\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405\u03bf\u03b1\u03b5\u03b9"
    "\u03bd\u03c1\u03c5\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5"
    "\u03a7\u0131\u0251\u0261\u043a\u043c\u0442\u0432\u043d",
    "aeopcyxijshdqABEKMHOPCTYXIJSoaeivpuABEZHIKMNOPTYXiagkmtbh",
)
_MIXED_WORD = re.compile(
    r"(?<![^\W\d_])(?=[^\W\d_]{0,40}[A-Za-z])"
    r"(?=[^\W\d_]{0,40}[\u0370-\u052f\u0131\u0251\u0261])[^\W\d_]{2,41}"
)
_SCRIPTS = re.compile("[\u0370-\u052f\u0131\u0251\u0261]")

# A digit in place of a letter inside a word that is written like a name: "J0hn", "Mar1a".
_DIGIT_IN_NAME = re.compile(
    r"(?<![\w@./:=-])(?<!word )(?<!pass )(?<!code )(?<!pwd )(?<!pw )(?<!wifi )(?<!/ )[A-Z]"
    r"(?=[a-z]{0,14}[01345])[a-z01345]{2,15}(?![\w@/-])"
)
_AS_LETTER = str.maketrans("01345", "oieas")
_INNER = re.compile(r"[a-zA-Z][01345](?=[a-z])")

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

    Spaces, dashes, quotes, digits and full-width or styled letters take their plain form,
    letters that only look Latin inside a Latin word become Latin, what was left encoded is
    decoded, unseen characters vanish, control characters and lone surrogates become spaces,
    and the marks of quoted lines become spaces so that a name broken over two quoted lines
    is whole.
    """
    plain = text
    origin: tuple[int, ...] | None = None
    if _UNSEEN.search(text) or (_MAY_BE_LEFT_OVER.search(text) and _LEFT_OVER.search(text)):
        composed = [(i, c) for i, c in _decoded(text) if not _UNSEEN.match(c)]
        composed = _with_accents(text, composed)
        plain = "".join(c for _, c in composed)
        origin = tuple(i for i, _ in composed)
        if len(plain) == len(text):
            origin = None
    plain = _ODD.sub(lambda found: _folded(found.group()), plain)
    plain = _QUOTE_MARKS.sub(lambda found: " " * len(found.group()), plain)
    if _SCRIPTS.search(plain):
        plain = _MIXED_WORD.sub(lambda found: found.group().translate(_LOOKALIKES), plain)
    if _INNER.search(plain):
        plain = _DIGIT_IN_NAME.sub(_as_name, plain)
    return View(plain, origin, len(text))


def _decoded(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, character), what a mail program left encoded as the one that it means."""
    at = 0
    for found in _LEFT_OVER.finditer(text):
        yield from enumerate(text[at : found.start()], at)
        char = _meant(found.group())
        if char is None:
            yield from enumerate(found.group(), found.start())
        elif char:
            yield found.start(), char
        at = found.end()
    yield from enumerate(text[at:], at)


def _meant(encoded: str) -> str | None:
    """Return the one character that this stands for, "" for none, None if it is as it is."""
    if encoded[0] == "&":
        char = html.unescape(encoded)
        return char if len(char) == 1 else None
    if encoded in {"=40", "%40"}:
        return "@"
    if encoded[1:2] in {"\n", "\r"}:
        return ""
    char = bytes.fromhex(encoded.replace("=", "")).decode("utf-8", "replace")
    return char if len(char) == 1 and char != "\ufffd" else None


def _as_name(found: re.Match[str]) -> str:
    """Return the word with its digits read as letters, if they stand between letters."""
    word = found.group()
    digits = sum(char.isdigit() for char in word)
    inner = len(_INNER.findall(word))
    # Two digits side by side, or none between letters, are a number: "R410a", "Type1".
    return word.translate(_AS_LETTER) if digits == inner and digits <= 2 else word  # noqa: PLR2004


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
    if char.isdecimal():
        return str(unicodedata.decimal(char))
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
