"""What is known of tables before anything runs: their columns, their keys, their look-ups."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import nodes

from flows.language.kinds import ANY, DAY, Group, Items, Keyed, Leaf, Tree
from flows.language.places import Plain
from flows.language.rows import key_text
from flows.language.tables import Table, ValueKind
from flows.language.vocabulary import NO_DATA
from flows.language.words import quoted, suggestion

_MOST_ARGUMENTS = 3


def data_tree(written: Plain, tables: Mapping[str, Table]) -> Tree:
    """Return the names under `data`, as *written*; *tables* are those that could be read."""
    names = written if isinstance(written, dict) else {}
    trees = {name: _tree(tables[name]) if name in tables else ANY for name in names}
    return Group(trees) if trees else NO_DATA


def _tree(table: Table) -> Items:
    row = Group({name: leaf_of(column.type) for name, column in table.columns.items()})
    key = table.key
    if key is None:
        return Items(row)
    return Keyed(row, frozenset(key_text(each[key]) for each in table.rows or ()))


def leaf_of(kind: ValueKind) -> Leaf:
    """Return what is known of a cell or an input."""
    return DAY if kind == "date" else Leaf(kind)


def looked_up(node: nodes.Filter, data: Tree) -> tuple[tuple[str, str] | None, Tree]:
    """Return what is wrong with a filter `lookup`, as what and fix, and what it gives.

    *data* is what is known of the tables.
    """
    words = [each.value if isinstance(each, nodes.Const) else None for each in node.args]
    if not words or not isinstance(words[0], str):
        what = "lookup needs the name of a table, in quotes"
        return (what, "write value | lookup('prices', 'price')"), ANY
    if len(words) > _MOST_ARGUMENTS:
        what = "lookup takes a table, a column, and what to give where there is no row"
        return (what, "write value | lookup('prices', 'price', 0)"), ANY
    known = data.names if isinstance(data, Group) else {}
    table = known.get(words[0])
    if table is ANY:
        return None, ANY
    if table is None:
        return (f"there is no table {quoted(words[0])}", _offer(words[0], known)), ANY
    if not isinstance(table, Keyed):
        what = f"the table {quoted(words[0])} has no key by which to look up"
        return (what, "add `key:` to it, or loop over it"), ANY
    return _column(table, words[0], words[1:])


def _column(table: Keyed, name: str, rest: list[object]) -> tuple[tuple[str, str] | None, Tree]:
    if not rest:
        return None, table.item
    columns = table.item.names if isinstance(table.item, Group) else {}
    if not isinstance(rest[0], str) or rest[0] not in columns:
        what = f"the table {quoted(name)} has no column {quoted(rest[0] or '')}"
        return (what, suggestion(str(rest[0] or ""), columns)), ANY
    return None, columns[rest[0]]


def _offer(word: str, known: Mapping[str, Tree]) -> str:
    return suggestion(word, known) if known else "add one under `data`"
