"""Real files, changed as people and editors change them: told or taken, never worse.

`JIGAJOB_FUZZ=100000` tries that many documents.
"""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from flows.language.starter import STARTER
from tests.flows.language.test_any_input import FAST, SOUP, _answer
from tests.tasks.mistakes import TASKS, text_of

ROOT = Path(__file__).parents[3]
FILES = (STARTER, (ROOT / "flows.yaml").read_text(encoding="utf-8"), *map(text_of, TASKS))
TOKEN = re.compile(r"\s+|[\w.]+|[^\w\s]+")
TOKENS = sorted({token for text in FILES for token in TOKEN.findall(text)})


def _spliced(data: st.DataObject, text: str) -> str:
    """A stretch of another file stands in the place of one of this."""
    other = data.draw(st.sampled_from(FILES))
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    first = data.draw(st.integers(0, len(other)))
    return text[:start] + other[first : first + end - start] + text[end:]


def _lines(data: st.DataObject, text: str) -> str:
    """A line is gone, twice there, moved, or moved right or left."""
    lines = text.split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    to = data.draw(st.integers(0, len(lines) - 1))
    match data.draw(st.sampled_from(["gone", "twice", "moved", "right", "left"])):
        case "gone":
            del lines[at]
        case "twice":
            lines.insert(at, lines[at])
        case "moved":
            lines.insert(to, lines.pop(at))
        case "right":
            lines[at] = "  " + lines[at]
        case _:
            lines[at] = lines[at][2:]
    return "\n".join(lines)


def _tokens(data: st.DataObject, text: str) -> str:
    """A word or sign is another one, gone, or soup."""
    tokens = TOKEN.findall(text)
    at = data.draw(st.integers(0, len(tokens) - 1))
    tokens[at] = data.draw(st.sampled_from(TOKENS) | st.just("") | SOUP)
    return "".join(tokens)


def _letters(data: st.DataObject, text: str) -> str:
    """Two letters are swapped."""
    at = data.draw(st.integers(0, len(text) - 2))
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


@FAST
@given(st.data(), st.sampled_from(FILES), st.integers(1, 4))
def test_a_real_file_with_a_few_changes(data: st.DataObject, text: str, changes: int) -> None:
    for _ in range(changes):
        if len(text) < 2:
            break
        change = data.draw(st.sampled_from([_spliced, _lines, _tokens, _letters]))
        text = change(data, text)
    _answer(text)
