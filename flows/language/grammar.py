"""What conditions and templates may be made of, and how they become runnable.

Jinja's grammar is read, then checked against a list of what the language has. What is left
over is rewritten so that every operation that could grow or last passes through the
sandbox's budget.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jinja2 import nodes
from jinja2.parser import Parser
from jinja2.visitor import NodeTransformer

from flows.language.alike import read_alike
from flows.language.filters import FILTERS, METHODS, TESTS
from flows.language.parts import values_in
from flows.language.regional import REGIONAL, argument_fault
from flows.language.sandbox import sandbox
from flows.language.syntax import STATEMENT_WORDS, Broken, Fault, guarded, leftover
from flows.language.words import listed, quoted, suggestion

MAX_TEMPLATE: Final = 64_000
MAX_CONDITION: Final = 2_000
MAX_DEPTH: Final = 40
MAX_LOOPS: Final = 3
RESULT: Final = "result"
FILTER_NAMES: Final = frozenset({*FILTERS, *REGIONAL, "lookup"})

_RESERVED: Final = frozenset({"self", "super", "caller", "varargs", "kwargs"})

_EXPRESSIONS: Final[tuple[type[nodes.Node], ...]] = (
    *(nodes.Add, nodes.And, nodes.Call, nodes.Compare, nodes.Concat, nodes.CondExpr),
    *(nodes.Const, nodes.Div, nodes.Filter, nodes.FloorDiv, nodes.Getattr, nodes.Getitem),
    *(nodes.List, nodes.Mod, nodes.Mul, nodes.Name, nodes.Neg, nodes.Not, nodes.Operand),
    *(nodes.Or, nodes.Pos, nodes.Slice, nodes.Sub, nodes.TemplateData, nodes.Test, nodes.Tuple),
)
_STATEMENTS: Final[tuple[type[nodes.Node], ...]] = (
    *(nodes.Template, nodes.Output, nodes.If, nodes.For),
)
_ALLOWED: Final = frozenset(_EXPRESSIONS + _STATEMENTS)
_NAME: Final = re.compile(r"\{\{ ?([a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*) ?\}\}")
_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_WORDS: Final = frozenset(
    {"and", "else", "false", "if", "in", "is", "none", "not", "or", "true"}
)
_READABLE: Final = (
    *(nodes.Filter, nodes.Test, nodes.Call, nodes.Name, nodes.Getattr, nodes.Getitem),
)
"""What may be wrong in an expression whose names can be checked all the same."""

_SPELLED: Final[dict[type[nodes.Node], tuple[str, str]]] = {
    nodes.Pow: ("**", r"\*\*"),
    nodes.Dict: ("{ }", r"\{"),
    nodes.Assign: ("set", r"\bset\b"),
    nodes.AssignBlock: ("set", r"\bset\b"),
    nodes.Include: ("include", r"\binclude\b"),
    nodes.Import: ("import", r"\bimport\b"),
    nodes.FromImport: ("from", r"\bfrom\b"),
    nodes.Extends: ("extends", r"\bextends\b"),
    nodes.Block: ("block", r"\bblock\b"),
    nodes.Macro: ("macro", r"\bmacro\b"),
    nodes.CallBlock: ("call", r"\bcall\b"),
    nodes.FilterBlock: ("filter", r"\bfilter\b"),
    nodes.With: ("with", r"\bwith\b"),
    nodes.Scope: ("autoescape", r"\bautoescape\b"),
    nodes.ScopedEvalContextModifier: ("autoescape", r"\bautoescape\b"),
}


def parse_condition(text: str, noun: str = "condition") -> nodes.Expr:
    """Return the tree of a condition, or of another expression that errors call *noun*.

    Raises:
        Broken: It is not a condition of the language.
    """
    if not text.strip():
        raise Broken(Fault(0, f"the {noun} is empty", "write one, or remove it"))
    if len(text) > MAX_CONDITION:
        what = f"the {noun} is longer than {MAX_CONDITION:,} characters"
        fix = "split it into several; all of them must hold"
        raise Broken(Fault(0, what, fix if noun == "condition" else "shorten it"))
    opened = re.search(r"\{\{|\{%", text)
    if opened:
        fix = f"remove the braces: a {noun} is one expression, not a template"
        raise Broken(Fault(opened.start(), f"a {noun} is written without {{{{ }}}}", fix))

    tree = read_alike(text, _expression) or _expression(text)
    _check(tree, text)
    if isinstance(tree, nodes.Const):
        what = f"the {noun} is the same for every item"
        fix = "compare a name: mail.kind == 'complaint'"
        fix = fix if noun == "condition" else "name one: mail.attachments"
        raise Broken(Fault(0, what, fix))
    return tree


def _expression(text: str) -> nodes.Expr:
    def one_expression(parser: Parser) -> nodes.Expr:
        tree: nodes.Expr = parser.parse_expression()
        if not parser.stream.eos:
            raise Broken(leftover(text, "variable", parser))
        return tree

    return guarded(text, "variable", one_expression)


def parse_template(text: str) -> nodes.Template:
    """Return the tree of a template.

    Raises:
        Broken: It is not a template of the language.
    """
    if len(text) > MAX_TEMPLATE:
        what = f"the template is longer than {MAX_TEMPLATE:,} characters"
        raise Broken(Fault(0, what, "shorten it"))
    tree = _names_alone(text) or guarded(text, None, lambda parser: parser.parse())
    _check(tree, text)
    return tree


def alone(tree: nodes.Template) -> nodes.Expr | None:
    """Return the expression of a template that is one `{{ expression }}` and nothing else."""
    match tree.body:
        case [nodes.Output(nodes=[nodes.Expr() as only])]:
            return None if isinstance(only, nodes.TemplateData) else only
        case _:
            return None


def skeleton(text: str) -> str:
    """Return a template with another text between its tags, which reads alike, line by line.

    Templates that say different things in the same places need to be read only once.
    """
    if "{#" in text or len(text) > MAX_TEMPLATE:
        return text
    parts: list[str] = []
    end = 0
    for tag in _TAG.finditer(text):
        parts += (text[end : tag.start()], tag[0])
        end = tag.end()
    parts.append(text[end:])
    for index in range(0, len(parts), 2):
        between = parts[index]
        if "{" in between or "}" in between or "raw" in parts[max(0, index - 1)]:
            return text
        parts[index] = "x" * bool(between) + "\n" * between.count("\n")
    return "".join(parts)


def names_in(text: str) -> list[str] | None:
    """Return the names that a template writes, where it does nothing else, or None."""
    if "{%" in text or "{#" in text or "{{{" in text or "\r" in text:
        return None
    found = _NAME.findall(text)
    return found if text.count("{{") == len(found) else None


def _names_alone(text: str) -> nodes.Template | None:
    """Return the tree of a template that only writes names, or None; as Jinja would read it.

    Most of what stands under `with` is of this kind, and Jinja's lexer is most of the time
    that checking a long file takes.
    """
    if "{%" in text or "{#" in text or "\r" in text:
        return None
    written: list[nodes.Expr] = []
    end = 0
    for found in _NAME.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        root, *parts = found[1].split(".")
        literal = text[end : found.start()]
        if root in _WORDS or "{{" in literal or literal.endswith("{"):
            return None
        if literal:
            written.append(nodes.TemplateData(literal, lineno=line))
        chain: nodes.Expr = nodes.Name(root, "load", lineno=line)
        for part in parts:
            chain = nodes.Getattr(chain, part, "load", lineno=line)
        written.append(chain)
        end = found.end()
    if not written or "{{" in text[end:]:
        return None
    if end < len(text):
        written.append(nodes.TemplateData(text[end:], lineno=1))
    return nodes.Template([nodes.Output(written, lineno=1)], lineno=1)


def runnable(tree: nodes.Template | nodes.Expr) -> nodes.Template:
    """Return the tree with every costly operation put through the budget; *tree* is used up.

    A condition leaves its value in the variable `result`.
    """
    if isinstance(tree, nodes.Expr):
        target = nodes.Name(RESULT, "store", lineno=1)
        tree = nodes.Template([nodes.Assign(target, tree, lineno=1)], lineno=1)
    rewritten: nodes.Template = _Rewriter().visit(tree)
    rewritten.set_environment(sandbox())
    return rewritten


def find(text: str, pattern: str, line: int | None = 1) -> int:
    """Return the offset of *pattern* in *text* from a line on, else that of the line.

    In a template only what stands between braces is searched.
    """
    start = 0
    for _ in range((line or 1) - 1):  # Jinja leaves the line of some nodes out
        start = text.find("\n", start) + 1
    tags = re.compile(r"\{[{%].*?[}%]\}", re.DOTALL)
    spans = [found.span() for found in tags.finditer(text)]
    for found in re.compile(pattern).finditer(text, start):
        if not spans or any(a <= found.start() < b for a, b in spans):
            return found.start()
    return start


def _check(tree: nodes.Node, text: str) -> None:
    faults: list[Fault] = []
    readable = True
    for node, depth, loops in _walk(tree):
        if depth > MAX_DEPTH:
            fix = "split it; a chain of `or` is shorter as: mail.kind in ['a', 'b']"
            raise Broken(Fault(0, "the expression is nested too deeply", fix))
        if loops > MAX_LOOPS:
            what = f"loops are nested more than {MAX_LOOPS} deep"
            offset = find(text, r"\bfor\b", node.lineno)
            raise Broken(*faults, Fault(offset, what, "use fewer loops"))
        fault = _fault(node, text)
        if fault and fault not in faults:
            faults.append(fault)
            readable &= isinstance(node, _READABLE)
    if faults:
        raise Broken(*faults, tree=tree if readable else None)


def _walk(tree: nodes.Node) -> Iterator[tuple[nodes.Node, int, int]]:
    """Yield each node with its depth and the number of loops around it; no recursion."""
    stack: list[tuple[nodes.Node, int, int]] = [(tree, 1, 0)]
    while stack:
        node, depth, loops = stack.pop()
        loops += isinstance(node, nodes.For)
        yield node, depth, loops
        # The method's name is checked with the call; what it is called on as any value.
        stack += [(child, depth + 1, loops) for child in reversed(values_in(node))]


def _fault(node: nodes.Node, text: str) -> Fault | None:
    if type(node) not in _ALLOWED:
        return _not_in_language(node, text)
    fault: Fault | None = None
    match node:
        case nodes.Name():
            fault = _name_fault(node, text)
        case nodes.Getattr():
            fault = _attribute_fault(node.attr, node, text)
        case nodes.Getitem(arg=nodes.Const(value=name)):
            fault = _attribute_fault(name, node, text)
        case nodes.Filter() | nodes.Test():
            fault = _filter_fault(node, text)
        case nodes.Call():
            fault = _call_fault(node, text)
        case nodes.For(recursive=True):
            offset = find(text, r"\brecursive\b", node.lineno)
            fault = Fault(offset, "a loop cannot be recursive", "remove `recursive`")
        case _:
            pass
    return fault


def _not_in_language(node: nodes.Node, text: str) -> Fault:
    word, pattern = _SPELLED.get(type(node), (type(node).__name__.lower(), r"\S"))
    what = f"{quoted(word)} is not part of conditions and templates"
    fix = "calculate with + - * / and fixed numbers" if word == "**" else "write it without"
    if pattern.startswith(r"\b"):
        fix = f"use one of {listed(STATEMENT_WORDS)}"
    return Fault(find(text, pattern, node.lineno), what, fix)


def _name_fault(node: nodes.Name, text: str) -> Fault | None:
    if node.name not in _RESERVED and not node.name.startswith("_"):
        return None
    what = f"the name {quoted(node.name)} cannot be used"
    offset = find(text, rf"\b{re.escape(node.name)}\b", node.lineno)
    return Fault(offset, what, "use mail, transaction, business, steps, or a kept field")


def _attribute_fault(name: object, node: nodes.Node, text: str) -> Fault | None:
    if not isinstance(name, str) or not name.startswith("_"):
        return None
    offset = find(text, re.escape(name), node.lineno)
    return Fault(offset, f"{quoted(name)} cannot be read", "names do not start with _")


def _filter_fault(node: nodes.Filter | nodes.Test, text: str) -> Fault | None:
    is_filter = isinstance(node, nodes.Filter)
    known = FILTER_NAMES if is_filter else TESTS
    word = "filter" if is_filter else "test"
    wrong: tuple[str, str] | None = None
    first = node.args[0] if is_filter and node.args else None
    if node.name not in known:
        wrong = f"{quoted(node.name)} is not a {word}", suggestion(node.name, known)
    elif node.kwargs or node.dyn_args or node.dyn_kwargs:
        what = f"the {word} {node.name!r} takes its arguments by place, not by name"
        wrong = what, f"write {node.name}(value)"
    elif is_filter and node.name == "mentions" and not node.args:
        wrong = (
            "mentions is given no words, so it never holds",
            "write mentions('leak', 'drip')",
        )
    elif isinstance(first, nodes.Const):
        wrong = argument_fault(node.name, first.value)
    return Fault(_named_at(node, text), *wrong) if wrong else None


def _named_at(node: nodes.Filter | nodes.Test, text: str) -> int:
    """Return the offset of the name of a filter or a test."""
    lead = r"\|\s*" if isinstance(node, nodes.Filter) else r"\bis\s+(?:not\s+)?"
    offset = find(text, lead + re.escape(node.name) + r"\b", node.lineno)
    found = re.compile(lead).match(text, offset)
    return found.end() if found else offset


def _call_fault(node: nodes.Call, text: str) -> Fault | None:
    called = node.node
    if not isinstance(called, nodes.Getattr):
        name = called.name if isinstance(called, nodes.Name) else "this"
        offset = find(text, rf"\b{re.escape(name)}\s*\(", node.lineno)
        if name in FILTER_NAMES:
            return Fault(offset, f"{quoted(name)} is a filter", f"write value | {name}")
        fix = f"only these can, on a text: {listed(sorted(METHODS))}"
        return Fault(offset, f"{quoted(name)} cannot be called", fix)
    offset = find(text, rf"\b{re.escape(called.attr)}\s*\(", node.lineno)
    if called.attr not in METHODS:
        what = f"{quoted(called.attr)} cannot be called"
        return Fault(offset, what, suggestion(called.attr, METHODS))
    if node.kwargs or node.dyn_args or node.dyn_kwargs:
        what = f"{called.attr!r} takes its arguments by place, not by name"
        return Fault(offset, what, "write the value alone")
    return None


class _Rewriter(NodeTransformer):
    """Puts every operation that could grow or last through a filter that keeps the budget."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        return _filter(nodes.List(node.nodes, lineno=node.lineno), "_concat", node)

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        node.iter = _filter(node.iter, "_loop", node)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        if not isinstance(node.arg, nodes.Slice):
            return node
        nothing = nodes.Const(None, lineno=node.lineno)
        cut = [node.arg.start or nothing, node.arg.stop or nothing, node.arg.step or nothing]
        return _filter(node.node, "_slice", node, *cut)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        node.expr = _filter(node.expr, "_spend", node)
        return node

    def visit_Const(self, node: nodes.Const) -> nodes.Node:  # noqa: N802 - Jinja's name
        if not isinstance(node.value, float):
            return node
        return _filter(nodes.Const(repr(node.value), lineno=node.lineno), "_exact", node)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        assert isinstance(node.node, nodes.Getattr)  # noqa: S101 - the check lets nothing else by
        return _filter(node.node.node, f"_{node.node.attr}", node, *node.args)


def _filter(value: nodes.Node, name: str, at: nodes.Node, *args: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(value, name, list(args), [], None, None, lineno=at.lineno)
