"""Power failures at random moments of work on a store, and what each start after them finds."""

from __future__ import annotations

import asyncio
import bisect
import random
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from connectors.sqlite import SqliteStore
from flows.errors import JigajobError
from flows.ports import Key, Record
from tests.contract.store_model import every
from tests.faults.disk import Disk, scratch
from tests.faults.recording import Event, record
from tests.faults.store_work import BUSINESS, KINDS, SCOPES, State, Step, digest, follows, steps


@dataclass(slots=True)
class Found:
    """What a campaign came to; all but `images` and `taken_back` must be 0.

    `lost` are acknowledged lasting steps that are not there, `partial` images that hold no
    state in which the store ever was, `doubled` records that a query shows otherwise than
    once, `broken` stores that SQLite finds damaged, `taken_back` acknowledged steps that
    were not lasting and are not there, as the port allows.
    """

    images: int = 0
    lost: int = 0
    partial: int = 0
    doubled: int = 0
    broken: int = 0
    taken_back: int = 0
    where: list[str] = field(default_factory=list)

    def add(self, other: Found) -> None:
        """Add what another campaign found."""
        for name in ("images", "lost", "partial", "doubled", "broken", "taken_back"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.where += other.where


@dataclass(frozen=True, slots=True)
class _Story:
    """The steps, the state before and after each, and when each began and was done."""

    steps: Sequence[Step]
    states: Sequence[State]
    began: Sequence[int]
    done: Sequence[int]

    def at(self, moment: int) -> tuple[int, int, int]:
        """How many steps had begun, were acknowledged, and up to where lastingly."""
        begun = bisect.bisect_left(self.began, moment)
        done = bisect.bisect_left(self.done, moment)
        lasting = max((n for n in range(done) if self.steps[n].lasting), default=-1) + 1
        return begun, done, lasting


def _story(events: Sequence[Event], seed: int, number: int) -> _Story:
    states: list[State] = [{}]
    done = list(steps(seed, number))
    for step in done:
        states.append(follows(states[-1], step))
    told = {"b": list[int](), "d": list[int]()}
    for moment, event in enumerate(events):
        if event.path.endswith("/outside/told") and event.what == "w":
            told[event.data.decode()[0]].append(moment)
    assert len(told["b"]) == len(told["d"]) == number
    return _Story(done, states, told["b"], told["d"])


def campaign(
    work: Path, shim: Path, seed: int, number: int, images: int, *, honest: bool = True
) -> Found:
    """Record *number* steps once; let the power fail at *images* moments of them."""
    under = work / f"store{seed}"
    events = record("tests.faults.store_work", [str(seed), str(number)], under, shim)
    story = _story(events, seed, number)
    disk, chance, found = Disk(under / "disk", honest=honest), random.Random(seed), Found()
    at, images_in = 0, scratch(work)
    for moment in sorted(chance.randrange(len(events) + 1) for _ in range(images)):
        for event in events[at:moment]:
            disk.happens(event)
        at = moment
        image = images_in / "disk"
        disk.loses_power(image, chance)
        _judge(image, story, moment, found)
        shutil.rmtree(image)
    shutil.rmtree(images_in)
    shutil.rmtree(under)
    found.where = [f"seed {seed}: {line}" for line in found.where]
    return found


def _judge(image: Path, story: _Story, moment: int, found: Found) -> None:
    begun, done, lasting = story.at(moment)
    found.images += 1
    path = image / "home" / "store.db"
    try:
        state, odd = asyncio.run(_read(path))
        with closing(sqlite3.connect(path)) as database:
            whole = database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    except (JigajobError, sqlite3.Error) as error:
        found.broken += 1
        found.where.append(f"moment {moment}: broken: {error}")
        return
    found.broken += not whole
    found.doubled += odd
    same = [n for n in range(begun + 1) if story.states[n] == state]
    if not same:
        found.partial += 1
        found.where.append(f"moment {moment}: no state of the store")
    elif max(same) < lasting:
        found.lost += lasting - max(same)
        found.where.append(
            f"moment {moment}: lost {story.steps[lasting - 1].what} {lasting - 1}"
        )
    else:
        found.taken_back += max(0, done - max(same))


async def _read(path: Path) -> tuple[State, int]:
    """Return what the store holds, and how many records its look-up shows otherwise."""
    store = SqliteStore(path)
    try:
        state: State = {}
        odd = 0
        for scope in SCOPES:
            for kind in KINDS:
                records = await every(store, Key(BUSINESS, scope), kind)
                state |= {(scope, kind, r.id): _held(r) for r in records}
                ids = [r.id for r in records]
                listed = await every(store, Key(BUSINESS, scope), kind, order="state")
                odd += len(ids) - len(set(ids)) + (sorted(r.id for r in listed) != ids)
        return state, odd
    finally:
        await store.close()


def _held(found: Record) -> tuple[int, str]:
    step = found.fields["step"]
    assert isinstance(step, int)
    return step, digest(found.sealed)
