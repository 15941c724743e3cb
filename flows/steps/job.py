"""`job.open`: a new job on the board."""

from __future__ import annotations

import base64
import hashlib
from typing import Annotated, Final

from pydantic import Field, field_validator

from flows.language.kinds import PROSE, TEXT, Leaf, Wants, one_of
from flows.language.node import Node
from flows.steps.clean_text import one_line
from flows.steps.contract import Draft, Step, StepContext, StepResult

PRIORITIES: Final = ("low", "normal", "high", "urgent")


class Options(Node):
    """A job to be done, as the mail asks for it."""

    title: str = Field(description="What is to be done, on one line.")
    site: str = Field(default="", description="Where: the address, on one line.")
    customer: str = Field(default="", description="For whom.")
    phone: Annotated[str, Wants("phone")] = Field(
        default="", description="Whom to call, best as +15185550143."
    )
    email: Annotated[str, Wants("email")] = Field(default="", description="Where to write.")
    wanted: str = Field(default="", description="When the customer wants it: 2026-03-14.")
    notes: str = Field(default="", description="What else the technician should know.")
    priority: str = Field(
        default="normal",
        description="low, normal, high or urgent; what else a template gives is normal.",
    )

    @field_validator("priority")
    @classmethod
    def _known(cls, value: str) -> str:
        if value and "{" not in value and value.lower() not in PRIORITIES:
            raise ValueError(f"use one of {', '.join(PRIORITIES)}")
        return value


def run(context: StepContext, options: Options) -> StepResult:
    """Propose the job; its reference is the same whenever this mail is worked through."""
    job = _reference(context)
    title = one_line(options.title, 200) or "Job without a title"
    priority = options.priority.lower()
    if priority not in PRIORITIES:
        priority = "normal"
    site = one_line(options.site, 300)
    body = {
        "job": job,
        "title": title,
        "site": site,
        "customer": one_line(options.customer, 200),
        "phone": one_line(options.phone, 40),
        "email": one_line(options.email, 254),
        "wanted": one_line(options.wanted, 60),
        "notes": options.notes[:20_000],
        "priority": priority,
    }
    values = {"job": job, "title": title, "site": site, "priority": priority}
    return StepResult(
        values=values, outputs=(Draft(body=body, summary=f"Open job {job}: {title}"),)
    )


def _reference(context: StepContext) -> str:
    seed = "\x1f".join((context.business.id, context.flow, context.step, context.item.id))
    digest = hashlib.sha256(seed.encode("utf-8", "replace")).digest()
    return "J-" + base64.b32encode(digest).decode()[:7]


STEP: Final = Step(
    uses="job.open",
    summary="Opens a job.",
    options=Options,
    run=run,
    returns=lambda _: {
        "job": TEXT,
        "title": PROSE,
        "site": Leaf("text", holds="address"),
        "priority": one_of(*PRIORITIES),
    },
)
