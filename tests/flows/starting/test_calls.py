"""A call is stored clean, for each flow that it starts, once; what fits nothing is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from anonymizer.text.request import Request
from flows.errors import TransientError
from flows.starting.calls import Conflict, InputsWrong, Taken
from flows.starts import START, Call
from portal.wiring import App
from tests.flows.business import FLOWS, Business

HEAD = FLOWS.partition("flows:\n")[0]
BOOKING = (
    HEAD.replace(
        "path: mail}\n", "path: mail}\n  site: {uses: webhook, secret: env:SITE_SECRET}\n"
    )
    + """\
flows:
  - id: booking
    name: Take a booking
    triggers: [{webhook: site}, {manual: true}]
    inputs:
      who: {type: name, required: true}
      phone: {type: phone}
      mail: {type: email}
      wanted: {type: date}
      hours: {type: number, default: 1.5}
      urgent: {type: flag}
      part: {type: choice, one_of: [boiler, drain], default: boiler}
      notes: {type: text}
    conditions: ["not (inputs.notes | mentions('viagra'))"]
    keep: [customer.name]
    retention: 30d
    steps:
      - id: job
        uses: job.open
        with:
          title: "{{ inputs.part }}{% if inputs.urgent %}, urgent{% endif %}"
          customer: "{{ customer.name }}"
          phone: "{{ inputs.phone }}"
          email: "{{ inputs.mail }}"
          wanted: "{{ inputs.wanted }}"
          notes: "{{ inputs.hours }} h. {{ inputs.notes }}"
