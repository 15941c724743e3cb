"""Answers that people gave again and again: which are alike, and what all of them say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from flows.steps.clean_text import STAND_IN

ALIKE: Final = 72
"""Out of 100: how alike two answers are that are one answer in other words."""
SAME_LINE: Final = 88
"""Out of 100: how alike two sentences are that say the same."""
IN_MOST: Final = 0.6
"""Share of the answers that say a sentence that is proposed."""
FEWEST_WORDS: Final = 5
MOST_ANSWERS: Final = 2_000
"""The newest answers, of which alike ones are looked for; each is compared with each."""

_GREETING: Final = re.compile(
    r"^(?P<word>hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|hola|bonjour"
    r"|ol\u00e1|sehr geehrte[rs]?(?: frau| herr)?|guten tag)\b[^\n]{0,60}?[,!.:]?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_NUMBER: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Custom:
    """Answers that are alike: the positions of the mails that got one, and their common words.

    `text` has a line for each sentence that most of them say, in the order of the answer that
    is most like all others; `greets` is the greeting word with which most begin, or "".
    """

    positions: tuple[int, ...]
    text: str
    greets: str


def customs(answers: Sequence[tuple[int, str]], fewest: int) -> list[Custom]:
    """Return groups of at least *fewest* answers that are alike, the largest first.

    *answers* are positions and texts, oldest first. Nothing personal is in what they have in
    common: a sentence with a stand-in, or a number, differs from mail to mail.
    """
    newest = [
        (position, _plain(text))
        for position, text in answers
        if len(text.split()) >= FEWEST_WORDS
    ][-MOST_ANSWERS:]
    texts = [text for _, text in newest]
    if len(texts) < fewest:
        return []
    alike = process.cdist(texts, texts, scorer=fuzz.token_set_ratio, score_cutoff=ALIKE) > 0
    found: list[Custom] = []
    left = set(range(len(texts)))
    while left:
        middle = max(left, key=lambda n: (sum(alike[n, other] for other in left), -n))
        group = sorted(other for other in left if alike[middle, other])
        if len(group) < fewest:
            break
        left -= set(group)
        originals = dict(answers)
        custom = _common([newest[n][0] for n in group], newest[middle][0], originals)
        if custom is not None:
            found.append(custom)
    return found


def _common(positions: Sequence[int], middle: int, texts: dict[int, str]) -> Custom | None:
    """Return what the answers at *positions* have in common, None where that is too little."""
    split = {position: _sentences(texts[position]) for position in positions}
    least = IN_MOST * len(positions)
    lines = [
        line
        for line in split[middle]
        if not STAND_IN.search(line)
        and "{" not in line  # it would be read as a template
        and not _NUMBER.search(line)
        and sum(_says(split[position], line) for position in positions) >= least
    ]
    text = "\n".join(dict.fromkeys(lines))
    if len(text.split()) < FEWEST_WORDS:
        return None
    greetings = Counter(_greeting(texts[position]) for position in positions)
    word, count = greetings.most_common(1)[0]
    return Custom(tuple(positions), text, word if count >= least else "")


def _says(sentences: Sequence[str], line: str) -> bool:
    return any(fuzz.ratio(each.casefold(), line.casefold()) >= SAME_LINE for each in sentences)


def _sentences(text: str) -> list[str]:
    """Return the sentences of an answer, without its greeting."""
    body = _GREETING.sub("", text, count=1)
    # A line that ends without a full stop is an end of line that a mail program has put there.
    joined = re.sub(r"(?<![.!?:,\n])\n(?=[a-z])", " ", body)
    return [" ".join(each.split()) for each in _SENTENCE.split(joined) if each.split()]


def _greeting(text: str) -> str:
    found = _GREETING.search(text)
    return found["word"].capitalize() if found and not text[: found.start()].strip() else ""


def _plain(text: str) -> str:
    """Return an answer as it is compared: without greeting, numbers and what is personal."""
    bare = STAND_IN.sub(" ", _GREETING.sub("", text, count=1))
    return " ".join(re.sub(r"[\d\W_]+", " ", bare).casefold().split())
