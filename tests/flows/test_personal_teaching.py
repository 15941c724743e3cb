"""The owner teaches which mail is business: from the folder to the store and back."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from flows.errors import OperatorError
from flows.intake.parties import OwnAddresses
from flows.intake.personal_lessons import Said
from flows.intake.personal_teaching import Passed, Taught, Teacher
from portal.wiring import App
from tests.flows.business import Business, mail

FRIENDLY = (
    "Happy birthday, you old fool! Dinner at our place on Saturday, Mom brings her lasagna."
    " The kids can't wait to see you. Love you, Jo"
)
AGAIN = "Mom and the kids say hi. Come for dinner on Sunday, we miss you! Love, Jo"
REQUEST = "The boiler leaks again, can you repair it? Please send the invoice to my wife."
JO = "Jo Larkin <jo@larkin.example>"


def _teacher(app: App) -> Teacher:
    spec = app.file.business
    own = OwnAddresses(spec.domains, spec.addresses)
    return Teacher(app.records, app.mailboxes, own=own, clock=app.clock)


async def _passed(business: Business) -> list[Passed]:
    async def ask(app: App) -> list[Passed]:
        return [each async for each in _teacher(app).passed()]

    found: list[Passed] = await business.asks(ask)
    return found


def _teach(start: str, said: Said) -> Callable[[App], Awaitable[Taught]]:
    return lambda app: _teacher(app).teach(start, said)


async def _skipped(business: Business) -> Any:
    return (await business.ledger())["skipped"]


@pytest.fixture
async def passed_over(business: Business) -> Passed:
    """A mail of a friend, counted and not stored."""
    business.gets(mail("Saturday", FRIENDLY, sender=JO, name="jo-1"))
    await business.sweeps()
    (found,) = await _passed(business)
    return found


async def test_personal_mail_is_counted_and_not_stored(
    business: Business, passed_over: Passed
) -> None:
    """Where it lies can be shown to its owner, and nothing else is known of it."""
    assert await _skipped(business) == {"personal": 1}
    assert await business.messages() == []
    assert "1.eml" in passed_over.pointer.native_id


async def test_mail_taught_to_be_business_is_stored_by_the_next_sweep(
    business: Business, passed_over: Passed
) -> None:
    """Until then it is unaccounted; afterwards nothing is missing and nothing done twice."""
    taught = await business.asks(_teach(passed_over.id[:10], "business"))
    between = await business.ledger()
    for _ in range(2):
        await business.sweeps()
    (message,) = await business.messages()

    assert "reads it again" in taught.then
    assert (between["unaccounted"], between["skipped"]) == (1, {})
    assert message.subject == "Saturday"
    ledger = await business.ledger()
    assert (ledger["stored"], ledger["skipped"], ledger["unaccounted"]) == (1, {}, 0)
    assert await _passed(business) == []


async def test_a_correspondent_taught_to_be_business_is_business_from_then_on(
    business: Business, passed_over: Passed
) -> None:
    """Other people's mail of the same words stays what it was."""
    await business.asks(_teach(passed_over.id, "business"))
    business.gets(mail("Sunday", AGAIN, sender=JO, name="jo-2"), "mail/2.eml")
    other = mail("Sunday", FRIENDLY, sender="Al <al@other.example>", name="al-1")
    business.gets(other, "mail/3.eml")
    await business.sweeps()

    assert {each.subject for each in await business.messages()} == {"Saturday", "Sunday"}
    assert await _skipped(business) == {"personal": 1}


async def test_a_private_correspondents_request_is_business_all_the_same(
    business: Business, passed_over: Passed
) -> None:
    """What a lesson moves is bounded: a friend whose boiler leaks is a customer."""
    await business.asks(_teach(passed_over.id, "private"))
    business.gets(mail("The boiler", REQUEST, sender=JO, name="jo-3"), "mail/2.eml")
    await business.sweeps()

    (message,) = await business.messages()
    assert message.subject == "The boiler"


async def test_mail_taught_to_be_private_leaves_the_store(business: Business) -> None:
    """With the outputs that wait; what was delivered stays done. The ledger counts it."""
    business.gets(mail("The boiler of my mom", "It is cold, says Mom. Love, Jo", sender=JO))
    await business.sweeps()
    (message,) = await business.messages()
    taught = await business.asks(_teach(message.id[:12], "private"))
    await business.sweeps()

    assert "removed" in taught.then
    assert await business.messages() == []
    assert await _skipped(business) == {"personal": 1}
    assert {each.output.state for each in await business.outputs()} == {"sent"}


