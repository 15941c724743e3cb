"""Invoices that are written for programs: Cross Industry Invoice and UBL 2.1.

Source: EN 16931-1 (the terms); CII D16B and D22B as of Factur-X 1.0 and ZUGFeRD 2; OASIS
UBL 2.1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from flows.intake.invoices.check import checked, upright
from flows.intake.invoices.reading import (
    STATED,
    Form,
    Found,
    InvoiceDocument,
    InvoiceLine,
    Place,
    Tax,
)
from flows.intake.invoices.xml_paths import CII, CREDITS, UBL, Paths
from flows.intake.reading import Reading, Unreadable, reading
from flows.intake.xml_events import xml_events

LARGEST: Final = 10_000_000
"""Bytes of XML that are read; most of a large one are documents embedded in it."""

MOST_ELEMENTS: Final = 200_000
LONGEST: Final = 500
"""Characters of one text that are taken."""

ROOTS: Final[Mapping[str, tuple[Form, Paths]]] = {
    "CrossIndustryInvoice": ("cii", CII),
    "Invoice": ("ubl", UBL),
    "CreditNote": ("ubl", UBL),
}
UNREAD: Final = "a value of its XML cannot be read"

_START: Final = re.compile(
    rb"<(?:[\w.-]{1,40}:)?(CrossIndustryInvoice|Invoice|CreditNote)[\s>]"
)
_PIECE: Final = 65_536
_NUMBER: Final = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,10})?")

_SHAPES: Final = {
    "currency": re.compile(r"[A-Z]{3}"),
    "number": re.compile(r".{1,60}"),
    "reference": re.compile(r".{1,60}"),
}
"""What is no such thing is text that somebody hid there."""

LONGEST_ACCOUNT: Final = 34
"""Letters and digits. Source: ISO 13616."""

V = TypeVar("V")


@dataclass(slots=True)
class Element:
    """An element of XML by its local name, with its path from the root."""

    name: str
    path: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Element] = field(default_factory=list)
    named: Counter[str] = field(default_factory=Counter)

    def add(self, child: Element) -> None:
        """Put *child* last; its path counts those of its name, from the second on."""
        self.named[child.name] += 1
        count = self.named[child.name]
        child.path = f"{self.path}/{child.name}" + (f"[{count}]" if count > 1 else "")
        self.children.append(child)

    def all(self, path: str) -> Iterator[Element]:
        """Yield the elements at *path* below this one, in order."""
        name, _, rest = path.partition("/")
        for child in self.children:
            if child.name == name:
                if rest:
                    yield from child.all(rest)
                else:
                    yield child

    def first(self, paths: Sequence[str]) -> Element | None:
        """Return the first element that holds text at the first of *paths* that has one."""
        for path in paths:
            for found in self.all(path):
                if found.text.strip():
                    return found
        return None


def looks_like(content: bytes) -> bool:
    """Return whether *content* begins as an invoice in XML does."""
    start = content[:4_000].replace(b"\0", b"")
    return _START.search(start) is not None


def invoice_in_xml(content: bytes, *, file: str = "") -> InvoiceDocument | None:
    """Return the invoice that *content* states, or None where it is no such XML.

    *file* is the name under which it is embedded in another.

    Raises:
        Unreadable: It is broken, too large, too deep, or declares entities.
    """
    if len(content) > LARGEST:
        raise Unreadable("its XML is too large, not opened")
    root = _tree(content)
    if root is None or root.name not in ROOTS:
        return None
    form, paths = ROOTS[root.name]
    return checked(upright(_Reader(root, form, paths, file).read()))


def read_invoice(content: bytes) -> Reading:
    """Return the reading of an invoice in XML: its fields, no text.

    Raises:
        Unreadable: As `invoice_in_xml`.
    """
    return reading("", invoice=invoice_in_xml(content))


def _tree(content: bytes) -> Element | None:
    """Return the root of *content* with its elements; texts are cut."""
    root: Element | None = None
    open_: list[Element] = []
    count = 0
    pieces = (content[at : at + _PIECE] for at in range(0, len(content), _PIECE))
    for event in xml_events(pieces):
        if event.kind == "start":
            count += 1
            if count > MOST_ELEMENTS:
                raise Unreadable("its XML has too many elements, not opened")
            element = Element(event.name, f"/{event.name}", event.attributes)
            if open_:
                open_[-1].add(element)
            root = root or element
            open_.append(element)
        elif event.kind == "end":
            open_.pop()
        elif open_ and len(open_[-1].text) < LONGEST:
            open_[-1].text += event.text[:LONGEST]
    return root


class _Reader:
    """Reads one invoice; remembers whether a value could not be read."""

    def __init__(self, root: Element, form: Form, paths: Paths, file: str) -> None:
        self._root, self._form, self._paths, self._file = root, form, paths, file
        self._unread = False

    def read(self) -> InvoiceDocument:
        """Return the invoice."""
        paths = self._paths
        currency = self._text("currency")
        code = currency.value if currency is not None else ""
        kind = self._text("type")
        accounts = self._accounts()
        read = InvoiceDocument(
            form=self._form,
            credit=self._root.name == "CreditNote"
            or (kind is not None and kind.value in CREDITS),
            number=self._text("number"),
            issued=self._day("issued"),
            due=self._day("due"),
            currency=currency,
            net=self._amount("net"),
            tax=self._tax(code),
            gross=self._amount("gross"),
            paid=self._amount("paid"),
            payable=self._amount("payable"),
            discount=self._amount("discount"),
            charges=self._amount("charges"),
            taxes=tuple(self._each(paths.taxes, self._tax_of)),
            supplier=self._text("supplier"),
            supplier_tax_id=self._tax_id(),
            customer=self._text("customer"),
            accounts=accounts,
            reference=self._text("reference"),
            lines=tuple(self._lines()),
        )
        return replace(read, doubts=(UNREAD,)) if self._unread else read

    def _found(self, element: Element, value: V) -> Found[V]:
        return Found(value, Place(file=self._file, path=element.path), STATED)

    def _text(self, name: str) -> Found[str] | None:
        element = self._root.first(self._paths.fields.get(name, ()))
        if element is None:
            return None
        text = " ".join(element.text.split())
        shape = _SHAPES.get(name)
        if shape is not None and not shape.fullmatch(text):
            self._unread = True
            return None
        return self._found(element, text)

    def _amount(self, name: str) -> Found[Decimal] | None:
        element = self._root.first(self._paths.fields.get(name, ()))
        value = self._decimal(element)
        return None if element is None or value is None else self._found(element, value)

    def _tax(self, currency: str) -> Found[Decimal] | None:
        """Return the tax in the currency of the invoice: it may be told in another as well."""
        (path,) = self._paths.fields["tax"]
        told = [each for each in self._root.all(path) if each.text.strip()]
        mine = [
            each for each in told if each.attributes.get("currencyID", currency) == currency
        ]
        for element in mine or told:
            value = self._decimal(element)
            if value is not None:
                return self._found(element, value)
        return None

    def _decimal(self, element: Element | None) -> Decimal | None:
        if element is None:
            return None
        text = element.text.strip()
        if _NUMBER.fullmatch(text):
            return Decimal(text)
        self._unread = True
        return None

    def _day(self, name: str) -> Found[date] | None:
        element = self._root.first(self._paths.fields[name])
        if element is None:
            return None
        text = element.text.strip()[:10]
        plain = f"{text[:4]}-{text[4:6]}-{text[6:8]}" if text[:8].isdigit() else text
        try:
            return self._found(element, date.fromisoformat(plain))
        except ValueError:
            self._unread = True
            return None

    def _tax_id(self) -> Found[str] | None:
        (path,) = self._paths.fields["tax_id"]
        ids = [each for each in self._root.all(path) if each.text.strip()]
        # The number for value added tax before a local one.
        ids.sort(key=lambda each: each.attributes.get("schemeID", "VA") != "VA")
        return self._found(ids[0], ids[0].text.strip()) if ids else None

    def _accounts(self) -> tuple[Found[str], ...]:
        found: dict[str, Found[str]] = {}
        for path in self._paths.accounts:
            for element in self._root.all(path):
                account = re.sub(r"[^A-Z0-9]", "", element.text.upper())
                if 0 < len(account) <= LONGEST_ACCOUNT:
                    found.setdefault(account, self._found(element, account))
        return tuple(found.values())

    def _lines(self) -> Iterator[Found[InvoiceLine]]:
        path = self._paths.lines
        credit = self._root.name == "CreditNote"
        return self._each("CreditNoteLine" if credit else path, self._line_of)

    def _each(self, path: str, read: Callable[[Element], V | None]) -> Iterator[Found[V]]:
        for element in self._root.all(path):
            value = read(element)
            if value is not None:
                yield self._found(element, value)

    def _tax_of(self, element: Element) -> Tax | None:
        paths = self._paths.tax
        amount = self._decimal(element.first(paths["amount"]))
        if amount is None:
            return None
        rate = self._decimal(element.first(paths["rate"]))
        base = self._decimal(element.first(paths["base"]))
        return Tax(amount=amount, rate=rate, base=base)

    def _line_of(self, element: Element) -> InvoiceLine | None:
        paths = self._paths.line
        amount = self._decimal(element.first(paths["amount"]))
        if amount is None:
            return None
        named = element.first(paths["text"])
        return InvoiceLine(
            text=" ".join(named.text.split())[:200] if named is not None else "",
            amount=amount,
            quantity=self._decimal(element.first(paths["quantity"])),
            price=self._decimal(element.first(paths["price"])),
            rate=self._decimal(element.first(paths["rate"])),
        )
