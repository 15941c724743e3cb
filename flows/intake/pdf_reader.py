"""The text of PDF files, read in a process of its own.

pdfium is C++ and is not thread-safe, and PDF is what attackers send: a file that crashes
it, hangs it or fills its memory must cost that file's text and nothing else. The reader
process is started at the first PDF, serves one file at a time, and is started anew when it
dies or is too slow. It ends when its input does, so it never outlives the program.

Run as a script this file is that process. It imports nothing of ours, and speaks in frames
of four bytes of length (big-endian) and content: PDF in, JSON `[text, problem]` out.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Final

MOST_PAGES: Final = 30
MOST_CHARACTERS: Final = 50_000
SECONDS: Final = 20.0
MEMORY: Final = 2 * 1024**3
LENGTH: Final = struct.Struct(">I")


class PdfReader:
    """Reads PDFs one at a time; may be shared by threads."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def read(self, pdf: bytes) -> tuple[str, str]:
        """Return the text of *pdf*, and what kept us from all of it, "" if nothing did."""
        with self._lock:
            try:
                process = self._started()
            except OSError:
                return "", "the PDF reader could not be started"
            timer = threading.Timer(self._seconds, process.kill)
            timer.start()
            try:
                return _ask(process, pdf)
            except (OSError, ValueError, EOFError, struct.error):
                slow = not timer.is_alive()
                self._stop()
                return "", "the PDF takes too long to read" if slow else "the PDF is broken"
            finally:
                timer.cancel()

    def close(self) -> None:
        """End the reader process, if there is one; the next `read` starts it anew."""
        with self._lock:
            self._stop()

    def _started(self) -> subprocess.Popen[bytes]:
        # A forked child must not share its parent's pipes.
        if (
            self._process is None
            or self._owner != os.getpid()
            or self._process.poll() is not None
        ):
            self._stop()
            # -I: nothing from the working directory or the environment is imported.
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own file
                [sys.executable, "-I", str(Path(__file__).resolve())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._owner = os.getpid()
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            # What was not yet written cannot be: each is closed whatever the other says.
            with contextlib.suppress(OSError, ValueError):
                if stream is not None:
                    stream.close()
        if self._owner == os.getpid():
            process.kill()
            process.wait()


READER: Final = PdfReader()
atexit.register(READER.close)


def _ask(process: subprocess.Popen[bytes], pdf: bytes) -> tuple[str, str]:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(LENGTH.pack(len(pdf)) + pdf)
    process.stdin.flush()
    answer = json.loads(_frame(process.stdout))
    return str(answer[0]), str(answer[1])


def _frame(stream: IO[bytes]) -> bytes:
    (length,) = LENGTH.unpack(stream.read(LENGTH.size))
    content = stream.read(length)
    if len(content) != length:
        raise EOFError
    return content


def pdf_text(pdf: bytes) -> tuple[str, str]:
    """Return the text of *pdf* and a problem, in this process: pdfium may take it down."""
    import pypdfium2  # noqa: PLC0415 - only the reader process needs it

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        return "", "the PDF is encrypted" if locked else "the PDF is broken"
    texts: list[str] = []
    size = 0
    with contextlib.closing(document):
        for number in range(min(len(document), MOST_PAGES)):
            try:
                with (
                    contextlib.closing(document[number]) as page,
                    contextlib.closing(page.get_textpage()) as textpage,
                ):
                    texts.append(textpage.get_text_bounded(errors="replace"))
            except pypdfium2.PdfiumError:
                return _joined(texts), "some pages of the PDF are broken"
            size += len(texts[-1])
            if size > MOST_CHARACTERS:
                return _joined(texts)[:MOST_CHARACTERS], "only the start of the PDF was read"
        rest = len(document) > MOST_PAGES
    if not size:
        return "", "the PDF holds no text, only pictures"
    return _joined(texts), "only the start of the PDF was read" if rest else ""


def _joined(texts: list[str]) -> str:
    return "\n".join(texts).replace("\r\n", "\n")


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - POSIX only

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _serve() -> None:
    _limit_memory()
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            pdf = _frame(incoming)
        except (EOFError, struct.error):
            return
        try:
            answer = pdf_text(pdf)
        except (ValueError, RuntimeError, MemoryError, AttributeError, TypeError):
            answer = ("", "the PDF is broken")
        content = json.dumps(answer).encode("ascii")
        outgoing.write(LENGTH.pack(len(content)) + content)
        outgoing.flush()


if __name__ == "__main__":
    _serve()
