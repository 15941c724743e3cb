"""Who is who in a thread: one person is one stand-in, whoever reads its mails and when."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from tests.flows.business import FLOWS, START, Business, mail

CONVERSATION = (
    "Note 0. Ask Thomas Wexler about the key.",
    "Note 1. Gloria Brandt has no key. Thomas Wexler does.",
    "Note 2. Peter Oakfield saw Thomas Wexler and Gloria Brandt.",
    "Note 3. Did Peter Oakfield call? Or Gloria Brandt?",
    "Note 4. It was Thomas Wexler.",
    "Note 5. Thanks. Peter Oakfield and Gloria Brandt agree.",
)
PEOPLE = ("Thomas Wexler", "Gloria Brandt", "Peter Oakfield")


def _stand_ins(given: str, clean: str) -> dict[str, str]:
    """What stands for each person, from a text and its clean version."""
    pattern, names = re.escape(given), [person for person in PEOPLE if person in given]
    for name in names:
        pattern = pattern.replace(re.escape(name), f"(?P<{name.split()[0]}>.+?)", 1)
    found = re.fullmatch(pattern, clean.strip())
    assert found, clean
    return {name: found[name.split()[0]] for name in names}


@pytest.mark.parametrize("page", [1, 2, 6])
async def test_stand_ins_are_the_same_through_a_thread(business: Business, page: int) -> None:
    """Across mails, pages and runs: one person is one stand-in, another one another."""
    for number, text in enumerate(CONVERSATION):
        reply_to = "0" if number else ""
        business.gets(mail(text=text, name=str(number), reply_to=reply_to), f"mail/{number}")
    seen: dict[str, set[str]] = {person: set() for person in PEOPLE}

    for start in range(0, len(CONVERSATION), page):
        async with business.open() as app:
            intake = app.sweep(business.cleaner).mail["office"]
            refs = (await intake.mailbox.page("", 100)).refs
            await intake.page(refs[start : start + page])
    messages = await business.messages()

    assert len({message.thread for message in messages}) == 1
    for message in messages:
        text = next(text for text in CONVERSATION if text[:6] == message.text[:6])
        for person, stand_in in _stand_ins(text, message.text).items():
            seen[person].add(stand_in)
    assert all(len(stand_ins) == 1 for stand_ins in seen.values()), seen
    assert len(set.union(*seen.values())) == len(PEOPLE)


async def test_a_thread_is_remembered_as_long_as_its_longest_mail(business: Business) -> None:
    """A late mail that is kept a day does not make the thread forget who is who."""
    business.writes(FLOWS.replace("30d", "2y"))
    asks = "Ask Thomas Wexler about the boiler."
    business.gets(mail(text=asks, name="0"), "mail/0")
    await business.sweeps()
    business.writes(FLOWS.replace("30d", "1d"))
    business.gets(mail(text=asks, name="1", reply_to="0"), "mail/1")
    await business.sweeps()

    async with business.open() as app:
        [kept] = [record async for record in app.records.each("thread")]
    assert kept.expires_at == START + timedelta(days=730)


@pytest.mark.parametrize("workers", [1, 3])
async def test_who_is_who_is_kept_of_threads_that_name_somebody(
    business: Business, workers: int
) -> None:
    """By several workers at once as by one: the same stand-ins, and no record of nobody."""
    texts = (
        "No news.",
        "Ask Thomas Wexler, then Gloria Brandt.",
        "Tell Gloria Brandt, then Thomas Wexler.",
        "No news again.",
    )
    for thread in range(6):
        for number, text in enumerate(texts):
            said = text if thread < 4 else "No news."
            raw = mail(
                text=f"Part {thread}: {said}",
                name=f"{thread}-{number}",
                reply_to=f"{thread}-0" if number else "",
            )
            business.gets(raw, f"mail/{number}-{thread}")

    await asyncio.gather(*(business.sweeps() for _ in range(workers)))

    threads: dict[str, list[str]] = {}
    for message in await business.messages():
        threads.setdefault(message.thread, []).append(message.text)
    for said in threads.values():
        said.sort()
    async with business.open() as app:
        kept = {record.id async for record in app.records.each("thread")}
    assert len(threads) == 6
    assert kept == {name for name, said in threads.items() if "Ask" in "".join(said)}
    assert len(kept) == 4
    for said in threads.values():
        named = [re.findall(r"<PERSON_\d>", text) for text in said if "then" in text]
        assert named in ([], [["<PERSON_1>", "<PERSON_2>"], ["<PERSON_2>", "<PERSON_1>"]])
        assert not any("Wexler" in text for text in said)
