"""What flows would have done with stored items, one at a time; nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from flows.engine import Item
from flows.intake.cleaning import ROUTING
from flows.language.spec import FlowSpec
from flows.language.triggers import TRIGGERS
from flows.model import CleanMessage, CleanTransaction, Output, Overdue
from flows.names import Names
from flows.plan.comparing import UNDECIDED, Before, asks_of, compared
from flows.plan.past import NOTHING, Flows, Past, Ran, Told, triggered
from flows.plan.report import FlowPlan, ItemKind, PlannedItem, PlannedOutput
from flows.plan.stored import stored_names
from flows.plan.truth import NO, Answer, Truth, all_hold
from flows.starts import Call, Reached, Start, Tick
from flows.work.books import Books

Keeping = CleanMessage | Call | Reached
"""Items that hold kept fields."""

PLANNED: Final = frozenset(TRIGGERS)
"""The triggers for which stored items are gone through: all."""

_AS_NOTICED: Final = frozenset({"schedule", "webhook", "manual", "output"})
"""Those of which the store has what was noticed, and nothing of what might have been."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealt:
    """A stored item, with what was made of it.

    `ran` is what is known of how it was dealt with; None where that tells nothing of the
    conditions of flows. `at` is when it was dealt with, as far as that is known, and counts as
    now when its flows run.
    """

    item: Item
    at: datetime
    ran: Ran | None = None
    outputs: tuple[Output, ...] = ()
    title: str = ""
    books: Books | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one set of flows says of one item: a flow's answer, and what it would make."""

    flows: Flows
    dealt: Dealt
    names: Names
    told: Told

    def answer(self, flow: FlowSpec) -> Answer:
        """Return what can be said of its conditions."""
        if any(each <= frozenset(flow.conditions) for each in self.told.refuted):
            return NO
        judges = self.flows.judges[flow.id]
        return all_hold(judge(self.names, self.told.facts) for judge in judges)

    def unknown(self, flow: FlowSpec) -> tuple[str, ...]:
        """Return the names for which the answers of conditions are open."""
        found = (
            name
            for judge in self.flows.judges[flow.id]
            if judge(self.names, self.told.facts).truth is Truth.OPEN
            for name in judge.unknown(self.names)
        )
        return tuple(dict.fromkeys(found))

    def missing(self, flow: FlowSpec) -> tuple[str, ...]:
        """Return the fields that the flow keeps, and of which nobody knows what they held."""
        if not isinstance(self.dealt.item, Keeping):
            return ()
        wanted = self.flows.engine.keeps([flow]) - ROUTING - self.dealt.item.kept.keys()
        return tuple(sorted(wanted - self.told.asked))

    def outputs(self, flow: FlowSpec) -> tuple[Output, ...]:
        """Return what it makes of the item if its conditions hold."""
        item = _with_missing(self.dealt.item, self.missing(flow))
        run = self.flows.engine.run(flow, item, books=self.dealt.books, now=self.dealt.at)
        return run.outputs


