"""Each mail ends in one state, with all that belongs to it, whatever happens on the way."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from anonymizer.text.cleaner import Cleaner
from anonymizer.text.request import Cleaned, Request
from connectors.folder import FolderMailbox
from flows.errors import TransientError
from flows.intake.mail import MailIntake
from flows.intake.parse import parse
from flows.intake.parties import OwnAddresses
from flows.intake.skipping import skip_reason
from flows.model import Message
from flows.ports import MailRef
from portal.wiring import App
from tests.flows.business import FLOWS, START, Business, mail

OFFICE = "  office: {uses: folder, path: mail}\n"
TWO_SOURCES = (
    FLOWS.replace(OFFICE, OFFICE + "  yard: {uses: folder, path: yard}\n")
    + """\
  - id: both
    name: Tell the owner
    triggers: [{mail: office}, {mail: yard}]
    retention: 2y
    steps: [{id: tell, uses: notify, with: {text: "{{ mail.subject }}"}}]
  - id: yard-only
    name: List it
    triggers: [{mail: yard}]
    retention: 1d
    steps: [{id: row, uses: row.append, with: {table: yard, columns: {a: b}}}]
"""
)


class Faulty(Cleaner):
    """A cleaner with a fault that some text brings out."""

    def clean(self, requests: Sequence[Request]) -> list[Cleaned]:
        if any("poison" in part.text for request in requests for part in request.parts):
            raise RuntimeError("Maria Lopez, 518-555-0143")
        return super().clean(requests)


@pytest.fixture(scope="session")
def faulty() -> Cleaner:
    return Faulty()


async def _flows_run(business: Business) -> Counter[tuple[str, str]]:
    return Counter(
        (posted.output.trigger, posted.output.flow) for posted in await business.outputs()
    )


async def test_a_mail_is_stored_clean_with_the_work_it_asks_for(business: Business) -> None:
    """Clean text, kept fields, a job that is open and a draft that waits: in one batch."""
    business.gets(mail(text="Call my neighbour Thomas Wexler, 518-555-0143."))

    done = await business.sweeps()
    (message,) = await business.messages()
    states = {posted.output.uses: posted.output.state for posted in await business.outputs()}

    assert done.sources["office"].stored == 1
    assert message.kept["customer.name"] == "Maria Lopez"
    assert "Wexler" not in message.text
    assert "518-555-0143" not in message.text
    assert states == {"job.open": "sent", "reply.draft": "waiting"}


async def test_the_same_mail_twice_in_a_source_is_worked_once(business: Business) -> None:
    """Beside each other in one page: one is stored, the other skipped as seen before."""
    business.gets(mail())
    business.gets(mail(), "mail/copy.eml")
    business.gets(mail(), "mail/sub/again")

    await business.sweeps()
    ledger = await business.ledger()

    assert (ledger["stored"], ledger["skipped"]) == (1, {"duplicate": 2})
    assert set((await _flows_run(business)).values()) == {2}  # a job and a draft


async def test_a_mail_in_two_sources_runs_each_flow_once(business: Business) -> None:
    """The flows of both sources run, those of both only once; the longest-keeping counts."""
    business.writes(TWO_SOURCES)
    business.gets(mail())
    business.gets(mail(), "yard/1.eml")

    for _ in range(2):
        await business.sweeps()
    (message,) = await business.messages()
    run = await _flows_run(business)

    assert run == {
        (message.id, "repair"): 2,
        (message.id, "both"): 1,
        (message.id, "yard-only"): 1,
    }
    assert message.kept["customer.name"] == "Maria Lopez"
    for source in ("office", "yard"):
        assert (await business.ledger(source))["stored"] == 1
    assert await business.asks(_expiry_of("message")) == {timedelta(days=730)}


def _expiry_of(kind: str) -> Callable[[App], Awaitable[set[timedelta]]]:
    async def ask(app: App) -> set[timedelta]:
        return {
            record.expires_at - START
            async for record in app.records.each(kind)
            if record.expires_at
        }

    return ask


async def test_a_copy_that_adds_no_flow_is_a_duplicate(business: Business) -> None:
    """In a second source where nothing more is to be done."""
    business.writes(TWO_SOURCES.partition("  - id: yard-only")[0])
    business.gets(mail())
    business.gets(mail(), "yard/1.eml")

    await business.sweeps()

    (message,) = await business.messages()
    office, yard = await business.ledger("office"), await business.ledger("yard")

    assert (office["stored"], office["skipped"]) == (1, {})
    assert (yard["stored"], yard["skipped"]) == (0, {"duplicate": 1})
    assert await _flows_run(business) == {(message.id, "repair"): 2, (message.id, "both"): 1}


async def test_two_workers_on_one_mailbox_do_each_mail_once(business: Business) -> None:
    """Side by side on the same pages, threads among them: no error, no loss, no double."""
    for number in range(24):
        root = number % 8
        raw = mail(
            f"Boiler {root}",
            f"Ask Thomas Wexler, then Gloria Brandt. Part {number}.",
            name=str(number),
            reply_to="" if number < 8 else str(root),
        )
        business.gets(raw, f"mail/{number:02}")
    business.gets(
        mail("Boiler 3", "Ask Thomas Wexler, then Gloria Brandt. Part 3.", name="3"), "mail/x"
    )

    ends = await asyncio.gather(*(business.sweeps() for _ in range(3)))
    ledger = await business.ledger()
    run = await _flows_run(business)

    assert (ledger["seen"], ledger["stored"], ledger["unaccounted"]) == (25, 24, 0)
    assert ledger["skipped"] == {"duplicate": 1}
    assert len(run) == 24
    assert set(run.values()) == {2}
    assert sum(end.sources["office"].stored for end in ends) >= 24
    assert len({message.thread for message in await business.messages()}) == 8


async def test_a_fault_in_the_cleaner_costs_one_mail_only(
    business: Business, faulty: Cleaner
) -> None:
    """It waits in quarantine, unstored; the others of its batch go on; it comes when mended."""
    for number in range(6):
        text = "A poison text of Thomas Wexler" if number == 3 else "Cold again."
        business.gets(mail(text=text, name=str(number)), f"mail/{number}")

    first = (await business.sweeps(faulty)).sources["office"]
    again = (await business.sweeps(faulty)).sources["office"]
    held = await business.ledger()
    mended = (await business.sweeps()).sources["office"]

    assert (first.stored, first.quarantined) == (5, {"failed": 1})
    assert again.new == 0
    assert held["quarantined_by_reason"] == {"failed": 1}
    assert held["unaccounted"] == 0
    assert (mended.stored, mended.new) == (1, 1)
    assert (await business.ledger())["quarantined"] == 0
    assert all("Lopez" not in posted.note for posted in await business.outputs())


async def test_a_mail_over_the_cap_is_quarantined_unread(business: Business) -> None:
    """Listed, counted, told; never read into memory, never tried again."""
    with business.gets(mail(name="big")).open("ab") as file:
        file.truncate(30_000_000)
    business.gets(mail(name="small"), "mail/2.eml")

    first = (await business.sweeps()).sources["office"]
    again = (await business.sweeps()).sources["office"]

    assert (first.stored, first.quarantined) == (1, {"too_large": 1})
    assert again.new == 0
    assert (await business.ledger())["unaccounted"] == 0


class Shaky(FolderMailbox):
    """A folder on a disk that goes away after some mails."""

    def __init__(self, path: Path, after: int) -> None:
        super().__init__(path)
        self._left = after

    async def fetch(self, ref: MailRef) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise TransientError("the disk is away")
        return await super().fetch(ref)


async def test_a_source_that_goes_away_in_a_page_loses_nothing(business: Business) -> None:
    """The page stops, and done again it does what was left, once."""
    for number in range(9):
        business.gets(mail(name=str(number)), f"mail/{number}")

    for after in itertools.count(4, 4):
        async with business.open() as app:
            intake = _intake(app, business, Shaky(business.folder / "mail", after))
            page = await intake.mailbox.page("", 50)
            try:
                await intake.page(page.refs)
            except TransientError:
                continue
            break

    assert after == 12
    assert set((await _flows_run(business)).values()) == {2}
    assert (await business.ledger())["stored"] == 9


def _intake(app: App, business: Business, mailbox: FolderMailbox) -> MailIntake:
    made = app.sweep(business.cleaner).mail["office"]
    made.mailbox = mailbox
    return made


async def test_a_page_done_again_changes_nothing(business: Business) -> None:
    """As after a crash between the last commit and the move of the cursor."""
    for number in range(5):
        business.gets(mail(name=str(number)), f"mail/{number}")

    async with business.open() as app:
        intake = app.sweep(business.cleaner).mail["office"]
        refs = (await intake.mailbox.page("", 50)).refs
        counts = [await intake.page(refs) for _ in range(2)]

    assert [count.stored for count in counts] == [5, 0]
    assert [count.new for count in counts] == [5, 0]
    assert [count.outputs for count in counts] == [10, 0]


async def test_an_expired_mail_that_is_moved_is_not_worked_again(business: Business) -> None:
    """Its records are gone when their time is over; that it was dealt with stays known."""
    place = business.gets(mail())
    await business.sweeps()
    business.clock.passes(days=31)
    assert await business.messages() == []

    place.rename(business.folder / "mail" / "done.eml")
    moved = (await business.sweeps()).sources["office"]

    assert (moved.stored, moved.skipped) == (0, {"duplicate": 1})
    assert await business.outputs() == []


async def test_mail_that_no_flow_asks_for_is_stored_clean(business: Business) -> None:
    """Business mail for flows to come: no field is kept, and it goes after half a year."""
    business.gets(mail("Tender for the library", "See you there, Thomas Wexler agreed."))

    await business.sweeps()
    (message,) = await business.messages()

    assert message.kept == {}
    assert "Wexler" not in message.text
    assert await business.outputs() == []
    assert await business.asks(_expiry_of("message")) == {timedelta(days=180)}


async def test_an_undecided_condition_is_put_before_a_person(business: Business) -> None:
    """The mail is stored; what went wrong waits in the outbox, once, with what to mend."""
    business.writes(
        FLOWS.replace(
            "mail.subject | mentions('boiler')", "1 / (mail.subject | length - 2) > 0"
        )
    )
    business.gets(mail("Hi"))

    for _ in range(2):
        await business.sweeps()
    (failed,) = await business.outputs()

    assert failed.output.state == "failed"
    assert failed.output.uses == "conditions"
    assert "fix:" in failed.note
    assert len(await business.messages()) == 1


def _message(**about: object) -> Message:
    made = parse(mail(), source="office", folder=".", own=OwnAddresses((), ()))
    return type(made)(**{name: getattr(made, name) for name in made.__slots__} | about)


@pytest.mark.parametrize(
    ("about", "asked", "unasked"),
    [
        ({}, None, None),
        ({"verdict": "personal"}, "personal", "personal"),
        ({"automatic": "auto_reply"}, "auto_reply", "auto_reply"),
        ({"automatic": "bounce", "verdict": "personal"}, "bounce", "bounce"),
        ({"automatic": "auto_generated"}, None, None),
        ({"automatic": "noreply"}, None, None),
        ({"automatic": "list"}, None, "bulk"),
        ({"automatic": "bulk"}, None, "bulk"),
        ({"kind": "newsletter"}, None, "bulk"),
        ({"kind": "spam"}, None, "spam"),
        ({"kind": "spam", "automatic": "bulk"}, None, "spam"),
        ({"kind": "spam", "verdict": "personal"}, "personal", "personal"),
    ],
    ids=str,
)
def test_why_mail_is_not_stored(
    about: dict[str, object], asked: str | None, unasked: str | None
) -> None:
    """Private and automatic mail never is; bulk and spam only if a flow asks for them."""
    message = _message(**about)

    assert skip_reason(message, wanted=True) == asked
    assert skip_reason(message, wanted=False) == unasked
