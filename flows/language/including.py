"""The files that a flows.yaml includes, read and joined to it as if they were one.

Everything keeps the place in the file where it stands. A path is relative to the file that
names it and stays below that file's folder, also where links lead; `*` and `?` stand for
parts of one name. A file that is included twice counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from flows.errors import FlowsFileError, JigajobError, Place, Problem
from flows.language.nearby import Refused, files_of, is_pattern
from flows.language.places import Document, Tree
from flows.language.words import kind_of, listed, quoted

MAX_FILES: Final = 1_000
MAX_DEPTH: Final = 5
MAX_CHARACTERS: Final = 5_000_000
LISTS: Final = ("flows",)
NAMED: Final = ("data", "blocks")
KEYS: Final = ("include", *LISTS, *NAMED)
NOTHING_INCLUDED: Final = f"write one or more of {listed(KEYS)}, or include it no more"
"""What to do about an included file that is empty."""

Read = Callable[[Path], Document]


def with_included(document: Document, path: Path, read: Read) -> Document:
    """Return *document*, read from *path*, with all that it includes; *read* reads a file.

    Raises:
        FlowsFileError: An included file cannot be read to its end.
    """
    root = document.root
    if "include" not in root.values:
        return document
    reader = _Reader(read, path)
    reader.follow(root, path, (path.resolve(),))
    if reader.unreadable:
        raise FlowsFileError((*document.problems, *reader.problems, *reader.unreadable))
    whole, doubles = _joined(root, reader.parts)
    return Document(whole, (*document.problems, *reader.problems, *doubles))


class _Reader:
    """Follows `include` from file to file, in the order in which they are written."""

    def __init__(self, read: Read, first: Path) -> None:
        self._read = read
        self._seen = {first.resolve()}
        self._spent = 0
        self.parts: list[Tree] = []
        self.problems: list[Problem] = []
        self.unreadable: list[Problem] = []

    def follow(self, root: Tree, path: Path, above: tuple[Path, ...]) -> None:
        """Read what *root*, the file at *path*, includes; *above* are those that led here."""
        written = root.values.get("include")
        for each in written.items if written else ():
            if isinstance(each.data, str):
                self._each(each, path, above)

    def _each(self, name: Tree, path: Path, above: tuple[Path, ...]) -> None:
        try:
            found = files_of(path.parent, name.data)
        except Refused as refused:
            self._problem(name, refused.what, refused.fix)
            return
        for place in found:
            resolved = place.resolve()
            if resolved in above:
                if not is_pattern(name.data):
                    what = f"{quoted(name.data)} includes the file that it is included by"
                    self._problem(name, what, "remove one of the two")
            elif resolved not in self._seen:
                self._seen.add(resolved)
                self._part(name, place, (*above, resolved))

    def _part(self, name: Tree, place: Path, above: tuple[Path, ...]) -> None:
        if len(above) > MAX_DEPTH:
            what = f"files include each other more than {MAX_DEPTH} deep"
            self._problem(name, what, "include the file further up")
            return
        if len(self._seen) > MAX_FILES or self._spent > MAX_CHARACTERS:
            if not self.unreadable:
                what = f"more than {MAX_FILES:,} files or {MAX_CHARACTERS:,} characters"
                self.unreadable.append(
                    Problem(_at(name), f"{what} are included", "include fewer files", "include")
                )
            return
        try:
            part = self._read(place)
        except FlowsFileError as error:
            self.unreadable.extend(error.problems)
            return
        except JigajobError as error:
            self._problem(name, error.what, error.fix)
            return
        self._spent += len(part.root.origin.text)
        self.problems.extend(part.problems)
        self.problems.extend(_unfit(part))
        self.parts.append(part.root)
        self.follow(part.root, place, above)

    def _problem(self, tree: Tree, what: str, fix: str) -> None:
        self.problems.append(Problem(_at(tree), what, fix, "include"))


def _unfit(part: Document) -> Iterator[Problem]:
    """Yield what keeps an included file from being joined."""
    root = part.root
    if not isinstance(root.data, dict):
        what = f"an included file must be a mapping, not {kind_of(root.data)}"
        yield Problem(_at(root), what, f"write one or more of {listed(KEYS)}", "include")
        return
    for key, place in root.keys.items():
        value = root.values[key]
        if key not in KEYS:
            what = f"{quoted(key)} is not a key of an included file"
            yield Problem(
                _at(place), what, f"move it to flows.yaml, or use {listed(KEYS)}", "key"
            )
            continue
        wanted, noun = (dict, "a mapping") if key in NAMED else (list, "a list")
        if not isinstance(value.data, wanted):
            what = f"{quoted(key)} must be {noun}, not {kind_of(value.data)}"
            yield Problem(_at(value), what, f"write {noun}, or remove the line", "type")


def _joined(root: Tree, parts: list[Tree]) -> tuple[Tree, list[Problem]]:
    """Return one tree of all files, and the problems of names that are given twice."""
    whole = replace(root, keys=dict(root.keys), values=dict(root.values), data=dict(root.data))
    problems: list[Problem] = []
    for part in parts:
        for key in LISTS + NAMED:
            added = part.values.get(key)
            if added is None or not isinstance(added.data, list if key in LISTS else dict):
                continue
            have = whole.values.get(key)
            if have is None:
                joined = added
                whole.keys[key] = part.keys[key]
            elif type(have.data) is not type(added.data):
                continue  # the shape says so
            elif key in LISTS:
                items = [*have.items, *added.items]
                joined = replace(have, items=items, data=[*have.data, *added.data])
            else:
                joined = _mapped(have, added, key, problems)
            whole.values[key] = joined
            whole.data[key] = joined.data
    return whole, problems


def _mapped(have: Tree, added: Tree, key: str, problems: list[Problem]) -> Tree:
    noun = {"data": "table", "blocks": "block"}[key]
    new = {name: tree for name, tree in added.values.items() if name not in have.values}
    for name in (name for name in added.keys if name not in new):
        first, place = _at(have.keys[name]), _at(added.keys[name])
        fix = f"choose another one; the first is in {first.file}:{first.line}"
        what = f"another {noun} has the name {quoted(name)}"
        problems.append(Problem(place, what, fix, "duplicate"))
    return replace(
        have,
        keys={**have.keys, **{name: added.keys[name] for name in new}},
        values={**have.values, **new},
        data={**have.data, **{name: tree.data for name, tree in new.items()}},
    )


def _at(tree: Tree) -> Place:
    return Place(tree.origin.file, tree.line, tree.column)
