"""Files as their own programs write them, with invented people in every place for names."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import docx
import openpyxl
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image
from PIL.PngImagePlugin import PngInfo


def word() -> bytes:
    """An estimate with a table, header, footer, comment, hidden text and an author."""
    document = docx.Document()
    document.core_properties.author = "Gloria Brandt"
    document.core_properties.last_modified_by = "Peter Oakfield"
    document.core_properties.comments = "For the divorce file"
    document.sections[0].header.paragraphs[0].text = "Hudson Plumbing, page one"
    document.sections[0].footer.paragraphs[0].text = "Prices hold for thirty days"
    document.add_heading("Estimate E-77")
    asked = document.add_paragraph("Replace the boiler.")
    document.add_comment(asked.runs, text="Ask about the flue", author="Nora Wexler")
    table = document.add_table(rows=2, cols=2)
    for at, text in enumerate(("Item", "Price", "Copper pipe", "$120.00")):
        table.cell(at // 2, at % 2).text = text
    document.add_paragraph("gate code 4711").runs[0].font.hidden = True
    return _saved(document)


def tracked_word() -> bytes:
    """A document in which one sentence was inserted and one deleted, with changes tracked."""
    author = 'w:author="Nora Wexler" w:date="2026-10-05T09:30:00Z"'
    changes = (
        f'<w:p><w:ins w:id="1" {author}><w:r><w:t>Come on Monday.</w:t></w:r></w:ins>'
        f'<w:del w:id="2" {author}><w:r><w:delText>Tim is nine.</w:delText></w:r></w:del></w:p>'
    )
    return with_entry(
        _saved(docx.Document()),
        "word/document.xml",
        lambda xml: xml.replace(b"<w:sectPr", changes.encode() + b"<w:sectPr", 1),
    )


def sheet() -> bytes:
    """A price list with a comment and a total, a hidden list of tenants, and an author."""
    book = openpyxl.Workbook()
    book.properties.creator = "Gloria Brandt"
    prices = book.active
    prices.title = "Prices"
    for row in (["Name", "Qty", "Price"], ["Copper Pipe", 3, 12.5], ["Boiler Valve", 1, 80]):
        prices.append(row)
    prices["A2"].comment = Comment("ask for the discount", "Nora Wexler")
    tenants = book.create_sheet("Tenants")
    tenants.sheet_state = "hidden"
    tenants.append(["Tenant", "Phone", "Age", "Moved in"])
    tenants.append(["Thomas Wexler", "(518) 555-0177", 9, "2024-05-01"])
    book.defined_names["LopezRate"] = DefinedName("LopezRate", attr_text="Prices!$C$2")
    return _saved(book)


def photo(size: tuple[int, int] = (40, 40)) -> bytes:
    """A JPEG that tells where it was taken, by whom, with which camera, and says a comment."""
    exif = Image.Exif()
    exif[0x013B] = "Gloria Brandt"
    exif[0x010F] = "Acme Phones"
    exif[0x010E] = "Tim in his room"
    exif.get_ifd(0x8825).update({1: "N", 2: (42.0, 39.0, 9.0), 3: "W", 4: (73.0, 45.0, 22.0)})
    exif.get_ifd(0x8769).update({0xA430: "Gloria Brandt", 0xA431: "SN-778-1234"})
    stream = io.BytesIO()
    Image.new("RGB", size).save(stream, "JPEG", exif=exif, comment=b"Tim, nine")
    return stream.getvalue()


def png() -> bytes:
    """A PNG with an author and a description beside the picture."""
    info = PngInfo()
    info.add_text("Author", "Gloria Brandt")
    info.add_itxt("Description", "Tim in his room")
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "PNG", pnginfo=info)
    return stream.getvalue()


def archive(entries: Mapping[str, bytes]) -> bytes:
    """A zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return stream.getvalue()


def open_document(body: str) -> bytes:
    """An ODT with *body* inside of its text, and a creator."""
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
        for prefix, space in (("office", "office"), ("text", "text"), ("table", "table"))
    ) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
    return archive(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": b"<manifest/>",
            "content.xml": (
                f"<office:document-content {spaces}><office:body><office:text>{body}"
                "</office:text></office:body></office:document-content>"
            ).encode(),
            "meta.xml": (
                f"<office:document-meta {spaces}><dc:creator>Gloria Brandt</dc:creator>"
                "</office:document-meta>"
            ).encode(),
        }
    )


def with_entry(package: bytes, name: str, change) -> bytes:
    """The zip file *package* with the content of one entry changed."""
    with zipfile.ZipFile(io.BytesIO(package)) as given:
        entries = {each: given.read(each) for each in given.namelist()}
    entries[name] = change(entries.get(name, b""))
    return archive(entries)


def _saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def form(fields: Mapping[str, str]) -> bytes:
    """A PDF of one page that says "Rental form", with text fields that are filled in."""
    kids = " ".join(f"{5 + at} 0 R" for at in range(len(fields)))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    said = "BT /F1 12 Tf 20 250 Td (Rental form) Tj ET"
    parts = [
        f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{kids}] >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Annots [{kids}]"
        f" /Contents 4 0 R /Resources << /Font << /F1 {font} >> >> >>",
        f"<< /Length {len(said)} >>\nstream\n{said}\nendstream",
        *(
            f"<< /Type /Annot /Subtype /Widget /FT /Tx /T ({name}) /V ({value})"
            " /Rect [20 20 200 40] /P 3 0 R >>"
            for name, value in fields.items()
        ),
    ]
    made = b"%PDF-1.7\n"
    places = []
    for number, part in enumerate(parts, 1):
        places.append(b"%010d 00000 n \n" % len(made))
        made += f"{number} 0 obj\n{part}\nendobj\n".encode()
    table = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode() + b"".join(places)
    end = f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF"
    return made + table + end.encode()
