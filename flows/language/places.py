"""The values of a YAML file with the place of every key and value.

`flows.language.yaml_reader` makes them; what several files hold may be joined in one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flows.errors import Place, Problem

Path = tuple[str | int, ...]
Plain = Any
"""str, int, float, bool, None, and lists and string-keyed dicts of these."""


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """The file that a value was read from: its name in places, and its text."""

    file: str
    text: str


@dataclass(slots=True, eq=False)
class Tree:
    """One value of the file: where it stands, the plain data, and the values inside it."""

    origin: Origin
    line: int
    column: int
    start: int
    data: Plain
    items: list[Tree]
    keys: dict[str, Tree]
    values: dict[str, Tree]
    end: int = 0
    style: str = ""
    nodes: int = 1
    depth: int = 1

    def child(self, part: str | int) -> Tree | None:
        """Return the value under a key or at an index, or None."""
        if isinstance(part, int):
            return self.items[part] if 0 <= part < len(self.items) else None
        return self.values.get(part)


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One YAML file, or one with what it includes: plain data, and the place of all in it."""

    root: Tree
    problems: tuple[Problem, ...]

    @property
    def file(self) -> str:
        """Return the name of the file in places."""
        return self.root.origin.file

    @property
    def text(self) -> str:
        """Return the text of the file itself, without what it includes."""
        return self.root.origin.text

    @property
    def data(self) -> Plain:
        """Return the plain data of the whole file."""
        return self.root.data

    def tree(self, path: Sequence[str | int]) -> Tree | None:
        """Return the value at *path*, or None."""
        tree: Tree | None = self.root
        for part in path:
            tree = tree.child(part) if tree else None
        return tree

    def value(self, path: Sequence[str | int]) -> Place:
        """Return where the value at *path* starts, or what is nearest above it."""
        tree = self.tree(path)
        if tree is None:
            return self.value(path[:-1])
        return self._place(tree)

    def key(self, path: Sequence[str | int]) -> Place:
        """Return where the key at *path* stands; for an item of a list, where that starts."""
        parent = self.tree(path[:-1]) if path else None
        key = parent.keys.get(str(path[-1])) if parent else None
        return self._place(key) if key else self.value(path)

    def inside(self, path: Sequence[str | int], offset: int) -> Place:
        """Return the place of the character *offset* of the text at *path*.

        Where the file's spelling differs from the text (escapes, folded lines), the start
        of the text.
        """
        tree = self.tree(path)
        if tree is None or not isinstance(tree.data, str):
            return self.value(path)
        if tree.style in {"|", ">"}:
            return self._inside_block(tree, offset)
        text = tree.origin.text
        before = tree.data[:offset]
        if tree.style == "'":
            before = before.replace("'", "''")
        skip = tree.start + (1 if tree.style in {"'", '"'} else 0)
        if "\n" in before or not text.startswith(before, skip):
            return self._place(tree)
        column = tree.column + (skip - tree.start) + len(before)
        return Place(tree.origin.file, tree.line, column)

    def written(self, path: Sequence[str | int]) -> str:
        """Return the value at *path* as the file spells it."""
        tree = self.tree(path)
        return tree.origin.text[tree.start : tree.end] if tree else ""

    def said(self, first: Place, here: Place) -> str:
        """Return where *first* is, to somebody who looks at *here*: `line 4`, `a.yaml:4`."""
        return f"line {first.line}" if first.file == here.file else f"{first.file}:{first.line}"

    def _inside_block(self, tree: Tree, offset: int) -> Place:
        before = tree.data[:offset]
        number = tree.line + 1 + before.count("\n")
        lines = tree.origin.text.split("\n")
        wanted = tree.data[before.rfind("\n") + 1 :].partition("\n")[0]
        line = lines[number - 1].rstrip("\r") if number <= len(lines) else ""
        if not wanted or not line.endswith(wanted):
            return self._place(tree)
        column = len(line) - len(wanted) + offset - before.rfind("\n")
        return Place(tree.origin.file, number, column)

    def _place(self, tree: Tree) -> Place:
        return Place(tree.origin.file, tree.line, tree.column)
