"""Mail of doubtful senders brings nothing about that no person has seen, and why is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import get_args

import pytest

from anonymizer.text.cleaner import Cleaner
from anonymizer.text.request import Cleaned, Request
from connectors.folder import FolderMailbox
from flows.engine import Engine
from flows.errors import SkipItem
from flows.intake.bank_details import accounts_in, speaks_of_change
from flows.intake.cleaning import clean_each
from flows.intake.look_alike import resembles
from flows.intake.mail import MailIntake
from flows.intake.trust import IN_FOLDERS, REASONS
from flows.language.sources import Doubt
from flows.outbox import Posted
from portal.wiring import App
from tests.flows.business import FLOWS, Business, mail
from tests.flows.intake.building import read

ALL: frozenset[Doubt] = frozenset(get_args(Doubt))
NOTIFY = '      - {id: tell, uses: notify, with: {text: "{{ mail.subject }}"}}\n'
MX = "mx.hudson.example"
BORDER = f"Received: from x by {MX} id 4F9C1A0B2D; Thu, 1 Oct 2026 07:12:40 -0400\r\n"


def proven(raw: bytes, result: str = "pass") -> bytes:
    """The mail as the receiving host hands it on."""
    return f"Authentication-Results: {MX}; dmarc={result}\r\n{BORDER}".encode() + raw


async def takes_in(
    business: Business,
    *,
    received_by: str = "",
    trust: frozenset[Doubt] = IN_FOLDERS,
    folder: str = "mail",
) -> None:
    """Let the office's intake see all its mail."""

    async def run(app: App) -> None:
        intake = MailIntake(
            "office",
            mailbox=FolderMailbox(business.folder / folder),
            records=app.records,
            engine=Engine(app.file, app.templates),
            cleaner=business.cleaner,
            clock=business.clock,
            received_by=received_by,
            trust=trust,
        )
        await intake.page((await intake.mailbox.page("", 100)).refs)

    await business.asks(run)


async def states(business: Business) -> dict[str, str]:
    return {posted.output.uses: posted.output.state for posted in await business.outputs()}


def reasons(posted: Iterable[Posted]) -> set[str]:
    """The doubts that the outputs show."""
    shown = " ".join(str(each.output.body.get("reasons", "")) for each in posted)
    return {word for word, sentence in REASONS.items() if sentence in shown}


async def test_failed_dmarc_puts_all_work_before_the_owner(business: Business) -> None:
    """But for the note to the business's own people."""
    business.writes(FLOWS + NOTIFY)
    business.gets(proven(mail(), "fail"))

    await takes_in(business, received_by=MX)
    outputs = await business.outputs()

    assert await states(business) == {
        "job.open": "waiting",
        "reply.draft": "waiting",
        "notify": "approved",
    }
    assert reasons(outputs) == {"dmarc_failed"}
    assert all(each.output.approver for each in outputs if each.output.uses != "notify")
    assert any(REASONS["dmarc_failed"] in each.output.summary for each in outputs)


async def test_a_mail_that_its_host_says_nothing_of_is_not_trusted(business: Business) -> None:
    """It fails closed; one that passed does its work."""
    business.gets(mail(), "mail/1.eml")
    await takes_in(business, received_by=MX)
    assert (await states(business))["job.open"] == "waiting"

    business.gets(proven(mail(name="2")), "mail/2.eml")
    await takes_in(business, received_by=MX)
    assert sorted(
        each.output.state for each in await business.outputs() if each.output.uses == "job.open"
    ) == ["approved", "waiting"]


async def test_a_new_sender_is_known_from_the_next_day_on(business: Business) -> None:
    """Two mails of one day are both new; nobody's address stands readable in a record."""
    for number, days in enumerate((0, 0, 1)):
        business.clock.passes(days=days)
        business.gets(mail(f"boiler {number}", name=str(number)), f"mail/{number}.eml")
        await takes_in(business, trust=ALL)
    jobs = [each for each in await business.outputs() if each.output.uses == "job.open"]

    assert [each.output.state for each in jobs] == ["waiting", "waiting", "approved"]
    assert reasons(jobs) == {"first_seen"}

    async def known(app: App) -> list[tuple[str, bytes]]:
        return [(f"{r.id} {dict(r.fields)}", r.sealed) async for r in app.records.each("known")]

    ((readable, sealed),) = await business.asks(known)
    assert "lopez" not in readable
    assert b"lopez" not in sealed


