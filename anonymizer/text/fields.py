"""The personal fields that a flow may keep, as rows. Light: the command line imports it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from anonymizer.text.request import Role

Where = Literal["anywhere", "authored", "new", "contact", "part"]
"""Where a value counts as this field's.

`anywhere`: the value is known from the headers, so it is recognised wherever it stands.
`authored`: in new text, subject or signature of a mail written by that role.
`new`: in new text or subject, whoever wrote it.
`contact`: in new text, of somebody who is named to be met, called or to let people in.
`part`: the whole part of that name.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepField:
    """One field: its name in flows.yaml, what it means, and what it lets through.

    `labels` are those of removals that would otherwise be made; `role` is whose value it
    is, None when anybody's counts.
    """

    name: str
    summary: str
    labels: frozenset[str]
    role: Role | None
    where: Where


def _field(name: str, summary: str, label: str, role: Role | None, where: Where) -> KeepField:
    return KeepField(
        name=name, summary=summary, labels=frozenset({label}), role=role, where=where
    )


KEEP_FIELDS: tuple[KeepField, ...] = (
    _field("customer.name", "The customer's name.", "PERSON", "customer", "anywhere"),
    _field("customer.email", "The customer's mail address.", "EMAIL", "customer", "anywhere"),
    _field(
        "customer.phone",
        "A phone number that the customer gives as their own.",
        "PHONE",
        "customer",
        "authored",
    ),
    _field(
        "customer.address",
        "A street address that the customer gives as their own.",
        "ADDRESS",
        "customer",
        "authored",
    ),
    _field(
        "site.address",
        "Where the work is to be done: street addresses in the new text.",
        "ADDRESS",
        None,
        "new",
    ),
    _field(
        "contact.name",
        "Who is named to be met, called or to let people in, where it is not the writer.",
        "PERSON",
        None,
        "contact",
    ),
    _field(
        "contact.phone",
        "The phone number of who is named to be met, called or to let people in.",
        "PHONE",
        None,
        "contact",
    ),
    _field("supplier.name", "The supplier's contact person.", "PERSON", "supplier", "anywhere"),
    _field("supplier.email", "The supplier's mail address.", "EMAIL", "supplier", "anywhere"),
    _field(
        "supplier.phone",
        "A phone number in a mail that the supplier wrote.",
        "PHONE",
        "supplier",
        "authored",
    ),
    _field(
        "supplier.address",
        "A street address in a mail that the supplier wrote.",
        "ADDRESS",
        "supplier",
        "authored",
    ),
    _field("technician.name", "The business's own person named.", "PERSON", "own", "anywhere"),
    _field(
        "technician.phone",
        "A phone number that the business's own person gives as theirs.",
        "PHONE",
        "own",
        "authored",
    ),
    _field(
        "transaction.counterparty",
        "Who paid or was paid, as the bank names them.",
        "PERSON",
        None,
        "part",
    ),
)

FIELDS: dict[str, KeepField] = {row.name: row for row in KEEP_FIELDS}
