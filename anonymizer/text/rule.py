r"""What one row of the recognisers is, and the words and shapes that many rows share.

A row says what it finds, by which pattern, what must hold for it to count, and where the
rule comes from. `rows.py` runs them. In a pattern, `\K` starts
the stretch that is taken out: what stands before it is only context.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import regex  # type: ignore[import-untyped]  # it ships no types

SURE = 0.7
"""Score of a pattern that needs nothing else."""

NEEDS_CONTEXT = 0.1
"""Score of a pattern that counts only with one of its context words nearby."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One recogniser.

    Attributes:
        label: What a removal by this rule is called.
        name: Unique, for tests and counts.
        pattern: In the syntax of the `regex` package, read without regard to case unless
            `cased`. Bounded repetition only: mail may be hostile.
        score: `SURE` or `NEEDS_CONTEXT`.
        check: Must return True for the matched text.
        context: Words one of which must stand near when the score alone does not do.
        unless: Words that, standing right before, say that it is something else.
        needs: Small-letter stretches, those of letters at the start of a word, one of which
            every text has that the pattern can match; a text without any is not searched
            (see `gates.py`). Empty: search every text.
        starts: Small-letter stretches, two letters or more, with one of which every match
            begins at the start of a word, counting in what stands before its `K` mark: the
            pattern is tried there and nowhere else. Empty: anywhere.
        within: Small-letter stretches one of which every matching text has, wherever in a word.
        narrow: Gives the stretches of the matched text that count, where that is not all.
        abroad: It says nothing of a text that is English throughout.
        digits: How many digits 0-9 a text must have at least for the pattern to match.
        source: Where the format is described.
    """

    label: str
    name: str
    pattern: str
    score: float = SURE
    check: Callable[[str], bool] | None = None
    context: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    narrow: Callable[[str], Iterable[tuple[int, int]]] | None = None
    needs: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    digits: int = 0
    cased: bool = False
    abroad: bool = False
    source: str = ""


_BUSINESS_NUMBERS = """order|invoice|inv|po|quote|estimate|ticket|job|ref|reference|tracking
|model|part|sku|item|product|serial|case|permit|confirmation|receipt
|work order|purchase order|upc|isbn|bill of lading|lading|lot|rma|pro
|catalog|cat|factura|facture|rechnung|pedido|commande"""
BUSINESS_NUMBERS = tuple(_BUSINESS_NUMBERS.replace("\n", "").split("|"))
"""Words before a number that is the business's, not a person's."""

NO_PART = (
    r"(?!\s{1,12}(?:[\w-]{2,14} )?(?:kits?|modules?|gaskets?|valves?|adapters?|assembl(?:y|ies)"
    r"|motors?"
    r"|boards?|filters?|belts?|switch(?:es)?|relays?|fittings?|cartridges?|handles?|springs?|seals?"
    r"|bearings?|ignitors?|igniters?|sensors?|caps?|bolts?|screws?|washers?|brackets?|pumps?|hoses?"
    r"|blowers?|parts?|elements?|coils?|trim|spindles?|stems?)\b)"
)
"""What must not follow: the name of a part, which makes the number its own."""

IS = (
    r"(?:\s{0,3}(?:numbers?|num|n[úu]mero|num[ée]ro|nummer|no\.?|nr\.?|n[º°]\.?|id|code|#))?"
    r"(?:\s{0,3}(?:is|was|will be|it's|it is|that's|ends in|below|as follows|es|est|ist|lautet"
    r"|:|=|#|-|,)){0,5}\s{0,3}"
)
"""What stands between the word for a number and the number: "no. is:", "es", "lautet"."""

_MONTH = (
    r"(?:jan(?:uary|vier|uar)?|feb(?:ruary|ruar)?|f[ée]v(?:rier)?|mar(?:ch|s|zo)?|m[äa]rz"
    r"|apr(?:il)?|avr(?:il)?|abr(?:il)?|may[o]?|mai|june?|juni|juin|junio|july?|juli|juillet"
    r"|julio|aug(?:ust)?|ao[uû]t|ago(?:sto)?|sept?(?:ember|embre|iembre)?|o[ck]t(?:ober|obre"
    r"|ubre)?|nov(?:ember|embre|iembre)?|de[cz](?:ember)?|d[ée]c(?:embre)?|dic(?:iembre)?"
    r"|enero|ene|febrero)"
)
DATE = (
    r"(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}"
    rf"|{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:of\s)?\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|[.º])?\s(?:of\s|de\s)?{_MONTH}\.?,?\s(?:del?\s)?\d{{4}}"
    rf"|{_MONTH}\.?,?\s\d{{4}}|(?:19|20)\d\d)"
)
"""A calendar date as people write it, with its year."""

_TOP_LEVEL = regex.compile(r"(?:[^|()\\]|\\.|(\((?:[^()\\]|\\.|(?1))*\)))+")
_LITERAL = re.compile(r"[^\\()\[\]{}?*+.|^$]+(?![?*{])")


def stems(alternatives: str) -> tuple[str, ...]:
    """Return for `starts` what each of the *alternatives* begins with.

    An alternative begins with two or more plain small letters.

    Raises:
        ValueError: one of them does not.
    """
    found = []
    for alternative in (m.group() for m in _TOP_LEVEL.finditer(alternatives)):
        literal = _LITERAL.match(alternative)
        if literal is None or len(literal.group()) < 2:  # noqa: PLR2004 - no gate
            raise ValueError("an alternative must begin with two plain letters")
        found.append(literal.group())
    return tuple(sorted(set(found)))
