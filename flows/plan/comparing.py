"""Outputs that would be made, beside those that were made of the same item by the same flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from pydantic import JsonValue

from flows.model import Output
from flows.plan.report import Change, PlannedOutput

UNDECIDED: Final = "conditions"
"""What stands for the step of an output that says that a flow's conditions failed."""


@dataclass(frozen=True, slots=True)
class Before:
    """What outputs are compared with: what the flow that is deployed made, or would have made.

    `outputs` is None where that cannot be known. `asks` says of each, by step and number, who
    would have been asked, where that is known: what is stored tells also who was asked since.
    """

    outputs: Sequence[Output] | None = ()
    asks: Mapping[tuple[str, int], str] = field(default_factory=dict)


def compared(
    planned: Sequence[Output], before: Before, *, open_answer: bool = False
) -> tuple[PlannedOutput, ...]:
    """Return each planned output with what became of it, then those that are gone.

    With an *open_answer* nothing is planned, and what was made is `not known`.
    """
    if before.outputs is None:
        return tuple(_as_planned(output, "not known") for output in planned)
    made = {(output.step, output.item): output for output in before.outputs}
    found = [
        _beside(output, made.pop((output.step, output.item), None), before.asks)
        for output in planned
    ]
    left: Change = "not known" if open_answer else "gone"
    return (*found, *(_as_planned(output, left) for output in made.values()))


def approval_of(output: Output) -> str:
    """Return who is asked about it and until when, in words; empty for nobody."""
    deadline = output.terms.deadline
    if not output.approver or deadline is None:
        return output.approver
    hours = (deadline.at - output.created_at) / timedelta(hours=1)
    then = f"ask {deadline.ask}" if deadline.then == "ask" else deadline.then
    return f"{output.approver} within {hours:g} h, then {then}"


def asks_of(outputs: Iterable[Output]) -> dict[tuple[str, int], str]:
    """Return who is asked about each output, by step and number."""
    return {(output.step, output.item): approval_of(output) for output in outputs}


def _beside(
    output: Output, before: Output | None, asks: Mapping[tuple[str, int], str]
) -> PlannedOutput:
    if before is None:
        return _as_planned(output, "new")
    asked = asks.get((output.step, output.item))
    asked = None if asked == approval_of(output) else asked
    old = _bare(before, output)
    if before.uses == output.uses and old == dict(output.body):
        change: Change = "same" if asked is None else "changed"
        return _as_planned(output, change, asked_before=asked)
    return _as_planned(output, "changed", old, asked_before=asked)


def _as_planned(
    output: Output,
    change: Change,
    before: Mapping[str, JsonValue] | None = None,
    *,
    asked_before: str | None = None,
) -> PlannedOutput:
    return PlannedOutput(
        step=output.step,
        uses=output.uses,
        number=output.item,
        change=change,
        summary=output.summary,
        approver=output.approver,
        approval=approval_of(output),
        approval_before=asked_before,
        failed=output.state == "failed",
        body=output.body,
        before=before,
    )


def _bare(made: Output, planned: Output) -> dict[str, JsonValue]:
    """Return the body as the step made it, without why it was put before a person."""
    body = dict(made.body)
    if "reasons" in body:
        reasons = planned.body.get("reasons")
        if reasons is None:
            del body["reasons"]
        elif isinstance(reasons, list) and isinstance(body["reasons"], list):
            body["reasons"] = body["reasons"][: len(reasons)]
    return body
