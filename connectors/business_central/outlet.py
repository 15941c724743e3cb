"""Outlet of quotes and invoices: drafts in the books, each once, then sent or posted.

The id of the output stands in the document's External Document No., and is looked for before a
document is made: what a crash left behind is found again and taken further.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from connectors.business_central.client import NAME, Json, literal
from connectors.business_central.company import Company
from connectors.business_central.customers import customer_of
from connectors.business_central.trouble import AnswerLost
from flows.errors import DeliveryUnknown, OperatorError
from flows.model import Output


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A kind of document: its collections, what its fields are called, what completes it."""

    noun: str
    collection: str
    lines: str
    until: str
    action: str
    wish: str


_KINDS: Final = {
    "quote.send": _Kind(
        noun="quote",
        collection="salesQuotes",
        lines="salesQuoteLines",
        until="validUntilDate",
        action="send",
        wish="send",
    ),
    "invoice.open": _Kind(
        noun="invoice",
        collection="salesInvoices",
        lines="salesInvoiceLines",
        until="dueDate",
        action="post",
        wish="post",
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

    async def deliver(self, output: Output) -> str:
        """Make the document unless it is there, complete it if approved, and say what it is.

        Raises:
            OperatorError: The output does not fit the books: no such customer, no lines.
            DeliveryUnknown: An answer was lost, and the books do not show what became of it.
            AdministratorError, TransientError: Not carried out; again is safe.
        """
        kind, body = _KINDS[output.uses], output.body
        company = self._books.get(str(body.get("books") or ""))
        if company is None:
            raise OperatorError(
                f"output {output.id} names books that flows.yaml does not have",
                fix="let `books` of the step name a source that `uses: business_central`",
            )
        key = output.id.upper()[:_LONGEST_KEY]
        document = await _find(company, kind, key)
        if document is None:
            document = await _made(company, kind, key, body)
        done = "draft of "
        if body.get(kind.wish) is True and output.approver:
            await _completed(company, kind, document, key)
            done = ""
        elif document.get("status") != "Draft":
            done = ""
        return f"{done}{kind.noun} {document.get('number')} in {NAME}"

    async def resume(self, output: Output) -> str:
        """Do the same again: the books show what is done. Only two at once could not see."""
        return await self.deliver(output)


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


async def _completed(company: Company, kind: _Kind, document: Json, key: str) -> None:
    """Send the quote, or post the invoice, if that has not been done.

    Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/
    v2.0/resources/dynamics_salesquote (bound actions)
    """
    target = await company.path(f"{kind.collection}({document['id']})")
    now = await company.api.get(target, fresh=True)
    if now.get("status") != "Draft":
        return
    try:
        await company.api.post(
            f"{target}/Microsoft.NAV.{kind.action}",
            etag=str(now.get("@odata.etag") or ""),
            did=f"{kind.action} a {kind.noun}",
        )
    except AnswerLost:
        now = await company.api.get(target, fresh=True)
        if now.get("status") == "Draft":
            raise DeliveryUnknown(
                f"{NAME} gave no answer to «{kind.action}» of a {kind.noun}, which is still a"
                " draft",
                fix=f"look at External Document No. {key} there in some minutes; approved"
                f" again, it goes on only if it is still a draft by then",
            ) from None
