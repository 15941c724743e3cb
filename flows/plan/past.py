"""The flows that ran when an item came in, and what that tells of it today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import zip_longest
from typing import Final

from jinja2 import nodes

from flows import triggering
from flows.engine import Engine, Item
from flows.language.rows import rows_of
from flows.language.spec import FlowsFile, FlowSpec
from flows.language.triggers import MailTrigger, OverdueTrigger, TransactionTrigger
from flows.model import CleanMessage, CleanTransaction, Overdue
from flows.names import Names
from flows.plan.truth import Fact, Judge, Truth
from flows.starts import Start


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What is known of how an item was dealt with.

    `flows` ran for it, or were to; `versions` are those under which they ran, as far as that
    is stored; `undecided` are the flows whose conditions failed. It was dealt with not before
    `earliest` and not after `latest`.
    """

    flows: frozenset[str]
    versions: frozenset[tuple[str, str]]
    undecided: frozenset[str]
    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What the past tells of an item: conditions that held or did not, and what was kept.

    Of each set in `refuted` not all conditions held. `asked` are fields of which it is known
    that they were kept if the item had them.
    """

    facts: tuple[Fact, ...] = ()
    refuted: tuple[frozenset[str], ...] = ()
    asked: frozenset[str] = frozenset()


NOTHING: Final = Told()


@dataclass(slots=True, eq=False)
class Flows:
    """The flows of one file, ready to be asked and run."""

    file: FlowsFile
    templates: Mapping[str, str]
    engine: Engine = field(init=False)
    data: Names = field(init=False)
    judges: dict[str, tuple[Judge, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.data = {**rows_of(self.file.data)}
        self.engine = Engine(self.file, self.templates)
        self.judges = {
            flow.id: tuple(map(_judge, flow.conditions))
            for flow in self.file.flows
            if flow.enabled
        }

    @property
    def versions(self) -> frozenset[tuple[str, str]]:
        """Return each flow that runs with its version."""
        return frozenset(self.engine.versions.items())

    def flow(self, flow_id: str) -> FlowSpec | None:
        """Return the flow that runs under this id."""
        return next(iter(self.engine.named([flow_id])), None)

    def triggered(self, item: Item) -> list[FlowSpec]:
        """Return the flows that an item triggers, in the order of the file."""
        return [flow for flow in self.file.flows if flow.enabled and triggered(flow, item)]

    def refuted(self, item: Item, ran: Ran) -> frozenset[frozenset[str]]:
        """Return sets of conditions that did not all hold, if these flows were asked then."""
        return frozenset(
            frozenset(flow.conditions)
            for flow in self.triggered(item)
            if flow.id not in ran.flows and flow.id not in ran.undecided
        )


@dataclass(frozen=True, slots=True)
class Past:
    """The flows that runs found, each from when on, in order; None where it is not known which.

    What a run found once, runs find until one finds something else. `others` are known, and
    it is not known when they were in force, if ever: of them only what ran under their very
    versions is believed.
    """

    found: Sequence[tuple[datetime, Flows | None]] = ()
    others: Sequence[Flows] = ()

    @property
    def known(self) -> list[Flows]:
        """Return all flows of which the text is known."""
        return [*(flows for _, flows in self.found if flows is not None), *self.others]

    def of_version(self, flow_id: str, version: str) -> Flows | None:
        """Return flows of which one is this, under this very version."""
        every = (flows for flows in self.known if (flow_id, version) in flows.versions)
        return next(every, None)

    def tells(
        self,
        item: Item,
        names: Mapping[str, object],
        ran: Ran,
        file: FlowsFile,
    ) -> Told:
        """Return what it tells of an item for the flows of *file*."""
        then = self._then(ran)
        held = {
            flow_id: flows
            for flow_id in ran.flows
            if (flows := self._surely_ran(flow_id, ran, then)) is not None
        }
        # What a condition said of the business, or of tables, may be otherwise.
        same = all(each is not None and _alike(each.file, file) for each in then)
        facts = [
            Fact(judge.tree, held=True)
            for flow_id, flows in held.items()
            for judge in flows.judges[flow_id]
            if same or not _of_file(judge.tree)
        ]
        refuted = tuple(
            texts
            for texts in _refuted(then, item, ran)
            if same or not any(map(_names_file, texts))
        )
        parts = [part for fact in facts for part in _parts(fact)]
        parts += _singled_out(names, parts, refuted)
        asked = (flows.engine.keeps(flows.engine.named([name])) for name, flows in held.items())
        return Told(tuple(parts), refuted, frozenset().union(*asked))

    def _then(self, ran: Ran) -> list[Flows | None]:
        """Return each of what may have been in force when the item was dealt with."""
        if not self.found:
            return [None]
        earliest = max(ran.earliest, self.found[0][0])  # before that, nothing ran
        latest = max(ran.latest, earliest)
        ends = [since for since, _ in self.found[1:]]
        may = [
            flows
            for (since, flows), end in zip_longest(self.found, ends)
            if since <= latest and (end is None or end > earliest)
        ]
        return [flows for flows in may if flows is None or ran.versions <= flows.versions]

    def _surely_ran(self, flow_id: str, ran: Ran, then: Sequence[Flows | None]) -> Flows | None:
        """Return flows in which this one is as it ran; None where that is not known."""
        versions = {version for name, version in ran.versions if name == flow_id}
        if not versions:
            versions = {each.engine.versions.get(flow_id, "") if each else "" for each in then}
        version = versions.pop() if len(versions) == 1 else ""
        return self.of_version(flow_id, version) if version else None


def _refuted(then: Sequence[Flows | None], item: Item, ran: Ran) -> list[frozenset[str]]:
    """Return what all agree on that may have been in force."""
    known = [flows for flows in then if flows is not None]
    if not known or len(known) < len(then):
        return []
    agreed = frozenset.intersection(*(flows.refuted(item, ran) for flows in known))
    return sorted(agreed, key=sorted)


def _singled_out(
    names: Mapping[str, object], facts: Sequence[Fact], refuted: Sequence[frozenset[str]]
) -> Iterator[Fact]:
    """Yield the condition that did not hold, where all others of its flow did."""
    for texts in refuted:
        answers = {text: _judge(text)(names, facts) for text in sorted(texts)}
        doubtful = [text for text, said in answers.items() if said.truth is not Truth.YES]
        if len(doubtful) == 1 and answers[doubtful[0]].truth is Truth.OPEN:
            yield from _parts(Fact(_judge(doubtful[0]).tree, held=False))


@lru_cache(maxsize=4_096)
def _judge(condition: str) -> Judge:
    return Judge(condition)


def triggered(flow: FlowSpec, item: Item) -> bool:
    """Return whether *item* is of a kind and source that triggers the flow."""
    if isinstance(item, Start):
        return triggering.triggered(flow, item)
    for trigger in flow.triggers:
        match trigger, item:
            case MailTrigger(mail=wanted), CleanMessage(source=source) if wanted == source:
                return True
            case (
                TransactionTrigger(transaction=wanted),
                CleanTransaction(source=source),
            ) if wanted == source:
                return True
            case OverdueTrigger(overdue=wanted), Overdue(after=after) if wanted == after:
                return True
    return False


def _parts(fact: Fact) -> Iterator[Fact]:
    """Yield what follows from a fact: of `a and b` that held, both."""
    yield fact
    match fact.tree, fact.held:
        case (nodes.And(left=left, right=right), True) | (
            nodes.Or(left=left, right=right),
            False,
        ):
            yield from _parts(Fact(left, fact.held))
            yield from _parts(Fact(right, fact.held))
        case nodes.Not(node=inner), held:
            yield from _parts(Fact(inner, not held))
        case _:
            pass


def _alike(one: FlowsFile, other: FlowsFile) -> bool:
    return one.business == other.business and one.data == other.data


def _of_file(tree: nodes.Expr) -> bool:
    whole = nodes.Not(tree, lineno=1)  # what is found is found below
    return any(each.name in ("business", "data") for each in whole.find_all(nodes.Name))


def _names_file(condition: str) -> bool:
    return _of_file(_judge(condition).tree)
