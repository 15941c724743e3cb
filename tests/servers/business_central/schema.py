"""The resources of API v2.0 that the stand-in has, property by property, and their checks.

No package publishes a schema of v2.0 (Microsoft's OpenAPI file is of v1.0), so these tables
were written from the documented ones: a name, its type, and what stands behind it: the most
characters of a text, `!` where it is read-only.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/
resources/dynamics_company, _companyinformation, _account, _generalledgerentry, _customer,
_salesinvoice, _salesinvoiceline, _salesquote, _salesquoteline, _subscriptions; lengths: the
fields of the tables behind https://github.com/microsoft/ALAppExtensions (Apps/W1/APIV2)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

Json = dict[str, Any]

_ADDRESS = "Name text 100 !|AddressLine1 text 100|AddressLine2 text 50|City text 30"
_ADDRESS += "|Country text 10|State text 30|PostCode text 20"


def _address(prefix: str, *, fixed: bool) -> str:
    rows = _ADDRESS.split("|")[1:]
    return "\n".join(f"{prefix}{row}{' !' if fixed else ''}" for row in rows)


_SALES = f"""
id guid !
number text 20 !
externalDocumentNumber text 35
postingDate date
dueDate date
customerId guid
customerNumber text 20
customerName text 100 !
billToName text 100 !
billToCustomerId guid
billToCustomerNumber text 20
shipToName text 100
shipToContact text 100
{_address("sellTo", fixed=False)}
{_address("billTo", fixed=True)}
{_address("shipTo", fixed=False)}
currencyId guid
shortcutDimension1Code text 20
shortcutDimension2Code text 20
currencyCode text 10
paymentTermsId guid
shipmentMethodId guid
salesperson text 20
discountAmount decimal
totalAmountExcludingTax decimal !
totalTaxAmount decimal !
totalAmountIncludingTax decimal !
lastModifiedDateTime moment !
phoneNumber text 30
email text 80
"""
_LINE = """
id guid !
documentId guid
sequence integer
itemId guid
accountId guid
lineType one of Comment,Account,Item,Resource,Fixed_x0020_Asset,Charge
lineObjectNumber text 20
description text 100
unitOfMeasureId guid
unitOfMeasureCode text 10
unitPrice decimal
quantity decimal
discountAmount decimal
discountPercent decimal
discountAppliedBeforeTax flag !
amountExcludingTax decimal !
taxCode text 20
taxPercent decimal !
totalTaxAmount decimal !
amountIncludingTax decimal !
netAmount decimal !
netTaxAmount decimal !
netAmountIncludingTax decimal !
itemVariantId guid
"""
# Names of choices as the API writes them: what is no letter stands as its code.
_CATEGORIES = "_x0020_,Assets,Liabilities,Equity,Income,Cost_x0020_of_x0020_Goods_x0020_Sold"
_CATEGORIES += ",Expense"
_DOCUMENTS = "_x0020_,Payment,Invoice,Credit_x0020_Memo,Finance_x0020_Charge_x0020_Memo"
_DOCUMENTS += ",Reminder,Refund"
_TABLES = {
    "companies": """
id guid !
systemVersion text 250 !
timestamp integer !
name text 30 !
displayName text 250 !
businessProfileId text 250 !
systemCreatedAt moment !
systemCreatedBy guid !
systemModifiedAt moment !
systemModifiedBy guid !
""",
    "companyInformation": """
id guid !
displayName text 100
addressLine1 text 100
addressLine2 text 50
city text 30
state text 30
country text 10
postalCode text 20
phoneNumber text 30
faxNumber text 30
email text 80
website text 80
taxRegistrationNumber text 20
currencyCode text 10
currentFiscalYearStartDate date !
industry text 100 !
lastModifiedDateTime moment !
""",
    "accounts": f"""
id guid !
number text 20 !
displayName text 100 !
category one of {_CATEGORIES} !
subCategory text 80 !
blocked flag !
accountType one of Posting,Heading,Total,Begin_x002D_Total,End_x002D_Total !
directPosting flag !
netChange decimal !
lastModifiedDateTime moment !
""",
    "generalLedgerEntries": f"""
id guid !
entryNumber integer !
postingDate date !
documentNumber text 20 !
documentType one of {_DOCUMENTS} !
accountId guid !
accountNumber text 20 !
description text 100 !
debitAmount decimal !
creditAmount decimal !
additionalCurrencyDebitAmount decimal !
additionalCurrencyCreditAmount decimal !
lastModifiedDateTime moment !
""",
    "customers": """
