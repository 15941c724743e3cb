"""The books of one company: accounts, ledger, customers, quotes, invoices, and their rules."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from tests.servers.business_central.schema import SCHEMA, Json, Unfit

NIL = "00000000-0000-0000-0000-000000000000"
NO_DATE, NO_MOMENT = "0001-01-01", "0001-01-01T00:00:00Z"
_SPACES = count(1)
START = datetime(2026, 3, 1, 8, tzinfo=UTC)
_PLAIN: dict[str, Any] = {
    "guid": NIL,
    "text": "",
    "flag": False,
    "integer": 0,
    "decimal": 0,
    "date": NO_DATE,
    "moment": NO_MOMENT,
    "lines": [],
}
COLLECTIONS = {
    "salesQuotes": ("salesQuoteLines", "documentDate", "S-QUO"),
    "salesInvoices": ("salesInvoiceLines", "invoiceDate", "S-INV"),
}


def blank(resource: str, /, **known: Any) -> Json:
    """Return a whole row: what is not given is blank, as Business Central shows it."""
    row = {
        name: each.choices[0] if each.kind == "one" else _PLAIN[each.kind]
        for name, each in SCHEMA[resource].items()
    }
    assert not known.keys() - row.keys()
    return {**row, **known}


class Books:
    """One company. Each change is stamped a second later than the one before."""

    def __init__(self, name: str, *, currency: str = "USD") -> None:
        self.name, self.now = name, START
        self._space, self._numbers = next(_SPACES) << 96, count(1)
        self.id = self.new_id()
        self.mails: list[str] = []
        self.information = blank(
            "companyInformation", id=self.new_id(), displayName=name, currencyCode=currency
        )
        self.rows: dict[str, list[Json]] = {
            "accounts": [],
            "generalLedgerEntries": [],
            "customers": [],
            "salesQuotes": [],
            "salesInvoices": [],
            "companyInformation": [self.information],
        }
        self.items = {"1000": 95.0}
        for number, category, sub in (
            ("10100", "Assets", "Cash"),
            ("10200", "Assets", "Cash"),
            ("13100", "Assets", "Accounts Receivable"),
            ("40100", "Income", "Income, Services"),
        ):
            self.account(number, category, sub)

    def account(self, number: str, category: str, sub: str, kind: str = "Posting") -> None:
        """Add an account to the chart."""
        details = {"category": category, "subCategory": sub, "accountType": kind}
        self._add("accounts", number=number, directPosting=True, **details)

    def move(
        self, amount: float, reference: str, *, on: date, account: str = "10100", of: str = "P"
    ) -> Json:
        """Post money in (or out, where negative), and return the entry on the account."""
        entry = self._entry(account, amount, reference, on, of)
        self._entry("13100", -amount, reference, on, of)
        return entry

    def customer(self, number: str, name: str, email: str = "", **more: Any) -> Json:
        """Add a customer."""
        return self._add("customers", number=number, displayName=name, email=email, **more)

    def touch(self, row: Json) -> None:
        """Change a row, as somebody would who saves it."""
        self.now += timedelta(seconds=1)
        row["lastModifiedDateTime"] = self.stamp()
        version = f"{row['id']}{row['lastModifiedDateTime']}".encode()
        row["@odata.etag"] = f'W/"{base64.b64encode(version).decode()}"'

    def stamp(self) -> str:
        return self.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def new_id(self) -> str:
        return str(UUID(int=self._space + (next(self._numbers) << 64)))

    def insert(self, resource: str, body: Json) -> Json:
        """Create what a POST asks for.

        Raises:
            Unfit: It breaks a rule of the books.
        """
        if resource == "customers":
            return self.customer(f"C{next(self._numbers):05d}", **_named(body))
        lines, dated, series = COLLECTIONS[resource]
        customer = self._customer_of(body)
        made = dict(body)
        # A field of type Code knows capitals only.
        made["externalDocumentNumber"] = str(body.get("externalDocumentNumber", "")).upper()
        made[lines] = [*self._lines(lines, body.get(lines, []))]
        total = sum(line["quantity"] * line["unitPrice"] for line in made[lines])
        amounts = {"totalAmountExcludingTax": total, "totalAmountIncludingTax": total}
        if resource == "salesInvoices":
            amounts["remainingAmount"] = total
        return self._add(
            resource,
            **{
                "number": f"{series}{next(self._numbers):04d}",
                dated: self.now.date().isoformat(),
                "currencyCode": self.information["currencyCode"],
                "status": "Draft",
                **made,
                **amounts,
                "customerId": customer["id"],
                "customerNumber": customer["number"],
                "customerName": customer["displayName"],
                "email": customer["email"],
            },
        )

    def send(self, quote: Json) -> None:
        """Mail a quote to its customer."""
        if not quote["email"]:
            raise Unfit("Application_DialogException", f"No email for {quote['customerName']}.")
        self.mails.append(quote["number"])
        quote |= {"status": "Sent", "sentDate": self.stamp()}
        self.touch(quote)

    def post(self, invoice: Json) -> None:
        """Post an invoice: it gets its final number, and the ledger its entries."""
        if invoice["status"] != "Draft":
            text = "The action can be applied to a draft invoice only."
            raise Unfit("Application_DialogException", text)
        if not invoice["totalAmountIncludingTax"]:
            raise Unfit("Application_DialogException", "There is nothing to post.")
        invoice |= {"status": "Open", "number": f"PS-INV{next(self._numbers):06d}"}
        total, words = invoice["totalAmountIncludingTax"], f"Invoice {invoice['number']}"
        self._entry("13100", total, words, self.now.date(), invoice["number"])
        self._entry("40100", -total, words, self.now.date(), invoice["number"])
        self.touch(invoice)

    def pay(self, invoice: Json) -> Json:
        """Book the payment of an invoice, and return the entry on the bank's account."""
        paid = invoice["remainingAmount"]
        invoice |= {"status": "Paid", "remainingAmount": 0}
        self.touch(invoice)
        words = f"Payment of Invoice {invoice['number']}"
        return self.move(paid, words, on=self.now.date())

    def _entry(self, account: str, amount: float, words: str, on: date, of: str) -> Json:
        holder = next(each for each in self.rows["accounts"] if each["number"] == account)
        return self._add(
            "generalLedgerEntries",
            entryNumber=len(self.rows["generalLedgerEntries"]) + 1,
            postingDate=on.isoformat(),
            documentNumber=of,
            documentType="Payment",
            accountId=holder["id"],
            accountNumber=account,
            description=words,
            debitAmount=max(amount, 0),
            creditAmount=max(-amount, 0),
        )

    def _customer_of(self, body: Json) -> Json:
        wanted = {body.get("customerId"), body.get("customerNumber")} - {None}
        if not wanted:
            text = 'A "customerNumber" or a "customerId" must be provided.'
            raise Unfit("Application_DialogException", text)
        for each in self.rows["customers"]:
            if wanted <= {each["id"], each["number"]}:
                if each["blocked"] == "All":
                    text = f"Blocked must not be All in Customer {each['displayName']}."
                    raise Unfit("Application_FieldValidationException", text)
                return each
        raise Unfit("Application_DialogException", "The sell-to customer cannot be found.")

    def _lines(self, resource: str, lines: list[Json]) -> Iterator[Json]:
        accounts = {each["number"] for each in self.rows["accounts"]}
        for number, line in enumerate(lines, 1):
            kind, of = line.get("lineType", "Item"), line.get("lineObjectNumber", "")
            known = {"Item": self.items, "Account": accounts, "Comment": {""}}[kind]
            if of not in known:
                text = f"The field No. contains a value ({of}) that cannot be found."
                raise Unfit("Internal_InvalidTableRelation", text)
            if kind == "Comment" and line.keys() & {"unitPrice", "quantity"}:
                text = "Type must not be Comment in Sales Line."
                raise Unfit("Application_FieldValidationException", text)
            price = self.items.get(of, 0) if kind == "Item" else 0
            row = {"id": self.new_id(), "sequence": number * 10_000, "unitPrice": price}
            yield blank(resource, **{**row, **line})

    def _add(self, resource: str, **known: Any) -> Json:
        row = blank(resource, id=self.new_id(), **known)
        self.touch(row)
        self.rows[resource].append(row)
        return row


def _named(body: Json) -> Json:
    more = {
        name: value for name, value in body.items() if name not in {"displayName", "number"}
    }
    return {"name": body.get("displayName", ""), **more}
