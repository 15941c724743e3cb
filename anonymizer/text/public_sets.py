"""Readers of public labelled sets, so that one command scores them like one's own mail.

Source: https://github.com/data-privacy-stack/presidio-research (JSON of sentences);
emailcoref, LREC 2020 (CoNLL columns of real mail threads: word, speaker, person, chain).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from anonymizer.text.gold import (
    Kind,
    LabelError,
    LabelledMail,
    Mark,
    read_gold,
    unique,
    unmarked,
)
from anonymizer.text.request import Part, Person, Request

APART: Final = frozenset({"TITLE", "NRP", "ORGANIZATION", "AGE", "DATE_TIME"})
"""Types that business mail keeps, or keeps mostly: told apart from the total."""

OURS: Final[Mapping[str, str]] = {
    "CREDIT_CARD": "CARD",
    "DOMAIN_NAME": "LINK",
    "EMAIL_ADDRESS": "EMAIL",
    "GPE": "PLACE",
    "IBAN_CODE": "IBAN",
    "IP_ADDRESS": "IP",
    "PHONE_NUMBER": "PHONE",
    "STREET_ADDRESS": "ADDRESS",
    "US_DRIVER_LICENSE": "DRIVER_LICENCE",
    "US_SSN": "SSN",
    "ZIP_CODE": "ADDRESS",
}
"""Their types of which ours bear another name."""

_Line = list[tuple[str, bool]]
_LANGUAGES = frozenset({"ar", "de", "en", "es", "fr"})
_COLUMNS = 3
_NO_SPACE = re.compile(r"^(?:[,.;:!?)\]}%]|'\w{0,2}|n't)$")
_HEADER = re.compile(r"(?i)^\s*(?:x-)?(?:from|to|cc|bcc|sent|subject|date|forwarded by)\b\s*:")
_LAST_HEADER = ["x", "-", "bcc"]
_NAME = re.compile(r"[A-Z][A-Za-z'-]+")
_PRONOUNS = """
    i me my mine myself you your yours yourself he him his she her hers we us our ours they
    them their theirs who whom whose it its this that these those all both everyone everybody
    anyone someone one each other others mr mrs ms dr jr sr the a an of and or to for in at
    guys folks team people group party parties customer customers client clients counsel ceo
    president vp director manager chairman trader traders employee employees staff lawyer
    attorney attorneys boss assistant wife husband mom dad mother father son daughter brother
    sister friend friends
