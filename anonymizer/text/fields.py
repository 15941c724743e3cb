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
    KeepField(
        name="supplier.account",
        summary="The bank account that an invoice asks to be paid to.",
        labels=frozenset({"IBAN", "BANK_ACCOUNT"}),
        role=None,
        where="part",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Generalisation:
    """One kind of value that may become coarser instead of a number; never a child's."""

    name: str
    summary: str
    example: str


GENERALISATIONS: tuple[Generalisation, ...] = (
    Generalisation(
        name="age",
        summary="An adult's age becomes its decade, above 89 one group.",
        example="<AGE_40S>, <AGE_90_PLUS>",
    ),
    Generalisation(
        name="birth_date",
        summary="An adult's date of birth becomes the decade of the year.",
        example="<BORN_1980S>",
    ),
    Generalisation(
        name="place",
        summary="A place in a person's life becomes its state, province or country.",
        example="<PLACE_US_NY>, <PLACE_FR>",
    ),
    Generalisation(
        name="address",
        summary="A street address becomes the area of its postcode (US, Canada, Britain).",
        example="<AREA_US_124>, <AREA_CA_M5V>, <AREA_GB_NP>",
    ),
)

FIELDS: dict[str, KeepField] = {row.name: row for row in KEEP_FIELDS}
