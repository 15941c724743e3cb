"""`webhook.call`: JSON to another program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from pydantic import Field, JsonValue, field_validator

from flows.language.kinds import TEXT, one_of
from flows.language.node import Node, Slug
from flows.steps.clean_text import one_line
from flows.steps.contract import ANY, Draft, Step, StepContext, StepResult

_MOST: Final = 200_000
_DEEPEST: Final = 8


class Options(Node):
    """A call of another program with what it needs to know, at an outlet that `uses: http`.

    The other side gets `{"type": event, "timestamp": …, "data": {…}}`; values out of templates
    are texts, what else stands in `data` stays as it is.
    """

    to: Slug = Field(
        description="An outlet under `outlets` that `uses: http`.", examples=["dispatch"]
    )
    event: str = Field(
        default="",
        max_length=100,
        description="What has happened, in a word for programs; without it, FLOW.STEP.",
        examples=["job.opened"],
    )
    data: dict[str, JsonValue] = Field(
        min_length=1,
        max_length=100,
        description="What the other side is told, and nothing else.",
        examples=[{"job": "{{ steps.job.job }}", "site": "{{ steps.job.site }}"}],
    )

    @field_validator("data")
    @classmethod
    def _bounded(cls, data: dict[str, JsonValue]) -> dict[str, JsonValue]:
        if _depth(data) > _DEEPEST:
            raise ValueError(f"nest data {_DEEPEST} levels deep at most")
        if len(json.dumps(data, ensure_ascii=False)) > _MOST:
            raise ValueError(f"keep data below {_MOST:,} characters")
        return data


def run(context: StepContext, options: Options) -> StepResult:
    """Propose the call."""
    event = one_line(options.event, 100) or f"{context.flow}.{context.step}"
    body: dict[str, JsonValue] = {"event": event, "data": options.data}
    draft = Draft(body=body, summary=f"Call {options.to}: {event}", into=options.to)
    return StepResult(values={"status": "called", "event": event}, outputs=(draft,))


def _depth(value: object) -> int:
    if isinstance(value, Mapping):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


STEP: Final = Step(
    uses="webhook.call",
    summary="Calls another program over HTTPS.",
    options=Options,
    run=run,
    on=ANY,
    returns=lambda _: {"status": one_of("called"), "event": TEXT},
)
