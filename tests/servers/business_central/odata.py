"""The part of OData that Business Central takes: $select, $filter, $orderby, $top, and pages.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/
use-filter-expressions-in-odata-uris, odata-known-limitations
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from tests.servers.business_central.schema import SCHEMA, Json, Property, Unfit

KNOWN = {"$select", "$filter", "$orderby", "$top", "$skip", "$count", "$skiptoken"}
LARGEST_PAGE = 20_000
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<word>[A-Za-z][A-Za-z0-9]*)|(?P<mark>[(),])"
    r"|(?P<literal>[0-9][0-9A-Za-z.:-]*))"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: left == right,
    "ne": lambda left, right: left != right,
    "gt": lambda left, right: left > right,
    "ge": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "le": lambda left, right: left <= right,
}
Test = Callable[[Json], bool]


class Filter:
    """A filter read by descent; `matches` tells whether a row passes."""

    def __init__(self, text: str, known: dict[str, Property]) -> None:
        self._known, self._tokens = known, _tokens(text)
        self.matches, _ = self._any()
        if self._tokens:
            raise Unfit("BadRequest_NotFound", "Syntax error in the filter.")

    def _any(self) -> tuple[Test, set[str]]:
        test, names = self._all()
        while self._next("or"):
            other, more = self._all()
            names |= more
            if len(names) > 1:
                text = (
                    "The 'OR' operator is not supported on distinct fields on an OData filter."
                )
                raise Unfit("BadRequest_MethodNotImplemented", text)
            test = _either(test, other)
        return test, names

    def _all(self) -> tuple[Test, set[str]]:
        test, names = self._one()
        while self._next("and"):
            other, more = self._one()
            test, names = _both(test, other), names | more
        return test, names

    def _one(self) -> tuple[Test, set[str]]:
        if self._next("("):
            inside = self._any()
            self._must(")")
            return inside
        folded = self._next("tolower")
        if folded:
            self._must("(")
        name = self._take()
        if name not in self._known:
            raise Unfit("BadRequest", f"Could not find a property named '{name}'.")
        if folded:
            self._must(")")
        compare = _COMPARE.get(self._take())
        if compare is None:
            raise Unfit("BadRequest_NotFound", "Syntax error in the filter.")
        wanted = _value(self._take(), self._known[name])

        def test(row: Json) -> bool:
            value = _comparable(row[name], self._known[name])
            return compare(value.lower() if folded else value, wanted)

        return test, {name}

    def _next(self, word: str) -> bool:
        if self._tokens[:1] == [word]:
            del self._tokens[0]
            return True
        return False

    def _must(self, word: str) -> None:
        if not self._next(word):
            raise Unfit("BadRequest_NotFound", "Syntax error in the filter.")

    def _take(self) -> str:
        if not self._tokens:
            raise Unfit("BadRequest_NotFound", "Expression expected in the filter.")
        return self._tokens.pop(0)


def page(
    resource: str, rows: Sequence[Json], query: dict[str, str], size: int
) -> tuple[list[Json], str]:
    """Return the rows of one page, and the token of the next, empty after the last.

    Raises:
        Unfit: The query is one that Business Central refuses.
    """
    known = dict(SCHEMA[resource])
    if unknown := query.keys() - KNOWN:
        raise Unfit("BadRequest", f"The query parameter {sorted(unknown)} is not supported.")
    columns = query["$select"].split(",") if "$select" in query else list(known)
    order = [part.split() for part in query.get("$orderby", "").split(",") if part]
    for name in [*columns, *(part[0] for part in order)]:
        if name not in known:
            raise Unfit("BadRequest", f"Could not find a property named '{name}'.")
    if "$filter" in query:
        rows = list(filter(Filter(query["$filter"], known).matches, rows))
    keyed = sorted(((_key(row, order, known), row) for row in rows), key=lambda each: each[0])
    if token := query.get("$skiptoken"):
        after = json.loads(base64.urlsafe_b64decode(token))
        keyed = [(key, row) for key, row in keyed if key > after]
    keyed = keyed[int(query.get("$skip", "0")) :]
    top = int(query.get("$top", str(len(keyed))))
    cut = keyed[: min(top, size)]
    last = json.dumps(cut[-1][0]) if cut and len(keyed) > len(cut) < top else ""
    shown = [_selected(row, columns) for _, row in cut]
    return shown, base64.urlsafe_b64encode(last.encode()).decode()


def _key(row: Json, order: list[list[str]], known: dict[str, Property]) -> list[Any]:
    keys = [row[name] for name, *_ in order if known[name].kind != "lines"]
    return [*keys, row.get("entryNumber", 0), row.get("number", ""), row.get("id", "")]


def _selected(row: Json, columns: list[str]) -> Json:
    kept = {name for name in row if name.startswith("@odata.")} | set(columns)
    # Lines come only where they are asked for by $expand, which is not here.
    return {k: v for k, v in row.items() if k in kept and not k.endswith("Lines")}


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text.rstrip()):
        token = _TOKEN.match(text, at)
        if token is None:
            raise Unfit("BadRequest_NotFound", f"Syntax error at position {at}.")
        found.append(token[0].strip())
        at = token.end()
    return found


def _value(token: str, known: Property) -> Any:
    if known.kind in {"text", "one"}:
        if not token.startswith("'"):
            raise Unfit("BadRequest", "A binary operator with incompatible types was detected.")
        value = token[1:-1].replace("''", "'")
        if known.kind == "text" and len(value) > known.longest:
            raise Unfit("Application_FilterErrorException", f"'{value}' is not valid.")
        return value
    if token.startswith("'"):
        raise Unfit("BadRequest", "A binary operator with incompatible types was detected.")
    try:
        if known.kind == "moment":
            if not token.endswith("Z"):
                raise Unfit("BadRequest", "The time zone information is missing.")
            return datetime.fromisoformat(token)
        return float(token) if known.kind in {"integer", "decimal"} else token
    except ValueError:
        raise Unfit("BadRequest", f"Unrecognized literal '{token}'.") from None


def _comparable(value: Any, known: Property) -> Any:
    if known.kind == "moment":
        return datetime.fromisoformat(value)
    return float(value) if known.kind in {"integer", "decimal"} else value


def _either(one: Test, other: Test) -> Test:
    return lambda row: one(row) or other(row)


def _both(one: Test, other: Test) -> Test:
    return lambda row: one(row) and other(row)
