"""The names that an expression reads, and what a part of it is called."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

from flows.language.parts import parts_of


def label_of(node: nodes.Node) -> str:
    """Return what *node* is called in a problem."""
    if isinstance(node, nodes.Filter) and node.node is not None:
        return f"{label_of(node.node)} | {node.name}"
    return ".".join(chain_of(node)) or "this value"


def root_of(node: nodes.Node) -> str:
    """Return the first name in *node*, by which its place is found."""
    return next((".".join(each) for each in chains(node)), "")


def chains(node: nodes.Node) -> Iterator[list[str]]:
    """Yield every name that *node* reads."""
    chain = chain_of(node)
    if chain:
        yield chain
        return
    for child in parts_of(node):
        yield from chains(child)


def chain_of(node: nodes.Node) -> list[str]:
    """Return `["mail", "sender", "name"]` for mail.sender.name, and nothing for all else."""
    parts: list[str] = []
    while True:
        if isinstance(node, nodes.Name):
            return [node.name, *reversed(parts)]
        if isinstance(node, nodes.Getattr):
            parts.append(node.attr)
            node = node.node
        elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            if not isinstance(node.arg.value, str):
                return []
            parts.append(node.arg.value)
            node = node.node
        else:
            return []
