"""What all written mail has: its text, its subject, and why a person has to see it first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, Self

from pydantic import Field, JsonValue, model_validator

from flows.language.kinds import PROSE, TEXT, Returned, one_of
from flows.language.node import Node
from flows.names import step_names
from flows.steps.clean_text import STAND_IN
from flows.steps.contract import Draft, StepContext, StepResult

ADDRESS: Final = re.compile(r"[^\s<>,;:\"()\[\]@\\]{1,64}@[^\s<>,;:\"()\[\]@\\]{1,255}")
"""One plain address, without a name, quotes or comments."""

DRAFTED: Final[Returned] = {
    "status": one_of("drafted", "silent"),
    "reason": TEXT,
    "subject": PROSE,
}
"""What later steps read of a draft."""

SENT: Final[Returned] = {**DRAFTED, "status": one_of("queued", "silent")}
"""What later steps read of a mail that is sent."""


class Letter(Node):
    """What the mail says: a template or a text, and a subject."""

    template: str = Field(
        default="", description="Name of a template file.", examples=["confirm.txt.j2"]
    )
    text: str = Field(default="", description="The mail itself, instead of a template.")
    subject: str = Field(
        default="", description="Without it: `Re:` and the subject of the mail."
    )

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if bool(self.template) == bool(self.text):
            raise ValueError("give either 'template' or 'text'")
        return self


def text_of(context: StepContext, options: Letter) -> str:
    """Return what the mail says, its template filled in."""
    if not options.template:
        return options.text
    return context.render(context.template(options.template), step_names(context))


def kept_address(context: StepContext, name: str) -> str:
    """Return the kept field *name*, or nothing where it is not one plain address."""
    address = context.kept.get(name, "").strip()
    return address if ADDRESS.fullmatch(address) else ""


def stand_in_problems(text: str, subject: str) -> list[str]:
    """Return why a mail that shows what the cleaner left cannot go out unseen."""
    if STAND_IN.search(text) or STAND_IN.search(subject):
        return ["it holds a stand-in for something that the flow does not keep"]
    return []


def proposed(
    body: Mapping[str, JsonValue], problems: Sequence[str], *, verb: str, summary: str
) -> StepResult:
    """Return the mail as a draft or to be sent; with *problems*, the owner sees it first."""
    if problems:
        body = {**body, "reasons": [*problems]}
        summary += f" ({'; '.join(problems)})"
    made = Draft(body=body, summary=summary, approver="owner" if problems else "")
    status = {"draft": "drafted", "send": "queued"}[verb]
    values = {"status": status, "reason": "; ".join(problems), "subject": body["subject"]}
    return StepResult(values=values, outputs=(made,))
