"""Microsoft's published types as JSON Schema, and the check that what is said keeps to them.

The types come from npm `@microsoft/microsoft-graph-types`, translated by
`ts-json-schema-generator`; versions and hashes stand in package-lock.json, installed on
first use. Four things are added to what the package says:

- annotations (`@odata.…`, `@removed`) are no properties and are taken out before the check;
- a property whose name ends in `DateTime` holds an Edm.DateTimeOffset, not any string;
- an attachment may be of a derived type, told by its `@odata.type`;
- `ResourceData` (empty in the package) and `PublicInnerError` (whose `date` and `request-id`
  https://learn.microsoft.com/graph/errors tells of) are open types.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from filelock import FileLock
from jsonschema import Draft7Validator

from tests.servers.node import install, node_command

HERE = Path(__file__).parent
_MODULES = HERE / "node_modules"
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$")
_OPTIONS = {
    "strict": True,
    "skipLibCheck": True,
    "types": [],
    "lib": ["es2020"],
    "module": "esnext",
    "moduleResolution": "bundler",
}

Json = dict[str, Any]


def _collection(of: str) -> Json:
    return {
        "type": "object",
        "properties": {"value": {"type": "array", "items": _ref(of)}},
        "required": ["value"],
        "additionalProperties": False,
    }


def _object(required: tuple[str, ...] = (), **properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _ref(name: str) -> Json:
    return {"$ref": f"#/definitions/{name}"}


_TEXT: Json = {"type": "string"}
_FLAG: Json = {"type": "boolean"}
_NUMBER: Json = {"type": "integer"}
_CELL: Json = {"type": ["string", "number", "boolean", "null"]}
_ENVELOPES: dict[str, Json] = {
    "Messages": _collection("Message"),
    "MailFolders": _collection("MailFolder"),
    "Attachments": _collection("AnyAttachment"),
    "Subscriptions": _collection("Subscription"),
    "ConvertIdResults": _collection("ConvertIdResult"),
    "TableColumns": _collection("TableColumn"),
    "TableRows": _collection("TableRow"),
    "Calendars": _collection("Calendar"),
    "Events": _collection("Event"),
    "TodoTaskLists": _collection("TodoTaskList"),
    "TodoTasks": _collection("TodoTask"),
    "CreateSession": _object(("persistChanges",), persistChanges=_FLAG),
    "DayFunction": _object(("year", "month", "day"), year=_NUMBER, month=_NUMBER, day=_NUMBER),
    "AddRows": _object(
        ("values",),
        index={"type": ["integer", "null"]},
        values={"type": "array", "items": {"type": "array", "items": _CELL}},
    ),
    "Error": _object(("error",), error=_ref("PublicError")),
    "Move": _object(("destinationId",), destinationId=_TEXT),
    "Reply": _object(message=_ref("Message"), comment=_TEXT),
    "SendMail": _object(("message",), message=_ref("Message"), saveToSentItems=_FLAG),
    "UploadRequest": _object(("attachmentItem",), attachmentItem=_ref("AttachmentItem")),
    "TranslateIds": _object(
        ("inputIds", "sourceIdType", "targetIdType"),
        inputIds={"type": "array", "items": _TEXT},
        sourceIdType=_ref("ExchangeIdFormat"),
        targetIdType=_ref("ExchangeIdFormat"),
    ),
    "Batch": _object(
        ("requests",),
        requests={
            "type": "array",
            "items": _object(
                ("id", "method", "url"),
                id=_TEXT,
                method={"enum": ["GET", "POST", "PATCH", "PUT", "DELETE"]},
                url=_TEXT,
                headers={"type": "object", "additionalProperties": _TEXT},
                body={"type": ["object", "string"]},
                dependsOn={"type": "array", "items": _TEXT},
            ),
        },
    ),
    "BatchAnswer": _object(
        ("responses",),
        responses={
            "type": "array",
            "items": _object(
                ("id", "status"),
                id=_TEXT,
                status={"type": "integer"},
                headers={"type": "object", "additionalProperties": _TEXT},
                body={},
            ),
        },
    ),
}
_PARAMETERS = {
    "destinationid": "destinationId",
    "message": "message",
    "comment": "comment",
    "savetosentitems": "saveToSentItems",
    "attachmentitem": "attachmentItem",
    "inputids": "inputIds",
    "sourceidtype": "sourceIdType",
    "targetidtype": "targetIdType",
}
_ACTIONS = frozenset({"Move", "Reply", "SendMail", "UploadRequest", "TranslateIds"})


class Schemas:
    """Validators for each shape, made once.

    A verdict depends on which properties there are, the types of their values, the words of
    enumerations and the form of moments, and on nothing else; so bodies that agree in those
    are judged once.
    """

    def __init__(self, document: Json) -> None:
        self._definitions = document["definitions"] | _ENVELOPES
        self._validators: dict[str, Draft7Validator] = {}
        self._verdicts: dict[tuple[str, Any], list[str]] = {}
        self._worded = _worded(self._definitions)

    def problems(self, shape: str, body: object) -> list[str]:
        """Return what in *body* breaks *shape*: the place and the rule, without the values."""
        key = shape, self._outline(body, "")
        if key not in self._verdicts:
            self._verdicts[key] = self._judged(shape, body)
        return self._verdicts[key]

    def properties(self, name: str) -> frozenset[str]:
        """Return the names of the properties that the published type has."""
        return frozenset(self._definitions[name]["properties"])

    def _judged(self, shape: str, body: object) -> list[str]:
        found = []
        for error in self._validator(shape).iter_errors(bare(body)):
            steps = ("*" if isinstance(step, int) else step for step in error.absolute_path)
            found.append(f"{shape}: {'/'.join(steps) or 'the whole'}: {_rule(error)}")
        return found

    def _validator(self, shape: str) -> Draft7Validator:
        if shape not in self._validators:
            root = {**_ref(shape), "definitions": self._definitions}
            self._validators[shape] = Draft7Validator(root)
        return self._validators[shape]

    def _outline(self, value: object, name: str) -> object:
        """Return of *value*, held by a property *name*, what a verdict depends on."""
        if isinstance(value, dict):
            return frozenset((k, self._outline(v, k)) for k, v in value.items() if "@" not in k)
        if isinstance(value, list):
            return "list", frozenset(self._outline(item, name) for item in value)
        if isinstance(value, str) and name in self._worded:
            return "word", value
        if isinstance(value, str) and name.endswith("DateTime"):
            return "moment", bool(_MOMENT.match(value))
        return type(value).__name__


def _worded(definitions: Json) -> frozenset[str]:
    """Return the names of all properties whose words are listed somewhere."""

    def lists(rule: Any, seen: frozenset[str] = frozenset()) -> bool:
        if isinstance(rule, list):
            return any(lists(part, seen) for part in rule)
        if not isinstance(rule, dict) or rule.get("type") == "object":
            return False
        if "enum" in rule or "const" in rule:
            return True
        name = unquote(rule.get("$ref", "")).removeprefix("#/definitions/")
        if name:
            return name not in seen and lists(definitions[name], seen | {name})
        return any(lists(part, seen) for part in rule.values())

    found = set()
    pending: list[Any] = list(definitions.values())
    while pending:
        rule = pending.pop()
        if isinstance(rule, list):
            pending += rule
        elif isinstance(rule, dict):
            properties = rule.get("properties", {})
            found |= {name for name, inner in properties.items() if lists(inner)}
            pending += rule.values()
    return frozenset(found)


def named(shape: str, body: Json) -> Json:
    """Return the parameters of an action under one spelling: Graph does not mind the case."""
    if shape not in _ACTIONS:
        return body
    return {_PARAMETERS.get(name.lower(), name): value for name, value in body.items()}


def bare(value: Any) -> Any:
    """Return *value* without annotations."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if "@" not in k}
    return [bare(item) for item in value] if isinstance(value, list) else value


