"""The text of office documents (DOCX, PPTX, ODT, ODP): body, notes, comments, all in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from flows.intake.archives import Archive
from flows.intake.reading import MOST_TEXT, Reading, Unreadable, party, reading
from flows.intake.xml_events import Event, xml_events
from flows.model import Party

PROPERTIES: Final = "its author and other properties"
DELETED: Final = "text that was deleted with changes tracked"
HIDDEN: Final = "text formatted as hidden"
MACROS: Final = "macros, never run"
PICTURES: Final = "pictures inside of it"
EMBEDDED: Final = "files embedded in it"

STORIES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("", re.compile(r"word/header\d*\.xml")),
    ("", re.compile(r"word/document\d*\.xml")),
    ("", re.compile(r"word/(?:footnotes|endnotes)\.xml")),
    ("", re.compile(r"word/footer\d*\.xml")),
    ("comment", re.compile(r"word/comments\.xml")),
    ("", re.compile(r"ppt/slides/slide\d+\.xml")),
    ("note", re.compile(r"ppt/notesSlides/notesSlide\d+\.xml")),
    ("comment", re.compile(r"ppt/comments/[^/]{1,80}\.xml")),
    ("", re.compile(r"content\.xml")),
    ("", re.compile(r"styles\.xml")),
)
"""Which entries hold text, in the order of reading, and what each is called in the text."""

LEFT_OUT: Final[Mapping[str, str]] = {
    # Word and PowerPoint: ECMA-376 part 1, sections 17.13.5 and 17.16; OpenDocument 1.3.
    "del": DELETED, "moveFrom": DELETED, "tracked-changes": DELETED,
    "hidden-text": HIDDEN, "hidden-paragraph": HIDDEN,
    "Fallback": "", "instrText": "", "delInstrText": "", "binData": "", "binary-data": "",
    "rPrChange": "", "pPrChange": "", "automatic-styles": "", "font-face-decls": "",
}  # fmt: skip
TEXT_IN: Final = frozenset({"t"})
LINES_IN: Final = frozenset({"p", "h"})
BREAKS: Final[Mapping[str, str]] = {
    "tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "noBreakHyphen": "-", "s": " ",
}  # fmt: skip
CELLS: Final = frozenset({"tc", "table-cell"})
ROWS: Final = frozenset({"tr", "table-row"})
AUTHORS_IN: Final = frozenset(
    {"creator", "lastModifiedBy", "initial-creator", "manager", "Manager", "sender-name"}
)
PROPERTY_FILES: Final = ("docProps/core.xml", "docProps/app.xml", "meta.xml")
OFF: Final = frozenset({"0", "false", "off", "none"})

_BEFORE_TAB = re.compile(r" {1,20}\t")
_GAPS = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")


class Found:
    """What the walk over the entries of one document has found."""

    def __init__(self) -> None:
        self.texts: dict[str, None] = {}
        self.size = 0
        self.people: dict[Party, None] = {}
        self.withheld: dict[str, None] = {}

    def name(self, name: object, email: object = "") -> None:
        """Note somebody whom the document names in a place made for names."""
        if who := party(name, email):
            self.people[who] = None


def read_document(archive: Archive, *, open_document: bool = False) -> Reading:
    """Return the text of a document, of OpenDocument format or of Microsoft's.

    Headers come first, then the body, notes, footers and comments. Tables have a line per
    row and tabs between cells. Left out, and said so, are deleted and hidden text, macros,
    pictures, embedded files and the properties with the author's name.

    Raises:
        Unreadable: No text can be had of it.
    """
    found = Found()
    problem = ""
    for called, pattern in STORIES:
        for name in sorted(filter(pattern.fullmatch, archive.names), key=_number):
            if found.size > MOST_TEXT:
                break
            try:
                text = _Story(found, open_document=open_document).read(archive.pieces(name))
            except Unreadable as why:
                problem = problem or why.problem
                continue
            if text:
                text = f"[{called}] {text}" if called else text
                found.texts[text] = None
                found.size += len(text)
    read_properties(archive, found)
    note_contents(archive, found)
    if problem and not found.texts:
        raise Unreadable(problem)
    return reading(
        "\n".join(found.texts),
        problem=f"some of it was not read: {problem}" if problem else "",
        withheld=found.withheld,
        people=found.people,
    )


def read_properties(archive: Archive, found: Found) -> None:
    """Note the people whom the properties of an office file name; keep nothing else."""
    for name in PROPERTY_FILES:
        inside = ""
        try:
            for event in xml_events(archive.pieces(name)):
                if event.kind == "start":
                    inside = event.name
                elif event.kind == "end":
                    inside = ""
                elif event.text.strip():
                    found.withheld[PROPERTIES] = None
                    if inside in AUTHORS_IN:
                        found.name(event.text)
        except Unreadable:
            continue  # the text is what counts


def note_contents(archive: Archive, found: Found) -> None:
    """Note what an office file holds beside its text."""
    for name in archive.names:
        low = name.lower()
        if "vbaproject" in low or low.startswith("basic/"):
            found.withheld[MACROS] = None
        elif "/media/" in low or low.startswith("pictures/"):
            found.withheld[PICTURES] = None
        elif "/embeddings/" in low or low.startswith("object "):
            found.withheld[EMBEDDED] = None


class _Story:
    """Reads the text of one XML entry: a body, a header, all comments."""

    def __init__(self, found: Found, *, open_document: bool) -> None:
        self._found, self._open = found, open_document
        self._pieces: list[str] = []
        self._size = self._left_out = self._cells = self._reading = 0
        self._why = ""
        self._in_run = self._hidden = self._in_name = False

    def read(self, pieces: Iterable[bytes]) -> str:
        """Return the text, in lines, without empty ones in a row."""
        for event in xml_events(pieces):
            if event.kind == "start":
                self._start(event)
            elif event.kind == "end":
                self._end(event.name)
            else:
                self._text(event.text)
            if self._size > MOST_TEXT:
                break
        text = _BEFORE_TAB.sub("\t", "".join(self._pieces))
        lines = "\n".join(line.rstrip() for line in text.split("\n"))
        return _GAPS.sub("\n\n", lines).strip()

    def _start(self, event: Event) -> None:
        name = event.name
        self._note_author(event)
        if name in LEFT_OUT or self._left_out:
            self._left_out += 1
            self._why = self._why or LEFT_OUT.get(name, "")
        elif name == "r":
            self._in_run, self._hidden = True, False
        elif name == "vanish":
            # Outside of a run it speaks of the mark at the end of a paragraph.
            self._hidden = self._in_run and event.attributes.get("val", "").lower() not in OFF
        elif name in TEXT_IN or (self._open and name in LINES_IN):
            self._reading += 1
        elif name in CELLS:
            self._cells += 1
        elif name == "creator" and self._open:
            self._in_name = True
        if name in BREAKS and self._reading + self._in_run and not self._left_out:
            self._add(BREAKS[name])

    def _note_author(self, event: Event) -> None:
        if event.name in ("comment", "ins", "del", "moveFrom", "moveTo", "cmAuthor", "person"):
            said = event.attributes
            self._found.name(said.get("author") or said.get("displayName"))

    def _end(self, name: str) -> None:
        if self._left_out:
            self._left_out -= 1
            self._why = self._why if self._left_out else ""
            return
        if name == "r":
            self._in_run = self._hidden = False
        elif name in TEXT_IN:
            self._reading = max(0, self._reading - 1)
        elif name in LINES_IN:
            if self._open:
                self._reading = max(0, self._reading - 1)
            self._add(" " if self._cells else "\n")
        elif name in CELLS:
            self._cells = max(0, self._cells - 1)
            self._add("\t")
        elif name in ROWS:
            self._add("\n")
        elif name == "creator":
            self._in_name = False

    def _text(self, text: str) -> None:
        if self._left_out:
            if self._why and text.strip():
                self._found.withheld[self._why] = None
        elif self._in_name:
            self._found.name(text)
        elif self._reading and self._hidden:
            if text.strip():
                self._found.withheld[HIDDEN] = None
        elif self._reading:
            self._add(text)

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        self._size += len(text)


def _number(name: str) -> tuple[str, int]:
    digits = re.search(r"(\d{1,6})\.xml$", name)
    return (name[: digits.start()], int(digits[1])) if digits else (name, 0)
