"""Attachments have safe names, and the text of those that hold text."""

import base64
import os
import signal
import threading

import pytest
from fpdf import FPDF
from fpdf.enums import EncryptionMethod

from flows.intake.attachments import safe_name
from flows.intake.body import MOST_ATTACHED_TEXT, MOST_SECONDS, _Reader
from flows.intake.pdf_reader import MOST_PAGES
from flows.intake.reader_process import FileReader, read_here
from flows.intake.reading import MOST_TEXT
from flows.intake.structure import leaves, read_tree
from flows.model import Attachment
from tests.flows.intake import files
from tests.flows.intake.building import HEAD, mail, read


def _pdf(*pages: str, password: str = "") -> bytes:
    document = FPDF()
    document.set_font("Helvetica", size=11)
    if password:
        document.set_encryption(
            password, user_password=password, encryption_method=EncryptionMethod.RC4
        )
    for page in pages:
        document.add_page()
        document.multi_cell(0, 6, page)
    return bytes(document.output())


def _attached(content: bytes, *headers: bytes) -> Attachment:
    lines = (*headers, b"Content-Transfer-Encoding: base64", b"", base64.encodebytes(content))
    raw = mail(
        b"Content-Type: multipart/mixed; boundary=x",
        b"",
        b"--x",
        b"",
        b"hi",
        b"--x",
        *lines,
        b"--x--",
    )
    (only,) = read(raw).attachments
    return only


@pytest.fixture(scope="module")
def reader():
    reader = FileReader()
    yield reader
    reader.close()


def test_the_text_of_a_pdf_is_read():
    found = _attached(
        _pdf("Invoice CP-1\nTotal $12.00"), b"Content-Type: application/pdf; name=i.pdf"
    )
    assert "Invoice CP-1" in found.text
    assert "$12.00" in found.text
    assert found.problem == ""


def test_a_pdf_is_known_by_its_content():
    found = _attached(
        _pdf("Invoice CP-1"), b"Content-Type: application/octet-stream; name=scan.bin"
    )
    assert found.media_type == "application/pdf"
    assert "CP-1" in found.text


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"%PDF-1.4 nothing more", "broken"),
        (b"%PDF-1.7\n" + os.urandom(2_000), "broken"),
        (_pdf("Invoice")[:-300], ""),
        (_pdf("Invoice CP-1", password="secret"), "encrypted"),
        (_pdf(""), "only pictures"),
        (_pdf(*["page"] * (MOST_PAGES + 2)), "only the start"),
        (_pdf(*["many words " * 300] * 20), "only the start"),
    ],
)
def test_what_kept_us_from_a_pdf_is_noted(content, problem):
    found = _attached(content, b"Content-Type: application/pdf; name=i.pdf")
    assert problem in found.problem
    assert len(found.text) <= MOST_TEXT


def test_a_reader_that_is_killed_costs_one_file_and_is_started_anew(reader):
    assert "one" in reader.read("pdf", _pdf("one")).text
    os.kill(reader._process._process.pid, signal.SIGKILL)
    reader._process._process.wait()
    assert "two" in reader.read("pdf", _pdf("two")).text


def test_a_reader_that_takes_too_long_is_stopped():
    stopped = FileReader(seconds=0.0)
    assert stopped.read("pdf", _pdf("one")).problem == "the PDF takes too long to read"
    stopped.close()


def test_one_reader_serves_many_threads(reader):
    texts: dict[int, str] = {}

    def work(number: int) -> None:
        texts[number] = reader.read("pdf", _pdf(f"number {number}")).text.strip()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == {number: f"number {number}" for number in range(6)}


def test_the_same_text_comes_out_inside_of_the_process(reader):
    pdf = _pdf("Invoice CP-1")
    assert reader.read("pdf", pdf) == read_here("pdf", pdf)


@pytest.mark.parametrize(
    ("headers", "content", "text"),
    [
        (
            b"Content-Type: text/plain; name=a.txt",
            b"The meter reads 12.",
            "The meter reads 12.",
        ),
        (b"Content-Type: text/csv; name=a.csv", b"unit,rent\n4B,900\n", "unit,rent\n4B,900\n"),
        (b"Content-Type: application/octet-stream; name=a.csv", b"a,b\n", "a,b\n"),
        (
            b"Content-Type: text/html; name=a.html\nContent-Disposition: attachment",
            b"<p>seen</p><p hidden>secret</p>",
            "seen",
        ),
        (b"Content-Type: image/jpeg; name=a.jpg", b"\xff\xd8", ""),
        (b"Content-Type: application/zip; name=a.zip", b"PK", ""),
    ],
)
def test_text_is_read_of_text_and_of_nothing_else(headers, content, text):
    assert _attached(content, headers).text == text


