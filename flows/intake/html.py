"""HTML to the text that a reader sees: hidden text out, tables kept, bounded in time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Final

from flows.intake.charsets import clean
from flows.intake.hidden import Look, class_rules, declarations, inherit, removes

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

LONGEST: Final = 2_000_000
"""Characters of HTML that are read."""

TABLES_UP_TO: Final = 150_000
"""Characters of HTML up to which tables are laid out: inscriptis takes 1 s for 250,000."""

LAYOUT_UP_TO: Final = 4_000_000
"""Rows times the longest run of text: inscriptis pads every row to the widest cell."""

DEEPEST_LAYOUT: Final = 120
DEEPEST: Final = 1_000
"""Levels that the tree builder is given: its time grows with their square."""

GONE: Final = frozenset(
    {
        "script", "style", "title", "head", "template", "noscript", "svg", "iframe", "object",
        "canvas", "audio", "video", "-comment", "map", "datalist", "meta", "link", "noembed",
        "noframes", "applet", "frameset",
    }
)  # fmt: skip
BLOCKS: Final = frozenset(
    {
        "p", "div", "br", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6",
        "blockquote", "pre", "hr", "section", "article", "header", "footer", "address", "form",
        "center", "dl", "dt", "dd", "body", "fieldset", "figure", "main", "nav", "aside",
    }
)  # fmt: skip
VOID: Final = frozenset(
    {
        "br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "param",
        "source", "track", "wbr",
    }
)  # fmt: skip
CLOSED_BY_NEXT: Final = frozenset({"p", "li", "td", "th", "tr", "dd", "dt", "option"})

UNSEEN: Final = "text that no reader sees"
TRACKER: Final = "a tracking picture"

_BLANKS: Final = " \t\r\n\u00a0\u00ad\u034f\u200b\u200c\u200d\u2007\ufeff"
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})([^<>]{0,20000})>?")
_STYLE = re.compile(r"style\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_COLOUR = re.compile(r"(?<![\w-])color\s*=\s*[\"']?([#\w]{1,30})", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:^|\s)hidden(?:\s|=|$)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\f\v]+")
_WIDE = re.compile(r" {5,}")
_GAPS = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")


@dataclass(frozen=True, slots=True)
class HtmlText:
    """What a reader of HTML sees, and in plain words what was left out that none sees."""

    text: str
    withheld: tuple[str, ...] = ()


def html_to_text(html: str) -> str:
    """Return what a reader of *html* sees, as lines; never fails."""
    return read_html(html).text


def read_html(html: str) -> HtmlText:
    """Return what a reader of *html* sees, as lines, and what was left out; never fails.

    Out go scripts, styles, titles, comments, everything in attributes (links, alternative
    texts, data) and text that is hidden by `display`, `visibility`, `opacity`, a size of
    nothing, a place off the screen, a font of nothing, the colour of its ground, or the
    `hidden` attribute. Nothing is fetched. Told are hidden text and tracking pictures.
    """
    html = html[:LONGEST]
    if _depth(html) > DEEPEST:
        return HtmlText(_tidy(_by_tags(html)))
    text, withheld = _by_tree(html)
    return HtmlText(_tidy(text), withheld)


@dataclass(slots=True)
class _Seen:
    """What a walk over the tree has found out."""

    pieces: list[str] = field(default_factory=list)
    gone: list[LexborNode] = field(default_factory=list)
    styled: list[LexborNode] = field(default_factory=list)
    rows: int = 0
    deepest: int = 0
    run: int = 0
    longest: int = 0
    withheld: dict[str, None] = field(default_factory=dict)

    def leave_out(self, node: LexborNode, *, told: bool = True) -> None:
        """Note a node that no reader sees, and say so where it holds text."""
        self.gone.append(node)
        if told and UNSEEN not in self.withheld and node.text(deep=True).strip(_BLANKS):
            self.withheld[UNSEEN] = None

    def text(self, text: str) -> None:
        self.pieces.append(_SPACE.sub(" ", text.replace("\n", " ")))
        self.run += len(text)
        self.longest = max(self.longest, self.run)

    def gap(self, mark: str) -> None:
        self.pieces.append(mark)
        self.run = 0


def _by_tree(html: str) -> tuple[str, tuple[str, ...]]:
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - loaded for HTML mail only

    tree = LexborHTMLParser(html)
    if tree.root is None:
        return "", ()
    sheets = " ".join(node.text() for node in tree.css("style"))
    seen = _walk(tree.root, class_rules(sheets), unsure="background" in sheets.lower())
    plain, withheld = "".join(seen.pieces), tuple(seen.withheld)
    if len(html) > TABLES_UP_TO or seen.deepest > DEEPEST_LAYOUT:
        return plain, withheld
    if not seen.rows or seen.rows * seen.longest > LAYOUT_UP_TO:
        return plain, withheld
    for node in seen.gone:
        node.decompose()
    for node in seen.styled:
        # inscriptis obeys padding, and would fill memory with it.
        del node.attrs["style"]
    return _laid_out(tree.html or "") or plain, withheld


def _laid_out(html: str) -> str:
    from inscriptis import get_text  # noqa: PLC0415 - loaded for HTML mail only

    try:
        return str(get_text(html))
    except Exception:  # noqa: BLE001 - whatever a reader of HTML trips over, there is a second one
        return ""


def _walk(root: LexborNode, rules: Mapping[str, Mapping[str, str]], *, unsure: bool) -> _Seen:
    """Walk the tree without recursion and note text, hidden nodes and sizes."""
    seen = _Seen()
    stack: list[tuple[LexborNode | str, Look, int]] = [(root, Look(), 0)]
    while stack:
        node, look, depth = stack.pop()
        if isinstance(node, str):
            seen.gap(node)
            continue
        tag = node.tag or ""
        if tag == "-text":
            if look.hidden:
                seen.leave_out(node)
            else:
                seen.text(node.text_content or "")
            continue
        inside = _look_inside(node, tag, look, rules, unsure=unsure, seen=seen)
        if inside is None:
            seen.leave_out(node, told=tag not in GONE)
            continue
        if tag == "img" and _is_tracker(node):
            seen.withheld[TRACKER] = None
        seen.deepest = max(seen.deepest, depth)
        mark = _enter(tag, seen)
        if mark:
            stack.append((mark, look, depth))
        child = node.last_child
        while child is not None:
            stack.append((child, inside, depth + 1))
            child = child.prev
    return seen


def _enter(tag: str, seen: _Seen) -> str:
    """Note the start of an element; return what stands after it."""
    if tag == "br":
        seen.gap("\n")
        return ""
    if tag in BLOCKS:
        seen.rows += tag == "tr"
        seen.gap("\n- " if tag == "li" else "\n")
        return "\n"
    return "  " if tag in ("td", "th") else ""


def _look_inside(
    node: LexborNode,
    tag: str,
    look: Look,
    rules: Mapping[str, Mapping[str, str]],
    *,
    unsure: bool,
    seen: _Seen,
) -> Look | None:
    """Return the look of what is inside of *node*, or None when nothing of it is seen."""
    if tag in GONE:
        return None
    attributes = node.attributes
    if not attributes:
        return look
    if "hidden" in attributes:
        return None
    said: dict[str, str] = {}
    for name in (attributes.get("class") or "").lower().split()[:20]:
        said.update(rules.get(f".{name}", {}))
    said.update(rules.get("#" + (attributes.get("id") or "").lower(), {}))
    if "style" in attributes:
        seen.styled.append(node)
        said.update(declarations(attributes["style"] or ""))
    if removes(said):
        return None
    return inherit(look, said, attributes, unsure=unsure)


def _is_tracker(node: LexborNode) -> bool:
    """Return whether a picture is one that only tells its sender that the mail was opened."""
    said = node.attributes
    style = declarations(said.get("style") or "")
    sizes = [said.get(name) or style.get(name) or "" for name in ("width", "height")]
    small = all(re.fullmatch(r"\s*[01]\s*(?:px)?\s*", size) for size in sizes)
    return small and (said.get("src") or "").lower().lstrip().startswith("http")


def _depth(html: str) -> int:
    """Return how deep elements may be nested, from above; a count, without a tree."""
    depth = deepest = 0
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        if name in VOID or name in CLOSED_BY_NEXT or tag[3].endswith("/"):
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _by_tags(html: str) -> str:
    """Return the text between tags, for HTML nested too deep for a tree.

    An element that is hidden takes with it everything up to its end tag, or to the end of
    the mail where there is none.
    """
    html = _without_comments(html)
    pieces: list[str] = []
    skipping: list[str] = []
    at = 0
    for tag in _TAG.finditer(html):
        if not skipping:
            pieces.append(unescape(html[at : tag.start()]))
        at = tag.end()
        name = tag[2].lower()
        if skipping:
            # Only elements of the same name count: others may never be closed.
            if name == skipping[0]:
                skipping = skipping[1:] if tag[1] else [*skipping, name]
        elif not tag[1] and name not in VOID and _hides(name, tag[3]):
            skipping = [name]
        if name in BLOCKS and not skipping:
            pieces.append("\n")
    if not skipping:
        pieces.append(unescape(html[at:]))
    return "".join(pieces)


def _hides(name: str, attributes: str) -> bool:
    if name in GONE:
        return True
    if _HIDDEN.search(attributes):
        return True
    style, colour = _STYLE.search(attributes), _COLOUR.search(attributes)
    said = declarations((style[1] or style[2] or "") if style else "")
    painted = {"color": colour[1]} if colour else {}
    return removes(said) or inherit(Look(), said, painted, unsure=False).hidden


def _without_comments(html: str) -> str:
    pieces: list[str] = []
    at = 0
    while (start := html.find("<!--", at)) >= 0:
        pieces.append(html[at:start])
        end = html.find("-->", start)
        if end < 0:
            return "".join(pieces)
        at = end + 3
    return "".join([*pieces, html[at:]])


def _tidy(text: str) -> str:
    text = _WIDE.sub("    ", clean(text))
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _GAPS.sub("\n\n", lines).strip()
