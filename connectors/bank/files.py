"""Which files may be bank files, and their text."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from flows.errors import AdministratorError

MAX_BYTES = 67_108_864
"""Larger files are not read; a year of a busy account is under a hundredth of this."""

_SETTLED_SECONDS = 2.0
_DROPPINGS = frozenset({"thumbs.db", "desktop.ini"})
_DROPPED_ENDINGS = (".swp", ".swo", ".lock", ".part", ".crdownload")
_BLANKS_AND_MARKS = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_DECLARED = re.compile(rb"(?:CHARSET:\s*|encoding=[\"'])([A-Za-z0-9_-]+)", re.IGNORECASE)
_CAMT = re.compile(rb"<(?:\w+:)?BkToCstmr|iso:20022:tech:xsd:camt\.05", re.ASCII)
_MT940 = re.compile(
    rb"(?:^|[\r\n]|\{4:):20:.{0,40}?[\r\n]+:(?:21|25|28C?|60[FM]|13D|34F)", re.DOTALL
)
_CODECS = {"1252": "cp1252", "none": "utf-8", "usascii": "utf-8"}


@dataclass(frozen=True, slots=True)
class BankFile:
    """One file: its path for people, and its bytes, or the reason why there are none.

    `named_alone`: flows.yaml names this very file, not a directory that holds it.
    """

    name: str
    content: bytes
    reason: str = ""
    named_alone: bool = False

    @property
    def is_ofx(self) -> bool:
        """Tell whether this is OFX or QFX, whatever its name."""
        head = self._head.upper()
        return head.startswith(b"OFXHEADER") or (head.startswith(b"<") and b"<OFX>" in head)

    @property
    def is_camt(self) -> bool:
        """Tell whether this is a bank's message in XML by ISO 20022, whatever its name."""
        head = self._head
        return head.startswith(b"<") and _CAMT.search(head) is not None

    @property
    def is_mt940(self) -> bool:
        """Tell whether this is MT940 or a message of its family, whatever its name."""
        return _MT940.search(self._head) is not None

    @property
    def _head(self) -> bytes:
        return self.content[:65_536].replace(b"\0", b"").lstrip(_BLANKS_AND_MARKS)

    @property
    def is_certainly_table(self) -> bool:
        """Tell whether somebody says that this is a CSV, by its name or by naming it."""
        return self.named_alone or self.name.lower().endswith((".csv", ".tsv"))

    @property
    def text(self) -> str | None:
        """Return the text, or None for what is not text at all."""
        text = decoded(self.content)
        sample = text[:65_536]
        return None if len(_CONTROL.findall(sample)) * 10 > len(sample) else text


def decoded(content: bytes) -> str:
    """Return the text of a bank file: by its mark, what it declares, UTF-8, or cp1252."""
    return content.decode(encoding_of(content), "replace")


def encoding_of(content: bytes) -> str:
    """Return the codec that reads the text of a bank file."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = content[:400]
    if head.count(b"\0") * 3 > len(head):
        little = head[1::2].count(0) > head[::2].count(0)
        return "utf-16-le" if little else "utf-16-be"
    declared = _DECLARED.search(head)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    for codec in ("utf-8-sig", _CODECS.get(name, name), "cp1252"):
        with contextlib.suppress(UnicodeError, LookupError):
            content.decode(codec)
            return codec
    return "latin-1"


def load(path: Path) -> Iterator[BankFile]:
    """Yield the files below *path*, or *path* itself, in the order of their names.

    Files and directories whose names begin with a dot, and what editors and browsers leave
    about while they write, are left out; so are links, pipes and devices.

    Raises:
        AdministratorError: The path is missing or closed to us.
    """
    resolved, names = _names(path)
    for name in names:
        place = resolved / name if name else resolved
        file = _read(shown(name or resolved.name), place)
        if file:
            yield replace(file, named_alone=not name)


def marks(path: Path, now: float) -> tuple[tuple[str | int, ...], ...] | None:
    """Return what changes with any of the files below *path*, or None where that is not sure.

    A file that has just changed may change again within the same tick of the file system's
    clock. *now* is the time in seconds since 1970.

    Raises:
        AdministratorError: As `load`.
    """
    resolved, names = _names(path)
    found: list[tuple[str | int, ...]] = []
    for name in names:
        try:
            seen = (resolved / name).lstat()
        except OSError:
            return None
        if seen.st_ctime > now - _SETTLED_SECONDS:
            return None
        found.append((name, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns))
    return tuple(found)


def _names(path: Path) -> tuple[Path, list[str]]:
    try:
        resolved = path.resolve(strict=True)
        if not resolved.is_dir():
            return resolved, [""]
        closed: list[OSError] = []
        found: list[str] = []
        for top, directories, files in os.walk(resolved, onerror=closed.append):
            directories[:] = [name for name in directories if not name.startswith(".")]
            places = [Path(top, name) for name in files if _is_bank_name(name)]
            found += (os.path.relpath(place, resolved) for place in places)
        for error in closed:
            if error.filename == str(resolved):
                raise error
            found.append(os.path.relpath(error.filename, resolved))
    except (OSError, RuntimeError) as error:
        raise AdministratorError(
            f"the bank files at {shown(str(path))} cannot be opened"
            f" ({getattr(error, 'strerror', None) or 'a loop of links'})",
            fix="mount them, correct `path` in flows.yaml, or let this user read them",
        ) from None
    return resolved, sorted(found, key=os.fsencode)


def _read(name: str, path: Path) -> BankFile | None:
    """Return the file; None for what is gone by now and for what is no regular file."""
    try:
        if not path.is_dir() and not stat.S_ISREG(path.lstat().st_mode):
            return None
        with path.open("rb") as stream:
            if os.fstat(stream.fileno()).st_size > MAX_BYTES:
                return BankFile(name, b"", "too_large")
            return BankFile(name, stream.read(MAX_BYTES + 1))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return BankFile(name, b"", "unreadable")


def shown(path: str) -> str:
    """Return a path as valid text for people."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _is_bank_name(name: str) -> bool:
    low = name.lower()
    return not (
        low.startswith((".", "~$")) or low in _DROPPINGS or low.endswith(_DROPPED_ENDINGS)
    )
