"""What Jinja's parser complains about, in an operator's words and at the right character."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from jinja2 import TemplateSyntaxError, nodes
from jinja2.lexer import ignored_tokens
from jinja2.parser import Parser

from flows.language.sandbox import sandbox
from flows.language.words import quoted, suggestion

STATEMENT_WORDS: Final = ("if", "elif", "else", "endif", "for", "endfor")

_INSTEAD: Final = {
    "=": "write == to compare",
    "&": "write `and`",
    "&&": "write `and`",
    "||": "write `or`",
    "!": "write `not`",
    "===": "write == to compare",
    "$": "write the name alone, without $",
    "'": "close the quote",
    '"': "close the quote",
    "?": "write `a if condition else b`",
}
_CHECK: Final = "check the brackets, the quotes around text, and the words and, or, not, in"
_FILTER: Final = "text goes in quotes; filters follow a | and take arguments in ( )"

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in an expression: at which character, what, and what to do."""

    offset: int
    what: str
    fix: str
    code: str = "syntax"


class Broken(Exception):
    """An expression cannot be used; it has at least one fault.

    `tree` is what was read, where that is enough to check the names in it all the same.
    """

    def __init__(self, *faults: Fault, tree: nodes.Node | None = None) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults, self.tree = faults, tree


def guarded(text: str, state: str | None, parse: Callable[[Parser], Read]) -> Read:
    """Return what *parse* makes of *text*; *state* is that of Jinja's lexer.

    Raises:
        Broken: It is not Jinja at all.
    """
    parser: Parser | None = None
    fault: Fault
    try:
        parser = Parser(sandbox(), text, state=state)
        return parse(parser)
    except TemplateSyntaxError as error:
        fault = _explained(text, state, parser, error)
    except RecursionError:
        fault = Fault(0, "the expression is nested too deeply", "split it into several")
    except (ValueError, OverflowError):  # a number of thousands of digits
        fault = Fault(0, "a number is too long", "write fewer digits")
    raise Broken(fault)


def leftover(text: str, state: str | None, parser: Parser) -> Fault:
    """Return the fault that the parser stopped before the end."""
    offset, spelled = _stopped(text, state, parser)
    return _unfitting(offset, spelled)


def _explained(
    text: str, state: str | None, parser: Parser | None, error: TemplateSyntaxError
) -> Fault:
    said = error.message or ""
    lexed = re.match(r"unexpected char (?:'(.)'|\"(')\") at (\d+)", said)
    if lexed:
        return _character(text, int(lexed[3]))
    unknown = re.match(r"Encountered unknown tag '(\w+)'", said)
    if unknown:
        return _unknown_tag(text, unknown[1], said)
    unclosed = re.search(r"innermost block that needs to be closed is '(\w+)'", said)
    if unclosed:
        offset = text.rfind("{%")
        for found in re.finditer(r"\{%-?\s*(\w+)", text):
            offset = found.start() if found[1] == unclosed[1] else offset
        fix = f"write {{% end{unclosed[1]} %}} where it ends"
        return Fault(max(offset, 0), f"{{% {unclosed[1]} %}} is never closed", fix)
    if parser is None:
        return Fault(_line_start(text, error.lineno), "this cannot be read", _CHECK)
    offset, spelled = _stopped(text, state, parser)
    return _unfitting(offset, spelled)


def _character(text: str, offset: int) -> Fault:
    run = re.compile(r"&+|\|+|=+|.", re.DOTALL).match(text, offset)
    spelled = run[0] if run else ""
    what = f"{quoted(spelled)} is not part of an expression"
    if spelled in {"'", '"'}:
        what = "a quote is opened here and never closed"
    return Fault(offset, what, _INSTEAD.get(spelled, _CHECK))


def _unknown_tag(text: str, tag: str, said: str) -> Fault:
    found = re.search(r"\{%-?\s*(" + re.escape(tag) + r")\b", text)
    offset = found.start(1) if found else 0
    if tag.startswith("end") and tag in STATEMENT_WORDS:
        opened = re.search(r"currently looking for '(\w+)'|to be closed is '(\w+)'", said)
        what = f"{{% {tag} %}} closes nothing that is open here"
        fix = "check the order of the blocks" if opened else "remove it"
        return Fault(offset, what, fix)
    what = f"{quoted(tag)} is not a statement of templates"
    return Fault(offset, what, suggestion(tag, STATEMENT_WORDS))


def _unfitting(offset: int, spelled: str) -> Fault:
    if not spelled:
        return Fault(offset, "the expression ends too early", _CHECK)
    if spelled == "=":
        return Fault(offset, "a single = compares nothing", _INSTEAD["="])
    what = f"{quoted(spelled)} does not fit after what stands before it"
    return Fault(
        offset, what, _FILTER if spelled[0].isalnum() else _INSTEAD.get(spelled, _CHECK)
    )


def _stopped(text: str, state: str | None, parser: Parser) -> tuple[int, str]:
    """Return the offset and spelling of the spelled at which the parser stopped."""
    left = 0
    try:
        while not parser.stream.eos:
            left += 1
            next(parser.stream)
        tokens = _tokens(text, state)
    except TemplateSyntaxError:
        return 0, ""
    if not left or left > len(tokens):
        return max(0, len(text.rstrip()) - 1), ""
    offset, spelled, closes = tokens[len(tokens) - left]
    return offset, "" if closes else spelled


def _tokens(text: str, state: str | None) -> list[tuple[int, str, bool]]:
    """Return offset, spelling, and whether it closes a tag, of each spelled that counts."""
    tokens: list[tuple[int, str, bool]] = []
    at = 0
    for _, kind, spelled in sandbox().lexer.tokeniter(text, None, state=state):
        found = text.find(spelled, at)
        start = found if found >= 0 else at
        at = start + len(spelled)
        if kind not in ignored_tokens and kind not in {"raw_begin", "raw_end"}:
            closes = kind in {"variable_end", "block_end"}
            tokens.append((start, spelled, closes))
    return tokens


def _line_start(text: str, line: int) -> int:
    return sum(len(each) + 1 for each in text.split("\n")[: line - 1])
