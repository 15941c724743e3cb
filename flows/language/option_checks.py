"""Whether what stands under `with` is of the kind that the step's option wants.

Only a text that is one `{{ expression }}` and nothing else has a kind before it runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin

from pydantic import BaseModel, Strict
from pydantic.fields import FieldInfo

from flows.language.fitting import READERS, told
from flows.language.kinds import ANY, Holds, Items, Leaf, Tree, Wants
from flows.language.naming import kind_of
from flows.language.places import Path, Plain
from flows.language.vocabulary import Scope
from flows.language.words import quoted

_WORDS: Final[dict[Holds, str]] = {
    "date": "a date such as 2026-03-14",
    "number": "a number",
    "amount": "an amount such as 480.00",
    "email": "a mail address",
    "phone": "a phone number",
}
_FIXES: Final[dict[Holds, str]] = {
    "date": "read it by an `extract` step with a field of type date, or write date('%Y-%m-%d')",
    "number": "use a value that is a number",
    "amount": "read it by `extract` with a field of type amount, or by invoice.record",
    "email": "keep customer.email and use that, or write the address",
    "phone": "keep customer.phone and use that, or read it by `extract`",
}
_ALSO: Final[dict[Holds, frozenset[str]]] = {"amount": frozenset({"amount", "number"})}


def option_faults(
    model: type[BaseModel], options: Plain, at: Path, scope: Scope
) -> Iterator[tuple[Path, str, str]]:
    """Yield place, what is wrong, and what to do, of each value of the wrong kind."""
    if not isinstance(options, dict):
        return
    wants = _wants(model)
    for key, value in options.items():
        if key not in wants:
            continue
        wanted, flag, inner = wants[key]
        if isinstance(value, str) and wanted:
            wrong = _unfit(key, wanted, value, scope, flag=flag)
            if wrong:
                yield (*at, key), *wrong
        for index, each in enumerate(value if isinstance(value, list) else []):
            if inner is not None:
                yield from option_faults(inner, each, (*at, key, index), scope)


@cache
def _wants(model: type[BaseModel]) -> Mapping[str, tuple[Holds, bool, type[BaseModel] | None]]:
    """Return what the options of *model* want, whether as flags, and what their items are."""
    found = {
        field.alias or name: (_wanted(field), _flag(field), _inner(field.annotation))
        for name, field in model.model_fields.items()
    }
    return {key: wants for key, wants in found.items() if any(wants)}


def _inner(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - one of typing's forms
    found = next(iter(get_args(annotation)), None) if get_origin(annotation) is list else None
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _unfit(
    key: str, wanted: Holds, value: str, scope: Scope, *, flag: bool
) -> tuple[str, str] | None:
    if "{" not in value:
        return _constant(key, wanted, value)
    if flag:
        return (
            f"{quoted(key)} is true or false, and a template gives text",
            "write true or false",
        )
    found = kind_of(value, scope)
    if found is None:
        return None
    label, tree = found
    if _fits(wanted, tree):
        return None
    what = f"{quoted(key)} wants {_WORDS[wanted]}, and {quoted(label)} is {told(tree)}"
    return what, _FIXES[wanted]


def _constant(key: str, wanted: Holds, value: str) -> tuple[str, str] | None:
    read = READERS.get("date") if wanted == "date" else None
    if read is None or not value.strip():
        return None
    try:
        read(re.sub(r"^(\S{10}) +(?=\d)", r"\1T", value.strip()))
    except ValueError:
        return f"{quoted(key)} wants {_WORDS[wanted]}, not {quoted(value)}", "write it so"
    return None


def _wanted(field: FieldInfo) -> Holds:
    for each in field.metadata:
        if isinstance(each, Wants):
            return each.holds
    return "number" if _kinds(field) & {int, bool} else ""


def _flag(field: FieldInfo) -> bool:
    return bool in _kinds(field) and any(isinstance(each, Strict) for each in field.metadata)


def _kinds(field: FieldInfo) -> set[object]:
    annotation = field.annotation
    return (
        set(get_args(annotation))
        if get_origin(annotation) in {Union, UnionType}
        else {annotation}
    )


def _fits(wanted: Holds, tree: Tree) -> bool:
    if not isinstance(tree, Leaf):
        return not isinstance(tree, Items)
    if tree is ANY or tree.kind == {"date": "date", "email": "", "phone": ""}.get(
        wanted, "number"
    ):
        return True
    if tree.kind != "text" or tree.choices:
        return False
    return tree.holds in {"", wanted} | _ALSO.get(wanted, frozenset())
