"""Names for files that every system takes as one name in one folder, and as nothing else.

Source: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

NAME_SUFFIXES: Final = (".txt", ".md", ".json")
"""What a file may be called at its end: kinds that are shown, and that nothing runs."""

_LONGEST: Final = 120
_LONGEST_BYTES: Final = 200
_DEEPEST: Final = 6
_REFUSED: Final = re.compile(r'[<>:"/\\|?*]')
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
)


def safe_name(text: str) -> str:
    """Return *text* as the name of a file, with one of `NAME_SUFFIXES` at its end.

    Separators, control and direction characters become hyphens, dots and blanks at the ends
    go, and the name of a device gets a hyphen in front.
    """
    flat = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    shown = "".join(char if char.isprintable() else "-" for char in flat)
    name = " ".join(_REFUSED.sub("-", shown).split())
    suffix = next((end for end in NAME_SUFFIXES if name.lower().endswith(end)), "")
    stem = name[: len(name) - len(suffix)].strip(" .")[:_LONGEST]
    while len(stem.encode()) > _LONGEST_BYTES:
        stem = stem[:-1]
    stem = stem.strip(" .") or "file"
    if _is_device(stem):
        stem = f"-{stem}"
    return stem + (suffix or NAME_SUFFIXES[0])


def is_safe(name: str) -> bool:
    """Tell whether *name* is one that can stand in a folder of every system, and be seen."""
    return bool(
        name
        and name == unicodedata.normalize("NFC", name)
        and name.isprintable()
        and not _REFUSED.search(name)
        and name == name.strip(" .")
        and len(name.encode("utf-8", "replace")) <= _LONGEST_BYTES + len(".json")
        and not _is_device(name)
    )


def folder_fault(folder: str) -> str:
    """Return what keeps *folder*, `jobs/new`, from being one below another; empty for none."""
    if not folder:
        return ""
    names = folder.split("/")
    if len(names) > _DEEPEST:
        return f"go {_DEEPEST} folders deep at most"
    if not all(map(is_safe, names)):
        return "write names with a slash between them, such as jobs/new; no dots around them"
    return ""


def _is_device(name: str) -> bool:
    return name.partition(".")[0].strip().lower() in _DEVICES
