"""What somebody gave a flow, read by the types of its inputs.

Problems name inputs and what to give, and never what was given: it may be personal.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import phonenumbers

from flows.language.inputs import InputSpec, InputType
from flows.starts import InputValue

LONGEST_TEXT: Final = 20_000
_LONGEST_LINE: Final = 300
_LONGEST_ADDRESS: Final = 254  # RFC 5321 section 4.5.3.1.3, less its brackets
_EXTENSION: Final = 20
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,10})?")
_EMAIL: Final = re.compile(
    r"[^@\s<>(),;:\\\"\[\]]+@[^@\s<>(),;:\\\"\[\]]+\.[^@\s<>(),;:\\\"\[\].]+"
)
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Wrong:
    """One input that does not fit: its name, and what it has to be."""

    name: str
    fix: str


def read_inputs(
    specs: Mapping[str, InputSpec], given: Mapping[str, object], country: str
) -> tuple[dict[str, InputValue], list[Wrong]]:
    """Return every input by name, defaults filled in, and what is wrong with those given.

    *country* (`US`) is whose phone numbers need no country code. What no input asks for is
    left out.
    """
    values: dict[str, InputValue] = {}
    wrong: list[Wrong] = []
    for name, spec in specs.items():
        told = given.get(name)
        if told is None or (isinstance(told, str) and not told.strip()):
            if spec.required:
                wrong.append(Wrong(name, f"is needed: {wanted(spec)}"))
                continue
            told = spec.default
        try:
            values[name] = nothing(spec.type) if told is None else read(spec, told, country)
        except ValueError:
            wrong.append(Wrong(name, f"must be {wanted(spec)}"))
    return values, wrong


def nothing(kind: InputType) -> InputValue:
    """Return what an input of this type is that nobody gives and that has no default."""
    if kind == "flag":
        return InputValue("flag", "false")
    return InputValue("date" if kind == "date" else "text", "")


def read(spec: InputSpec, given: object, country: str) -> InputValue:
    """Return what was *given* as an input of that type.

    Raises:
        ValueError: It does not fit; `wanted` says what would.
    """
    if spec.type == "number":
        return InputValue("number", _number(given))
    if spec.type == "flag":
        return InputValue("flag", _flag(given))
    if not isinstance(given, str) or _UNPRINTABLE.search(given):
        raise ValueError
    text = given.strip()
    if spec.type == "choice" and text not in spec.one_of:
        raise ValueError
    reader = _TEXTS.get(spec.type)
    text = reader(text, country) if reader else text
    return InputValue("date" if spec.type == "date" else "text", text)


def wanted(spec: InputSpec) -> str:
    """Return in words what an input takes."""
    if spec.type == "choice":
        return f"one of {', '.join(spec.one_of)}"
    return _WANTED[spec.type]


def _number(given: object) -> str:
    text = "" if isinstance(given, bool) else str(given).strip()
    if isinstance(given, int | float | Decimal) and text and math.isfinite(given):
        text = f"{Decimal(text):f}"  # 1e3 is a number of JSON
    if not _NUMBER.fullmatch(text):
        raise ValueError
    return text.removeprefix("+")


def _flag(given: object) -> str:
    if isinstance(given, bool):
        return "true" if given else "false"
    if not isinstance(given, str) or given.strip().lower() not in {"true", "false"}:
        raise ValueError
    return given.strip().lower()


def _date(text: str, _: str) -> str:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError
    return date.fromisoformat(text).isoformat()


def _phone(text: str, country: str) -> str:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise ValueError from None
    # Numbers for films (555-01xx) are possible ones, and none that anybody is given.
    if not phonenumbers.is_possible_number(number) or len(number.extension or "") > _EXTENSION:
        raise ValueError
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{written};ext={number.extension}" if number.extension else written


def _email(text: str, _: str) -> str:
    if len(text) > _LONGEST_ADDRESS or not _EMAIL.fullmatch(text):
        raise ValueError
    return text


def _line(text: str, _: str) -> str:
    if len(text) > _LONGEST_LINE or "\n" in text or "\r" in text:
        raise ValueError
    return text


def _lines(text: str, _: str) -> str:
    joined = ", ".join(line.strip(" ,\t") for line in text.splitlines() if line.strip(" ,\t"))
    return _line(joined, "")


def _text(text: str, _: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise ValueError
    return text


_TEXTS: Final[Mapping[InputType, Callable[[str, str], str]]] = {
    "text": _text,
    "date": _date,
    "name": _line,
    "phone": _phone,
    "email": _email,
    "address": _lines,
}
_WANTED: Final[Mapping[InputType, str]] = {
    "text": f"text of at most {LONGEST_TEXT:,} characters",
    "number": "a number such as 12 or 12.50",
    "date": "a day such as 2026-03-14",
    "flag": "true or false",
    "name": f"a name on one line of at most {_LONGEST_LINE} characters",
    "phone": "a phone number, best as +15185550143",
    "email": "a mail address such as office@hudson.example",
    "address": f"an address of at most {_LONGEST_LINE} characters",
}
