"""The cleaner by itself, for lines of JSON: nothing is stored."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    ValidationError,
)

from anonymizer.text.cleaner import Cleaner
from anonymizer.text.request import Cleaned, Part, Person, Request
from anonymizer.text.segments import segment
from anonymizer.text.stand_ins import Roster
from flows.intake.purpose import judge
from portal.cleaning_files import FIELDS, known_fields, removal_data

AnyText = InstanceOf[str]
"""Text as JSON may hold it: also lone surrogates, which pydantic's `str` refuses."""


def _date(value: object) -> object:
    """Read a date as mail writes it; leave ISO 8601 to pydantic."""
    if isinstance(value, str) and value[:1].isalpha():
        return parsedate_to_datetime(value)  # a ValueError where it is none
    return value or None


class Line(BaseModel):
    """One line of `jigajob clean --jsonl`."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    id: AnyText | int
    text: AnyText
    subject: AnyText = ""
    sender: AnyText = Field(default="", alias="from")
    to: AnyText | list[AnyText] = ""
    received: Annotated[datetime | None, BeforeValidator(_date)] = None
    region: str = ""
    keep: list[str] = []


class LineCleaner:
    """Cleans lines in batches; a line that cannot be read gets an answer that says so."""

    def __init__(self, cleaner: Cleaner, *, keep: Iterable[str], region: str) -> None:
        self._cleaner = cleaner
        self._keep, self._region = known_fields(keep), region
        self._secret = secrets.token_bytes(32)

    def clean(self, lines: Iterable[tuple[int, str]]) -> list[dict[str, Any]]:
        """Return the answers to numbered lines, in their order; blank lines have none."""
        read = [_read(number, text) for number, text in lines if text.strip()]
        good = [line for line in read if isinstance(line, Line)]
        cleaned = iter(self._cleaner.clean([self._request(line) for line in good]))
        return [
            _answer(line, next(cleaned)) if isinstance(line, Line) else line for line in read
        ]

    def _request(self, line: Line) -> Request:
        people = [("customer", pair) for pair in getaddresses([line.sender])]
        people += [("other", pair) for pair in getaddresses(_listed(line.to))]
        received = line.received
        if received is not None and received.tzinfo is None:
            received = received.replace(tzinfo=UTC)
        return Request(
            parts=(
                Part(name="subject", text=line.subject),
                Part(name="text", text=line.text, segments=segment(line.text)),
            ),
            people=tuple(
                Person(name=name, email=email, role=_role(role))
                for role, (name, email) in people
            ),
            keep=self._keep | (FIELDS & set(line.keep)),
            region=line.region or self._region,
            at=received,
            roster=Roster(self._secret, {}),
        )


def _role(role: str) -> Literal["customer", "other"]:
    return "customer" if role == "customer" else "other"


def _read(number: int, text: str) -> Line | dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {"id": None, "line": number, "error": "not a line of JSON"}
    if not isinstance(data, dict):
        return {"id": None, "line": number, "error": "not an object"}
    try:
        return Line.model_validate(data)
    except ValidationError as error:
        names = sorted({str(each["loc"][0]) for each in error.errors() if each["loc"]})
        given = data.get("id")
        # NaN and infinity pass for numbers here, and are no JSON when they are written again.
        record_id = given if isinstance(given, str | int) else None
        what = f"wrong or missing: {', '.join(names)}"
        return {"id": record_id, "line": number, "error": what}


def _answer(line: Line, cleaned: Cleaned) -> dict[str, Any]:
    sender = next((email for _, email in getaddresses([line.sender])), "")
    to = [email for _, email in getaddresses(_listed(line.to))]
    verdict, _ = judge(line.subject, line.text, sender, to)
    removed = [removal_data(removal) for removal in cleaned.removals if removal.part == "text"]
    answer: dict[str, Any] = {
        "id": line.id,
        "verdict": verdict,
        "text": cleaned.texts["text"],
        "removed": removed,
    }
    if unknown := sorted(set(line.keep) - FIELDS):  # a typo would change what is kept, unseen
        answer["unknown_keep"] = unknown
    return answer


def _listed(to: str | list[str]) -> list[str]:
    return [to] if isinstance(to, str) else to
