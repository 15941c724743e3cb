"""What of an HTML mail a reader does not see: style declarations and what they amount to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

Colour = tuple[int, int, int]

WHITE: Final = (255, 255, 255)
BLACK: Final = (0, 0, 0)
NAMED: Final[Mapping[str, Colour]] = {
    "white": WHITE, "black": BLACK, "snow": (255, 250, 250), "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245), "ghostwhite": (248, 248, 255), "silver": (192, 192, 192),
    "gray": (128, 128, 128), "grey": (128, 128, 128), "red": (255, 0, 0),
    "blue": (0, 0, 255), "green": (0, 128, 0), "yellow": (255, 255, 0), "navy": (0, 0, 128),
}  # fmt: skip

_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,4000})\}")
_SIMPLE = re.compile(r"(?:[a-z0-9]+)?([.#][\w-]+)", re.IGNORECASE)
_NUMBER = re.compile(r"^(-?\d{0,7}(?:\.\d{0,6})?)\s*(px|pt|em|rem|%|)$")
_NOUGHT = re.compile(r"0{0,3}\.?0{1,6}[1-4]?%?")
"""An opacity of nothing, or of so little that it is nothing."""

_SHRUNK = re.compile(r"scale(?:x|y|3d)?\(\s*0?\.?0*\s*[,)]")
_CLIPPED = re.compile(r"inset\(\s*(?:50|[6-9]\d|100)%|circle\(\s*0|polygon\(\s*0 0\s*\)")
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+))?")


@dataclass(frozen=True, slots=True)
class Look:
    """What text inherits from the elements around it; None is a colour nobody can tell."""

    tiny: bool = False
    invisible: bool = False
    colour: Colour | None = BLACK
    ground: Colour | None = WHITE

    @property
    def hidden(self) -> bool:
        """Return whether text of this look cannot be seen."""
        return self.tiny or self.invisible or _alike(self.colour, self.ground)


@lru_cache(maxsize=512)
def declarations(style: str) -> Mapping[str, str]:
    """Return the declarations of a style attribute, names and values in lower case."""
    found: dict[str, str] = {}
    for part in style[:4000].lower().split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def class_rules(sheet: str) -> dict[str, Mapping[str, str]]:
    """Return what a style sheet says of single classes and ids, by `.name` or `#name`.

    Rules under `@media` are left out: they hide on some screens what others show.
    """
    rules: dict[str, Mapping[str, str]] = {}
    for rule in _RULE.finditer(_outside_media(sheet[:50_000])):
        said = declarations(rule[2])
        for selector in rule[1].split(","):
            simple = _SIMPLE.fullmatch(selector.strip().removeprefix("<!--").strip())
            if simple:
                rules[simple[1].lower()] = {**rules.get(simple[1].lower(), {}), **said}
    return rules


def removes(said: Mapping[str, str]) -> bool:
    """Return whether an element with these declarations is gone with all that is in it."""
    if (
        said.get("display") == "none"
        or said.get("mso-hide") == "all"
        or said.get("content-visibility") == "hidden"
        or _NOUGHT.fullmatch(said.get("opacity", ""))
        or _SHRUNK.search(said.get("transform", ""))
        or _CLIPPED.match(said.get("clip-path", ""))
    ):
        return True
    if _size(said, "max-height") == 0 or _size(said, "max-width") == 0:
        return True
    if said.get("overflow", "") == "hidden" and 0 in (
        _size(said, "height"),
        _size(said, "width"),
    ):
        return True
    if re.match(r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01]", said.get("clip", "")):
        return True
    far = [_size(said, name) for name in ("left", "top", "text-indent", "margin-left")]
    return any(value is not None and value <= -500 for value in far)  # noqa: PLR2004 - px


def inherit(
    look: Look, said: Mapping[str, str], attributes: Mapping[str, str | None], *, unsure: bool
) -> Look:
    """Return the look inside an element; *unsure* when a style sheet may paint grounds."""
    if "font-size" in said:
        size = _size(said, "font-size")
        look = replace(look, tiny=size is not None and size <= 1 and _absolute(said))
    if "visibility" in said:
        look = replace(look, invisible=said["visibility"] in ("hidden", "collapse"))
    colour = said.get("color") or attributes.get("color") or ""
    if colour:
        transparent = colour == "transparent" or _alpha(colour) == 0
        look = replace(look, invisible=look.invisible or transparent, colour=_colour(colour))
    ground = " ".join(
        filter(
            None,
            (said.get("background"), said.get("background-color"), attributes.get("bgcolor")),
        )
    )
    if "background-image" in said or "url(" in ground or attributes.get("background"):
        return replace(look, ground=None)
    if ground and ground not in ("transparent", "none", "inherit"):
        return replace(look, ground=None if "gradient" in ground else _colour(ground))
    if unsure and (attributes.get("class") or attributes.get("id")):
        return replace(look, ground=None)
    return look


def _absolute(said: Mapping[str, str]) -> bool:
    # "1em" and "100%" are as large as the text around them; zero is zero in any unit.
    value = said["font-size"]
    return not value.endswith(("em", "%")) or _size(said, "font-size") == 0


def _size(said: Mapping[str, str], name: str) -> float | None:
    number = _NUMBER.match(said.get(name, "").strip())
    if number is None or number[1] in ("", "-", ".", "-."):
        return None
    return float(number[1])


def _outside_media(sheet: str) -> str:
    kept: list[str] = []
    at = 0
    while (start := sheet.find("@media", at)) >= 0:
        kept.append(sheet[at:start])
        depth = 0
        at = len(sheet)
        for place in re.finditer(r"[{}]", sheet[start:]):
            depth += 1 if place[0] == "{" else -1
            if depth <= 0:
                at = start + place.end()
                break
    return "".join([*kept, sheet[at:]])


def _alpha(text: str) -> float | None:
    found = _RGB.search(text)
    try:
        return float(found[4]) if found and found[4] else None
    except ValueError:
        return None


def _colour(text: str) -> Colour | None:
    text = text.lower().strip()
    if found := _HEX.search(text):
        digits = found[1] if len(found[1]) == 6 else "".join(d * 2 for d in found[1])  # noqa: PLR2004 - RRGGBB
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := _RGB.search(text):
        return int(found[1]), int(found[2]), int(found[3])
    return next((NAMED[word] for word in text.split() if word in NAMED), None)


def _alike(one: Colour | None, other: Colour | None) -> bool:
    if one is None or other is None:
        return False
    return all(abs(a - b) <= 12 for a, b in zip(one, other, strict=True))  # noqa: PLR2004 - of 255
