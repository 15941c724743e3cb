"""What starts a flow besides mail, a movement or an overdue invoice: the frozen nouns.

A start is for one flow. Its `source` is the mailbox by which mail about it goes out, empty
where none can or several could. Its id is the same however often it is met.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, cast
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from flows.model import OutputState

InputKind = Literal["text", "number", "date", "flag"]


@dataclass(frozen=True, slots=True)
class InputValue:
    """One input as expressions see it: `text` is how its kind is written down.

    A number in digits, a date as 2026-03-14 (empty where it was not given), `true` or `false`.
    """

    kind: InputKind
    text: str

    @property
    def value(self) -> str | Decimal | date | bool:
        """Return it as what it is."""
        match self.kind:
            case "number":
                return Decimal(self.text)
            case "date":
                return date.fromisoformat(self.text) if self.text else ""
            case "flag":
                return self.text == "true"
            case "text":
                return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A moment for which a schedule is due; `cron` as the flow writes it."""

    id: str
    flow: str
    cron: str
    at: datetime
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of a webhook or by hand, clean, with what it was given.

    `by` is the name of the webhook, empty for a call by hand. `personal` are the inputs of a
    personal type, each with the field that it is (`customer.name`); `kept` holds the personal
    fields that the flow keeps, `removed` counts what was taken out of texts, by label.
    """

    id: str
    flow: str
    by: str
    at: datetime
    inputs: Mapping[str, InputValue] = field(default_factory=dict)
    personal: tuple[tuple[str, str], ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """An output of another flow that reached a state.

    `output` is its id. `body` and `summary` hold of kept fields only what this flow keeps
    itself; those are in `kept`, too. `depth` counts the outputs that led here one from another.
    """

    id: str
    flow: str
    at: datetime
    output: str
    of_flow: str
    of_step: str
    state: OutputState
    uses: str
    summary: str
    body: Mapping[str, JsonValue]
    kept: Mapping[str, str] = field(default_factory=dict)
    depth: int = 1
    source: str = ""


Start = Tick | Call | Reached

START: Final = cast("type[Start]", Start)
"""What is sealed in the record of a start; by its fields pydantic tells which one it is."""


def start_names(start: Start, zone: str) -> dict[str, object]:
    """Return `schedule`, `inputs` or `output` as conditions and steps see it."""
    match start:
        case Tick():
            return {"schedule": {"at": start.at.astimezone(ZoneInfo(zone))}}
        case Call():
            return {"inputs": {name: each.value for name, each in start.inputs.items()}}
        case Reached():
            return {
                "output": {
                    "flow": start.of_flow,
                    "step": start.of_step,
                    "state": start.state,
                    "uses": start.uses,
                    "summary": start.summary,
                    "body": dict(start.body),
                }
            }
