"""The reference of the language and of a business's own flows, as Markdown and as one page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from markdown_it import MarkdownIt
from markupsafe import Markup

from flows.language.load import Loaded
from portal.cli.reference_language import language
from portal.describing import described
from portal.page import rendered
from portal.telling import free

_ELSEWHERE: Final = re.compile(r"\[([^\]]+)\]\((?![a-z]+:)[^)]*\)")
"""A link to another page of the handbook, which does not stand beside this one."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the page: where it leads, what it says, and whether it opens a part."""

    anchor: str
    text: str
    part: bool


def docs_markdown(loaded: Loaded) -> str:
    """Return both references as Markdown: the words of the language, then the own flows."""
    name = free(loaded.file.business.name)
    own = described(loaded.file, loaded.templates)
    words = _ELSEWHERE.sub(r"\1", language())
    return (
        f"# The flows of {name}\n\n## The language\n\n{_deeper(words)}\n"
        f"## What {name} has automated\n\n{_deeper(own)}"
    )


def docs_page(loaded: Loaded) -> str:
    """Return the same as one self-contained HTML page; whatever comes from outside is text."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(docs_markdown(loaded))
    headings: list[Heading] = []
    for opening, inside in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag in {"h2", "h3"}:
            anchor = f"s{len(headings) + 1}"
            opening.attrSet("id", anchor)
            text = "".join(each.content for each in inside.children or ())
            headings.append(Heading(anchor, text, opening.tag == "h2"))
    for token in tokens:
        if token.type in {"table_open", "fence"}:
            token.attrSet("tabindex", "0")  # a wide one is scrolled by keys as well
    body = reader.renderer.render(tokens, reader.options, {})
    return rendered(
        "docs.html.j2",
        title=f"The flows of {loaded.file.business.name}",
        headings=headings,
        body=Markup(body),  # noqa: S704 - made above, of text that the reader escaped
    )


def _deeper(sections: str) -> str:
    """Return sections one level further down, for they stand in a part of a whole."""
    return re.sub(r"^(#+ )", r"#\1", sections, flags=re.MULTILINE)
