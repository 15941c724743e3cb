"""What a flow is given by whoever starts it: its typed inputs, as flows.yaml says them."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self, get_args

from pydantic import (
    Field,
    Strict,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    model_validator,
)

from flows.language.node import Node, Text

InputType = Literal[
    "text", "number", "date", "flag", "choice", "name", "phone", "email", "address"
]

INPUT_TYPES: Final[tuple[InputType, ...]] = get_args(InputType)

PERSONAL: Final[frozenset[InputType]] = frozenset({"name", "phone", "email", "address"})
"""Types of what the business asks for about a person: kept as given, sealed."""

InputName = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
        description="Steps read it as `inputs.NAME`.",
    ),
]

_ALWAYS: Final = frozenset({"number", "choice"})
"""Types that have no value for "not given"."""


class InputSpec(Node):
    """One input: what it is, and whether the flow can do without it.

    A text goes through the cleaner like the text of a mail. A name, phone, email or address is
    what you ask a person for: it stays as given, sealed. A date is written 2026-03-14, a flag
    is true or false.
    """

    type: InputType = Field(
        description="What it is.",
        examples=["text"],
    )
    description: str = Field(default="", max_length=500, description="For people.")
    required: Annotated[bool, Strict()] = Field(
        default=False, description="Whoever starts the flow has to give it."
    )
    default: StrictBool | StrictInt | StrictFloat | StrictStr | None = Field(
        default=None, description="What it is where nobody gives it."
    )
    one_of: tuple[Text, ...] = Field(
        default=(),
        max_length=100,
        description="All that a choice can be.",
        examples=[["morning", "afternoon"]],
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.type == "choice") != bool(self.one_of):
            raise ValueError("give `one_of` with `type: choice`, and only there")
        if self.required and self.default is not None:
            raise ValueError("leave out `default`, or `required: true`")
        if self.type in _ALWAYS and not self.required and self.default is None:
            raise ValueError(f"a {self.type} needs `required: true` or a `default`")
        return self