async def test_what_another_worker_learns_meanwhile_counts(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes between the look at who is known and the writing of the mail."""
    business.gets(mail(text="Pay to DE89 3704 0044 0532 0130 00, please."), "other/1.eml")
    business.gets(mail(text="Pay to GB82 WEST 1234 5698 7654 32, please.", name="2"))

    def slowly(cleaner: Cleaner, requests: Sequence[Request]) -> list[Cleaned | SkipItem]:
        monkeypatch.undo()
        asyncio.run(takes_in(business, folder="other"))
        return clean_each(cleaner, requests)

    monkeypatch.setattr("flows.intake.mail.clean_each", slowly)
    await takes_in(business)
    states = {each.output.state for each in await business.outputs() if each.output.approver}

    assert states == {"waiting"}
    assert reasons(await business.outputs()) == {"bank_details_changed"}


async def test_what_is_readable_makes_nobody_known(business: Business) -> None:
    """Who can write to the store does not bring a stranger past the owner."""
    business.gets(mail("boiler 0", name="0"), "mail/0.eml")
    await takes_in(business, trust=ALL)

    async def altered(app: App) -> None:
        [record] = [each async for each in app.records.each("known")]
        fields = {**record.fields, "day": "2020-01-01", "written": True}
        await app.records.store.put(app.records.key, replace(record, fields=fields))

    await business.asks(altered)
    business.gets(mail("boiler 1", name="1"), "mail/1.eml")
    await takes_in(business, trust=ALL)
    jobs = [each for each in await business.outputs() if each.output.uses == "job.open"]
    assert [each.output.state for each in jobs] == ["waiting", "waiting"]


async def test_free_mail_is_known_by_the_whole_address(business: Business) -> None:
    """That one person of gmail.com has written says nothing of another."""
    business.gets(mail("boiler", name="1", sender="a1@gmail.com"), "mail/1.eml")
    await takes_in(business, trust=ALL)
    business.clock.passes(days=1)
    business.gets(mail("boiler", "Cold.", name="2", sender="a2@gmail.com"), "mail/2.eml")
    business.gets(mail("boiler", "Cool.", name="3", sender="a1@gmail.com"), "mail/3.eml")
    await takes_in(business, trust=ALL)

    jobs = [each for each in await business.outputs() if each.output.uses == "job.open"]
    assert sorted(each.output.state for each in jobs) == ["approved", "waiting", "waiting"]


async def test_whom_the_business_wrote_to_is_known(business: Business) -> None:
    """From a copy of what it sent; not from a mail that only claims to come from it."""
    sent = b"From: office@hudson.example\r\nTo: maria@lopez.example\r\nSubject: boiler\r\n\r\n"
    sent += b"Our technician looks at the boiler on Monday at nine. Invoice follows.\r\n"
    business.gets(
        BORDER.encode() + sent.replace(b"lopez", b"forged").replace(b"nine", b"ten"),
        "mail/0.eml",
    )
    business.gets(sent, "mail/1.eml")
    await takes_in(business, trust=ALL)
    forged = "Bob <bob@forged.example>"
    business.gets(mail("No heat, boiler", name="2"), "mail/2.eml")
    business.gets(mail("Cold boiler", name="3", sender=forged), "mail/3.eml")
    await takes_in(business, trust=ALL)

    jobs = {
        str(each.output.body["title"]): each.output.state
        for each in await business.outputs()
        if each.output.uses == "job.open"
    }
    assert jobs["No heat, boiler"] == "approved"
    assert jobs["Cold boiler"] == "waiting"


@pytest.mark.parametrize(
    "domain",
    [
        "hudson-plumbing-billing.example",
        "secure-hudsonplumbing.example",
        "hudson-plumbing.test",
        "hudsonplumbing.example",
        "hudson-plurnbing.example",
        "hudson-plumblng.example",
        "huds0n-plumbing.example",
        "hudson-plumbin.example",
        "hudson-plumbing.example.attacker.test",
        "huds\u043en-plumbing.example",
        "xn--hudsn-plumbing-yzl.example",
    ],
)
def test_domains_that_are_made_to_be_mistaken(domain: str) -> None:
    """Letters that look alike, one or two changed, another ending, words added."""
    assert resembles(domain, ["hudson-plumbing.example"], ours=True)
    assert resembles(domain, ["hudson-plumbing.example"])


@pytest.mark.parametrize(
    ("domain", "known"),
    [
        ("hudson-plumbing.example", "hudson-plumbing.example"),
        ("mail.hudson-plumbing.example", "hudson-plumbing.example"),
        ("lopez.example", "doe.example"),
        ("ford.example", "for.example"),
        ("empire-pipe.example", "empire.example"),
        ("oxford-roofing.example", "hudson-plumbing.example"),
        ("firm.co.uk", "other.co.uk"),
        ("", "hudson.example"),
    ],
)
def test_domains_that_are_just_others(domain: str, known: str) -> None:
    """Itself, below it, short names, common words."""
    assert not resembles(domain, [known])


@pytest.mark.parametrize(
    "sender",
    [
        "Hudson <office@hudsom.example>",
        "Ruth Hudson <ruth.hudson@elsewhere.example>",
        '"office@hudson.example" <x@elsewhere.example>',
        "Billing <ar@empirepipe-supp1y.example>",
        "Billing <ar@empirepipe-supply-billing.example>",
    ],
)
async def test_a_look_alike_waits_and_never_becomes_known(
    business: Business, sender: str
) -> None:
    """Of the business, of its people, of a firm that wrote before; also on later days."""
    business.writes(
        FLOWS.replace(
            "domains: [hudson.example]", "domains: [hudson.example]\n  people: [Ruth Hudson]"
        )
    )
    genuine = "Empire <ar@empirepipe-supply.example>"
    business.gets(mail("boiler parts", name="0", sender=genuine), "mail/0.eml")
    await takes_in(business)
    for number in (1, 2):
        business.clock.passes(days=1)
        business.gets(
            mail(f"boiler {number}", name=f"{number}", sender=sender), f"mail/{number}"
        )
        await takes_in(business)
    jobs = [each for each in await business.outputs() if each.output.uses == "job.open"]

    assert [each.output.state for each in jobs] == ["approved", "waiting", "waiting"]
    assert reasons(jobs) == {"look_alike"}


@pytest.mark.parametrize(
    "text",
    [
        "Please note our new bank account for all payments.",
        "Due to an audit our bank account has\nchanged, update your records.",
        "We have changed our bank. Remit to the new account number 12345678.",
        "Nuestra cuenta bancaria ha cambiado.",
        "Les informamos de nuestros nuevos datos bancarios.",
        "Nos coordonnées bancaires ont changé.",
        "Voici nos nouvelles coordonnées bancaires.",
        "Unsere Bankverbindung hat sich geändert.",
        "Bitte beachten Sie unsere neue Bankverbindung.",
    ],
)
def test_new_bank_details_are_seen(text: str) -> None:
    """In four languages, also over the end of a line."""
    head = "From: a@b.example\nSubject: Invoice\nContent-Type: text/plain; charset=utf-8\n"
    raw = f"{head}\n{text}\n"
    assert speaks_of_change(read(raw.encode()))


@pytest.mark.parametrize(
    "text",
    [
        "Bank details are on the invoice and have not changed.",
        "Our bank account is on the invoice.",
        "We have a new boiler. The old one went to the bank of the river.",
        "I paid from my account yesterday.",
    ],
)
def test_what_is_no_change_of_bank_details(text: str) -> None:
    """Honest firms write that nothing changed."""
    assert not speaks_of_change(read(f"From: a@b.example\nSubject: Hi\n\n{text}\n".encode()))


def test_accounts_are_found_however_they_are_spaced() -> None:
    """IBANs with right check digits only; American and British accounts by their words."""
    text = (
        "IBAN DE89 3704 0044 0532 0130 00, not DE88 3704 0044 0532 0130 00.\n"
        "Routing number: 021000021, account number: 123456789.\n"
        "Sort code 12-34-56 account 12345678"
    )
    found = accounts_in(read(f"From: a@b.example\nSubject: Hi\n\n{text}\n".encode()))
    assert found == ("021000021/123456789", "123456/12345678", "DE89370400440532013000")


async def test_an_account_that_differs_from_the_one_before_waits(business: Business) -> None:
    """Without a word of change; the same one, and a first one, do not."""
    ibans = (
        "DE89 3704 0044 0532 0130 00",
        "DE89370400440532013000",
        "GB82 WEST 1234 5698 7654 32",
    )
    for number, iban in enumerate(ibans):
        text = f"Boiler parts. Pay to IBAN {iban}."
        business.gets(mail(f"boiler {number}", text, name=str(number)), f"mail/{number}")
        await takes_in(business)
    jobs = [each for each in await business.outputs() if each.output.uses == "job.open"]

    by_title = {str(each.output.body["title"]): each.output.state for each in jobs}
    assert by_title == {"boiler 0": "approved", "boiler 1": "approved", "boiler 2": "waiting"}
    assert reasons(jobs) == {"bank_details_changed"}
