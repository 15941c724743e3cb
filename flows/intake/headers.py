"""Header fields as people can read them: text, parties, dates and message ids."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from flows.intake.charsets import clean_line, decode, original_bytes
from flows.model import Party

LONGEST: Final = 20_000
"""Characters of one header field that are read; the rest is padding or an attack."""

MOST_PARTIES: Final = 200
MOST_REFERENCES: Final = 50
YEARS: Final = range(1980, 2100)

_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_OPEN_WORD = re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]{4,}$")
_ADDRESS = re.compile(r"[^\s<>@\"(),:;]+@[^\s<>@\"(),:;]+")
_ANGLE = re.compile(r"<\s*(?:mailto:)?([^<>]*)>")
_COMMENT = re.compile(r"\(([^()]*)\)")
_GROUP = re.compile(r"^[^<>@\":;,]{1,80}:(?!//)")
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,250})>")
_QUOTED_PAIR = re.compile(r"\\(.)")
_ZONE_COMMENT = re.compile(r"\([^()]*\)")


class Fields:
    """The header fields of one mail, by lower-case name, decoded when asked for."""

    def __init__(self, items: Iterable[tuple[str, str]]) -> None:
        self._raw: dict[str, list[str]] = {}
        for name, value in items:
            self._raw.setdefault(name.strip().lower(), []).append(str(value)[:LONGEST])

    def __contains__(self, name: str) -> bool:
        return name in self._raw

    def count(self, name: str) -> int:
        """Return how often the field stands in the mail."""
        return len(self._raw.get(name, ()))

    def raw(self, name: str) -> str:
        """Return the first value, unfolded but with its encoded words; "" if missing."""
        return readable(next(iter(self._raw.get(name, ())), ""))

    def every(self, name: str) -> list[str]:
        """Return every value of the field, topmost first, unfolded."""
        return [readable(value) for value in self._raw.get(name, ())]

    def text(self, name: str) -> str:
        """Return the first value as people read it, on one line."""
        return decoded(self.raw(name))

    def word(self, name: str) -> str:
        """Return the first value without parameters and comments, in lower case."""
        return re.split(r"[;(]", self.raw(name), maxsplit=1)[0].strip().lower()

    def parties(self, name: str) -> tuple[Party, ...]:
        """Return the parties of every value of the field, in order."""
        found: list[Party] = []
        for value in self.every(name):
            found += parties(value)
        return tuple(found[:MOST_PARTIES])


def readable(raw: str) -> str:
    """Return a raw value on one line; 8-bit bytes become the text they most likely are."""
    if raw.isascii():
        return clean_line(raw)
    return clean_line(decode(original_bytes(raw))[0])


def decoded(value: str) -> str:
    """Return *value* with its RFC 2047 encoded words decoded; broken ones stay as they are.

    Neighbouring words in one charset are joined before decoding, since many mailers cut
    a multi-byte character in two.
    """
    if "=?" not in value:
        return value
    value = _closed(value)
    pieces: list[str] = []
    charset, pending = "", b""
    at = 0
    for word in _WORD.finditer(value):
        payload = _payload(word[2], word[3])
        if payload is None:
            continue
        between = value[at : word.start()]
        neighbours = bool(pending) and not between.strip()
        if not (neighbours and charset == word[1].lower()):
            pieces += [decode(pending, charset)[0], "" if neighbours else between]
            charset, pending = word[1].lower(), b""
        pending += payload
        at = word.end()
    pieces += [decode(pending, charset)[0], value[at:]]
    return clean_line("".join(pieces))


def _closed(value: str) -> str:
    """Return *value* with the `?=` that a mailer cut off from its last encoded word."""
    return f"{value}?=" if _OPEN_WORD.search(value) else value


def _payload(encoding: str, data: str) -> bytes | None:
    if encoding in "qQ":
        return binascii.a2b_qp(data.encode("utf-8"), header=True)
    data = re.sub(r"[^A-Za-z0-9+/]", "", data)
    if len(data) % 4 == 1:
        data = data[:-1]
    try:
        return base64.b64decode(data + "=" * (-len(data) % 4))
    except (binascii.Error, ValueError):
        return None


def parties(value: str) -> list[Party]:
    """Return the parties of an address list; never fails, drops empty groups.

    `Doe, John <j@x.example>` is one party, though RFC 5322 asks for quotes there: Outlook
    writes it, and no address stands before the comma.
    """
    found: list[Party] = []
    held = ""
    for piece in _split(value):
        text = f"{held}, {piece}" if held else piece
        if not _ADDRESS.search(piece) and "<" not in piece:
            held = text
            continue
        # A bare address after a name is its own party: "Charlie, dave@x.example".
        if held and "<" not in piece:
            found.append(Party(name=_name(held)))
            text = piece
        held = ""
        found.append(_party(text))
    if held:
        found.append(Party(name=_name(held)))
    return [party for party in found if party.name or party.email]


def _party(text: str) -> Party:
    angles = list(_ANGLE.finditer(text))
    inside = next((a for a in reversed(angles) if _ADDRESS.search(a[1])), None)
    if inside is not None:
        name = text[: inside.start()] or _comment(text[inside.end() :])
        return Party(name=_name(_ANGLE.sub(" ", name)), email=_email(inside[1]))
    bare = _ADDRESS.search(text)
    if bare is None:
        return Party(name=_name(_ANGLE.sub(r" \1 ", text)))
    rest = text[: bare.start()] + " " + text[bare.end() :]
    return Party(name=_comment(rest) or _name(rest), email=_email(bare[0]))


def _comment(text: str) -> str:
    inside = _COMMENT.search(text)
    return _name(inside[1]) if inside else ""


def _name(text: str) -> str:
    text = decoded(_QUOTED_PAIR.sub(r"\1", text)).strip(" \t'\"<>,;")
    return clean_line(text.replace('"', ""))[:200]


def _email(text: str) -> str:
    found = _ADDRESS.search(decoded(text).replace("mailto:", ""))
    return found[0].strip("'\"`.").lower()[:254] if found else ""


def _split(value: str) -> list[str]:
    """Cut an address list at commas and semicolons outside quotes, angles and comments."""
    pieces: list[str] = []
    start = depth = 0
    quoted = angled = False
    for at, char in enumerate(value):
        if char == '"' and (at == 0 or value[at - 1] != "\\"):
            quoted = not quoted
        elif quoted:
            continue
        elif char == "<":
            angled = True
        elif char == ">":
            angled = False
        elif char in "()":
            depth = max(0, depth + (1 if char == "(" else -1))
        elif char in ",;" and not depth and not angled:
            pieces.append(value[start:at])
            start = at + 1
    tail = value[start:]
    # An odd quote or bracket swallowed the rest: cut it plainly instead of losing people.
    pieces += re.split(r"[,;]", tail) if quoted or angled or depth else [tail]
    return [_GROUP.sub("", piece.strip()).strip() for piece in pieces if piece.strip()]


def date_of(value: str) -> datetime | None:
    """Return the time of a Date field in UTC, or None where it tells none that can be."""
    value = value.strip()[:200]
    if not value:
        return None
    for reader in (_rfc5322, _iso, _ctime):
        try:
            when = reader(value)
            when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
            continue
        return when.replace(microsecond=0) if when.year in YEARS else None
    return None


def _rfc5322(value: str) -> datetime:
    return parsedate_to_datetime(_ZONE_COMMENT.sub(" ", value))


def _iso(value: str) -> datetime:
    return datetime.fromisoformat(value)


def _ctime(value: str) -> datetime:
    words = value.split()
    return datetime.strptime(  # noqa: DTZ007 - asctime has no zone; the caller takes UTC
        " ".join([*words[:4], words[-1]]), "%a %b %d %H:%M:%S %Y"
    )


def received_date(values: Sequence[str]) -> datetime | None:
    """Return the time in the topmost Received field that tells one.

    The topmost was written by our own server, the ones below by strangers.
    """
    for value in values[:5]:
        when = date_of(value.rpartition(";")[2])
        if when is not None:
            return when
    return None


def message_ids(value: str) -> list[str]:
    """Return the message ids in a References or In-Reply-To field, without brackets."""
    found = _MESSAGE_ID.findall(value)
    if found or "<" in value:
        return found
    return [word.strip("<>,;") for word in value.split() if "@" in word][:MOST_REFERENCES]
