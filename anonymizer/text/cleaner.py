"""Takes personal data out of messages, keeping what their flows need.

    cleaner = Cleaner()
    cleaned, = cleaner.clean([Request(parts=(Part(name="text", text=mail),))])

One pass of rules and the language model over all texts of a batch, then per message: names
are collected and looked for everywhere, children are found, the policy decides, stand-ins
are given out.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from anonymizer.text.children import add_minors
from anonymizer.text.decisions import Decider
from anonymizer.text.findings import CONTEXT, CUED, Asked, Finding, merged
from anonymizer.text.names import Names, collect
from anonymizer.text.own_rules import reasons
from anonymizer.text.pieces import pieces, quoted_stretches
from anonymizer.text.places import whole_addresses
from anonymizer.text.policy import Keeper, applied
from anonymizer.text.private_places import private_places
from anonymizer.text.request import Cleaned, Part, Removal, Request, Stay
from anonymizer.text.rules import Rule
from anonymizer.text.stand_ins import STAND_IN, Register
from anonymizer.text.strict import main_language, read_strictly, strict_reason
from anonymizer.text.view import View, view
from anonymizer.text.weighing import believable_names, believed, childrens_names

READ_CLOSELY: Final = 200_000
"""Characters of a part of which passages are read by the large network, so that time stays
bounded; what follows is left to rules and the network of names."""

_BUILT_UPON = frozenset({CUED, "PERSON", "LOCATION", "ADDRESS", "ORGANIZATION"})
"""Labels of findings from which names, places and whole addresses are made."""


@dataclass(slots=True)
class _Text:
    """One part on its way: as given, as recognisers see it, and what was found in it."""

    part: Part
    view: View
    found: list[Finding] = field(default_factory=list)
    heard: list[Finding] = field(default_factory=list)
    """What the network that reads passages says, and which ones it read."""


class Finder(Protocol):
    """Finds what rules and the language model see."""

    def find(self, asked: Sequence[Asked]) -> list[list[Finding]]:
        """Return the findings of each text, in the order of *asked*, unsorted, overlapping."""


class Cleaner:
    """Cleans messages. Makes its engine on first use (seconds); give it many at a time.

    May be called from several threads; they take turns. *rules* are looked for besides the
    built-in ones. *finder* finds in place of the engine; it is to find the same.
    """

    def __init__(self, rules: Sequence[Rule] = (), finder: Finder | None = None) -> None:
        self._rules, self._reasons = tuple(rules), reasons(rules)
        self._engine = finder
        self._turn = threading.Lock()

    def clean(self, requests: Sequence[Request]) -> list[Cleaned]:
        """Return the requests cleaned, in their order. Raises nothing for any text.

        Time grows in proportion to the length of the texts.
        """
        with self._turn:
            if self._engine is None:
                # Seconds of imports, which whoever has a finder does not need.
                from anonymizer.text.engine import Engine  # noqa: PLC0415

                self._engine = Engine(self._rules)
            texts = [[_Text(p, view(p.text)) for p in r.parts] for r in requests]
            _recognise(self._engine, [text for parts in texts for text in parts])
        return [
            _cleaned(request, parts, self._reasons)
            for request, parts in zip(requests, texts, strict=True)
        ]


def _recognise(engine: Finder, texts: Sequence[_Text]) -> None:
    """Fill `found` and `heard` of each text; a piece that several texts share is read once."""
    cut = [
        (text, piece, Asked(piece.text, piece.starts[0] < READ_CLOSELY))
        for text in texts
        for piece in pieces(text.view.text, _quoted(text))
    ]
    distinct = list(dict.fromkeys(asked for _, _, asked in cut))
    found = dict(zip(distinct, engine.find(distinct), strict=True))
    for text, piece, asked in cut:
        for finding in found[asked]:
            start, end = piece.back(finding.start, finding.end)
            into = text.heard if finding.rule == CONTEXT else text.found
            into.append(replace(finding, start=start, end=end))


def _quoted(text: _Text) -> list[tuple[int, int]]:
    """Return which stretches of the view bore quote marks in the given text."""
    return [text.view.forth(*stretch) for stretch in quoted_stretches(text.part.text)]


def _strictly(texts: Sequence[_Text]) -> tuple[str, ...]:
    """Read again what is in no language that the model knows; return those languages."""
    mail = main_language([text.view.text for text in texts])
    languages: set[str] = set()
    for text in texts:
        text.found, codes = read_strictly(text.view.text, text.found, mail=mail)
        languages.update(codes)
    return tuple(sorted(languages))


def _cleaned(request: Request, texts: Sequence[_Text], own: Mapping[str, str]) -> Cleaned:
    strict = _strictly(texts)
    register = Register(request.roster)
    literals = register.reserve("\n".join(text.view.text for text in texts))
    names, found = _personal(request, register, texts)
    keeper = Keeper(request, names)
    for text, findings in zip(texts, found, strict=True):
        for finding in findings:
            span = text.view.back(finding.start, finding.end)
            keeper.authored(text.part, text.view.text, finding, span)
    keeper.settle()
    decider = Decider(request, keeper, register, literals, own)
    removals, stays = list[Removal](), list[Stay]()
    for text, findings in zip(texts, found, strict=True):
        gone, left = decider.decide(text.part, text.view, findings)
        removals += gone
        stays += left
    clean = {text.part.name: _without(text.part, removals) for text in texts}
    keeper.note_parts(clean)
    return Cleaned(
        texts=clean,
        removals=tuple(removals),
        kept=dict(sorted(keeper.kept.items())),
        roster=register.roster(),
        stays=tuple(stays),
        strict=strict,
    )


def _personal(
    request: Request, register: Register, texts: Sequence[_Text]
) -> tuple[Names, list[list[Finding]]]:
    """Return who is named in the request, and per text what is personal, joined, in order."""
    plain = [text.view.text for text in texts]
    for text in texts:
        text.found = believable_names(text.found, text.heard)
    names, certain = collect(request, register, plain, [text.found for text in texts])
    personal = [
        [f for f in text.found if f.label not in _BUILT_UPON]
        + whole_addresses(text.view.text, text.found)
        for text in texts
    ]
    heard = [childrens_names(text.heard) for text in texts]
    add_minors(request, names, plain, certain, personal, heard=heard)
    for text, spans, into in zip(texts, certain, personal, strict=True):
        people = names.spans(text.view.text, spans)
        private = [
            (start, end)
            for start, end in people
            if names.owner(text.view.text[start:end]) != "own"
        ]
        into.extend(private_places(text.view.text, text.found, private))
        into.extend(_named(names, text, people))
    joined = zip(texts, personal, strict=True)
    return names, [
        _outside_literals(text.view.text, [*ruled, *believed(text.heard, ruled)])
        for text, ruled in joined
    ]


def _named(names: Names, text: _Text, people: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """Yield the names of a text, children's marked, each with what told it."""
    foreign = [f for f in text.found if f.label == CUED and strict_reason(f.rule)]
    for start, end in people:
        child = names.owner(text.view.text[start:end]) == "child"
        told = (f.rule for f in foreign if f.start < end and start < f.end)
        label = "CHILD" if child else "PERSON"
        yield Finding(start, end, label, next(told, "name"), minor=child)


def _outside_literals(text: str, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings joined, none of them inside what already looks like a stand-in."""
    literals = [m.span() for m in STAND_IN.finditer(text)]
    if not literals:
        return merged(findings)
    apart = []
    for finding in merged(findings):
        start = finding.start
        for low, high in literals:
            if low < finding.end and start < high:
                apart.append(replace(finding, start=start, end=low))
                start = high
        apart.append(replace(finding, start=start))
    marks = [Finding(low, high, "STAND_IN", "literal") for low, high in literals]
    kept = [f for f in apart if f.start < f.end and text[f.start : f.end].strip(" <>.,")]
    return merged([*kept, *marks])


def _without(part: Part, removals: Sequence[Removal]) -> str:
    mine = [(r.start, r.end, r.stand_in) for r in removals if r.part == part.name]
    return applied(part.text, mine)
