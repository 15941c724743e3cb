"""Sending through the stand-in of Graph: each mail leaves once, or a person is asked."""

import itertools
import random

import pytest

from connectors.outlook import File, OutlookSender, OutMail
from connectors.outlook.sending import ID_PROPERTY
from flows.errors import (
    AdministratorError,
    DeliveryUnknown,
    OperatorError,
    SignInNeeded,
    TransientError,
)
from tests.connectors.outlook_account import ADDRESS, Account, Granted
from tests.servers.graph import GraphServer

MAIL = OutMail(to="ada@customer.example", subject="Your boiler", text="We come on Monday.\n")
PLACES = ("Drafts of " + ADDRESS, "Sent Items of " + ADDRESS)
# Where a request of sending can be lost, and how often this one comes before.
STEPS = {
    "look": ("GET", "/messages"),
    "make": ("POST", "createReply"),
    "complete": ("PATCH", "/messages/"),
    "send": ("POST", "/send"),
}


@pytest.fixture
async def account():
    with GraphServer() as server:
        account = Account(server)
        yield account
        await account.close()
        assert server.violations == []
        assert server.high_water(ADDRESS) <= 4


def sender(account, **options):
    return OutlookSender(account.graph(**options), ADDRESS)


def left(account):
    return [held.extended.get(ID_PROPERTY) for held in account.server.sent(ADDRESS)]


async def test_an_answer_is_drafted_once_in_its_thread(account):
    put = account.put()
    for _ in range(2):
        assert await sender(account).draft("o1", MAIL, put) == PLACES[0]
    (draft,) = account.server.drafts(ADDRESS)
    (original,) = account.server.messages(ADDRESS, "inbox")
    assert draft.properties["conversationId"] == original.properties["conversationId"]
    assert draft.properties["subject"] == MAIL.subject
    assert draft.properties["body"]["content"].strip() == MAIL.text.strip()
    (to,) = draft.properties["toRecipients"]
    assert to["emailAddress"]["address"] == MAIL.to
    assert left(account) == []


async def test_a_draft_that_a_person_changed_stays_so(account):
    await sender(account).draft("o1", MAIL)
    (draft,) = account.server.drafts(ADDRESS)
    await account.graph().call(
        "PATCH", ADDRESS, f"/users/{ADDRESS}/messages/{draft.id}", json={"subject": "Mine"}
    )
    await sender(account).draft("o1", MAIL)
    (draft,) = account.server.drafts(ADDRESS)
    assert draft.properties["subject"] == "Mine"


@pytest.mark.parametrize("reply", [True, False])
async def test_a_mail_is_sent_once(account, reply):
    put = account.put() if reply else ""
    for _ in range(3):
        assert await sender(account).send("o'1", MAIL, put) == PLACES[1]
    (sent,) = account.server.sent(ADDRESS)
    assert sent.recipients == (MAIL.to,)
    assert account.server.drafts(ADDRESS) == []


async def test_two_outputs_are_two_mails(account):
    put = account.put()
    for output in ("o1", "o2"):
        await sender(account).send(output, MAIL, put)
    assert sorted(left(account)) == ["o1", "o2"]


async def test_automatic_mail_says_that_it_is(account):
    put = account.put()
    automatic = OutMail(to=MAIL.to, subject="x", text="y", automatic=True)
    await sender(account).send("o1", automatic, put)
    await sender(account).send("o2", MAIL, put)
    marked = [b"X-Auto-Response-Suppress: All" in s.mime for s in account.server.sent(ADDRESS)]
    assert marked == [True, False]


async def test_an_answer_to_what_is_gone_goes_out_as_new_mail(account):
    put = account.put()
    account.server.delete(ADDRESS, put)
    assert await sender(account).send("o1", MAIL, put) == PLACES[1]
    assert left(account) == ["o1"]


async def test_files_small_and_large_go_along_once(account):
    files = (
        File(name="quote.pdf", media_type="application/pdf", content=b"%PDF" * 100),
        File(name="photo.jpg", media_type="image/jpeg", content=bytes(range(256)) * 32_000),
    )
    mail = OutMail(to=MAIL.to, subject="x", text="y", files=files)
    account.server.faults.fail_next("/attachments", "cut_after", method="POST")
    account.server.faults.fail_next("", "cut_after", method="PUT", skip=1)
    await sender(account).send("o1", mail)
    (sent,) = account.server.sent(ADDRESS)
    for file in files:
        assert sent.mime.count(file.name.encode()) in {1, 2}  # name= and filename=
    assert len(sent.mime) > len(files[1].content) * 4 // 3
    asked = [each for each in account.server.journal if each.method == "PUT"]
    assert asked
    assert not any("authorization" in each.headers for each in asked)


