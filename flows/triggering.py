"""Which items trigger a flow: the triggers of flows.yaml against what has come."""

from __future__ import annotations

from flows.language.spec import FlowSpec
from flows.language.triggers import (
    MailTrigger,
    ManualTrigger,
    OutputTrigger,
    OverdueTrigger,
    ScheduleTrigger,
    TransactionTrigger,
    Trigger,
    WebhookTrigger,
)
from flows.model import Message, Overdue, Transaction
from flows.starts import Call, Reached, Start, Tick

Raw = Message | Transaction | Overdue | Start
"""What can trigger a flow, as it came in."""


def triggered(flow: FlowSpec, item: Raw) -> bool:
    """Return whether *item* is one that the flow runs for, whatever its conditions say."""
    if isinstance(item, Start) and item.flow != flow.id:
        return False
    return any(_triggers(trigger, item) for trigger in flow.triggers)


def _triggers(trigger: Trigger, item: Raw) -> bool:
    match trigger, item:
        case MailTrigger(mail=source), Message():
            fits = source == item.source
        case TransactionTrigger(transaction=source), Transaction():
            fits = source == item.source
        case OverdueTrigger(overdue=wait), Overdue():
            fits = wait == item.after
        case ScheduleTrigger(schedule=cron), Tick():
            fits = cron == item.cron
        case WebhookTrigger(webhook=source), Call():
            fits = source == item.by
        case ManualTrigger(), Call():
            fits = not item.by
        case OutputTrigger(output=of), Reached():
            reached = (item.of_flow, item.of_step, item.state)
            fits = reached == (of.flow, of.step, of.state)
        case _:
            fits = False
    return fits
