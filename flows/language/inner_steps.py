"""A step that stands in a block, and the way to it from the flow that uses the block."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from flows.language.node import Node, Slug
from flows.language.spec import StepSpec
from flows.language.tables import ValueKind


class Frame(Node):
    """From where a block's steps were called: the step that uses it, and what it gives."""

    call: Slug = Field(description="Id of the calling step.")
    block: Slug = Field(description="The block's name.")
    inputs: dict[str, Any] = Field(description="What the caller gives, as written.")
    kinds: dict[str, ValueKind] = Field(description="What each input is.")
    condition: str | None = Field(description="The calling step's `if`.")


class InnerStep(StepSpec):
    """A step that stands in a block, in the flow that uses it; no file can write one.

    `frames` lead to it, the outermost first.
    """

    frames: tuple[Frame, ...]
    own_id: Slug
