"""Eight layouts of PDF invoices, as offices and shops make them, and 25 papers by layout."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from fpdf import FPDF

from tests.flows.intake.invoices.papers import Paper, paper
from tests.flows.intake.invoices.writing import (
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


def totals_of(paper: Paper, *, net: bool = True) -> list[tuple[str, str]]:
    """Return the rows of a totals block, in order."""
    w = words(paper)
    rows = [(w["lines"], money(paper.lines_total, paper))] if paper.discount else []
    if paper.discount:
        rows.append((w["discount"], money(-paper.discount, paper)))
    if net:
        rows.append((w["net"], money(paper.net, paper)))
    for rate, tax in paper.taxes.items():
        rows.append((f"{w['tax']} {percent(rate, paper)}", money(tax, paper)))
    rows.append((w["gross"], money(paper.gross, paper)))
    if paper.paid:
        rows.append((w["paid"], money(-paper.paid, paper)))
        rows.append((w["payable"], money(paper.payable, paper)))
    return rows


def _bank(paper: Paper) -> list[str]:
    w = words(paper)
    account = [f"IBAN: {grouped(paper.iban)}"] if paper.iban else []
    return [*account, f"{w['tax_id']} {paper.seller_tax}", f"{w['phone']} {paper.phone}"]


def ruled(paper: Paper) -> FPDF:
    """Two columns at the top, facts as `label: value`, a ruled table, totals at the right."""
    pdf, w = sheet(paper), words(paper)
    put(pdf, 50, 60, paper.seller[0], size=15, bold=True)
    put(pdf, 545, 60, w["invoice"], size=18, bold=True, right=True)
    for n, line in enumerate(paper.seller[1:]):
        put(pdf, 50, 76 + 12 * n, line)
    facts = [(w["number"], paper.number), (w["issued"], day(paper.issued, paper))]
    facts += [(w["due"], day(paper.due, paper)), (w["reference"], paper.reference)]
    for n, (label, value) in enumerate(facts):
        put(pdf, 360, 90 + 14 * n, f"{label}:")
        put(pdf, 460, 90 + 14 * n, value)
    put(pdf, 50, 130, w["buyer"], bold=True)
    for n, line in enumerate(paper.buyer):
        put(pdf, 50, 144 + 12 * n, line)
    y = 210
    pdf.line(50, y - 12, 545, y - 12)
    for x, key, right in ((54, "text", False), (350, "quantity", True), (430, "price", True)):
        put(pdf, x, y, w[key], bold=True, right=right)
    put(pdf, 540, y, w["amount"], bold=True, right=True)
    for item in paper.items:
        pdf.line(50, y + 4, 545, y + 4)
        y += 16
        put(pdf, 54, y, item.text)
        put(pdf, 350, y, quantity(item.quantity, paper), right=True)
        put(pdf, 430, y, number(item.price, paper), right=True)
        put(pdf, 540, y, number(item.amount, paper), right=True)
    y += 12
    for label, value in totals_of(paper):
        y += 15
        put(pdf, 400, y, label)
        put(pdf, 540, y, value, right=True)
    for n, line in enumerate(_bank(paper)):
        put(pdf, 50, 740 + 11 * n, line, size=8)
    return pdf


def boxes(paper: Paper) -> FPDF:
    """Labels above their values in boxes side by side; a table with a dark head."""
    pdf, w = sheet(paper), words(paper)
    put(pdf, 50, 56, w["invoice"].title(), size=22)
    put(pdf, 50, 78, paper.seller[0], bold=True)
    put(pdf, 50, 90, ", ".join(paper.seller[1:]), size=8)
    facts = [(w["number"], paper.number), (w["issued"], day(paper.issued, paper))]
    facts += [(w["due"], day(paper.due, paper)), (w["payable"], money(paper.payable, paper))]
    for n, (label, value) in enumerate(facts):
        pdf.rect(50 + 125 * n, 104, 120, 34)
        put(pdf, 55 + 125 * n, 116, label, size=7, grey=110)
        put(pdf, 55 + 125 * n, 132, value, size=10, bold=True)
    put(pdf, 50, 160, w["buyer"], size=7, grey=110)
    for n, line in enumerate(paper.buyer):
        put(pdf, 50, 173 + 12 * n, line)
    y = 230
    pdf.set_fill_color(40)
    pdf.rect(50, y - 12, 500, 17, style="F")
    heads = ((55, "text", False), (300, "quantity", True), (380, "price", True))
    for x, key, right in (*heads, (450, "rate", True), (545, "amount", True)):
        put(pdf, x, y, w[key], bold=True, right=right, grey=255)
    for item in paper.items:
        y += 17
        put(pdf, 55, y, item.text)
        put(pdf, 300, y, quantity(item.quantity, paper), right=True)
        put(pdf, 380, y, money(item.price, paper), right=True)
        put(pdf, 450, y, percent(item.rate, paper), right=True)
        put(pdf, 545, y, money(item.amount, paper), right=True)
    y += 8
    for label, value in totals_of(paper):
        y += 16
        put(pdf, 460, y, label, right=True)
        put(pdf, 545, y, value, right=True)
    for n, line in enumerate(_bank(paper)):
        put(pdf, 50, 720 + 12 * n, line, size=8)
    return pdf


def typed(paper: Paper) -> FPDF:
    """A typewriter's page: columns by blanks, no line anywhere."""
    pdf, w = sheet(paper), words(paper)
    lines = [
        *paper.seller,
        f"{w['phone']} {paper.phone}",
        "",
        f"{w['buyer']}:",
        *paper.buyer,
        "",
    ]
    lines += [f"{w['invoice']} {paper.number}", f"{w['issued']} {day(paper.issued, paper)}"]
    lines += [f"{w['reference']} {paper.reference}", ""]
    lines.append(f"{w['text']:<38}{w['quantity']:>8}{w['price']:>14}{w['amount']:>16}")
    lines += [
        f"{i.text:<38}{quantity(i.quantity, paper):>8}{number(i.price, paper):>14}"
        f"{number(i.amount, paper):>16}"
        for i in paper.items
    ]
    lines.append("")
    lines += [f"{'':<36}{label:<22}{value:>18}" for label, value in totals_of(paper)]
    lines += ["", f"{w['due']}: {day(paper.due, paper)}"]
    lines += [f"IBAN {paper.iban}"] if paper.iban else []
    lines.append(f"{w['tax_id']}: {paper.seller_tax}")
    for n, line in enumerate(lines):
        put(pdf, 50, 50 + 13 * n, line, font="Courier", size=9)
    return pdf


