"""Where a part of an expression stands in its text; Jinja's parser keeps lines alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from jinja2 import nodes

from flows.language.grammar import find

_SIGNS: Final[Mapping[type[nodes.Node], str]] = {
    nodes.Add: r"\+",
    nodes.Sub: "-",
    nodes.Mul: r"\*",
    nodes.Div: "/",
    nodes.FloorDiv: "//",
    nodes.Mod: "%",
}
_COMPARED: Final[Mapping[str, str]] = {
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "lteq": "<=",
    "gt": ">",
    "gteq": ">=",
    "in": r"\bin\b",
    "notin": r"\bnot\s+in\b",
}
_LEADS: Final[Mapping[type[nodes.Node], str]] = {
    nodes.Filter: r"\|\s*",
    nodes.Test: r"\bis\s+(?:not\s+)?",
    nodes.Call: r"\.\s*",
}
_GAP: Final = r"[\s()]*"


def called_by(node: nodes.Filter | nodes.Test | nodes.Call) -> str:
    """Return the name of a filter, a test or a method."""
    if isinstance(node, nodes.Call):
        return node.node.attr if isinstance(node.node, nodes.Getattr) else ""
    return node.name


def place_of(node: nodes.Node, text: str) -> int:
    """Return the offset of *node*: of its name where it calls something, else of its start.

    Where it may be written in several ways, the nearest that is surely found.
    """
    if not isinstance(node, nodes.Filter | nodes.Test | nodes.Call):
        return find(text, _spelled(node) or r"[^\s{%]", node.lineno)
    lead, name = _LEADS[type(node)], re.escape(called_by(node))
    arguments = _in_order(node.args)
    with_arguments = [rf"{lead}{name}\s*\(\s*{arguments}"] if arguments else []
    for pattern in (*with_arguments, rf"{lead}{name}\b"):
        offset = find(text, pattern, node.lineno)
        if re.compile(pattern).match(text, offset):
            found = re.compile(lead).match(text, offset)
            return found.end() if found else offset
    return find(text, r"\S", node.lineno)


def sign_of(node: nodes.BinExpr, text: str) -> int:
    """Return the offset of the sign of a calculation."""
    return find(text, f"{_SIGNS[type(node)]}{_GAP}{_spelled(node.right) or ''}", node.lineno)


def _spelled(node: nodes.Node) -> str:
    """Return a pattern for how *node* is written, empty where it could be otherwise."""
    spell = _SPELLED.get(type(node))
    return spell(node) if spell else ""


def _constant(node: nodes.Const) -> str:
    value = node.value
    if isinstance(value, str):
        return rf"(?:'{re.escape(value)}'|\"{re.escape(value)}\")"
    if isinstance(value, float):
        return rf"{re.escape(repr(value))}0*\b"
    return rf"(?i:{value})\b"


def _negative(node: nodes.Neg) -> str:
    return _joined([r"-", _spelled(node.node)])


def _calculated(node: nodes.BinExpr) -> str:
    return _joined([_spelled(node.left), _SIGNS[type(node)], _spelled(node.right)])


def _compared(node: nodes.Compare) -> str:
    parts = [_spelled(node.expr)]
    for operand in node.ops:
        parts += [_COMPARED[operand.op], _spelled(operand.expr)]
    return _joined(parts)


def _listed(node: nodes.List) -> str:
    items = _in_order(node.items)
    return rf"\[\s*{items}\s*,?\s*\]" if items else ""


def _picked(node: nodes.Getitem) -> str:
    return _joined([_spelled(node.node), r"\[", _spelled(node.arg), r"\]"])


def _in_order(several: Sequence[nodes.Node]) -> str:
    spelled = [_spelled(each) for each in several]
    return rf"{_GAP},{_GAP}".join(spelled) if all(spelled) else ""


def _joined(parts: Sequence[str]) -> str:
    return _GAP.join(parts) if all(parts) else ""


_SPELLED: Final[Mapping[type[nodes.Node], Callable[[Any], str]]] = {
    **dict.fromkeys(_SIGNS, _calculated),
    nodes.Compare: _compared,
    nodes.Const: _constant,
    nodes.Getitem: _picked,
    nodes.List: _listed,
    nodes.Neg: _negative,
}
