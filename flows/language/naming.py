"""Which names an expression uses, and whether they are there and used as what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from jinja2 import nodes

from flows.language.grammar import find
from flows.language.syntax import Fault
from flows.language.vocabulary import (
    ANY,
    DATE_PARTS,
    LOOP,
    Group,
    Items,
    Leaf,
    Refused,
    Scope,
    Tree,
)
from flows.language.words import listed, nearest, quoted, suggestion

_KIND_WORDS: Final = {
    "text": "text",
    "number": "a number",
    "date": "a date",
    "flag": "true or false",
}
_EQUAL: Final = frozenset({"eq", "ne", "in", "notin"})
Locals = Mapping[str, Tree]


def name_faults(tree: nodes.Node, text: str, scope: Scope) -> list[Fault]:
    """Return what is wrong with the names in an expression that parses."""
    checker = _Checker(text, scope)
    checker.visit(tree, {})
    return list(dict.fromkeys(checker.faults))


class _Checker:
    """Walks one expression; its depth was bounded when it was parsed."""

    def __init__(self, text: str, scope: Scope) -> None:
        self._text, self._scope = text, scope
        self._guarded = frozenset(_guards(text))
        self.faults: list[Fault] = []

    def visit(self, node: nodes.Node, local: Locals) -> Tree:
        """Check *node* and all in it, and return what its value is, as far as is known."""
        chain = _chain(node)
        if chain:
            return self._resolve(chain, node, local)
        if isinstance(node, nodes.For):
            return self._loop(node, local)
        if isinstance(node, nodes.Compare):
            return self._compare(node, local)
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
            for inside in (node.node.node, *node.args):
                self.visit(inside, local)
            return ANY
        if isinstance(node, nodes.Output):
            for written in node.nodes:
                self._output(written, local)
            return ANY
        for child in node.iter_child_nodes():
            self.visit(child, local)
        return ANY

    def _loop(self, node: nodes.For, local: Locals) -> Tree:
        looped = self.visit(node.iter, local)
        item = looped.item if isinstance(looped, Items) else ANY
        chain = _chain(node.iter)
        if chain and (isinstance(looped, Group) or (looped is not ANY and _is_leaf(looped))):
            fix = "loop over a list, such as mail.attachments"
            self._fault(".".join(chain), node, f"{quoted('.'.join(chain))} is not a list", fix)
        names = [each.name for each in node.target.find_all(nodes.Name)]
        if isinstance(node.target, nodes.Name):
            names = [node.target.name]
        inside = {**local, **dict.fromkeys(names, item), "loop": LOOP}
        for part in (*node.body, *([node.test] if node.test else [])):
            self.visit(part, inside)
        for part in node.else_:
            self.visit(part, local)
        return ANY

    def _output(self, node: nodes.Node, local: Locals) -> None:
        tree = self.visit(node, local)
        chain = _chain(node)
        if chain and isinstance(tree, Group):
            dotted = ".".join(chain)
            fix = suggestion("", [f"{dotted}.{name}" for name in tree.names])
            self._fault(dotted, node, f"{quoted(dotted)} is a group of names, not a value", fix)

    def _resolve(self, chain: list[str], node: nodes.Node, local: Locals) -> Tree:
        names = Group({**self._scope.names.names, **local})
        tree: Tree = names
        for index, part in enumerate(chain):
            dotted = ".".join(chain[: index + 1])
            found = self._step(tree, part, dotted)
            if isinstance(found, Fault):
                self._fault(dotted, node, found.what, found.fix)
                return ANY
            if isinstance(found, Refused):
                self._fault(dotted, node, found.what, found.fix)
                return ANY
            if found is ANY:
                return ANY
            tree = found
        root = chain[0]
        if root in self._scope.optional and root not in local and root not in self._guarded:
            what = f"{quoted(root)} is not there for every item that triggers this flow"
            fix = f"write `{root} is defined and …`, or make two flows of it"
            self._fault(root, node, what, fix)
        return tree

    def _step(self, tree: Tree, part: str, dotted: str) -> Tree | Fault:
        prefix = dotted[: -len(part)]
        if isinstance(tree, Group):
            if part in tree.names:
                return tree.names[part]
            here = [name for name, each in tree.names.items() if not isinstance(each, Refused)]
            if prefix:
                known = [prefix + name for name in (here if prefix == "steps." else tree.names)]
                fix = suggestion(dotted, known) if known else "no step runs before this one"
                return Fault(0, f"there is no {quoted(dotted)}", fix)
            meant = nearest(dotted, here)
            offer = f"did you mean {quoted(meant)}? " if meant else ""
            fix = f"{offer}put text in quotes; the names here are {listed(sorted(here))}"
            return Fault(0, f"there is no name {quoted(dotted)}", fix)
        parent = prefix.rstrip(".")
        if isinstance(tree, Items):
            fix = f"loop over it, or take one of it: {parent}[0]"
            return Fault(0, f"{quoted(parent)} is a list and has no {quoted(part)}", fix)
        if isinstance(tree, Leaf) and tree.kind == "date" and part in DATE_PARTS:
            return Leaf("number")
        kind = _KIND_WORDS.get(tree.kind, "a value") if isinstance(tree, Leaf) else "a value"
        fix = f"use {parent} alone"
        return Fault(0, f"{quoted(parent)} is {kind} and has no {quoted(part)}", fix)

    def _compare(self, node: nodes.Compare, local: Locals) -> Tree:
        left = self.visit(node.expr, local)
        for operand in node.ops:
            right = self.visit(operand.expr, local)
            self._fits(left, node.expr, operand, operand.expr)
            if operand.op in {"eq", "ne"}:
                self._fits(right, operand.expr, operand, node.expr)
        return Leaf("flag")

    def _fits(
        self, tree: Tree, named: nodes.Node, operand: nodes.Operand, other: nodes.Node
    ) -> None:
        """Check what a name is compared with, where that is written out."""
        chain = _chain(named)
        if not chain or not isinstance(tree, Leaf) or tree is ANY:
            return
        several = operand.op in {"in", "notin"}
        if several and not isinstance(other, nodes.List | nodes.Tuple):
            return
        constants = [other] if not several else list(other.iter_child_nodes())
        for constant in constants:
            if isinstance(constant, nodes.Const):
                self._constant(tree, ".".join(chain), operand.op, constant)

    def _constant(self, tree: Leaf, dotted: str, op: str, constant: nodes.Const) -> None:
        value = constant.value
        is_text = isinstance(value, str)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_text and tree.choices and op in _EQUAL and value not in tree.choices:
            spelled = rf"(['\"]){re.escape(value)}\1"
            what = f"{quoted(dotted)} is never {quoted(value)}"
            fix = suggestion(value, [each for each in tree.choices if each])
            self.faults.append(Fault(find(self._text, spelled, constant.lineno), what, fix))
        elif (is_text and tree.kind in {"number", "flag", "date"}) or (
            number and tree.kind in {"text", "flag", "date"}
        ):
            kind = _KIND_WORDS[tree.kind]
            other = "text" if is_text else "a number"
            what = f"{quoted(dotted)} is {kind}, and is compared with {other}"
            fix = {
                "number": "write the number without quotes",
                "text": "put the value in quotes",
                "flag": f"write {dotted} or not {dotted}",
                "date": f"compare a part of it: {dotted}.year",
            }[tree.kind]
            self._fault(dotted, constant, what, fix)

    def _fault(self, dotted: str, node: nodes.Node, what: str, fix: str) -> None:
        parts = [re.escape(part) for part in dotted.split(".")]
        pattern = r"(?<![\w.])" + r"\s*\.\s*".join(parts) + r"\b"
        offset = find(self._text, pattern, node.lineno)
        if not re.compile(pattern).match(self._text, offset):  # written as mail['subject']
            offset = find(self._text, rf"(?<![\w.]){parts[0]}\b", node.lineno)
        self.faults.append(Fault(offset, what, fix))


def _guards(text: str) -> Iterator[str]:
    for found in re.finditer(r"\b(mail|transaction)\s+is\s+(?:not\s+)?(?:un)?defined\b", text):
        yield found[1]


def _is_leaf(tree: Tree) -> bool:
    return isinstance(tree, Leaf) and tree.kind != "any"


def _chain(node: nodes.Node) -> list[str]:
    """Return `["mail", "sender", "name"]` for mail.sender.name, and nothing for all else."""
    parts: list[str] = []
    while True:
        if isinstance(node, nodes.Getattr):
            parts.append(node.attr)
            node = node.node
        elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            if not isinstance(node.arg.value, str):
                return []
            parts.append(node.arg.value)
            node = node.node
        elif isinstance(node, nodes.Name):
            return [node.name, *reversed(parts)]
        else:
            return []
