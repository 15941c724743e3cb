"""A business sweeps, and what it agreed to be counted reaches the pool: that, and no more."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count as count_from
from pathlib import Path
from typing import Any

import pytest

from anonymizer.text.cleaner import Cleaner
from connectors.sqlite import SqliteStore
from flows.errors import AdministratorError, JigajobError, TransientError
from flows.records import Records
from flows.reports.contributing import TALLY, Contributing
from flows.reports.default_method import GRID
from flows.reports.eligibility import Eligible, eligible
from flows.reports.periods import Period
from flows.reports.pool import CONSENT, CONTRIBUTION, Contribution
from flows.reports.tally import Tally
from flows.rights.agreeing import Agreement
from flows.rights.ledger import RIGHTS, Consents
from flows.sweep import FIGURES
from portal.settings import Settings
from portal.wiring import App, open_pool
from portal.wiring.pool import pool_of
from tests.flows.business import FLOWS, Business, TestClock, mail

PERIOD = Period("2026-Q4")
BEGUN = datetime(2026, 10, 1, 8, tzinfo=UTC)
SENDS = FLOWS.replace("uses: reply.draft", "uses: reply.send")


@dataclass
class Agreeing(Business):
    """A business that may say yes and no, and shares the pool of that name."""

    pool: str = "pool"

    @property
    def settings(self) -> Settings:
        return replace(super().settings, pool=str(self.folder.parent / self.pool))

    def asks_for_work(self, number: int, day: datetime, **more: Any) -> None:
        """Let a customer's mail of that day lie in the folder; the boiler is mentioned."""
        raw = mail("Please repair the boiler", name=str(number), **more)
        dated = f"Date: {day:%a, %d %b %Y %H:%M:%S} +0000".encode()
        raw = raw.replace(b"Date: Mon, 05 Oct 2026 09:30:00 -0400", dated)
        self.gets(raw, f"mail/{number}.eml")

    def answers(self, number: int, of: int, day: datetime) -> None:
        """Let the business's own answer lie there, too."""
        office = "Office <office@hudson.example>"
        self.asks_for_work(number, day, sender=office, text="We will come.", reply_to=str(of))

    async def says(self, state: str) -> None:
        async with self.open() as app:
            agreement = agreement_of(app)
            kept = await (agreement.grant if state == "yes" else agreement.withdraw)(
                "aggregates"
            )
            await agreement.tell(kept)


def agreement_of(app: App) -> Agreement:
    return Agreement(
        consents=Consents(app.records, app.clock),
        business=app.file.business.id,
        audit=app.audit,
        channel="cli",
        who="Ann",
        open_pool=lambda: pool_of(app.settings, app.clock),
    )


@pytest.fixture
def shop(tmp_path: Path, cleaner: Cleaner) -> Agreeing:
    made = Agreeing(tmp_path / "shop", cleaner, TestClock(BEGUN))
    (tmp_path / "shop" / "mail").mkdir(parents=True)
    made.writes(FLOWS)
    return made


async def in_pool(shop: Agreeing, kind: str = CONTRIBUTION) -> list[Contribution]:
    async with open_pool(shop.settings, shop.clock) as pool:
        if kind == CONSENT:
            return [each async for each in pool.records.each(kind)]  # type: ignore[misc]
        return [each async for _, each in pool.records.opened(kind, Contribution)]


async def tallies(shop: Agreeing) -> list[Tally]:
    async with shop.open() as app:
        rights = app.records.in_scope(RIGHTS)
        return [each async for _, each in rights.opened(TALLY, Tally)]


async def who_counts(shop: Agreeing) -> Eligible:
    at = PERIOD.cut_off + timedelta(hours=1)
    async with open_pool(shop.settings, shop.clock) as pool:
        return await eligible(pool.records, PERIOD, GRID, at)


async def a_quarter(shop: Agreeing, *, sweeps: int = 4) -> None:
    """Let four customers ask in November, three of whom are answered, and sweep meanwhile."""
    first = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    for number, minutes in enumerate((10, 40, 90, 0), 1):
        asked = first + timedelta(days=number)
        shop.asks_for_work(number, asked)
        if minutes:
            shop.answers(100 + number, number, asked + timedelta(minutes=minutes, seconds=59))
    for number in range(sweeps):
        shop.clock.time = datetime(2026, 11, 8, tzinfo=UTC) + timedelta(
            days=60 / sweeps * number
        )
        await shop.sweeps()
    shop.clock.time = PERIOD.settled + timedelta(hours=3)


