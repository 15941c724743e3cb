"""Scalar expressions of Cosmos SQL: read into closures over one document."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.servers.cosmos.values import (
    AGGREGATES,
    FUNCTIONS,
    UNDEFINED,
    among,
    both,
    compare,
    either,
    member,
    negated,
)
from tests.servers.cosmos.wire import Json, Refusal, Untaught

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<string>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<parameter>@\w+)"
    r"|(?P<sign><>|!=|<=|>=|\?\?|\|\||[=<>()\[\]{},.:*?+\-/%]))"
)
_RESERVED = frozenset(
    re.findall(
        r"\w+",
        "SELECT VALUE TOP DISTINCT FROM WHERE ORDER BY GROUP HAVING OFFSET LIMIT AND OR NOT IN"
        " BETWEEN ASC DESC AS JOIN LIKE ESCAPE EXISTS ARRAY UDF TRUE FALSE NULL UNDEFINED",
    )
)
_NOT_HERE = frozenset({"JOIN", "LIKE", "EXISTS", "GROUP", "DISTINCT", "ARRAY", "UDF"})
COUNTED = "#count"
"""Among the parameters: what COUNT has come to."""


@dataclass(frozen=True, slots=True)
class Expression:
    """How to work out a value. `path` where it is no more than a path in the document."""

    of: Callable[[Json, Json], Any]
    path: tuple[str | int, ...] | None = None
    aggregate: str = ""


def wrong(message: str) -> Refusal:
    """Return the refusal of a text that is no query."""
    return Refusal(400, f"Syntax error, {message}.", charge=0)


class Reader:
    """Reads tokens from left to right; the words of a query are known by `reserved`."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        self.paths: set[tuple[str | int, ...]] = set()
        self.alternatives = 0
        self._text, self._spans = text, list[tuple[int, int]]()
        at = 0
        text = text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise wrong("invalid token")
            kind = str(found.lastgroup)
            said = found[kind]
            if kind == "word" and said.upper() in _RESERVED:
                kind, said = "reserved", said.upper()
            self.tokens.append((kind, said))
            self._spans.append(found.span(found.lastgroup or 0))
            at = found.end()
        self.at = 0
        self.alias = ""

    def since(self, start: int) -> str:
        """The text of the tokens from *start* up to here."""
        if start == self.at:
            return ""
        return self._text[self._spans[start][0] : self._spans[self.at - 1][1]]

    def peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        kind, said = self.tokens[at] if at < len(self.tokens) else ("end", "")
        return said if kind in {"reserved", "sign"} else ""

    def take(self, *wanted: str) -> bool:
        """Go on if the next words are these."""
        if all(self.peek(n) == word for n, word in enumerate(wanted)):
            self.at += len(wanted)
            return True
        return False

    def expect(self, *wanted: str) -> None:
        if not self.take(*wanted):
            raise wrong(f"incorrect syntax near position {self.at}, expected {wanted[0]}")

    def next(self, *kinds: str) -> str:
        kind, said = self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")
        if kind not in kinds:
            if said in _NOT_HERE:
                raise Untaught(said)
            raise wrong(f"incorrect syntax near position {self.at}")
        self.at += 1
        return said

    def kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else "end"

    # Expressions, by how strongly they bind

    def expression(self) -> Expression:
        left = self._conjunction()
        while self.take("OR"):
            self.alternatives += 1
            left = _joined(either, left, self._conjunction())
        return left

    def _conjunction(self) -> Expression:
        left = self._negation()
        while self.take("AND"):
            left = _joined(both, left, self._negation())
        return left

    def _negation(self) -> Expression:
        if self.take("NOT"):
            inner = self._negation()
            return Expression(lambda d, p: negated(inner.of(d, p)))
        return self._comparison()

    def _comparison(self) -> Expression:
        left = self.single()
        sign = self.peek()
        if sign in {"=", "!=", "<>", "<", "<=", ">", ">="}:
            self.at += 1
            right = self.single()
            return Expression(lambda d, p: compare(sign, left.of(d, p), right.of(d, p)))
        negative = self.take("NOT")
        if self.take("IN"):
            found = self._in(left)
        elif self.take("BETWEEN"):
            found = self._between(left)
        elif self.peek() in _NOT_HERE or sign in {"??", "?", "||", "+", "-", "*", "/", "%"}:
            raise Untaught(self.peek())
        elif negative:
            raise wrong("incorrect syntax near NOT")
        else:
            return left
        return Expression(lambda d, p: negated(found.of(d, p))) if negative else found

    def _in(self, left: Expression) -> Expression:
        self.expect("(")
        options = self._list(")")
        self.alternatives += len(options) - 1
        if not options:
            raise wrong("IN takes one value at least")
        return Expression(lambda d, p: among(left.of(d, p), [o.of(d, p) for o in options]))

    def _between(self, left: Expression) -> Expression:
        low = self.single()
        self.expect("AND")
        high = self.single()

        def of(d: Json, p: Json) -> Any:
            value = left.of(d, p)
            return both(compare(">=", value, low.of(d, p)), compare("<=", value, high.of(d, p)))

        return Expression(of)

    def _list(self, end: str) -> list[Expression]:
        found: list[Expression] = []
        if self.take(end):
            return found
        while True:
            found.append(self.expression())
            if self.take(end):
                return found
            self.expect(",")

    def single(self) -> Expression:
        """Read one value, whatever stands around it."""
        if self.take("("):
            inner = self.expression()
            self.expect(")")
            return inner
        if self.take("["):
            parts = self._list("]")
            aggregate = next((part.aggregate for part in parts if part.aggregate), "")
            return Expression(
                lambda d, p: _present([x.of(d, p) for x in parts]), None, aggregate
            )
        if self.take("{"):
            return self._object()
        kind = self.kind()
        if kind == "word":
            return self._named()
        if kind == "parameter":
            name = self.next("parameter")
            return Expression(lambda d, p: _given(p, name))
        return self._literal()

    def _literal(self) -> Expression:
        negative = self.take("-")
        kind = self.kind()
        if kind == "number":
            number = json.loads(self.next("number"))
            value: Any = -number if negative else number
        elif kind == "string" and not negative:
            value = _text(self.next("string"))
        elif self.peek() in _CONSTANTS and not negative:
            value = _CONSTANTS[self.next("reserved")]
        else:
            self.next("nothing that could stand here")
        return Expression(lambda d, p: value)

    def _object(self) -> Expression:
        parts: dict[str, Expression] = {}
        while not self.take("}"):
            said = self.next("string", "word")
            name = _text(said) if said[0] in "\"'" else said
            self.expect(":")
            parts[name] = self.expression()
            if not self.take(",") and self.peek() != "}":
                raise wrong("incorrect syntax in an object")
        aggregate = next((part.aggregate for part in parts.values() if part.aggregate), "")

        def of(d: Json, p: Json) -> Any:
            worked = {name: part.of(d, p) for name, part in parts.items()}
            return {name: value for name, value in worked.items() if value is not UNDEFINED}

        return Expression(of, None, aggregate)

    def _named(self) -> Expression:
        name = self.next("word")
        if self.take("("):
            return self._call(name.upper())
        if name != self.alias:
            raise Refusal(400, f"Identifier '{name}' could not be resolved.", charge=0)
        return self._path()

    def _path(self) -> Expression:
        steps: list[str | int] = []
        while True:
            if self.take("."):
                steps.append(self.next("word"))
            elif self.take("["):
                said = self.next("string", "number")
                steps.append(_text(said) if said[0] in "\"'" else int(said))
                self.expect("]")
            else:
                self.paths.add(tuple(steps))
                return _followed(tuple(steps))

    def _call(self, name: str) -> Expression:
        given = self._list(")")
        if name in AGGREGATES:
            if name != "COUNT" or len(given) != 1:
                raise Untaught(name)
            counted = given[0]
            return Expression(lambda d, p: p.get(COUNTED, counted.of(d, p)), None, name)
        if name not in FUNCTIONS:
            raise Refusal(
                400, f"'{name}' is not a recognized built-in function name.", charge=0
            )
        work = FUNCTIONS[name]
        return Expression(lambda d, p: work(*(one.of(d, p) for one in given)))


_CONSTANTS = {"TRUE": True, "FALSE": False, "NULL": None, "UNDEFINED": UNDEFINED}


def _followed(steps: tuple[str | int, ...]) -> Expression:
    def of(document: Json, _: Json) -> Any:
        value: Any = document
        for step in steps:
            value = member(value, step)
        return value

    return Expression(of, steps)


def _joined(work: Callable[[Any, Any], Any], left: Expression, right: Expression) -> Expression:
    return Expression(lambda d, p: work(left.of(d, p), right.of(d, p)))


def _given(parameters: Json, name: str) -> Any:
    if name not in parameters:
        raise Refusal(400, f"The parameter '{name}' has no value.", charge=0)
    return parameters[name]


def _present(values: list[Any]) -> list[Any]:
    return [value for value in values if value is not UNDEFINED]


def _text(said: str) -> str:
    inside = said[1:-1]
    if said[0] == "'":
        inside = inside.replace("\\'", "'").replace('"', '\\"')
    try:
        return str(json.loads(f'"{inside}"', strict=False))
    except ValueError:
        raise wrong("invalid string") from None
