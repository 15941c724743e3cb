"""A source that is silent or closed is told to a person, once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from flows.alarms import Alarms, usual_silence
from flows.errors import SignInNeeded, TransientError
from flows.intake.arrivals import Arrivals, Pointer
from flows.ports import Where
from portal.wiring import App
from tests.flows.business import Business

CLOSED = SignInNeeded("expired", "the sign-in has expired", fix="run `jigajob connect office`")


def days(*numbers: int) -> list[date]:
    return [date(2026, 10, 1) + timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("seen", "allowed"),
    [
        (days(0, 1, 2, 3), None),  # too few to tell
        (days(0, 1, 2, 3, 4), 3),
        (days(0, 1, 2, 5, 6), 7),  # weekends are usual
        ([], None),
    ],
)
def test_what_is_usual_is_learnt_from_the_pauses(seen, allowed):
    usual = usual_silence(seen)
    assert usual == (allowed and timedelta(days=allowed))


async def arrivals(app: App, on: list[date]) -> None:
    found = Arrivals(app.records, "office")
    for number, day in enumerate(on):
        at = app.clock.now().replace(year=day.year, month=day.month, day=day.day)
        record = await found.record(
            Pointer(native_id=str(number), folder="INBOX"), "stored", day=at
        )
        await app.records.store.put(app.records.key, record)


async def notices(business: Business) -> list[str]:
    return [
        str(posted.output.body["text"])
        for posted in await business.outputs()
        if posted.output.uses == "notify"
    ]


async def silent(business: Business, *, read: bool = True) -> int:
    async with business.open() as app:
        return await Alarms(app.records, app.clock).watch_silence({"office": read})


async def test_a_silence_longer_than_usual_is_told_once_until_mail_comes(business):
    start = business.clock.now().date()
    async with business.open() as app:
        await arrivals(app, [start - timedelta(days=n) for n in range(9, 2, -1)])

    assert await silent(business) == 0, "three days of silence are within the usual"
    business.clock.passes(days=1)
    assert await silent(business) == 1
    business.clock.passes(days=1)
    assert await silent(business) == 0, "told before"

    (text,) = await notices(business)
    assert "office has brought nothing for 4 days" in text


async def test_a_source_that_could_not_be_read_is_not_called_silent(business):
    start = business.clock.now().date()
    async with business.open() as app:
        await arrivals(app, [start - timedelta(days=n) for n in range(40, 30, -1)])
    assert await silent(business, read=False) == 0


async def test_an_account_that_is_closed_is_told_once_a_day(business):
    for _ in range(2):
        async with business.open() as app:
            await Alarms(app.records, app.clock).raise_for({"office": CLOSED})
    business.clock.passes(days=1)
    async with business.open() as app:
        await Alarms(app.records, app.clock).raise_for({"office": CLOSED})

    told = await notices(business)
    assert len(told) == 2
    assert "jigajob connect office" in told[0]
    async with business.open() as app:
        where = [Where("action", "=", "sign_in.refuse")]
        refused = [each.entry async for each in app.audit.log.entries(where=where)]
    assert [(each.subjects, each.result) for each in refused] == [(("office",), "expired")] * 2


async def test_what_heals_by_itself_is_not_told(business):
    async with business.open() as app:
        alarms = Alarms(app.records, app.clock)
        assert await alarms.raise_for({"office": TransientError("away")}) == 0