def paged(paper: Paper) -> FPDF:
    """Many lines over several pages, each with its head, a carried sum and its number."""
    pdf, w = sheet(paper), words(paper)
    put(pdf, 50, 50, paper.seller[0], size=12, bold=True)
    put(pdf, 50, 62, " - ".join(paper.seller[1:]), size=7)
    for n, line in enumerate(paper.buyer):
        put(pdf, 50, 100 + 12 * n, line)
    facts = [(w["number"], paper.number), (w["issued"], day(paper.issued, paper))]
    for n, (label, value) in enumerate([*facts, (w["due"], day(paper.due, paper))]):
        put(pdf, 380, 100 + 13 * n, label)
        put(pdf, 545, 100 + 13 * n, value, right=True)
    carried, y = Decimal(0), 170
    for place, item in enumerate(paper.items):
        if place % 24 == 0:
            if place:
                put(pdf, 380, y + 20, w["carried"])
                put(pdf, 545, y + 20, number(carried, paper), right=True)
                put(pdf, 545, 800, f"{w['page']} {pdf.page_no()}", size=7, right=True)
                pdf.add_page()
                put(pdf, 50, 40, f"{w['invoice']} {paper.number}", size=8)
                y = 70
            for x, key in ((90, "text"), (50, "quantity")):
                put(pdf, x, y, w[key], bold=True)
            put(pdf, 450, y, w["price"], bold=True, right=True)
            put(pdf, 545, y, w["amount"], bold=True, right=True)
        y += 18
        put(pdf, 50, y, quantity(item.quantity, paper))
        put(pdf, 90, y, item.text)
        put(pdf, 450, y, number(item.price, paper), right=True)
        put(pdf, 545, y, number(item.amount, paper), right=True)
        carried += item.amount
    for n, (label, value) in enumerate(totals_of(paper)):
        put(pdf, 380, y + 34 + 15 * n, label)
        put(pdf, 545, y + 34 + 15 * n, value, right=True)
    put(pdf, 50, 780, "  |  ".join(_bank(paper)), size=7)
    return pdf


