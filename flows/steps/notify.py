"""`notify`: tells a person of the business."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from flows.language.kinds import TEXT, one_of
from flows.language.node import Node, Slug
from flows.steps.contract import Draft, Step, StepContext, StepResult


class Options(Node):
    """A notice to somebody of the business, by role."""

    to: Slug = Field(default="owner", description="Role, e.g. owner, dispatcher.")
    text: str = Field(min_length=1, description="What to say.")


def run(_: StepContext, options: Options) -> StepResult:
    """Propose the notice."""
    body = {"to": options.to, "text": options.text[:4000]}
    draft = Draft(body=body, summary=f"Notify {options.to}")
    return StepResult(values={"status": "noted", "to": options.to}, outputs=(draft,))


STEP: Final = Step(
    uses="notify",
    summary="Tells a person of the business.",
    options=Options,
    run=run,
    returns=lambda _: {"status": one_of("noted"), "to": TEXT},
)
