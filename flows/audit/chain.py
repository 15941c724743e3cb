"""The rules that a log keeps, checked entry by entry: what was changed, and where.

An entry that breaks several rules is told once, by the first of them: what else is wrong with
it follows from that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from flows.audit.entry import START, BadEntry, Stored, digest, entry_id, read_entry, stamp
from flows.audit.root import root_of
from flows.ports import Record

RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "gap": "entries are missing from here on",
        "form": "what is stored here is no entry",
        "number": "the entry bears another number: it was moved here",
        "business": "the entry is of another business",
        "hash": "the entry was edited: its text does not have its hash",
        "link": "the entry does not follow the one before it: one of the two was replaced",
        "index": "the fields that stand beside the entry say something else than it does",
        "signer": "the entry is signed with a key that is not the business's",
        "signature": "the signature is wrong: something was changed up to here, after the"
        " signature before",
        "unsigned": "no signature stands where an append ends: the end was cut off",
        "root": "the entry is another one than when its root was kept",
        "cut": "the log ends before an entry of which a root was kept: it was cut, or an older"
        " store was brought back",
        "anchor": "a root kept outside of the store is not signed by the business",
        "payload": "the details were altered or exchanged, or belong to no entry",
    }
)
"""What each rule of a finding means."""

MOST_UNSIGNED: Final = 100
"""More entries than fit into one append stand nowhere without a signature."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: at which entry, when that says it was made, which of `RULES`."""

    sequence: int
    time: str
    rule: str

    def __str__(self) -> str:
        at = f" of {self.time[:19].replace('T', ' ')} UTC" if self.time else ""
        return f"entry {self.sequence}{at}: {RULES[self.rule]}"


class Chain:
    """Takes the entries of one business in the order of their ids, and says what is wrong.

    *key* is the public key of the business; empty, the first that signed counts as it.
    """

    def __init__(self, business: str, key: str = "") -> None:
        self._business, self.key = business, key
        self.last: Stored | None = None
        self.number = self.signatures = self._unsigned = 0
        self._previous: str | None = None

    def take(self, record: Record) -> tuple[Stored | None, list[Finding]]:
        """Return the entry in *record*, None where there is none, and what is wrong."""
        found: list[Finding] = []
        number = int(record.id) if record.id.isdecimal() else 0
        if number > self.number + 1:
            found.append(Finding(self.number + 1, _time(self.last), "gap"))
            self._previous, self._unsigned = None, 0
        first = self.number == 0 and not found
        self.number = max(number, self.number)
        try:
            stored = read_entry(record)
        except BadEntry:
            self._previous = None
            return None, [*found, Finding(number, "", "form")]
        rule = self._broken(record, stored, number, first=first) or self._unsealed(stored)
        if rule:
            found.append(Finding(number, _time(stored), rule))
        self._previous, self.last = stored.hash, stored
        return stored, found

    def end(self) -> list[Finding]:
        """Return what is wrong with how the log ends."""
        if self.last is None or not self._unsigned:
            return []
        return [Finding(self.number, _time(self.last), "unsigned")]

    def _broken(self, record: Record, stored: Stored, number: int, *, first: bool) -> str:
        """Return the first rule that the entry breaks, empty for none."""
        entry, fields = stored.entry, record.fields
        beside = (fields.get("time"), fields.get("action")) == (stamp(entry.time), entry.action)
        expected = START if first else self._previous
        rules = {
            "number": record.id == entry_id(entry.sequence) and entry.sequence == number,
            "business": entry.business == self._business,
            "hash": digest(stored.text) == stored.hash,
            "link": expected is None or entry.previous == expected,
            "index": beside,
        }
        return next((rule for rule, kept in rules.items() if not kept), "")

    def _unsealed(self, stored: Stored) -> str:
        """Return what is wrong with the signature, empty for nothing."""
        if not stored.key:
            self._unsigned += 1
            return "unsigned" if self._unsigned == MOST_UNSIGNED else ""
        self._unsigned = 0
        self.signatures += 1
        self.key = self.key or stored.key
        if stored.key != self.key:
            return "signer"
        return "" if root_of(stored).genuine else "signature"


def _time(stored: Stored | None) -> str:
    return stamp(stored.entry.time) if stored else ""
