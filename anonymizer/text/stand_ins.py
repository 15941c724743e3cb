"""Typed stand-ins (`<PERSON_1>`) that stay the same within a thread, without keeping a value.

A `Roster` maps keyed hashes to stand-ins. Whoever holds it without the key learns how many
people a thread has and nothing about who they are; with the key, a name met again in a later
message is recognised and gets the stand-in it had.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

STAND_IN = re.compile(r"<([A-Z][A-Z_]{1,24})_(\d{1,6})>")
"""What a stand-in looks like in clean text."""

_DIGITS_ONLY = frozenset({"PHONE", "CARD", "SSN", "BANK_ACCOUNT"})
_NATIONAL_DIGITS = 10


def fold(text: str) -> str:
    """Return *text* so that spellings of one value agree: no accents, no case, no points."""
    if text.isascii() and text.isalpha():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = (c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def same_value(kind: str, value: str) -> str:
    """Return the form under which two spellings of a value of this kind are one."""
    if kind in _DIGITS_ONLY:
        digits = re.sub(r"\D", "", value)
        if digits:
            return digits[-_NATIONAL_DIGITS:] if kind == "PHONE" else digits
    if kind == "EMAIL":
        return value.strip().casefold()
    if kind == "CREDENTIAL":
        return value.strip()
    return fold(value) or value.strip()


@dataclass(frozen=True, slots=True)
class Roster:
    """The stand-ins given out in one thread.

    Args:
        key: Secret of the business, any length; the same key gives the same hashes.
        assigned: Hash → stand-in without brackets (`PERSON_2`); JSON-able, holds no value.

    `Roster.empty` has a key of its own that dies with the process: its stand-ins are right
    for one call and its hashes cannot be recognised by anybody later.
    """

    key: bytes = field(repr=False)
    assigned: Mapping[str, str] = field(default_factory=dict)

    empty: ClassVar[Roster]

    def mark(self, kind: str, value: str) -> str:
        """Return the keyed hash of *value* as a value of *kind*: 32 hexadecimal digits."""
        key = hashlib.sha256(self.key).digest()
        text = f"{kind}\x1f{value}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, key=key, digest_size=16).hexdigest()


Roster.empty = Roster(secrets.token_bytes(32))


class Register:
    """Gives out stand-ins for one request, starting from what the thread's roster knows."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._assigned = dict(roster.assigned)
        self._taken = set(self._assigned.values())
        self._next: dict[str, int] = {}
        self._marks: dict[tuple[str, str], str] = {}

    def roster(self) -> Roster:
        """Return the roster with everything given out so far."""
        return Roster(self._roster.key, dict(sorted(self._assigned.items())))

    def known(self, token: str) -> str:
        """Return the stand-in of the person with this name token, or ""."""
        if not self._assigned:
            return ""
        return self._assigned.get(self._mark("token", fold(token)), "")

    def reserve(self, text: str) -> dict[str, str]:
        """Find what already looks like a stand-in in given text; keep ours apart from it.

        Returns what each such literal becomes: itself where its number is still free (it
        is then never given out in this thread), a new number where it is taken.
        """
        return {
            found.group(): self._reserved(found.group(1), found.group()[1:-1])
            for found in STAND_IN.finditer(text)
        }

    def value(self, kind: str, value: str) -> str:
        """Return the stand-in, with brackets, of a value that is not a name."""
        mark = self._mark(kind, same_value(kind, value))
        if mark not in self._assigned:
            self._assigned[mark] = self._fresh(kind)
        return f"<{self._assigned[mark]}>"

    def name(
        self,
        tokens: tuple[str, ...],
        *,
        kind: str = "PERSON",
        weak: Callable[[str], bool] = lambda token: False,
    ) -> str:
        """Return the stand-in, with brackets, of the person whom these name tokens mean.

        "Maria", "Lopez" and "Maria Lopez" are one person once the full name was seen. By a
        token that *weak* names (it is also a word) nobody is `known` later.
        """
        folded = tuple(dict.fromkeys(fold(token) for token in tokens if fold(token)))
        full = self._mark("name", " ".join(sorted(folded)))
        if full in self._assigned and self._assigned[full].startswith(kind):
            return f"<{self._assigned[full]}>"
        stand_in = self._of_tokens(folded, kind) or self._fresh(kind)
        self._assigned[full] = stand_in
        for token in folded:
            mark = self._mark("weak" if weak(token) else "token", token)
            if kind == "CHILD" or mark not in self._assigned:
                self._assigned[mark] = stand_in
        if len(folded) > 1:
            self._assigned[self._mark("whole", stand_in)] = stand_in
        return f"<{stand_in}>"

    def _of_tokens(self, folded: tuple[str, ...], kind: str) -> str:
        """Return whom the tokens belong to, if that is one person of this kind."""
        found = [
            self._assigned.get(self._mark("token", token), "")
            or self._assigned.get(self._mark("weak", token), "")
            for token in folded
        ]
        owners = {owner for owner in found if owner.startswith(f"{kind}_")}
        if len(owners) != 1:
            return ""
        owner = owners.pop()
        # "John Doe" after "John Smith" is somebody else; after "John" alone he is John.
        whole = self._mark("whole", owner) in self._assigned
        return "" if whole and len(folded) > 1 and not all(found) else owner

    def _reserved(self, kind: str, literal: str) -> str:
        mark = self._mark("literal", literal)
        if mark not in self._assigned:
            free = literal not in self._taken
            self._assigned[mark] = literal if free else self._fresh(kind)
            self._taken.add(self._assigned[mark])
        return f"<{self._assigned[mark]}>"

    def _fresh(self, kind: str) -> str:
        number = self._next.get(kind, 1)
        while f"{kind}_{number}" in self._taken:
            number += 1
        self._next[kind] = number + 1
        self._taken.add(f"{kind}_{number}")
        return f"{kind}_{number}"

    def _mark(self, kind: str, value: str) -> str:
        mark = self._marks.get((kind, value))
        if mark is None:
            mark = self._marks[kind, value] = self._roster.mark(kind, value)
        return mark
