"""A chart as an SVG that stands in a page: small, without ids, styled by the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree

import vl_convert
from markupsafe import Markup, escape

_GONE: Final = {
    "class", "role", "aria-hidden", "aria-roledescription", "pointer-events", "version",
    "font-family", "font-size", "font-weight", "width", "height", "stroke-miterlimit",
}  # fmt: skip
"""What the page says itself, or what is only there for scripts."""

_USUAL: Final = {
    ("opacity", "1"), ("stroke-width", "1"), ("text-anchor", "start"), ("fill", "#000"),
    ("transform", "translate(0,0)"), ("x2", "0"), ("y2", "0"),
}  # fmt: skip
"""What holds where nothing is said, or where the page's style says it."""

_LINE: Final = 13
"""How far Vega sets two lines of a label apart."""

_LONG: Final = re.compile(r"-?\d+\.\d+(e-\d+)?")
_SVG: Final = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """The inside of an SVG, and the view box that it is drawn in."""

    box: str
    inside: Markup


def draw(spec: dict[str, Any]) -> Drawing:
    """Return a Vega-Lite chart that holds its rows, drawn.

    Nothing is fetched: an address in the chart would be refused.
    """
    drawn = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    root = ElementTree.fromstring(drawn)  # noqa: S314 - our own chart, drawn a line above
    inside = "".join(_told(child) for child in root)
    return Drawing(root.attrib["viewBox"], Markup(inside))  # noqa: S704 - escaped piece by piece


def _told(node: ElementTree.Element) -> str:
    tag = node.tag.removeprefix(_SVG)
    if _empty(node):
        return ""
    if tag == "text" and len(node) > 1:
        node[0].set("dy", str(-_LINE / 2 * (len(node) - 1)))  # so that all lines are centred
    inside = "".join([escape(node.text or "").strip(), *(_told(child) for child in node)])
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in _kept(node))
    if tag == "g" and (not inside or not attributes):
        return inside
    return f"<{tag}{attributes}>{inside}</{tag}>" if inside else f"<{tag}{attributes}/>"


def _kept(node: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for name, value in node.attrib.items():
        if name not in _GONE and (name, value) not in _USUAL:
            yield (
                name,
                _LONG.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value),
            )


def _empty(node: ElementTree.Element) -> bool:
    """Return whether nothing is seen of it: backgrounds, foregrounds, marks without colour."""
    return node.get("class") in {"background", "foreground"} or node.get("opacity") == "0"
