"""Objects by the types of Stripe's library: complete ones made, given ones checked.

The classes of the package `stripe` are generated from Stripe's OpenAPI description; what they
annotate is what the interface gives. Fields that may be absent are `Optional` there.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from functools import cache
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin

import stripe
from stripe import StripeObject


def made(kind: type[StripeObject], **known: Any) -> dict[str, Any]:
    """Return an object of a kind with every field that it must have, and those given.

    What is not given and may be null is null.
    """
    fields = {
        name: None if _nullable(each) else _least(each) for name, each in _fields(kind).items()
    }
    unknown = known.keys() - fields.keys()
    assert not unknown, f"{kind.__name__} has no {sorted(unknown)}"
    return {**fields, **known}


def check(value: Any, kind: type[StripeObject], path: str = "") -> None:
    """Fail where an object is not what Stripe's types say.

    Raises:
        AssertionError: Says which field is wrong.
    """
    assert isinstance(value, Mapping), f"{path} is no object"
    fields = _fields(kind)
    unknown = value.keys() - fields.keys()
    assert not unknown, f"{path}: {kind.__name__} has no {sorted(unknown)}"
    for name, annotation in fields.items():
        if name not in value:
            assert _nullable(annotation), f"{path}.{name} is missing"
            continue
        assert _fits(value[name], annotation, f"{path}.{name}"), f"{path}.{name} does not fit"


@cache
def _fields(kind: type[StripeObject]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in reversed(kind.__mro__):
        if issubclass(each, StripeObject) and each is not StripeObject:
            found |= getattr(each, "__annotations__", {})
    return {
        name: each
        for name, each in found.items()
        if not name.startswith("_") and "ClassVar" not in str(each)
    }


@cache
def _options(annotation: Any) -> tuple[Any, ...]:
    union = get_origin(annotation) in (Union, types.UnionType)
    return get_args(annotation) if union else (annotation,)


@cache
def _nullable(annotation: Any) -> bool:
    return type(None) in _options(annotation)


def _fits(value: Any, annotation: Any, path: str) -> bool:
    options = _options(annotation)
    if value is None or len(options) > 1:
        return any(
            value is None if each is type(None) else _fits(value, each, path)
            for each in options
            if each is type(None) or value is not None
        )
    origin = get_origin(annotation)
    if origin is Literal:
        return value in get_args(annotation)
    if origin in (list, stripe.ListObject):
        items = value if origin is list else value["data"]
        return all(_fits(each, get_args(annotation)[0], path) for each in items)
    if annotation in (int, str, bool, float):
        return type(value) is annotation or (annotation is float and type(value) is int)
    if isinstance(annotation, ForwardRef | str):
        return isinstance(value, Mapping | str)  # a class of another module, by its name
    return isinstance(value, Mapping) and _is_one(value, annotation, path)


def _is_one(value: Mapping[str, Any], annotation: Any, path: str) -> bool:
    typed = isinstance(annotation, type) and issubclass(annotation, StripeObject)
    if typed and annotation.__name__ != "UntypedStripeObject":
        check(value, annotation, path)
    return True  # else what Stripe leaves open


def _least(annotation: Any) -> Any:
    """The plainest value of a type."""
    first = _options(annotation)[0]
    origin = get_origin(first)
    if origin is Literal:
        return get_args(first)[0]
    if origin is list:
        return []
    if isinstance(first, type) and issubclass(first, StripeObject):
        return {} if first.__name__ == "UntypedStripeObject" else made(first)
    return {int: 0, float: 0.0, str: "", bool: False}.get(first, {})