def business_letter(paper: Paper) -> FPDF:
    """A letter for a window envelope: facts at the right, a foot of three columns."""
    pdf, w = sheet(paper), words(paper)
    put(pdf, 57, 130, " · ".join(paper.seller), size=6)
    for n, line in enumerate(paper.buyer):
        put(pdf, 57, 146 + 13 * n, line, size=10)
    facts = [(w["customer_no"], "10482"), (w["number"], paper.number)]
    facts += [
        (w["issued"], day(paper.issued, paper)),
        (w["delivered"], day(paper.issued, paper)),
    ]
    for n, (label, value) in enumerate([*facts, (w["reference"], paper.reference)]):
        put(pdf, 360, 146 + 13 * n, label, size=8)
        put(pdf, 460, 146 + 13 * n, value, size=8)
    put(pdf, 57, 250, f"{w['invoice'].title()} {paper.number}", size=13, bold=True)
    y = 280
    for x, key, right in ((85, "text", False), (370, "quantity", True), (450, "price", True)):
        put(pdf, x, y, w[key], right=right, bold=True)
    put(pdf, 57, y, "Pos.", bold=True)
    put(pdf, 540, y, w["amount"], right=True, bold=True)
    for place, item in enumerate(paper.items, 1):
        y += 16
        put(pdf, 57, y, str(place))
        put(pdf, 85, y, item.text)
        put(pdf, 370, y, quantity(item.quantity, paper), right=True)
        put(pdf, 450, y, money(item.price, paper), right=True)
        put(pdf, 540, y, money(item.amount, paper), right=True)
    pdf.line(57, y + 6, 540, y + 6)
    for label, value in totals_of(paper):
        y += 17
        put(pdf, 85, y, label)
        put(pdf, 540, y, value, right=True)
    put(pdf, 57, y + 40, f"{w['due']} {day(paper.due, paper)}. {w['thanks']}.")
    columns = [[*paper.seller], _bank(paper)[1:], _bank(paper)[:1]]
    for n, column in enumerate(columns):
        for row, line in enumerate(column):
            put(pdf, 57 + 175 * n, 770 + 9 * row, line, size=7, grey=80)
    return pdf


def stamped(paper: Paper) -> FPDF:
    """A logo of big letters, a watermark and a turned stamp over the table."""
    pdf, w = sheet(paper), words(paper)
    put(pdf, 50, 70, paper.seller[0].split()[0].upper(), size=34, bold=True, grey=60)
    put(pdf, 50, 88, " ".join(paper.seller[0].split()[1:]), size=12)
    put(pdf, 545, 60, w["invoice"], size=16, right=True)
    put(pdf, 545, 76, f"{w['number']} {paper.number}", right=True)
    put(pdf, 545, 90, f"{w['issued']}: {day(paper.issued, paper)}", right=True)
    put(pdf, 545, 104, f"{w['due']}: {day(paper.due, paper)}", right=True)
    put(pdf, 50, 130, f"{w['buyer']}:")
    for n, line in enumerate(paper.buyer):
        put(pdf, 130, 130 + 12 * n, line)
    with pdf.rotation(30, 300, 420):
        put(pdf, 190, 420, "COPY 01.01.2020 TOTAL 9.999,00", size=26, bold=True, grey=190)
    y = 200
    for x, key, right in ((50, "quantity", False), (100, "text", False), (545, "amount", True)):
        put(pdf, x, y, w[key], bold=True, right=right)
    for item in paper.items:
        y += 20
        put(pdf, 50, y, quantity(item.quantity, paper))
        put(pdf, 100, y, item.text)
        put(pdf, 545, y, money(item.amount, paper), right=True)
    y += 20
    for label, value in totals_of(paper):
        y += 16
        put(pdf, 380, y, label, bold=label == w["payable"])
        put(pdf, 545, y, value, right=True, bold=label == w["payable"])
    with pdf.rotation(-12, 150, 640):
        put(pdf, 90, 640, f"{w['paid']} {money(paper.gross / 2, paper)}", size=14, grey=120)
    put(pdf, 50, 700, paper.seller[0], size=8)
    for n, line in enumerate([*paper.seller[1:], *_bank(paper)]):
        put(pdf, 50, 712 + 11 * n, line, size=8)
    return pdf


