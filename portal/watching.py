"""Keeps sweeping: when a mailbox hints at something new, and when the time is up.

Each sweep is a flow run of Prefect's in this warm process, and shows in its pages. One that
meets trouble is followed by a longer pause, up to ten minutes; one that goes well, by the
usual one.

The clock is here, and not a schedule of Prefect's, as measured with Prefect 3.8. What carries
out its schedules (`serve`, workers) starts a process for each run: 3 to 6 seconds of CPU, and
then the model, where a sweep of quiet mailboxes takes a fraction of a second. It knows of no
hints. Runs that were missed, while a laptop slept for instance, are all made up for, one after
another (https://github.com/PrefectHQ/prefect/issues/15886). And its scheduler is no part of a
server that lives within another program, as ours does. Whoever wants schedules all the same
gives `jigajob run` to them: any number of sweeps, by whatever clock, is safe.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from flows.errors import JigajobError, Throttled, TransientError
from flows.ports import Hints
from flows.sweep import SweepDone

LONGEST_PAUSE: Final = 600.0
"""Seconds that a watch waits at most between sweeps in trouble."""


@dataclass(slots=True)
class Watched:
    """What one sweep of a watch came to: `why` it ran, what it did, how many seconds it took.

    `stopped` is set where the sweep ended before its end.
    """

    why: str
    seconds: float
    done: SweepDone = field(default_factory=SweepDone)
    stopped: JigajobError | None = None

    @property
    def new(self) -> int:
        """Return how many mails and transactions were brought to an end."""
        return sum(counts.new for counts in self.done.sources.values())

    @property
    def started(self) -> int:
        """Return how many outputs came of the clock, of calls, and of other outputs."""
        return self.done.started

    @property
    def outputs(self) -> Counter[str]:
        """Return how many outputs ended in which state."""
        return self.done.delivered

    @property
    def troubles(self) -> dict[str, JigajobError]:
        """Return what went wrong, by source; what stopped the sweep has no source's name."""
        return {**self.done.troubles, **({"sweep": self.stopped} if self.stopped else {})}


class Watch:
    """Sweeps again and again until it is told to stop.

    Args:
        sweep: Runs one sweep.
        mailboxes: Those that tell when something is new, by source.
        every: Seconds after which a sweep runs without a hint.
        outdated: Asked before each sweep; where it is true, the watch ends.
    """

    def __init__(
        self,
        sweep: Callable[[], Awaitable[SweepDone]],
        mailboxes: Mapping[str, Hints],
        *,
        every: float,
        outdated: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self._sweep, self._mailboxes, self._every = sweep, mailboxes, every
        self._outdated = outdated
        self._stop = asyncio.Event()
        self.swept = 0

    def stop(self) -> None:
        """End after the sweep that is at work, or at once where none is."""
        self._stop.set()

    async def run(self, tell: Callable[[Watched], None], *, sweeps: int = 0) -> bool:
        """Sweep until stopped, or *sweeps* times where that is not 0; *tell* of each.

        Returns whether it ended because it is outdated. `swept` counts the sweeps.
        Raises nothing of a sweep: what went wrong is told, and tried again.
        """
        why, failed = "start", 0
        while not self._stop.is_set():
            if await self._is_outdated():
                return True
            watched = await self._once(why)
            tell(watched)
            self.swept += 1
            failed = failed + 1 if watched.troubles else 0
            if self.swept == sweeps:
                break
            why = await self._wait(pause_after(watched.troubles.values(), self._every, failed))
        return False

    async def _is_outdated(self) -> bool:
        if self._outdated is None:
            return False
        try:
            return await self._outdated()
        except JigajobError:
            return False  # the sweep meets the same trouble, and tells of it

    async def _once(self, why: str) -> Watched:
        started = time.monotonic()
        try:
            done = await self._sweep()
        except JigajobError as error:
            return Watched(why, time.monotonic() - started, stopped=error)
        return Watched(why, time.monotonic() - started, done)

    async def _wait(self, seconds: float) -> str:
        """Return what ended the pause: the name of a mailbox that hinted, `time` or `stop`."""
        waiting = {
            asyncio.create_task(self._hinted(name, mailbox, seconds))
            for name, mailbox in self._mailboxes.items()
        }
        waiting |= {asyncio.create_task(self._timed(seconds))}
        waiting |= {asyncio.create_task(self._stopped())}
        done, rest = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        return next(iter(done)).result()

    async def _hinted(self, name: str, mailbox: Hints, seconds: float) -> str:
        started = time.monotonic()
        if not await mailbox.changed(seconds):
            # A mailbox that is away may say so at once; the clock is waited for elsewhere.
            await asyncio.sleep(max(0.0, seconds - (time.monotonic() - started)))
            return "time"
        return name

    @staticmethod
    async def _timed(seconds: float) -> str:
        await asyncio.sleep(seconds)
        return "time"

    async def _stopped(self) -> str:
        await self._stop.wait()
        return "stop"


def pause_after(troubles: Iterable[JigajobError], every: float, failed: int) -> float:
    """Return for how many seconds to wait after a sweep, the *failed*-th bad one in a row."""
    found = list(troubles)
    asked = max((e.retry_after for e in found if isinstance(e, Throttled)), default=0.0)
    if not failed:
        return every
    base = min(every, 5.0) if all(isinstance(e, TransientError) for e in found) else every
    doubled = base * float(2 ** min(failed - 1, 10))
    return max(asked, min(LONGEST_PAUSE, doubled))


@contextmanager
def stopped_by_signals(watch: Watch) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C end *watch* cleanly; a second one ends the process as usual."""
    loop = asyncio.get_running_loop()

    def end() -> None:
        watch.stop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