@dataclass(slots=True, eq=False)
class Planner:
    """Runs *flows* over stored items, beside those that are *deployed*.

    Where nothing is, beside what was made.
    """

    flows: Flows
    past: Past = field(default_factory=Past)
    deployed: Flows | None = None
    _plans: dict[str, FlowPlan] = field(init=False)

    def __post_init__(self) -> None:
        enabled = [flow for flow in self.flows.file.flows if flow.enabled]
        self._plans = {flow.id: plan_of(flow) for flow in enabled}

    @property
    def plans(self) -> list[FlowPlan]:
        """Return what is planned so far: flows in the order of the file, then removed ones."""
        return list(self._plans.values())

    def take(self, dealt: Dealt) -> None:
        """Plan one item."""
        theirs = self._asked(self.deployed, dealt) if self.deployed is not None else None
        made: dict[str, list[Output]] = {}
        for output in dealt.outputs:
            if output.uses != UNDECIDED:
                made.setdefault(output.flow, []).append(output)
        wanted = {flow.id: flow for flow in self.flows.triggered(dealt.item)}
        ours = self._asked(self.flows, dealt)
        for flow in wanted.values():
            before = self._before(flow.id, theirs, dealt, made.get(flow.id, []))
            self._plan(flow, ours, before)
        known = made if theirs is None else theirs.flows.engine.versions
        for flow_id in [each for each in known if each not in wanted]:
            before = self._before(flow_id, theirs, dealt, made.get(flow_id, []))
            self._gone(flow_id, dealt, before)

    def _plan(self, flow: FlowSpec, asked: _Asked, before: Before) -> None:
        dealt, answer = asked.dealt, asked.answer(flow)
        if answer.truth is Truth.YES:
            missing, outputs = asked.missing(flow), compared(asked.outputs(flow), before)
            self._add(flow.id, dealt, answer.truth, outputs, missing=missing, keep=flow)
        elif answer.truth is not Truth.NO:
            known = compared([], before, open_answer=True)
            unknown = asked.unknown(flow) if answer.truth is Truth.OPEN else ()
            self._add(flow.id, dealt, answer.truth, known, unknown=unknown)
        elif before.outputs:
            self._add(flow.id, dealt, answer.truth, compared([], before))

    def _asked(self, flows: Flows, dealt: Dealt) -> _Asked:
        names = stored_names(dealt.item, flows.file.business, flows.data)
        told = NOTHING
        if dealt.ran is not None:
            told = self.past.tells(dealt.item, names, dealt.ran, flows.file)
        return _Asked(flows, dealt, names, told)

    def _before(
        self, flow_id: str, theirs: _Asked | None, dealt: Dealt, made: Sequence[Output]
    ) -> Before:
        """Return what the planned outputs of a flow are compared with."""
        versions = {output.flow_version for output in made}
        if theirs is None:
            ran = self.past.of_version(flow_id, *versions) if len(versions) == 1 else None
            return Before(made, asks=self._asks(flow_id, ran, dealt))
        flow = theirs.flows.flow(flow_id)
        if flow is None or not triggered(flow, dealt.item):
            return Before()
        if versions == {theirs.flows.engine.versions[flow_id]}:
            return Before(made, asks=asks_of(theirs.outputs(flow)))
        answer = theirs.answer(flow).truth
        if answer is Truth.OPEN:
            return Before(None)
        outputs = theirs.outputs(flow) if answer is Truth.YES else ()
        return Before(outputs, asks=asks_of(outputs))

    def _asks(
        self, flow_id: str, ran: Flows | None, dealt: Dealt
    ) -> Mapping[tuple[str, int], str]:
        flow = ran.flow(flow_id) if ran is not None else None
        if ran is None or flow is None:
            return {}
        return asks_of(self._asked(ran, dealt).outputs(flow))

    def _gone(self, flow_id: str, dealt: Dealt, before: Before) -> None:
        """Note what a flow has made that is not in the file, or is not triggered any more."""
        if before.outputs:
            gone = FlowPlan(id=flow_id, name=flow_id, removed=True)
            self._plans.setdefault(flow_id, gone)
            self._add(flow_id, dealt, Truth.NO, compared([], before))

    def _add(
        self,
        flow_id: str,
        dealt: Dealt,
        truth: Truth,
        outputs: tuple[PlannedOutput, ...],
        *,
        unknown: tuple[str, ...] = (),
        missing: tuple[str, ...] = (),
        keep: FlowSpec | None = None,
    ) -> None:
        planned = PlannedItem(
            id=dealt.item.id,
            kind=kind_of(dealt.item),
            at=_moment(dealt),
            title=dealt.title,
            truth=truth,
            unknown=unknown,
            missing=missing,
            outputs=outputs,
            kept=self._kept(keep, dealt.item) if keep else (),
            removed=_removed(dealt.item),
        )
        self._plans[flow_id].items.append(planned)

    def _kept(self, flow: FlowSpec, item: Item) -> tuple[str, ...]:
        if not isinstance(item, Keeping):
            return ()
        return tuple(sorted((self.flows.engine.keeps([flow]) - ROUTING) & item.kept.keys()))


def plan_of(flow: FlowSpec, planned: Collection[str] = PLANNED) -> FlowPlan:
    """Return the plan of a flow before it was asked of any item of the *planned* triggers."""
    words = [next(iter(trigger.model_fields_set), "") for trigger in flow.triggers]
    # A folder of raw mail brings about its own outputs: it waits for no notice of them.
    noticed = _AS_NOTICED if planned is PLANNED else frozenset()
    return FlowPlan(
        id=flow.id,
        name=flow.name,
        retention=flow.retention,
        keep=flow.keep,
        unplanned=tuple(dict.fromkeys(word for word in words if word not in planned)),
        as_noticed=tuple(dict.fromkeys(word for word in words if word in noticed)),
    )


def kind_of(item: Item) -> ItemKind:
    """Return by which trigger an item sets off flows."""
    if isinstance(item, CleanMessage):
        return "mail"
    if isinstance(item, CleanTransaction):
        return "transaction"
    return "overdue" if isinstance(item, Overdue) else kind_of_start(item)


def kind_of_start(start: Start) -> ItemKind:
    """Return by which trigger a start sets off its flow."""
    match start:
        case Tick():
            return "schedule"
        case Call():
            return "webhook" if start.by else "manual"
        case Reached():
            return "output"


def title_of_start(start: Start) -> str:
    """Return how a start is called; it holds nothing that anybody wrote."""
    match start:
        case Tick():
            return start.cron
        case Call():
            return start.by or "by hand"
        case Reached():
            return f"{start.of_flow}/{start.of_step} {start.state}"


def _removed(item: Item) -> Mapping[str, int]:
    return item.removed if isinstance(item, CleanMessage | CleanTransaction | Call) else {}


def not_kept(field_name: str) -> str:
    """Return what stands in a planned output for a field that was not kept then."""
    if field_name.endswith(".email"):  # a step that looks at it finds an address, of nobody
        return f"not-kept-then.{field_name.partition('.')[0]}@plan.invalid"
    return f"[{field_name}: not kept then]"


def _with_missing(item: Item, missing: Iterable[str]) -> Item:
    if not isinstance(item, Keeping):
        return item
    return replace(item, kept={**item.kept, **{name: not_kept(name) for name in missing}})


def _moment(dealt: Dealt) -> datetime:
    return dealt.item.received_at if isinstance(dealt.item, CleanMessage) else dealt.at