"""
_NOT_A_NAME = frozenset(_PRONOUNS.split())


def read_labelled(path: Path) -> list[LabelledMail]:
    """Return all labelled mails under *path*, by file name: `.yaml`, `.txt`, `.json`, `.conll`.

    The set of a mail is named by the folder in which its file lies.

    Raises:
        LabelError: A file is not of its format, or two mails have one id.
        OSError: A file cannot be read.
    """
    files = sorted(each for each in path.rglob("*") if each.suffix in _READERS)
    if path.is_file():
        files = [path]
    mails = [mail for file in files for mail in _READERS.get(file.suffix, read_gold)(file)]
    return list(unique(mails))


def read_lines(path: Path) -> list[LabelledMail]:
    r"""Return the lines of a file of marked texts, each as a mail without headers.

    `\n` in a line ends a line of its text; a line that begins with `#` is a heading.

    Raises:
        LabelError: A mark is not whole, or bears a wrong label.
    """
    lines = enumerate(path.read_text("utf-8").split("\n"), 1)
    return [
        _line(path, number, line.replace("\\n", "\n"))
        for number, line in lines
        if line.strip() and not line.startswith("#")
    ]


def _line(path: Path, number: int, line: str) -> LabelledMail:
    where = f"{path}:{number}"
    text, marks = unmarked("text", line, lambda _: where)
    return LabelledMail(
        id=f"{path.stem}-{number}",
        group=path.parent.name,
        where=where,
        language=next((part for part in path.stem.split("_") if part in _LANGUAGES), "en"),
        request=Request(parts=(Part(name="text", text=text),)),
        marks=tuple(marks),
    )


def read_sentences(path: Path) -> list[LabelledMail]:
    """Return the sentences of a file of presidio-research, each as a mail.

    Raises:
        LabelError: It is not such a file.
    """
    try:
        rows = json.loads(path.read_text("utf-8"))
        return [_sentence(path, number, row) for number, row in enumerate(rows)]
    except (ValueError, KeyError, TypeError):
        what = "this is no labelled JSON of presidio-research"
        fix = 'give rows {"full_text", "spans": [{"entity_type", "start_position", …}]}'
        raise LabelError(f"{path}:1", what, fix) from None


def _sentence(path: Path, number: int, row: Mapping[str, object]) -> LabelledMail:
    text, spans = row["full_text"], row["spans"]
    if not isinstance(text, str) or not isinstance(spans, list):
        raise TypeError
    marks = []
    for span in spans:
        label = span["entity_type"]
        kind: Kind = "apart" if label in APART else "out"
        start, end = int(span["start_position"]), int(span["end_position"])
        marks.append(Mark("text", start, end, kind, OURS.get(label, label)))
    return LabelledMail(
        id=f"{path.stem}-{number}",
        group=path.parent.name,
        where=f"{path}:1",
        language="en",
        request=Request(parts=(Part(name="text", text=text),)),
        marks=tuple(marks),
    )


def read_thread(path: Path) -> list[LabelledMail]:
    """Return the one thread of an emailcoref file: its body, and the people of its header.

    Names in bodies must go; names in quoted header lines, and other mentions of people
    (pronouns, offices), count neither way.

    Raises:
        LabelError: It is not such a file.
    """
    lines = _lines(path)
    if not any(lines):
        what, fix = "this is no thread of emailcoref", "give columns word, speaker, person"
        raise LabelError(f"{path}:1", what, fix)
    heads = [[word.lower() for word, _ in line[:3]] for line in lines]
    last = heads.index(_LAST_HEADER) if _LAST_HEADER in heads else 0
    text, marks = _body(lines[last + 1 :])
    # All of it counts as new text: what a thread quotes was annotated too.
    request = Request(
        parts=(Part(name="text", text=text, segments=()),),
        people=_people(lines[: last + 1]),
    )
    return [
        LabelledMail(
            id=path.stem,
            group=path.parent.name,
            where=f"{path}:1",
            language="en",
            request=request,
            marks=marks,
        )
    ]


def _lines(path: Path) -> list[_Line]:
    """Return the words of each line, and whether each is part of a person's name or mention."""
    lines: list[_Line] = [[]]
    inside = False
    for row in path.read_text("utf-8").splitlines():
        if row.startswith("#"):
            continue
        cells = row.split("\t")
        if len(cells) < _COLUMNS:
            lines.append([])
            continue
        inside = inside or "(P" in cells[2]
        lines[-1].append((cells[0], inside))
        if re.search(r"P\d+\*?\)", cells[2]):
            inside = False
    return lines


def _people(lines: list[_Line]) -> tuple[Person, ...]:
    people = []
    for line in lines:
        text = " ".join(word for word, _ in line)
        if re.match(r"(?:From|To|Cc|Bcc) :", text, re.IGNORECASE):
            people += [Person(email=word) for word, _ in line if "@" in word]
        elif re.match(r"X - (?:From|To|cc|bcc) :", text, re.IGNORECASE):
            value = re.sub(r"<[^>]*>", "", text.split(":", 1)[1])
            pieces = re.split(r";", value) if "," in value else [value]
            people += [Person(name=p.replace(" ,", ",").strip()) for p in pieces if p.strip()]
    return tuple(people)


def _body(lines: list[_Line]) -> tuple[str, tuple[Mark, ...]]:
    text = ""
    marks = []
    for line in lines:
        header = _HEADER.match(" ".join(word for word, _ in line)) is not None
        for word, person in line:
            if text and not text.endswith("\n") and not _NO_SPACE.match(word):
                text += " "
            start = len(text)
            text += word
            if person and not header and _is_name(word):
                marks.append(Mark("text", start, len(text), "out", "PERSON"))
            elif person or header:
                marks.append(Mark("text", start, len(text), "free"))
        text += "\n"
    return text, tuple(marks)


def _is_name(word: str) -> bool:
    return (
        _NAME.fullmatch(word) is not None
        and word.casefold() not in _NOT_A_NAME
        and len(word) > 1
    )


_READERS: Final = {
    ".txt": read_lines,
    ".yaml": read_gold,
    ".yml": read_gold,
    ".json": read_sentences,
    ".conll": read_thread,
}
