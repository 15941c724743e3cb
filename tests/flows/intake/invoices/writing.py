"""How invoices of five languages write money, days and their labels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from fpdf import FPDF

from tests.flows.intake.invoices.papers import Paper

MONTHS: Final[Mapping[str, str]] = {
    "en": "January February March April May June "
    "July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin "
    "juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio "
    "julio agosto septiembre octubre noviembre diciembre",
    "nl": "januari februari maart april mei juni "
    "juli augustus september oktober november december",
}

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "invoice": "INVOICE", "credit": "CREDIT NOTE", "number": "Invoice no.",
        "credit_number": "Credit note no.", "issued": "Invoice date", "due": "Due date",
        "buyer": "Bill to", "text": "Description", "quantity": "Qty", "price": "Unit price",
        "rate": "Tax %", "amount": "Amount", "lines": "Subtotal", "discount": "Discount",
        "net": "Net total", "tax": "VAT", "gross": "Total", "paid": "Deposit paid",
        "payable": "Amount due", "reference": "Your order", "tax_id": "VAT no.",
        "phone": "Phone", "page": "Page", "carried": "Carried forward", "thanks": "Thank you",
        "customer_no": "Customer no.", "delivered": "Delivery date",
    },
    "de": {
        "invoice": "RECHNUNG", "credit": "GUTSCHRIFT", "number": "Rechnungsnummer",
        "credit_number": "Gutschriftnummer", "issued": "Rechnungsdatum", "due": "Fällig am",
        "buyer": "Rechnung an", "text": "Bezeichnung", "quantity": "Menge",
        "price": "Einzelpreis", "rate": "MwSt %", "amount": "Betrag", "lines": "Zwischensumme",
        "discount": "Rabatt", "net": "Nettobetrag", "tax": "MwSt", "gross": "Gesamtbetrag",
        "paid": "Anzahlung", "payable": "Zahlbetrag", "reference": "Ihre Bestellung",
        "tax_id": "USt-IdNr.", "phone": "Telefon", "page": "Seite", "carried": "Übertrag",
        "thanks": "Vielen Dank", "customer_no": "Kundennummer", "delivered": "Lieferdatum",
    },
    "fr": {
        "invoice": "FACTURE", "credit": "AVOIR", "number": "Facture n°",
        "credit_number": "Avoir n°", "issued": "Date de facture", "due": "Date d'échéance",
        "buyer": "Facturé à", "text": "Désignation", "quantity": "Qté",
        "price": "Prix unitaire", "rate": "TVA %", "amount": "Montant HT",
        "lines": "Sous-total", "discount": "Remise", "net": "Total HT", "tax": "TVA",
        "gross": "Total TTC", "paid": "Acompte versé", "payable": "Net à payer",
        "reference": "Votre commande", "tax_id": "N° TVA", "phone": "Tél.", "page": "Page",
        "carried": "Report", "thanks": "Merci", "customer_no": "N° client",
        "delivered": "Date de livraison",
    },
    "es": {
        "invoice": "FACTURA", "credit": "FACTURA RECTIFICATIVA", "number": "Nº de factura",
        "credit_number": "Nº rectificativa", "issued": "Fecha de factura",
        "due": "Fecha de vencimiento", "buyer": "Facturar a", "text": "Concepto",
        "quantity": "Cant.", "price": "Precio", "rate": "IVA %", "amount": "Importe",
        "lines": "Subtotal", "discount": "Descuento", "net": "Base imponible", "tax": "IVA",
        "gross": "Total factura", "paid": "Anticipo", "payable": "Total a pagar",
        "reference": "Su pedido", "tax_id": "NIF", "phone": "Tel.", "page": "Página",
        "carried": "Suma y sigue", "thanks": "Gracias", "customer_no": "Nº de cliente",
        "delivered": "Fecha de entrega",
    },
    "nl": {
        "invoice": "FACTUUR", "credit": "CREDITNOTA", "number": "Factuurnummer",
        "credit_number": "Creditnotanummer", "issued": "Factuurdatum", "due": "Vervaldatum",
        "buyer": "Factuur aan", "text": "Omschrijving", "quantity": "Aantal",
        "price": "Prijs", "rate": "BTW %", "amount": "Bedrag", "lines": "Subtotaal",
        "discount": "Korting", "net": "Totaal excl. BTW", "tax": "BTW",
        "gross": "Totaal incl. BTW", "paid": "Aanbetaling", "payable": "Te betalen",
        "reference": "Uw bestelling", "tax_id": "BTW-nummer", "phone": "Telefoon",
        "page": "Pagina", "carried": "Transport", "thanks": "Dank u",
        "customer_no": "Klantnummer", "delivered": "Leverdatum",
    },
}  # fmt: skip


def words(paper: Paper) -> Mapping[str, str]:
    """Return the labels; of a credit note, its own title and number."""
    found = dict(WORDS[paper.language])
    if paper.locale == "en-US":
        found |= {"tax": "Sales tax", "tax_id": "EIN"}
    if paper.credit:
        found |= {"invoice": found["credit"], "number": found["credit_number"]}
    return found


def number(amount: Decimal, paper: Paper) -> str:
    """Return the amount without its currency."""
    text = f"{amount:,.2f}"
    match paper.language:
        case "de" | "es" | "nl":
            return text.translate(str.maketrans(",.", ".,"))
        case "fr":
            return text.translate(str.maketrans(",.", "\u00a0,"))
        case _:
            return text


def money(amount: Decimal, paper: Paper) -> str:
    """Return the amount with its currency where that language puts it."""
    text = number(abs(amount), paper)
    minus = "-" if amount < 0 else ""
    match paper.currency, paper.language:
        case "USD", _:
            return f"{minus}${text}"
        case "GBP", _:
            return f"{minus}£{text}"
        case _, "nl":
            return f"{minus}€ {text}"
        case _:
            return f"{minus}{text} €"


def quantity(value: Decimal, paper: Paper) -> str:
    text = f"{value.normalize():f}"
    return text if paper.language == "en" else text.replace(".", ",")


def percent(rate: Decimal, paper: Paper) -> str:
    return f"{quantity(rate, paper)}" + ("%" if paper.language in ("en", "nl") else " %")


def day(value: date, paper: Paper) -> str:
    """Return the day as figures, or in words where the paper's style says so."""
    if paper.style.get("months"):
        month = MONTHS[paper.language].split()[value.month - 1]
        return {
            "en": f"{month} {value.day}, {value.year}",
            "de": f"{value.day}. {month} {value.year}",
            "es": f"{value.day} de {month} de {value.year}",
        }.get(paper.language, f"{value.day} {month} {value.year}")
    form = {"en-US": "%m/%d/%Y", "de-DE": "%d.%m.%Y", "nl-NL": "%d-%m-%Y"}
    return value.strftime(form.get(paper.locale, "%d/%m/%Y"))


def grouped(account: str) -> str:
    """Return an IBAN in groups of four."""
    return " ".join(account[n : n + 4] for n in range(0, len(account), 4))


def sheet(paper: Paper, size: str = "") -> FPDF:
    """Return an empty page in points, of the paper size of the country."""
    pdf = FPDF(unit="pt", format=size or ("letter" if paper.locale == "en-US" else "a4"))
    pdf.core_fonts_encoding = "windows-1252"  # for the euro sign
    pdf.set_auto_page_break(False)
    pdf.add_page()
    return pdf


def put(
    pdf: FPDF, x: float, y: float, text: str, *, size: float = 9, bold: bool = False,
    right: bool = False, font: str = "Helvetica", grey: int = 0,
) -> None:  # fmt: skip
    """Write *text* with its baseline at *y*, from *x* on, or up to it."""
    pdf.set_font(font, "B" if bold else "", size)
    pdf.set_text_color(grey)
    pdf.text(x - pdf.get_string_width(text) if right else x, y, text)
