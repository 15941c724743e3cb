"""The papers as XML: CII (Factur-X), UBL 2.1, and hybrid PDFs; and as HTML."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from html import escape

from fpdf import FPDF

from tests.flows.intake.invoices.layouts import totals_of
from tests.flows.intake.invoices.papers import Item, Paper
from tests.flows.intake.invoices.writing import day, grouped, money, quantity, words

_CII = (
    'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
    'xmlns:ram="urn:un:unece:uncefact:data:standard:'
    'ReusableAggregateBusinessInformationEntity:100" '
    'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"'
)
_UBL = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)


def cii(paper: Paper) -> bytes:
    """Return the paper as Factur-X states it, profile EN 16931."""
    settled = (
        f"<ram:InvoiceCurrencyCode>{paper.currency}</ram:InvoiceCurrencyCode>"
        + _cii_account(paper)
        + "".join(_cii_tax(rate, paper) for rate in paper.taxes)
        + _cii_discount(paper)
        + "<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>"
        f'<udt:DateTimeString format="102">{paper.due:%Y%m%d}</udt:DateTimeString>'
        "</ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>" + _cii_sums(paper)
    )
    lines = "".join(_cii_line(n, item) for n, item in enumerate(paper.items, 1))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rsm:CrossIndustryInvoice {_CII}>'
        "<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>"
        "<ram:ID>urn:cen.eu:en16931:2017</ram:ID>"
        "</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>"
        f"<rsm:ExchangedDocument><ram:ID>{escape(paper.number)}</ram:ID>"
        f"<ram:TypeCode>{381 if paper.credit else 380}</ram:TypeCode><ram:IssueDateTime>"
        f'<udt:DateTimeString format="102">{paper.issued:%Y%m%d}</udt:DateTimeString>'
        "</ram:IssueDateTime></rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>"
        f"{lines}<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty>"
        f"<ram:Name>{escape(paper.seller[0])}</ram:Name><ram:SpecifiedTaxRegistration>"
        f'<ram:ID schemeID="VA">{paper.seller_tax}</ram:ID></ram:SpecifiedTaxRegistration>'
        f"</ram:SellerTradeParty><ram:BuyerTradeParty><ram:Name>{escape(paper.buyer[0])}"
        "</ram:Name></ram:BuyerTradeParty><ram:BuyerOrderReferencedDocument>"
        f"<ram:IssuerAssignedID>{paper.reference}</ram:IssuerAssignedID>"
        "</ram:BuyerOrderReferencedDocument></ram:ApplicableHeaderTradeAgreement>"
        "<ram:ApplicableHeaderTradeDelivery/><ram:ApplicableHeaderTradeSettlement>"
        f"{settled}</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction>"
        "</rsm:CrossIndustryInvoice>"
    ).encode()


def _cii_line(number: int, item: Item) -> str:
    return (
        "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>"
        f"<ram:LineID>{number}</ram:LineID></ram:AssociatedDocumentLineDocument>"
        f"<ram:SpecifiedTradeProduct><ram:Name>{escape(item.text)}</ram:Name>"
        "</ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeAgreement>"
        f"<ram:NetPriceProductTradePrice><ram:ChargeAmount>{item.price}</ram:ChargeAmount>"
        "</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>"
        f'<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">{item.quantity}'
        "</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>"
        "<ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax><ram:TypeCode>VAT"
        "</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>"
        f"<ram:RateApplicablePercent>{item.rate}</ram:RateApplicablePercent>"
        "</ram:ApplicableTradeTax><ram:SpecifiedTradeSettlementLineMonetarySummation>"
        f"<ram:LineTotalAmount>{item.amount}</ram:LineTotalAmount>"
        "</ram:SpecifiedTradeSettlementLineMonetarySummation>"
        "</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>"
    )


def _cii_account(paper: Paper) -> str:
    if not paper.iban:
        return ""
    return (
        "<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode>"
        f"<ram:PayeePartyCreditorFinancialAccount><ram:IBANID>{paper.iban}</ram:IBANID>"
        "</ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>"
    )


def _cii_tax(rate: Decimal, paper: Paper) -> str:
    return (
        "<ram:ApplicableTradeTax>"
        f"<ram:CalculatedAmount>{paper.taxes[rate]}</ram:CalculatedAmount>"
        f"<ram:TypeCode>VAT</ram:TypeCode><ram:BasisAmount>{paper.bases[rate]}"
        "</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode>"
        f"<ram:RateApplicablePercent>{rate}</ram:RateApplicablePercent>"
        "</ram:ApplicableTradeTax>"
    )


def _cii_discount(paper: Paper) -> str:
    if not paper.discount:
        return ""
    return (
        "<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false"
        f"</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>{paper.discount}"
        "</ram:ActualAmount><ram:Reason>Discount</ram:Reason><ram:CategoryTradeTax>"
        "<ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>"
        f"<ram:RateApplicablePercent>{max(paper.taxes)}</ram:RateApplicablePercent>"
        "</ram:CategoryTradeTax></ram:SpecifiedTradeAllowanceCharge>"
    )


def _cii_sums(paper: Paper) -> str:
    amounts = [("LineTotalAmount", paper.lines_total), ("AllowanceTotalAmount", paper.discount)]
    amounts += [("TaxBasisTotalAmount", paper.net), ("TaxTotalAmount", paper.tax)]
    amounts += [("GrandTotalAmount", paper.gross), ("TotalPrepaidAmount", paper.paid)]
    amounts += [("DuePayableAmount", paper.payable)]
    told = "".join(
        f"<ram:{name}"
        + (f' currencyID="{paper.currency}"' if name == "TaxTotalAmount" else "")
        + f">{amount}</ram:{name}>"
        for name, amount in amounts
    )
    name = "SpecifiedTradeSettlementHeaderMonetarySummation"
    return f"<ram:{name}>{told}</ram:{name}>"


def ubl(paper: Paper) -> bytes:
    """Return the paper as UBL 2.1 states it: an Invoice or a CreditNote."""
    root = "CreditNote" if paper.credit else "Invoice"
    code = paper.currency
    due = "" if paper.credit else f"<cbc:DueDate>{paper.due}</cbc:DueDate>"
    type_ = "" if paper.credit else "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
    paid_by = f"<cbc:PaymentDueDate>{paper.due}</cbc:PaymentDueDate>" if paper.credit else ""
    account = f"<cbc:ID>{paper.iban or '0123456789'}</cbc:ID>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{root} '
        f'xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" {_UBL}>'
        f"<cbc:ID>{escape(paper.number)}</cbc:ID><cbc:IssueDate>{paper.issued}</cbc:IssueDate>"
        f"{due}{type_}<cbc:DocumentCurrencyCode>{code}</cbc:DocumentCurrencyCode>"
        f"<cac:OrderReference><cbc:ID>{paper.reference}</cbc:ID></cac:OrderReference>"
        + _ubl_party("AccountingSupplierParty", paper.seller[0], paper.seller_tax)
        + _ubl_party("AccountingCustomerParty", paper.buyer[0], "")
        + "<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>"
        f"{paid_by}<cac:PayeeFinancialAccount>{account}</cac:PayeeFinancialAccount>"
        "</cac:PaymentMeans>"
        + _ubl_tax(paper)
        + _ubl_sums(paper)
        + "".join(_ubl_line(n, item, paper) for n, item in enumerate(paper.items, 1))
        + f"</{root}>"
    ).encode()


def _amount(name: str, amount: Decimal, paper: Paper) -> str:
    return f'<cbc:{name} currencyID="{paper.currency}">{amount}</cbc:{name}>'


def _ubl_party(role: str, name: str, tax_id: str) -> str:
    scheme = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    tax = (
        f"<cac:PartyTaxScheme><cbc:CompanyID>{tax_id}</cbc:CompanyID>{scheme}"
        "</cac:PartyTaxScheme>"
        if tax_id
        else ""
    )
    return (
        f"<cac:{role}><cac:Party>{tax}<cac:PartyLegalEntity><cbc:RegistrationName>"
        f"{escape(name)}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:{role}>"
    )


def _ubl_tax(paper: Paper) -> str:
    rows = "".join(
        f"<cac:TaxSubtotal>{_amount('TaxableAmount', paper.bases[rate], paper)}"
        f"{_amount('TaxAmount', tax, paper)}<cac:TaxCategory><cbc:ID>S</cbc:ID>"
        f"<cbc:Percent>{rate}</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
        "</cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal>"
        for rate, tax in paper.taxes.items()
    )
    return f"<cac:TaxTotal>{_amount('TaxAmount', paper.tax, paper)}{rows}</cac:TaxTotal>"


def _ubl_sums(paper: Paper) -> str:
    amounts = [("LineExtensionAmount", paper.lines_total), ("TaxExclusiveAmount", paper.net)]
    amounts += [("TaxInclusiveAmount", paper.gross), ("AllowanceTotalAmount", paper.discount)]
    amounts += [("PrepaidAmount", paper.paid), ("PayableAmount", paper.payable)]
    told = "".join(_amount(name, amount, paper) for name, amount in amounts)
    return f"<cac:LegalMonetaryTotal>{told}</cac:LegalMonetaryTotal>"


def _ubl_line(number: int, item: Item, paper: Paper) -> str:
    line, count = (
        ("CreditNoteLine", "CreditedQuantity")
        if paper.credit
        else ("InvoiceLine", "InvoicedQuantity")
    )
    return (
        f"<cac:{line}><cbc:ID>{number}</cbc:ID>"
        f'<cbc:{count} unitCode="C62">{item.quantity}</cbc:{count}>'
        f"{_amount('LineExtensionAmount', item.amount, paper)}<cac:Item><cbc:Name>"
        f"{escape(item.text)}</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID>"
        f"<cbc:Percent>{item.rate}</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
        "</cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item><cac:Price>"
        f"{_amount('PriceAmount', item.price, paper)}</cac:Price></cac:{line}>"
    )


def hybrid(paper: Paper, draw: Callable[[Paper], FPDF], stated: Paper | None = None) -> bytes:
    """Return the PDF of a paper with its XML inside, or with that of the paper *stated*."""
    pdf = draw(paper)
    pdf.embed_file(bytes=cii(stated or paper), basename="factur-x.xml", desc="Invoice")
    return bytes(pdf.output())


def html(paper: Paper) -> str:
    """Return the paper as a shop's mail shows it: nested tables, a table of lines."""
    w = words(paper)

    def row(*cells: str) -> str:
        return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"

    facts = row(w["number"], paper.number) + row(w["issued"], day(paper.issued, paper))
    facts += row(w["due"], day(paper.due, paper))
    lines = row(w["text"], w["quantity"], w["price"], w["amount"]) + "".join(
        row(i.text, quantity(i.quantity, paper), money(i.price, paper), money(i.amount, paper))
        for i in paper.items
    )
    sums = "".join(row(label, value) for label, value in totals_of(paper))
    account = f"<p>IBAN: {grouped(paper.iban)}</p>" if paper.iban else ""
    return (
        f"<html><body><table><tr><td><h1>{escape(paper.seller[0])}</h1>"
        f"<p>{'<br>'.join(map(escape, paper.seller[1:]))}</p></td><td>{w['invoice']}</td></tr>"
        f"<tr><td>{w['buyer']}:<br>{'<br>'.join(map(escape, paper.buyer))}</td><td>"
        f"<table>{facts}</table></td></tr></table><table>{lines}</table>"
        f"<table>{sums}</table>{account}<p>{w['tax_id']} {paper.seller_tax}</p></body></html>"
    )
