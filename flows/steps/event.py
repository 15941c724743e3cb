"""`event.add`: a visit in the calendar."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import Field, JsonValue, field_validator

from flows.language.kinds import DATE_TEXT, Wants, one_of
from flows.language.node import Node, Slug
from flows.steps.clean_text import one_line
from flows.steps.contract import Draft, Step, StepContext, StepResult

_DURATION: Final = re.compile(r"(?:(\d{1,3})d)?(?:(\d{1,3})h)?(?:(\d{1,4})m)?")
_LONGEST: Final = timedelta(days=60)


def parse_duration(text: str) -> timedelta | None:
    """Return what `90m`, `1h30m` or `2d` says; None where it says nothing of the kind."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    days, hours, minutes = (int(group or 0) for group in match.groups())
    length = timedelta(days=days, hours=hours, minutes=minutes)
    return length if timedelta(0) < length <= _LONGEST else None


class Options(Node):
    """A visit or an appointment; made only if the start is a clear date."""

    title: str = Field(description="On one line.")
    start: Annotated[str, Wants("date")] = Field(
        description="2026-03-14 09:30 in the business's time zone, or with an offset; "
        "a date alone is an event of the whole day. Empty or unclear: no event.",
    )
    duration: str = Field(
        default="1h", description="30m, 1h, 1h30m, 2d; up to 60 days.", examples=["1h30m"]
    )
    location: str = Field(default="", description="On one line.")
    notes: str = ""
    to: Slug | None = Field(
        default=None,
        description="A source that `uses: outlook`, in whose calendar it is put; without it,"
        " a file that any calendar takes in.",
        examples=["office"],
    )
    calendar: str = Field(
        default="",
        max_length=100,
        description="With `to`, the name of the calendar; without it, the usual one.",
        examples=["Visits"],
    )

    @field_validator("duration")
    @classmethod
    def _length(cls, value: str) -> str:
        if "{" not in value and parse_duration(value) is None:
            raise ValueError("write a length such as 30m, 1h or 1h30m")
        return value


def run(context: StepContext, options: Options) -> StepResult:
    """Propose the event; values say `added` or `no_date`."""
    zone = ZoneInfo(context.business.time_zone)
    length = parse_duration(options.duration)
    times = _times(options.start, length, zone) if length else None
    if times is None:
        return StepResult(values={"status": "no_date", "start": "", "end": ""})
    start, end = times
    title = one_line(options.title, 200) or "Event without a title"
    body: dict[str, JsonValue] = {
        "title": title,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "all_day": not isinstance(start, datetime),
        "time_zone": context.business.time_zone,
        "location": one_line(options.location, 300),
        "notes": options.notes[:20_000],
    }
    if options.calendar:
        body["calendar"] = one_line(options.calendar, 100)
    values: dict[str, JsonValue] = {
        "status": "added",
        "start": start.isoformat(),
        "end": end.isoformat(),
    }
    when = f"{start:%Y-%m-%d %H:%M}" if isinstance(start, datetime) else start.isoformat()
    summary = f"Add to calendar, {when}: {title}"
    draft = Draft(body=body, summary=summary, into=options.to or "")
    return StepResult(values=values, outputs=(draft,))


def _times(
    text: str, length: timedelta, zone: ZoneInfo
) -> tuple[datetime, datetime] | tuple[date, date] | None:
    """Start and end, both times in *zone* or both dates (the end then is the day after)."""
    text = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            day = date.fromisoformat(text)
            return day, day + timedelta(days=max(1, length.days))
        if not re.match(r"\d{4}-\d{2}-\d{2}[T ]+\d{2}:\d{2}", text):
            return None
        moment = datetime.fromisoformat(re.sub(r"[T ]+", "T", text, count=1).replace(" ", ""))
        start = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        # Through UTC and back: an hour that the clock skips becomes the one that it shows.
        utc = start.timestamp()
        return datetime.fromtimestamp(utc, zone), datetime.fromtimestamp(
            utc + length.total_seconds(), zone
        )
    except (ValueError, OverflowError, OSError):
        return None


STEP: Final = Step(
    uses="event.add",
    summary="Adds a visit to the calendar.",
    options=Options,
    run=run,
    returns=lambda _: {
        "status": one_of("added", "no_date"),
        **dict.fromkeys(("start", "end"), DATE_TEXT),
    },
)
