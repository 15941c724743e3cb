"""Whether anything ever gets to a flow and to its steps, and what two of them both do to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from typing import Final

from jinja2 import nodes

from flows.language.checks import Findings, mappings
from flows.language.claims import Claims
from flows.language.constants import is_constant
from flows.language.kinds import Leaf, nothing
from flows.language.logic import All, Fact, Formula, Some, Value, negated, possible, terms
from flows.language.places import Path, Plain
from flows.language.vocabulary import Scope
from flows.language.words import quoted

_DEEDS: Final[Mapping[str, str]] = {
    "reply.draft": "answer",
    "reply.send": "answer",
    "job.open": "open a job for",
    "invoice.record": "record the invoice of",
    "mail.mark": "move",
    "payment.match": "match",
}
"""What is not to be done twice to one item, by the steps that do it."""

_APART: Final = "let their conditions exclude each other, or leave it to one of them"
_UNSURE: Final = frozenset({"foreach", "on_error", "timeout"})
"""Keys of a step after which it is not sure what it returned."""

_COMPARE: Final = "compare a name: mail.kind == 'complaint'"

_FEW: Final = 20

Forced = Mapping[str, frozenset[Value]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step as far as it matters here.

    `holds` is when it runs, None where that is not understood; `returned` are the values that
    it then gives, empty where that is not sure; `deed` is what it does to the item.
    """

    id: str
    at: Path
    deed: str
    holds: Formula | None
    returned: Mapping[str, Leaf]


@dataclass(kw_only=True)
class Reach:
    """One flow as far as it is understood, filled in while it is checked."""

    flow: Mapping[str, Plain]
    findings: Findings
    conditions: list[Formula] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    dead: bool = False

    @property
    def id(self) -> str:
        """Return the flow's id as far as it has one."""
        return str(self.flow.get("id"))

    def sources(self) -> frozenset[tuple[str, str]]:
        """Return the sources that trigger the flow, each with what it gives."""
        return frozenset(
            (kind, name)
            for _, trigger in mappings(self.flow.get("triggers"))
            for kind, name in trigger.items()
            if isinstance(name, str)
        )

    def condition(self, at: Path, tree: nodes.Node, scope: Scope) -> None:
        """Take one of the flow's conditions, and tell if nothing fulfils it, or everything."""
        claim = Claims(scope, "raw", self.id).of(tree)
        if self.dead:
            return
        if possible([*self._known(()), claim]):
            if not possible([negated(claim)]):
                self._always(at, tree)
        elif not possible([claim]):
            self._never(at, "no item can fulfil this condition", _mended(tree))
        else:
            what = "no item can fulfil this condition and those above it"
            self._never(
                at, what, "they exclude each other: join them by `or`, or make two flows"
            )
        self.conditions.append(claim)

    def step(
        self,
        at: Path,
        step: Mapping[str, Plain],
        condition: nodes.Node | None,
        scope: Scope,
        returned: Mapping[str, Leaf],
    ) -> None:
        """Take a step, whose `if` is *condition*, and tell if it never runs.

        A step with an `if` and without *condition* is not understood.
        """
        holds: Formula | None = None if "if" in step else All()
        if condition is not None:
            holds = Claims(scope, "clean", self.id, str(step.get("id"))).of(condition)
            if not self.dead:
                self._runs((*at, "if"), condition, holds)
        self.stages.append(
            Stage(
                id=str(step.get("id")),
                at=at,
                deed=_deed(step),
                holds=holds,
                returned={} if holds is None or step.keys() & _UNSURE else returned,
            )
        )

    def inner(self, block: Reach, call: str) -> None:
        """Take the steps of a block, whose use by the step *call* was the last one taken."""
        outer = self.stages[-1].holds
        for each in block.stages:
            both = None
            if outer is not None and each.holds is not None:
                both = All((outer, each.holds))
            name = f"{call}--{each.id}"
            self.stages.append(replace(each, id=name, holds=both, returned={}))

    def _runs(self, at: Path, tree: nodes.Node, holds: Formula) -> None:
        if possible([*self._known((holds,)), holds]):
            if not possible([negated(holds)]):
                self._always(at, tree)
        elif not possible([holds]):
            what = "this step never runs: no item can fulfil its condition"
            self._never(at, what, _mended(tree))
        else:
            what = "this step never runs: what stands above excludes its condition"
            fix = "compare with the flow's conditions, and with what the steps above return"
            self._never(at, what, fix)

    def _never(self, at: Path, what: str, fix: str) -> None:
        self.dead |= at[-1] != "if"
        self.findings.value(at, what, fix, "never")

    def _always(self, at: Path, tree: nodes.Node) -> None:
        fix = "write `and` between parts with !=, or leave it out"
        if is_constant(tree):
            fix = f"{_COMPARE}, or leave it out"
        place = self.findings.document.value(at)
        self.findings.warn(place, "every item fulfils this condition", fix, "always")

    def _known(self, claims: Iterable[Formula]) -> list[Formula]:
        """Return what holds of an item that got past the flow's conditions."""
        return [*self.conditions, *self._came, *self._given(claims)]

    @cached_property
    def _came(self) -> tuple[Formula, ...]:
        kinds = sorted({kind for kind, _ in self.sources()})
        if len(kinds) == 1 and kinds[0] in {"mail", "transaction"}:
            term = f":{kinds[0]}.source"
            return (Some(tuple(Fact(term, "eq", name) for _, name in sorted(self.sources()))),)
        return ()

    def _given(self, claims: Iterable[Formula]) -> Iterator[Formula]:
        """Yield what is known of the values of steps that *claims* are about."""
        asked = frozenset[str]().union(*map(terms, claims))
        if not any(term.startswith(f"{self.id}:steps.") for term in asked):
            return  # most claims are about the item
        known = {
            f"{self.id}:steps.{stage.id}.{name}": (stage, name)
            for stage in self.stages
            for name in stage.returned
        }
        pending = sorted(asked & known.keys())
        while pending:
            term = pending.pop()
            if term not in known:
                continue
            stage, name = known.pop(term)
            if stage.holds is None:
                continue
            leaf, empty = stage.returned[name], nothing(stage.returned)[name]
            ran = Some(tuple(Fact(term, "eq", each) for each in leaf.choices))
            skipped = Fact(term, "eq", empty if isinstance(empty, str) else Decimal(0))
            yield Some(
                (
                    All((stage.holds, ran if leaf.choices else All())),
                    All((negated(stage.holds), skipped)),
                )
            )
            pending += sorted(terms(stage.holds) & known.keys())

    def doing(self) -> Iterator[Stage]:
        """Yield the steps that do what is not to be done twice, if the flow works at all."""
        if not self.dead and self.flow.get("enabled") is not False:
            yield from (each for each in self.stages if each.deed and each.holds is not None)

    def until(self, stage: Stage) -> list[Formula]:
        """Return what holds of an item that gets to *stage*."""
        holds = stage.holds or All()
        return [holds, *self._known((holds,))]


