"""One step of a flow: whether it runs, how often, and what follows where it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pydantic import JsonValue, ValidationError

from flows.errors import OperatorError
from flows.frames import seen_by
from flows.language.expressions import (
    Condition,
    Listing,
    compile_condition,
    compile_list,
    render,
)
from flows.language.kinds import nothing
from flows.language.spec import StepSpec
from flows.language.words import quoted
from flows.making import OutputMaker
from flows.model import Output
from flows.names import Names, step_names
from flows.steps.contract import Step, StepContext, StepResult
from flows.steps.registry import STEPS

MOST: Final = 100
"""Turns of a `foreach`."""

Values = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Ran:
    """What a step did: what later steps read of it, its outputs, and whether the flow ends."""

    values: Values
    outputs: tuple[Output, ...] = ()
    stops: bool = False


@dataclass(frozen=True, slots=True)
class ReadyStep:
    """A step with its `if` and `foreach` compiled."""

    spec: StepSpec
    step: Step
    condition: Condition | None
    each: Listing | None

    def run(self, context: StepContext, make: OutputMaker, order: Sequence[StepSpec]) -> Ran:
        """Run the step, once or for each of a list; what fails is told in an output.

        *order* are all steps of the flow: a step of a block sees but those of the block.
        """
        skipped = Ran({"items": []} if self.each is not None else self._values(""))
        try:
            seen = seen_by(context, self.spec, order)
        except OperatorError as error:
            return self._failed(error, make)
        if seen is None:
            return skipped
        if self.each is None:
            return self._turn(seen, make) or skipped
        return self._every(self.each, seen, make)

    def _every(self, each: Listing, context: StepContext, make: OutputMaker) -> Ran:
        """Run the step for each of a list."""
        try:
            turns = list(_turns(each, context))
        except OperatorError as error:
            failed = self._failed(error, make)
            return replace(failed, values={"items": []} if not failed.stops else {})
        every = _Every()
        for number, turn in enumerate(turns):
            ran = self._turn(replace(context, turn=turn), replace(make, turn=number))
            if ran is not None and every.add(ran):
                break
        return Ran({"items": [*every.values]}, tuple(every.outputs), every.stops)

    def _turn(self, context: StepContext, make: OutputMaker) -> Ran | None:
        """Run the step once; None where its `if` does not hold."""
        try:
            names = step_names(context)
            if self.condition is not None and not self.condition(names):
                return None
            result = _run(self.step, self.spec, context, names)
        except OperatorError as error:
            return self._failed(error, make)
        values = dict(result.values)
        if self.spec.on_error == "continue":
            values.setdefault("status", "done")
        return Ran(values, tuple(make.output(draft) for draft in result.outputs))

    def _failed(self, error: OperatorError, make: OutputMaker) -> Ran:
        stops = self.spec.on_error != "continue"
        # What a flow stopped at has nothing to be read.
        return Ran({} if stops else self._values("failed"), make.failed(error), stops)

    def _values(self, status: str) -> Values:
        """Return what is read of a step that gave nothing."""
        values = nothing(self.step.returns(self.spec.options))
        if self.spec.on_error == "continue":
            values["status"] = status
        return values


@dataclass(slots=True)
class _Every:
    """What the turns of one step came to."""

    values: list[dict[str, JsonValue]] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    stops: bool = False

    def add(self, ran: Ran) -> bool:
        """Add a turn, and return whether it was the last one."""
        self.outputs += ran.outputs
        self.stops = ran.stops
        if not ran.stops:
            self.values.append(dict(ran.values))
        return ran.stops


def ready_step(spec: StepSpec) -> ReadyStep:
    """Return the step as it runs.

    Raises:
        OperatorError: Its `if` or `foreach` is not of the language.
    """
    condition, each = spec.condition, spec.foreach
    return ReadyStep(
        spec,
        STEPS[spec.uses],
        compile_condition(condition) if condition is not None else None,
        compile_list(each) if each is not None else None,
    )


def _turns(each: Listing, context: StepContext) -> Iterator[Mapping[str, object]]:
    """Yield `item` and `loop` for each turn.

    Raises:
        OperatorError: It gives no list, or one that is too long.
    """
    found = each(step_names(context))
    if len(found) > MOST:
        raise OperatorError(
            f"the list {quoted(each.text)} has {len(found):,} items here, and a step runs for"
            f" {MOST} at most",
            fix=f"take some of them, as in ({each.text})[:{MOST}]",
        )
    last = len(found) - 1
    for index, item in enumerate(found):
        loop = {
            "index": index + 1,
            "index0": index,
            "first": index == 0,
            "last": index == last,
            "length": len(found),
        }
        yield {"item": item, "loop": loop}


def _run(step: Step, spec: StepSpec, context: StepContext, names: Names) -> StepResult:
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
