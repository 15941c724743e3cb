"""What an invoice says, each value with its place in the document and how sure it is.

Light and without imports of its own rooms: `flows.model` holds these nouns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")

Form = Literal["cii", "ubl", "pdf", "html"]
"""How it was written: Cross Industry Invoice (Factur-X, ZUGFeRD), UBL 2.1, page, HTML."""

XML: Final = frozenset({"cii", "ubl"})
"""Forms that are written for programs."""

STATED: Final = 1.0
"""Confidence of what a field of an XML invoice states."""

SURE: Final = 0.7
"""Confidence from which on a value is acted upon; below it a person is asked."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in points, from the top left corner of the page, which is held
so that its lines are level."""

MASK: Final = "\u2022\u2022\u2022\u2022"
"""Stands for what is not shown of an account."""

SHORT: Final = 12
"""Characters below which an account's ends would be most of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value stands: on a page, at a path in XML, or between two offsets of a text.

    `file` names a file embedded in the attachment, "" for the attachment itself. `page`
    counts from 1, 0 where there are none. `span` is half open.
    """

    file: str = ""
    page: int = 0
    box: Box | None = None
    path: str = ""
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value, where it was found, and from 0 to 1 how likely it is the one asked for."""

    value: T
    place: Place
    confidence: float

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise ValueError("a confidence is from 0 to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """One tax: its rate in percent and its base, where they are told, and its amount."""

    amount: Decimal
    rate: Decimal | None = None
    base: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One line: its words, how many at which price, and its amount; without tax as a rule."""

    text: str
    amount: Decimal
    quantity: Decimal | None = None
    price: Decimal | None = None
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDocument:
    """One invoice or credit note as one document states it; None is what it does not tell.

    Amounts are positive as printed, also of a credit note, in `currency` (ISO 4217).
    `lines` less `discount` and with `charges` are `net`; `payable` is what is left to pay of
    `gross` after `paid`. `accounts` are IBANs and other
    accounts without blanks, the one to pay to first. `doubts` say in plain words, without
    content, why a person has to look at it.
    """

    form: Form
    credit: bool = False
    number: Found[str] | None = None
    issued: Found[date] | None = None
    due: Found[date] | None = None
    currency: Found[str] | None = None
    net: Found[Decimal] | None = None
    tax: Found[Decimal] | None = None
    gross: Found[Decimal] | None = None
    paid: Found[Decimal] | None = None
    payable: Found[Decimal] | None = None
    discount: Found[Decimal] | None = None
    charges: Found[Decimal] | None = None
    taxes: tuple[Found[Tax], ...] = ()
    supplier: Found[str] | None = None
    supplier_tax_id: Found[str] | None = None
    customer: Found[str] | None = None
    accounts: tuple[Found[str], ...] = ()
    reference: Found[str] | None = None
    lines: tuple[Found[InvoiceLine], ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def says_something(self) -> bool:
        """Return whether it has what makes an invoice: a number, or a total."""
        return self.number is not None or self.gross is not None

    @property
    def confidence(self) -> float:
        """Return the least confidence of number and total; 0 where one is missing."""
        total = self.payable or self.gross
        if self.number is None or total is None:
            return 0.0
        return min(self.number.confidence, total.confidence)

    def doubted(self, why: str) -> InvoiceDocument:
        """Return it with one more reason why a person has to look at it."""
        return replace(self, doubts=(*self.doubts, why))


def masked(account: str) -> str:
    """Return an account as people recognise it and nobody can pay to it: its two ends.

    Of a short one, only its last two characters.
    """
    if len(account) < SHORT:
        return f"{MASK}{account[-2:]}" if account else ""
    return f"{account[:2]}{MASK}{account[-4:]}"


def json_of(invoice: InvoiceDocument) -> dict[str, Any]:
    """Return *invoice* as data of JSON: amounts and days as strings."""
    data: dict[str, Any] = _adapter().dump_python(invoice, mode="json")
    return data


def invoice_from(data: object) -> InvoiceDocument:
    """Return what `json_of` described.

    Raises:
        ValueError: *data* was not made by `json_of`.
    """
    return _adapter().validate_python(data)


@cache
def _adapter() -> TypeAdapter[InvoiceDocument]:
    # Made where an invoice is met: most files are none, and making it takes its time.
    from pydantic import TypeAdapter  # noqa: PLC0415 - as above

    return TypeAdapter(InvoiceDocument)
