"""Times of day as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

# 3-4pm, 9am - 11am, 3:30 pm, 3 p.m.
_HALF_DAY: Final = re.compile(
    r"(?<![\d.:/$])(?P<hour>1[0-2]|0?[1-9])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<own>[ap]\.?\s?m\b\.?)?"
    r"(?:\s?(?:-|\u2013|to|and)\s?(?P<until>1[0-2]|0?[1-9])(?:[:.][0-5]\d)?\s?(?P<shared>[ap]\.?\s?m\b\.?))?",
    re.IGNORECASE,
)
# 15:30, 14h30, 14 h, 14 Uhr, 14.30 Uhr
_WHOLE_DAY: Final = re.compile(
    r"(?<![\d.:/$-])(?P<hour>[01]?\d|2[0-3])"
    r"(?::(?P<minute>[0-5]\d)(?::[0-5]\d)?(?!\d|\s?[ap]\.?m)"
    r"|\s?h(?:eures?)?\s?(?P<minute2>[0-5]\d)?\b|(?:[.:](?P<minute3>[0-5]\d))?\s?Uhr\b)",
    re.IGNORECASE,
)
_SPANISH: Final = re.compile(
    r"\ba las? (?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?"
    r"\s(?:de|por) la (?P<part>ma\u00f1ana|tarde|noche)\b",
    re.IGNORECASE,
)
_NOON: Final = re.compile(r"\b(?:at|around|by|before|after)\s+(?:12\s+)?noon\b", re.IGNORECASE)
_UNTIL: Final = re.compile(
    r"(?:-|\u2013|\bto|\band|\bbis|\bund|\by|\bet|\b\u00e0)\s*$", re.IGNORECASE
)


def read_time(texts: Sequence[str]) -> str:
    """Return the one time that *texts* name as `15:30`; empty for none or several.

    Of a range (`3-4pm`) it is the start. A bare hour (`at 3`) is none: it could be two.
    """
    found: dict[str, None] = {}
    for text in texts:
        for time in _times(text):
            found[time] = None
    return next(iter(found)) if len(found) == 1 else ""


def _times(text: str) -> list[str]:
    found: list[tuple[int, int, str]] = []
    for match in _SPANISH.finditer(text):
        afternoon = match["part"].lower() != "ma\u00f1ana"
        found.append((*match.span(), _clock(int(match["hour"]), match["minute"], afternoon)))
    for match in _HALF_DAY.finditer(text):
        mark = match["own"] or match["shared"]
        if mark:
            found.append((*match.span(), _start(match, mark)))
    for match in _WHOLE_DAY.finditer(text):
        minute = match["minute"] or match["minute2"] or match["minute3"]
        found.append((*match.span(), f"{int(match['hour']):02d}:{minute or '00'}"))
    found += [(*match.span(), "12:00") for match in _NOON.finditer(text)]
    found.sort(key=lambda each: (each[0], -each[1]))
    times: list[str] = []
    end = -1
    for start, stop, time in found:
        # The end of a range written out: "9:00 to 11:00", "zwischen 9:00 und 11:00".
        ranged = end >= 0 and start - end < 6 and _UNTIL.search(text[end:start])  # noqa: PLR2004
        if start >= end and not ranged:
            times.append(time)
        end = max(end, stop)
    return times


def _start(match: re.Match[str], mark: str) -> str:
    hour, afternoon = int(match["hour"]), mark[0].lower() == "p"
    if match["until"] and not match["own"] and int(match["until"]) % 12 < hour % 12:
        afternoon = not afternoon  # 11-1pm begins before noon
    return _clock(hour, match["minute"], afternoon)


def _clock(hour: int, minute: str | None, afternoon: bool) -> str:
    hour = hour % 12 + (12 if afternoon else 0) if hour <= 12 else hour % 24  # noqa: PLR2004
    return f"{hour:02d}:{minute or '00'}"
