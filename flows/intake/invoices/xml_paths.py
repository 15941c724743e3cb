"""Where the fields of an invoice stand in CII and in UBL, as rows of paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

CREDITS: Final = frozenset(
    {"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"}
)
"""Types of document that are credit notes. Source: UNTDID 1001 as EN 16931 restricts it."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Paths below the root; of several, the first that holds text counts.

    Those of `tax` and `line` begin at one of `taxes` and `lines`.
    """

    fields: Mapping[str, tuple[str, ...]]
    accounts: tuple[str, ...]
    taxes: str
    tax: Mapping[str, tuple[str, ...]]
    lines: str
    line: Mapping[str, tuple[str, ...]]


_DEAL: Final = "SupplyChainTradeTransaction"
_AGREED: Final = f"{_DEAL}/ApplicableHeaderTradeAgreement"
_SETTLED: Final = f"{_DEAL}/ApplicableHeaderTradeSettlement"
_SUMS: Final = f"{_SETTLED}/SpecifiedTradeSettlementHeaderMonetarySummation"
_ACCOUNT: Final = (
    f"{_SETTLED}/SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount"
)

CII: Final = Paths(
    fields={
        "number": ("ExchangedDocument/ID",),
        "type": ("ExchangedDocument/TypeCode",),
        "issued": ("ExchangedDocument/IssueDateTime/DateTimeString",),
        "due": (f"{_SETTLED}/SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString",),
        "currency": (f"{_SETTLED}/InvoiceCurrencyCode",),
        "net": (f"{_SUMS}/TaxBasisTotalAmount",),
        "tax": (f"{_SUMS}/TaxTotalAmount",),
        "gross": (f"{_SUMS}/GrandTotalAmount",),
        "paid": (f"{_SUMS}/TotalPrepaidAmount",),
        "payable": (f"{_SUMS}/DuePayableAmount",),
        "discount": (f"{_SUMS}/AllowanceTotalAmount",),
        "charges": (f"{_SUMS}/ChargeTotalAmount",),
        "supplier": (
            f"{_AGREED}/SellerTradeParty/Name",
            f"{_AGREED}/SellerTradeParty/SpecifiedLegalOrganization/TradingBusinessName",
        ),
        "tax_id": (f"{_AGREED}/SellerTradeParty/SpecifiedTaxRegistration/ID",),
        "customer": (f"{_AGREED}/BuyerTradeParty/Name",),
        "reference": (
            f"{_AGREED}/BuyerOrderReferencedDocument/IssuerAssignedID",
            f"{_AGREED}/BuyerReference",
        ),
    },
    accounts=(f"{_ACCOUNT}/IBANID", f"{_ACCOUNT}/ProprietaryID"),
    taxes=f"{_SETTLED}/ApplicableTradeTax",
    tax={
        "amount": ("CalculatedAmount",),
        "rate": ("RateApplicablePercent",),
        "base": ("BasisAmount",),
    },
    lines=f"{_DEAL}/IncludedSupplyChainTradeLineItem",
    line={
        "text": ("SpecifiedTradeProduct/Name", "SpecifiedTradeProduct/Description"),
        "quantity": ("SpecifiedLineTradeDelivery/BilledQuantity",),
        "price": ("SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount",),
        "rate": ("SpecifiedLineTradeSettlement/ApplicableTradeTax/RateApplicablePercent",),
        "amount": (
            "SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/"
            "LineTotalAmount",
        ),
    },
)

_TOTAL: Final = "LegalMonetaryTotal"
_SELLER: Final = "AccountingSupplierParty/Party"
_BUYER: Final = "AccountingCustomerParty/Party"

UBL: Final = Paths(
    fields={
        "number": ("ID",),
        "type": ("InvoiceTypeCode", "CreditNoteTypeCode"),
        "issued": ("IssueDate",),
        "due": ("DueDate", "PaymentMeans/PaymentDueDate", "PaymentTerms/PaymentDueDate"),
        "currency": ("DocumentCurrencyCode",),
        "net": (f"{_TOTAL}/TaxExclusiveAmount",),
        "tax": ("TaxTotal/TaxAmount",),
        "gross": (f"{_TOTAL}/TaxInclusiveAmount",),
        "paid": (f"{_TOTAL}/PrepaidAmount",),
        "payable": (f"{_TOTAL}/PayableAmount",),
        "discount": (f"{_TOTAL}/AllowanceTotalAmount",),
        "charges": (f"{_TOTAL}/ChargeTotalAmount",),
        "supplier": (
            f"{_SELLER}/PartyLegalEntity/RegistrationName",
            f"{_SELLER}/PartyName/Name",
        ),
        "tax_id": (f"{_SELLER}/PartyTaxScheme/CompanyID",),
        "customer": (f"{_BUYER}/PartyLegalEntity/RegistrationName", f"{_BUYER}/PartyName/Name"),
        "reference": ("OrderReference/ID", "BuyerReference"),
    },
    accounts=("PaymentMeans/PayeeFinancialAccount/ID",),
    taxes="TaxTotal/TaxSubtotal",
    tax={
        "amount": ("TaxAmount",),
        "rate": ("TaxCategory/Percent",),
        "base": ("TaxableAmount",),
    },
    lines="InvoiceLine",
    line={
        "text": ("Item/Name", "Item/Description"),
        "quantity": ("InvoicedQuantity", "CreditedQuantity"),
        "price": ("Price/PriceAmount",),
        "rate": ("Item/ClassifiedTaxCategory/Percent",),
        "amount": ("LineExtensionAmount",),
    },
)
