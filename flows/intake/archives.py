"""Zip files from strangers: bounded in entries, in unpacked size and in time."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from flows.intake.reading import Reading, Unreadable, reading, unread

MOST_ENTRIES: Final = 5_000
MOST_DIRECTORY: Final = 2_000_000
"""Bytes of the directory at the end of a zip file; Python needs some ten times that."""

MOST_UNPACKED: Final = 64 * 1024 * 1024
"""Bytes unpacked of one file, all its entries together."""

MOST_RATIO: Final = 400
"""Unpacked to packed bytes of an entry over 1 MB; documents reach 50, deflate at most 1032."""

LISTED: Final = 200
PIECE: Final = 65_536

_END = struct.Struct("<4s4H2LH")
_END_MARK: Final = b"PK\x05\x06"
_ENCRYPTED: Final = 0x1
_BOMB: Final = "it unpacks to far more than it may, not opened"
_BROKEN: Final = "the file is broken"


class Archive:
    """A zip file whose entries can be read in pieces, within one budget.

    Raises:
        Unreadable: It is broken, a bomb, or has too many entries. So do the methods.
    """

    def __init__(self, content: bytes) -> None:
        _check_directory(content)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise Unreadable(_BROKEN) from None
        self._entries = {info.filename: info for info in self._zip.infolist()}
        if len(self._zip.infolist()) > MOST_ENTRIES:
            raise Unreadable("it holds too many files, not opened")
        self._left = MOST_UNPACKED

    @property
    def names(self) -> list[str]:
        """Return the names of the entries, in the order of the directory."""
        return list(self._entries)

    @property
    def encrypted(self) -> bool:
        """Return whether any entry asks for a password."""
        return any(info.flag_bits & _ENCRYPTED for info in self._entries.values())

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the content of an entry piece by piece; it comes out of the budget."""
        info = self._entries.get(name)
        if info is None:
            return
        if info.flag_bits & _ENCRYPTED:
            raise Unreadable("it is protected by a password")
        large = info.file_size > 1_000_000  # noqa: PLR2004 - small entries may be all blanks
        if large and info.file_size > MOST_RATIO * max(1, info.compress_size):
            raise Unreadable(_BOMB)
        try:
            with self._zip.open(info) as stream:
                while piece := stream.read(PIECE):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise Unreadable(_BOMB)
                    yield piece
        except (
            zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError,
            RuntimeError, struct.error, KeyError,
        ):  # fmt: skip
            raise Unreadable(_BROKEN) from None

    def check(self) -> None:
        """Unpack every entry once, so that another reader may be trusted with the file.

        Sizes that the directory understates are found out by their checksums.
        """
        for name in self._entries:
            for _ in self.pieces(name):
                pass


def _check_directory(content: bytes) -> None:
    """Refuse a zip file whose directory alone would fill the memory."""
    at = content.rfind(_END_MARK, max(0, len(content) - 65_557))
    if at < 0 or len(content) - at < _END.size:
        raise Unreadable(_BROKEN)
    size = _END.unpack_from(content, at)[5]
    # 2**32 - 1 says "look into the zip64 record": no mail holds a file that needs one.
    if size > MOST_DIRECTORY:
        raise Unreadable("it holds too many files, not opened")


def list_archive(archive: Archive) -> Reading:
    """Return the names in a zip file, split into words, as text; its files are not read."""
    from anonymizer.text.file_names import spread  # noqa: PLC0415 - only archives need it

    names = [name for name in archive.names if not name.endswith("/")]
    if not names:
        return unread("an archive with nothing in it")
    lines = [f"- {' / '.join(spread(part[:120]).text for part in _path(name))}"
             for name in names[:LISTED]]  # fmt: skip
    if len(names) > LISTED:
        lines.append(f"- and {len(names) - LISTED} more")
    locked = "; it is protected by a password" if archive.encrypted else ""
    return reading(
        "\n".join([f"Archive of {len(names)} files:", *lines]),
        problem=f"an archive: its files are listed, not read{locked}",
    )


def _path(name: str) -> list[str]:
    clean = "".join(char if char.isprintable() else " " for char in name)
    return [part.strip() for part in clean.replace("\\", "/").split("/") if part.strip()][-6:]