id guid !
number text 20
displayName text 100
type one of Company,Person
addressLine1 text 100
addressLine2 text 50
city text 30
state text 30
country text 10
postalCode text 20
phoneNumber text 30
email text 80
website text 80
salespersonCode text 20
balanceDue decimal !
creditLimit decimal
taxLiable flag
taxAreaId guid
taxAreaDisplayName text 100 !
taxRegistrationNumber text 20
currencyId guid
currencyCode text 10
paymentTermsId guid
shipmentMethodId guid
paymentMethodId guid
blocked one of _x0020_,Ship,Invoice,All
lastModifiedDateTime moment !
""",
    "salesInvoices": f"""{_SALES}
invoiceDate date
customerPurchaseOrderReference text 35
orderId guid !
orderNumber text 20 !
pricesIncludeTax flag !
remainingAmount decimal !
discountAppliedBeforeTax flag !
status one of _x0020_,Draft,In_x0020_Review,Open,Paid,Canceled,Corrective !
salesInvoiceLines lines
""",
    "salesQuotes": f"""{_SALES}
documentDate date
status one of Draft,Sent,Accepted,Expired_x0020_ !
sentDate moment !
validUntilDate date
acceptedDate date !
salesQuoteLines lines
""",
    "salesInvoiceLines": f"""{_LINE}
invoiceDiscountAllocation decimal !
shipmentDate date
""",
    "salesQuoteLines": _LINE,
    "subscriptions": """
subscriptionId text 150
notificationUrl text 250
resource text 250
timestamp integer !
userId guid !
lastModifiedDateTime moment !
clientState text 2048
expirationDateTime moment !
systemCreatedAt moment !
systemCreatedBy guid !
systemModifiedAt moment !
systemModifiedBy guid !
""",
    "environments": """
aadTenantId guid !
applicationFamily text 50 !
type text 20 !
name text 30 !
countryCode text 2 !
webServiceUrl text 250 !
webClientLoginUrl text 250 !
""",
}

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z")


class Unfit(Exception):
    """What was sent does not fit; `code` and `text` are what Business Central would say."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its kind, the most characters or the choices, and whether it is fixed."""

    kind: str
    longest: int = 0
    choices: tuple[str, ...] = ()
    fixed: bool = False

    def fits(self, value: object) -> bool:
        """Tell whether a value is of this property; a `ValueError` says no, too."""
        if self.kind == "text":
            return isinstance(value, str) and len(value) <= self.longest
        return value in self.choices if self.kind == "one" else _TESTS[self.kind](value)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TESTS: dict[str, Callable[[object], bool]] = {
    "guid": lambda value: isinstance(value, str) and str(UUID(value)) == value,
    "flag": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "decimal": _number,
    "date": lambda value: isinstance(value, str) and bool(date.fromisoformat(value)),
    "moment": lambda value: isinstance(value, str) and _MOMENT.fullmatch(value) is not None,
    "lines": lambda value: isinstance(value, list),
}


def _read(table: str) -> dict[str, Property]:
    found = {}
    for row in filter(None, table.splitlines()):
        name, kind, *rest = row.split()
        fixed = rest[-1:] == ["!"]
        choices = tuple(rest[1].split(",")) if kind == "one" else ()
        longest = int(rest[0]) if kind == "text" else 0
        found[name] = Property(kind, longest, choices, fixed)
    return found


SCHEMA: Mapping[str, Mapping[str, Property]] = {
    name: _read(table) for name, table in _TABLES.items()
}


def check_answer(resource: str, row: Json) -> None:
    """Fail where a row that the stand-in gives is not as documented."""
    known = SCHEMA[resource]
    for name, value in row.items():
        if name.startswith("@odata."):
            continue
        assert name in known, f"{resource} has no {name}"
        if known[name].kind == "lines":
            for line in value:
                check_answer(name, line)
            continue
        assert _fits(known[name], value), f"{resource}.{name} does not fit"


def check_request(resource: str, body: Json) -> None:
    """Refuse a body as Business Central does.

    Raises:
        Unfit: It has an unknown or a fixed property, or a value that does not fit.
    """
    known = SCHEMA[resource]
    for name, value in body.items():
        if name not in known:
            text = f"The property '{name}' does not exist on type 'Microsoft.NAV.{resource}'."
            raise Unfit("BadRequest", text)
        if known[name].fixed:
            raise Unfit("BadRequest_InvalidOperation", f"Control '{name}' is read-only.")
        if known[name].kind == "lines" and isinstance(value, list):
            for line in value:
                check_request(name, line)
        elif known[name].kind == "text" and isinstance(value, str):
            if len(value) > known[name].longest:
                text = f"The length of the string is {len(value)}. Value: {value}"
                raise Unfit("Application_StringExceededLength", text)
        elif not _fits(known[name], value):
            raise Unfit("BadRequest", f"Cannot convert the literal '{value}'.")


def _fits(known: Property, value: object) -> bool:
    try:
        return known.fits(value)
    except ValueError:
        return False
