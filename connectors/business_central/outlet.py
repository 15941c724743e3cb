"""Outlet of quotes and invoices: drafts in the books, each once, then sent or posted.

The id of the output stands in the document's External Document No., and is looked for before a
document is made: what a crash left behind is found again and taken further.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from connectors.business_central.client import NAME, Json, literal
from connectors.business_central.company import Company
from connectors.business_central.customers import customer_of
from connectors.business_central.trouble import AnswerLost
from flows.errors import DeliveryUnknown, JigajobError, OperatorError
from flows.model import Output


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A kind of document: its collections, what its fields are called, what completes it.

    `tells` is whether its status is sure to show that the action was carried out.
    """

    noun: str
    collection: str
    lines: str
    until: str
    action: str
    tells: bool


_KINDS: Final = {
    "quote.send": _Kind(
        noun="quote",
        collection="salesQuotes",
        lines="salesQuoteLines",
        until="validUntilDate",
        action="send",
        tells=False,
    ),
    "invoice.open": _Kind(
        noun="invoice",
        collection="salesInvoices",
        lines="salesInvoiceLines",
        until="dueDate",
        action="post",
        tells=True,
    ),
}
_LONGEST_KEY: Final = 35
"""Characters of an External Document No., which knows capitals only.

Source: https://learn.microsoft.com/dynamics365/business-central/application/base-application/
table/microsoft.sales.document.sales-header (Code[35])
"""


class BusinessCentralOutlet:
    """Makes quotes and invoices in the books that an output names, by the source's name."""

    def __init__(self, books: Mapping[str, Company]) -> None:
        self._books = books

    @property
    def uses(self) -> frozenset[str]:
        """Return the steps whose outputs it takes."""
        return frozenset(_KINDS)

    def receiver(self, output: Output) -> str:
        """Return who is told: those who read the books, and the customer where it is mailed."""
        return f"{output.body.get('books') or 'books'}: Business Central"

    async def deliver(self, output: Output) -> str:
        """Make the document unless it is there, complete it if approved, and say what it is.

        Raises:
            OperatorError: The output does not fit the books: no such customer, no lines.
            DeliveryUnknown: An answer was lost, and the books do not show what became of it.
            AdministratorError, TransientError: Not carried out; again is safe.
        """
        return await self._carried_out(output, broken_off=False)

    async def resume(self, output: Output) -> str:
        """Make or post what is not yet; a quote that may have been mailed is not mailed again.

        Raises:
            DeliveryUnknown: The quote is there, and nothing tells whether it was mailed.
            OperatorError, AdministratorError, TransientError: As `deliver`.
        """
        return await self._carried_out(output, broken_off=True)

    async def _carried_out(self, output: Output, *, broken_off: bool) -> str:
        kind, body = _KINDS[output.uses], output.body
        company = self._books.get(str(body.get("books") or ""))
        if company is None:
            raise OperatorError(
                f"output {output.id} names books that flows.yaml does not have",
                fix="let `books` of the step name a source that `uses: business_central`",
            )
        key = output.id.upper()[:_LONGEST_KEY]
        found = await _find(company, kind, key)
        document = found or await _made(company, kind, key, body)
        draft = document.get("status") == "Draft"
        if draft and body.get(kind.action) is True and output.approver:
            if found and broken_off and not kind.tells:
                raise _unknown(kind, key)
            document, draft = await _completed(company, kind, document, key), False
        state = "draft of " if draft else ""
        return f"{state}{kind.noun} {document.get('number')} in {NAME}"


async def _find(company: Company, kind: _Kind, key: str) -> Json | None:
    """Return the document that bears the key, asked of the database itself, not of a copy."""
    query = {
        "$filter": f"externalDocumentNumber eq {literal(key)}",
        "$select": "id,number,status,externalDocumentNumber",
    }
    target, did = await company.path(kind.collection), f"look for a {kind.noun}"
    async for found in company.api.listed(target, query, fresh=True, did=did):
        return found
    return None


async def _made(company: Company, kind: _Kind, key: str, body: Mapping[str, Any]) -> Json:
    lines = body.get("lines")
    if not isinstance(lines, list) or not lines:
        raise OperatorError(
            f"a {kind.noun} without lines cannot be made", fix="give it `lines`"
        )
    document: Json = {
        "externalDocumentNumber": key,
        "customerId": await customer_of(company, body),
        kind.lines: [_line(each) for each in lines],
    }
    if currency := str(body.get("currency") or ""):
        document["currencyCode"] = currency
    if until := str(body.get("until") or ""):
        document[kind.until] = until
    target, did = await company.path(kind.collection), f"make a {kind.noun}"
    try:
        return await company.api.post(target, document, did=did)
    except AnswerLost:
        with suppress(JigajobError):  # to see nothing is to know nothing
            if found := await _find(company, kind, key):
                return found
        raise DeliveryUnknown(
            f"{NAME} gave no answer when a {kind.noun} was made, and does not show one",
            fix=f"look there in some minutes for External Document No. {key}; approved again,"
            " it is made only if it is not there by then",
        ) from None


def _line(line: Mapping[str, str]) -> Json:
    """Return a line as the API takes it: an item, an account, or words alone."""
    words = {"description": text} if (text := line.get("text", "")) else {}
    number = line.get("item") or line.get("account")
    if not number:
        return {"lineType": "Comment", **words}
    try:
        quantity, price = Decimal(line.get("quantity") or "1"), line.get("price", "")
        priced = {"unitPrice": Decimal(price)} if price else {}
    except InvalidOperation:
        raise OperatorError(
            "a line has a quantity or a price that is no number", fix="reject this output"
        ) from None
    sort = "Item" if line.get("item") else "Account"
    made: Json = {"lineType": sort, "lineObjectNumber": number, "quantity": quantity}
    return made | words | priced


async def _completed(company: Company, kind: _Kind, document: Json, key: str) -> Json:
    """Send the quote, or post the invoice, and return it as it is then.

    Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/
    v2.0/resources/dynamics_salesquote (bound actions)
    """
    target = await company.path(f"{kind.collection}({document['id']})")
    before = await company.api.get(target, fresh=True)
    if before.get("status") != "Draft":
        return before
    etag, lost = str(before.get("@odata.etag") or ""), False
    try:
        await company.api.post(
            f"{target}/Microsoft.NAV.{kind.action}",
            etag=etag,
            did=f"{kind.action} a {kind.noun}",
        )
    except AnswerLost:
        lost = True
    after: Json = {}
    with suppress(JigajobError):  # it is done, or unknown, whether or not this is seen
        after = await company.api.get(target, fresh=True)
    if lost and after.get("status", "Draft") == "Draft":
        raise _unknown(kind, key) from None
    return after or before


def _unknown(kind: _Kind, key: str) -> DeliveryUnknown:
    return DeliveryUnknown(
        f"nothing tells whether {NAME} came to {kind.action} a {kind.noun} that is there",
        fix=f"look at the one with External Document No. {key} there, in some minutes; approve"
        f" this again to {kind.action} it, or reject it where that was done",
    )
