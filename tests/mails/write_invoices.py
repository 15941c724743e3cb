"""Writes the sample mails that carry a PDF, from the words in `invoices.yaml`.

Mails are bytes for ever: the same words give the same bytes, so running it again changes
nothing. Run it from anywhere: `.venv/bin/python tests/mails/write_invoices.py`.
"""

from __future__ import annotations

import base64
import textwrap
from datetime import date, datetime
from decimal import Decimal
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from fpdf import FPDF

HERE = Path(__file__).parent
ZONE = ZoneInfo("America/New_York")
WORDS = {
    "en": ("INVOICE", "Invoice no.", "Date", "Due", "Bill to", "Description", "Total due"),
    "de": (
        "RECHNUNG",
        "Rechnungsnr.",
        "Datum",
        "Zahlbar bis",
        "An",
        "Leistung",
        "Gesamtbetrag",
    ),
}


def total(paper: dict[str, Any]) -> Decimal:
    """Return what the lines of a paper add up to."""
    return sum((Decimal(amount) for _, amount in paper["lines"]), Decimal(0))


def money(amount: Decimal, paper: dict[str, Any]) -> str:
    """Return the amount as a business of that language prints it."""
    text = f"{amount:,.2f}"
    if paper.get("language") == "de":
        return text.translate(str.maketrans(",.", ".,")) + " EUR"
    return f"${text}"


def day(value: date, paper: dict[str, Any]) -> str:
    """Return the day as a business of that language prints it."""
    return value.strftime("%d.%m.%Y" if paper.get("language") == "de" else "%m/%d/%Y")


def blank(issued: date) -> FPDF:
    """Return an empty letter page; nothing in it depends on when or where it is made."""
    pdf = FPDF(format="Letter")
    pdf.set_creation_date(datetime(issued.year, issued.month, issued.day, 12, tzinfo=ZONE))
    pdf.set_producer("paper mill")
    pdf.set_compression(False)  # zlib's output differs from version to version
    pdf.set_margin(18)
    pdf.add_page()
    return pdf


def draw_table(pdf: FPDF, paper: dict[str, Any]) -> None:
    """Draw an invoice as a ruled table, the way accounting software does."""
    title, number, dated, due, bill_to, item, grand = WORDS[paper.get("language", "en")]
    if paper.get("credit"):
        title, number, grand = "CREDIT NOTE", "Credit note no.", "Total credit"
    pdf.set_font("Helvetica", "B", 15)
    pdf.cell(110, 9, paper["seller"][0])
    pdf.cell(0, 9, title, align="R", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Helvetica", size=9)
    for line in paper["seller"][1:]:
        pdf.cell(0, 5, line, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)
    facts = [(number, paper["number"]), (dated, day(paper["issued"], paper))]
    facts += [(due, day(paper["due"], paper))] if "due" in paper else []
    facts += [(bill_to, ", ".join(paper["buyer"]))]
    for label, value in facts:
        pdf.cell(32, 5, label)
        pdf.cell(0, 5, value, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)
    pdf.cell(140, 6, item, border="B")
    pdf.cell(0, 6, "", border="B", new_x="LMARGIN", new_y="NEXT")
    for text, amount in paper["lines"]:
        pdf.cell(140, 6, text)
        pdf.cell(0, 6, money(Decimal(amount), paper), align="R", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Helvetica", "B", 10)
    pdf.cell(140, 8, grand, border="T")
    pdf.cell(0, 8, money(total(paper), paper), border="T", align="R")


def draw_letter(pdf: FPDF, paper: dict[str, Any]) -> None:
    """Draw an invoice as a typed letter: sentences, no table."""
    pdf.set_font("Courier", size=10)
    lines = [*paper["seller"], "", *paper["buyer"], ""]
    lines += [
        f"INVOICE {paper['number']}, {paper['issued']:%B} {paper['issued'].day}, 2026",
        "",
    ]
    lines += [f"For {text}: {money(Decimal(amount), paper)}" for text, amount in paper["lines"]]
    lines += ["", f"Please pay {money(total(paper), paper)} by {day(paper['due'], paper)}."]
    for line in lines:
        pdf.multi_cell(0, 5, line or " ", new_x="LMARGIN", new_y="NEXT")


def draw_scan(pdf: FPDF, paper: dict[str, Any]) -> None:
    """Draw strokes in place of words: a scanned page, in which there is no text to find."""
    for row, (text, _) in enumerate(paper["lines"]):
        for column, letter in enumerate(text):
            x, y = 20 + column * 3, 30 + row * 8
            pdf.line(x, y, x + ord(letter) % 3, y + ord(letter) % 5)


DRAW = {"table": draw_table, "letter": draw_letter, "scan": draw_scan}


def document(paper: dict[str, Any]) -> bytes:
    """Return the PDF of one paper."""
    pdf = blank(paper["issued"])
    DRAW[paper.get("layout", "table")](pdf, paper)
    return bytes(pdf.output())


def part(kind: str, body: str, *headers: str) -> str:
    """Return one MIME part as text, without its boundary."""
    return "\n".join([f"Content-Type: {kind}", *headers, "", body.rstrip("\n"), ""])


def letter(mail: dict[str, Any]) -> str:
    """Return what the mail says, as one part: plain, HTML, or both."""
    html, text = mail.get("html"), mail.get("text")
    parts = [part("text/plain; charset=utf-8", text)] if text else []
    parts += [part("text/html; charset=utf-8", html)] if html else []
    if len(parts) == 1:
        return parts[0]
    body = "".join(f"--both\n{each}" for each in parts) + "--both--"
    return part('multipart/alternative; boundary="both"', body)


def message(mail: dict[str, Any]) -> bytes:
    """Return one mail with its PDF, as RFC 5322 bytes."""
    paper = mail["paper"]
    name = mail.get("filename", f"{paper['number']}.pdf")
    encoded = "\n".join(textwrap.wrap(base64.b64encode(document(paper)).decode(), 76))
    encoded = encoded[: mail.get("cut_after", len(encoded))]
    disposition = mail.get("disposition", f'attachment; filename="{name}"')
    sent = format_datetime(mail["sent"].replace(tzinfo=ZONE))
    headers = {**mail["headers"], "Date": sent, "MIME-Version": "1.0"}
    boundary = f"=_{Path(mail['path']).stem}"
    attached = part(
        mail.get("type", f'application/pdf; name="{name}"'),
        encoded,
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: {disposition}",
    )
    lines = [f"{key}: {value}" for key, value in headers.items()]
    lines += [f'Content-Type: multipart/mixed; boundary="{boundary}"', ""]
    lines += [f"--{boundary}\n{letter(mail)}--{boundary}\n{attached}--{boundary}--", ""]
    return "\n".join(lines).encode()


def main() -> None:
    """Write every mail of `invoices.yaml` into the inbox."""
    for mail in yaml.safe_load((HERE / "invoices.yaml").read_text("utf-8")):
        path = HERE / "inbox" / mail["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(message(mail))


if __name__ == "__main__":
    main()
