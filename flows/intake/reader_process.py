"""Files from strangers read in a process of its own.

PDF, office files and pictures are what attackers send, and their readers are native code:
a file that crashes one, hangs it or fills its memory must cost that file's text and nothing
else. The process is started at the first file, serves one at a time, and is started anew when
it dies or is too slow. It ends when its input does, so it never outlives the program.

`serve` is that process. It speaks in frames of four bytes of length
(big-endian) and content: the kind and the file in, a `Reading` as JSON out.
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
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import IO, Final

from flows.intake.reading import Reading, Unreadable, unread

SECONDS: Final = 20.0
MEMORY: Final = 640 * 1024**2
"""Bytes of address space that the process may take."""

_ROOT: Final = str(Path(__file__).resolve().parents[2])
_START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from flows.intake.reader_process import serve; serve()"
)
LENGTH: Final = struct.Struct(">I")
LARGEST_ANSWER: Final = 8_000_000

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
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def read(self, kind: str, content: bytes) -> Reading:
        """Return what was read of *content*, a file of one of `READERS`; never fails."""
        called = READERS[kind][2]
        with self._lock:
            try:
                process = self._started()
            except OSError:
                return unread("the reader of files could not be started")
            timer = threading.Timer(self._seconds, process.kill)
            timer.start()
            try:
                return _ask(process, kind, content)
            except (OSError, ValueError, EOFError, KeyError, TypeError, struct.error):
                slow = not timer.is_alive()
                self._stop()
                return unread(
                    f"the {called} takes too long to read"
                    if slow
                    else f"the {called} is broken"
                )
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
            # -I: nothing from the working directory or the environment is imported, so the
            # process is told where this very code lies.
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own code
                [sys.executable, "-I", "-W", "ignore", "-c", _START, _ROOT],
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


def _ask(process: subprocess.Popen[bytes], kind: str, content: bytes) -> Reading:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    for frame in (kind.encode("ascii"), content):
        process.stdin.write(LENGTH.pack(len(frame)))
        process.stdin.write(frame)
    process.stdin.flush()
    return Reading.from_json(json.loads(_frame(process.stdout, most=LARGEST_ANSWER)))


def _frame(stream: IO[bytes], *, most: int = 2**32) -> bytes:
    (length,) = LENGTH.unpack(stream.read(LENGTH.size))
    if length > most:
        raise EOFError
    content = stream.read(length)
    if len(content) != length:
        raise EOFError
    return content


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - POSIX only

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve() -> None:
    """Answer one request after another until the input ends; for the reader process alone."""
    _limit_memory()
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    # What a reader prints must not stand between the frames.
    sys.stdout = sys.stderr
    while True:
        try:
            kind, content = _frame(incoming).decode("ascii"), _frame(incoming)
        except (EOFError, struct.error):
            return
        answer = json.dumps(read_here(kind, content).as_json()).encode("ascii")
        outgoing.write(LENGTH.pack(len(answer)) + answer)
        outgoing.flush()
