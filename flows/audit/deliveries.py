"""What a round of deliveries is recorded as: before it, and where not all was sent after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from pydantic import JsonValue

from flows.audit.log import Act
from flows.model import Output

SENT: Final = "sent"
STOPPED: Final = "stopped"
"""In place of the state of an output that the round did not come to."""

_ACTIONS: Final[Mapping[str, str]] = {
    "event.add": "schedule.change",
    "payment.match": "payment.mark",
    "invoice.settle": "payment.mark",
    "invoice.link": "payment.mark",
}
"""What outputs of a step do, where that is more than to go out."""


def _nobody(output: Output) -> str:
    del output
    return ""


def round_of(
    outputs: Iterable[Output], receiver: Callable[[Output], str] = _nobody
) -> list[Act]:
    """Return the acts of outputs that are about to go out together, one for each kind.

    *receiver* tells who then knows; empty for what stays with us.
    """
    kinds: dict[str, list[Output]] = {}
    for output in outputs:
        kinds.setdefault(_ACTIONS.get(output.uses, "output.send"), []).append(output)
    return [
        Act(
            action=action,
            authority="; ".join(sorted({_authority(each) for each in some})),
            subjects=[each for output in some for each in _subjects(output)],
            details={"outputs": [_details(each, receiver(each)) for each in some]},
        )
        for action, some in kinds.items()
    ]


def unsent(ended: Mapping[str, str]) -> list[Act]:
    """Return the acts of those outputs, by id, that ended otherwise than in `sent`."""
    states = sorted({*ended.values()} - {SENT})
    return [
        Act(
            action="output.unsent",
            authority="delivery",
            subjects=[output for output, state in ended.items() if state == state_],
            result=state_,
        )
        for state_ in states
    ]


def _authority(output: Output) -> str:
    flow = f"flow {output.flow}/{output.flow_version}" if output.flow_version else "jigajob"
    return f"{flow}, approved" if output.approver else flow


def _subjects(output: Output) -> Sequence[str]:
    """Return the ids by which somebody looks for it: of a payment, what it pays as well."""
    if _ACTIONS.get(output.uses) != "payment.mark":
        return [output.id]
    shares = output.body.get("shares")
    named = [output.body, *(shares if isinstance(shares, list) else [])]
    found = [
        str(each[name])
        for each in named
        if isinstance(each, Mapping)
        for name in ("transaction", "invoice")
        if each.get(name)
    ]
    return [output.id, *found]


def _details(output: Output, receiver: str) -> dict[str, JsonValue]:
    """Return to whom it goes, what kinds of fields it tells them, and what it came of.

    Not what it says, which is kept for less time.
    """
    said: dict[str, JsonValue] = {
        "output": output.id,
        "flow": output.flow,
        "uses": output.uses,
        "to": output.body.get("to"),
        "into": output.into,
        "receiver": receiver,
        "fields": [*output.discloses] if receiver else [],
        "trigger": output.trigger,
        "approver": output.approver,
    }
    return {name: value for name, value in said.items() if value}
