"""The names of an item as its record still knows them: what was removed is a gap or a blank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from flows.engine import Item
from flows.language.spec import Business
from flows.model import CleanMessage, CleanTransaction, Overdue
from flows.names import Names, clean_names, invoice_names
from flows.plan.gaps import new_text_of, read_gaps
from flows.starts import Call, Start

Kind = Literal["text", "texts", "number", "flag", "any"]


@dataclass(frozen=True, slots=True)
class Blank:
    """A value of which nothing is known but its kind; `any` may not even be there."""

    kind: Kind


TEXT: Final = Blank("text")
_SENDER: Final = {"name": TEXT, "email": TEXT, "domain": TEXT}


def stored_names(item: Item, business: Business, data: Names) -> Names:
    """Return the names that conditions see of *item*, as far as they are known from it.

    *data* are the tables of the file. A text from which something was taken out is a
    `Gapped`; who sent a mail, and to whom, is a `Blank`. All else is what the condition saw
    when the item came in.
    """
    names: Names = {"business": business.model_dump(), "data": data}
    if isinstance(item, Overdue):
        return names | {"invoice": invoice_names(item)}
    known = clean_names(item, business.time_zone)
    if isinstance(item, Call):  # texts were cleaned, all else is as it was given
        values = {name: each.value for name, each in item.inputs.items()}
        told = {n: read_gaps(v) if isinstance(v, str) else v for n, v in values.items()}
        return names | {"inputs": told}
    if isinstance(item, Start):
        return names | known
    if isinstance(item, CleanTransaction):
        movement = known["transaction"]
        assert isinstance(movement, dict)  # noqa: S101 - names are nested
        cleaned = {name: read_gaps(movement[name]) for name in ("counterparty", "reference")}
        return names | {"transaction": movement | cleaned}
    mail = known["mail"]
    assert isinstance(mail, dict)  # noqa: S101 - names are nested
    return names | {"mail": mail | _read(item)}


def _read(mail: CleanMessage) -> Names:
    # Conditions see texts whole, where templates see their beginning.
    attached = [
        {"name": read_gaps(a.name), "media_type": a.media_type, "size": a.size}
        for a in mail.attachments
    ]
    return {
        "sender": dict(_SENDER),
        "to": Blank("texts"),
        "subject": read_gaps(mail.subject),
        "text": read_gaps(mail.text),
        "new_text": new_text_of(mail.new_text, mail.text),
        "folder": read_gaps(mail.folder),
        "attachments": attached,
    }
