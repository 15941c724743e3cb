"""Which passages of a text are worth the network that reads them: sentences with a sign.

A sign is a word that the small network finds telling, or what a rule on private matters
found. The gate by itself opens sentences with 8.5 % of the words of public mail that it was
not trained on, and seven in ten of those of set `c` that hold something private; rules open
others (`python -m tests.bench.context_model gate` prints its figures).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import regex  # type: ignore[import-untyped]  # it ships no types
from numpy.typing import NDArray

from anonymizer.text.token_classes import with_neighbours

WEIGHTS: Final = Path(__file__).with_name("context") / "gate.npz"

AROUND: Final = 1
"""Sentences on each side that are read with one: "He is nine." needs the one before."""

LONGEST_AROUND: Final = 240
"""Characters of a sentence beside; of longer ones the nearest part is read."""

OFFSETS: Final = (1, 3)
"""How far to each side a layer looks."""

TELLING: Final = -0.5
"""From which score on a word opens its sentence, in natural log-odds."""

_SHORT_LINE = 60
# The end of a sentence, a blank line, or of a line that is too short to have been wrapped.
_END = regex.compile(r"[.!?…]+[\"')\]]*(?=\s)|\n[ \t]*\n|\n")

Array = NDArray[np.float32]


class Gate:
    """Tells which words are telling, from what the network of names sees of them.

    Two layers over each word and its neighbours, the larger of two values kept, and a score.
    """

    def __init__(self, weights: Path = WEIGHTS) -> None:
        with np.load(weights) as stored:
            self._p: dict[str, Array] = {k: stored[k].astype(np.float32) for k in stored.files}

    def scores(self, seen: Array) -> Array:
        """Return a score for each word, in natural log-odds.

        *seen* are the features of the words of a text: words by numbers.
        """
        p, x = self._p, seen
        for layer, offset in enumerate(OFFSETS):
            wide = with_neighbours(x, offset) @ p[f"W{layer}"] + p[f"b{layer}"]
            x = np.maximum(wide[:, ::2], wide[:, 1::2])
        result: Array = x @ p["O"] + p["o"]
        return result

    def telling(self, seen: Array) -> list[int]:
        """Return the places of the words that open their sentence, ascending."""
        found: list[int] = np.flatnonzero(self.scores(seen) >= TELLING).tolist()
        return found


def passages(text: str, signs: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of *text* to read, in order, apart.

    *signs* are the places of what is telling. Each stretch holds whole sentences: those with
    a sign and `AROUND` on each side, as far as `LONGEST_AROUND`.
    """
    places = sorted(set(signs))
    ends = sentence_ends(text) if places else []
    last: tuple[int, int] | None = None
    for place in places:
        if last and place < last[1]:
            continue
        low, high = _around(text, ends, place)
        if last and (low <= last[1] or not text[last[1] : low].strip()):
            last = last[0], high
            continue
        if last:
            yield last
        last = low, high
    if last:
        yield last


def _around(text: str, ends: Sequence[int], place: int) -> tuple[int, int]:
    """Return the sentence that holds *place*, with `AROUND` sentences on each side."""
    at = bisect_right(ends, place)
    own_low = ends[at - 1] if at else 0
    own_high = ends[at] if at < len(ends) else len(text)
    low = ends[at - 1 - AROUND] if at > AROUND else 0
    high = ends[at + AROUND] if at + AROUND < len(ends) else len(text)
    low, high = max(low, own_low - LONGEST_AROUND), min(high, own_high + LONGEST_AROUND)
    return _at_words(text, low, high)


def sentence_ends(text: str) -> list[int]:
    """Return where sentences end in *text*, ascending."""
    ends: list[int] = []
    for match in _END.finditer(text):
        last = ends[-1] if ends else 0
        wrapped = (
            match.group() == "\n"
            and match.start() - max(last, text.rfind("\n", 0, match.start()) + 1) >= _SHORT_LINE
        )
        if not wrapped:
            ends.append(match.end())
    return ends


def _at_words(text: str, low: int, high: int) -> tuple[int, int]:
    """Return the stretch without half a word at its ends."""
    while 0 < low < high and not text[low - 1].isspace():
        low += 1
    while low < high < len(text) and not text[high].isspace():
        high -= 1
    return low, high
