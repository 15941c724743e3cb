"""A source put into the text of a flows file; all else stays as its author wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml
from pydantic import JsonValue, TypeAdapter, ValidationError

from flows.errors import OperatorError, Place
from flows.language.load import parse
from flows.language.node import Slug
from flows.language.places import Document, Tree
from flows.language.spec import Source
from flows.language.yaml_reader import read

_STEP: Final = "  "
_SOURCE: Final[TypeAdapter[object]] = TypeAdapter(Source)
_NAME: Final[TypeAdapter[str]] = TypeAdapter(Slug)


def with_source(text: str, path: Path, name: str, source: Mapping[str, JsonValue]) -> str:
    """Return the text of the flows file at *path* with one more source.

    The text comes back unchanged where a source of that name says the same already.

    Raises:
        FlowsFileError: The file is wrong, before or with the source.
        OperatorError: The name is none, or taken by another source, or `sources` stands in
            braces, where no line can be added.
    """
    document = read(text, str(path))
    try:
        _NAME.validate_python(name)
    except ValidationError:
        raise OperatorError(
            "the source's name is not one", fix="use small letters, digits and hyphens: my-bank"
        ) from None
    sources = document.tree(("sources",))
    known = sources.child(name) if sources else None
    if known is not None:
        if _same(known.data, source):
            return text
        raise OperatorError(
            f"there is a source '{name}' already, and it says something else",
            fix="choose another name, or edit or delete that one",
            where=document.key(("sources", name)),
        )
    added = _added(document, sources, name, source)
    parse(added, path)
    return added


def _same(known: JsonValue, source: Mapping[str, JsonValue]) -> bool:
    try:
        return _SOURCE.validate_python(known) == _SOURCE.validate_python(dict(source))
    except ValidationError:
        return False


def _added(
    document: Document, sources: Tree | None, name: str, source: Mapping[str, JsonValue]
) -> str:
    end = "\r\n" if "\r\n" in document.text else "\n"
    lines = document.text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += end
    if sources is None or sources.data is None:
        indent, before = _STEP, ["sources:"] if sources is None else []
    elif document.text[sources.start] == "{" and sources.keys:
        raise OperatorError(
            "`sources` stands in braces, so no line can be added",
            fix=f"write it as one line for each source, or add: {_flow({name: dict(source)})}",
            where=Place(document.file, sources.line, sources.column),
        )
    else:
        first = min(sources.keys.values(), key=lambda key: key.line)
        indent, before = " " * (first.column - 1), []
    at = _line_after(document, lines, indent)
    block = [*before, f"{indent}{name}:"]
    block += [f"{indent}{_STEP}{key}: {_flow(value)}" for key, value in source.items()]
    return "".join([*lines[:at], *(line + end for line in block), *lines[at:]])


def _line_after(document: Document, lines: list[str], indent: str) -> int:
    """Return before which line, from 0, the last thing of `sources` has ended.

    Blank lines and comments further out belong to what follows.
    """
    keys = document.root.keys
    line = keys["sources"].line if "sources" in keys else 0
    wanted = [key.line for key in keys.values() if key.line > line]
    if "sources" not in keys:
        wanted = [keys["flows"].line] if "flows" in keys else []
    at = min(wanted, default=len(lines) + 1) - 1
    while at > line and _is_apart(lines[at - 1], indent):
        at -= 1
    return at


def _is_apart(line: str, indent: str) -> bool:
    text = line.strip()
    return (
        not text
        or text in {"---", "..."}
        or (text.startswith("#") and not line.startswith(indent))
    )


def _flow(value: JsonValue) -> str:
    """Return a value on one line, as YAML."""
    shown = yaml.safe_dump(
        value, default_flow_style=True, width=10_000, allow_unicode=True, sort_keys=False
    )
    return shown.removesuffix("\n").removesuffix("\n...")