@pytest.mark.parametrize("to", ["", "ada", "a@b, c@d", "a@b\r\nBcc: x@y", "<a@b.example>"])
async def test_an_address_that_is_none_is_refused_unquoted(account, to):
    with pytest.raises(OperatorError) as caught:
        await sender(account).send("o1", OutMail(to=to, subject="x", text="y"))
    assert not to or to not in str(caught.value)
    assert account.server.journal == []


async def test_a_missing_permission_to_send_is_named_and_the_draft_waits(account):
    tokens = Granted(account.server, scopes=("Mail.ReadWrite",))
    with pytest.raises(SignInNeeded) as caught:
        await sender(account, tokens=tokens).send("o1", MAIL)
    assert "Mail.Send" in caught.value.fix
    assert len(account.server.drafts(ADDRESS)) == 1
    assert await sender(account).send("o1", MAIL) == PLACES[1]
    assert account.server.drafts(ADDRESS) == []


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "cut_midway", "504", "504_after"])
@pytest.mark.parametrize("step", STEPS)
async def test_a_lost_answer_at_any_step_sends_once(account, step, kind):
    method, pattern = STEPS[step]
    put = account.put()
    account.server.faults.fail_next(pattern, kind, method=method)
    outcome = await until_decided(account, "o1", put)
    assert outcome == PLACES[1]
    assert left(account) == ["o1"]
    assert account.server.drafts(ADDRESS) == []


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("effect", ["cut_before", "cut_after"])
async def test_a_crash_after_any_step_sends_once(account, step, effect):
    """The process ends with the request: nothing of it is left but what Graph holds."""
    method, pattern = STEPS[step]
    put = account.put()
    account.server.faults.fail_next(pattern, effect, method=method)
    crashing = sender(account)
    crashing._graph.call = crash_at(crashing._graph.call, method, pattern)
    with pytest.raises(Crash):
        await crashing.send("o1", MAIL, put)
    account.server.faults.calm()
    assert await sender(account).send("o1", MAIL, put) == PLACES[1]
    assert left(account) == ["o1"]
    assert account.server.drafts(ADDRESS) == []


async def test_a_mail_that_vanished_is_not_sent_again(account):
    """The answer to sending is lost, and somebody has emptied Sent Items already."""
    account.server.faults.fail_next("/send", "cut_after", method="POST")
    sending = sender(account)
    find = sending._find

    async def emptied(output_id):
        for held in account.server.messages(ADDRESS, "sentitems"):
            account.server.delete(ADDRESS, held.id)
        return await find(output_id)

    sending._find = emptied
    with pytest.raises(DeliveryUnknown) as caught:
        await sending.send("o1", MAIL)
    assert MAIL.to not in str(caught.value)
    assert left(account) == ["o1"]


async def test_a_throttled_send_waits_and_sends_once(account):
    account.server.faults.fail_next("/send", "429", method="POST", times=2)
    assert await sender(account).send("o1", MAIL) == PLACES[1]
    assert left(account) == ["o1"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
async def test_random_cuts_send_once_or_ask(account, seed):
    """Cuts, failures, throttling and dead tokens at any request, and workers that die."""
    dice = random.Random(seed)
    kinds = ("cut_before", "cut_after", "cut_midway", "504", "504_after", "500", "429", "401")
    account.server.faults.random(rate=0.25, kinds=kinds, seed=seed)
    account.server.sent_items_after = dice.choice((0.0, 0.0, 0.02))
    outputs = {f"o{n}": account.put() if n % 2 else "" for n in range(3)}
    unknown = set()
    for output, put in outputs.items():
        outcome = await until_decided(account, output, put, deaths=dice)
        unknown |= {output} if outcome == "unknown" else set()
    account.server.faults.calm()
    sent = left(account)
    assert len(sent) == len(set(sent))
    assert set(outputs) - unknown <= set(sent)
    assert account.server.drafts(ADDRESS) == [] or unknown


class Crash(Exception):
    """The process is no more."""


def crash_at(call, method, pattern, skip=0):
    """Return *call*, which ends the process once such a request was made, whatever came."""
    met = itertools.count()

    async def crashing(asked, address, target, **options):
        fits = (not method or asked == method) and pattern in target
        try:
            if fits and asked != "POST":
                options["repeatable"] = False
            answer = await call(asked, address, target, **options)
        except (TransientError, AdministratorError):
            if fits and next(met) >= skip:
                raise Crash from None
            raise
        if fits and next(met) >= skip:
            raise Crash
        return answer

    return crashing


async def until_decided(account, output, put, deaths=None):
    """Deliver as the outbox does: again after what passes, and after a worker's death."""
    for _ in range(60):
        sending = sender(account)
        if deaths and deaths.random() < 0.4:
            graph = sending._graph
            graph.call = crash_at(graph.call, "", "/messages", skip=deaths.randrange(6))
        try:
            return await sending.send(output, MAIL, put)
        except DeliveryUnknown:
            return "unknown"
        except (Crash, TransientError, SignInNeeded):
            continue
    raise AssertionError("it is never decided")
