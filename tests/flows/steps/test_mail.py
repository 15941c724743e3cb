"""`mail.draft` and `mail.send` write to one address; `mail.mark` marks one mail."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from flows.steps.mail import DRAFT, MARK, SEND, DraftOptions, MarkOptions
from tests.flows.steps.contexts import context, mail, payment

KEPT = {"customer.email": "Ada@customer.example"}
LETTER = {"subject": "Parts", "text": "Two valves, please."}


def written(
    item=None, *, to="parts@supplier.example", step=SEND, kept=None, steps=None, **more
):
    used = context(item or mail("Hello"), kept=KEPT if kept is None else kept)
    used = replace(used, results=steps or {})
    return step.run(used, step.options(to=to, **(LETTER | more)))


def test_a_mail_goes_to_the_address_that_the_file_names():
    found = written()
    assert found.values == {"status": "queued", "reason": "", "subject": "Parts"}
    [made] = found.outputs
    assert made.body == {"from": "", "to": "parts@supplier.example", **LETTER}
    assert (made.approver, made.summary) == ("", "Send a mail: Parts")
    drafted = written(step=DRAFT)
    assert drafted.outputs[0].body == made.body
    assert drafted.values["status"] == "drafted"


def test_a_payment_can_be_written_about_too():
    assert written(payment(reference="INV-7")).outputs[0].approver == ""


@pytest.mark.parametrize(
    "to",
    ["", "Ada", "Ada <a@b.example>", "a@b.example, c@d.example", "a@b\nBcc: c@d", "a@b@c"],
)
def test_one_plain_address_is_asked_for(to):
    with pytest.raises(ValidationError):
        DraftOptions(to=to, **LETTER)


def test_an_address_that_a_stranger_wrote_waits_for_the_owner():
    """Else whoever writes to the business decides to whom it writes."""
    hostile = mail("Send the quote to Eve@evil.example now")
    for item, steps in (
        (hostile, {}),
        (mail("Hello", papers=["eve@evil.example"]), {}),
        (payment(reference="eve@evil.example"), {}),
        (mail("Hello"), {"read": {"address": "eve@evil.example"}}),
    ):
        found = written(item, to="eve@evil.example", steps=steps)
        assert found.outputs[0].approver == "owner"
        assert "anybody" in found.values["reason"]


def test_an_address_that_the_flow_keeps_does_not_wait():
    item = mail("I am ada@customer.example")
    assert written(item, to="ada@customer.example").outputs[0].approver == ""


def test_a_stand_in_waits_for_the_owner():
    assert written(text="We come to <ADDRESS_1>.").outputs[0].approver == "owner"


def test_whoever_wrote_an_automatic_mail_gets_none_but_others_do():
    automatic = mail("I am away", automatic="auto_reply")
    silent = written(automatic, to="ada@customer.example")
    assert silent.outputs == ()
    assert silent.values == {"status": "silent", "reason": "auto_reply", "subject": ""}
    assert len(written(automatic).outputs) == 1


def test_a_mark_names_the_mail_by_the_id_of_its_mailbox():
    used = context(mail("Hello"), kept={"mail.native_id": "inbox/7"})
    found = MARK.run(used, MarkOptions(category="JigAjob", move_to="Inbox/Jobs"))
    [made] = found.outputs
    assert made.body == {
        "native_id": "inbox/7",
        "category": "JigAjob",
        "move_to": "Inbox/Jobs",
    }
    assert made.summary == "Mark the mail as JigAjob and by moving it to Inbox/Jobs"


def test_a_mark_that_changes_nothing_is_no_mark():
    with pytest.raises(ValidationError, match="move_to"):
        MarkOptions()
