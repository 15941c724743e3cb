"""A process of our own that answers requests for us: what goes wrong in it stays there.

It speaks in frames of four bytes of length (big-endian) and content. It says one empty frame
when it is ready, then answers each request, a number of frames, with one. It ends when its
input does, so it never outlives the program.
"""

from __future__ import annotations

import contextlib
import os
import select
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Final

LARGEST_ANSWER: Final = 8_000_000

_LENGTH: Final = struct.Struct(">I")
_ROOT: Final = str(Path(__file__).resolve().parents[2])
_START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from importlib import import_module; import_module(sys.argv[2]).serve()"
)


class NoAnswer(Exception):
    """The process gave no answer: it died, was too slow (*slow*) or could not be started."""

    def __init__(self, *, slow: bool = False, started: bool = True) -> None:
        super().__init__("no answer")
        self.slow, self.started = slow, started


class OwnProcess:
    """A process that runs `serve` of *module*; may be shared by threads.

    It is started when it is first needed, serves one request at a time, and is started anew
    when it died or was too slow.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False
        self._owner = 0

    def ask(
        self, frames: Sequence[bytes], *, seconds: float, most: int = LARGEST_ANSWER
    ) -> bytes:
        """Return the answer, of *most* bytes, to a request of these frames.

        Raises:
            NoAnswer: It died, took longer than *seconds*, or cannot be started.
        """
        with self._lock:
            try:
                process = self._started()
            except OSError:
                raise NoAnswer(started=False) from None
            timer = threading.Timer(seconds, process.kill)
            timer.start()
            try:
                return self._answer(process, frames, most)
            except (OSError, ValueError, EOFError, struct.error):
                slow = not timer.is_alive()
                self._stop()
                raise NoAnswer(slow=slow) from None
            finally:
                timer.cancel()

    def ready(self) -> bool:
        """Return whether an answer would come at once; where there is no process, start it."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            process = self._started()
            if not self._is_ready and process.stdout is not None:
                if not select.select([process.stdout], [], [], 0)[0]:
                    return False
                read_frame(process.stdout, most=0)
                self._is_ready = True
        except (OSError, EOFError, struct.error):
            self._stop()
            return False
        finally:
            self._lock.release()
        return True

    def close(self) -> None:
        """End the process, if there is one; the next request starts it anew."""
        with self._lock:
            self._stop()

    def _answer(
        self, process: subprocess.Popen[bytes], frames: Sequence[bytes], most: int
    ) -> bytes:
        if process.stdin is None or process.stdout is None:
            raise EOFError
        if not self._is_ready:
            read_frame(process.stdout, most=0)
            self._is_ready = True
        for frame in frames:
            process.stdin.write(_LENGTH.pack(len(frame)))
            process.stdin.write(frame)
        process.stdin.flush()
        return read_frame(process.stdout, most=most)

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
                [sys.executable, "-I", "-W", "ignore", "-c", _START, _ROOT, self._module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._owner = os.getpid()
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        self._is_ready = False
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


def answer_requests(frames: int, answer: Callable[..., bytes]) -> None:
    """Answer requests of so many *frames* until the input ends; for the process alone."""
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    # What a reader prints must not stand between the frames.
    sys.stdout = sys.stderr
    outgoing.write(_LENGTH.pack(0))
    outgoing.flush()
    while True:
        try:
            asked = [read_frame(incoming) for _ in range(frames)]
        except (EOFError, struct.error):
            return
        answered = answer(*asked)
        outgoing.write(_LENGTH.pack(len(answered)) + answered)
        outgoing.flush()


def read_frame(stream: IO[bytes], *, most: int = 2**32) -> bytes:
    """Return the content of the next frame.

    Raises:
        EOFError, struct.error: The stream ended, or the frame is longer than *most* bytes.
    """
    (length,) = _LENGTH.unpack(stream.read(_LENGTH.size))
    if length > most:
        raise EOFError
    content = stream.read(length)
    if len(content) != length:
        raise EOFError
    return content


def limit_memory(size: int) -> None:
    """Let this process take so many bytes of address space at most, and leave no core."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - POSIX only

        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
