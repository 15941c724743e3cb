"""Attachments: a safe name, the type, the size, and the text of those that hold text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message as Part
from email.utils import collapse_rfc2231_value
from pathlib import PurePosixPath
from typing import Final

from flows.intake.charsets import clean_line, decode, original_bytes
from flows.intake.headers import decoded, readable
from flows.intake.html import html_to_text
from flows.intake.pdf_reader import READER
from flows.model import Attachment

MOST_TEXT: Final = 50_000
"""Characters of text read of one attachment."""

LONGEST_NAME: Final = 120
TEXTS: Final = frozenset({"text/plain", "text/csv", "text/tab-separated-values"})
TEXT_ENDINGS: Final = {
    ".txt": "text/plain", ".csv": "text/csv", ".tsv": "text/tab-separated-values",
    ".htm": "text/html", ".html": "text/html", ".ics": "text/calendar",
    ".pdf": "application/pdf",
}  # fmt: skip
NOT_OPENED: Final = {
    "application/ms-tnef": "an Outlook winmail.dat, not opened",
    "application/vnd.ms-tnef": "an Outlook winmail.dat, not opened",
    "application/pkcs7-mime": "encrypted or signed by S/MIME, not opened",
    "application/x-pkcs7-mime": "encrypted or signed by S/MIME, not opened",
    "application/pgp-encrypted": "encrypted by PGP, not opened",
}
RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
ENDINGS: Final = {
    "application/pdf": ".pdf", "text/plain": ".txt", "text/html": ".html", "text/csv": ".csv",
    "text/calendar": ".ics", "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif",
    "message/rfc822": ".eml",
}  # fmt: skip

_WORDS = re.compile(r"(?:[^\W\d_]{2,15}[.,!?]?[ \n]+){3}")
"""Words and spaces: text that only claims to be base64."""

_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]')


def attachment_of(part: Part, media_type: str, content: bytes, number: int) -> Attachment:
    """Return the attachment in *part*, the *number*th of its mail; never fails."""
    name = safe_name(file_name(part), media_type, number)
    media_type = _true_type(media_type, name, content)
    text, problem = _text_of(media_type, content, charset_of(part))
    if name.lower() == "winmail.dat":
        problem = NOT_OPENED["application/ms-tnef"]
    if len(text) > MOST_TEXT:
        text, problem = text[:MOST_TEXT], problem or "only the start was read"
    return Attachment(
        name=name, media_type=media_type, size=len(content), text=text, problem=problem
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
    if b"%PDF-" in content[:1024]:
        return "application/pdf"
    if media_type in ("application/octet-stream", "text/plain", "application/x-unknown"):
        return TEXT_ENDINGS.get(PurePosixPath(name).suffix.lower(), media_type)
    return "text/csv" if media_type == "application/csv" else media_type


def _text_of(media_type: str, content: bytes, charset: str) -> tuple[str, str]:
    if media_type in NOT_OPENED or not content:
        return "", NOT_OPENED.get(media_type, "empty")
    if media_type == "application/pdf":
        text, problem = READER.read(content)
        return decode(text.encode("utf-8", "replace"), "utf-8")[0], problem
    if media_type in TEXTS and b"\0" not in content[:1024]:
        return decode(content[: MOST_TEXT * 4], charset)
    if media_type == "text/html":
        text, problem = decode(content, charset)
        return html_to_text(text), problem
    if media_type in ("text/calendar", "application/ics"):
        return _calendar(content, charset)
    return "", ""


def _calendar(content: bytes, charset: str) -> tuple[str, str]:
    """Return the events of a calendar file as lines that people read."""
    text, problem = decode(content[: MOST_TEXT * 4], charset or "utf-8")
    try:
        from icalendar import Calendar  # noqa: PLC0415 - loaded where a mail has an invitation

        lines = list(_event_lines(Calendar.from_ical(text)))
    except Exception:  # noqa: BLE001 - a calendar that its reader refuses is shown as it stands
        return text, problem or "the calendar is broken; shown as it stands"
    return ("\n".join(lines), problem) if lines else (text, problem)


def _event_lines(calendar: object) -> Iterator[str]:
    for event in calendar.walk("VEVENT"):  # type: ignore[attr-defined]  # icalendar is untyped here
        for name in ("summary", "dtstart", "dtend", "location", "organizer", "description"):
            value = event.get(name)
            if value is None:
                continue
            shown = value.dt.isoformat() if hasattr(value, "dt") else str(value)
            yield f"{name}: {decode(shown.encode('utf-8', 'replace'), 'utf-8')[0].strip()}"
        yield ""
