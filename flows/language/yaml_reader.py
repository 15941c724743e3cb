"""YAML text to plain data, with the place of every key and value.

The reading is that of YAML 1.2: `true`, `false`, `null`, whole and decimal numbers have a
type, and everything else is text, so that `on`, `no`, `12:30` and `0100` mean what they
say. Anchors and aliases work. Merge keys (`<<`), tags, several documents in one file and
keys that are not text do not.

Source: https://yaml.org/spec/1.2.2/#102-json-schema
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

import yaml

from flows.errors import FlowsFileError, Place, Problem
from flows.language.places import Document, Origin, Plain, Tree
from flows.language.words import quoted
from flows.language.yaml_faults import UNQUOTED_TEMPLATE, broken_yaml

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 50
MAX_NODES: Final = 100_000
"""Values in a file, each alias counted as all that it stands for (no billion laughs)."""

STARTER: Final = "write a starter with `jigajob init`, and edit it"
"""What to do about an empty flows.yaml."""

_YAML_TAG: Final = "tag:yaml.org,2002:"
# The parser would count these as line breaks and editors do not, so places would be wrong.
_HIDDEN_BREAK = re.compile("[\x85\u2028\u2029]")
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?([eE][-+]?[0-9]{1,2})?")
_WORDS: Final[Mapping[str, Plain]] = {"true": True, "false": False, "null": None, "": None}
_NO_ITEMS: Final[list[Tree]] = []
_NO_KEYS: Final[dict[str, Tree]] = {}
"""What is in a value that holds nothing: one for all, since there are many, never added to."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(text: str, file: str, *, empty: str = STARTER) -> Document:
    """Return the document in *text*; *file* is its name in places.

    *empty* says what to do where there is nothing in it.

    What is wrong but can be read past (a key twice, a tag) is in `problems` of the result.

    Raises:
        FlowsFileError: It cannot be read to its end.
    """
    return _Reader(text, file, empty).read()


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read, and its key that waits for a value."""

    tree: Tree
    mapping: bool
    anchor: str | None
    key: Tree | None = None
    name: str | None = None
    dropped: bool = False


class _Reader:
    """Turns the parser's events into one tree, without recursion: depth is not trusted."""

    def __init__(self, text: str, file: str, empty: str) -> None:
        self._text, self._file, self._empty = text, file, empty
        self._origin = Origin(file, text)
        self._problems: list[Problem] = []
        self._anchors: dict[str, Tree | None] = {}
        self._anchored_in: dict[str, int] = {}
        self._stack: list[_Open] = []
        self._root: Tree | None = None
        self._spent = 0

    def read(self) -> Document:
        hidden = _HIDDEN_BREAK.search(self._text)
        if hidden:
            before = self._text[: hidden.start()]
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            fix = "delete it; it is pasted in with text from elsewhere"
            self._stop(line, column, "an invisible line separator stands here", fix)
        try:
            self._take_all()
        except yaml.YAMLError as error:
            raise self._ended(broken_yaml(error, self._text, self._file)) from None
        if self._root is None:
            self._stop(1, 1, "the file is empty", self._empty)
        return Document(self._root, tuple(self._problems))

    def _take_all(self) -> None:
        loader = _Loader(self._text)
        try:
            for event in iter(loader.get_event, None):
                self._take(event)
        finally:
            loader.dispose()

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):  # most are
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent) and self._root is not None:
            self._refuse_second_document(event)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        tree = self._tree(event, _resolved(event))
        tree.style = event.style or ""
        tree.end = event.end_mark.index if event.end_mark else 0
        if event.tag is not None:
            self._refuse_tag(tree, event.tag)
        if event.anchor is not None:
            self._anchor(event.anchor, tree, tree)
        self._spend(tree, 1)
        self._put(tree)

    def _tree(self, event: yaml.Event, data: Plain = None) -> Tree:
        """Return the value of *event*, with nothing in it."""
        mark = event.start_mark
        at = (mark.line + 1, mark.column + 1, mark.index) if mark else (1, 1, 0)
        return Tree(self._origin, *at, data, _NO_ITEMS, _NO_KEYS, _NO_KEYS)

    def _refuse_tag(self, tree: Tree, tag: str) -> None:
        self._problem(
            tree,
            f"the tag {quoted(tag.replace(_YAML_TAG, '!!'))} is not part of the language",
            "remove the tag; put text that looks like a number in quotes",
        )

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        tree = self._tree(event)
        if event.tag is not None:
            self._refuse_tag(tree, event.tag)
        if len(self._stack) >= MAX_DEPTH:
            self._too_deep(tree)
        mapping = isinstance(event, yaml.MappingStartEvent)
        tree.data = {} if mapping else []
        tree.items, tree.keys, tree.values = [], {}, {}
        self._spend(tree, 1)
        if event.anchor is not None:
            self._anchor(
                event.anchor, tree, None
            )  # an alias to it from inside would be endless
        self._stack.append(_Open(tree, mapping, event.anchor))

    def _close(self) -> None:
        done = self._stack.pop()
        if done.anchor is not None:
            self._anchors[done.anchor] = done.tree
        self._put(done.tree)

    def _anchor(self, name: str, here: Tree, stands_for: Tree | None) -> None:
        if name in self._anchored_in:
            what = f"the anchor {quoted(f'&{name}')} is given twice"
            fix = f"choose another name; the first is in line {self._anchored_in[name]}"
            self._problem(here, what, fix, "duplicate")
        self._anchors[name] = stands_for
        self._anchored_in.setdefault(name, here.line)

    def _alias(self, event: yaml.AliasEvent) -> None:
        here = self._tree(event)
        name = f"*{event.anchor}"
        if event.anchor not in self._anchors:
            fix = f"write &{event.anchor} before the value that it stands for, further up"
            self._stop(here.line, here.column, f"{quoted(name)} stands for nothing", fix)
        target = self._anchors[event.anchor]
        if target is None:
            fix = "write the value out instead of pointing to what it is part of"
            self._stop(here.line, here.column, f"{quoted(name)} contains itself", fix)
        if len(self._stack) + target.depth > MAX_DEPTH:
            self._too_deep(here)
        self._spend(here, target.nodes)
        self._put(target, at=here)

    def _put(self, tree: Tree, at: Tree | None = None) -> None:
        if not self._stack:
            self._root = tree
            return
        top = self._stack[-1]
        if not top.mapping:
            top.tree.items.append(tree)
            top.tree.data.append(tree.data)
        elif top.key is None:
            self._put_key(top, tree, at or tree)
            return
        else:
            if not top.dropped and top.name is not None:
                top.tree.keys[top.name] = top.key
                top.tree.values[top.name] = tree
                top.tree.data[top.name] = tree.data
            top.key, top.name, top.dropped = None, None, False
        top.tree.nodes += tree.nodes
        if top.tree.depth <= tree.depth:
            top.tree.depth = tree.depth + 1

    def _put_key(self, top: _Open, key: Tree, at: Tree) -> None:
        top.key = at
        top.name = key.data if isinstance(key.data, str) else None
        if key.data == "<<" and not key.style:
            top.dropped = True
            fix = "give the whole value an anchor and use it by `*name`, or write the keys out"
            self._problem(at, "merge keys (<<) are not part of the language", fix)
        elif top.name is None:
            top.dropped = True
            self._refuse_key(key, at)
        elif top.name in top.tree.keys:
            top.dropped = True
            first = top.tree.keys[top.name]
            fix = f"keep one of the two; the first is in line {first.line}"
            self._problem(at, f"the key {quoted(top.name)} is given twice", fix, "duplicate")

    def _refuse_key(self, key: Tree, at: Tree) -> None:
        if key.keys or key.items or isinstance(key.data, dict | list):
            if self._text.startswith("{{", max(0, at.start - 1)):
                place = Place(self._file, at.line, at.column - 1)
                self._problems.append(Problem(place, *UNQUOTED_TEMPLATE, "yaml"))
                return
            self._problem(at, "a list or mapping stands where a key is due", "use text as keys")
            return
        written = self._text[key.start : key.end]
        what = "a key is missing before the colon"
        fix = "write the key, or put the text in quotes"
        if written:
            what = f"the key {quoted(written)} is not text"
            fix = f'put it in quotes: "{written}"'
        self._problem(at, what, fix)

    def _refuse_second_document(self, event: yaml.Event) -> None:
        here = self._tree(event)
        fix = "keep one document a file; remove the line ---"
        self._stop(here.line, here.column, "a second document starts here", fix)

    def _spend(self, tree: Tree, nodes: int) -> None:
        self._spent += nodes
        if self._spent > MAX_NODES:
            what = f"the file holds more than {MAX_NODES:,} values"
            fix = "use fewer aliases, and split the file into several"
            self._stop(tree.line, tree.column, what, fix)

    def _too_deep(self, tree: Tree) -> None:
        what = f"lists and mappings are nested more than {MAX_DEPTH} levels deep"
        self._stop(
            tree.line, tree.column, what, "flows need fewer than ten; check the brackets"
        )

    def _problem(self, tree: Tree, what: str, fix: str, code: str = "yaml") -> None:
        self._problems.append(Problem(self._here(tree), what, fix, code))

    def _here(self, tree: Tree) -> Place:
        return Place(self._file, tree.line, tree.column)

    def _stop(self, line: int, column: int, what: str, fix: str) -> NoReturn:
        raise self._ended(Problem(Place(self._file, line, column), what, fix, "yaml"))

    def _ended(self, last: Problem) -> FlowsFileError:
        """Return the error with all problems; of those in the last one's line only the last."""
        before = (each for each in self._problems if each.where.line != last.where.line)
        return FlowsFileError((*before, last))


def _resolved(event: yaml.ScalarEvent) -> Plain:
    text: str = event.value
    if event.style:  # quoted or a block: always text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "-0123456789":
        return text  # most are
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
