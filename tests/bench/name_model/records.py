"""What the steps hand to each other: labelled texts, as lines of JSON in the build folder."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flows.errors import OperatorError

Span = tuple[int, int, str]
"""Start, end in characters, and label."""

SENTENCES, MAILS = "sentences.jsonl", "mails.jsonl"


@dataclass(frozen=True, slots=True)
class Sentences:
    """Some invented sentences; *spans* bear the names of `token_classes.CLASSES`."""

    text: str
    spans: list[Span]


@dataclass(frozen=True, slots=True)
class Mail:
    """The text of a mail and what each teacher says of it, each in labels of its own."""

    id: str
    text: str
    spacy: list[Span]
    rampart: list[Span]
    cleaner: list[Span]


def write(path: Path, records: Iterable[Sentences | Mail]) -> int:
    """Write *records* to *path*, one a line; return how many there were.

    The file is there only once it is whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    count = 0
    with unfinished.open("w", encoding="utf-8") as out:
        for record in records:
            out.write(json.dumps(asdict(record)) + "\n")
            count += 1
    unfinished.replace(path)
    return count


def read_sentences(path: Path) -> Iterator[Sentences]:
    """Yield the sentences in *path*, in order.

    Raises:
        OperatorError: the step that writes them was not run.
    """
    for row in _rows(path, "sentences"):
        yield Sentences(row["text"], _spans(row["spans"]))


def read_mails(path: Path) -> Iterator[Mail]:
    """Yield the labelled mails in *path*, in order.

    Raises:
        OperatorError: the step that writes them was not run.
    """
    for row in _rows(path, "teachers"):
        said = (_spans(row[teacher]) for teacher in ("spacy", "rampart", "cleaner"))
        yield Mail(row["id"], row["text"], *said)


def kept_aside(record: Sentences | Mail) -> bool:
    """Return whether *record* is one of the twentieth that is scored and never trained on."""
    return zlib.crc32(record.text.encode()) % 20 == 0


def _rows(path: Path, step: str) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        raise OperatorError(f"there is no {path}", fix=f"run the step `{step}` first")
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _spans(rows: Iterable[tuple[int, int, str]]) -> list[Span]:
    return [(start, end, label) for start, end, label in rows]
