"""Domains that are made to be taken for another one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein

# Letters that look like Latin ones. Source: https://www.unicode.org/reports/tr39 section 4
_ALIKE: Final = str.maketrans(
    "аᴀɑαсԁеһіїӏјкмոоοσрԛѕтυսѵνԝхχуγүьıɩ01|5",  # noqa: RUF001 - the look-alikes themselves
    "aaaacdehiiljkmnooopqstuuvvwxxyyybiiolls",
)
_PAIRS: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("i", "l"))
"""Pairs that read as one letter; and i, which in capitals is an l."""

_SECOND: Final = frozenset({"co", "com", "org", "net", "ac", "gov", "edu", "ltd", "plc"})
"""Second levels below country codes under which firms have their names."""

WORDS: Final = frozenset(
    """
    account accounting accounts admin alert ap ar bank billing corp customer doc docs finance
    group help hr inc info invoice invoices llc login ltd mail notice office online order
    orders pay payable payables payment payments portal receivable remit sales secure service
    services support team us usa verify web
    """.split()  # noqa: SIM905 - a list of words reads better without quotes
)
"""Words that forgers add to the name of a firm."""

SHORTEST: Final = 5
"""Letters that a name needs before one that differs in a letter is suspicious."""

LONG: Final = 8
"""Letters from which two may differ, and from which any word may have been added."""


def registrable(domain: str) -> str:
    """Return the part of a domain that somebody registers: `a.b.co.uk` gives `b.co.uk`."""
    labels = domain.strip().lower().strip(".").split(".")
    country = len(labels[-1]) == 2  # noqa: PLR2004 - all and only country codes have two
    deep = len(labels) > 2 and country and labels[-2] in _SECOND  # noqa: PLR2004 - below it
    return ".".join(labels[-3 if deep else -2 :])


def resembles(domain: str, known: Iterable[str], *, ours: bool = False) -> bool:
    """Return whether *domain* looks like one of *known* but is neither it nor below it.

    *ours* where they are the business's own, which are guarded more closely.
    """
    domain = domain.strip().lower().strip(".")
    return any(
        _resembles(domain, each.strip().lower().strip("."), ours=ours) for each in known if each
    )


def _resembles(domain: str, known: str, *, ours: bool) -> bool:
    mine, theirs = registrable(domain), registrable(known)
    if not domain or not known or mine == theirs:
        return False
    # hudson.example.attacker.example: people read the beginning.
    if domain.startswith((f"{known}.", f"{known.replace('.', '-')}.")):
        return True
    label, wanted = mine.partition(".")[0], theirs.partition(".")[0]
    shown, meant = skeleton(label), skeleton(wanted)
    if shown == meant:  # also a swapped ending: hudson.example, hudson.test
        return label != wanted or len(wanted) >= (3 if ours else SHORTEST)
    bare, sought = shown.replace("-", ""), meant.replace("-", "")
    if len(sought) >= SHORTEST:
        far = 2 if len(sought) >= LONG else 1
        if DamerauLevenshtein.distance(bare, sought, score_cutoff=far) <= far:
            return True
    return _with_words(shown, meant, ours=ours)


def _with_words(shown: str, meant: str, *, ours: bool) -> bool:
    """Return whether *shown* is *meant* with words before or after it."""
    if len(meant) < (4 if ours else SHORTEST):
        return False
    for name in {meant, meant.replace("-", "")}:
        found = re.fullmatch(rf"(?:(.+)-)?{re.escape(name)}(?:-(.+))?", shown)
        if found is None:
            continue
        added = {word for part in found.groups() if part for word in part.split("-")}
        if added and (ours or len(meant) >= LONG or added & _SHOWN):
            return True
    return False


def skeleton(label: str) -> str:
    """Return a label with all that looks alike made the same; `xn--` is decoded first."""
    if label.startswith("xn--"):
        try:
            label = label[4:].encode("ascii").decode("punycode")
        except (UnicodeError, ValueError, OverflowError):
            return label
    label = unicodedata.normalize("NFKD", label.casefold())
    label = "".join(char for char in label if not unicodedata.combining(char))
    label = label.translate(_ALIKE)
    for pair, one in _PAIRS:
        label = label.replace(pair, one)
    return label


_SHOWN: Final = frozenset(skeleton(word) for word in WORDS)