def test_an_invitation_is_shown_as_lines():
    found = _attached(
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        b"DTSTAMP:20261001T100000Z\r\nSUMMARY:Boiler room\r\nDTSTART:20261016T140000Z\r\n"
        b"LOCATION:400 Ridge Avenue\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b"Content-Type: text/calendar; name=invite.ics",
    )
    assert "summary: Boiler room" in found.text
    assert "dtstart: 2026-10-16T14:00:00+00:00" in found.text


def test_of_a_broken_invitation_the_whole_lines_are_read():
    broken = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Boiler room\r\nLOCA"
    found = _attached(broken, b"Content-Type: text/calendar; name=i.ics")
    assert found.text == "summary: Boiler room"


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Type: application/ms-tnef; name=winmail.dat",
        b"Content-Type: application/octet-stream; name=winmail.dat",
        b"Content-Type: application/pkcs7-mime; name=smime.p7m",
    ],
)
def test_what_is_not_opened_is_noted(headers):
    found = _attached(b"\x78\x9f\x3e\x22", headers)
    assert "not opened" in found.problem
    assert found.text == ""


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\jane\\invoice.pdf", "invoice.pdf"),
        ("..", "attachment-3.pdf"),
        ("", "attachment-3.pdf"),
        ("con.pdf", "_con.pdf"),
        ("a\x00b\n.pdf", "ab .pdf"),
        ('in"vo<ice>|?*.pdf', "in_vo_ice____.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        (".htaccess", "htaccess"),
        ("Rechnung März.pdf", "Rechnung März.pdf"),
    ],
)
def test_a_file_name_is_reduced_to_a_safe_base_name(given, safe):
    assert safe_name(given, "application/pdf", 3) == safe


def test_a_long_file_name_keeps_its_ending():
    name = safe_name("x" * 5_000 + ".pdf", "application/pdf", 1)
    assert len(name) <= 120
    assert name.endswith(".pdf")


@pytest.mark.parametrize(
    ("parameter", "name"),
    [
        (b"filename*=utf-8''Rechnung%20M%C3%A4rz.pdf", "Rechnung März.pdf"),
        (b'filename*0="long "; filename*1="name.pdf"', "long name.pdf"),
        (b'filename="=?utf-8?q?M=C3=A4rz.pdf?="', "März.pdf"),
        ("filename=M\xe4rz.pdf".encode("latin-1"), "März.pdf"),
        (b"filename*=x-klingon''a%ff.pdf", "aÿ.pdf"),
    ],
)
def test_file_names_are_decoded(parameter, name):
    headers = b"Content-Type: application/pdf\nContent-Disposition: attachment; " + parameter
    assert _attached(b"%PDF-", headers).name == name


def test_a_hundred_attachments_are_listed_and_the_rest_is_named():
    part = b"--x\nContent-Type: image/png; name=a.png\n\nx\n"
    message = read(
        HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + part * 120 + b"--x--\n"
    )
    assert len(message.attachments) == 100
    assert "too many attachments; the last were left out" in message.defects


def test_a_small_picture_in_the_text_is_no_attachment_but_a_photo_is():
    small = b"Content-Type: image/png\nContent-ID: <logo@x>\nContent-Disposition: inline"
    photo = b"Content-Type: image/jpeg; name=tank.jpg\nContent-ID: <tank@x>"
    assert _attached(b"\xff" * 30_000, photo).name == "tank.jpg"
    with pytest.raises(ValueError, match="not enough values"):
        _attached(b"\x89PNG", small)


@pytest.mark.parametrize(
    ("headers", "content", "problem"),
    [
        (
            b"Content-Type: image/heic; name=a.heic",
            b"\0\0\0\x18ftypheic",
            "details were not read",
        ),
        (b"Content-Type: application/octet-stream; name=a.heic", b"\0ftyp", "details were not"),
        (b"Content-Type: audio/mpeg; name=voice.mp3", b"ID3", "a recording"),
        (b"Content-Type: video/mp4; name=a.mp4", b"\0\0ftyp", "a film"),
        (b"Content-Type: application/x-msdownload; name=a.exe", b"MZ\x90", "not read"),
        (b"Content-Type: text/plain; name=a.txt", b"a\0\0\1\2", "not read"),
        (b"Content-Type: application/pgp-signature; name=s.asc", b"-----BEGIN", "a signature"),
        (b"Content-Type: image/jpeg; name=a.jpg", b"\xff\xd8\xff\xe0", "details could not"),
        (b"Content-Type: application/msword; name=a.doc", b"\xd0\xcf\x11\xe0", "not read"),
        (b"Content-Type: application/zip; name=a.zip", b"PK\x03\x04 cut", "broken"),
        (b"Content-Type: application/pdf; name=a.pdf", b"", "empty"),
    ],
)
def test_what_is_not_read_says_so_and_why(headers, content, problem):
    found = _attached(content, headers)
    assert (found.text, found.read) == ("", "none")
    assert problem in found.problem


