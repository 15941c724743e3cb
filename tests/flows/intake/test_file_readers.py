"""Files give the text that a reader of them sees, and tell what was left out."""

from __future__ import annotations

import pytest
from fpdf import FPDF

from flows.intake import image_reader, pdf_reader, sheet_reader, word_reader
from flows.intake.people_columns import PRIVATE
from flows.intake.reader_process import read_here
from flows.intake.reading import MOST_TEXT, Reading
from tests.flows.intake import files

LAID_OUT = """\
Hudson Plumbing, page one
Estimate E-77
Replace the boiler.
Item\tPrice
Copper pipe\t$120.00
Prices hold for thirty days
[comment] Ask about the flue"""


def _names(reading: Reading) -> set[str]:
    return {party.name for party in reading.people}


def test_a_word_document_is_read_in_the_order_of_its_pages():
    """Header, body, table, footer, comments; hidden text and properties are told, not read."""
    found = read_here("package", files.word())
    assert found.text == LAID_OUT
    assert found.read == "whole"
    assert set(found.withheld) == {word_reader.HIDDEN, word_reader.PROPERTIES}
    assert _names(found) == {"Gloria Brandt", "Peter Oakfield", "Nora Wexler"}


def test_of_tracked_changes_the_new_text_stands():
    """What was deleted is left out, and said so; who changed it is known to the cleaner."""
    found = read_here("package", files.tracked_word())
    assert found.text == "Come on Monday."
    assert word_reader.DELETED in found.withheld
    assert "Nora Wexler" in _names(found)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>", "a\tb\nc"),
        ("<w:r><w:t>e</w:t><w:noBreakHyphen/><w:t>mail</w:t></w:r>", "e-mail"),
        ('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>seen</w:t></w:r>', "seen"),
        ("<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>seen</w:t></w:r>", "seen"),
        ('<w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r><w:r><w:t>y</w:t></w:r>', "y"),
    ],
)
def test_marks_inside_of_a_paragraph_are_what_they_look_like(xml, text):
    document = files.with_entry(
        files.tracked_word(),
        "word/document.xml",
        lambda _: (
            '<w:document xmlns:w="http://x.example/w"><w:body><w:p>'
            f"{xml}</w:p></w:body></w:document>"
        ).encode(),
    )
    assert read_here("package", document).text == text


def test_macros_pictures_and_embedded_files_are_told_and_never_opened():
    package = files.word()
    for name in ("word/vbaProject.bin", "word/media/image1.jpeg", "word/embeddings/a.xlsx"):
        package = files.with_entry(package, name, lambda _: b"Tim is nine")
    found = read_here("package", package)
    told = {word_reader.MACROS, word_reader.PICTURES, word_reader.EMBEDDED}
    assert told <= set(found.withheld)
    assert "Tim" not in found.text


def test_an_open_document_is_read_with_its_tables_and_comments():
    found = read_here(
        "package",
        files.open_document(
            "<text:tracked-changes><text:p>Tim is nine</text:p></text:tracked-changes>"
            "<text:h>Estimate</text:h><text:p>Two<text:tab/>valves<text:line-break/>each</text:p>"
            "<table:table><table:table-row><table:table-cell><text:p>Pipe</text:p>"
            "</table:table-cell><table:table-cell><text:p>$12</text:p></table:table-cell>"
            "</table:table-row></table:table>"
            "<text:p>End <office:annotation><dc:creator>Nora Wexler</dc:creator>"
            "<text:p>why?</text:p></office:annotation></text:p>"
        ),
    )
    assert " ".join(found.text.split()) == "Estimate Two valves each Pipe $12 End why?"
    assert "Pipe\t$12" in found.text
    assert word_reader.DELETED in found.withheld
    assert _names(found) == {"Gloria Brandt", "Nora Wexler"}


def test_a_presentation_is_read_slide_by_slide_with_its_notes():
    """Slide ten comes after slide two; of pictures' alternative texts nothing is read."""

    def slide(text: str) -> bytes:
        return f'<s><pic descr="Tim"/><txBody><p><r><t>{text}</t></r></p></txBody></s>'.encode()

    found = read_here(
        "package",
        files.archive(
            {
                "[Content_Types].xml": b"<Types/>",
                "ppt/slides/slide10.xml": slide("Prices"),
                "ppt/slides/slide2.xml": slide("Boilers"),
                "ppt/notesSlides/notesSlide1.xml": slide("show the valve"),
                "ppt/media/image1.png": b"x",
            }
        ),
    )
    assert found.text == "Boilers\nPrices\n[note] show the valve"
    assert found.withheld == (word_reader.PICTURES,)


def test_an_open_spreadsheet_is_read_like_any_workbook():
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    )
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p>'
        "</table:table-cell>"
        for text in ("Copper pipe", "$12")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Prices"><table:table-row>{cells}</table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    found = read_here(
        "package",
        files.archive(
            {
                "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                "META-INF/manifest.xml": b"<manifest/>",
                "content.xml": content.encode(),
            }
        ),
    )
    assert found.text == "[sheet Prices]\nCopper pipe\t$12"


def test_a_locked_open_document_says_so():
    locked = files.with_entry(
        files.open_document("<text:p>x</text:p>"),
        "META-INF/manifest.xml",
        lambda _: b"<manifest><encryption-data/></manifest>",
    )
    found = read_here("package", locked)
    assert (found.text, found.problem) == ("", "it is protected by a password")


