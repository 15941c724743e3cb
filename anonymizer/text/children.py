"""Children of a whole request: a child found in one text is masked in every other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from anonymizer.text.findings import Finding
from anonymizer.text.minors import find_minors
from anonymizer.text.name_cues import words
from anonymizer.text.names import Names
from anonymizer.text.request import Request
from anonymizer.text.stand_ins import fold


def add_minors(
    request: Request,
    names: Names,
    plain: Sequence[str],
    certain: Sequence[list[tuple[int, int]]],
    personal: Sequence[list[Finding]],
) -> None:
    """Find the children of all texts first: a name in one is masked in every other."""
    day = (request.at or datetime.now(UTC)).date()
    for text, spans, findings in zip(plain, certain, personal, strict=True):
        people = names.spans(text, spans)
        minors = find_minors(text, people, region=request.region, at=day)
        findings.extend(minors.findings)
        children = minors.names + [
            (start, end)
            for start, end in minors.near
            if names.owner(text[start:end]) == "other"
        ]
        names.author_is_minor = names.author_is_minor or minors.author
        for start, end in children:
            spans.append((start, end))
            findings.append(Finding(start, end, "CHILD", "child", minor=True))
            names.children |= _own_tokens(names, text[start:end])


def _own_tokens(names: Names, name: str) -> set[str]:
    """Return the tokens of a child's name that are not the family's in the headers."""
    tokens = [fold(match.group()) for match in words(name)]
    shared = {token for person in names.people for token in person.tokens}
    own = {token for token in tokens if token not in shared and len(token) > 1}
    return own or set(tokens[:1])
