"""A file made to do harm costs its own text: no traceback, no memory, no network, no wait."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.intake.archives import MOST_ENTRIES, MOST_UNPACKED
from flows.intake.calendar_reader import read_calendar, read_card
from flows.intake.content_lines import content_lines
from flows.intake.reader_process import READER, FileReader, read_here
from flows.intake.reading import MOST_TEXT
from tests.depth import times
from tests.flows.intake import files

WORD = "word/document.xml"
TYPES = {"[Content_Types].xml": b"<Types/>"}


def _word(xml: bytes) -> bytes:
    return files.with_entry(files.tracked_word(), WORD, lambda _: xml)


def _laughs() -> bytes:
    lines = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    return b'<!DOCTYPE d [<!ENTITY l0 "ha">' + lines + b"]><d><p><t>&l9;</t></p></d>"


HOSTILE_XML = {
    "billion laughs": _laughs(),
    "external entity": (
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d><p><t>&x;</t></p></d>'
    ),
    "external type": b'<!DOCTYPE d SYSTEM "http://h.example/d.dtd"><d><p><t>x</t></p></d>',
    "nested deep": b"<d>" * 100_000 + b"</d>" * 100_000,
    "cut off": b"<d><p><t>Boiler",
    "no XML": b"\x00\x01\x02 no xml",
    "two roots": b"<d/><d/>",
    "unknown charset": b'<?xml version="1.0" encoding="x-klingon"?><d/>',
}


@pytest.mark.parametrize("name", HOSTILE_XML)
def test_hostile_xml_is_refused_and_nothing_is_fetched(name):
    found = read_here("package", _word(HOSTILE_XML[name]))
    assert found.read == "none"
    assert "XML" in found.problem
    assert "root:" not in found.text


def test_a_document_with_one_bad_part_gives_the_others():
    bad = files.with_entry(files.word(), "word/footer1.xml", lambda _: _laughs())
    found = read_here("package", bad)
    assert "Replace the boiler." in found.text
    assert found.read == "part"
    assert "entities" in found.problem


def _bomb(entries: int, size: int) -> bytes:
    stream = io.BytesIO()
    blanks = b"<p>" + b" " * size + b"</p>"
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", b"<Types/>")
        for number in range(entries):
            made.writestr(f"word/header{number}.xml", blanks)
    return stream.getvalue()


def test_a_file_that_unpacks_to_far_more_is_not_opened():
    """One entry of a thousandfold, or many that together are too much."""
    assert "unpacks" in read_here("package", _bomb(1, 20_000_000)).problem
    many = _bomb(2 * MOST_UNPACKED // 900_000, 900_000)
    assert len(many) < 1_000_000
    assert "unpacks" in read_here("package", many).problem


def test_a_workbook_that_understates_its_size_is_refused():
    """Another reader unpacks workbooks: what the directory says is checked before."""
    content = bytearray(files.sheet())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 24 : at + 28] = struct.pack("<I", 10)
        at = content.find(b"PK\x01\x02", at + 1)
    assert "broken" in read_here("package", bytes(content)).problem


def test_an_archive_of_too_many_files_is_not_opened():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for number in range(MOST_ENTRIES + 1):
            made.writestr(f"{number}", b"")
    assert "too many files" in read_here("package", stream.getvalue()).problem


def test_a_directory_that_claims_to_be_huge_is_not_read():
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, 0xFFFFFFFF, 0, 0)
    assert "too many files" in read_here("package", b"PK\x03\x04" + b"\0" * 90 + end).problem


def test_an_archive_inside_of_an_archive_is_not_opened():
    inner = files.archive({"lease of Maria.txt": b"secret"})
    found = read_here("package", files.archive({"inner.zip": inner}))
    assert found.text == "Archive of 1 files:\n- Inner"


def test_a_sheet_with_a_cell_at_its_far_corner_fills_no_memory():
    """A grid of 17 thousand million cells: the reader may die of it, the next file is read."""
    far = files.with_entry(
        files.sheet(),
        "xl/worksheets/sheet1.xml",
        lambda _: (
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
            b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
        ),
    )
    assert len(READER.read("package", far).text) <= MOST_TEXT
    assert "Estimate E-77" in READER.read("package", files.word()).text


def test_a_picture_of_any_size_costs_its_header_only():
    """A PNG that claims 60,000 by 60,000 pixels is not decoded."""
    head = struct.pack(">II5B", 60_000, 60_000, 8, 6, 0, 0, 0)
    chunk = b"IHDR" + head
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    png += struct.pack(">I", zlib.crc32(chunk))
    found = read_here("image", png + struct.pack(">I", 0) + b"IEND\xaeB`\x82")
    assert found.read == "none"
    assert found.problem


def test_a_reader_that_is_too_slow_is_stopped_and_the_next_file_is_read():
    hurried = FileReader(seconds=0.0)
    assert "takes too long" in hurried.read("package", files.word()).problem
    hurried.close()


@pytest.mark.parametrize("name", ["word", "sheet", "photo", "png"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_file_that_is_cut_off_is_told_to_be_broken_or_read_in_part(name, part):
    content = getattr(files, name)()
    kind = "image" if name in ("photo", "png") else "package"
    found = read_here(kind, content[: int(len(content) * part)])
    assert found.problem
    assert found.read != "whole"


KINDS = {
    "package": b"PK\x03\x04",
    "compound": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "rtf": b"{\\rtf1",
    "image": b"\xff\xd8\xff",
}


@given(kind=st.sampled_from(sorted(KINDS)), content=st.binary(max_size=600))
@settings(deadline=None, max_examples=times(60))
def test_any_bytes_end_in_a_reading(kind, content):
    found = read_here(kind, KINDS[kind] + content)
    assert found.problem or found.read == "whole"


@given(at=st.integers(0, 40_000), put=st.binary(min_size=1, max_size=40))
@settings(deadline=None, max_examples=times(30))
def test_a_damaged_file_ends_in_a_reading(at, put):
    for kind, content in (("package", SHEET), ("package", DOCUMENT), ("image", PHOTO)):
        where = at % len(content)
        damaged = content[:where] + put + content[where + len(put) :]
        assert read_here(kind, damaged).read in ("whole", "part", "none")


SHEET, DOCUMENT, PHOTO = files.sheet(), files.word(), files.photo()


@pytest.mark.parametrize(
    "line",
    ["\\" * 50_000, ";" * 50_000, '"' * 50_001, "A;" * 30_000, ":" * 50_000, "\n " * 50_000],
)
def test_content_lines_take_time_in_proportion(line):
    """Whatever is repeated, a calendar and a card are read or refused at once."""
    text = f"BEGIN:VEVENT\nSUMMARY:{line}\n{line}\nEND:VEVENT\n"
    assert sum(len(each.value) for each in content_lines(text)) <= 2 * len(text)
    assert len(read_calendar(text).text) <= MOST_TEXT
    assert len(read_card(text).text) <= MOST_TEXT


@pytest.mark.parametrize(
    "piece",
    [
        b"{",
        b"}",
        b"\\\\",
        b"{\\*",
        b'{\\field{\\*\\fldinst{ HYPERLINK "x',
        b"\\bin9 ",
        b"\\u-1",
        b"\\'",
    ],
)
def test_rich_text_takes_time_in_proportion(piece):
    """Whatever is repeated, a file of megabytes is read or refused in seconds."""
    assert len(read_here("rtf", b"{\\rtf1 " + piece * 300_000).text) <= MOST_TEXT


@given(
    st.binary(max_size=300), st.sampled_from([b"{", b"\\", b"\\v ", b"\\bin", b"\\u1 ", b"}"])
)
@settings(deadline=None)
def test_any_rich_text_ends_in_a_reading(content, piece):
    assert read_here("rtf", b"{\\rtf1" + piece + content + piece).read == "whole"


@given(st.text(alphabet='BEGIN:VCARDEVNT\n\r;="\\,TZ0 ', max_size=300))
@settings(deadline=None)
def test_any_calendar_or_card_ends_in_a_reading(text):
    assert read_calendar(text).read in ("whole", "part", "none")
    assert read_card(text).read in ("whole", "part", "none")
