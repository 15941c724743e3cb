"""`task.add`: something to do, in somebody's list."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import Field, JsonValue

from flows.language.kinds import DATE_TEXT, Wants, one_of
from flows.language.node import Node, Slug
from flows.steps.clean_text import one_line
from flows.steps.contract import ANY, Draft, Step, StepContext, StepResult


class Options(Node):
    """A task in Microsoft To Do, in a list of whoever signed in for a mailbox."""

    to: Slug = Field(
        description="A source that `uses: outlook`, with somebody's sign-in.",
        examples=["office"],
    )
    title: str = Field(min_length=1, description="What is to be done, on one line.")
    due: Annotated[str, Wants("date")] = Field(
        default="", description="2026-03-14; what is no clear date makes a task without one."
    )
    notes: str = ""
    list: str = Field(
        default="",
        max_length=100,
        description="Name of the list; without it, the list called Tasks.",
        examples=["Visits"],
    )


def run(context: StepContext, options: Options) -> StepResult:
    """Propose the task."""
    title = one_line(options.title, 200) or "Task without a title"
    due = _day(options.due)
    body: dict[str, JsonValue] = {
        "title": title,
        "due": due,
        "time_zone": context.business.time_zone,
        "notes": options.notes[:20_000],
        "list": one_line(options.list, 100),
    }
    draft = Draft(body=body, summary=f"Add a task: {title}", into=options.to)
    return StepResult(values={"status": "added", "due": due}, outputs=(draft,))


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()[:10]).isoformat()
    except ValueError:
        return ""


STEP: Final = Step(
    uses="task.add",
    summary="Adds a task to a list.",
    options=Options,
    run=run,
    on=ANY,
    returns=lambda _: {"status": one_of("added"), "due": DATE_TEXT},
)