COUNTED = {
    "requests_per_business": 4,
    "answer_time": 40,
}


async def test_what_was_agreed_to_reaches_the_pool_after_the_quarter(shop: Agreeing) -> None:
    await shop.says("yes")
    await a_quarter(shop)
    assert await in_pool(shop) == []

    await shop.sweeps()

    (given,) = await in_pool(shop)
    # The messages have expired since: their flow keeps them for 30 days.
    assert await shop.messages() == []
    assert {name: given.values[name] for name in COUNTED} == COUNTED
    assert (given.industry, given.region) == ("plumbing_hvac", "northeast")
    assert given.values["automation"] == 7, "a job for each mail, the answers too"
    (row,) = (await who_counts(shop)).rows
    assert row.values == given.values


async def test_later_sweeps_and_many_small_ones_change_nothing(shop: Agreeing) -> None:
    await shop.says("yes")
    await a_quarter(shop, sweeps=50)
    await shop.sweeps()
    (once,) = await in_pool(shop)
    assert {name: once.values[name] for name in COUNTED} == COUNTED

    for _ in range(3):
        shop.clock.passes(days=1)
        await shop.sweeps()
    assert await in_pool(shop) == [once]
    assert all(each.given for each in await tallies(shop) if each.period == PERIOD.label)


async def test_without_a_yes_nothing_is_counted_written_or_made(shop: Agreeing) -> None:
    await a_quarter(shop)
    done = await shop.sweeps()

    assert done.troubles == {}
    assert await tallies(shop) == []
    assert not Path(shop.settings.pool).exists()


async def test_what_was_before_the_yes_is_never_counted(shop: Agreeing) -> None:
    shop.clock.time = datetime(2026, 11, 5, 8, 30, tzinfo=UTC)  # the third asks at 9:00
    await shop.says("yes")
    await a_quarter(shop)
    await shop.sweeps()

    (given,) = await in_pool(shop)
    assert given.values["requests_per_business"] == 2
    assert "answer_time" not in given.values, "of one answer there is no median"


async def test_a_no_deletes_what_was_counted_here_and_in_the_pool(shop: Agreeing) -> None:
    await shop.says("yes")
    await a_quarter(shop)
    assert [each.requests for each in await tallies(shop)] == [4]
    await shop.says("no")
    assert await tallies(shop) == []

    await shop.says("yes")
    await shop.sweeps()
    assert [each.values["requests_per_business"] for each in await in_pool(shop)] == []

    shop.clock.time = BEGUN
    again = replace(shop, folder=shop.folder.parent / "other")
    (again.folder / "mail").mkdir(parents=True)
    again.writes(FLOWS.replace("id: hudson", "id: other"))
    await again.says("yes")
    await a_quarter(again)
    await again.sweeps()
    assert len(await in_pool(again)) == 1
    await again.says("no")
    assert await in_pool(again) == []
    assert (await who_counts(again)).rows == ()


