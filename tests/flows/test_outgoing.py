"""The same output is always the same mail, and its id is one that every server takes."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest

from flows.outgoing import automatic_marks, message_id_of, outgoing
from tests.contract.outlet import AT, output

BODY = {"to": "ada@customer.example", "subject": "Re: Leak", "text": "Hello"}


def test_an_output_is_the_same_mail_each_time():
    first, again = (outgoing(output("reply.send", 1, BODY), sender="o@h.example") for _ in "ab")
    assert first == again
    assert (first.sender, first.to, first.ascii_only) == ("o@h.example", BODY["to"], True)
    parsed = message_from_bytes(first.raw, policy=default)
    assert parsed["Message-ID"] == first.message_id
    assert parsed["Date"].datetime == AT
    assert b"\n" not in first.raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("name", ["o1", "../etc", "a b", "<x>", "é", "\udcff", "x" * 200])
@pytest.mark.parametrize("sender", ["o@hudson.example", "o@exämple.example", ""])
def test_every_id_is_one_that_every_server_takes(name, sender):
    found = message_id_of(output("reply.send", name, BODY), sender)
    assert re.fullmatch(r"<[A-Za-z0-9_-]{1,80}@[a-z.]+>", found)


def test_ids_of_different_outputs_differ():
    names = ["a b", "a_b", "ab", "A b", "x" * 81, "x" * 82]
    ids = {message_id_of(output("reply.send", name, BODY), "o@h.example") for name in names}
    assert len(ids) == len(names)


def test_marks_tell_an_answer_from_other_mail_and_a_person_from_none():
    mine = output("mail.send", 1, BODY)
    assert dict(automatic_marks(mine))["Auto-Submitted"] == "auto-generated"
    theirs = replace(mine, uses="reply.send")
    assert dict(automatic_marks(theirs))["Auto-Submitted"] == "auto-replied"
    assert automatic_marks(replace(theirs, approver="owner")) == ()
