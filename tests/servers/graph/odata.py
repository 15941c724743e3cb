"""Query options: $filter, $orderby, $select, $expand, as far as mail needs them."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from tests.servers.graph.wire import Json, Refusal

Test = Callable[[Any, Json], bool]
"""Judges an item and its resource."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d))?")
_ANY_CASE = re.IGNORECASE
_EXTENDED = re.compile(
    r"singleValueExtendedProperties/any\(\s*(?P<v>\w+)\s*:\s*(?P=v)/id\s+eq\s+'(?P<id>[^']*)'"
    r"\s+and\s+(?P=v)/value\s+eq\s+'(?P<value>(?:[^']|'')*)'\s*\)",
    _ANY_CASE,
)
_CATEGORY = re.compile(
    r"categories/any\(\s*(\w+)\s*:\s*\1\s+eq\s+'((?:[^']|'')*)'\s*\)", _ANY_CASE
)
_COMPARE = re.compile(r"([A-Za-z/]+)\s+(eq|ne|ge|gt|le|lt)\s+('(?:[^']|'')*'|\S+)")
_GUID = r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?"
_PROPERTY_ID = re.compile(
    rf"(?P<type>\w+)\s+(?:(?P<guid>{_GUID})\s+(?:Name\s+(?P<name>.+)|Id\s+(?P<id>0x[0-9a-f]+))"
    r"|(?P<tag>0x[0-9a-f]+))",
    _ANY_CASE,
)
OF_THE_ITEM = frozenset({"receivedDateTime", "categories", "singleValueExtendedProperties"})
"""Fields that a filter looks at in the item itself, not in its resource."""
_DATES = {"sentDateTime", "createdDateTime", "lastModifiedDateTime"}
_FLAGS = {"isRead", "isDraft", "hasAttachments"}
_WORDS = {
    "internetMessageId",
    "conversationId",
    "subject",
    "importance",
    "from/emailAddress/address",
    "sender/emailAddress/address",
    "displayName",
}
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "ge": lambda a, b: a >= b,
    "gt": lambda a, b: a > b,
    "le": lambda a, b: a <= b,
    "lt": lambda a, b: a < b,
}


def moment(text: str) -> datetime:
    """Return an Edm.DateTimeOffset (or a date) as aware time.

    Raises:
        Refusal: It is written in another way; Graph refuses quotes and missing zones too.
    """
    if _MOMENT.fullmatch(text):
        with suppress(ValueError):
            return datetime.fromisoformat(text) if "T" in text else _midnight(text)
    raise Refusal(
        400,
        "BadRequest",
        f"Invalid filter clause: The DateTimeOffset text '{text[:40]}' should be in format "
        "'yyyy-mm-ddThh:mm:ss('.'s+)?(zzzzzz)?' and each value within its range.",
    )


def property_id(text: str) -> str:
    """Return the id of an extended property in its one spelling: no zeros lead a tag.

    Source: https://learn.microsoft.com/graph/api/resources/singlevaluelegacyextendedproperty
    """
    match = _PROPERTY_ID.fullmatch(text.strip())
    if match is None or match["type"].lower() not in {"string", "integer", "boolean", "long"}:
        raise Refusal(
            400, "ErrorInvalidProperty", "PropertyId values may only be in one of ..."
        )
    kind = match["type"].capitalize()
    if match["tag"]:
        return f"{kind} {int(match['tag'], 16):#x}"
    guid = "{" + match["guid"].strip("{}").lower() + "}"
    rest = f"Name {match['name']}" if match["name"] else f"Id {int(match['id'], 16):#x}"
    return f"{kind} {guid} {rest}"


class Filter:
    """A parsed $filter: conditions joined by `and`, and the properties they look at."""

    def __init__(self, text: str) -> None:
        self.fields: list[str] = []
        self._tests: list[Test] = []
        for clause in _clauses(text):
            self._tests.append(self._test(clause))

    def __call__(self, item: Any, resource: Json) -> bool:
        return all(test(item, resource) for test in self._tests)

    def _test(self, clause: str) -> Test:
        if match := _EXTENDED.fullmatch(clause):
            self.fields.append("singleValueExtendedProperties")
            name, value = property_id(match["id"]), match["value"].replace("''", "'")
            return lambda item, _: item.extended.get(name) == value
        if match := _CATEGORY.fullmatch(clause):
            self.fields.append("categories")
            wanted = match[2].replace("''", "'")
            return lambda item, _: wanted in item.categories
        if match := _COMPARE.fullmatch(clause):
            self.fields.append(match[1])
            return _comparison(match[1], match[2], match[3])
        raise Refusal(
            400,
            "ErrorInvalidUrlQueryFilter",
            "The query filter contains one or more invalid nodes.",
        )


