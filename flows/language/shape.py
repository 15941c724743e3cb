"""What does not have the shape that the models describe, in an operator's words."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from flows.errors import Problem
from flows.language import control, outlets, sources, triggers
from flows.language.hints import HINTS, LONG, NAMES
from flows.language.nouns import NOUNS
from flows.language.places import Document, Path, Plain
from flows.language.words import kind_of, listed, nearest, quoted, suggestion

_PRIVATE: Final = frozenset(
    # Somebody may have written the secret itself.
    {"password", "secret", "certificate", "key", "token", "url", "workflow"}
    | {"address", "addresses", "domains", "finds", "leaves", "name", "people", "suppliers"}
)
"""Keys whose values are not repeated in an error: they may name people, or quote mail."""

_TYPES: Final[Mapping[str, tuple[str, str]]] = {
    "bool_type": ("true or false", "write true or false, without quotes"),
    "bool_parsing": ("true or false", "write true or false, without quotes"),
    "int_type": ("a whole number", "write digits, without quotes"),
    "int_parsing": ("a whole number", "write digits, without quotes"),
    "int_from_float": ("a whole number", "write digits, without quotes"),
    "float_type": ("a number", "write digits, without quotes"),
    "float_parsing": ("a number", "write digits, without quotes"),
    "dict_type": ("a mapping", "write `key: value` on lines below it, moved right by two"),
    "model_type": ("a mapping", "write `key: value` on lines below it, moved right by two"),
    "model_attributes_type": (
        "a mapping",
        "write `key: value` on lines below it, moved right by two",
    ),
    "tuple_type": ("a list", "write each item on a line below it, after a dash"),
    "list_type": ("a list", "write each item on a line below it, after a dash"),
    "string_type": ("text", "write text"),
}
Annotation = Any
"""What stands after the colon of a field; a type, or one of typing's forms."""

Reader = Callable[[Sequence[str | int]], Plain]

_TEMPLATE: Final = re.compile(r"\{\{|\{%")


