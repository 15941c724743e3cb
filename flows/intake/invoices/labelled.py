"""Labels on a page, and the cells that they speak of: behind, beside or below them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from flows.intake.invoices.figures import fold
from flows.intake.invoices.heads import HEADS
from flows.intake.invoices.labels import LABELS, LONGEST_LABEL, WEAK
from flows.intake.invoices.layout import Cell, Column, Row, Word

V = TypeVar("V")

BEHIND: Final = 0.95
BESIDE: Final = 0.94
BELOW: Final = 0.88
"""How likely what stands in the label's own cell, to the right, or below is what it names."""

NEAR: Final = 9.0
"""Heights of the letters within which a value beside its label is certainly its."""

FAR_BELOW: Final = 2.6
"""Heights of the letters, at most, from the foot of a label to the foot of its value."""

MOST_LABELS: Final = 1_000
"""Labels of one document; the rest of a hostile one is not looked at."""

LONGEST_MARK: Final = 4
"""Letters of what only marks a value: EUR, US$."""

_TOKEN: Final = re.compile(r"[^\W_]+|#")


@dataclass(frozen=True, slots=True)
class Label:
    """A label: its field, the words that it is, and what follows it in its cell."""

    kind: str
    words: str
    language: str
    row: int
    at: int
    cell: Cell
    rest: Cell | None

    @property
    def weak(self) -> bool:
        """Return whether the words mean other things as well."""
        return self.words in WEAK


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters or digits: of which word, and where in it it ends."""

    text: str
    word: int
    end: int


class Page:
    """The rows of a document with its labels; heads of tables are none."""

    def __init__(self, rows: Sequence[Row], heads: Mapping[int, Sequence[Column]]) -> None:
        self.rows = tuple(rows)
        self.heads = heads
        self.labels = tuple(self._find())
        self._at = {(label.row, label.at): label for label in self.labels}

    def _find(self) -> Iterator[Label]:
        count = 0
        for number, row in enumerate(self.rows):
            if number in self.heads:
                continue
            for at, cell in enumerate(row.cells):
                label = label_of(cell)
                if label is not None and (count := count + 1) <= MOST_LABELS:
                    yield replace(label, row=number, at=at)

    def label_at(self, row: int, at: int) -> Label | None:
        """Return the label that stands in a cell, or None."""
        return self._at.get((row, at))

    def of(self, *kinds: str) -> Iterator[Label]:
        """Yield the labels of these fields, in order of place."""
        return (label for label in self.labels if label.kind in kinds)

    @property
    def language(self) -> str:
        """Return the language of most of its labels, "" without any."""
        votes = Counter(label.language for label in self.labels)
        return votes.most_common(1)[0][0] if votes else ""

    def value(
        self, label: Label, read: Callable[[Cell], V | None]
    ) -> tuple[V, Cell, float] | None:
        """Return what *read* makes of the cell that *label* means, the cell, how likely."""
        if label.rest is not None:
            found = read(label.rest)
            if found is not None:
                return found, label.rest, BEHIND
            if not _only_marks(label.rest):
                return None  # "Total of last year": no label of what follows
        beside, below = self._beside(label, read), self.below(label, read)
        if beside is not None and below is not None:
            gap = beside[1].left - label.cell.right
            return below if gap > NEAR * label.cell.height else beside
        return beside or below

    def _beside(
        self, label: Label, read: Callable[[Cell], V | None]
    ) -> tuple[V, Cell, float] | None:
        for at in range(label.at + 1, len(self.rows[label.row].cells)):
            cell = self.rows[label.row].cells[at]
            if self.label_at(label.row, at) is not None:
                return None
            found = read(cell)
            if found is not None:
                return found, cell, BESIDE
            if not _only_marks(cell):
                return None
        return None

    def below(
        self, label: Label, read: Callable[[Cell], V | None]
    ) -> tuple[V, Cell, float] | None:
        """Return what *read* makes of the next cell below *label*, the cell, and how likely."""
        for number in range(label.row + 1, min(label.row + 7, len(self.rows))):
            row = self.rows[number]
            if row.page != label.cell.page:
                return None
            for at, cell in enumerate(row.cells):
                if not _under(label.cell, cell):
                    continue
                far = cell.foot - label.cell.foot > FAR_BELOW * max(
                    label.cell.height, cell.height
                )
                if far or number in self.heads or self.label_at(number, at) is not None:
                    return None
                found = read(cell)
                return None if found is None else (found, cell, BELOW)
        return None


def _under(label: Cell, cell: Cell) -> bool:
    """Return whether *cell* stands in the column of *label*: at one edge, or within it."""
    edge = 0.6 * label.height
    left, right = abs(cell.left - label.left), abs(cell.right - label.right)
    return cell.overlaps(label) and (
        left <= edge or right <= edge or label.left <= cell.left <= cell.right <= label.right
        or cell.left <= label.left <= label.right <= cell.right
    )  # fmt: skip


def _only_marks(cell: Cell) -> bool:
    """Return whether a cell holds marks or the name of a currency, and nothing else."""
    short = len(cell.text.strip("()[]:. ")) <= LONGEST_MARK
    return short and not any(char.isdigit() for char in cell.text)


def tokens_of(cell: Cell) -> list[Token]:
    """Return the letters and digits of a cell as labels are compared, in order."""
    found: list[Token] = []
    for place, word in enumerate(cell.words):
        shown = word.text
        for match in _TOKEN.finditer(shown):
            plain = "".join(_TOKEN.findall(fold(match[0])))
            found.append(Token(plain, place, match.end()))
    return found


def match_at(
    tokens: Sequence[Token], start: int, rows: Mapping[str, tuple[str, str]]
) -> tuple[str, int] | None:
    """Return the longest label of *rows* that stands at *start*, and where it ends."""
    for count in range(min(LONGEST_LABEL, len(tokens) - start), 0, -1):
        words = " ".join(token.text for token in tokens[start : start + count])
        if words in rows:
            return words, start + count
    return None


def label_of(cell: Cell) -> Label | None:
    """Return the label at the start of *cell*, with its row and place still open."""
    tokens = tokens_of(cell)
    found = match_at(tokens, 0, LABELS)
    if found is None:
        return None
    words, end = found
    if _goes_on(cell, tokens[end - 1]):
        return None
    kind, language = LABELS[words]
    while True:  # "Rechnung an / Bill to"
        again = match_at(tokens, end, LABELS)
        if again is None or not _same(kind, LABELS[again[0]][0]):
            break
        if _goes_on(cell, tokens[again[1] - 1]):
            break
        end = again[1]
    last = tokens[end - 1]
    rest = rest_of(cell, last)
    mark = cell.words[last.word].text[last.end :][:1]
    if kind in ("buyer", "seller") and words in WEAK and rest is not None and mark != ":":
        return None  # "Van Houten B.V." is a name
    return Label(kind, words, language, 0, 0, cell, rest)


def _goes_on(cell: Cell, token: Token) -> bool:
    """Return whether a label is but the start of a word with figures: PO-1042."""
    tail = cell.words[token.word].text[token.end :]
    return tail[:1] in ("-", "/", "_") and any(char.isdigit() for char in tail)


def _same(kind: str, other: str) -> bool:
    return kind == other or (kind, other) in {("gross", "payable"), ("title", "credit")}


def rest_of(cell: Cell, token: Token) -> Cell | None:
    """Return what stands in *cell* behind *token*, without the marks between, or None."""
    word = cell.words[token.word]
    tail = word.text[token.end :].lstrip(":.)#\u00b0\u00ba*\u2116 /,;")
    words: tuple[Word, ...] = cell.words[token.word + 1 :]
    if tail:
        words = (replace(word, text=tail), *words)
    while words and not any(char.isalnum() or char in "$€£-(" for char in words[0].text):
        words = words[1:]
    return Cell(words) if words else None


def heads_of(cell: Cell) -> list[tuple[str, str]]:
    """Return the columns that a cell is the head of, in order; several where they stand close.

    Empty unless all of the cell is heads, but for the name of a currency and the like.
    """
    tokens = tokens_of(cell)
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(tokens):
        match = match_at(tokens, at, HEADS)
        if match is None:
            if found and len(tokens[at].text) <= 3:  # noqa: PLR2004 - EUR, inc, 19
                at += 1
                continue
            return []
        found.append(HEADS[match[0]])
        at = match[1]
    return found
