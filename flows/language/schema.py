"""The JSON Schema of flows.yaml, for editors: derived from the models, steps included.

Source: https://json-schema.org/draft/2020-12
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from flows.language.sources import MAILBOXES
from flows.language.spec import FlowsFile, PartFile
from flows.language.templates import OPTION

if TYPE_CHECKING:
    from flows.steps.contract import Step

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_TEMPLATE: Final[Schema] = {
    "type": "string",
    "pattern": r"\{\{|\{%",
    "description": "A template: text with {{ names }}.",
}
_LEAVES: Final = frozenset({"string", "integer", "number", "boolean"})


def json_schema(
    live: FlowsFile | None = None, templates: Sequence[str] = (), *, part: bool = False
) -> Schema:
    """Return the schema of a whole flows.yaml, as plain data that JSON can hold.

    With *part*, that of a file which a flows.yaml includes. Of *live*, a file that is right,
    it offers the names of the sources and roles, and the *templates* beside it. What it
    refuses, `jigajob validate` refuses too; what only shows between the parts of a file (a
    source that is not there, a misspelt name in a template) it cannot see.
    """
    model = PartFile if part else FlowsFile
    schema: Schema = model.model_json_schema(by_alias=True)
    definitions: Schema = schema["$defs"]
    _add_steps(definitions)
    _list_fields(definitions["FlowSpec"]["properties"])
    if not part:
        _add_columns_rule(definitions["ColumnMap"])
    _close(schema)
    if live is not None:
        _offer(definitions, live, templates)
    title = "Part of JigAjob flows" if part else "JigAjob flows"
    return {"$schema": DIALECT, **schema, "title": title}


def _add_steps(definitions: Schema) -> None:
    """Say what a step may use: every kind there is, each with its options, or a block."""
    from flows.steps.registry import STEPS  # noqa: PLC0415 - keeps this module light

    step: Schema = definitions["StepSpec"]
    block = {"type": "string", "pattern": r"^block\.[a-z][a-z0-9_-]{0,62}$"}
    step["properties"]["uses"] = {
        **step["properties"]["uses"],
        "anyOf": [{"enum": list(STEPS)}, block],
        "markdownDescription": "\n".join(f"- `{s.uses}`: {s.summary}" for s in STEPS.values()),
    }
    step["allOf"] = [_options(known, definitions) for known in STEPS.values()]


def _list_fields(properties: Schema) -> None:
    """Say which fields can be kept or made coarser."""
    from anonymizer.text.fields import (  # noqa: PLC0415 - keeps this module light
        GENERALISATIONS,
        KEEP_FIELDS,
    )

    keep = properties["keep"]
    keep["items"] = {
        "type": "string",
        "enum": [field.name for field in KEEP_FIELDS],
        "markdownDescription": "\n".join(f"- `{f.name}`: {f.summary}" for f in KEEP_FIELDS),
    }
    coarse = properties["generalise"]
    coarse["items"] = {
        "type": "string",
        "enum": [row.name for row in GENERALISATIONS],
        "markdownDescription": "\n".join(
            f"- `{row.name}`: {row.summary} `{row.example}`" for row in GENERALISATIONS
        ),
    }


def _offer(definitions: Schema, live: FlowsFile, templates: Sequence[str]) -> None:
    """Add what an editor offers; other words stay right, since the file may grow."""
    mail = [name for name, each in live.sources.items() if isinstance(each, MAILBOXES)]
    others = [name for name in live.sources if name not in mail]
    asked = [step.approve for flow in live.flows for step in flow.steps if step.approve]
    roles = sorted({each if isinstance(each, str) else each.by for each in asked})
    offers = {
        ("MailTrigger", "mail"): mail,
        ("TransactionTrigger", "transaction"): others,
        ("StepSpec", "approve"): roles,
    }
    for name, definition in definitions.items():
        for key, field in definition.get("properties", {}).items():
            offered = offers.get((name, key), [])
            offered = list(templates) if name.startswith("with.") and key == OPTION else offered
            if offered and isinstance(field, dict):
                field["examples"] = offered


def _options(step: Step, definitions: Schema) -> Schema:
    """Return the rule for the options of *step*; their schemas go to *definitions*."""
    name = f"with.{step.uses}"
    options = step.options.model_json_schema(
        by_alias=True, ref_template=f"#/$defs/{name}.{{model}}"
    )
    for inner, definition in options.pop("$defs", {}).items():
        definitions[f"{name}.{inner}"] = _templated(definition)
    definitions[name] = _templated(options)
    then: Schema = {"properties": {"with": {"$ref": f"#/$defs/{name}"}}}
    if options.get("required"):
        then["required"] = ["with"]
    chosen: Schema = {"properties": {"uses": {"const": step.uses}}, "required": ["uses"]}
    return {"if": chosen, "then": then}


def _close(schema: object) -> None:
    """Refuse keys that fit no pattern, as the validator does; pydantic leaves them open."""
    if isinstance(schema, dict):
        if "patternProperties" in schema:
            schema.setdefault("additionalProperties", False)
        for each in schema.values():
            _close(each)
    elif isinstance(schema, list):
        for each in schema:
            _close(each)


def _add_columns_rule(columns: Schema) -> None:
    """Say that the money stands in one column or in two, as the validator does."""
    columns["anyOf"] = [{"required": [name]} for name in ("amount", "paid_in", "paid_out")]


def _templated(schema: Schema) -> Schema:
    """Return *schema* with a template allowed wherever one value is due.

    What a template gives is known only when the step runs, and is checked then.
    """
    made = dict(schema)
    for key in ("properties", "patternProperties"):
        if key in made:
            made[key] = {name: _value(each) for name, each in made[key].items()}
    for key in ("additionalProperties", "items"):
        if isinstance(made.get(key), Mapping):
            made[key] = _value(made[key])
    for key in ("anyOf", "oneOf"):
        if key in made:
            made[key] = [_value(each) for each in made[key]]
    return made


def _value(schema: Schema) -> Schema:
    about = ("title", "description", "default")
    said: Schema = {key: schema[key] for key in about if key in schema}
    if schema.get("type") in _LEAVES or "enum" in schema or "const" in schema:
        plain = schema.get("type") == "string" and not schema.keys() & {
            *("pattern", "enum", "const", "format", "maxLength"),
        }
        return schema if plain else {**said, "anyOf": [schema, _TEMPLATE]}
    return _templated(schema)
