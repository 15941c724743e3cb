"""An invoice on its way through the cleaner: its words go as text, its figures stay.

Numbers, days and amounts of an invoice are the business's own. Names, references and numbers
with letters may tell of a person: they go to the cleaner under their labels, as they stand on
the paper, and come back as it leaves them. Words of lines and accounts are not kept at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from anonymizer.text.name_cues import name_shaped
from anonymizer.text.request import Part, Person
from flows.intake.invoices.labels import LEGAL_FORMS
from flows.intake.invoices.reading import Found, InvoiceDocument, masked
from flows.model import Attachment

ACCOUNT: Final = "account"
"""Part that a flow keeps as `supplier.account`."""

_LABELS: Final = (
    ("number", "Invoice no. "),
    ("reference", "Order no. "),
    ("supplier", "Supplier: "),
    ("supplier_tax_id", "VAT no. "),
    ("customer", "Bill to: "),
)


def invoice_parts(attachments: Iterable[Attachment], keep: frozenset[str]) -> Iterator[Part]:
    """Yield what the cleaner has to read of the invoices among *attachments*."""
    account = ""
    for number, attachment in enumerate(attachments):
        invoice = attachment.invoice
        if invoice is None:
            continue
        lines = (f"{label}{text}" for _, label, text in _texts(invoice))
        yield Part(name=_name(number), text="\n".join(lines))
        account = account or (invoice.accounts[0].value if invoice.accounts else "")
    if account and f"supplier.{ACCOUNT}" in keep:
        yield Part(name=ACCOUNT, text=account)


def invoice_people(attachments: Iterable[Attachment]) -> Iterator[Person]:
    """Yield the people who are parties of the invoices; firms are none."""
    for invoice in (each.invoice for each in attachments):
        if invoice is None:
            continue
        for found, role in ((invoice.supplier, "supplier"), (invoice.customer, "customer")):
            name = found.value if found is not None else ""
            if " " in name and name_shaped(name) and not LEGAL_FORMS.search(name):
                yield Person(name=name, role="supplier" if role == "supplier" else "customer")


def clean_invoice(
    invoice: InvoiceDocument | None, number: int, texts: Mapping[str, str]
) -> InvoiceDocument | None:
    """Return *invoice*, of the *number*th attachment, with its words as *texts* has them.

    A value that does not come back whole under its label is left out.
    """
    if invoice is None:
        return None
    given = [(name, label) for name, label, _ in _texts(invoice)]
    lines = texts[_name(number)].split("\n")
    if len(lines) != len(given):
        lines = [""] * len(given)
    words: dict[str, Found[str]] = {
        name: replace(getattr(invoice, name), value=line.removeprefix(label))
        for (name, label), line in zip(given, lines, strict=True)
        if line.startswith(label)
    }
    return replace(
        invoice,
        number=words.get("number"),
        reference=words.get("reference"),
        supplier=words.get("supplier"),
        supplier_tax_id=words.get("supplier_tax_id"),
        customer=words.get("customer"),
        accounts=tuple(replace(each, value=masked(each.value)) for each in invoice.accounts),
        lines=tuple(
            replace(each, value=replace(each.value, text="")) for each in invoice.lines
        ),
    )


def _texts(invoice: InvoiceDocument) -> Iterator[tuple[str, str, str]]:
    for name, label in _LABELS:
        found = getattr(invoice, name)
        if found is not None:
            yield name, label, " ".join(found.value.split())


def _name(number: int) -> str:
    return f"attachment.{number}.invoice"
