"""`jigajob suggest`, from mail to a flow that can be put into the file."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from typer.testing import CliRunner

from flows.language.load import parse
from portal.cli.program import app
from tests.flows.business import FLOWS, Business, mail

NAMES = ("Wanda Pruitt", "Theo Abernathy", "Nadia Rahimi", "Osei Boateng", "Denise Kowalczyk")
ANSWER = (
    "Hi {name},\n\nThank you for asking. Yes, we service tankless heaters of every make."
    "\nA yearly flush takes about an hour and can be booked by phone.\n\nPriya Nair"
)


def question(number: int) -> bytes:
    name = f"{NAMES[number % 5]}"
    address = f"w{number}@household-{number}.example"
    text = f"Do you service a tankless heater? Ours is {number} years old. {name}"
    return mail("Tankless heater", text, sender=f"{name} <{address}>", name=f"q{number}")


def reply(number: int) -> bytes:
    raw = mail(
        "Re: Tankless heater",
        ANSWER.format(name=NAMES[number % 5].split()[0]),
        sender="Hudson <office@hudson.example>",
        name=f"a{number}",
        reply_to=f"q{number}",
    )
    to = f"To: w{number}@household-{number}.example".encode()
    return raw.replace(b"To: office@hudson.example", to).replace(b"09:30:00", b"15:30:00")


def other(number: int) -> bytes:
    words = f"The invoice no. {number} has arrived, many thanks, we pay it next week."
    return mail(
        f"Yours of {number}", words, sender=f"x@firm-{number}.example", name=f"o{number}"
    )


async def suggest(office: Business, *options: str) -> Result:
    place = ["--home", str(office.settings.home), "--flows", str(office.settings.flows)]
    # In a thread, since the command runs a loop of its own.
    return await asyncio.to_thread(CliRunner().invoke, app, [*place, "suggest", *options])


@pytest.fixture
async def office(business: Business) -> Business:
    """An office with twelve questions that got the usual answer, and twelve other mails."""
    business.writes(FLOWS)
    for number in range(12):
        day = f"{number + 1:02d} Oct".encode()
        for kind, raw in (("q", question), ("a", reply), ("o", other)):
            dated = raw(number).replace(b"Mon, 05 Oct", day)
            business.gets(dated, f"mail/{number:02d}{kind}.eml")
    await business.sweeps()
    return business


async def test_mail_becomes_a_flow_with_its_evidence(office: Business, tmp_path: Path) -> None:
    """Written to a file it can be included as it is; no name of a customer is in it."""
    done = await suggest(office, "--json", "--write", str(tmp_path / "proposed.yaml"))

    assert done.exit_code == 0, done.output
    (found,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert found["count"] == 12
    assert found["correspondents"] == 12
    assert found["older"]["wrong"] == found["newest"]["wrong"] == 0
    assert found["older"]["right"] + found["newest"]["right"] == 12
    assert found["keeps"] == ["customer.name", "customer.email"]
    assert not any(word in done.stdout for name in NAMES for word in name.split())
    written = (tmp_path / "proposed.yaml").read_text()
    flows = yaml.safe_load(FLOWS)["flows"] + yaml.safe_load(written)["flows"]
    whole = yaml.safe_dump({**yaml.safe_load(FLOWS), "flows": flows})
    assert len(parse(whole, office.settings.flows).flows) == 2
    including = FLOWS + "include: [proposed.yaml]\n"
    assert len(parse(including, office.settings.flows).flows) == 2


async def test_the_flow_does_what_was_said(office: Business) -> None:
    """The next such question gets the draft, and it waits for the owner."""
    shown = await suggest(office)
    assert shown.exit_code == 0, shown.output
    office.writes(FLOWS + shown.stdout)
    office.gets(question(40), "mail/40.eml")
    office.gets(other(41), "mail/41.eml")
    before = {posted.output.id for posted in await office.outputs()}

    await office.sweeps()

    (made,) = [each for each in await office.outputs() if each.output.id not in before]
    assert made.output.uses == "reply.draft"
    assert made.output.state == "waiting"
    text = str(made.output.body["text"])
    assert text.startswith("Hi Wanda Pruitt,")
    assert "we service tankless heaters of every make" in text


async def test_an_existing_file_is_left_alone(office: Business, tmp_path: Path) -> None:
    """It is never written over."""
    (tmp_path / "mine.yaml").write_text("mine")

    done = await suggest(office, "--write", str(tmp_path / "mine.yaml"))

    assert done.exit_code != 0
    assert (tmp_path / "mine.yaml").read_text() == "mine"


async def test_where_nothing_is_proposed_no_file_is_written(
    business: Business, tmp_path: Path
) -> None:
    """One without a flow could not be included."""
    business.writes(FLOWS)
    business.gets(question(0), "mail/1.eml")
    await business.sweeps()

    done = await suggest(business, "--write", str(tmp_path / "proposed.yaml"))

    assert (done.exit_code, "nothing comes often enough" in done.stdout) == (0, True)
    assert not (tmp_path / "proposed.yaml").exists()