def test_a_workbook_gives_values_hidden_sheets_and_comments():
    """A price list stays a table; in a list of people each value has the word of its column."""
    found = read_here("package", files.sheet())
    assert found.text.split("\n\n") == [
        "[sheet Prices]\nName\tQty\tPrice\nCopper Pipe\t3\t12.5\nBoiler Valve\t1\t80",
        "[hidden sheet Tenants]\n"
        "Tenant: Thomas Wexler; Phone: (518) 555-0177; Moved in: 2024-05-01",
        "[comment] ask for the discount",
    ]
    assert set(found.withheld) == {sheet_reader.NAMES, word_reader.PROPERTIES, PRIVATE}
    assert _names(found) >= {"Thomas Wexler", "Gloria Brandt", "Nora Wexler"}
    assert "Copper Pipe" not in _names(found)


@pytest.mark.parametrize("make", [files.photo, files.png])
def test_of_a_picture_only_a_statement_remains(make):
    """Not where it was taken, by whom, with which camera: only that it said so."""
    found = read_here("image", make())
    assert (found.text, found.read, found.problem) == ("", "none", image_reader.UNSEEN)
    assert {image_reader.WHO, image_reader.WORDS} <= set(found.withheld)
    assert _names(found) == {"Gloria Brandt"}


def test_the_place_and_the_camera_of_a_photo_are_told():
    told = set(read_here("image", files.photo()).withheld)
    assert {image_reader.WHERE, image_reader.SERIAL, image_reader.DEVICE} <= told


def test_what_is_written_into_a_form_is_read_with_the_name_of_its_field():
    """Field names come as words, and a field for a name names somebody."""
    fields = {
        "TenantName": "Thomas Wexler",
        "Age": "9",
        "Unit": "4B",
        "Parking": "",
        "Pets": "Off",
    }
    found = read_here("pdf", files.form(fields))
    assert found.text == "Rental form\nTenant Name: Thomas Wexler\nUnit: 4B"
    assert found.withheld == (PRIVATE,)
    assert _names(found) == {"Thomas Wexler"}
    assert found.read == "whole"


def test_notes_on_the_pages_of_a_pdf_are_read_and_its_author_is_not():
    document = FPDF()
    document.set_author("Gloria Brandt")
    document.set_font("Helvetica", size=11)
    document.add_page()
    document.cell(text="Invoice CP-1")
    document.text_annotation(50, 50, "ask for the discount")
    found = read_here("pdf", bytes(document.output()))
    assert found.text == "Invoice CP-1\n[comment] ask for the discount"
    assert found.withheld == (pdf_reader.PROPERTIES,)
    assert _names(found) == {"Gloria Brandt"}


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1\ansi{\b Boiler} is cold.\par Call.}", "Boiler is cold.\nCall."),
        (rb"{\rtf1{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}Seen}", "Seen"),
        (rb"{\rtf1\ansicpg1252 Gr\'fc\'dfe \u8364? 5\~\{x\}}", "Gr\u00fc\u00dfe \u20ac 5 {x}"),
        (rb"{\rtf1\uc2 \u8364??5}", "\u20ac5"),
        (rb"{\rtf1 Item\cell Price\cell\row Pipe\cell $12\cell\row}", "Item\tPrice\nPipe\t$12"),
        (rb"{\rtf1{\field{\*\fldinst HYPERLINK \"x\"}{\fldrslt our site}}}", "our site"),
        (b"{\\rtf1 a\\bin4 }{}}b}", "ab"),
        (rb"{\rtf1\ansicpg99999 Boiler}", "Boiler"),
        (rb"{\rtf1 Boiler", "Boiler"),
        (rb"{\rtf1 Boiler}}}}\\", "Boiler\\"),
    ],
)
def test_rich_text_is_read_as_it_looks(rtf, text):
    assert read_here("rtf", rtf).text == text


def test_of_rich_text_the_author_pictures_and_hidden_words_are_told_only():
    found = read_here(
        "rtf",
        rb"{\rtf1{\info{\author Gloria Brandt}{\title The divorce}}{\pict 89504e47}"
        rb"Boiler {\v Tim is nine}is {\deleted very }cold. \v secret \v0 Call.}",
    )
    assert found.text == "Boiler is cold. Call."
    assert set(found.withheld) == {
        word_reader.PROPERTIES, word_reader.PICTURES, word_reader.HIDDEN, word_reader.DELETED,
    }  # fmt: skip
    assert _names(found) == {"Gloria Brandt"}


def test_an_archive_is_listed_by_name_and_not_read():
    """Names come as words, so that those of people in them can be found."""
    found = read_here("package", files.archive({"a/IMG_Lucas_room.jpg": b"x", "b.txt": b"Tim"}))
    assert found.text == "Archive of 2 files:\n- a / IMG Lucas room\n- b"
    assert found.read == "part"
    assert "not read" in found.problem


@pytest.mark.parametrize(
    ("stream", "problem"),
    [
        ("EncryptedPackage", "protected by a password"),
        ("WordDocument", "old Word file"),
        ("PowerPoint Document", "old PowerPoint file"),
        ("__substg1.0_0037001F", "Outlook item"),
        ("Nothing known", "broken"),
    ],
)
def test_an_old_office_file_says_why_it_is_not_read(stream, problem):
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + stream.encode("utf-16-le")
    found = read_here("compound", content)
    assert problem in found.problem
    assert found.read == "none"


def test_a_long_document_is_read_to_the_cap_and_says_so():
    document = files.with_entry(
        files.word(),
        "word/document.xml",
        lambda _: (
            b"<d><p><r><t>" + b"</t></r></p><p><r><t>".join([b"many words here"] * 9_000)
            + b"</t></r></p></d>"
        ),
    )  # fmt: skip
    found = read_here("package", document)
    assert len(found.text) == MOST_TEXT
    assert (found.read, found.problem) == ("part", "only the start was read")
