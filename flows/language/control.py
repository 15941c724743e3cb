"""How steps run and what they put out goes out, as flows.yaml says it: types and lengths."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Strict, Tag, model_validator

from flows.language.node import Node, Slug

LONGEST_TIMEOUT: Final = timedelta(minutes=10)

_UNITS: Final[Mapping[str, timedelta]] = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


def span(text: str) -> timedelta:
    """Return `30s`, `20m` (minutes), `12h`, `2d` or `1w` as a timedelta."""
    return int(text[:-1]) * _UNITS[text[-1]]


def _bounded(text: str) -> str:
    if span(text) > LONGEST_TIMEOUT:
        raise ValueError("write at most 10m; no outlet is waited for any longer")
    return text


Span = Annotated[
    str,
    Field(
        pattern=r"^[1-9][0-9]{0,3}[mhdw]$",
        description="A whole number and m (minutes), h (hours), d (days) or w (weeks).",
        examples=["2d"],
    ),
]
Timeout = Annotated[
    str, Field(pattern=r"^[1-9][0-9]{0,2}[sm]$", examples=["2m"]), AfterValidator(_bounded)
]


class Retry(Node):
    """How long the outbox tries what the step puts out; then it is failed, and says why.

    The pauses double as always. Without this an output is given up after 12 tries over at
    least 4 days.
    """

    attempts: Annotated[int, Strict()] | None = Field(
        default=None, ge=1, le=100, description="Tries at most, the first one counted."
    )
    within: Span | None = Field(
        default=None, description="How long at most after the first try.", examples=["2d"]
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.attempts is None and self.within is None:
            raise ValueError("give 'attempts', 'within', or both")
        return self


class Ask(Node):
    """Asks somebody else, who then has as long as it takes."""

    ask: Slug = Field(description="Role that decides instead.", examples=["dispatcher"])


class Notify(Node):
    """Stops the flow for this item, and tells somebody."""

    notify: Slug = Field(description="Role that is told.", examples=["owner"])


def _which(value: object) -> str:
    """Return whether the short or the long form is meant; whatever is wrong is told of it."""
    return "long" if isinstance(value, Mapping | Node) else "short"


class Approval(Node):
    """Who must approve what the step puts out, until when, and what then."""

    by: Slug = Field(description="Role that must approve.", examples=["owner"])
    within: Span = Field(
        description="How long after it was made it may be decided.", examples=["2d"]
    )
    then: Annotated[
        Annotated[Literal["reject", "approve"], Tag("short")] | Annotated[Ask, Tag("long")],
        Discriminator(_which),
    ] = Field(
        default="reject",
        description="What becomes of it if nobody has decided by then: `reject` closes it,"
        " `approve` lets it go out as automatic mail goes, `{ask: ROLE}` asks somebody else."
        " What the step itself asks about (a doubt, an unsure invoice) is never approved so.",
    )


Approve = Annotated[
    Annotated[Slug, Tag("short")] | Annotated[Approval, Tag("long")], Discriminator(_which)
]
OnError = Annotated[
    Annotated[Literal["stop", "continue"], Tag("short")] | Annotated[Notify, Tag("long")],
    Discriminator(_which),
]
EITHER: Final = frozenset({"approve", "on_error", "then"})
"""Keys that have a short and a long form."""