@dataclass(frozen=True, slots=True)
class Shape:
    """The model that a part of the file must fit, where that part is, and what it is called."""

    document: Document
    model: type[BaseModel]
    at: Path = ()
    noun: str = ""
    templates: bool = False

    def problems(self, error: ValidationError) -> Iterator[Problem]:
        """Yield each thing that is wrong, in the validator's order."""
        details = error.errors(include_url=False)
        found = [(self._path(each), each) for each in details]
        spellings = {
            (*path[:-1], nearest(str(path[-1]), self._keys(path)))
            for path, each in found
            if each["type"] == "extra_forbidden"
        }
        for path, each in found:
            if each["type"] == "missing" and path in spellings:
                continue  # it is there, misspelt
            yield from self._problem(path, each)

    def _path(self, detail: ErrorDetails) -> Path:
        """Return where the validator's location is in the data: tags of unions left out."""
        path: list[str | int] = []
        data = self._data(())
        parts = list(detail["loc"])
        while parts:
            part = parts.pop(0)
            if part == "[key]":
                break
            known = isinstance(data, dict) and part in data
            known |= isinstance(data, list) and isinstance(part, int) and part < len(data)
            if isinstance(data, str) and part == "type":
                break  # the short form of a mapping: `price: number`
            if not known and parts:
                continue
            path.append(part)
            data = data[part] if known else None
            if _tagged(path) and parts:
                parts.pop(0)
        return tuple(path)

    def _problem(self, path: Path, detail: ErrorDetails) -> Iterator[Problem]:
        kind, value = detail["type"], self._data(path)
        templated = self.templates and isinstance(value, str) and _TEMPLATE.search(value)
        if templated and not kind.startswith(("dict", "list", "tuple", "model", "extra")):
            return  # the value is known only when the step runs
        if kind == "too_short" and isinstance(value, list | dict) and value:
            return  # only shorter for what was wrong inside
        whole = (*self.at, *path)
        place = self.document.value(whole)
        if kind == "extra_forbidden" or "[key]" in detail["loc"]:
            place = self.document.key(whole)
        if kind == "missing":
            place = self.document.key(whole[:-1]) if whole[:-1] else place
        if kind == "union_tag_invalid":
            place = self.document.value((*whole, "uses"))
        if kind == "union_tag_not_found":
            inside = value if isinstance(value, dict) and len(value) == 1 else {}
            place = self.document.key((*whole, *inside)) if _is_trigger(path) else place
        what, fix = self._words(path, detail, value)
        yield Problem(place, what, fix, _code(path, kind), hidden=_is_private(path))

    def _words(self, path: Path, detail: ErrorDetails, value: Plain) -> tuple[str, str]:
        kind, context = detail["type"], detail.get("ctx", {})
        label = _label(path, self.noun)
        if kind.startswith("union_tag"):
            return _union(path, kind, value, context)
        if kind in _TYPES:
            return self._type(path, kind, value)
        match kind:
            case "missing":
                words = self._missing(path)
            case "extra_forbidden" if _is_trigger(path[:-1]) and path[-1] in triggers.TRIGGERS:
                what = f"a trigger has one key of {', '.join(triggers.TRIGGERS)}"
                words = what, f"write `- {path[-1]}:` as an item of its own"
            case "extra_forbidden":
                what = f"{quoted(path[-1])} is not a key of {self._noun(path)}"
                words = what, suggestion(str(path[-1]), self._keys(path))
            case "literal_error":
                choices = re.findall(r"'([^']*)'", context["expected"]) or [context["expected"]]
                what = f"{self._shown(path, value)} is not a value of {label}"
                written = [{"True": "true", "False": "false"}.get(c, c) for c in choices]
                words = what, suggestion(str(value), written) + LONG.get(str(path[-1]), "")
            case "string_pattern_mismatch":
                words = self._mismatch(path, detail, value)
            case "string_too_short" | "too_short":
                words = f"{label} is empty", "give it a value"
            case "string_too_long" | "too_long":
                fix = f"use at most {context['max_length']:,} characters or items"
                words = f"{label} is too long", fix
            case "value_error":
                words = self._value_error(path, detail, value)
            case _:
                said = re.sub(r"^Input should be ", "", detail["msg"])
                words = f"{label} does not fit", f"it must be {said}"
        return words

    def _mismatch(self, path: Path, detail: ErrorDetails, value: Plain) -> tuple[str, str]:
        is_key = "[key]" in detail["loc"]
        shown = quoted(path[-1] if is_key else value)
        what = f"{shown} is not a valid {'name' if is_key else _label(path, self.noun)}"
        if _PRIVATE.intersection(map(str, path)):
            what = f"{_label(path, self.noun)} is not valid"
        pattern = detail.get("ctx", {})["pattern"]
        return what, self._pattern(path, pattern, path[-1] if is_key else value)

    def _missing(self, path: Path) -> tuple[str, str]:
        key = str(path[-1])
        field = _field(self.model, path, self._data)
        example = _example(field)
        fix = f"add `{key}: {example}`" if example else f"add `{key}:`"
        said = f" ({field.description.rstrip('.')})" if field and field.description else ""
        return f"{self._noun(path)} needs {quoted(key)}", fix + said

    def _type(self, path: Path, kind: str, value: Plain) -> tuple[str, str]:
        wanted, fix = _TYPES[kind]
        label = _label(path, self.noun)
        if value is None:
            return f"{label} has no value", "give it one, or remove the line"
        if kind == "string_type" and not isinstance(value, dict | list):
            fix = self._quoted(path, self.document.written((*self.at, *path)))
        if kind == "string_type" and path[-1:] == ("if",):
            fix = "write a condition such as mail.kind == 'complaint', or remove the line"
        if isinstance(value, list) and path[-1:] == ("foreach",):
            fix = """put the list in quotes: "['a', 'b']\""""
        return f"{label} must be {wanted}, not {kind_of(value)}", fix

    def _quoted(self, path: Path, written: str) -> str:
        """Return the fix for a value that would be text if it were in quotes."""
        field = _field(self.model, path, self._data)
        for rule in field.metadata if field else ():
            pattern = getattr(rule, "pattern", None)
            if isinstance(pattern, str) and not re.search(pattern, written):
                return self._pattern(path, pattern, written)
        return f'put it in quotes: "{written}"'

    def _pattern(self, path: Path, pattern: str, given: Plain) -> str:
        for known, allowed, between, longest in NAMES:
            if pattern == known and len(str(given)) > longest:
                return f"use at most {longest} characters: lower-case letters, digits{allowed}"
            if pattern == known:
                slug = re.sub(r"[^a-z0-9_-]+", between, str(given).lower())
                slug = slug.replace("-", between).strip("-_0123456789")[:40]
                offer = f"did you mean {quoted(slug)}? " if slug else ""
                return f"{offer}use lower-case letters, digits{allowed}; start with a letter"
        return HINTS.get(pattern, f"it must match {pattern}")

    def _value_error(self, path: Path, detail: ErrorDetails, value: Plain) -> tuple[str, str]:
        fix = detail["msg"].removeprefix("Value error, ")
        if isinstance(value, dict):
            return f"the keys of {self._noun((*path, ''))} do not go together", fix
        shown = quoted(path[-1]) if "[key]" in detail["loc"] else self._shown(path, value)
        return f"{shown} is not a valid {_label(path, self.noun)}", fix

    def _shown(self, path: Path, value: Plain) -> str:
        return "this" if _PRIVATE.intersection(map(str, path)) else quoted(value)

    def _noun(self, path: Path) -> str:
        owner = _owner(self.model, path, self._data)
        if owner is not None and owner in NOUNS:
            return NOUNS[owner]
        inside = [str(part) for part in path[:-1] if isinstance(part, str)]
        return " of ".join([quoted(part) for part in reversed(inside)] + [self.noun])

    def _keys(self, path: Path) -> list[str]:
        owner = _owner(self.model, path, self._data)
        fields = owner.model_fields.items() if owner else ()
        return [field.alias or name for name, field in fields]

    def _data(self, path: Sequence[str | int]) -> Plain:
        tree = self.document.tree((*self.at, *path))
        return tree.data if tree else None


