"""`reply.draft` and `reply.send` answer people in their thread, and machines never."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.steps.reply import DRAFT, SEND, DraftOptions, SendOptions, reply_subject
from tests.flows.steps.contexts import context, mail

KEPT = {
    "customer.email": "ada@customer.example",
    "customer.name": "Ada",
    "mail.message_id": "<b@customer.example>",
    "mail.references": "<a@customer.example> <b0@hudson.example>",
    "mail.own_address": "office@hudson.example",
    "mail.native_id": "inbox/7",
}


def reply(item=None, kept=None, templates=None, step=DRAFT, **options):
    item = item or mail("Hello", subject="Leak")
    used = context(item, kept=KEPT if kept is None else kept, templates=templates)
    return step.run(used, step.options(**options))


def test_the_draft_goes_to_the_customer_in_their_thread():
    found = reply(text="We come on Tuesday.")
    assert found.values == {"status": "drafted", "reason": "", "subject": "Re: Leak"}
    [draft] = found.outputs
    assert draft.body == {
        "from": "office@hudson.example",
        "to": "ada@customer.example",
        "subject": "Re: Leak",
        "text": "We come on Tuesday.",
        "in_reply_to": "<b@customer.example>",
        "references": ["<a@customer.example>", "<b0@hudson.example>", "<b@customer.example>"],
        "reply_to_trigger": "m1",
        "reply_to_native": "inbox/7",
    }
    assert draft.approver == ""


@pytest.mark.parametrize(
    "why", ["auto_reply", "bounce", "auto_generated", "list", "bulk", "noreply"]
)
def test_automatic_mail_is_answered_with_silence(why):
    found = reply(mail("I am away", automatic=why), text="Hello")
    assert found.outputs == ()
    assert found.values == {"status": "silent", "reason": why, "subject": ""}


def test_a_template_sees_the_clean_mail_and_the_kept_fields():
    text = "Dear {{ customer.name }}, {{ mail.subject }}. {{ business.name }}"
    found = reply(template="a.j2", templates={"a.j2": text})
    assert found.outputs[0].body["text"] == "Dear Ada, Leak. Hudson Plumbing"


def test_what_a_mail_says_is_never_a_template():
    item = mail("{{ business.name }}", subject="{{ 7 * 7 }}")
    for options in ({"text": "{{ 7 * 7 }}"}, {"template": "a.j2"}):
        found = reply(item, templates={"a.j2": "{{ mail.subject }}"}, **options)
        assert found.outputs[0].body["text"] == "{{ 7 * 7 }}"
    assert found.values["subject"] == "Re: {{ 7 * 7 }}"


@pytest.mark.parametrize(
    ("subject", "answer"),
    [
        ("Leak", "Re: Leak"),
        ("Re: Leak", "Re: Leak"),
        ("RE: AW: Re[2]: Leak", "Re: Leak"),
        ("Fwd: Leak", "Re: Fwd: Leak"),
        ("Regarding: Leak", "Re: Regarding: Leak"),
        ("", "Re: your message"),
        ("Re:", "Re: your message"),
        ("Leak at <ADDRESS_1>, <PERSON_2>", "Re: Leak at,"),
        ("a\r\nBcc: eve@evil.example", "Re: a Bcc: eve@evil.example"),
    ],
)
def test_the_subject_says_re_once(subject, answer):
    assert reply_subject(subject) == answer


@given(st.text(max_size=400), st.text(max_size=50))
def test_no_header_can_be_brought_in(subject, address):
    kept = KEPT | {"customer.email": address, "mail.message_id": subject}
    body = reply(mail("x", subject=subject), kept=kept, text="t").outputs[0].body
    for header in (body["subject"], body["to"], body["in_reply_to"], *body["references"]):
        assert len(header.splitlines()) <= 1
        assert "\n" not in header
        assert "\r" not in header
    assert body["to"] in {"", address.strip()}


@pytest.mark.parametrize(
    "address", ["", "Ada", "a@b, c@d", "<a@b>", "a@b\nBcc: c@d", "a b@c", "a@b@c"]
)
def test_without_one_clear_address_the_owner_looks_at_it(address):
    found = reply(kept={"customer.email": address}, text="Hello")
    [draft] = found.outputs
    assert draft.body["to"] == ""
    assert draft.approver == "owner"


def test_a_draft_that_shows_a_stand_in_goes_to_the_owner_first():
    found = reply(text="We come to <ADDRESS_1>.")
    assert found.outputs[0].approver == "owner"
    assert "stand-in" in found.values["reason"]


def test_a_long_thread_keeps_its_root_and_its_latest():
    ids = [f"<{n}@customer.example>" for n in range(100)]
    found = reply(kept=KEPT | {"mail.references": " ".join(ids)}, text="x")
    references = found.outputs[0].body["references"]
    assert len(references) <= 20
    assert references[0] == ids[0]
    assert references[-2:] == [ids[-1], "<b@customer.example>"]


@pytest.mark.parametrize("options", [{}, {"text": "a", "template": "b"}, {"txt": "a"}])
def test_either_a_text_or_a_template_is_asked_for(options):
    for wanted in (DraftOptions, SendOptions):
        with pytest.raises(ValidationError):
            wanted(**options)


def test_what_is_sent_is_what_would_be_drafted():
    drafted, sent = reply(text="Hello"), reply(text="Hello", step=SEND)
    assert sent.outputs[0].body == drafted.outputs[0].body
    assert sent.values == drafted.values | {"status": "queued"}
    assert sent.outputs[0].summary == "Send a reply: Re: Leak"


def test_what_is_sent_waits_for_the_owner_where_a_draft_would():
    for options in ({"kept": {}, "text": "Hello"}, {"text": "We come to <ADDRESS_1>."}):
        assert reply(step=SEND, **options).outputs[0].approver == "owner"
    automatic = reply(mail("I am away", automatic="auto_reply"), step=SEND, text="Hello")
    assert (automatic.outputs, automatic.values["status"]) == ((), "silent")
