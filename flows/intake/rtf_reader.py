"""The text of RTF files, in time that grows with their length alone."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from typing import Final

from flows.intake.reading import MOST_TEXT, Reading, reading
from flows.intake.word_reader import DELETED, HIDDEN, PICTURES, PROPERTIES, Found

MOST_RTF: Final = 8_000_000
DEEPEST: Final = 1_000

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])"
    rb"|[\r\n]{1,64}|([^\\{}\r\n]{1,4096})"
)
_CODEPAGE = re.compile(rb"\\ansicpg(\d{1,5})")

MARKS: Final = {
    "par": "\n", "line": "\n", "sect": "\n\n", "page": "\n\n", "row": "\n", "tab": "\t",
    "cell": "\t", "nestcell": "\t", "nestrow": "\n", "emdash": "\u2014", "endash": "\u2013",
    "bullet": "\u2022", "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c",
    "rdblquote": "\u201d", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
SYMBOLS: Final = {"\\": "\\", "{": "{", "}": "}", "~": " ", "_": "-", "\n": "\n", "\r": "\n"}
LEFT_OUT: Final = {
    "fonttbl": "", "colortbl": "", "stylesheet": "", "listtable": "", "rsidtbl": "",
    "pict": PICTURES, "object": "", "objdata": "", "fldinst": "", "xe": "", "tc": "",
    "info": PROPERTIES, "operator": PROPERTIES, "nonshppict": "",
}  # fmt: skip
"""Groups that begin with these words hold no text of the page. So do those that begin with
`\\*` (RTF 1.9.1, "Destination Control Words")."""

AUTHORS: Final = frozenset({"author", "operator", "manager"})


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds inside of one pair of braces; *why* is what to tell of text in it."""

    out: bool = False
    author: bool = False
    why: str = ""
    skip: int = 1


def read_rtf(content: bytes) -> Reading:
    """Return the text of an RTF file; properties, pictures and hidden text are told only."""
    reader = _Rtf(_codec(content[:4096]))
    at = 0
    while at < min(len(content), MOST_RTF) and reader.size <= MOST_TEXT:
        found = _TOKEN.match(content, at)
        if found is None:  # a lone backslash at the end
            break
        at = found.end()
        if found[1] == b"bin":
            at += max(0, min(int(found[2] or 0), len(content)))
            continue
        reader.take(found)
    text = "".join(reader.pieces)
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    withheld, people = reader.found.withheld, reader.found.people
    return reading(lines.strip(), withheld=withheld, people=people)


def _codec(start: bytes) -> str:
    page = _CODEPAGE.search(start)
    name = f"cp{page[1].decode()}" if page else "cp1252"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


class _Rtf:
    """Takes token after token and gathers text."""

    def __init__(self, codec: str) -> None:
        self.pieces: list[str] = []
        self.size = 0
        self.found = Found()
        self._codec = codec
        self._group, self._stack = _Group(), list[_Group]()
        self._begins = self._starred = False
        self._pending = 0  # characters that stand for a \u before them
        self._author = ""

    def take(self, token: re.Match[bytes]) -> None:
        """Take in the next token."""
        if token[5]:
            self._brace(opens=token[5] == b"{")
            return
        if token[1]:
            self._word(token[1].decode("ascii"), token[2])
        elif token[3]:
            self._shown(bytes.fromhex(token[3].decode("ascii")).decode(self._codec, "replace"))
        elif token[4]:
            if token[4] == b"*":
                self._starred = self._begins
                return
            self._shown(SYMBOLS.get(token[4].decode("latin-1"), ""))
        elif token[6]:
            self._shown(token[6].decode(self._codec, "replace"))
        self._begins = self._starred = False

    def _brace(self, *, opens: bool) -> None:
        self._pending = 0
        self._begins, self._starred = opens, False
        if opens:
            if len(self._stack) < DEEPEST:
                self._stack.append(self._group)
            return
        if self._author:
            self.found.name(self._author)
            self._author = ""
        if self._stack:
            self._group = self._stack.pop()

    def _word(self, word: str, number: bytes | None) -> None:
        if self._begins and (self._starred or word in LEFT_OUT):
            why = LEFT_OUT.get(word, "")
            self._group = replace(self._group, out=True, why=self._group.why or why)
        if word in AUTHORS and self._group.out:
            self._group = replace(self._group, author=True)
        elif word in ("v", "deleted"):
            on = number != b"0"
            why = HIDDEN if word == "v" else DELETED
            if on or self._group.why in (HIDDEN, DELETED):
                self._group = replace(self._group, out=on, why=why if on else "")
        elif word == "plain" and self._group.why in (HIDDEN, DELETED):
            self._group = replace(self._group, out=False, why="")
        elif word == "uc":
            self._group = replace(self._group, skip=min(8, abs(int(number or 1))))
        elif word == "u" and number:
            self._shown(chr(int(number) % 0x10000))
            self._pending = self._group.skip
        elif word in MARKS:
            self._shown(MARKS[word])

    def _shown(self, text: str) -> None:
        if self._pending:
            dropped = min(self._pending, len(text))
            self._pending -= dropped
            text = text[dropped:]
        if self._group.author and len(self._author) < 200:  # noqa: PLR2004 - a name is shorter
            self._author += text
        if not self._group.out:
            self.pieces.append(text)
            self.size += len(text)
        elif self._group.why and text.strip():
            self.found.withheld[self._group.why] = None
