"""Blocks put into the flows that use them: each use becomes the block's steps.

A step `confirm` that uses a block with a step `answer` becomes `confirm--answer`, which later
steps read as `steps.confirm.answer`. What the using step says of approval, and of all else
that a step can say, holds for those steps in the block that do not say it themselves; an `if`
holds for all of them, besides their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from flows.language.filters import text_of
from flows.language.inner_steps import Frame, InnerStep
from flows.language.spec import Block, FlowsFile, StepSpec

PREFIX: Final = "block."
BETWEEN: Final = "--"
WHOLE_INPUT: Final = re.compile(r"\s*\{\{\s*inputs\.([a-z][a-z0-9_]*)\s*\}\}\s*")
"""A text that is one input and nothing else."""

_OWN: Final = frozenset({"id", "uses", "options", "condition", "foreach"})
"""What a step in a block has for itself, whatever the step that uses the block says."""


def expanded(file: FlowsFile) -> FlowsFile:
    """Return *file*, which was checked, with the steps of blocks where they are used."""
    flows = tuple(
        flow.model_copy(update={"steps": tuple(_steps(flow.steps, (), None, file.blocks))})
        if any(step.uses.startswith(PREFIX) for step in flow.steps)
        else flow
        for flow in file.flows
    )
    return file.model_copy(update={"flows": flows})


def _steps(
    steps: tuple[StepSpec, ...],
    frames: tuple[Frame, ...],
    caller: StepSpec | None,
    blocks: Mapping[str, Block],
) -> Iterator[StepSpec]:
    """Yield the steps of a flow or a block, those of the blocks in it in their stead.

    *caller* says what holds for all of them.
    """
    fixed = literals(frames[-1].inputs) if frames else {}
    for step in steps:
        said = _said(step, caller)
        said["options"] = filled(step.options, fixed)
        if step.uses.startswith(PREFIX):
            name = step.uses.removeprefix(PREFIX)
            block = blocks[name]
            frame = Frame(
                call=step.id,
                block=name,
                inputs=given(said["options"], block),
                kinds={each: spec.type for each, spec in block.inputs.items()},
                condition=step.condition,
            )
            calling = StepSpec.model_construct(**said)
            yield from _steps(block.steps, (*frames, frame), calling, blocks)
        elif frames:
            path = (*(frame.call for frame in frames), step.id)
            said |= {"id": BETWEEN.join(path), "own_id": step.id, "frames": frames}
            yield InnerStep.model_construct(**said)
        else:
            yield step


def _said(step: StepSpec, caller: StepSpec | None) -> dict[str, Any]:
    """Return the step's fields, with what its caller says where it says nothing."""
    said = {name: getattr(step, name) for name in step.model_fields_set}
    if caller is not None:
        inherited = caller.model_fields_set - _OWN - step.model_fields_set
        said |= {name: getattr(caller, name) for name in inherited}
    return said


def given(options: Mapping[str, Any], block: Block) -> dict[str, Any]:
    """Return each input of the block: as it is given under `with`, else its default."""
    return {name: options.get(name, spec.default) for name, spec in block.inputs.items()}


def literals(inputs: Mapping[str, Any]) -> dict[str, str]:
    """Return those inputs that are known before anything runs, as text."""
    return {
        name: text_of(value)
        for name, value in inputs.items()
        if isinstance(value, str | int | float | bool) and not is_template(value)
    }


def is_template(value: object) -> bool:
    """Return whether what stands under `with` is worked out when the step runs."""
    return isinstance(value, str) and ("{{" in value or "{%" in value or "{#" in value)


def filled(value: Any, fixed: Mapping[str, str]) -> Any:  # noqa: ANN401 - options have any shape
    """Return options with each text that is one input, and nothing else, put in.

    So a block can be told the name of a template file, which no template may work out.
    """
    if isinstance(value, str):
        whole = WHOLE_INPUT.fullmatch(value)
        return fixed.get(whole[1], value) if whole else value
    if isinstance(value, Mapping):
        return {key: filled(each, fixed) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [filled(each, fixed) for each in value]
    return value