"""
)
GIVEN: dict[str, object] = {
    "who": "Ada Byrne",
    "phone": "518-555-0143",
    "mail": "ada@byrne.example",
    "wanted": "2026-11-14",
    "hours": Decimal("2.5"),
    "urgent": True,
    "part": "drain",
    "notes": "Ada Byrne again. My neighbour Tom Oakfield, tom@oakfield.example, has it too.",
    "utm_source": "ada@byrne.example",
}


@pytest.fixture
def office(business: Business) -> Business:
    business.writes(BOOKING)
    return business


async def take(
    office: Business, given: dict[str, object] | None = None, key: str = "k1", by: str = "site"
) -> Taken:
    async def ask(app: App) -> Taken:
        calls = app.calls(office.cleaner)
        flows = calls.of_webhook(by) if by else calls.by_hand()
        return await calls.take(flows, GIVEN if given is None else given, by=by, key=key)

    return await office.asks(ask)


async def starts(office: Business) -> list[Any]:
    async with office.open() as app:
        found = [record async for record in app.records.each("start")]
        return [await app.records.open(record, START) for record in found]


async def test_a_call_is_stored_clean_and_run_once(office: Business) -> None:
    """Typed personal fields as given; in texts nobody is left; what nobody asks for is not."""
    taken = await take(office)
    assert (taken.left_out, taken.again) == (1, False)
    [call] = await starts(office)
    assert isinstance(call, Call)
    assert call.inputs["phone"].text == "+15185550143"
    for gone in ("Oakfield", "tom@"):
        assert gone not in str(call)
    assert "utm" not in str(call)
    assert call.removed["EMAIL"] == 1
    assert (await office.sweeps()).started == 1
    assert (await office.sweeps()).started == 0
    [posted] = await office.outputs()
    body = posted.output.body
    assert (body["title"], body["wanted"]) == ("drain, urgent", "2026-11-14")
    assert (body["customer"], body["phone"]) == ("Ada Byrne", "+15185550143")
    assert str(body["notes"]).startswith("2.5 h. Ada Byrne again.")
    assert body["email"] == "ada@byrne.example"
    assert posted.output.trigger == call.id
    assert posted.output.state == "sent"


async def test_the_same_call_again_is_the_same_call(office: Business) -> None:
    """A caller that heard no answer repeats it; other content under its id is told."""
    first = await take(office)
    again = await take(office)
    assert (again.starts, again.again) == (first.starts, True)
    with pytest.raises(Conflict):
        await take(office, {**GIVEN, "part": "boiler"})
    assert (await take(office, key="k2")).starts != first.starts
    assert (await office.sweeps()).started == 2
    again = await take(office)
    assert again.again
    assert (await office.sweeps()).started == 0


async def test_what_does_not_fit_is_refused_whole(office: Business) -> None:
    """Every fault in one go, by the names of the inputs; nothing is stored."""
    given = {**GIVEN, "who": "", "phone": "none of your business", "part": "roof"}
    with pytest.raises(InputsWrong) as caught:
        await take(office, given)
    assert [each.name for each in caught.value.wrong] == ["who", "phone", "part"]
    assert "business" not in str(caught.value)
    assert "one of boiler, drain" in str(caught.value)
    assert await starts(office) == []
    assert (await office.ledger("site"))["seen"] == 0


async def test_what_was_taken_stands_in_the_ledger(office: Business) -> None:
    await take(office)
    await take(office)
    await take(office, key="k2")
    ledger = await office.ledger("site")
    assert (ledger["seen"], ledger["stored"], ledger["unaccounted"]) == (2, 2, 0)


async def test_conditions_see_the_call_as_it_came(office: Business) -> None:
    """One that does not hold is stored, and starts nothing."""
    await take(office, {"who": "Ada", "notes": "Cheap viagra"})
    assert (await office.sweeps()).started == 0
    assert len(await starts(office)) == 1


async def test_nothing_is_stored_that_could_not_be_cleaned(office: Business) -> None:
    class Broken:
        def clean(self, _requests: list[Request]) -> None:
            raise MemoryError

    async def ask(app: App) -> Taken:
        calls = app.calls(Broken())  # type: ignore[arg-type]
        return await calls.take(calls.of_webhook("site"), GIVEN, by="site", key="k1")

    with pytest.raises(TransientError) as caught:
        await office.asks(ask)
    assert "Ada" not in str(caught.value)
    assert await starts(office) == []
    assert not (await take(office)).again


async def test_a_call_waits_for_a_flow_that_is_switched_off(office: Business) -> None:
    """Nothing that was taken is lost."""
    await take(office)
    office.writes(BOOKING.replace("    retention", "    enabled: false\n    retention"))
    assert (await office.sweeps()).started == 0
    office.writes(BOOKING)
    assert (await office.sweeps()).started == 1


async def test_two_workers_run_a_call_once(office: Business) -> None:
    taken = await take(office)
    async with office.open() as one, office.open() as other:
        first, second = one.calls(office.cleaner), other.calls(office.cleaner)
        both = [await _records(app, taken) for app in (one, other)]
        made = [
            await calls._starts.run(record)
            for calls, record in zip((first, second), both, strict=True)
        ]
    assert [len(outputs) for outputs in made] == [1, 0]
    assert (await office.sweeps()).started == 0
    assert len(await office.outputs()) == 1


async def _records(app: App, taken: Taken) -> Any:
    [start] = taken.starts.values()
    return await app.records.get("start", start)


async def test_one_call_starts_every_flow_of_its_webhook(office: Business) -> None:
    """All or nothing: what one of them cannot do with, none gets."""
    office.writes(
        BOOKING
        + """\
  - id: tell
    name: Tell the office
    triggers: [{webhook: site}]
    inputs: {who: {type: name, required: true}, budget: {type: number, default: 0}}
    steps:
      - {id: tell, uses: notify, with: {text: "{{ inputs.who }}, {{ inputs.budget }}"}}
"""
    )
    taken = await take(office, {**GIVEN, "budget": 12})
    assert sorted(taken.starts) == ["booking", "tell"]
    with pytest.raises(InputsWrong):
        await take(office, {**GIVEN, "budget": "much"}, key="k2")
    assert (await office.sweeps()).started == 2
    texts = {str(each.output.body.get("text")) for each in await office.outputs()}
    assert "Ada Byrne, 12" in texts


async def test_mail_to_an_address_that_a_stranger_gave_asks_first(office: Business) -> None:
    """Unless the flow keeps it: then it is the customer's, as the sender of a mail is."""
    flow = """\
flows:
  - id: thanks
    name: Thank
    triggers: [{webhook: site}]
    inputs: {mail: {type: email, required: true}}
    steps:
      - id: send
        uses: mail.draft
        with: {to: "{{ inputs.mail }}", subject: Thank you, text: We will call you.}
"""
    office.writes(BOOKING.partition("flows:\n")[0] + flow)
    await take(office, {"mail": "ada@byrne.example"})
    await office.sweeps()
    [posted] = await office.outputs()
    assert (posted.output.state, posted.output.approver) == ("waiting", "owner")
    kept = flow.replace("    steps:", "    keep: [customer.email]\n    steps:")
    office.writes(BOOKING.partition("flows:\n")[0] + kept)
    await take(office, {"mail": "ada@byrne.example"}, key="k2")
    await office.sweeps()
    assert {each.output.state for each in await office.outputs()} == {"waiting", "sent"}