async def test_a_no_that_the_pool_did_not_hear_is_told_by_each_later_sweep(
    shop: Agreeing, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.says("yes")
    await a_quarter(shop)
    await shop.sweeps()
    pool = Path(shop.settings.pool)
    away = pool.rename(pool.with_name("away"))
    pool.write_text("no folder")  # a disk that is not mounted

    with pytest.raises(AdministratorError):
        await shop.says("no")
    assert await tallies(shop) == []
    shop.clock.passes(hours=1)
    done = await shop.sweeps()
    assert set(done.troubles) == {FIGURES}, "told, and the rest of the sweep went on"
    assert done.sources

    pool.unlink()
    away.rename(pool)
    done = await shop.sweeps()
    assert done.troubles == {}
    assert await in_pool(shop) == []
    assert (await who_counts(shop)).why_not == {}


async def test_counts_go_to_no_second_pool_while_the_first_has_a_yes(shop: Agreeing) -> None:
    await shop.says("yes")
    await a_quarter(shop)
    shop.pool = "another"

    done = await shop.sweeps()

    assert "--pool-lost" in done.troubles[FIGURES].fix
    assert await in_pool(shop) == []


async def test_late_sweeps_give_until_the_cut_off_only(shop: Agreeing) -> None:
    await shop.says("yes")
    await a_quarter(shop)
    shop.clock.time = PERIOD.cut_off + timedelta(minutes=1)
    await shop.sweeps()
    assert await in_pool(shop) == []

    # It was the clock alone: a minute earlier it would have.
    other = replace(shop, folder=shop.folder.parent / "other", clock=TestClock(BEGUN))
    (other.folder / "mail").mkdir(parents=True)
    other.writes(FLOWS)
    await other.says("yes")
    await a_quarter(other)
    other.clock.time = PERIOD.cut_off - timedelta(minutes=1)
    await other.sweeps()
    assert len(await in_pool(other)) == 1


async def test_minors_automatic_and_own_mail_and_second_requests_do_not_count(
    shop: Agreeing,
) -> None:
    await shop.says("yes")
    day = datetime(2026, 11, 3, 9, tzinfo=UTC)
    shop.asks_for_work(1, day)
    shop.asks_for_work(2, day + timedelta(hours=1), reply_to="1")
    child = "My daughter Emily, 9, goes to Lincoln Elementary School and has no heat."
    shop.asks_for_work(3, day, text=child)
    shop.asks_for_work(4, day, sender="Office <office@hudson.example>")
    shop.asks_for_work(5, day, sender="noreply <noreply@shop.example>")
    shop.clock.time = datetime(2026, 11, 20, tzinfo=UTC)
    await shop.sweeps()

    (tally,) = await tallies(shop)

    assert tally.requests == 1
    assert tally.answers == {}


async def test_owner_and_test_come_from_the_flows_file(shop: Agreeing) -> None:
    flows = FLOWS.replace("id: hudson\n", "id: hudson\n  owner: lee-group\n  test: true\n")
    shop.writes(flows)
    other = replace(shop, folder=shop.folder.parent / "other", clock=TestClock(BEGUN))
    (other.folder / "mail").mkdir(parents=True)
    other.writes(flows.replace("id: hudson\n", "id: other\n").replace("  test: true\n", ""))
    for each in (shop, other):
        await each.says("yes")
        each.clock.time = PERIOD.settled + timedelta(hours=3)
        await each.sweeps()

    given = await in_pool(shop)

    assert len({each.tenant for each in given}) == 2
    assert len({each.owner for each in given}) == 1
    assert sorted(each.test for each in given) == [False, True]
    assert (await who_counts(shop)).why_not == {"test": 1}


class Killed(BaseException):
    """The process is gone: nothing catches it."""


@contextmanager
def killed_at(write: int, *, after: bool) -> Iterator[None]:
    """Let the process die just before, or *after*, its *write*-th write to any store."""
    real = {name: getattr(SqliteStore, name) for name in ("batch", "put", "create", "delete")}
    writes = [0]

    def dying(name: str) -> Any:
        async def call(self: SqliteStore, *args: Any, **more: Any) -> Any:
            writes[0] += 1
            if writes[0] != write:
                return await real[name](self, *args, **more)
            if after:
                await real[name](self, *args, **more)
            raise Killed

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in real:
            patch.setattr(SqliteStore, name, dying(name))
        yield


async def dies_everywhere(
    shop: Agreeing, act: Callable[[], Awaitable[None]], check: Callable[[], Awaitable[None]]
) -> int:
    """Die at each write of *act* in turn, do it again, and check; return how many deaths."""
    home, before = shop.folder.parent, shop.folder.parent.with_name("before")
    shutil.copytree(home, before)
    deaths = 0
    for write, after in ((n // 2 + 1, bool(n % 2)) for n in count_from(0)):
        shutil.rmtree(home)
        shutil.copytree(before, home)
        died = False
        with killed_at(write, after=after):
            try:
                await act()
            except Killed:
                died = True
        if died:
            deaths += 1
            await act()
        await check()
        if not died:
            break
    shutil.rmtree(before)
    return deaths


async def contributes(shop: Agreeing) -> None:
    """Do what a sweep does for figures, and nothing else of it."""
    async with shop.open() as app:
        await contributing_of(app).run()


def contributing_of(app: App) -> Contributing:
    return Contributing(
        records=app.records,
        register=app.register,
        business=app.file.business,
        clock=app.clock,
        audit=app.audit,
        open_pool=lambda: pool_of(app.settings, app.clock),
    )


async def test_killed_at_any_write_the_counts_are_the_same(shop: Agreeing) -> None:
    """Each write of counting, giving and taking back in turn is the last one of a process."""

    async def counts() -> None:
        await contributes(shop)

    async def is_counted() -> None:
        (tally,) = await tallies(shop)
        assert (tally.requests, tally.answers) == (4, {10: 1, 40: 1, 90: 1})

    async def is_given() -> None:
        (given,) = await in_pool(shop)
        assert {name: given.values[name] for name in COUNTED} == COUNTED

    async def says_no() -> None:
        async with shop.open() as app:
            agreement = agreement_of(app)
            kept = await agreement.read("aggregates")
            if kept.rows[-1].state == "granted":
                kept = await agreement.withdraw("aggregates")
            await agreement.tell(kept)

    async def is_gone() -> None:
        assert await in_pool(shop) == []
        assert await tallies(shop) == []

    await shop.says("yes")
    await a_quarter(shop, sweeps=1)
    shop.clock.time = datetime(2026, 11, 20, tzinfo=UTC)
    assert await dies_everywhere(shop, counts, is_counted) >= 2
    shop.clock.time = PERIOD.settled + timedelta(hours=1)
    assert await dies_everywhere(shop, counts, is_given) >= 8
    assert await dies_everywhere(shop, says_no, is_gone) >= 8


async def test_who_says_no_while_a_sweep_gives_is_not_in_the_pool(shop: Agreeing) -> None:
    """The sweep has read that consent stands, and opens the pool; then comes the no."""
    await shop.says("yes")
    await a_quarter(shop)
    async with shop.open() as app:
        contributing = contributing_of(app)
        real = contributing._open_pool

        def no_in_between() -> Any:
            return _After(shop, real)

        contributing._open_pool = no_in_between
        await contributing.run()  # ends in peace: the next sweep knows better

    assert await in_pool(shop) == []
    assert await tallies(shop) == []


class _After:
    """Opens a pool after the business has said no, as another process of it would."""

    def __init__(self, shop: Agreeing, real: Any) -> None:
        self._shop, self._pool = shop, real()

    async def __aenter__(self) -> Any:
        await self._shop.says("no")
        return await self._pool.__aenter__()

    async def __aexit__(self, *error: object) -> Any:
        return await self._pool.__aexit__(*error)


async def test_an_older_copy_of_the_store_does_not_undo_a_no(
    shop: Agreeing, tmp_path: Path
) -> None:
    await shop.says("yes")
    async with shop.open() as app:
        consents = Consents(app.records, app.clock)
        old = await consents.read("aggregates")
        await shop.says("no")
        key = app.records.in_scope(RIGHTS).key
        assert old.record is not None
        await app.records.store.put(key, replace(old.record, etag=""))
    await a_quarter(shop)

    done = await shop.sweeps()

    assert "consent withdraw" in done.troubles[FIGURES].fix
    assert await in_pool(shop) == []


async def test_no_word_of_a_mail_and_no_name_is_in_the_pool(shop: Agreeing) -> None:
    """Looked for in its files, and in all that its key opens."""
    await shop.says("yes")
    await a_quarter(shop)
    await shop.sweeps()
    words = ("boiler", "Lopez", "maria", "hudson", "Hudson", "Monday", "Ann", "238220", "US-NY")

    opened = b""
    async with open_pool(shop.settings, shop.clock) as pool:
        for scope in ("pool", "audit"):
            records: Records = pool.records.in_scope(scope)
            for kind in (CONTRIBUTION, CONSENT, "entry", "payload"):
                async for record in records.each(kind):
                    opened += repr((record.id, dict(record.fields))).encode()
                    if record.sealed and kind != "payload":
                        opened += await records.open_bytes(record)
    assert b"plumbing_hvac" in opened
    for path in Path(shop.settings.pool).rglob("*"):
        if path.is_file():
            opened += path.read_bytes()
    assert [word for word in words if word.encode() in opened] == []


@pytest.mark.parametrize("wrong", [TransientError("busy"), AdministratorError("gone")])
async def test_a_pool_that_fails_is_a_trouble_and_the_sweep_is_done(
    shop: Agreeing, wrong: JigajobError, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise wrong

    await shop.says("yes")
    await a_quarter(shop)
    with monkeypatch.context() as patch:
        patch.setattr("flows.reports.pool.Pool.give", fails)
        done = await shop.sweeps()
    assert done.troubles == {FIGURES: wrong}

    assert (await shop.sweeps()).troubles == {}
    assert len(await in_pool(shop)) == 1
