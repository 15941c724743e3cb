"""Files from strangers read in a process of its own.

PDF, office files and pictures are what attackers send, and their readers are native code:
a file that crashes one, hangs it or fills its memory must cost that file's text and nothing
else. `serve` is that process: the kind and the file in, a `Reading` as JSON out.
"""

from __future__ import annotations

import atexit
import json
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final

from flows.intake.own_process import NoAnswer, OwnProcess, answer_requests, limit_memory
from flows.intake.reading import Reading, Unreadable, unread

SECONDS: Final = 20.0
MEMORY: Final = 640 * 1024**2
"""Bytes of address space that the process may take."""

READERS: Final[Mapping[str, tuple[str, str, str]]] = {
    "pdf": ("flows.intake.pdf_reader", "read_pdf", "PDF"),
    "package": ("flows.intake.package_reader", "read_package", "file"),
    "compound": ("flows.intake.package_reader", "read_compound", "file"),
    "rtf": ("flows.intake.rtf_reader", "read_rtf", "file"),
    "invoice": ("flows.intake.invoices.xml", "read_invoice", "XML"),
    "image": ("flows.intake.image_reader", "read_image", "picture"),
}
"""By kind of file: where its reader lies, and what people call such a file."""


class FileReader:
    """Reads files one at a time in its process; may be shared by threads."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process = OwnProcess("flows.intake.reader_process")

    def read(self, kind: str, content: bytes) -> Reading:
        """Return what was read of *content*, a file of one of `READERS`; never fails."""
        called = READERS[kind][2]
        try:
            answer = self._process.ask((kind.encode("ascii"), content), seconds=self._seconds)
            return Reading.from_json(json.loads(answer))
        except NoAnswer as why:
            if not why.started:
                return unread("the reader of files could not be started")
            if why.slow:
                return unread(f"the {called} takes too long to read")
        except (ValueError, KeyError, TypeError):
            self.close()  # what answers so is not to be asked again
        return unread(f"the {called} is broken")

    def close(self) -> None:
        """End the reader process, if there is one; the next `read` starts it anew."""
        self._process.close()


READER: Final = FileReader()
atexit.register(READER.close)


def read_here(kind: str, content: bytes) -> Reading:
    """Return what was read of *content*, in this process: a hostile file may take it down."""
    module, function, called = READERS[kind]
    reader: Callable[[bytes], Reading] = getattr(import_module(module), function)
    try:
        return reader(content)
    except Unreadable as why:
        return unread(why.problem)
    except Exception:  # noqa: BLE001 - whatever a reader trips over costs the text of this file
        return unread(f"the {called} is broken")


def serve() -> None:
    """Answer one request after another until the input ends; for the reader process alone."""
    limit_memory(MEMORY)
    answer_requests(2, _answer)


def _answer(kind: bytes, content: bytes) -> bytes:
    return json.dumps(read_here(kind.decode("ascii"), content).as_json()).encode("ascii")
