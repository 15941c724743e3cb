"""Values of the kinds that columns and inputs can be, from what was given for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flows.language.filters import Unfit, number_of, present, text_of
from flows.language.tables import ValueKind


def typed(value: Any, kind: ValueKind) -> Any:  # noqa: ANN401 - any value may come
    """Return *value* as *kind*: str, Decimal or int, date or datetime, bool; or None for null.

    Text is read where it is plain: digits with a decimal point, a date as `2026-11-23`,
    `true` or `false`. An empty text is null where a number, date or flag is due.

    Raises:
        Unfit: It is something else.
    """
    value = present(value)
    if kind == "text":
        return text_of(value)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if kind == "number":
        return number_of(value)
    return _day(value) if kind == "date" else _flag(value)


def _day(value: Any) -> date:  # noqa: ANN401 - as above
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise Unfit("a date is needed here")
    text = value.strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Unfit("a date is needed here") from None


def _flag(value: Any) -> bool:  # noqa: ANN401 - as above
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
        return value.strip().lower() == "true"
    raise Unfit("true or false is needed here")
