"""What the YAML parser complains about, in an operator's words."""

from __future__ import annotations

import re
from typing import Final

import yaml

from flows.errors import Place, Problem
from flows.language.words import quoted

_UNQUOTED = re.compile(r":\s+(\{\{)|-\s+(\{\{)")
_STARTER = re.compile(r"found (a tab )?character .*cannot start|found a tab character")
UNQUOTED_TEMPLATE: Final = (
    "a value that starts with {{ is not in quotes",
    'put all of it in quotes: "{{ … }}"',
)
"""What YAML reads as a mapping in a mapping, and how to write it."""

_INDENT = "start keys of one mapping, and the dashes of one list, in the same column"

_KNOWN: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "a colon stands where none is allowed",
        "put text that holds ': ' in quotes; " + _INDENT,
    ),
    (
        "could not find expected ':'",
        "a colon is missing after a key",
        "write `key: value`; long text goes in quotes or under `|`",
    ),
    (
        "did not find expected '-' indicator",
        "this line does not fit the list above it",
        _INDENT,
    ),
    ("did not find expected key", "this line does not fit the mapping above it", _INDENT),
    (
        "block sequence entries are not allowed",
        "a list starts where none is allowed",
        "start the list on a line of its own",
    ),
    ("block collections are not allowed", "a list or mapping starts inside brackets", _INDENT),
    (
        "found unknown escape character",
        "a backslash in double quotes is followed by an unknown letter",
        r"write \\ for a backslash, or use single quotes",
    ),
    (
        "did not find expected node content",
        "a value is missing here",
        "write one, or put the text before it in quotes",
    ),
    (
        "found undefined tag handle",
        "a tag is not part of the language",
        "remove the tag; put text that starts with ! in quotes",
    ),
    (
        "did not find expected ',' or '}'",
        "a comma or a closing } is missing",
        "close the { that was opened before this; put text with brackets in quotes",
    ),
    (
        "did not find expected ',' or ']'",
        "a comma or a closing ] is missing",
        "close the [ that was opened before this; put text with brackets in quotes",
    ),
    (
        "did not find expected <document start>",
        "text follows after the end of the file's one value",
        _INDENT,
    ),
    (
        "did not find expected alphabetic or numeric character",
        "a name is missing after & or *",
        "put text that starts with & or * in quotes",
    ),
)


def broken_yaml(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """Return the one problem that keeps *text* from being read as YAML."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return _unreadable(error, text, file)
    context, problem = error.context or "", error.problem or ""
    mark = error.problem_mark or error.context_mark
    if "quoted scalar" in context and error.context_mark and "escape" not in problem:
        return _problem(
            file,
            error.context_mark,
            "a quote is opened here and never closed",
            "close the quote",
        )
    line = text.split("\n")[mark.line] if mark and mark.line <= text.count("\n") else ""
    unquoted = _UNQUOTED.search(line)
    if mark and unquoted:
        place = Place(file, mark.line + 1, unquoted.start(unquoted.lastindex or 1) + 1)
        return Problem(place, *UNQUOTED_TEMPLATE, "yaml")
    what, fix = _words(problem, line, mark.column if mark else 0)
    return _problem(file, mark, what, fix)


def _words(problem: str, line: str, column: int) -> tuple[str, str]:
    if _STARTER.search(problem):
        if "\t" in line[: column + 1]:
            return "a tab is used to indent", "indent with spaces, two for each level"
        character = quoted(line[column : column + 1])
        return f"a value cannot start with {character}", "put the value in quotes"
    for said, what, fix in _KNOWN:
        if said in problem:
            return what, fix
    return f"this is not YAML: {problem or 'it cannot be read'}", _INDENT


def _unreadable(error: yaml.YAMLError, text: str, file: str) -> Problem:
    at = getattr(error, "position", 0) or 0
    place = Place(file, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
    return Problem(
        place, "a character here is not allowed in YAML", "delete it and type it again", "yaml"
    )


def _problem(file: str, mark: yaml.Mark | None, what: str, fix: str) -> Problem:
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Problem(Place(file, line, column), what, fix, "yaml")
