"""A process with all its descendants: what they have used, and their sudden end.

Source: proc(5): /proc/PID/stat and /proc/PID/status.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Self

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_ENDS_WITHIN: Final = 20.0


class Tree:
    """A running command; a context manager that kills it and its descendants.

    What it says goes to `log`, after what is there.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path):
        with log.open("ab") as output:
            self._root = subprocess.Popen(
                command,
                env={**os.environ, **environment},
                cwd=log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def alive(self) -> bool:
        """Whether the command itself still runs."""
        return self._root.poll() is None

    def cpu(self) -> float:
        """Seconds of user and system time, of children that have ended too."""
        stats = [_stat(pid) for pid in self._pids()]
        return sum(sum(map(int, stat[11:15])) for stat in stats if stat) / _TICKS

    def peak(self) -> float:
        """The most memory that each process has held, in MB, added up."""
        return sum(map(_peak, self._pids())) / 1024

    def kill(self) -> None:
        """SIGKILL to all of them at once, as when power fails."""
        found = self._pids()
        for number in (signal.SIGSTOP, signal.SIGKILL):  # none may see another one end
            for pid in found:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
        self._root.wait()

    def end(self) -> None:
        """End it as a service manager would: asked first, killed where it does not."""
        found = self._pids()
        self._root.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._root.wait(_ENDS_WITHIN)
        late = time.monotonic() + _ENDS_WITHIN
        while any(map(_stat, found[1:])) and time.monotonic() < late:
            time.sleep(0.05)
        self.kill()

    def _pids(self) -> list[int]:
        """The command's id, then those of its descendants."""
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (stat := _stat(int(entry.name))):
                parents[int(entry.name)] = int(stat[1])
        found = [self._root.pid] if self._root.pid in parents else []
        for pid in found:  # grows while it is walked
            found += [child for child, parent in parents.items() if parent == pid]
        return found


def _stat(pid: int) -> list[str]:
    """The fields of a process from its state on, or nothing where it has ended."""
    try:
        # Its name stands in brackets, and may hold blanks and brackets.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _peak(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0
