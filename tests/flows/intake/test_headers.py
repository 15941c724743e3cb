"""Header fields come out as people read them, however they were written."""

import pytest

from flows.intake.headers import Fields, date_of, decoded, message_ids, parties, received_date


def _shown(value: str) -> list[tuple[str, str]]:
    return [(party.name, party.email) for party in parties(value)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Jane Doe <jane@doe.example>", [("Jane Doe", "jane@doe.example")]),
        ("Doe, John <j@x.example>", [("Doe, John", "j@x.example")]),
        ('"Doe, John" <j@x.example>', [("Doe, John", "j@x.example")]),
        ("j@x.example", [("", "j@x.example")]),
        ("j@x.example (John Doe)", [("John Doe", "j@x.example")]),
        ("<J@X.Example>", [("", "j@x.example")]),
        ("mailto:j@x.example", [("", "j@x.example")]),
        (
            "Doe, John <j@x.example>; Roe, Ann <a@y.example>",
            [("Doe, John", "j@x.example"), ("Roe, Ann", "a@y.example")],
        ),
        ("Charlie, dave@x.example", [("Charlie", ""), ("", "dave@x.example")]),
        ("team: a@x.example, b@x.example;", [("", "a@x.example"), ("", "b@x.example")]),
        ("undisclosed-recipients:;", []),
        ("", []),
        (",,;;", []),
        (
            '"unclosed <a@x.example>, b@y.example',
            [("unclosed", "a@x.example"), ("", "b@y.example")],
        ),
        ("alice@a.example <bob@b.example>", [("alice@a.example", "bob@b.example")]),
        ("=?utf-8?q?J=C3=BCrgen?= <j@x.example>", [("Jürgen", "j@x.example")]),
        ('"=?utf-8?q?Gro=C3=9F=2C_J?=" <j@x.example>', [("Groß, J", "j@x.example")]),
        ("/O=FIRM/OU=X/CN=JDOE", [("/O=FIRM/OU=X/CN=JDOE", "")]),
        ("John <j@x.example> <k@x.example>", [("John", "k@x.example")]),
    ],
)
def test_parties_are_cut_where_people_see_the_cut(value, expected):
    assert _shown(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=?UTF-8?Q?Pago_de_la_factura?=", "Pago de la factura"),
        ("=?utf-8?B?RGV2aXMg?= =?utf-8?B?4oCT?=", "Devis \u2013"),
        ("=?utf-8?B?4oA=?= =?utf-8?B?kw==?=", "\u2013"),  # one character cut in two
        ("Re: =?iso-8859-1?Q?caf=E9?= today", "Re: café today"),
        ("=?x-unknown?q?caf=C3=A9?=", "café"),
        ("=?utf-8?b?UmVzY2hlZHVsZQ", "Reschedule"),  # cut off by the sender
        ("=?utf-8?b?====?=", ""),
        ("=?utf-8*en?q?hi?=", "hi"),
        ("no =? words ?=", "no =? words ?="),
        ("=?utf-8?q?=00=07a?=", "a"),
    ],
)
def test_encoded_words_are_decoded_or_left_alone(value, expected):
    assert decoded(value) == expected


@pytest.mark.parametrize(
    "value", ["12:00", "Thu, 01 Foo 2026", "0", "-1", "Thu, 01 Oct 1066 10:00:00 +0000", "\x00"]
)
def test_what_is_no_date_is_none(value):
    assert date_of(value) is None


def test_a_received_field_without_a_time_is_passed_over():
    values = ["from a by b; soon", "from c by a; Thu, 01 Oct 2026 05:00:00 +0000"]
    when = received_date(values)
    assert when is not None
    assert when.hour == 5
    assert received_date([]) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<a@x> <b@y>", ["a@x", "b@y"]),
        ("<a@x>,<b@y>", ["a@x", "b@y"]),
        ("a@x b@y", ["a@x", "b@y"]),
        ("Your message of Monday <a@x>", ["a@x"]),
        ("", []),
    ],
)
def test_message_ids(value, expected):
    assert message_ids(value) == expected


def test_a_field_is_found_whatever_its_case_and_counts_its_copies():
    fields = Fields([("FROM", "a@x.example"), ("from", "b@x.example"), ("X", "a;b")])
    assert fields.count("from") == 2
    assert fields.raw("from") == "a@x.example"
    assert fields.word("x") == "a"
    assert fields.raw("missing") == ""