async def test_the_latest_lesson_about_a_mail_counts(
    business: Business, passed_over: Passed
) -> None:
    """Business, private, business again: each time it is where it belongs."""
    await business.asks(_teach(passed_over.id, "business"))
    await business.sweeps()
    (message,) = await business.messages()
    await business.asks(_teach(message.id, "private"))
    await business.sweeps()
    assert await business.messages() == []
    await business.asks(_teach(passed_over.id, "business"))
    await business.sweeps()
    assert len(await business.messages()) == 1


async def test_a_lesson_taken_back_changes_nothing_any_more(
    business: Business, passed_over: Passed
) -> None:
    """Mail that comes afterwards is judged as if it had never been taught."""
    taught = await business.asks(_teach(passed_over.id, "business"))
    await business.sweeps()
    await business.asks(lambda app: _teacher(app).forget(taught.id[:8]))
    business.gets(mail("Sunday", FRIENDLY, sender=JO, name="jo-2"), "mail/2.eml")
    await business.sweeps()

    assert await _skipped(business) == {"personal": 1}
    assert await business.asks(_lessons) == []


async def _lessons(app: App) -> list[Any]:
    return [lesson async for lesson in _teacher(app).lessons()]


async def test_a_lesson_holds_no_word_and_no_address(
    business: Business, passed_over: Passed
) -> None:
    """Only hashes, names of signs, and what was said: also for who can open the seal."""

    async def sealed(app: App) -> list[Any]:
        records = [record async for record in app.records.each("lesson")]
        opened = [await app.records.open(record, dict[str, Any]) for record in records]
        return [*opened, *(dict(record.fields) for record in records)]

    await business.asks(_teach(passed_over.id, "private"))
    held = json.dumps(await business.asks(sealed)).lower()
    assert "personal: birthday" in held
    for word in ("larkin", "lasagna", "jo@", "saturday", "1.eml", "fool"):
        assert word not in held


async def test_a_friendly_answer_in_a_stored_thread_is_business(business: Business) -> None:
    """Whoever has business with us may be warm about it."""
    business.gets(mail(sender=JO, name="jo-1"))
    await business.sweeps()
    answer = mail("Re: The boiler", FRIENDLY, sender=JO, name="jo-2", reply_to="jo-1")
    business.gets(answer, "mail/2.eml")
    await business.sweeps()
    assert len(await business.messages()) == 2


async def test_what_cannot_be_taught_says_why(business: Business, passed_over: Passed) -> None:
    """An unknown id, a mail that is gone, one that was skipped for another reason."""
    with pytest.raises(OperatorError, match="no mail has an id"):
        await business.asks(_teach("zzzz", "business"))
    with pytest.raises(OperatorError, match="no mail has an id"):
        await business.asks(_teach("", "business"))
    with pytest.raises(OperatorError, match="no lesson has an id"):
        await business.asks(lambda app: _teacher(app).forget("zzzz"))
    (business.folder / "mail" / "1.eml").unlink()
    with pytest.raises(OperatorError, match="cannot be read any more"):
        await business.asks(_teach(passed_over.id, "business"))


async def test_the_latest_of_several_lessons_about_a_correspondent_counts(
    business: Business, passed_over: Passed
) -> None:
    """Not their number: what is taught stays within its bounds and can be foretold."""
    await business.asks(_teach(passed_over.id, "business"))
    business.clock.passes(hours=1)
    business.gets(mail("Sunday", AGAIN, sender=JO, name="jo-2"), "mail/2.eml")
    await business.sweeps()
    stored = {each.subject: each.id for each in await business.messages()}
    await business.asks(_teach(stored["Sunday"], "private"))
    business.clock.passes(hours=1)
    third = mail("Monday", FRIENDLY, sender=JO, name="jo-3")
    business.gets(third, "mail/3.eml")
    await business.sweeps()

    assert {each.subject for each in await business.messages()} == {"Saturday"}
    assert await _skipped(business) == {"personal": 2}
