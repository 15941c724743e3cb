"""Commands in processes of their own that need not import everything anew.

One process imports the program and waits. Each command is a child of it, made by fork, with the
arguments, folder, environment and streams that a new process would have; it ends as a process
ends. What it takes from the first one is no more than what imports leave behind.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 1 << 17  # bytes of arguments and environment

PRELOADED = ("portal.cli.program", "portal.wiring", "flows.engine", "anonymizer.text.cleaner")


def command(
    words: Sequence[str], cwd: Path, environment: Mapping[str, str], stdin: str | None
) -> subprocess.CompletedProcess[str]:
    """Return what `jigajob` with these *words* printed, and how it ended."""
    asked = json.dumps({"words": words, "cwd": str(cwd), "environment": dict(environment)})
    with ExitStack() as closing:
        streams = [closing.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        streams[0].write((stdin or "").encode())
        streams[0].seek(0)
        here, there = map(closing.enter_context, socket.socketpair())
        numbers = [*(each.fileno() for each in streams), there.fileno()]
        socket.send_fds(_first_process(), [asked.encode()], numbers)
        there.close()
        ended = here.recv(16)
        for stream in streams:
            stream.seek(0)
        printed, complained = (each.read().decode() for each in streams[1:])
    if not ended:
        raise RuntimeError("the process that commands are made from is gone")
    return subprocess.CompletedProcess(list(words), int(ended), printed, complained)


@cache
def _first_process() -> socket.socket:
    """Return the way to the process that imports the program, once for each worker."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    first = subprocess.Popen(
        [sys.executable, "-m", "tests.portal.warm", str(there.fileno())],
        pass_fds=[there.fileno()],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
    )
    there.close()

    def end() -> None:
        here.close()
        first.wait()

    atexit.register(end)
    return here


def _next_command(door: socket.socket) -> None:
    """Return in a child for each command that is asked for; not before the end in the first."""
    while True:
        asked, files, *_ = socket.recv_fds(door, LONGEST, 4)
        if not asked:
            os._exit(0)
        if os.fork() == 0:
            door.close()
            break
        for each in files:
            os.close(each)
        os.waitpid(-1, os.WNOHANG)
    *streams, answer = files
    child = os.fork()
    if child:  # waits for the command, so that the first process need not
        _, status = os.waitpid(child, 0)
        os.write(answer, str(os.waitstatus_to_exitcode(status)).encode())
        os._exit(0)
    os.close(answer)
    for number, each in enumerate(streams):
        os.dup2(each, number)
        os.close(each)
    _become(json.loads(asked))


def _become(asked: Mapping[str, object]) -> None:
    """Take what a new process would be started with."""
    os.chdir(str(asked["cwd"]))
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    tempfile.tempdir = None
    sys.argv = ["-c", *asked["words"]]


if __name__ == "__main__":
    from importlib import import_module

    for name in PRELOADED:
        import_module(name)
    assert len([*Path("/proc/self/task").iterdir()]) == 1, "a process with threads cannot fork"
    _next_command(socket.socket(fileno=int(sys.argv[1])))
    from portal.cli import main

    main()
