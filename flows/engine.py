"""One cleaned message or transaction through one flow: outputs come out, nothing goes in.

The engine is pure: the same flow, item and books give the same outputs with the same
ids. What it is not given (raw text, other mails, the network) it cannot use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from flows.disclosed import kept_of
from flows.errors import OperatorError
from flows.lanes import lane_of
from flows.language.expressions import Condition, compile_condition, render
from flows.language.rows import rows_of
from flows.language.spec import FlowsFile, FlowSpec, StepSpec
from flows.language.triggers import OverdueTrigger, TransactionTrigger
from flows.language.versions import flow_version
from flows.making import OutputMaker, in_places, output_id
from flows.model import CleanMessage, CleanTransaction, Message, Output, Overdue, Transaction
from flows.names import Names, invoice_names, message_names, transaction_names
from flows.starts import Start, start_names
from flows.step_loop import ReadyStep, ready_step
from flows.steps.contract import StepContext
from flows.triggering import Raw, triggered
from flows.work.books import Books

__all__ = ["Engine", "FlowRun", "Item", "Matches", "output_id"]

Item = CleanMessage | CleanTransaction | Overdue | Start


@dataclass(frozen=True, slots=True)
class FlowRun:
    """What one flow made of one item: its outputs, and what each step returned."""

    flow: str
    version: str
    outputs: tuple[Output, ...]
    values: Mapping[str, Mapping[str, JsonValue]]

    @property
    def unmatched(self) -> bool:
        """Return whether a step waits for something that has not come yet."""
        return any(
            each.get("status") == "unmatched"
            for value in self.values.values()
            for each in (value, *_turns(value))
        )


@dataclass(frozen=True, slots=True)
class Matches:
    """The flows that an item triggers, and a failed output for each left undecided."""

    flows: tuple[FlowSpec, ...]
    undecided: tuple[Output, ...]


_CONDITIONS: Final = StepSpec(id="conditions", uses="conditions")
_CONCURRENCY: Final = StepSpec(id="concurrency", uses="concurrency")


@dataclass(frozen=True, slots=True)
class _Ready:
    """A flow with its conditions compiled."""

    spec: FlowSpec
    version: str
    conditions: tuple[Condition, ...]
    steps: tuple[ReadyStep, ...]
    keep: frozenset[str]


class Engine:
    """Runs the enabled flows of one flows file."""

    def __init__(self, file: FlowsFile, templates: Mapping[str, str]) -> None:
        self.business = file.business
        self._templates = templates
        self._data = rows_of(file.data)
        self._flows = tuple(
            _ready(flow, templates, file) for flow in file.flows if flow.enabled
        )

    def matching(self, item: Raw, *, now: datetime) -> Matches:
        """Return the flows that *item*, as it came in, triggers; in the order of the file."""
        names = self._raw_names(item)
        flows: list[FlowSpec] = []
        undecided: list[Output] = []
        for flow in self._flows:
            if not triggered(flow.spec, item):
                continue
            try:
                if all(condition(names) for condition in flow.conditions):
                    flows.append(flow.spec)
            except OperatorError as error:
                maker = _maker(flow, item, _CONDITIONS, now)
                undecided += maker.failed(error)
        return Matches(tuple(flows), tuple(undecided))

    def kept_of(self, source: str) -> frozenset[str]:
        """Return the fields that the flows keep which movements of *source* trigger."""
        return frozenset().union(
            *(
                flow.keep
                for flow in self._flows
                for trigger in flow.spec.triggers
                if isinstance(trigger, TransactionTrigger) and trigger.transaction == source
            )
        )

    @property
    def versions(self) -> Mapping[str, str]:
        """Return the version of each flow that runs, by its id."""
        return {flow.spec.id: flow.version for flow in self._flows}

    @property
    def waits(self) -> frozenset[str]:
        """Return how long flows wait after an invoice was due (`14d`), each once."""
        return frozenset(
            trigger.overdue
            for flow in self._flows
            for trigger in flow.spec.triggers
            if isinstance(trigger, OverdueTrigger)
        )

    @property
    def running(self) -> tuple[FlowSpec, ...]:
        """Return the flows that run, in the order of the file."""
        return tuple(flow.spec for flow in self._flows)

    def named(self, ids: Iterable[str]) -> tuple[FlowSpec, ...]:
        """Return the enabled flows with these ids, in the order of the file."""
        wanted = set(ids)
        return tuple(flow.spec for flow in self._flows if flow.spec.id in wanted)

    def keeps(self, flows: Sequence[FlowSpec]) -> frozenset[str]:
        """Return the fields that these flows keep, with what their steps cannot do without."""
        chosen = {flow.id for flow in flows}
        return frozenset().union(*(f.keep for f in self._flows if f.spec.id in chosen))

    def generalises(self, flows: Sequence[FlowSpec]) -> frozenset[str]:
        """Return what these flows want made coarser instead of numbered."""
        return frozenset().union(*(flow.generalise for flow in flows))

    def run(
        self,
        flow: FlowSpec,
        item: Item,
        *,
        books: Books | None = None,
        now: datetime,
        version: str = "",
    ) -> FlowRun:
        """Run one flow over one item.

        A step that fails ends the flow with an output in state `failed` that says what to
        mend. *version* stands in for the flow's own in output ids, so that an item taken
        up again after an edit makes no second copy of what it already made.
        """
        ready = next(each for each in self._flows if each.spec.id == flow.id)
        version = version or ready.version
        make = replace(_maker(ready, item, _CONCURRENCY, now), version=version)
        outputs: list[Output] = []
        values: dict[str, Mapping[str, JsonValue]] = {}
        try:
            lane = self._lane(ready, item, now=now)
        except OperatorError as error:
            return FlowRun(flow.id, version, make.failed(error), values)
        for step in ready.steps:
            context = self._context(ready, step.spec, item, values=values, books=books, now=now)
            ran = step.run(context, replace(make, spec=step.spec, lane=lane), flow.steps)
            outputs += ran.outputs
            if ran.stops:
                break
            values[step.spec.id] = ran.values
        return FlowRun(flow.id, version, in_places(outputs), values)

    def _lane(self, ready: _Ready, item: Item, *, now: datetime) -> str:
        """Return the key of what goes out one at a time; "" where this item has none.

        Raises:
            OperatorError: It cannot be worked out for this item.
        """
        if not ready.spec.concurrency:
            return ""
        context = self._context(ready, _CONCURRENCY, item, values={}, books=None, now=now)
        return lane_of(ready.spec.concurrency, context)

    def _raw_names(self, item: Raw) -> Names:
        names: Names = {"business": self.business.model_dump(), "data": self._data}
        if isinstance(item, Message):
            return names | {"mail": message_names(item)}
        if isinstance(item, Overdue):
            return names | {"invoice": invoice_names(item)}
        if isinstance(item, Transaction):
            return names | {"transaction": transaction_names(item)}
        return names | start_names(item, self.business.time_zone)

    def _context(
        self,
        ready: _Ready,
        spec: StepSpec,
        item: Item,
        *,
        values: Mapping[str, Mapping[str, JsonValue]],
        books: Books | None,
        now: datetime,
    ) -> StepContext:
        kept = kept_of(item)
        return StepContext(
            business=self.business,
            flow=ready.spec.id,
            step=spec.id,
            mail=item if isinstance(item, CleanMessage) else None,
            transaction=item if isinstance(item, CleanTransaction) else None,
            overdue=item if isinstance(item, Overdue) else None,
            start=item if isinstance(item, Start) else None,
            # A flow sees what it keeps itself, not what its neighbours on this mail keep.
            kept={name: value for name, value in kept.items() if name in ready.keep},
            steps={},
            results=values,
            data=self._data,
            books=books if books is not None else Books(),
            render=render,
            template=self._template,
            now=now,
        )

    def _template(self, name: str) -> str:
        try:
            return self._templates[name]
        except KeyError:
            raise OperatorError(
                f"there is no template {name!r} beside the flows file",
                fix=f"use one of {', '.join(sorted(self._templates)) or 'none yet'}",
            ) from None


def _maker(flow: _Ready, item: Item | Raw, spec: StepSpec, now: datetime) -> OutputMaker:
    return OutputMaker(flow=flow.spec.id, version=flow.version, item=item, spec=spec, now=now)


def _turns(values: Mapping[str, JsonValue]) -> list[Mapping[str, JsonValue]]:
    """Return what each turn of a step with `foreach` returned."""
    items = values.get("items")
    return [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []


def _ready(flow: FlowSpec, templates: Mapping[str, str], file: FlowsFile) -> _Ready:
    steps = tuple(map(ready_step, flow.steps))
    needs = frozenset().union(*(each.step.needs for each in steps))
    return _Ready(
        spec=flow,
        version=flow_version(flow, templates, file.data),
        conditions=tuple(compile_condition(text) for text in flow.conditions),
        steps=steps,
        keep=frozenset(flow.keep) | needs,
    )
