"""A watch sweeps at once at a hint, later after trouble, and stops cleanly."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from anonymizer.text.cleaner import Cleaner
from flows.deployments import Deployments
from flows.errors import AdministratorError, OperatorError, Throttled, TransientError
from flows.language.load import load_whole
from flows.sweep import SweepDone
from portal.cli.watching import interval, line, outdated
from portal.watching import LONGEST_PAUSE, Watch, Watched, pause_after, stopped_by_signals
from tests.flows.business import FLOWS, Business, mail


class Bell:
    """A mailbox of which only the hints matter: it hints when it is rung."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def changed(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._rung.wait(), seconds)
        except TimeoutError:
            return False
        self._rung.clear()
        return True


async def swept() -> SweepDone:
    return SweepDone()


async def test_a_hint_starts_a_sweep_at_once():
    bell, told = Bell(), []
    watch = Watch(swept, {"office": bell}, every=60)
    started = time.monotonic()
    running = asyncio.create_task(watch.run(told.append, sweeps=2))
    await asyncio.sleep(0.05)
    bell.ring()
    await asyncio.wait_for(running, 5)
    assert [watched.why for watched in told] == ["start", "office"]
    assert time.monotonic() - started < 5


async def test_without_a_hint_the_time_starts_it():
    told = []
    await asyncio.wait_for(
        Watch(swept, {"office": Bell()}, every=0.05).run(told.append, sweeps=3), 5
    )
    assert [watched.why for watched in told] == ["start", "time", "time"]


async def test_a_sweep_that_fails_is_told_and_tried_again():
    told, fail = [], [TransientError("the store is away")]

    async def sweep() -> SweepDone:
        if fail:
            raise fail.pop()
        return SweepDone()

    await asyncio.wait_for(Watch(sweep, {}, every=0.05).run(told.append, sweeps=2), 5)
    assert [sorted(watched.troubles) for watched in told] == [["sweep"], []]
    assert line(told[0]).endswith("sweep: the store is away")


async def test_what_is_deployed_meanwhile_runs_from_the_next_sweep_on(
    tmp_path: Path, cleaner: Cleaner
) -> None:
    business, told = Business(tmp_path, cleaner), []
    business.writes(FLOWS)

    async with business.open() as app:

        async def sweep() -> SweepDone:
            business.writes(FLOWS.replace("We will come.", "We come tomorrow."))
            loaded = load_whole(business.settings.flows)
            await Deployments(app.records).deploy(loaded, app.audit, app.clock.now(), over=0)
            return SweepDone()

        watch = Watch(sweep, {}, every=0.05, outdated=outdated(app))
        assert await asyncio.wait_for(watch.run(told.append, sweeps=5), 20)
        assert (len(told), watch.swept) == (1, 1)
    business.writes(FLOWS)  # the file does not count any more
    business.gets(mail())
    await business.sweeps()
    texts = [str(each.output.body.get("text")) for each in await business.outputs()]
    assert [text for text in texts if "We " in text] == ["We come tomorrow."]


async def test_a_signal_ends_it_after_the_sweep_at_work():
    at_work, told = asyncio.Event(), []

    async def sweep() -> SweepDone:
        at_work.set()
        await asyncio.sleep(0.2)
        return SweepDone()

    watch = Watch(sweep, {"office": Bell()}, every=60)
    with stopped_by_signals(watch):
        running = asyncio.create_task(watch.run(told.append))
        await at_work.wait()
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(running, 5)
    assert len(told) == 1


AWAY, CLOSED = TransientError("away"), AdministratorError("closed")


@pytest.mark.parametrize(
    ("troubles", "failed", "seconds"),
    [
        ([], 0, 60),
        ([AWAY], 1, 5),
        ([AWAY], 2, 10),
        ([AWAY], 30, LONGEST_PAUSE),
        ([CLOSED], 1, 60),
        ([CLOSED, AWAY], 2, 120),
        ([Throttled("busy", retry_after=900)], 1, 900),
    ],
)
def test_the_pause_grows_with_trouble_and_obeys_who_asks_for_one(troubles, failed, seconds):
    assert pause_after(troubles, 60, failed) == seconds


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("5m", 300), ("24h", 86_400)])
def test_times_are_read(text, seconds):
    assert interval(text) == seconds


@pytest.mark.parametrize("text", ["", "0s", "5", "-1s", "25h", "1d", "99999999s"])
def test_other_times_are_refused_with_an_example(text):
    with pytest.raises(OperatorError, match="--every 60s"):
        interval(text)


def test_a_sweep_is_told_on_one_line():
    watched = Watched("office", 1.25, SweepDone())
    assert line(watched) == "sweep (office): 0 new; nothing to deliver; 1.2 s"


def test_what_the_clock_and_calls_started_is_told_apart_from_what_came_in():
    watched = Watched("site-form", 0.5, SweepDone(started=2))
    assert line(watched) == "sweep (site-form): 0 new, 2 started; nothing to deliver; 0.5 s"
