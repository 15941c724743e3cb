"""A page as lines of cells: words that stand side by side, with where they stand.

Made of PDF pages in the reader process (`words_of_page`), or of text that is laid out by
blanks (`words_of_text`).
"""

from __future__ import annotations

import ctypes
import math
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from flows.intake.invoices.reading import Box, Place

if TYPE_CHECKING:
    import pypdfium2

MOST_WORDS: Final = 12_000
"""Words read of one document; an invoice of more is one that a person looks at."""

MOST_CELLS: Final = 60
"""Cells read of one line."""

MOST_CHARS: Final = 120_000
WIDE: Final = 0.85
"""A gap of so many heights of the letters parts two cells."""

LEVEL: Final = 0.35
"""Words whose feet differ by less, in heights, stand on one line."""

ASKEW: Final = math.radians(3)
COLUMN: Final = 6.0
LINE: Final = 12.0
"""Points that a character and a line take in text that has no size."""

_LEADER: Final = re.compile(r"[.\u2026_\-\u2013\u2014=*\u00b7]{3,}|[|\u00b7\u2022]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box, in points from the top left; `foot` is its baseline."""

    text: str
    page: int
    left: float
    top: float
    right: float
    bottom: float
    foot: float
    span: tuple[int, int] | None = None

    @property
    def height(self) -> float:
        """Return how high the letters are with their room."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Cell:
    """Words side by side, not far apart."""

    words: tuple[Word, ...]
    text: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", " ".join(word.text for word in self.words))

    @property
    def page(self) -> int:
        """Return the page, from 1."""
        return self.words[0].page

    @property
    def left(self) -> float:
        """Return where it begins."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Return where it ends."""
        return self.words[-1].right

    @property
    def foot(self) -> float:
        """Return the baseline of its first word."""
        return self.words[0].foot

    @property
    def height(self) -> float:
        """Return the height of its largest word."""
        return max(word.height for word in self.words)

    def place(self) -> Place:
        """Return where it stands: a span in text, else a box on its page."""
        first, last = self.words[0], self.words[-1]
        if first.span is not None and last.span is not None:
            return Place(span=(first.span[0], last.span[1]))
        box: Box = (
            round(self.left, 1),
            round(min(word.top for word in self.words), 1),
            round(self.right, 1),
            round(max(word.bottom for word in self.words), 1),
        )
        return Place(page=self.page, box=box)

    def after(self, count: int) -> Cell | None:
        """Return the cell without its first *count* words, or None where none are left."""
        return Cell(self.words[count:]) if count < len(self.words) else None

    def overlaps(self, other: Cell) -> bool:
        """Return whether it stands above or below *other*, in part at least."""
        return self.left < other.right and other.left < self.right


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line, from left to right."""

    cells: tuple[Cell, ...]

    @property
    def page(self) -> int:
        """Return the page, from 1."""
        return self.cells[0].page

    @property
    def foot(self) -> float:
        """Return the baseline of its first cell."""
        return self.cells[0].foot

    @property
    def height(self) -> float:
        """Return the height of its largest cell."""
        return max(cell.height for cell in self.cells)

    @property
    def text(self) -> str:
        """Return its cells with two blanks between."""
        return "  ".join(cell.text for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: what its head says, and from where to where that stands."""

    kind: str
    left: float
    right: float

    def far(self, cell: Cell) -> float:
        """Return how far *cell* is from the column, in points; 0 where they overlap."""
        if cell.left < self.right and self.left < cell.right:
            return 0.0
        return min(abs(cell.right - self.right), abs(cell.left - self.left))


def rows_of(words: Iterable[Word]) -> tuple[Row, ...]:
    """Return the lines of *words*, page by page from top to bottom."""
    ordered = sorted(words, key=lambda word: (word.page, word.foot, word.left))
    lines: list[list[Word]] = []
    for word in ordered:
        line = lines[-1] if lines else []
        same = line and line[0].page == word.page
        if same and abs(word.foot - _foot(line)) <= LEVEL * min(word.height, line[-1].height):
            line.append(word)
        else:
            lines.append([word])
    cut = (tuple(islice(_cells(line), MOST_CELLS)) for line in lines)
    return tuple(Row(cells) for cells in cut if cells)


def _foot(line: Sequence[Word]) -> float:
    # The last few: a scanned line may climb.
    near = line[-3:]
    return sum(word.foot for word in near) / len(near)


def _cells(line: Iterable[Word]) -> Iterator[Cell]:
    held: list[Word] = []
    for word in sorted(line, key=lambda each: each.left):
        leader = _LEADER.fullmatch(word.text) is not None
        wide = held and word.left - held[-1].right > WIDE * min(word.height, held[-1].height)
        if held and (leader or wide):
            yield Cell(tuple(held))
            held = []
        if not leader:
            held.append(word)
    if held:
        yield Cell(tuple(held))


def words_of_text(text: str) -> Iterator[Word]:
    """Yield the words of a *text* that is laid out by blanks, as if of letters of one width."""
    start = count = 0
    for number, line in enumerate(text.split("\n")):
        top = number * LINE
        for match in re.finditer(r"[^\s|]+", line):
            if count == MOST_WORDS:
                return
            count += 1
            yield Word(
                text=match[0],
                page=1,
                left=match.start() * COLUMN,
                top=top,
                right=match.end() * COLUMN,
                bottom=top + 9.0,  # less than two blanks' width, so that two part cells
                foot=top + 9.0,
                span=(start + match.start(), start + match.end()),
            )
        start += len(line) + 1


@dataclass(slots=True)
class _Letter:
    text: str
    x: float
    y: float
    left: float
    bottom: float
    right: float
    top: float
    turn: int | None


def words_of_page(
    page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage, number: int, *, most: int
) -> list[Word]:
    """Return up to *most* words of a page as its reader holds it; stamps askew are left out.

    *number* is that of the page, from 1. For the reader process alone.
    """
    letters = list(_letters(textpage))
    turns = Counter(
        letter.turn for letter in letters if letter.turn is not None and letter.text
    )
    if not turns:
        return []
    turn = turns.most_common(1)[0][0]
    words: list[Word] = []
    for run in _runs([_turned(each, turn) for each in letters if each.turn in (turn, None)]):
        if len(words) == most:
            break
        words.append(_word(run, number))
    return _from_corner(words, page, turn)


def _letters(textpage: pypdfium2.PdfTextPage) -> Iterator[_Letter]:
    import pypdfium2.raw as pdfium  # noqa: PLC0415 - only the reader process needs it

    raw = textpage.raw
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for index in range(min(pdfium.FPDFText_CountChars(raw), MOST_CHARS)):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        char = chr(code) if 0 < code < 0x110000 else ""  # noqa: PLR2004 - the last of Unicode
        if not char or char.isspace() or not char.isprintable():
            yield _Letter("", 0, 0, 0, 0, 0, 0, None)
            continue
        pdfium.FPDFText_GetLooseCharBox(raw, index, box)
        pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
        yield _Letter(
            char, x.value, y.value, box.left, box.bottom, box.right, box.top,
            _quarter(pdfium.FPDFText_GetCharAngle(raw, index)),
        )  # fmt: skip


def _quarter(angle: float) -> int | None:
    """Return how many quarters of a circle a letter is turned to the left, or None."""
    if not angle:
        return 0
    quarters = angle / (math.pi / 2)
    near = round(quarters)
    return -near % 4 if abs(quarters - near) * math.pi / 2 <= ASKEW else None


def _turned(letter: _Letter, turn: int) -> _Letter:
    """Return the letter as it stands once the page is held so that its lines are level."""
    for _ in range(turn):
        letter = _Letter(
            letter.text, letter.y, -letter.x, letter.bottom, -letter.right, letter.top,
            -letter.left, letter.turn,
        )  # fmt: skip
    return letter


def _runs(letters: Iterable[_Letter]) -> Iterator[list[_Letter]]:
    run: list[_Letter] = []
    for letter in letters:
        if run and (not letter.text or _apart(run[-1], letter)):
            yield run
            run = []
        if letter.text and letter.turn is not None:
            run.append(letter)
    if run:
        yield run


def _apart(last: _Letter, letter: _Letter) -> bool:
    if letter.turn is None:
        return True
    size = max(last.top - last.bottom, 0.1)
    gap = letter.left - last.right
    return abs(letter.y - last.y) > LEVEL * size or gap > 0.25 * size or gap < -0.8 * size


def _word(run: Sequence[_Letter], number: int) -> Word:
    return Word(
        text="".join(letter.text for letter in run),
        page=number,
        left=min(letter.left for letter in run),
        top=max(letter.top for letter in run),
        right=max(letter.right for letter in run),
        bottom=min(letter.bottom for letter in run),
        foot=statistics.fmean(letter.y for letter in run),
    )


def _from_corner(words: Sequence[Word], page: pypdfium2.PdfPage, turn: int) -> list[Word]:
    """Return *words* measured from the top left corner of the page that was turned."""
    size = page.get_size()
    width, height = size if page.get_rotation() % 180 == 0 else size[::-1]
    # Turning about the lower left corner takes the page out of its place.
    right, top = ((0, height), (0, 0), (width, 0), (height, width))[turn]
    return [
        replace(
            word,
            left=word.left + right,
            right=word.right + right,
            top=top - word.top,
            bottom=top - word.bottom,
            foot=top - word.foot,
        )
        for word in words
    ]
