"""Everything that a program asks of the disk below a folder, in its order.

`recorder.c`, compiled here and loaded before libc, writes it down: SQLite inside Python is
seen as Python is. Where there is no C compiler, tests that need it are skipped, saying so.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
_HEAD: Final = struct.Struct("=cIIQQ")


@dataclass(frozen=True, slots=True)
class Event:
    """One call that went well.

    `what`: c made a file, w wrote, t cut or grew to `offset`, s brought a file to the disk,
    d a folder; m made a folder, u removed a name, r renamed and l linked `path` to `data`.
    """

    what: str
    path: str
    inode: int
    offset: int
    data: bytes


def recorder(folder: Path) -> Path:
    """Return the compiled recorder, made in *folder*, or skip the test, saying why."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not sys.platform.startswith("linux") or compiler is None:
        pytest.skip("recording what goes to the disk takes Linux and a C compiler (gcc)")
    made = folder / "recorder.so"
    source = Path(__file__).with_name("recorder.c")
    command = [compiler, "-O1", "-shared", "-fPIC", "-o", made, source, "-lpthread"]
    subprocess.run(command, check=True, capture_output=True)
    return made


def recording(shim: Path, log: Path, under: str) -> dict[str, str]:
    """Return the environment in which a program writes its doings below *under* into *log*."""
    return {"LD_PRELOAD": str(shim), "RECORD_LOG": str(log), "RECORD_UNDER": under}


def record(module: str, arguments: Sequence[str], under: Path, shim: Path) -> list[Event]:
    """Run `python -m module UNDER arguments`, and return what it did to the disk there.

    `UNDER/disk` is what may lose its power; what happens in `UNDER/outside` is out for good.
    """
    (under / "disk").mkdir(parents=True)
    (under / "outside").mkdir()
    log = under.with_name(under.name + ".log")
    done = subprocess.run(
        [sys.executable, "-m", module, str(under), *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            **recording(shim, log, str(under.resolve())),
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    events = events_in(log)
    log.unlink()
    return events


def events_in(file: Path) -> list[Event]:
    """Return what a recorded program did."""
    log = file.read_bytes()
    events, at = [], 0
    while at < len(log):
        what, path_length, length, inode, offset = _HEAD.unpack_from(log, at)
        at += _HEAD.size
        path = log[at : at + path_length].decode()
        at += path_length
        events.append(Event(what.decode(), path, inode, offset, log[at : at + length]))
        at += length
    return events
