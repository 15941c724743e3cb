"""Attachments: a safe name, the type, the size, and the text of those that hold text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.message import Message as Part
from email.utils import collapse_rfc2231_value
from itertools import islice
from pathlib import PurePosixPath
from typing import Final

from flows.intake.calendar_reader import read_calendar, read_card
from flows.intake.charsets import clean, clean_line, decode, original_bytes
from flows.intake.encoded import LEFT_OUT, without_files
from flows.intake.headers import decoded, readable
from flows.intake.html import read_html
from flows.intake.invoices.html import invoice_in_text
from flows.intake.invoices.xml import looks_like
from flows.intake.people_columns import people_list, told
from flows.intake.reader_process import READER
from flows.intake.reading import MOST_TEXT, ONLY_THE_START, Reading, reading, unread
from flows.model import Attachment, Party

LONGEST_NAME: Final = 120
OFFICE: Final = "application/vnd.openxmlformats-officedocument"
OPEN: Final = "application/vnd.oasis.opendocument"
TYPES: Final[Mapping[str, str]] = {
    ".txt": "text/plain", ".csv": "text/csv", ".tsv": "text/tab-separated-values",
    ".htm": "text/html", ".html": "text/html", ".ics": "text/calendar", ".vcf": "text/vcard",
    ".xml": "application/xml",
    ".pdf": "application/pdf", ".rtf": "application/rtf", ".zip": "application/zip",
    ".docx": f"{OFFICE}.wordprocessingml.document", ".xlsx": f"{OFFICE}.spreadsheetml.sheet",
    ".pptx": f"{OFFICE}.presentationml.presentation",
    ".doc": "application/msword", ".xls": "application/vnd.ms-excel",
    ".odt": f"{OPEN}.text", ".ods": f"{OPEN}.spreadsheet",
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif",
    ".heic": "image/heic", ".eml": "message/rfc822",
}  # fmt: skip
"""By the ending of a name: the type of a file whose sender named none, or a wrong one."""

UNTOLD: Final = frozenset(
    {"application/octet-stream", "text/plain", "application/x-unknown", "application/download"}
)
MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"PK\x03\x04", "package"), (b"PK\x05\x06", "package"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "compound"), (b"{\\rtf", "rtf"),
    (b"\xff\xd8\xff", "image"), (b"\x89PNG\r\n", "image"), (b"GIF8", "image"),
    (b"II*\0", "image"), (b"MM\0*", "image"), (b"BM", "image"),
)  # fmt: skip
"""By the first bytes: which reader takes the file, whatever its sender says that it is."""

AS_TEXT: Final = frozenset(
    {
        "text/plain", "text/csv", "text/tab-separated-values", "text/markdown", "text/xml",
        "application/xml", "application/json", "text/x-log", "text/enriched", "text/richtext",
        "message/delivery-status", "text/rfc822-headers",
    }
)  # fmt: skip
CALENDARS: Final = frozenset({"text/calendar", "application/ics"})
CARDS: Final = frozenset({"text/vcard", "text/x-vcard", "text/directory"})
NOT_OPENED: Final[Mapping[str, str]] = {
    "application/ms-tnef": "an Outlook winmail.dat, not opened",
    "application/vnd.ms-tnef": "an Outlook winmail.dat, not opened",
    "application/pkcs7-mime": "encrypted or signed by S/MIME, not opened",
    "application/x-pkcs7-mime": "encrypted or signed by S/MIME, not opened",
    "application/pgp-encrypted": "encrypted by PGP, not opened",
    "application/pkcs7-signature": "a signature, not opened",
    "application/pgp-signature": "a signature, not opened",
}
KINDS_NOT_OPENED: Final[Mapping[str, str]] = {
    "audio/": "a recording, not opened",
    "video/": "a film, not opened",
    "image/": "a picture whose details were not read",
    "font/": "a font, not opened",
}
OTHER: Final = "a file of a kind that is not read"
TNEF: Final = b"\x78\x9f\x3e\x22"
RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
ENDINGS: Final = {
    "application/pdf": ".pdf", "text/plain": ".txt", "text/html": ".html", "text/csv": ".csv",
    "text/calendar": ".ics", "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif",
    "message/rfc822": ".eml",
}  # fmt: skip

_WORDS = re.compile(r"(?:[^\W\d_]{2,15}[.,!?]?[ \n]+){3}")
"""Words and spaces: text that only claims to be base64."""

_TYPE = re.compile(
    r"(?:application|audio|font|image|message|model|text|video)/[a-z0-9.+-]{1,90}"
)
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class Found:
    """An attachment, and whom it names in places made for names."""

    attachment: Attachment
    people: tuple[Party, ...] = ()


def attachment_of(part: Part, media_type: str, content: bytes, number: int) -> Found:
    """Return the attachment in *part*, the *number*th of its mail; never fails."""
    name = safe_name(file_name(part), media_type, number)
    media_type = _true_type(media_type, name, content)
    found = _read(media_type, name, content, charset_of(part))
    text, encoded = without_files(clean(found.text))
    if encoded:
        found = replace(found, read="part", withheld=(*found.withheld, LEFT_OUT))
    attachment = Attachment(
        name=name,
        media_type=media_type,
        size=len(content),
        text=text,
        problem=found.problem,
        read=found.read,
        withheld=found.withheld,
        invoice=found.invoice,
    )
    return Found(attachment, found.people)


def named_only(part: Part, media_type: str, content: bytes, number: int) -> Found:
    """Return the attachment in *part* unopened, where others took all the time there was."""
    name = safe_name(file_name(part), media_type, number)
    media_type = _true_type(media_type, name, content)
    problem = "not read: the files of this mail take too long"
    return Found(
        Attachment(
            name=name, media_type=media_type, size=len(content), problem=problem, read="none"
        )
    )


def file_name(part: Part) -> str:
    """Return the file name as the sender gave it, decoded; "" where there is none."""
    for field, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        try:
            value = _with_readable(part, field).get_param(parameter, "", field)
            name = value if isinstance(value, str) else collapse_rfc2231_value(value)
        except (ValueError, TypeError, AttributeError, IndexError, LookupError):
            continue
        if name:
            return decoded(readable(str(name)))
    return ""


def _with_readable(part: Part, field: str) -> Part:
    """Return a part whose *field* is text: the parser masks raw 8-bit bytes in it."""
    raw = next((str(value) for name, value in part.raw_items() if name.lower() == field), "")
    if raw.isascii():
        return part
    copy = Part()
    copy[field] = readable(raw)
    return copy


def safe_name(name: str, media_type: str, number: int) -> str:
    """Return a base name that is safe on any file system: no path, no tricks, not empty."""
    base = PurePosixPath(clean_line(name).replace("\\", "/")).name
    base = _FORBIDDEN.sub("_", base).strip(" .")
    if not base or RESERVED.match(base):
        ending = ENDINGS.get(media_type, "")
        return f"attachment-{number}{ending}" if not base else f"_{base}"
    if len(base) > LONGEST_NAME:
        stem, dot, ending = base.rpartition(".")
        short = dot and len(ending) <= 10  # noqa: PLR2004 - longer is no file type
        base = f"{stem[: LONGEST_NAME - 11]}.{ending}" if short else base[:LONGEST_NAME]
    return base


def charset_of(part: Part) -> str:
    """Return the charset that a part declares, "" where it declares none."""
    try:
        value = part.get_param("charset", "")
        return str(value if isinstance(value, str) else collapse_rfc2231_value(value))
    except (ValueError, TypeError, AttributeError, IndexError, LookupError):
        return ""


def content_of(part: Part) -> tuple[bytes, str]:
    """Return the decoded bytes of a leaf and what was wrong with their encoding, if anything.

    Content that does not keep to its Content-Transfer-Encoding comes as far as it can be
    decoded.
    """
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding and str(part["content-transfer-encoding"]) != encoding:
        del part["content-transfer-encoding"]
        part["content-transfer-encoding"] = encoding
    before = len(part.defects)
    try:
        if encoding == "base64" and _WORDS.search(str(part.get_payload())[:2_000]):
            return original_bytes(str(part.get_payload())), "broken transfer encoding"
        payload = part.get_payload(decode=True)
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError):
        payload = original_bytes(str(part.get_payload()))
        return payload, "broken transfer encoding"
    problem = "broken transfer encoding" if len(part.defects) > before else ""
    return payload if isinstance(payload, bytes) else b"", problem


def _true_type(media_type: str, name: str, content: bytes) -> str:
    """Return the type by content, by name where the sender told none, else as told."""
    if b"%PDF-" in content[:1024]:
        return "application/pdf"
    if media_type in UNTOLD:
        return TYPES.get(PurePosixPath(name).suffix.lower(), media_type)
    if not _TYPE.fullmatch(media_type):
        return "application/octet-stream"  # whatever is written there is kept in clear
    return "text/csv" if media_type == "application/csv" else media_type


def _read(media_type: str, name: str, content: bytes, charset: str) -> Reading:
    """Return what can be read of *content*, by its first bytes, then by its type."""
    if why := _not_opened(media_type, name, content):
        return unread(why)
    kind = "pdf" if media_type == "application/pdf" else _kind(content)
    if kind:
        return READER.read(kind, content)
    if media_type in CALENDARS or media_type in CARDS:
        text, problem = decode(content[: MOST_TEXT * 40], charset or "utf-8")
        found = read_card(text) if media_type in CARDS else read_calendar(text)
        return _with_problem(found, problem)
    if media_type in AS_TEXT or media_type == "text/html":
        found = _plain_text(media_type, content, charset)
        if media_type != "text/html" and looks_like(content):
            return replace(found, invoice=READER.read("invoice", content).invoice)
        return found
    told = (why for start, why in KINDS_NOT_OPENED.items() if media_type.startswith(start))
    return unread(next(told, OTHER))


def _not_opened(media_type: str, name: str, content: bytes) -> str:
    """Return why a file is not looked into, "" where it is."""
    if not content:
        return "empty"
    if name.lower() == "winmail.dat" or content.startswith(TNEF):
        return NOT_OPENED["application/ms-tnef"]
    return NOT_OPENED.get(media_type, "")


def _kind(content: bytes) -> str:
    """Return which reader takes a file with these first bytes, "" where none does."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image"
    start = content[:16].lstrip(b"\r\n\t ")
    return next((kind for magic, kind in MAGIC if start.startswith(magic)), "")


