"""What a reader hands back of one file, whatever the kind of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, cast

from flows.intake.invoices.reading import InvoiceDocument, invoice_from, json_of
from flows.model import AttachmentRead, Party

MOST_TEXT: Final = 50_000
"""Characters of text read of one file."""

MOST_PEOPLE: Final = 200
"""People taken from one file; a longer list is cut."""

ONLY_THE_START: Final = "only the start was read"


class Unreadable(Exception):
    """A reader's way to say why a file gives no text; never holds text of the file."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read of one file.

    Attributes:
        text: What a reader of the file sees, as lines; at most `MOST_TEXT` characters.
        read: Whether all of it was read, a part of it, or nothing.
        problem: Why not all of it was read; "" where nothing kept us.
        withheld: What was seen in the file and left out as personal or unseen, in plain
            words that say nothing of its content.
        people: Whom the file names in places made for names. In memory only: the cleaner
            looks for them in all texts.
        invoice: What it says as an invoice, where it is one.
    """

    text: str = ""
    read: AttachmentRead = "whole"
    problem: str = ""
    withheld: tuple[str, ...] = ()
    people: tuple[Party, ...] = ()
    invoice: InvoiceDocument | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as data that `from_json` reads."""
        told = json_of(self.invoice) if self.invoice is not None else None
        return {**asdict(replace(self, invoice=None)), "invoice": told}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reading:
        """Return what `as_json` described.

        Raises:
            ValueError, TypeError, KeyError: *data* was not made by `as_json`.
        """
        if data["read"] not in ("whole", "part", "none"):
            raise ValueError("a reading is whole, part or none")
        return cls(
            text=str(data["text"])[:MOST_TEXT],
            read=cast("AttachmentRead", data["read"]),
            problem=str(data["problem"]),
            withheld=tuple(str(each) for each in data["withheld"]),
            people=tuple(
                Party(name=str(each["name"])[:200], email=str(each["email"])[:254])
                for each in data["people"][:MOST_PEOPLE]
            ),
            invoice=invoice_from(data["invoice"]) if data["invoice"] is not None else None,
        )


def unread(problem: str, *, withheld: tuple[str, ...] = ()) -> Reading:
    """Return the reading of a file of which nothing was read."""
    return Reading(read="none", problem=problem, withheld=withheld)


def reading(
    text: str,
    *,
    problem: str = "",
    withheld: Mapping[str, None] | tuple[str, ...] = (),
    people: Mapping[Party, None] | tuple[Party, ...] = (),
    invoice: InvoiceDocument | None = None,
) -> Reading:
    """Return the reading of *text*, cut where it is too long; a *problem* makes it partial."""
    if len(text) > MOST_TEXT:
        text, problem = text[:MOST_TEXT], problem or ONLY_THE_START
    return Reading(
        text=text,
        read="part" if problem else "whole",
        problem=problem,
        withheld=tuple(withheld),
        people=tuple(people)[:MOST_PEOPLE],
        invoice=invoice,
    )


def party(name: object, email: object = "") -> Party | None:
    """Return whom a place made for names names, or None where it names nobody."""
    shown = " ".join(str(name or "").replace("\0", "").split())[:200]
    address = str(email or "").strip().lower().removeprefix("mailto:")[:254]
    if not shown and "@" not in address:
        return None
    return Party(name=shown, email=address if "@" in address else "")
