"""Expressions that differ only in the texts they quote, read as one."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeVar

from jinja2 import nodes

from flows.language.syntax import Broken

Read = Callable[[str], nodes.Expr]
Part = TypeVar("Part", bound=nodes.Node)

_QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"")
_MARK: Final = "\ue000"
_MARKED: Final = re.compile(rf"{_MARK}(\d+){_MARK}")


def read_alike(text: str, read: Read) -> nodes.Expr | None:
    """Return the tree of *text*, made from that of a text that is alike, or None.

    Many flows ask the same of different words, and Jinja's lexer is most of the time that
    checking them takes. *read* reads what no text before was like; the tree is the caller's
    own. None where the text quotes nothing, or has to be read as a whole.
    """
    if "\\" in text or "\n" in text or "\r" in text:
        return None  # what stands between quotes may then mean something else
    quoted: list[str] = []

    def marked(found: re.Match[str]) -> str:
        quoted.append(found[0][1:-1])
        return f"{found[0][0]}{_MARK}{len(quoted) - 1}{_MARK}{found[0][0]}"

    shape = _QUOTED.sub(marked, text)
    tree = _shape(shape, read) if quoted else None
    try:
        return _filled(tree, quoted) if tree is not None else None
    except RecursionError:
        return None  # hundreds of + in a row: refused for that by whoever checks it


@lru_cache(maxsize=512)
def _shape(text: str, read: Read) -> nodes.Expr | None:
    try:
        return read(text)
    except Broken:
        return None


def _filled(node: Part, quoted: list[str]) -> Part:
    """Return a copy of *node* with the texts in place of their marks."""
    if isinstance(node, nodes.Const):
        value = node.value
        if isinstance(value, str):
            value = _MARKED.sub(lambda found: quoted[int(found[1])], value)
        return type(node)(value, lineno=node.lineno)
    made = type(node).__new__(type(node))  # Jinja's own way takes as long as all the rest
    made.__dict__.update(node.__dict__)
    for name in node.fields:
        value = getattr(node, name)
        if isinstance(value, nodes.Node | list):
            setattr(made, name, _field(value, quoted))
    return made


def _field(value: object, quoted: list[str]) -> object:
    if isinstance(value, nodes.Node):
        return _filled(value, quoted)
    return [_field(each, quoted) for each in value] if isinstance(value, list) else value
