"""The texts of a flows file as trees: each is read once, and most need no reading at all."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import nodes

from flows.language.grammar import names_in, parse_condition, parse_template, skeleton
from flows.language.kinds import Group, Leaf, Tree
from flows.language.syntax import Broken
from flows.language.vocabulary import Scope


def parsed(text: str, *, condition: bool) -> nodes.Node:
    """Return the tree of an expression, to be looked at and left as it is.

    Of a template, what stands between its tags may be another text.

    Raises:
        Broken: It is no condition or template of the language.
    """
    if condition:
        return _condition(text)
    alike = skeleton(text)
    try:
        return _template(alike)
    except Broken:
        if alike == text:
            raise
        return _template(text)  # for the places of what is wrong


_condition = lru_cache(maxsize=2048)(parse_condition)
_template = lru_cache(maxsize=2048)(parse_template)


def all_there(text: str, scope: Scope) -> bool:
    """Return whether a template only writes names, and each is a value that is there.

    Most texts are of this kind, and reading them as Jinja does is most of the time that a long
    file takes.
    """
    names = names_in(text)
    return names is not None and all(_is_value(name, scope) for name in names)


def _is_value(name: str, scope: Scope) -> bool:
    tree: Tree | None = scope.names
    root, *parts = name.split(".")
    if root in scope.optional:
        return False
    for part in (root, *parts):
        if not isinstance(tree, Group):
            return False
        tree = tree.names.get(part)
    return isinstance(tree, Leaf)
