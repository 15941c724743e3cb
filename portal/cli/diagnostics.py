"""The problems of a flows file as people, editors and build machines read them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final, Literal

from flows.errors import Problem

Format = Literal["text", "json", "github"]

_SHOWN: Final = 88
_BEFORE: Final = 40
_TOKEN: Final = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:''|[^'])*'|[\w$@/~-]+(?:\.[\w*-]+)*|\S")
_SECRET: Final = re.compile(r"\b(?:password|secret|certificate|key)\b[\"']?\s*:")
_SEVERITIES: Final = {"error": 1, "warning": 2}
"""As the Language Server Protocol numbers them."""


def rows(problems: Sequence[Problem], form: Format) -> Iterator[str]:
    """Yield what is printed of *problems*, in their order.

    `text` shows the line with a caret under the place, `json` is a line for each problem whose
    range counts from 0 in UTF-16 units, as editors do; `github` are commands that annotate a
    file in GitHub Actions.

    Source: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#diagnostic
    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    write = {"text": _text, "json": _json, "github": _github}[form]
    for problem in problems:
        yield write(problem)


def summary(problems: Sequence[Problem]) -> str:
    """Return how many errors and warnings there are, in words."""
    counts = [
        (sum(each.severity == severity for each in problems), severity)
        for severity in _SEVERITIES
    ]
    return " and ".join(f"{n} {word}{'s' * (n != 1)}" for n, word in counts if n)


def _text(problem: Problem) -> str:
    first, _, fix = str(problem).partition("\n")
    line, start, end = _span(problem)
    if _is_hidden(problem, line):
        return f"{first}\n{fix}"
    cut = max(0, start - _BEFORE) if len(line) > _SHOWN else 0
    shown = line[cut : cut + _SHOWN]
    indent = len(shown) - len(shown.lstrip()) if not cut else 0
    shown, at = shown[indent:].rstrip(), start - cut - indent
    caret = "^" * max(1, min(end - start, _SHOWN - at))
    return f"{first}\n    {'…' * (cut > 0)}{shown}\n    {' ' * (at + (cut > 0))}{caret}\n{fix}"


def _is_hidden(problem: Problem, line: str) -> bool:
    """Return whether the line is not to be repeated, or holds nothing to see."""
    return problem.hidden or not line.isprintable() or bool(_SECRET.search(line)) or not line


def _json(problem: Problem) -> str:
    line, start, end = _span(problem)
    number = problem.where.line - 1
    row = {
        "file": problem.where.file,
        "range": {
            "start": {"line": number, "character": _units(line[:start], start)},
            "end": {"line": number, "character": _units(line[:end], end)},
        },
        "severity": _SEVERITIES[problem.severity],
        "code": problem.code,
        "source": "jigajob",
        "message": problem.what,
        "fix": problem.fix,
    }
    return json.dumps(row, ensure_ascii=False)


def _github(problem: Problem) -> str:
    _, start, end = _span(problem)
    where = problem.where
    properties = {
        "file": where.file,
        "line": where.line,
        "col": start + 1,
        "endColumn": end + 1,
        "title": f"jigajob {problem.code}",
    }
    told = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in properties.items())
    message = _escaped(f"{problem.what}; fix: {problem.fix}", "")
    return f"::{problem.severity} {told}::{message}"


def _escaped(text: str, more: str) -> str:
    for sign in ("%", "\r", "\n", *more):
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def _units(before: str, columns: int) -> int:
    """Return a column in UTF-16 units; *before* is what stands before it, as far as known."""
    return len(before.encode("utf-16-le", "surrogatepass")) // 2 + columns - len(before)


def _span(problem: Problem) -> tuple[str, int, int]:
    """Return the line of a problem, and where in it the word at its place starts and ends."""
    lines = _lines(problem.where.file)
    number, start = problem.where.line - 1, problem.where.column - 1
    line = lines[number] if number < len(lines) else ""
    found = _TOKEN.match(line, start)
    return line, start, found.end() if found else start + 1


@cache
def _lines(file: str) -> Sequence[str]:
    try:
        text = Path(file).read_text(encoding="utf-8-sig", errors="replace")
    except (OSError, ValueError):
        return ()
    return [line.removesuffix("\r") for line in text.split("\n")]
