"""XML from strangers as a flat run of events: no tree, no entities, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NoReturn
from xml.parsers import expat

from flows.intake.reading import Unreadable

DEEPEST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Event:
    """The start or end of an element, by its local name, or a run of text."""

    kind: Literal["start", "end", "text"]
    name: str = ""
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


class _Listener:
    """Gathers the events of the piece that is being read."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._depth = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unreadable("its XML is nested too deep, not opened")
        said = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        self.events.append(Event("start", name.rpartition(" ")[2], attributes=said))

    def end(self, name: str) -> None:
        self._depth -= 1
        self.events.append(Event("end", name.rpartition(" ")[2]))

    def text(self, text: str) -> None:
        self.events.append(Event("text", text=text))

    def refuse(self, *_: object) -> NoReturn:
        raise Unreadable("it declares XML entities, not opened")


def xml_events(pieces: Iterable[bytes]) -> Iterator[Event]:
    """Yield what stands in an XML file, in order; memory is that of one piece.

    A file with a document type is refused: entities can multiply and fetch, and no office
    file has any.

    Raises:
        Unreadable: The XML is broken, too deep, or has a document type.

    Source: OPC (ECMA-376 part 2, section 8.1.4) forbids DTDs in office files; "billion
        laughs" and external entities: https://docs.python.org/3/library/xml.html#xml-security
    """
    listener = _Listener()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = listener.start
    parser.EndElementHandler = listener.end
    parser.CharacterDataHandler = listener.text
    parser.StartDoctypeDeclHandler = listener.refuse
    parser.EntityDeclHandler = listener.refuse
    parser.ExternalEntityRefHandler = listener.refuse
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            yield from listener.events
            listener.events.clear()
        parser.Parse(b"", True)
    except (expat.ExpatError, UnicodeError, ValueError, LookupError):
        raise Unreadable("its XML is broken") from None
    yield from listener.events
