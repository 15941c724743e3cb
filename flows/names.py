"""The names that flows.yaml can use, with their values for one item.

Conditions are decided on the mail as it came in, in memory; steps see only the clean mail
and the kept fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from anonymizer.text.fields import KEEP_FIELDS
from flows.model import (
    Attachment,
    CleanMessage,
    CleanTransaction,
    Message,
    Overdue,
    Transaction,
)
from flows.starts import Start, start_names

if TYPE_CHECKING:
    from flows.steps.contract import StepContext

Names = dict[str, object]

LONGEST: Final = 30_000
"""Characters of a text that templates see; a template may not write many more."""


def message_names(message: Message) -> Names:
    """Return `mail` as conditions see it."""
    return {
        "kind": message.kind,
        "subject": message.subject,
        "text": message.text,
        "new_text": message.new_text,
        "sender": {
            "name": message.sender.name,
            "email": message.sender.email,
            "domain": message.sender.email.rpartition("@")[2].lower(),
        },
        "to": [party.email for party in message.to],
        "folder": message.folder,
        "source": message.source,
        "received_at": message.received_at,
        "sent_at": message.sent_at,
        "automatic": message.automatic,
        "attachments": _attachment_names(message.attachments),
        "has_attachments": bool(message.attachments),
    }


def transaction_names(transaction: Transaction | CleanTransaction) -> Names:
    """Return `transaction` as conditions and steps see it."""
    return {
        "amount": transaction.money.amount,
        "currency": transaction.money.currency,
        "counterparty": transaction.counterparty,
        "reference": transaction.reference,
        "booked_on": transaction.booked_on,
        "account": transaction.account,
        "source": transaction.source,
        "incoming": transaction.money.amount > 0,
        "kind": transaction.kind,
        "fee": transaction.fee.amount if transaction.fee else Decimal(0),
    }


def invoice_names(overdue: Overdue) -> Names:
    """Return `invoice` as the conditions and steps of an overdue invoice see it."""
    invoice = overdue.invoice
    return {
        "number": invoice.number,
        "amount": invoice.money.amount,
        "owed": invoice.owed.amount,
        "currency": invoice.money.currency,
        "direction": invoice.direction,
        "party": invoice.party,
        "job": invoice.job,
        "issued": invoice.issued_on or "",
        "due": invoice.due_on or "",
        "days_overdue": overdue.days,
    }


def step_names(context: StepContext) -> Names:
    """Return all names that the templates of a step can use."""
    names: Names = {
        "business": context.business.model_dump(),
        "data": context.data,
        "now": context.now,
        "steps": context.steps,
        **context.turn,
        **kept_names(context.kept),
        **clean_names(context.item, context.business.time_zone),
    }
    if context.inputs is not None:  # those of a block hide those of the flow
        names["inputs"] = context.inputs
    return names


def clean_names(
    item: CleanMessage | CleanTransaction | Overdue | Start, zone: str = "UTC"
) -> Names:
    """Return `mail`, `transaction`, `invoice`, or what a start is called, as steps see it."""
    if isinstance(item, Start):
        return start_names(item, zone)
    if isinstance(item, Overdue):
        return {"invoice": invoice_names(item)}
    if isinstance(item, CleanTransaction):
        return {"transaction": transaction_names(item)}
    return {
        "mail": {
            "kind": item.kind,
            "subject": item.subject,
            "text": item.text[:LONGEST],
            "new_text": item.new_text[:LONGEST],
            "folder": item.folder,
            "source": item.source,
            "received_at": item.received_at,
            "sent_at": item.sent_at,
            "automatic": item.automatic,
            "attachments": _attachment_names(item.attachments),
            "has_attachments": bool(item.attachments),
        }
    }


def kept_names(kept: Mapping[str, str]) -> Names:
    """Return the kept fields as `customer.name` and as `kept.customer.name`.

    A field that this mail did not have is the empty string, so that a template can ask for it.
    """
    nested: dict[str, dict[str, str]] = {}
    for name in [field.name for field in KEEP_FIELDS] + list(kept):
        group, _, leaf = name.partition(".")
        nested.setdefault(group, {})[leaf] = kept.get(name, "")
    nested.pop("mail", None)  # routing data of replies is not for templates
    return {**nested, "kept": nested}


def _attachment_names(attachments: tuple[Attachment, ...]) -> list[Names]:
    return [{"name": a.name, "media_type": a.media_type, "size": a.size} for a in attachments]
