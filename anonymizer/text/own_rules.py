"""Recognisers that an operator writes as rows, and what can be wrong with one.

Light: the validator of flows.yaml imports it, and needs neither Presidio nor a model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import regex  # type: ignore[import-untyped]  # it ships no types

from anonymizer.text import checks
from anonymizer.text.policy import REASONS
from anonymizer.text.rows import Rows
from anonymizer.text.rules import NEEDS_CONTEXT, SURE, Rule

CHECKS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType(
    {
        "card": checks.card,
        "iban": checks.iban,
        "ip": checks.ip,
        "luhn": checks.luhn,
        "nhs": checks.nhs,
        "routing": checks.routing,
        "sin": checks.sin,
        "ssn": checks.ssn,
    }
)
"""Checks that a row may name; each takes the matched text."""

LONGEST: Final = 8_000
"""Characters that a recogniser sees at once."""

PATIENCE: Final = 0.5
"""Seconds that a pattern may take for as many characters; good ones take milliseconds."""

MANY: Final = 10
"""From so many repetitions on one repetition in another is refused."""

_QUANTIFIER = regex.compile(r"[*+?]|\{(\d*)(,?)(\d*)\}")
_HOSTILE: Final = (
    "a",
    "A",
    "0",
    " ",
    "-",
    ".",
    "a ",
    "0-",
    "a1",
    "a.",
    "a@",
    "\n",
    "é",
    "a,0 ",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRule(Rule):
    """A row of an operator; `reason` says in plain words why its label goes."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as written: `finds` are texts in which it must find something, `leaves` not."""

    name: str
    label: str
    pattern: str
    reason: str
    cased: bool = False
    check: str = ""
    context: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    finds: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()

    def rule(self) -> OwnRule:
        """Return the rule that the cleaner takes."""
        return OwnRule(
            name=f"own: {self.name}",
            label=self.label,
            pattern=self.pattern,
            reason=self.reason,
            score=NEEDS_CONTEXT if self.context else SURE,
            check=CHECKS.get(self.check),
            context=self.context,
            unless=self.unless,
            cased=self.cased,
            source="the operator's flows.yaml",
        )


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row: under which key, at which character of it, and a cure."""

    path: tuple[str | int, ...]
    offset: int
    what: str
    fix: str


def reasons(rules: Sequence[Rule]) -> dict[str, str]:
    """Return why the labels of an operator's own rules go, by label."""
    return {rule.label: rule.reason for rule in rules if isinstance(rule, OwnRule)}


def faults(row: Row) -> list[RowFault]:
    """Return what is wrong with one row; its pattern is tried on its tests and hostile text.

    A pattern that cannot be used hides what only shows when it runs.
    """
    found = list(_label_faults(row))
    try:
        pattern = regex.compile(row.pattern, _flags(row))
    except regex.error as error:
        what = f"the pattern cannot be read: {error.msg}"
        fix = "write a regular expression of Python; put it in single quotes"
        return [*found, RowFault(("pattern",), error.pos or 0, what, fix)]
    shape = nested(row.pattern)
    if shape is not None:
        what = "a repetition stands in another one: on some texts this never ends"
        fix = "write it flat: (?:\\d{4}[ -]?){3} and not (\\d+[ -]*)+"
        return [*found, RowFault(("pattern",), shape, what, fix)]
    if _matches_nothing(pattern):
        fix = "ask for one character at least: + or {1,20} in place of *"
        what = "the pattern matches where nothing stands"
        return [*found, RowFault(("pattern",), 0, what, fix)]
    if not _is_quick(pattern, row):
        what = f"the pattern takes more than {PATIENCE} seconds on {LONGEST:,} characters"
        fix = "start it with what is rare (a word, a letter), and bound repetitions: {1,20}"
        return [*found, RowFault(("pattern",), 0, what, fix)]
    return [*found, *_test_faults(row)]


