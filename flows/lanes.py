"""Lanes: what goes out one at a time, in the order in which it was made."""

from __future__ import annotations

from flows.language.expressions import render
from flows.names import step_names
from flows.steps.contract import StepContext

SEPARATOR = "\x1f"


def lane_of(concurrency: str, context: StepContext) -> str:
    """Return the lane of what a flow with this `concurrency` makes of an item; "" for none.

    It may name a customer: in a store stands its keyed hash alone.

    Raises:
        OperatorError: The expression cannot be worked out for this item.
    """
    match concurrency:
        case "thread":
            key = context.mail.thread if context.mail is not None else ""
        case "customer":
            kept = context.kept
            key = kept.get("customer.email", "") or kept.get("customer.name", "")
            key = " ".join(key.split()).casefold()
        case _:
            # The same words of two kinds are two lanes; those of two flows are one.
            key, concurrency = render(concurrency, step_names(context)).strip(), "expression"
    return SEPARATOR.join((concurrency, key)) if key else ""
