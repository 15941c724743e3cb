"""What a call of another program says, what its answers mean, and what is never told."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook as Verifier

from connectors.webhook import Caller, OnceWebhook, Reach, TeamsWorkflow, Webhook
from flows.errors import (
    AdministratorError,
    DeliveryUnknown,
    OperatorError,
    Throttled,
    TransientError,
)
from tests.contract.outlet import output
from tests.flows.business import TestClock
from tests.servers.certificates import make_certificates
from tests.servers.receiver import Answer, Cut, Receiver

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDGKCjqOoJl/I="
CALL = output("webhook.call", 7, {"event": "job.opened", "data": {"who": "Ada \u2028\ud800"}})


@pytest.fixture
def receiver(certificates):
    with Receiver(certificates) as made:
        yield made


@pytest.fixture
def caller(receiver, certificates):
    def made(**more):
        settings = {
            "clock": TestClock(datetime.now(UTC)),
            "tls": certificates.trusting(),
            **more,
        }
        reach = Reach([f"localhost:{receiver.port}"])
        return Caller(settings.pop("url", lambda: receiver.url), reach, **settings)

    return made


async def test_a_call_is_signed_as_standard_webhooks_has_it(receiver, caller):
    """By the word of that project's own library; another body, and it is refused."""
    await Webhook("dispatch", caller(key=lambda: SECRET)).deliver(CALL)
    (call,) = receiver.taken
    verifier = Verifier(SECRET)
    assert verifier.verify(call.body, dict(call.headers)) == call.json
    with pytest.raises(Exception, match="No matching signature"):
        verifier.verify(call.body + b" ", dict(call.headers))
    assert call.headers["idempotency-key"] == call.headers["webhook-id"] == CALL.id
    assert call.json["type"] == "job.opened"
    assert call.json["timestamp"] == "2026-03-04T15:00:00Z"


async def test_the_same_output_is_the_same_body_to_the_byte(receiver, caller):
    for _ in range(2):
        await Webhook("dispatch", caller()).deliver(CALL)
    assert receiver.asked[0].body == receiver.asked[1].body


async def test_no_id_and_no_value_can_begin_another_header(receiver, caller):
    strange = replace(CALL, id="o1\r\nX-More: 1")
    await Webhook("dispatch", caller()).deliver(strange)
    assert "x-more" not in receiver.taken[0].headers
    with pytest.raises(AdministratorError):
        await Webhook("dispatch", caller(token=lambda: "a\r\nX-More: 1")).deliver(CALL)
    assert len(receiver.asked) == 1


@pytest.mark.parametrize(
    ("answer", "repeatable", "once"),
    [
        (200, None, None),
        (204, None, None),
        (301, OperatorError, OperatorError),
        (307, OperatorError, OperatorError),
        (400, OperatorError, OperatorError),
        (401, OperatorError, OperatorError),
        (404, OperatorError, OperatorError),
        (408, TransientError, TransientError),
        (409, TransientError, OperatorError),
        (413, OperatorError, OperatorError),
        (429, TransientError, TransientError),
        (500, TransientError, DeliveryUnknown),
        (502, TransientError, DeliveryUnknown),
        (503, TransientError, TransientError),
        (504, TransientError, DeliveryUnknown),
        (Cut(), TransientError, DeliveryUnknown),
        (Answer(429, {"retry-after": "7"}), Throttled, Throttled),
        (Answer(502, {"retry-after": "7"}), Throttled, Throttled),
    ],
)
async def test_what_an_answer_means(receiver, caller, answer, repeatable, once):
    """Nothing is said to be sent, or safe to send again, that nobody knows to be so."""
    for outlet, expected in ((Webhook, repeatable), (OnceWebhook, once)):
        receiver.answers = [Answer(answer) if isinstance(answer, int) else answer]
        made = outlet("dispatch", caller())
        if expected is None:
            assert await made.deliver(CALL) == "taken by localhost"
            continue
        with pytest.raises(expected) as caught:
            await made.deliver(CALL)
        assert type(caught.value) is expected
        assert getattr(caught.value, "retry_after", 7) == 7


async def test_where_nothing_listens_nothing_was_sent(receiver, caller):
    """So it is tried again, also where a call must not be made twice."""
    made = OnceWebhook("dispatch", caller())
    receiver.__exit__()
    try:
        with pytest.raises(TransientError):
            await made.deliver(CALL)
    finally:
        receiver._server.server_close()
        receiver.__exit__ = lambda *_: None


async def test_a_redirect_is_not_followed(receiver, caller):
    receiver.answers = [Answer(307, {"location": receiver.url + "/elsewhere"})]
    with pytest.raises(OperatorError):
        await Webhook("dispatch", caller()).deliver(CALL)
    assert [each.path for each in receiver.asked] == ["/hooks/jobs"]


async def test_an_answer_without_end_is_not_read(receiver, caller):
    receiver.answers = [Answer(200, endless=True)]
    before = time.monotonic()
    assert await Webhook("dispatch", caller()).deliver(CALL)
    assert time.monotonic() - before < 4


async def test_a_certificate_of_nobody_we_trust_is_told_and_nothing_is_sent(
    receiver, caller, tmp_path
):
    stranger = make_certificates(tmp_path).trusting()
    with pytest.raises(AdministratorError, match="certificate"):
        await Webhook("dispatch", caller(tls=stranger)).deliver(CALL)
    assert receiver.asked == []


@pytest.mark.parametrize("secret", ["", "whsec_", "short", "%%%", "whsec_" + "A" * 200])
async def test_a_secret_that_is_none_is_told_without_it(receiver, caller, secret):
    with pytest.raises(AdministratorError) as caught:
        await Webhook("dispatch", caller(key=lambda: secret)).deliver(CALL)
    assert not secret or secret not in str(caught.value)
    assert receiver.asked == []


async def test_neither_errors_nor_logs_tell_the_key_in_an_address(receiver, caller, caplog):
    """A Logic App's address is its key; what the other side answers may quote mail."""
    caplog.set_level(logging.DEBUG)
    url = receiver.url + "?sig=Quiet-77"
    told = []
    for answer in (Cut(), 500, 301, Answer(400, {"x": "Ada"}, b"no customer Ada")):
        receiver.answers = [answer]
        try:
            await OnceWebhook("dispatch", caller(url=lambda: url)).deliver(CALL)
        except Exception as error:  # noqa: BLE001 - whatever it is
            told.append(f"{error}{error.__cause__}{error.__context__ and ''}")
    made = OnceWebhook("dispatch", caller(url=lambda: url))
    said = " ".join([*told, made.receiver(CALL), caplog.text])
    assert len(told) == 4
    assert receiver.asked[0].path.endswith("sig=Quiet-77")
    assert "Quiet-77" not in said
    assert "Ada" not in said


async def test_text_for_teams_stays_text(receiver, caller):
    """Runs of text show no Markdown: what a customer wrote makes no link of itself."""
    text = "[Pay here](https://evil.example)\n**now** <at>Ada</at>"
    post = output("teams.post", 1, {"title": "Leak", "text": text})
    await TeamsWorkflow("team", caller()).deliver(post)
    card = receiver.taken[0].json["attachments"][0]["content"]
    runs = [each["inlines"][0] for each in card["body"]]
    assert {each["type"] for each in card["body"]} == {"RichTextBlock"}
    assert {each["type"] for each in runs} == {"TextRun"}
    assert [each["text"] for each in runs] == ["Leak", *text.split("\n")]
    assert "TextBlock" not in [each["type"] for each in card["body"]]
    assert json.loads(receiver.taken[0].body)["type"] == "message"
