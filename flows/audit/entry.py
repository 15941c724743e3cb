"""One entry of the log: what is hashed, how it is written, and what the next one holds on to.

The hashed text is a JSON array in ASCII without spaces: format, business, number, time, actor,
action, authority, subjects, result, commitment to the payload, hash of the entry before. The
hash is SHA-256 over these bytes, in hexadecimal. Where an append ends, the last entry also
bears a signature (`flows.audit.root`), and with it all before it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flows.audit.actions import ACTIONS
from flows.ports import Record

FORMAT: Final = "jigajob/audit/1"
KIND: Final = "entry"
START: Final = "0" * 64
"""What stands in the first entry in place of the hash of the one before."""

MOST_SUBJECTS: Final = 100
"""Ids that one entry names; an act with more of them takes several entries."""

_DIGITS: Final = 16
_PARTS: Final = 11
_SIGNED: Final = 4


class BadEntry(ValueError):
    """What is stored as an entry is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry; it holds no personal data.

    Attributes:
        business: Whose log it is in.
        sequence: Its number, from 1 on without gaps.
        time: When it was appended, in UTC.
        actor: `engine`, or `cli:` and a keyed hash of the name of the system's user.
        action: A word of `ACTIONS`.
        authority: On what grounds: a command, flows with their versions, an approval.
        subjects: Ids of what it was done with, at most 100.
        result: How it ended, where it did not end well: a class of error or a state.
        payload: Commitment to the sealed details; empty where there are none.
        previous: Hash of the entry before.
    """

    business: str
    sequence: int
    time: datetime
    actor: str
    action: str
    authority: str
    subjects: tuple[str, ...] = ()
    result: str = ""
    payload: str = ""
    previous: str = START

    @property
    def text(self) -> str:
        """Return what is hashed."""
        return json.dumps(
            [
                FORMAT,
                self.business,
                self.sequence,
                stamp(self.time),
                self.actor,
                self.action,
                self.authority,
                self.subjects,
                self.result,
                self.payload,
                self.previous,
            ],
            separators=(",", ":"),
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as it is stored: with the text that was hashed, its hash, and a signature.

    `key` and `signature` are hexadecimal, and empty but where an append ended.
    """

    entry: Entry
    text: str
    hash: str
    key: str = ""
    signature: str = ""

    def record(self) -> Record:
        """Return the record; what can be searched for stands beside the text."""
        parts = [self.text, self.hash, *([self.key, self.signature] if self.key else [])]
        fields = {
            "time": stamp(self.entry.time),
            "action": self.entry.action,
            # One field and not ten: a store keeps an index of every field.
            "entry": "\n".join(parts),
        }
        return Record(kind=KIND, id=entry_id(self.entry.sequence), fields=fields)


def entry_id(sequence: int) -> str:
    """Return the id of the entry with this number: ids sort as numbers do."""
    return f"{sequence:0{_DIGITS}d}"


def stamp(time: datetime) -> str:
    """Return a time as entries hold it: in UTC, to the microsecond, always as long."""
    return time.isoformat(timespec="microseconds")


def digest(text: str) -> str:
    """Return the hash of an entry's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_entry(record: Record) -> Stored:
    """Return what *record* holds, unverified.

    Raises:
        BadEntry: It is not an entry in this format.
    """
    parts = str(record.fields.get("entry", "")).split("\n")
    if len(parts) not in {2, _SIGNED}:
        raise BadEntry("an entry has a text and a hash, and a key and a signature or neither")
    try:
        found: Any = json.loads(parts[0])
        return Stored(_entry(found), *parts)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadEntry("the text of an entry cannot be read") from error


def _entry(found: Any) -> Entry:  # noqa: ANN401 - whatever stands there
    if not isinstance(found, list) or len(found) != _PARTS or found[0] != FORMAT:
        raise BadEntry("the text of an entry is not in this format")
    _, business, sequence, time, actor, action, authority, subjects, result, *rest = found
    if type(sequence) is not int or not isinstance(subjects, list) or action not in ACTIONS:
        raise BadEntry("the text of an entry is not in this format")
    words = (business, actor, authority, result, *subjects, *rest)
    if not all(isinstance(word, str) for word in words):
        raise BadEntry("the text of an entry is not in this format")
    return Entry(
        business=business,
        sequence=sequence,
        time=datetime.fromisoformat(time),
        actor=actor,
        action=action,
        authority=authority,
        subjects=tuple(subjects),
        result=result,
        payload=rest[0],
        previous=rest[1],
    )
