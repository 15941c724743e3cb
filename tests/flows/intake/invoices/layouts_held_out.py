"""Four layouts that nobody looks at who writes the reader: only their figures count.

Their labels are in part other words than those of `layouts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fpdf import FPDF

from tests.flows.intake.invoices.layouts import Layout, totals_of
from tests.flows.intake.invoices.papers import Paper, paper
from tests.flows.intake.invoices.writing import (
    WORDS,
    day,
    grouped,
    money,
    number,
    percent,
    put,
    quantity,
    sheet,
    words,
)

OTHER: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {"number": "Invoice #", "issued": "Date of issue", "due": "Payment due",
           "buyer": "Invoice to", "text": "Item", "amount": "Line total",
           "net": "Total excl. VAT",
           "gross": "Grand total", "payable": "Balance due", "paid": "Payments received",
           "seller": "From", "price": "Rate", "tax_id": "VAT registration number"},
    "de": {"number": "Rechnungs-Nr.", "issued": "Datum", "due": "Zahlbar bis", "buyer": "Kunde",
           "text": "Leistung", "amount": "Gesamt", "net": "Summe netto",
           "gross": "Rechnungsbetrag",
           "payable": "Offener Betrag", "paid": "Bereits gezahlt", "seller": "Absender",
           "tax": "Umsatzsteuer", "price": "Preis", "tax_id": "USt-ID"},
    "fr": {"number": "N° de facture", "issued": "Date d'émission", "due": "Échéance",
           "buyer": "Client", "text": "Description", "amount": "Total", "net": "Montant HT",
           "gross": "Montant TTC", "payable": "Reste à payer", "paid": "Acompte",
           "seller": "Émetteur", "price": "P.U. HT", "tax_id": "TVA intracommunautaire"},
    "es": {"number": "Factura nº", "issued": "Fecha", "due": "Vencimiento", "buyer": "Cliente",
           "text": "Descripción", "amount": "Total", "net": "Base imponible",
           "gross": "Importe total",
           "payable": "Pendiente de pago", "paid": "Pagado a cuenta", "seller": "Emisor",
           "price": "P. unitario", "tax_id": "CIF"},
    "nl": {"number": "Factuurnr.", "issued": "Datum", "due": "Betalen voor", "buyer": "Klant",
           "text": "Product", "amount": "Totaal", "net": "Netto", "gross": "Totaalbedrag",
           "payable": "Openstaand bedrag", "paid": "Reeds voldaan", "seller": "Afzender",
           "price": "Stukprijs", "tax_id": "Btw-id"},
}  # fmt: skip


def other(paper: Paper) -> dict[str, str]:
    found = {**words(paper), **OTHER[paper.language]}
    return found | ({"number": words(paper)["number"]} if paper.credit else {})


def rows_of(paper: Paper) -> list[tuple[str, str]]:
    """Return the totals in the other words."""
    w = other(paper)
    plain = dict(zip(words(paper).values(), words(paper), strict=False))
    named = []
    for label, value in totals_of(paper):
        key = plain.get(label, "")
        tax = label.startswith(words(paper)["tax"])
        named.append((label.replace(words(paper)["tax"], w["tax"]) if tax else w[key], value))
    return named


def sidebar(paper: Paper) -> FPDF:
    """Facts stacked in a shaded column at the left, label over value; taxes in a table."""
    pdf, w = sheet(paper), other(paper)
    pdf.set_fill_color(235)
    pdf.rect(0, 0, 170, 842, style="F")
    facts = [(w["number"], paper.number), (w["issued"], day(paper.issued, paper))]
    facts += [(w["due"], day(paper.due, paper)), (w["reference"], paper.reference)]
    facts += [("IBAN", grouped(paper.iban))] if paper.iban else []
    for n, (label, value) in enumerate([*facts, (w["tax_id"], paper.seller_tax)]):
        put(pdf, 20, 120 + 38 * n, label, size=7, grey=90)
        put(pdf, 20, 132 + 38 * n, value, size=8)
    put(pdf, 190, 60, paper.seller[0], size=14, bold=True)
    put(pdf, 190, 74, ", ".join(paper.seller[1:]), size=7)
    put(pdf, 190, 104, w["invoice"], size=17)
    put(pdf, 190, 130, w["buyer"], size=7, grey=90)
    for n, line in enumerate(paper.buyer):
        put(pdf, 190, 142 + 11 * n, line)
    y = 210
    for x, key, right in ((190, "text", False), (400, "quantity", True), (470, "price", True)):
        put(pdf, x, y, w[key], size=8, bold=True, right=right)
    put(pdf, 560, y, w["amount"], size=8, bold=True, right=True)
    for item in paper.items:
        y += 18
        put(pdf, 190, y, item.text)
        put(pdf, 400, y, quantity(item.quantity, paper), right=True)
        put(pdf, 470, y, number(item.price, paper), right=True)
        put(pdf, 560, y, number(item.amount, paper), right=True)
    y += 30
    for n, (rate, tax) in enumerate(paper.taxes.items()):
        if n == 0:
            for x, label in ((240, w["rate"]), (330, w["net"]), (420, w["tax"])):
                put(pdf, x, y, label, size=7, right=True)
        y += 12
        put(pdf, 240, y, percent(rate, paper), size=8, right=True)
        put(pdf, 330, y, number(paper.bases[rate], paper), size=8, right=True)
        put(pdf, 420, y, number(tax, paper), size=8, right=True)
    y += 14
    for label, value in rows_of(paper):
        y += 16
        put(pdf, 380, y, label)
        put(pdf, 560, y, value, right=True)
    return pdf


def top_sum(paper: Paper) -> FPDF:
    """What is to be paid stands big at the top; the workings follow below."""
    pdf, w = sheet(paper), other(paper)
    put(pdf, 306, 50, paper.seller[0], size=11, bold=True)
    put(pdf, 306, 62, " | ".join(paper.seller[1:]), size=7)
    put(pdf, 60, 60, w["invoice"].title(), size=20)
    pdf.rect(60, 84, 200, 54)
    put(pdf, 70, 100, w["payable"], size=9)
    put(pdf, 70, 124, money(paper.payable, paper), size=20, bold=True)
    facts = [(w["number"], paper.number), (w["issued"], day(paper.issued, paper))]
    facts += [(w["due"], day(paper.due, paper)), (w["phone"], paper.phone)]
    for n, (label, value) in enumerate(facts):
        put(pdf, 400, 96 + 14 * n, label, right=True, grey=90)
        put(pdf, 412, 96 + 14 * n, value)
    put(pdf, 60, 170, f"{w['buyer']}: {paper.buyer[0]}", bold=True)
    put(pdf, 60, 183, ", ".join(paper.buyer[1:]))
    y = 220
    for item in paper.items:
        put(pdf, 60, y, f"{quantity(item.quantity, paper)} \u00d7 {item.text}")
        put(pdf, 60, y + 11, f"à {money(item.price, paper)}", size=7, grey=90)
        put(pdf, 540, y, money(item.amount, paper), right=True)
        y += 28
    for label, value in rows_of(paper):
        put(pdf, 60, y, label)
        put(pdf, 540, y, value, right=True)
        y += 15
    foot = [f"{w['tax_id']}: {paper.seller_tax}", w["thanks"]]
    foot += [f"IBAN {paper.iban}"] if paper.iban else []
    for n, line in enumerate(foot):
        put(pdf, 60, 740 + 12 * n, line, size=8)
    return pdf


def bilingual(paper: Paper) -> FPDF:
    """Every label in the language of the seller and in English, with a slash between."""
    pdf, mine = sheet(paper), words(paper)
    english = {**words(paper), "tax": "VAT"} if paper.language == "en" else None
    second = english or WORDS["en"]

    def both(key: str) -> str:
        return mine[key] if paper.language == "en" else f"{mine[key]} / {second[key]}"

    put(pdf, 300, 60, paper.seller[0], size=13, bold=True)
    for n, line in enumerate(paper.seller[1:]):
        put(pdf, 300, 73 + 11 * n, line, size=8)
    put(pdf, 50, 110, both("buyer"), size=7)
    for n, line in enumerate(paper.buyer):
        put(pdf, 50, 122 + 12 * n, line)
    put(pdf, 50, 190, both("invoice"), size=15)
    facts = [("number", paper.number), ("issued", day(paper.issued, paper))]
    for n, (key, value) in enumerate([*facts, ("due", day(paper.due, paper))]):
        put(pdf, 50, 210 + 14 * n, both(key))
        put(pdf, 240, 210 + 14 * n, value)
    y = 275
    for x, key, right in ((50, "text", False), (360, "quantity", True), (545, "amount", True)):
        put(pdf, x, y, both(key), size=8, right=right)
    for item in paper.items:
        y += 17
        put(pdf, 50, y, item.text)
        put(pdf, 360, y, quantity(item.quantity, paper), right=True)
        put(pdf, 545, y, money(item.amount, paper), right=True)
    y += 12
    for key, value in (("net", paper.net), ("tax", paper.tax), ("gross", paper.gross)):
        y += 16
        rate = percent(next(iter(paper.taxes)), paper) if key == "tax" else ""
        put(pdf, 300, y, f"{both(key)} {rate}".strip())
        put(pdf, 545, y, f"{number(value, paper)} {paper.currency}", right=True)
    if paper.iban:
        put(pdf, 50, 760, f"IBAN {grouped(paper.iban)}", size=8)
    put(pdf, 50, 772, f"{both('tax_id')} {paper.seller_tax}", size=8)
    return pdf


def grid(paper: Paper) -> FPDF:
    """Facts and totals as rows of a table: the labels in one row, their values below."""
    pdf, w = sheet(paper), other(paper)
    put(pdf, 50, 60, paper.seller[0], size=14, bold=True)
    for n, line in enumerate([*paper.seller[1:], f"{w['tax_id']} : {paper.seller_tax}"]):
        put(pdf, 50, 74 + 11 * n, line, size=8)
    for n, line in enumerate((w["buyer"], *paper.buyer)):
        put(pdf, 340, 74 + 12 * n, line)
    put(pdf, 50, 140, w["invoice"], size=14, bold=True)
    heads = (("number", paper.number), ("issued", day(paper.issued, paper)))
    for n, (key, value) in enumerate((*heads, ("due", day(paper.due, paper)))):
        pdf.rect(50 + 150 * n, 150, 150, 34)
        put(pdf, 60 + 150 * n, 163, w[key], size=8)
        put(pdf, 60 + 150 * n, 178, value)
    y = 215
    columns = ((60, "text", False), (300, "quantity", True), (380, "price", True))
    for x, key, right in (*columns, (440, "rate", True), (540, "amount", True)):
        put(pdf, x, y, w[key], size=8, right=right)
    for item in paper.items:
        y += 18
        put(pdf, 60, y, item.text)
        put(pdf, 300, y, quantity(item.quantity, paper), right=True)
        put(pdf, 380, y, number(item.price, paper), right=True)
        put(pdf, 440, y, percent(item.rate, paper), right=True)
        put(pdf, 540, y, number(item.amount, paper), right=True)
    y += 40
    sums = [(w["net"], paper.net), (w["tax"], paper.tax), (w["gross"], paper.gross)]
    if paper.paid:
        sums += [(w["paid"], paper.paid), (w["payable"], paper.payable)]
    for n, (label, value) in enumerate(sums):
        pdf.rect(50 + 100 * n, y, 100, 34)
        put(pdf, 144 + 100 * n, y + 13, label, size=8, right=True)
        put(pdf, 144 + 100 * n, y + 28, money(value, paper), right=True)
    if paper.iban:
        put(pdf, 50, y + 70, f"IBAN : {grouped(paper.iban)}")
    return pdf


HELD_OUT: Final[Mapping[str, tuple[Layout, tuple[Paper, ...]]]] = {
    "sidebar": (
        sidebar,
        (
            paper(101, "en-GB", two_rates=True),
            paper(102, "de-DE"),
            paper(103, "nl-NL", paid="20.00"),
        ),
    ),
    "top_sum": (
        top_sum,
        (
            paper(104, "en-US", paid="35.00"),
            paper(105, "es-ES", discount="9.90"),
            paper(106, "de-DE", credit=True),
        ),
    ),
    "bilingual": (
        bilingual,
        (paper(107, "de-DE"), paper(108, "fr-FR", months=True), paper(109, "nl-NL", lines=5)),
    ),
    "grid": (
        grid,
        (paper(110, "fr-FR", paid="50.00"), paper(111, "es-ES", lines=4), paper(112, "en-US")),
    ),
}
"""As `layouts.PAPERS`."""