def _plain_text(media_type: str, content: bytes, charset: str) -> Reading:
    if b"\0" in content[:1024] and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return unread(OTHER)
    if media_type == "text/html":
        text, problem = decode(content, charset)
        seen = read_html(text)
        invoice = invoice_in_text(seen.text[:MOST_TEXT])
        found = reading(seen.text, withheld=seen.withheld, invoice=invoice)
        return _with_problem(found, problem)
    text, problem = decode(content[: MOST_TEXT * 4], charset)
    if media_type in ("text/csv", "text/tab-separated-values"):
        return _with_problem(_table(text), problem)
    return _with_problem(reading(text), problem)


def _table(text: str) -> Reading:
    """Return a table of text as it stands, or row by row where it is a list of people."""
    start = text[:MOST_TEXT]
    mark = max("\t;,", key=start[:2_000].count)
    try:
        rows = list(islice(csv.reader(io.StringIO(start, newline=""), delimiter=mark), 5_000))
    except csv.Error:
        return reading(text)
    listed = people_list(rows)
    if listed is None:
        return reading(text)
    cut = "" if len(text) <= MOST_TEXT else ONLY_THE_START
    lines = "\n".join(told(rows, listed))
    return reading(lines, problem=cut, withheld=listed.withheld, people=listed.people)


def _with_problem(found: Reading, problem: str) -> Reading:
    """Return *found* with a *problem* of its charset, which keeps nobody from reading."""
    return replace(found, problem=found.problem or problem)