def scanned(paper: Paper) -> FPDF:
    """The words of a page as a text recogniser leaves them: any order, none quite in line."""
    chance = random.Random(paper.number)
    drawn: list[tuple[float, float, str, float]] = []
    plain = sheet(paper)

    def note(x: float, y: float, text: str, *, right: bool = False, size: float = 10) -> None:
        plain.set_font("Helvetica", "", size)
        at = x - plain.get_string_width(text) if right else x
        for word in text.split(" "):
            lift = chance.uniform(-0.7, 0.7)
            drawn.append((at + chance.uniform(-0.4, 0.4), y + lift, word, size))
            at += plain.get_string_width(f"{word} ")

    w = words(paper)
    for n, line in enumerate(paper.seller):
        note(60, 60 + 13 * n, line, size=10 if n else 14)
    note(380, 60, w["invoice"], size=15)
    facts = [(w["number"], paper.number), (w["issued"], day(paper.issued, paper))]
    for n, (label, value) in enumerate([*facts, (w["due"], day(paper.due, paper))]):
        note(380, 80 + 14 * n, label)
        note(480, 80 + 14 * n, value)
    note(60, 140, w["buyer"])
    for n, line in enumerate(paper.buyer):
        note(60, 154 + 13 * n, line)
    for x, key, right in ((60, "text", False), (340, "quantity", True), (440, "price", True)):
        note(x, 220, w[key], right=right)
    note(550, 220, w["amount"], right=True)
    y = 220
    for item in paper.items:
        y += 17
        note(60, y, item.text)
        note(340, y, quantity(item.quantity, paper), right=True)
        note(440, y, number(item.price, paper), right=True)
        note(550, y, number(item.amount, paper), right=True)
    for label, value in totals_of(paper):
        y += 18
        note(380, y, label)
        note(550, y, value, right=True)
    for n, line in enumerate(_bank(paper)):
        note(60, 700 + 13 * n, line, size=8)
    chance.shuffle(drawn)
    for x, at, word, size in drawn:
        put(plain, x, at, word, size=size)
    return plain


def receipt(paper: Paper) -> FPDF:
    """A narrow till slip with dots up to the figures and no head over its lines."""
    pdf, w = sheet(paper), words(paper)

    def dotted(label: str, value: str) -> str:
        return f"{label} ".ljust(52 - len(value), ".") + f" {value}"

    lines = [line.center(54).rstrip() for line in paper.seller]
    lines += ["", f"{w['invoice']}", dotted(w["number"], paper.number)]
    lines += [
        dotted(w["issued"], day(paper.issued, paper)),
        dotted(w["due"], day(paper.due, paper)),
    ]
    lines += ["", f"{w['buyer']}: {paper.buyer[0]}", "-" * 54]
    for item in paper.items:
        lines.append(item.text)
        times = f"  {quantity(item.quantity, paper)} x {number(item.price, paper)}"
        lines.append(times + number(item.amount, paper).rjust(54 - len(times)))
    lines.append("-" * 54)
    lines += [dotted(label, value) for label, value in totals_of(paper)]
    lines += ["", *_bank(paper)]
    for n, line in enumerate(lines):
        put(pdf, 120, 60 + 13 * n, line, font="Courier", size=9, bold=n == 0)
    return pdf


Layout = Callable[[Paper], FPDF]

PAPERS: Final[Mapping[str, tuple[Layout, tuple[Paper, ...]]]] = {
    "ruled": (
        ruled,
        (
            paper(1, "en-US"),
            paper(2, "de-DE", two_rates=True),
            paper(3, "nl-NL", discount="12.50"),
        ),
    ),
    "boxes": (
        boxes,
        (
            paper(4, "en-GB"),
            paper(5, "fr-FR", two_rates=True, lines=4),
            paper(6, "es-ES", months=True),
            paper(7, "en-US", discount="15.00"),
        ),
    ),
    "typed": (
        typed,
        (
            paper(8, "en-US", lines=5),
            paper(9, "de-DE", months=True),
            paper(10, "fr-FR", paid="25.00"),
        ),
    ),
    "paged": (
        paged,
        (
            paper(11, "de-DE", lines=60),
            paper(12, "en-GB", lines=31, two_rates=True),
            paper(13, "es-ES", lines=26),
        ),
    ),
    "business_letter": (
        business_letter,
        (
            paper(14, "de-DE", two_rates=True),
            paper(15, "nl-NL"),
            paper(16, "de-DE", credit=True),
        ),
    ),
    "stamped": (
        stamped,
        (
            paper(17, "en-US", paid="40.00"),
            paper(18, "de-DE", paid="30.00"),
            paper(19, "en-GB", credit=True),
        ),
    ),
    "scanned": (
        scanned,
        (paper(20, "en-US"), paper(21, "fr-FR", two_rates=True), paper(22, "de-DE", lines=6)),
    ),
    "receipt": (
        receipt,
        (paper(23, "nl-NL"), paper(24, "es-ES", two_rates=True), paper(25, "en-GB")),
    ),
}
