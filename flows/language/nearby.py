"""Paths in a flows file: to files beside it or below, and never out of its folder."""

from __future__ import annotations

import fnmatch
import os
from pathlib import Path, PurePosixPath
from typing import Final

from flows.language.words import nearest, quoted

MAX_NAMES: Final = 10_000
"""Files that one pattern may fit."""


class Refused(Exception):
    """A path that cannot be used: what is wrong, and what to do."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix


def is_pattern(name: str) -> bool:
    """Return whether *name* stands for several files."""
    return "*" in name or "?" in name


def files_of(folder: Path, name: str) -> list[Path]:
    """Return the files that *name* means, in order; it stands in a file of *folder*.

    `*` and `?` stand for parts of one name, and names that begin with a dot fit neither.

    Raises:
        Refused: It means no file, or one that lies elsewhere.
    """
    parts = _parts(name)
    try:
        found = [each for each in _matching(folder, parts) if each.is_file()]
        root = folder.resolve()
        outside = [each for each in found if not each.resolve().is_relative_to(root)]
    except (OSError, ValueError, RuntimeError):  # closed to us, too long, a loop of links
        found, outside = [], []
    if outside:
        link = outside[0].relative_to(folder).as_posix()
        by = f" by {quoted(link)}" if is_pattern(name) else ""
        what = f"{quoted(name)} leads out of this file's folder{by}"
        raise Refused(what, "keep the file itself there, not a link to it")
    if not found:
        raise _missing(folder, name)
    return found


def _parts(name: str) -> tuple[str, ...]:
    parts = PurePosixPath(name).parts
    outside = name.startswith(("/", "~")) or ".." in parts or not parts
    if outside or not name.isprintable() or "\\" in name or ":" in name:
        fix = "write it relative to this file, and keep it in the same folder or below"
        raise Refused(f"{quoted(name)} is not a path below this file's folder", fix)
    if "**" in name:
        raise Refused("'**' does not stand for folders here", "name each one: flows/*.yaml")
    return parts


def _matching(folder: Path, parts: tuple[str, ...]) -> list[Path]:
    places = [folder]
    for part in parts:
        if is_pattern(part):
            pattern = part.replace("[", "[[]")
            places = [
                place / name
                for place in places
                for name in _names(place)
                if fnmatch.fnmatchcase(name, pattern)
            ]
        else:
            places = [place / part for place in places]
        if len(places) > MAX_NAMES:
            raise Refused(f"more than {MAX_NAMES:,} files fit", "name a smaller folder")
    return places


def _names(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted(each.name for each in folder.iterdir() if not each.name.startswith("."))


def _missing(folder: Path, name: str) -> Refused:
    if is_pattern(name):
        return Refused(f"no file fits {quoted(name)}", "correct the path, or remove it")
    try:
        if (folder / name).is_dir():
            return Refused(f"{quoted(name)} is a folder", "name a file in it")
        if os.path.lexists(folder / name):
            what = f"{quoted(name)} is a link that leads nowhere, or no ordinary file"
            return Refused(what, "put the file itself there")
        beside = folder / PurePosixPath(name).parent
        known = [(beside / each).relative_to(folder).as_posix() for each in _names(beside)]
    except (OSError, ValueError):
        known = []
    meant = nearest(name, known[:200])
    offer = f"did you mean {quoted(meant)}? " if meant else ""
    return Refused(f"there is no file {quoted(name)}", f"{offer}correct the path, or write it")
