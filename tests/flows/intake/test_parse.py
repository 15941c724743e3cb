"""Whatever the bytes of a mail, what can be read of it is read, and what was wrong is named."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from flows.errors import SkipItem
from flows.intake.parse import EPOCH
from tests.flows.intake.building import HEAD, OWN, mail, new_text, read


def test_a_plain_mail_is_read_whole():
    message = read(mail(b"", b"The tap drips.", b"", b"Jane"))
    assert message.sender.name == "Jane Doe"
    assert message.sender.email == "jane@doe.example"
    assert [party.email for party in message.to] == ["office@hudson.example"]
    assert message.subject == "Leak under the sink"
    assert message.text == "The tap drips.\n\nJane"
    assert message.sent_at == datetime(2026, 10, 1, 11, 12, 33, tzinfo=UTC)
    assert message.message_id == message.thread == "leak-1@doe.example"
    assert message.defects == ()


def _nested(levels: int) -> bytes:
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n)
        for n in range(levels)
    )
    closed = b"".join(b"--b%d--\n" % n for n in reversed(range(levels)))
    return HEAD + opened + b"Content-Type: text/plain\n\nat the bottom\n" + closed


NASTY = {
    "no blank line after the headers": (HEAD, "", ()),
    "unknown charset": (
        mail(b"Content-Type: text/plain; charset=x-klingon", b"", "Grüße".encode()),
        "Grüße",
        ("unknown charset",),
    ),
    "charset that is a codec but no charset": (
        mail(b"Content-Type: text/plain; charset=base64", b"", b"plain words"),
        "plain words",
        ("unknown charset",),
    ),
    "charset that lies": (
        mail(b"Content-Type: text/plain; charset=utf-8", b"", "Gr\xfc\xdfe".encode("latin-1")),
        "Grüße",
        ("not in the declared charset",),
    ),
    "UTF-8 declared as Latin-1": (
        mail(b"Content-Type: text/plain; charset=iso-8859-1", b"", "Grüße".encode()),
        "Grüße",
        (),
    ),
    "8-bit text without any charset": (
        mail(b"", "Gr\xfc\xdfe aus K\xf6ln, wir warten".encode("cp1252")),
        "Grüße aus Köln, wir warten",
        (),
    ),
    "Cyrillic without any charset": (
        mail(b"", "Добрый день, ванная, там течёт труба, приезжайте скорее.".encode("cp1251")),
        "Добрый день, ванная, там течёт труба, приезжайте скорее.",
        ("charset was guessed",),
    ),
    "NUL and control characters": (
        mail(b"", b"dr\x00ip\x07 drip\x1b"),
        "drip drip",
        (),
    ),
    "multipart without a boundary": (
        mail(b"Content-Type: multipart/mixed", b"", b"the tap drips"),
        "the tap drips",
        (),
    ),
    "multipart never closed": (
        mail(b"Content-Type: multipart/mixed; boundary=x", b"", b"--x", b"", b"the tap drips"),
        "the tap drips",
        (),
    ),
    "base64 that is plain text": (
        mail(b"Content-Transfer-Encoding: base64", b"", b"the tap drips!"),
        "the tap drips!",
        ("broken transfer encoding",),
    ),
    "base64 with trailing space in its name": (
        mail(b"Content-Transfer-Encoding: base64 ", b"", b"dGhlIHRhcCBkcmlwcw=="),
        "the tap drips",
        (),
    ),
    "200 levels of parts": (_nested(200), "at the bottom", ()),
    "3,000 levels of parts": (
        _nested(3_000),
        None,
        ("too many nested parts; read as plain text",),
    ),
    "a stray line among the headers": (
        HEAD + b"this is no header\nContent-Type: text/html\n\n<p>the tap <b>drips</b></p>\n",
        "the tap drips",
        ("stray line among the headers",),
    ),
    "an escaped mbox line among the headers": (
        HEAD + b">From x Mon Jan  1 10:00:00 2024\nContent-Type: text/html\n\n<p>drips</p>\n",
        "drips",
        ("stray line among the headers",),
    ),
    "a Content-Type of 400 kB": (
        mail(b"Content-Type: text/plain" + b";a=b" * 100_000, b"", b"the tap drips"),
        "the tap drips",
        (),
    ),
    "old Macintosh line ends": (
        mail(b"", b"one", b"two").replace(b"\n", b"\r"),
        "one\ntwo",
        (),
    ),
    "a file saved as UTF-16": (
        mail(b"", b"the tap drips").decode().encode("utf-16"),
        "the tap drips",
        (),
    ),
    "a byte-order mark and an mbox line": (
        b"\xef\xbb\xbfFrom jane Thu Oct  1 07:12:33 2026\n" + mail(b"", b"the tap drips"),
        "the tap drips",
        (),
    ),
    "flowed lines": (
        mail(
            b"Content-Type: text/plain; format=flowed", b"", b"the tap ", b"drips", b"-- ", b"J"
        ),
        "the tap drips\n-- \nJ",
        (),
    ),
    "uuencoded text": (
        mail(
            b"Content-Transfer-Encoding: x-uuencode",
            b"",
            b"begin 644 a",
            b"#0V%T",
            b"`",
            b"end",
        ),
        "Cat",
        (),
    ),
}


@pytest.mark.parametrize("name", NASTY)
def test_nasty_mail_is_read(name):
    raw, text, defects = NASTY[name]
    message = read(raw)
    assert message.defects == defects
    assert text is None or message.text == text
    assert message.sender.email == "jane@doe.example"
    json.dumps(asdict(message), default=str, ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize(
    ("reason", "raw"),
    [
        ("empty", b""),
        ("empty", b" \r\n\t\x00\n"),
        ("not_mail", b"1,1,3\n2,6,1\n4,10,2\n"),
        ("not_mail", b"MIT License\n\nCopyright: nobody\nTo: whom it may concern\n"),
        ("not_mail", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
        ("not_mail", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500),
        ("not_mail", b"Name: jigajob\nVersion: 1\nSummary: no mail\n"),
        ("not_mail", b"Hello Jane,\n\nFrom: here it is a long way.\n"),
        ("not_mail", b"\nBEGIN:VCALENDAR\nMETHOD:REQUEST\n"),
        ("too_large", HEAD + b"\n" + b"x" * (25 * 1024 * 1024)),
    ],
)
def test_what_is_no_mail_is_skipped_with_its_reason_and_none_of_its_text(reason, raw):
    with pytest.raises(SkipItem) as caught:
        read(raw)
    assert caught.value.reason == reason
    assert "Jane" not in str(caught.value)


def test_one_plausible_header_is_enough():
    assert read(b"Subject: drips\n").subject == "drips"


@pytest.mark.parametrize(
    ("value", "received"),
    [
        (b"Thu, 01 Oct 2026 07:12:33 -0400", "2026-10-01T11:12:33+00:00"),
        (b"2026-10-01T07:12:33-04:00", "2026-10-01T11:12:33+00:00"),
        (b"yesterday at noon", None),
        (b"Thu, 41 Oct 2026 07:12:33 -0400", None),
        (b"Thu, 01 Oct 9999 07:12:33 -0400", None),
        (b"Mon, 1 Jan 2024 10:00:00 +9999999999", None),
        (b"", None),
    ],
)
def test_a_bad_date_is_no_date_and_is_named(value, received):
    message = read(b"From: a@doe.example\nDate: " + value + b"\n\nx\n")
    assert (message.sent_at.isoformat() if message.sent_at else None) == received
    assert ("bad Date" in message.defects) == (received is None)
    assert message.received_at == (message.sent_at or EPOCH)


def test_the_time_of_receipt_is_told_by_the_source_then_by_our_own_server():
    raw = (
        b"From jane Thu Oct  1 08:00:00 2026\n"
        b"Received: from a by b; Thu, 01 Oct 2026 09:00:00 +0000\n"
        b"Received: from c by a; Thu, 01 Oct 2026 05:00:00 +0000\n"
        b"From: a@doe.example\nDate: Thu, 01 Oct 2026 04:00:00 +0000\n\nx\n"
    )
    given = datetime(2026, 10, 2, tzinfo=UTC)
    assert read(raw, received=given).received_at == given
    assert read(raw).received_at.hour == 9
    assert read(raw.replace(b"Received:", b"X-R:")).received_at.hour == 8
    assert read(raw.replace(b"Received:", b"X-R:").partition(b"\n")[2]).received_at.hour == 4
    naive = datetime(2026, 10, 2)  # noqa: DTZ001 - a source that forgets the zone
    assert read(raw, received=naive).received_at == given


def test_a_repeated_from_is_named_and_the_first_counts():
    message = read(b"From: a@doe.example\nFrom: office@hudson.example\nSubject: x\n\nx\n")
    assert message.sender.email == "a@doe.example"
    assert "repeated From" in message.defects


def test_a_name_that_shows_another_address_is_named():
    message = read(b"From: ruth@hudson.example <x@evil.example>\nSubject: x\n\nx\n")
    assert message.sender.email == "x@evil.example"
    assert "the sender's name shows another address" in message.defects


@pytest.mark.parametrize("value", [b"", b"   ", b"<>", b"no brackets"])
def test_a_missing_message_id_is_named_and_the_thread_still_has_a_name(value):
    message = read(b"From: a@doe.example\nSubject: x\nMessage-ID: " + value + b"\n\nx\n")
    assert message.message_id == ""
    assert "no Message-ID" in message.defects
    assert message.thread


def test_eight_thousand_references_are_capped_and_the_root_is_kept():
    ids = b" ".join(b"<%d@doe.example>" % number for number in range(8_000))
    message = read(mail(b"References: " + ids, b"", b"x"))
    assert message.thread == "0@doe.example"
    assert len(message.references) == 50
    assert "too many references" in message.defects


def test_raw_eight_bit_headers_become_clean_text():
    raw = (
        b"From: J\xfcrgen Gro\xdf <j@doe.example>\n"
        b"Subject: \xc3\x9cberlauf \x00\x07defekt\n\nx\n"
    )
    message = read(raw)
    assert message.sender.name == "Jürgen Groß"
    assert message.subject == "Überlauf defekt"


def test_of_an_alternative_the_plain_text_is_read_unless_it_is_a_stub():
    def alternative(plain: bytes) -> bytes:
        return mail(
            b"Content-Type: multipart/alternative; boundary=x",
            b"",
            b"--x",
            b"Content-Type: text/plain",
            b"",
            plain,
            b"--x",
            b"Content-Type: text/html",
            b"",
            b"<p>the <b>rich</b> text</p>",
            b"--x--",
        )

    assert read(alternative(b"the plain text")).text == "the plain text"
    assert read(alternative(b"  ")).text == "the rich text"
    assert read(alternative(b"View this email in your browser: x")).text == "the rich text"


def test_a_forward_with_nothing_said_is_new_text():
    message = read(
        mail(
            b"",
            b"FYI",
            b"",
            b"-----Original Message-----",
            b"From: Bob <bob@doe.example>",
            b"Sent: Monday, May 1, 2023 1:00 PM",
            b"To: jane@doe.example",
            b"Subject: leak",
            b"",
            b"My boiler leaks.",
        )
    )
    assert "My boiler leaks." in new_text(message)


def test_a_mail_attached_to_a_mail_is_an_attachment_with_its_text():
    message = read(
        mail(
            b"Content-Type: multipart/mixed; boundary=x",
            b"",
            b"--x",
            b"",
            b"see the tenant's mail",
            b"--x",
            b"Content-Type: message/rfc822",
            b"",
            b"From: Tom Tenant <tom@flat.example>",
            b"Subject: Heater is broken",
            b"",
            b"The heater is broken in 4B.",
            b"--x--",
        )
    )
    assert message.text == "see the tenant's mail"
    (attached,) = message.attachments
    assert attached.media_type == "message/rfc822"
    assert attached.name == "Heater is broken.eml"
    assert "Tom Tenant" in attached.text
    assert "The heater is broken in 4B." in attached.text
    assert message.kind == "service_request"


ROUTES = (b"", b"Received: from a by b; Thu, 01 Oct 2026 09:00:00 +0000\n", b"X-Spam: no\n")


def test_the_same_mail_in_two_mailboxes_has_one_id():
    ids = {read(route + mail(b"", b"The tap drips.")).id for route in ROUTES}
    assert len(ids) == 1
    (only,) = ids
    assert len(only) == 64
    assert int(only, 16) >= 0


def test_two_mails_that_share_a_message_id_have_two_ids():
    def attached(content: bytes) -> bytes:
        return mail(b"Content-Type: application/pdf; name=a.pdf", b"", content)

    one = mail(b"", b"The tap drips.")
    other = mail(b"", b"The roof leaks.")
    again = one.replace(b"07:12:33", b"07:12:34")
    ids = [read(raw).id for raw in (one, other, again, attached(b"one"), attached(b"two"))]
    assert len(set(ids)) == 5


def test_own_addresses_decide_what_is_outgoing():
    raw = mail(b"", b"Please find attached our invoice HP-1 of $90.")
    raw = raw.replace(b"Leak under the sink", b"Invoice HP-1 from Hudson")
    assert read(raw).kind == "supplier_invoice"
    sent = raw.replace(b"jane@doe.example>\n", b"ruth@post.example>\n", 1).replace(
        b"To: office@hudson.example", b"To: jane@doe.example"
    )
    assert OWN.owns("ruth@post.example")
    assert read(sent).kind == "customer_invoice"
