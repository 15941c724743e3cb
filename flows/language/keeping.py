"""What a flow keeps of a mail and then uses nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from flows.language.block_checks import Blocks
from flows.language.block_graph import block_of
from flows.language.checks import Findings, mappings
from flows.language.places import Path as TreePath
from flows.language.places import Plain
from flows.language.scopes import FIELDS
from flows.language.words import quoted
from flows.steps.registry import STEPS

_WHOLE_TEXT: Final = re.compile(r"\bmail\s*\.\s*(?:new_)?text\b")


def unused(
    flow: Mapping[str, Plain],
    at: TreePath,
    blocks: Blocks,
    shown: Iterable[str],
    findings: Findings,
) -> None:
    """Tell of fields that are kept and go nowhere; *shown* are the texts of template files."""
    keep = flow.get("keep")
    kept: Sequence[Plain] = keep if isinstance(keep, list) else []
    if not kept:
        return
    steps = [
        step for body, _ in blocks.bodies(flow, at) for _, step in mappings(body.get("steps"))
    ]
    texts = "\n".join([*shown, *(text for step in steps for _, text in texts_in(step, ()))])
    if any(block_of(step) not in blocks.sound for step in steps if block_of(step)):
        return  # nobody knows what is in those
    known = [STEPS.get(str(step.get("uses"))) for step in steps if block_of(step) is None]
    if None in known or _WHOLE_TEXT.search(texts):
        return  # what is kept stays readable in the text of the mail
    read = frozenset[str]().union(*(step.needs | step.reads for step in known if step))
    for index, name in enumerate(kept):
        if name in FIELDS and name not in texts and not _is_read(name, read):
            place = findings.document.value((*at, "keep", index))
            fix = f"take it out of `keep`, or use {{{{ {name} }}}} in a step"
            findings.warn(place, f"{quoted(name)} is kept, and nothing uses it", fix, "unused")


def texts_in(value: Plain, at: TreePath) -> Iterator[tuple[TreePath, str]]:
    """Yield every text under *value* with its path; the depth of the file is bounded."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from texts_in(each, (*at, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from texts_in(each, (*at, index))


def _is_read(name: str, read: frozenset[str]) -> bool:
    return name in read or f"*.{name.rpartition('.')[2]}" in read