def _label_faults(row: Row) -> Iterator[RowFault]:
    if row.label in REASONS or row.label == "LOCATION":
        what = f"{row.label} is a label of the built-in recognisers"
        yield RowFault(("label",), 0, what, "choose a word of your own: MEMBER_NUMBER")
    if row.check and row.check not in CHECKS:
        what = f"there is no check {row.check!r}"
        yield RowFault(("check",), 0, what, f"use one of {', '.join(CHECKS)}")


def _test_faults(row: Row) -> Iterator[RowFault]:
    rule = row.rule()
    for index, text in enumerate(row.finds):
        if not spans(rule, text):
            what = "the recogniser finds nothing in this text"
            fix = "mend the pattern, its context or its check, or move the text to `leaves`"
            yield RowFault(("tests", "finds", index), 0, what, fix)
    for index, text in enumerate(row.leaves):
        hits = spans(rule, text)
        if hits:
            what = f"the recogniser takes characters {hits[0][0] + 1} to {hits[0][1]} of this"
            fix = "make the pattern narrower, or add `context` or `unless` words"
            yield RowFault(("tests", "leaves", index), hits[0][0], what, fix)


def spans(rule: Rule, text: str) -> list[tuple[int, int]]:
    """Return the stretches that one rule takes out of *text*, as the cleaner's engine does."""
    return [(start, end) for _, start, end, _ in Rows((rule,)).find(text)]


def _flags(row: Row) -> int:
    return int(regex.MULTILINE if row.cased else regex.MULTILINE | regex.IGNORECASE)


def _matches_nothing(pattern: regex.Pattern[str]) -> bool:
    try:
        return any(
            match.start() == match.end()
            for text in ("", "a", "0 a", "Ann 12-34.")
            for match in pattern.finditer(text, timeout=PATIENCE)
        )
    except TimeoutError:
        return False


def _is_quick(pattern: regex.Pattern[str], row: Row) -> bool:
    """Return whether hostile texts end soon: repeated pieces, own tests, spoilt at the end."""
    pieces = (*_HOSTILE, *row.finds, *row.leaves, *(text[:-1] + "!" for text in row.finds))
    # What the pattern asks for stands at the end, so that no shortcut says "nothing here".
    asked = "\x00" + "".join(dict.fromkeys(row.pattern)) + "\x00" + "".join(row.finds)[:500]
    try:
        for piece in filter(None, pieces):
            text = (piece * (LONGEST // len(piece) + 1))[: LONGEST - len(asked)] + asked
            for _ in pattern.finditer(text, timeout=PATIENCE):
                pass
    except TimeoutError:
        return False
    return True


def nested(pattern: str) -> int | None:
    """Return where one long repetition holds another, or None: `(a+)+`, `(a{1,50}){1,50}`."""
    # For each open group: does it hold a long repetition?
    groups = [False]
    at, closed = 0, False
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at, closed = at + 2, False
            continue
        if char == "[":
            at, closed = _end_of_class(pattern, at), False
            continue
        if char == "(":
            groups.append(False)
            at, closed = at + (2 if pattern.startswith("(?", at) else 1), False
            continue
        if char == ")" and len(groups) > 1:
            inner = groups.pop()
            groups[-1] = groups[-1] or inner
            at, closed = at + 1, inner
            continue
        found = _QUANTIFIER.match(pattern, at)
        if found is None:
            at, closed = at + 1, False
            continue
        if _is_long(found):
            if closed:
                return at
            groups[-1] = True
        at = found.end()
    return None


def _end_of_class(pattern: str, at: int) -> int:
    at += 2 if pattern.startswith("[^", at) else 1
    first = at
    while at < len(pattern) and (pattern[at] != "]" or at == first):
        at += 2 if pattern[at] == "\\" else 1
    return at + 1


def _is_long(found: regex.Match[str]) -> bool:
    if found[0] in {"*", "+"}:
        return True
    if found[0] == "?":
        return False
    low, comma, high = found[1], found[2], found[3]
    if comma:
        return not high or int(high) >= MANY
    return bool(low) and int(low) >= MANY