@pytest.mark.parametrize("content_type", [b"application/octet-stream", b"application/msword"])
def test_an_office_file_is_known_by_its_content(content_type):
    found = _attached(files.word(), b"Content-Type: " + content_type + b"; name=Estimate.docx")
    assert "Estimate E-77" in found.text
    assert found.read == "whole"


@pytest.mark.parametrize(
    ("table", "text"),
    [
        (b"Tenant;Unit;Age\nAna Ruiz;4B;9\n", "Tenant: Ana Ruiz; Unit: 4B"),
        (b'Name,Email,Notes\n"Ruiz, Ana",a@r.example,late\n',
         "Name: Ruiz, Ana; Email: a@r.example; Notes: late"),
        (b"Name,Price\nCopper Pipe,12\n", "Name,Price\nCopper Pipe,12\n"),
    ],
)  # fmt: skip
def test_a_list_of_people_is_told_row_by_row_and_other_tables_stay(table, text):
    assert _attached(table, b"Content-Type: text/csv; name=a.csv").text == text


def test_a_type_that_is_none_is_not_repeated():
    """What a sender writes there would be kept in clear."""
    found = _attached(b"x", b"Content-Type: maria-lopez/leak; name=a.bin")
    assert found.media_type == "application/octet-stream"


def test_after_a_minute_of_reading_the_rest_of_a_mail_is_named_only():
    """Each file may take twenty seconds; a mail of a hundred such files may not."""
    late = mail(
        b"Content-Type: multipart/mixed; boundary=x", b"", b"--x",
        b"Content-Type: text/csv; name=a.csv", b"", b"a,b", b"--x--",
    )  # fmt: skip
    parts, _ = leaves(read_tree(late))
    reader = _Reader()
    reader._seconds = MOST_SECONDS + 1
    reader.read(parts)
    body = reader.body()
    assert [(each.text, each.read) for each in body.attachments] == [("", "none")]
    assert "take too long" in body.attachments[0].problem
    assert body.unread == {0: b"a,b"}


def test_attached_text_has_a_cap_for_the_whole_mail():
    """What is over it is not read, and said so; nothing is cut in silence."""
    part = b"--x\nContent-Type: text/csv; name=a.csv\n\n" + b"pipe,12\n" * 8_000
    message = read(
        HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + part * 8 + b"--x--\n"
    )
    assert [each.read for each in message.attachments] == ["part"] * 6 + ["none"] * 2
    assert sum(len(each.text) for each in message.attachments) == MOST_ATTACHED_TEXT
    assert set(message.unread) == set(range(8))


INNER = (
    b"From: Rolf Tannenberg <rolf@tannenberg.example>\nSubject: Leak\n"
    b"Content-Type: multipart/mixed; boundary=y\n\n--y\n\nThe valve drips.\n"
    b"--y\nContent-Type: text/csv; name=parts.csv\n\npart,price\n--y--\n"
)


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Type: message/rfc822; name=fw.eml",
        b"Content-Type: application/octet-stream; name=fw.eml",
        b"Content-Type: text/plain; name=FW.EML",
    ],
)
def test_a_mail_that_is_packed_like_a_file_is_opened(headers):
    """Its encoded letters would hide all that it says from the cleaner."""
    message = read(_with_part(headers, base64.encodebytes(INNER)))
    outer, table = message.attachments
    assert outer.text.endswith("Subject: Leak\n\nThe valve drips.")
    assert (outer.media_type, outer.read) == ("message/rfc822", "whole")
    assert (table.name, table.text) == ("parts.csv", "part,price")
    assert "Rolf Tannenberg" in {party.name for party in message.named}


@pytest.mark.parametrize("packed", [b"no mail at all", b"", b"\x00\xff\x00" * 50])
def test_what_only_claims_to_be_a_packed_mail_is_not_read(packed):
    headers = b"Content-Type: message/rfc822; name=fw.eml"
    message = read(_with_part(headers, base64.encodebytes(packed)))
    assert all(not each.text for each in message.attachments)
    assert message.text == "hi"


def _with_part(headers: bytes, encoded: bytes) -> bytes:
    """A mail that says hi, with one part in base64."""
    encoding = b"Content-Transfer-Encoding: base64"
    return mail(
        b"Content-Type: multipart/mixed; boundary=x", b"", b"--x", b"", b"hi", b"--x",
        headers, encoding, b"", encoded, b"--x--",
    )  # fmt: skip
