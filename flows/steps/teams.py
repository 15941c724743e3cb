"""`teams.post`: a message in Microsoft Teams."""

from __future__ import annotations

from typing import Final

from pydantic import Field, JsonValue

from flows.language.kinds import one_of
from flows.language.node import Node, Slug
from flows.steps.clean_text import one_line
from flows.steps.contract import ANY, Draft, Step, StepContext, StepResult

_MOST: Final = 10_000


class Options(Node):
    """A message to a channel or a chat, as plain text: whatever it says, nothing in it acts."""

    to: Slug = Field(
        description="An outlet under `outlets` that `uses: teams`.", examples=["team"]
    )
    title: str = Field(default="", description="In bold above the text, on one line.")
    text: str = Field(min_length=1, description="What to say.")


def run(_: StepContext, options: Options) -> StepResult:
    """Propose the message."""
    title = one_line(options.title, 200)
    body: dict[str, JsonValue] = {"title": title, "text": options.text[:_MOST]}
    summary = f"Post to {options.to}" + (f": {title}" if title else "")
    draft = Draft(body=body, summary=summary, into=options.to)
    return StepResult(values={"status": "posted"}, outputs=(draft,))


STEP: Final = Step(
    uses="teams.post",
    summary="Posts a message in Microsoft Teams.",
    options=Options,
    run=run,
    on=ANY,
    returns=lambda _: {"status": one_of("posted")},
)
