"""Which reader a file needs that is a zip file or an old Office file, and what it says."""

from __future__ import annotations

from typing import Final

from flows.intake.archives import Archive, list_archive
from flows.intake.reading import Reading, Unreadable, unread
from flows.intake.sheet_reader import read_sheets
from flows.intake.word_reader import read_document

LOCKED: Final = "it is protected by a password"
OPEN_DOCUMENTS: Final = (
    b"opendocument.text",
    b"opendocument.presentation",
    b"opendocument.graphics",
)
OPEN_SHEETS: Final = b"opendocument.spreadsheet"
COMPOUNDS: Final[tuple[tuple[str, str], ...]] = (
    ("EncryptedPackage", LOCKED),
    ("WordDocument", "an old Word file (.doc), not opened"),
    ("PowerPoint Document", "an old PowerPoint file (.ppt), not opened"),
    ("__substg1.0_", "an Outlook item (.msg), not opened"),
)
"""Names of streams in an OLE compound file, and what such a file is.

Source: MS-CFB section 2.6.1: names are UTF-16."""


def read_package(content: bytes) -> Reading:
    """Return the text of an office document that is a zip file, or the names in an archive.

    Raises:
        Unreadable: No text can be had of it.
    """
    archive = Archive(content)
    names = set(archive.names)
    if "mimetype" in names:
        kind = b"".join(archive.pieces("mimetype"))[:200]
        if b"encryption-data" in b"".join(archive.pieces("META-INF/manifest.xml")):
            raise Unreadable(LOCKED)
        if OPEN_SHEETS in kind:
            return read_sheets(content, archive)
        if any(known in kind for known in OPEN_DOCUMENTS):
            return read_document(archive, open_document=True)
    if "[Content_Types].xml" in names:
        if any(name.startswith("xl/") for name in names):
            return read_sheets(content, archive)
        if any(name.startswith(("word/", "ppt/")) for name in names):
            return read_document(archive)
    return list_archive(archive)


def read_compound(content: bytes) -> Reading:
    """Return the text of an old Excel file; of other old Office files why there is none.

    Raises:
        Unreadable: No text can be had of it.
    """
    for stream, problem in COMPOUNDS:
        if stream.encode("utf-16-le") in content:
            return unread(problem)
    return read_sheets(content, None)