_SECRETS: Final = frozenset({"password", "secret", "certificate", "key"})


def _is_private(path: Path) -> bool:
    return bool(_PRIVATE.intersection(map(str, path)))


def _code(path: Path, kind: str) -> str:
    if kind == "string_pattern_mismatch" and _SECRETS.intersection(map(str, path)):
        return "secret"
    if kind in {"missing", "extra_forbidden", "union_tag_not_found"}:
        return "key"
    return "type" if kind in _TYPES else "value"


def _tagged(path: Sequence[str | int]) -> bool:
    """Return whether the validator puts the chosen kind after this place in the file."""
    if path[-1:] and path[-1] in control.EITHER:
        return "steps" in path
    named = len(path) == 2 and path[0] in {"sources", "outlets"}  # noqa: PLR2004
    return _is_trigger(path) or named


def _is_trigger(path: Sequence[str | int]) -> bool:
    return len(path) == 4 and path[0] == "flows" and path[2] == "triggers"  # noqa: PLR2004


def _union(path: Path, kind: str, value: Plain, context: Mapping[str, Any]) -> tuple[str, str]:
    if _is_trigger(path):
        if isinstance(value, dict) and len(value) == 1:
            word = next(iter(value))
            return f"{quoted(word)} is not a kind of trigger", suggestion(
                word, triggers.TRIGGERS
            )
        fix = "write `- mail: ` or `- transaction: ` and the name of a source"
        return f"a trigger must be a mapping with one key, not {kind_of(value)}", fix
    noun, known = "a source", [*sources.KINDS]
    if path[:1] == ("outlets",):
        noun, known = "an outlet", [*outlets.KINDS]
    words = re.findall(r"'([^']*)'", str(context.get("expected_tags", ""))) or known
    if kind == "union_tag_invalid":
        what = f"{quoted(context['tag'])} is not a kind of {noun.split()[1]}"
        return what, suggestion(str(context["tag"]), words)
    return f"{noun} needs 'uses'", f"add `uses:` and one of {listed(words)}"


def _label(path: Path, noun: str) -> str:
    if not path:
        return noun or "the file"
    if isinstance(path[-1], int):
        parent = next((part for part in reversed(path) if isinstance(part, str)), "the list")
        return f"item {path[-1] + 1} of {quoted(parent)}"
    return quoted(path[-1])


def _example(field: FieldInfo | None) -> str:
    if field is None or not field.examples:
        return ""
    written = yaml.safe_dump(
        field.examples[0], default_flow_style=True, sort_keys=False, width=500
    )
    return written.removesuffix("...\n").strip()


def _field(model: type[BaseModel], path: Path, data: Reader) -> FieldInfo | None:
    owner = _owner(model, path, data)
    fields = owner.model_fields.items() if owner else ()
    return next((field for name, field in fields if (field.alias or name) == path[-1]), None)


def _owner(model: type[BaseModel], path: Path, data: Reader) -> type[BaseModel] | None:
    """Return the model whose key is the last part of *path*, or None."""
    kind: Annotation = model
    for index, part in enumerate(path[:-1]):
        kind = _inside(kind, part, data(path[: index + 1]))
    return next((each for each in _models(kind, data(path[:-1]))), None) if path else None


def _inside(kind: Annotation, part: str | int, value: Plain) -> Annotation:
    """Return the annotation of what is under *part* in something annotated *kind*."""
    for each in _alternatives(kind):
        origin, arguments = get_origin(each), get_args(each)
        if origin is dict and isinstance(part, str):
            return arguments[1]
        if origin in {tuple, list} and isinstance(part, int):
            return arguments[0]
    for each in _models(kind, value):
        for name, field in each.model_fields.items():
            if (field.alias or name) == part:
                return field.annotation
    return None


def _alternatives(kind: Annotation) -> list[Any]:
    origin: object = get_origin(kind)
    if origin is Annotated:
        return _alternatives(get_args(kind)[0])
    if origin is Union or origin is types.UnionType:
        return [each for option in get_args(kind) for each in _alternatives(option)]
    return [kind]


def _models(kind: Annotation, value: Plain) -> list[type[BaseModel]]:
    """Return the models among the alternatives, the one that *value* says it is first."""
    models = [
        each
        for each in _alternatives(kind)
        if isinstance(each, type) and issubclass(each, BaseModel)
    ]
    given = value if isinstance(value, dict) else {}
    return sorted(models, key=lambda model: not _says(model, given))


def _says(model: type[BaseModel], given: Mapping[str, Any]) -> bool:
    uses = model.model_fields.get("uses")
    if uses is not None and get_origin(uses.annotation) is Literal:
        return given.get("uses") in get_args(uses.annotation)
    return any((field.alias or name) in given for name, field in model.model_fields.items())
