"""Content lines, of which calendars and contact cards are made; whatever stands in the file."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

MOST_LINES: Final = 20_000
LONGEST_LINE: Final = 20_000

_FOLD = re.compile(r"\r?\n[ \t]")
_SOFT = re.compile(r"=\r?\n")
_PART = re.compile(r'(?:"[^"\n]*"|[^";:\n])+|[;:]')
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One property: its name in capitals without group, parameters, its value as written."""

    name: str
    value: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the value as people read it."""
        return unescaped(self.value)

    def fields(self) -> list[str]:
        """Return the parts of a value that semicolons divide, such as an address."""
        return [unescaped(part).strip() for part in re.split(r"(?<!\\);", self.value)]


def content_lines(text: str) -> Iterator[ContentLine]:
    r"""Yield the properties of a calendar or card, folded lines joined; others are left out.

    Versions 2.1 (quoted-printable), 3.0 and 4.0 of vCard are read.

    Source: RFC 5545 section 3.1, RFC 6350 section 3.3, https://www.rfc-editor.org/rfc/rfc6350
    """
    if "QUOTED-PRINTABLE" in text.upper():
        text = _SOFT.sub("", text)
    text = _FOLD.sub("", text)
    for number, line in enumerate(text.split("\n")):
        if number >= MOST_LINES:
            return
        if found := _line(line.rstrip("\r")[:LONGEST_LINE]):
            yield found


def _line(line: str) -> ContentLine | None:
    said: list[str] = []
    for part in _PART.finditer(line):
        if part[0] == ":":
            break
        if part[0] != ";":
            said.append(part[0])
    else:
        return None
    if not said or not re.fullmatch(r"[A-Za-z0-9.-]{1,60}", said[0].strip()):
        return None
    parameters = dict(_parameter(each) for each in said[1:21])
    value = line[part.end() :]
    if (
        parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE"
        or "QUOTED-PRINTABLE" in parameters
    ):
        value = quopri.decodestring(value.encode("utf-8", "replace")).decode("utf-8", "replace")
    return ContentLine(said[0].strip().rpartition(".")[2].upper(), value.strip(), parameters)


def _parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().upper(), value.strip().strip('"')


def unescaped(value: str) -> str:
    r"""Return *value* with `\n`, `\,` and `\;` as the characters that they stand for."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