@cache
def schemas() -> Schemas:
    """Return the schemas, made from the package on first use (about ten seconds, once)."""
    install(HERE)
    sources = (HERE / "package-lock.json", HERE / "types.ts")
    stand = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    made = _MODULES / f".graph-schema-{stand[:16]}.json"
    with FileLock(_MODULES / ".graph-schema.lock"):
        if not made.exists():
            _generate(made)
    return Schemas(_completed(json.loads(made.read_text(encoding="utf-8"))))


def _generate(made: Path) -> None:
    options = _MODULES / ".graph-tsconfig.json"
    options.write_text(json.dumps({"compilerOptions": _OPTIONS}))
    script = _MODULES / "ts-json-schema-generator" / "bin" / "ts-json-schema-generator.js"
    new = made.with_suffix(".new")
    asked = ("--path", "types.ts", "--tsconfig", str(options), "--type", "Wire", "-o", str(new))
    done = subprocess.run(
        [node_command(), str(script), *asked],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the Graph schemas could not be made: {done.stderr[-500:]}")
    new.replace(made)


def _completed(document: Json) -> Json:
    definitions = document["definitions"]
    for definition in definitions.values():
        for name, rule in definition.get("properties", {}).items():
            if name.endswith("DateTime") and ("$ref" in rule or rule.get("type") == "string"):
                definition["properties"][name] = {
                    "allOf": [
                        rule,
                        {"if": {"type": "string"}, "then": {"pattern": _MOMENT.pattern}},
                    ]
                }
    definitions["ResourceData"] = {"type": "object"}
    definitions["PublicInnerError"]["additionalProperties"] = True
    kinds = ("FileAttachment", "ItemAttachment", "Attachment")
    definitions["AnyAttachment"] = {"anyOf": [_ref(kind) for kind in kinds]}
    for name in ("user", "driveItem", "site"):
        definitions[name[0].upper() + name[1:]] = definitions["Wire"]["properties"][name]
    for name in ("SessionInfo", "TableColumn", "TableRow"):
        definitions[name] = _ref(f"Workbook{name}")
    definitions["FunctionResult"] = _ref("WorkbookFunctionResult")
    definitions["Message"]["properties"]["attachments"] = {
        "type": ["array", "null"],
        "items": _ref("AnyAttachment"),
    }
    return dict(document)


def _rule(error: Any) -> str:
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        extra = sorted(name for name in error.instance if name not in known)
        return f"no such property: {', '.join(extra)}"
    if error.validator in {"type", "enum", "pattern", "required"}:
        return f"{error.validator} must be {error.validator_value}"
    return f"breaks '{error.validator}'"
