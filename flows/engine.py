"""One cleaned message or transaction through one flow: outputs come out, nothing goes in.

The engine is pure: the same flow, item and books give the same outputs with the same
ids. What it is not given (raw text, other mails, the network) it cannot use.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import JsonValue, ValidationError

from flows.errors import OperatorError
from flows.language.expressions import Condition, compile_condition, render
from flows.language.spec import (
    FlowsFile,
    FlowSpec,
    MailTrigger,
    OverdueTrigger,
    StepSpec,
    TransactionTrigger,
    Trigger,
)
from flows.language.versions import flow_version
from flows.model import CleanMessage, CleanTransaction, Message, Output, Overdue, Transaction
from flows.names import Names, invoice_names, message_names, step_names, transaction_names
from flows.steps.contract import Draft, Step, StepContext, StepResult
from flows.steps.registry import STEPS
from flows.work.books import Books

Item = CleanMessage | CleanTransaction | Overdue


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
        return any(value.get("status") == "unmatched" for value in self.values.values())


@dataclass(frozen=True, slots=True)
class Matches:
    """The flows that an item triggers, and a failed output for each left undecided."""

    flows: tuple[FlowSpec, ...]
    undecided: tuple[Output, ...]


_CONDITIONS = StepSpec(id="conditions", uses="conditions")


@dataclass(frozen=True, slots=True)
class _Ready:
    """A flow with its conditions compiled."""

    spec: FlowSpec
    version: str
    conditions: tuple[Condition, ...]
    steps: tuple[tuple[StepSpec, Step, Condition | None], ...]
    keep: frozenset[str]


class Engine:
    """Runs the enabled flows of one flows file."""

    def __init__(self, file: FlowsFile, templates: Mapping[str, str]) -> None:
        self.business = file.business
        self._templates = templates
        self._flows = tuple(_ready(flow, templates) for flow in file.flows if flow.enabled)

    def matching(self, item: Message | Transaction | Overdue, *, now: datetime) -> Matches:
        """Return the flows that *item*, as it came in, triggers; in the order of the file."""
        names = self._raw_names(item)
        flows: list[FlowSpec] = []
        undecided: list[Output] = []
        for flow in self._flows:
            if not _triggered(flow.spec, item):
                continue
            try:
                if all(condition(names) for condition in flow.conditions):
                    flows.append(flow.spec)
            except OperatorError as error:
                maker = _OutputMaker(flow.spec.id, flow.version, item, _CONDITIONS, now)
                undecided.append(maker.failed(error))
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
        outputs: list[Output] = []
        values: dict[str, Mapping[str, JsonValue]] = {}
        for spec, step, condition in ready.steps:
            make = _OutputMaker(flow.id, version, item, spec, now)
            try:
                context = self._context(ready, spec, item, values=values, books=books, now=now)
                names = step_names(context)
                if condition is not None and not condition(names):
                    values[spec.id] = dict.fromkeys(step.returns(spec.options), "")
                    continue
                result = _run_step(step, spec, context, names)
            except OperatorError as error:
                outputs.append(make.failed(error))
                break
            values[spec.id] = result.values
            outputs.extend(make.output(draft) for draft in result.outputs)
        return FlowRun(flow.id, version, tuple(outputs), values)

    def _raw_names(self, item: Message | Transaction | Overdue) -> Names:
        names: Names = {"business": self.business.model_dump()}
        if isinstance(item, Message):
            return names | {"mail": message_names(item)}
        if isinstance(item, Overdue):
            return names | {"invoice": invoice_names(item)}
        return names | {"transaction": transaction_names(item)}

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
        kept = _kept(item)
        return StepContext(
            business=self.business,
            flow=ready.spec.id,
            step=spec.id,
            mail=item if isinstance(item, CleanMessage) else None,
            transaction=item if isinstance(item, CleanTransaction) else None,
            overdue=item if isinstance(item, Overdue) else None,
            # A flow sees what it keeps itself, not what its neighbours on this mail keep.
            kept={name: value for name, value in kept.items() if name in ready.keep},
            steps=values,
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


@dataclass(frozen=True, slots=True)
class _OutputMaker:
    """Gives the drafts of one step their ids."""

    flow: str
    version: str
    item: Item | Message | Transaction
    spec: StepSpec
    now: datetime

    def output(self, draft: Draft) -> Output:
        approver = draft.approver or self.spec.approve or ""
        return Output(
            id=output_id(self.flow, self.version, self.item.id, self.spec.id, draft.item),
            flow=self.flow,
            flow_version=self.version,
            trigger=self.item.id,
            step=self.spec.id,
            uses=self.spec.uses,
            item=draft.item,
            approver=approver,
            state="waiting" if approver else "approved",
            body=draft.body,
            summary=draft.summary,
            created_at=self.now,
            source=self.item.source,
            into=draft.into,
        )

    def failed(self, error: OperatorError) -> Output:
        body: dict[str, JsonValue] = {"problem": error.what, "fix": error.fix}
        made = self.output(Draft(body=body, summary=f"step failed: {error.what}", item=-1))
        return replace(made, state="failed")


def output_id(flow: str, version: str, trigger: str, step: str, item: int) -> str:
    """Return the id of an output: the same work always has the same one."""
    seed = "\x1f".join((flow, version, trigger, step, str(item)))
    return "o" + hashlib.sha256(seed.encode()).hexdigest()[:24]


def _ready(flow: FlowSpec, templates: Mapping[str, str]) -> _Ready:
    steps = tuple(
        (
            spec,
            STEPS[spec.uses],
            compile_condition(spec.condition) if spec.condition is not None else None,
        )
        for spec in flow.steps
    )
    needs = frozenset().union(*(step.needs for _, step, _ in steps))
    return _Ready(
        spec=flow,
        version=flow_version(flow, templates),
        conditions=tuple(compile_condition(text) for text in flow.conditions),
        steps=steps,
        keep=frozenset(flow.keep) | needs,
    )


def _triggered(flow: FlowSpec, item: Message | Transaction | Overdue) -> bool:
    return any(_triggers(trigger, item) for trigger in flow.triggers)


def _triggers(trigger: Trigger, item: Message | Transaction | Overdue) -> bool:
    match trigger:
        case MailTrigger():
            return isinstance(item, Message) and trigger.mail == item.source
        case TransactionTrigger():
            return isinstance(item, Transaction) and trigger.transaction == item.source
        case OverdueTrigger():
            return isinstance(item, Overdue) and trigger.overdue == item.after


def _kept(item: Item) -> Mapping[str, str]:
    """Return the personal fields that flows have kept of an item, by name."""
    if isinstance(item, CleanMessage):
        return item.kept
    if isinstance(item, Overdue):
        return {"customer.name": item.invoice.party, "customer.email": item.invoice.email}
    return {}


def _run_step(step: Step, spec: StepSpec, context: StepContext, names: Names) -> StepResult:
    given = _rendered(spec.options, lambda text: render(text, names))
    try:
        options = step.options.model_validate(given)
    except ValidationError as error:
        # Pydantic's own message quotes the value, which may come from the mail.
        fields = ", ".join(
            sorted(
                {".".join(str(part) for part in problem["loc"]) for problem in error.errors()}
            )
        )
        raise OperatorError(
            f"step {spec.id!r} of flow {context.flow!r} got unusable values for: {fields}",
            fix="check with `jigajob show` what these templates gave for this item",
        ) from None
    try:
        return step.run(context, options)
    except OperatorError:
        raise
    except Exception as error:  # noqa: BLE001 - one item must not stop all others; its text may quote mail
        raise OperatorError(
            f"step {spec.id!r} of flow {context.flow!r} stopped on an unforeseen"
            f" {type(error).__name__}",
            fix="report it with the version from `jigajob --version`",
        ) from None


def _rendered(value: object, fill: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return fill(value)
    if isinstance(value, Mapping):
        return {key: _rendered(each, fill) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rendered(each, fill) for each in value]
    return value