def received_only(text: str) -> Filter:
    """Return the filter of a delta query.

    Source: https://learn.microsoft.com/graph/api/message-delta
    """
    match = _COMPARE.fullmatch(text.strip())
    if match is None or match[1] != "receivedDateTime" or match[2] not in {"ge", "gt"}:
        raise Refusal(
            400,
            "ErrorInvalidUrlQueryFilter",
            "A change tracking query supports only receivedDateTime ge or gt in $filter.",
        )
    return Filter(text.strip())


def ordered(text: str, filtered: Filter | None, allowed: set[str]) -> list[tuple[str, bool]]:
    """Return ($orderby) properties and whether each descends.

    Properties of $orderby must come first in $filter too, where there is one.
    Source: https://learn.microsoft.com/graph/api/user-list-messages
    """
    order = []
    for part in text.split(","):
        name, _, direction = part.strip().partition(" ")
        if name not in allowed or direction.strip().lower() not in {"", "asc", "desc"}:
            raise Refusal(
                400, "BadRequest", f"Could not find a property named '{name}' to order by."
            )
        order.append((name, direction.strip().lower() == "desc"))
    if filtered is not None:
        named = [name for name, _ in order]
        if list(dict.fromkeys(filtered.fields))[: len(named)] != named:
            raise Refusal(
                400,
                "InefficientFilter",
                "The restriction or sort order is too complex for this operation.",
            )
    return order


def selected(text: str, known: frozenset[str], kind: str) -> frozenset[str] | None:
    """Return the names in $select, None where everything is wanted."""
    if not text:
        return None
    names = frozenset(name.strip() for name in text.split(","))
    for name in sorted(names - known):
        raise Refusal(
            400,
            "BadRequest",
            "Parsing OData Select and Expand failed: Could not find a property named "
            f"'{name}' on type 'microsoft.graph.{kind}'.",
        )
    return names


def expanded(text: str) -> tuple[frozenset[str], bool]:
    """Return the extended properties that $expand names, and whether attachments are wanted."""
    wanted: set[str] = set()
    attachments = False
    for part in _split(text, ","):
        if part == "attachments":
            attachments = True
            continue
        match = re.fullmatch(r"singleValueExtendedProperties\(\s*\$filter=(.*)\)", part)
        ids = re.split(r"\s+or\s+", match[1].strip()) if match else [""]
        for clause in ids:
            named = re.fullmatch(r"id\s+eq\s+'([^']*)'", clause.strip())
            if named is None:
                raise Refusal(
                    400, "BadRequest", "Parsing OData Select and Expand failed: bad $expand."
                )
            wanted.add(property_id(named[1]))
    return frozenset(wanted), attachments


def wants_count(options: dict[str, str]) -> bool:
    """Return what `$count` says, if anything.

    Source: OData 4.01, URL conventions, 5.1.7 (`true` or `false`; else the request is bad)
    """
    text = options.get("$count", "false")
    if text not in {"true", "false"}:
        raise Refusal(
            400,
            "BadRequest",
            f"Invalid value '{text[:20]}' for $count query option found. Valid values are"
            " 'true' or 'false'.",
        )
    return text == "true"


def whole_number(options: dict[str, str], name: str, default: int, most: int) -> int:
    text = options.get(name, "")
    if not text:
        return default
    if not text.isdigit() or int(text) > most or (name == "$top" and int(text) == 0):
        raise Refusal(
            400, "BadRequest", f"Invalid value '{text[:20]}' for {name} query option."
        )
    return int(text)


def _midnight(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _clauses(text: str) -> list[str]:
    return [clause.strip() for clause in _split(text, " and ")]


def _split(text: str, mark: str) -> list[str]:
    """Split at *mark* outside quotes and parentheses."""
    parts, depth, quoted, start = [], 0, False, 0
    for at, letter in enumerate(text):
        if letter == "'":
            quoted = not quoted
        elif not quoted:
            depth += (letter == "(") - (letter == ")")
            if depth == 0 and text[at : at + len(mark)].lower() == mark:
                parts.append(text[start:at].strip())
                start = at + len(mark)
    return [*parts, text[start:].strip()]


def _comparison(name: str, operator: str, value: str) -> Test:
    compare = _OPERATORS[operator]
    if name == "receivedDateTime":
        received = moment(value)
        return lambda item, _: compare(item.received, received)
    if name in _DATES:
        limit = moment(value)
        return lambda _, resource: compare(moment(resource[name]), limit)
    if name in _FLAGS and value in {"true", "false"} and operator in {"eq", "ne"}:
        return lambda _, resource: compare(resource[name], value == "true")
    if name in _WORDS and value.startswith("'") and operator in {"eq", "ne"}:
        wanted = value[1:-1].replace("''", "'").lower()
        return lambda _, resource: compare(str(_reach(resource, name) or "").lower(), wanted)
    raise Refusal(
        400,
        "ErrorInvalidUrlQueryFilter",
        "The query filter contains one or more invalid nodes.",
    )


def _reach(resource: Json, path: str) -> Any:
    value: Any = resource
    for step in path.split("/"):
        value = (value or {}).get(step)
    return value