def conflicts(reaches: Sequence[Reach]) -> None:
    """Tell of each step that does again to an item what another one does to it."""
    groups: dict[tuple[str, tuple[str, str]], list[_Doing]] = defaultdict(list)
    for reach in reaches:
        for stage in reach.doing():
            doing = _Doing(reach, stage)
            for source in reach.sources():
                groups[stage.deed, source].append(doing)
    told: set[int] = set()
    for (_, source), found in groups.items():
        for first, second in _near(found):
            if id(second.stage) not in told and first.meets(second):
                told.add(id(second.stage))
                _tell(first, second, source[0])


def _near(found: Sequence[_Doing]) -> Iterator[tuple[_Doing, _Doing]]:
    """Yield the pairs that may meet, in their order; most flows look at different values."""
    spread: dict[str, set[Value]] = defaultdict(set)
    for doing in found:
        for term, values in doing.forced.items():
            spread[term] |= values
    if not spread or len(found) < _FEW:
        yield from combinations(found, 2)
        return
    chosen = max(spread, key=lambda term: len(spread[term]))
    at: dict[Value, list[int]] = defaultdict(list)
    loose: list[int] = []
    for number, doing in enumerate(found):
        values = doing.forced.get(chosen, frozenset())
        near = {each for value in values for each in at[value]} if values else range(number)
        for earlier in sorted({*near, *loose}):
            yield found[earlier], doing
        for value in values:
            at[value].append(number)
        if not values:
            loose.append(number)


@dataclass(frozen=True)
class _Doing:
    reach: Reach
    stage: Stage

    @cached_property
    def formulas(self) -> list[Formula]:
        return self.reach.until(self.stage)

    @cached_property
    def forced(self) -> Forced:
        return forced(self.formulas)

    def meets(self, other: _Doing) -> bool:
        """Return whether one item may get to both steps."""
        for term, values in self.forced.items():
            if values.isdisjoint(other.forced.get(term, values)):
                return False
        return possible([*self.formulas, *other.formulas])


def _tell(first: _Doing, second: _Doing, item: str) -> None:
    document = first.reach.findings.document
    place = document.value((*second.stage.at, "uses"))
    line = document.said(document.value((*first.stage.at, "uses")), place)
    of = "" if first.reach is second.reach else f" of flow {quoted(first.reach.id)}"
    does = f"({line}) may {first.stage.deed} the same {item}"
    what = f"step {quoted(first.stage.id)}{of} {does}"
    second.reach.findings.warn(place, what, _APART, "conflict")


def forced(formulas: Iterable[Formula]) -> Forced:
    """Return the values that a term must have one of, where that is written plainly."""
    found: dict[str, frozenset[Value]] = {}
    pending = list(formulas)
    while pending:
        each = pending.pop()
        if isinstance(each, All):
            pending.extend(each.parts)
            continue
        facts = [each] if isinstance(each, Fact) else list(each.parts)
        equal = [fact for fact in facts if isinstance(fact, Fact) and fact.op == "eq"]
        named = {fact.term for fact in equal}
        if len(equal) == len(facts) and len(named) == 1:
            term = named.pop()
            values = frozenset(fact.value for fact in equal)
            found[term] = found.get(term, values) & values
    return found


def _mended(tree: nodes.Node) -> str:
    """Return what to do about a condition that nothing can fulfil, whatever stands above it."""
    compared = [each for each in _within(tree) if isinstance(each, nodes.Compare)]
    if is_constant(tree) or any(map(is_constant, compared)):
        return _COMPARE
    several = any(isinstance(each, nodes.And | nodes.Or) for each in _within(tree))
    if several or any(len(each.ops) > 1 for each in compared):
        return "its parts exclude each other; write `or` where one will do"
    return "correct what it is compared with"


def _within(tree: nodes.Node) -> Iterator[nodes.Node]:
    yield tree
    yield from tree.find_all(nodes.Node)


def _deed(step: Mapping[str, Plain]) -> str:
    uses, options = str(step.get("uses")), step.get("with")
    if uses == "mail.mark" and not (isinstance(options, dict) and options.get("move_to")):
        return ""
    return _DEEDS.get(uses, "")
