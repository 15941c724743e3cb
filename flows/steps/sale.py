"""`quote.send` and `invoice.open`: a quote or an invoice in the firm's own books."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final, Self

from pydantic import Field, JsonValue, Strict, model_validator

from flows.errors import OperatorError
from flows.language.kinds import TEXT, Returned, Wants, one_of
from flows.language.node import Node, Slug
from flows.steps.amounts import read_amounts
from flows.steps.clean_text import STAND_IN, one_line
from flows.steps.contract import Draft, Step, StepContext, StepResult
from flows.steps.letter import kept_address

_LONGEST_TEXT: Final = 100
_LONGEST_NUMBER: Final = 20
_MOST_QUANTITY: Final = 1_000_000
_NEGATIVE: Final = re.compile(r"^\W*[-\u2212(]")


class Line(Node):
    """One line: an item or an account of the books by its number, or words alone."""

    item: str = Field(default="", description="Number of an item.")
    account: str = Field(default="", description="Or of a G/L account, for work or a fee.")
    text: str = Field(default="", description="What stands on the line; 100 characters.")
    quantity: Annotated[str, Wants("number")] = Field(default="1", description="How many.")
    price: Annotated[str, Wants("amount")] = Field(
        default="", description="Of one, before tax; else the item's own."
    )

    @model_validator(mode="after")
    def _of_one_thing(self) -> Self:
        if self.item and self.account:
            raise ValueError("give either 'item' or 'account'")
        if self.price and not (self.item or self.account):
            raise ValueError("give 'item' or 'account' to what has a price")
        return self


class _Sale(Node):
    books: Slug = Field(
        description="Name of a source that `uses: business_central`.", examples=["books"]
    )
    customer: str = Field(
        default="",
        description="Number or mail address of the customer in the books; else the address"
        " of who wrote.",
    )
    new_customer: str = Field(
        default="",
        description="Name of a customer to make, where the books have none of that address;"
        " without it none is ever made.",
        examples=["{{ customer.name }}"],
    )
    lines: list[Line] = Field(
        min_length=1,
        max_length=100,
        description="Each with `item` or `account`, `text`, `quantity` and `price`; with"
        " `text` alone it is a remark.",
        examples=[[{"account": "40100", "text": "Boiler service", "price": "480.00"}]],
    )
    currency: str = Field(
        default="", description="ISO 4217; else of the prices, else of the business."
    )


class QuoteOptions(_Sale):
    """A quote that is made as a draft in the books, once.

    With `send` it is mailed to the customer from there, once somebody has approved it.
    """

    valid_until: Annotated[str, Wants("date")] = Field(default="", description="2026-03-14")
    send: Annotated[bool, Strict()] = Field(
        default=False, description="true mails it from the books; needs `approve`."
    )


class InvoiceOptions(_Sale):
    """An invoice that is made as a draft in the books, once.

    With `post` it is posted there, once somebody has approved it, and open from then on.
    """

    due: Annotated[str, Wants("date")] = Field(
        default="", description="2026-03-14; else by the customer's terms."
    )
    post: Annotated[bool, Strict()] = Field(
        default=False, description="true posts it in the books; needs `approve`."
    )


def quote(context: StepContext, options: QuoteOptions) -> StepResult:
    """Propose the quote."""
    body = {**_body(context, options), "until": _day(options.valid_until)}
    return _proposed({**body, "send": options.send}, "quote")


def invoice(context: StepContext, options: InvoiceOptions) -> StepResult:
    """Propose the invoice."""
    body = {**_body(context, options), "until": _day(options.due)}
    return _proposed({**body, "post": options.post}, "invoice")


def _body(context: StepContext, options: _Sale) -> dict[str, JsonValue]:
    customer = options.customer.strip() or kept_address(context, "customer.email")
    given = one_line(options.currency, 3).upper()
    currencies = {given} if given else set[str]()
    lines: list[JsonValue] = []
    for number, line in enumerate(options.lines, 1):
        lines.append(_line(context, line, number, currencies))
    if len(currencies) > 1:
        raise OperatorError(
            "the lines of one document are priced in several currencies",
            fix="give all prices in one",
        )
    return {
        "books": options.books,
        "customer": one_line(customer, 80),
        "new_customer": one_line(options.new_customer, _LONGEST_TEXT),
        "currency": next(iter(currencies), context.business.currency),
        "lines": lines,
    }


def _line(
    context: StepContext, line: Line, number: int, currencies: set[str]
) -> dict[str, JsonValue]:
    """Return a line as the outlet takes it, and add the currency of its price to the others."""
    of = {
        "item": one_line(line.item, _LONGEST_NUMBER),
        "account": one_line(line.account, _LONGEST_NUMBER),
    }
    text = one_line(line.text, _LONGEST_TEXT)
    if not (of["item"] or of["account"]):
        return {**of, "text": text, "quantity": "", "price": ""}
    price = line.price.strip()
    if price:
        found = list(read_amounts(price, context.business.currency, bare=True))
        if len(found) != 1 or _NEGATIVE.search(price):
            raise _no("price", number)
        price = str(found[0].money.amount)
        if found[0].marked:
            currencies.add(found[0].money.currency)
    return {**of, "text": text, "quantity": _quantity(line.quantity, number), "price": price}


def _quantity(text: str, number: int) -> str:
    try:
        quantity = Decimal(text.strip())
    except InvalidOperation:
        raise _no("quantity", number) from None
    if not (quantity.is_finite() and 0 < quantity <= _MOST_QUANTITY):
        raise _no("quantity", number)
    return str(quantity)


def _no(what: str, number: int) -> OperatorError:
    return OperatorError(
        f"the {what} of line {number} is no number that can be used",
        fix="see with `jigajob show` what its template gave for this item",
    )


def _day(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise OperatorError(
            "a day of the document is none", fix="give days as 2026-03-14"
        ) from None


def _proposed(body: Mapping[str, JsonValue], noun: str) -> StepResult:
    problems = _problems(body)
    if problems:
        body = {**body, "reasons": [*problems]}
    summary = f"Make a {noun} in {body['books']}"
    summary += f" ({'; '.join(problems)})" if problems else ""
    made = Draft(body=body, summary=summary, approver="owner" if problems else "")
    values = {"status": "queued", "reason": "; ".join(problems)}
    return StepResult(values=values, outputs=(made,))


def _problems(body: Mapping[str, JsonValue]) -> Sequence[str]:
    shown = [str(body["new_customer"]), *(_texts(body["lines"]))]
    problems = []
    if any(STAND_IN.search(text) for text in shown):
        problems.append("it holds a stand-in for something that the flow does not keep")
    if not body["customer"]:
        problems.append("the customer is not known")
    return problems


def _texts(lines: JsonValue) -> list[str]:
    found = lines if isinstance(lines, list) else []
    return [str(line["text"]) for line in found if isinstance(line, dict)]


_NEEDS: Final = frozenset({"customer.email"})
_RETURNS: Final[Returned] = {"status": one_of("queued"), "reason": TEXT}

QUOTE: Final = Step(
    uses="quote.send",
    summary="Makes a quote in the books, and sends it.",
    options=QuoteOptions,
    run=quote,
    needs=_NEEDS,
    returns=lambda _: _RETURNS,
)

INVOICE: Final = Step(
    uses="invoice.open",
    summary="Makes an invoice in the books, and posts it.",
    options=InvoiceOptions,
    run=invoice,
    needs=_NEEDS,
    returns=lambda _: _RETURNS,
)
