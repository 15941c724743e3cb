"""How problems are worded: the nearest valid word, lists of choices, quoted values."""

from __future__ import annotations

from collections.abc import Iterable

SYNONYMS = {
    "action": "uses",
    "actions": "steps",
    "alias": "name",
    "args": "with",
    "condition": "if",
    "forward": "folder",
    "inbox": "mail",
    "jobs": "steps",
    "label": "name",
    "maildir": "folder",
    "mbox": "folder",
    "on": "triggers",
    "options": "with",
    "params": "with",
    "run": "uses",
    "tasks": "steps",
    "timezone": "time_zone",
    "trigger": "triggers",
    "type": "uses",
    "when": "triggers",
}
"""What other tools call it (GitHub Actions, Home Assistant, Kestra), and our word."""

_SHOWN = 40
_LISTED = 40
_ALIKE = 65.0
_START = 3


def nearest(word: str, choices: Iterable[str]) -> str:
    """Return the choice that *word* was most likely meant to be, or an empty string."""
    # Only a wrong file pays for this import.
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - keeps a good file's check fast

    known = list(choices)
    meant = SYNONYMS.get(word.lower(), "")
    if meant in known:
        return meant
    if word == "condition" and "conditions" in known:
        return "conditions"
    starts = [each for each in known if len(word) >= _START and each.startswith(word.lower())]
    if starts:
        return min(starts, key=len)
    found = process.extractOne(
        word[:200], known, scorer=fuzz.ratio, processor=str.lower, score_cutoff=_ALIKE
    )
    return str(found[0]) if found else ""


def suggestion(word: str, choices: Iterable[str]) -> str:
    """Return the fix for a word that is none of *choices*: the nearest one, and all of them."""
    known = sorted(set(choices))
    meant = nearest(word, known)
    first = f"did you mean {quoted(meant)}? " if meant else ""
    if not known:
        return "there is none to choose from yet"
    if len(known) == 1:
        return f"use {known[0]}, the only one"
    return f"{first}use one of {listed(known)}"


def listed(words: Iterable[str]) -> str:
    """Return *words* as one line, cut where it would become a page."""
    known = list(words)
    more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
    return ", ".join(known[:_LISTED]) + more


def quoted(value: object) -> str:
    """Return a value of flows.yaml in quotes, on one line and not too long to read."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return f"'{plain(shown)}'"


def plain(text: str) -> str:
    """Return *text* on one line, with a mark where a character cannot be seen."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def kind_of(value: object) -> str:
    """Return what a value read from YAML is, in an operator's words."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "a mapping"
