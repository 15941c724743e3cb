"""Mails of one conversation have one thread; everybody in a mail has one role."""

import pytest

from flows.intake.parties import OwnAddresses, is_supplier, role_of
from flows.intake.threads import bare_subject, is_reply, root_of
from flows.model import Party
from tests.flows.intake.building import OWN, mail, read


def test_an_answer_is_in_the_thread_of_what_it_answers():
    first = read(mail(b"", b"hi"))
    by_reference = mail(
        b"References: <leak-1@doe.example> <b@x>", b"In-Reply-To: <b@x>", b"", b"x"
    )
    by_reply = mail(b"In-Reply-To: <leak-1@doe.example>", b"", b"x")
    for raw in (by_reference, by_reply):
        answer = read(raw.replace(b"ID: <leak-1", b"ID: <leak-2"))
        assert answer.thread == first.thread
        assert answer.references[0] == "leak-1@doe.example"


def test_without_any_id_subject_and_participants_name_the_thread():
    def root(subject: str, *people: str) -> str:
        return root_of(
            message_id="", references=(), in_reply_to=(), subject=subject, participants=people
        )

    assert root("Leak", "a@x", "b@x") == root("RE: leak", "b@x", "a@x")
    assert root("Leak", "a@x") != root("Leak", "b@x")
    assert root("Leak", "a@x") != root("Roof", "a@x")


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: Fwd: AW: leak", "leak"),
        ("RE[3]: leak", "leak"),
        ("Re(2): leak", "leak"),
        ("[office] Re: leak", "leak"),
        ("SV: RV: Antw: WG: leak", "leak"),
        ("回复\uff1a漏水", "漏水"),
        ("Repair: leak", "Repair: leak"),
        ("Re:" * 500 + "leak", "Re:" * 480 + "leak"),
    ],
)
def test_marks_of_answers_are_taken_off(subject, bare):
    assert bare_subject(subject) == bare
    assert is_reply(subject) == (subject != bare)


@pytest.mark.parametrize(
    ("email", "owned"),
    [
        ("office@hudson.example", True),
        ("Office@HUDSON.example", True),
        ("ruth@mail.hudson.example", True),
        ("ruth@post.example", True),
        ("ruth+bills@post.example", True),
        ("jane@post.example", False),
        ("office@nothudson.example", False),
        ("office@hudson.example.evil.example", False),
        ("@hudson.example", False),
        ("hudson.example", False),
        ("", False),
    ],
)
def test_own_addresses(email, owned):
    assert OWN.owns(email) == owned


def test_a_business_without_addresses_owns_nothing():
    assert not OwnAddresses().owns("a@b.example")
    assert not OwnAddresses(domains=("",), addresses=("",)).owns("a@b.example")


@pytest.mark.parametrize(
    ("name", "email", "supplier"),
    [
        ("Empire Pipe Supply Inc.", "x@mail.example", True),
        ("Bea, Empire Pipe Supply", "x@mail.example", True),
        ("Bea", "billing@empirepipesupply.example", True),
        ("Bea", "billing@mail.empire-pipe-supply.example", True),
        ("Empire", "x@mail.example", False),
        ("Jane Pipe", "jane@supply.example", False),
        ("", "", False),
    ],
)
def test_suppliers_are_known_by_name_and_by_domain(name, email, supplier):
    assert is_supplier(Party(name=name, email=email), ["Empire Pipe Supply", "3M"]) == supplier


def test_roles():
    raw = mail(b"Cc: Tom <tom@doe.example>, Empire Pipe Supply <e@x.example>", b"", b"drips")
    message = read(raw)
    roles = {
        party.email: role_of(message, party, OWN, ["Empire Pipe Supply"])
        for party in (message.sender, *message.to, *message.cc)
    }
    assert roles == {
        "jane@doe.example": "customer",
        "office@hudson.example": "own",
        "tom@doe.example": "other",
        "e@x.example": "supplier",
    }


def test_whom_the_business_writes_to_is_a_customer():
    message = read(b"From: ruth@post.example\nTo: jane@doe.example\nSubject: hi\n\nhi\n")
    assert role_of(message, message.sender, OWN) == "own"
    assert role_of(message, message.to[0], OWN) == "customer"


def test_who_sends_an_invoice_is_a_supplier_and_a_machine_is_nobody():
    text = b"\nPlease find our invoice attached. Amount due: $9.\n"
    invoice = read(b"From: b@pipes.example\nSubject: Invoice 7\n" + text)
    assert role_of(invoice, invoice.sender, OWN) == "supplier"
    machine = read(b"From: noreply@shop.example\nSubject: hello\n\nhello\n")
    assert role_of(machine, machine.sender, OWN) == "other"


def test_where_to_answer_is_part_of_who_wrote():
    message = read(
        b"From: Web form <form@host.example>\nReply-To: jane@doe.example\nSubject: leak\n\nx\n"
    )
    assert role_of(message, message.reply_to[0], OWN) == "customer"
