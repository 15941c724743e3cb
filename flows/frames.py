"""What the steps of a block see: what their caller gave them, and each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from pydantic import JsonValue

from flows.errors import OperatorError
from flows.language.expressions import compile_condition, evaluate
from flows.language.filters import Unfit
from flows.language.inner_steps import Frame, InnerStep
from flows.language.spec import StepSpec
from flows.language.values import typed
from flows.names import Names, step_names
from flows.steps.contract import StepContext

Results = Mapping[str, Mapping[str, JsonValue]]
_ARTICLE: Final = {"text": "text", "number": "a number", "date": "a date", "flag": "a flag"}


def seen_by(
    context: StepContext, step: StepSpec, order: Sequence[StepSpec]
) -> StepContext | None:
    """Return *context* as *step* sees it, or None where an `if` above its block says no.

    `context.results` holds what ran, by the ids of *order*, the flow's steps.

    Raises:
        OperatorError: What a block is given cannot be worked out, or is not what it takes.
    """
    context = replace(context, steps=_nested(context.results, order))
    for frame in step.frames if isinstance(step, InnerStep) else ():
        names = step_names(context)
        if frame.condition is not None and not compile_condition(frame.condition)(names):
            return None
        inner: Any = context.steps.get(frame.call, {})
        context = replace(context, inputs=_given(frame, names), steps=inner)
    return context


def _given(frame: Frame, names: Names) -> dict[str, object]:
    given: dict[str, object] = {}
    for name, written in frame.inputs.items():
        value = evaluate(written, names) if isinstance(written, str) else written
        kind = frame.kinds[name]
        try:
            given[name] = typed(value, kind)
        except Unfit:
            # Said out here, and without the value: it may come from mail.
            given[name] = _REFUSED
        if given[name] is _REFUSED:
            raise OperatorError(
                f"the input {name!r} of the block {frame.block!r} is not {_ARTICLE[kind]}",
                fix="check with `jigajob show` what its template gave for this item",
            )
    return given


_REFUSED: Final = object()


def _nested(results: Results, order: Sequence[StepSpec]) -> dict[str, Any]:
    """Return results as they are read: `steps.job`, or `steps.call.job` for one in a block."""
    made: dict[str, Any] = {}
    for step in order:
        if step.id not in results:
            continue
        spot, path = made, path_of(step)
        for part in path[:-1]:
            spot = spot.setdefault(part, {})
        spot[path[-1]] = results[step.id]
    return made


def path_of(step: StepSpec) -> tuple[str, ...]:
    """Return the ids of the calls that lead to the step, and its own."""
    if isinstance(step, InnerStep):
        return (*(frame.call for frame in step.frames), step.own_id)
    return (step.id,)
