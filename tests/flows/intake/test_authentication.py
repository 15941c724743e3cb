"""Only the receiving host is believed, wherever it writes, and whatever senders write."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.intake.authentication import dmarc_of, read_results, without_comments
from tests.depth import times
from tests.flows.intake.building import read

MX = "mx.hudson.example"
GENUINE = (
    "mx.hudson.example; dkim=pass header.d=doe.example; dmarc=pass header.from=doe.example"
)
FORGED = "Authentication-Results: mx.hudson.example; dmarc=pass header.from=doe.example\n"
BORDER = (
    "Received: from out.doe.example (out.doe.example [192.0.2.1])\n"
    "\tby mx.hudson.example (Postfix) with ESMTPS id 4F9C1A0B2D\n"
    "\tfor <office@hudson.example>; Thu, 1 Oct 2026 07:12:40 -0400 (EDT)\n"
)
SENT = (
    "From: Jane Doe <jane@doe.example>\nTo: office@hudson.example\nSubject: Leak\n"
    "Date: Thu, 01 Oct 2026 07:12:33 -0400\nMessage-ID: <leak-1@doe.example>\n\nhello\n"
)


def dmarc(head: str, received_by: str = "mx.hudson.example", sent: str = SENT) -> str:
    """What is found of the sender of a mail with *head* above what its sender wrote."""
    return read((head + sent).encode(), received_by=received_by).dmarc


def test_exim_writes_above_its_received() -> None:
    """In one field, with comments and folded."""
    head = (
        "Authentication-Results: mx.hudson.example;\n\tiprev=pass (out.doe.example)"
        " smtp.remote-ip=192.0.2.1;\n\tspf=pass smtp.mailfrom=doe.example;\n"
        "\tdkim=pass header.d=doe.example header.s=s1 header.a=rsa-sha256;\n"
        "\tdmarc=pass header.from=doe.example\n"
    )
    assert dmarc(head + BORDER) == "pass"
    assert dmarc(head.replace("dmarc=pass", "dmarc=fail") + BORDER) == "fail"


def test_delivery_inside_the_house_does_not_move_the_border() -> None:
    """What stands above the border was written after the mail had come in."""
    inside = (
        "Received: from mx.hudson.example by imap.hudson.example (Dovecot) with LMTP id 1\n"
    )
    assert dmarc(f"{inside}Authentication-Results: {GENUINE}\n{BORDER}") == "pass"


GMAIL = (
    "Delivered-To: office@mail.example\n"
    "Received: by 2002:a05:7208:3243:b0:88 with SMTP id e3csp1; Thu, 1 Oct 2026 04:12:41 -07\n"
    "ARC-Authentication-Results: i=1; mx.google.com; dmarc=fail header.from=doe.example\n"
    "Return-Path: <jane@doe.example>\n"
    "Received: from out.doe.example (out.doe.example. [192.0.2.1])\n"
    "        by mx.google.com with ESMTPS id a1-2002si9.1 for <office@mail.example>;\n"
    "        Thu, 01 Oct 2026 04:12:41 -0700 (PDT)\n"
    "Received-SPF: pass (google.com: domain of jane@doe.example designates 192.0.2.1)\n"
    "Authentication-Results: mx.google.com;\n"
    "       dkim=pass header.i=@doe.example header.s=s1 header.b=AbCdEf;\n"
    "       spf=pass (google.com: domain of jane@doe.example designates 192.0.2.1 as permitted"
    " sender) smtp.mailfrom=jane@doe.example;\n"
    "       dmarc=pass (p=QUARANTINE sp=QUARANTINE dis=NONE) header.from=doe.example\n"
)


def test_gmail_writes_below_its_received() -> None:
    """And takes out what others wrote under its name, so that its first field counts."""
    assert dmarc(GMAIL, "mx.google.com") == "pass"
    failed = GMAIL.replace("dmarc=pass", "dmarc=fail")
    forged = FORGED.replace("mx.hudson.example", "mx.google.com")
    assert dmarc(failed + forged, "mx.google.com") == "fail"


MICROSOFT = (
    "Received: from A.eurprd03.prod.outlook.com (2603::1) by B.eurprd03.prod.outlook.com\n"
    " with HTTPS; Thu, 1 Oct 2026 11:12:42 +0000\n"
    "Authentication-Results: spf=pass (sender IP is 192.0.2.1)\n"
    " smtp.mailfrom=doe.example; hudson.example; dkim=pass (signature was verified)\n"
    " header.d=doe.example;hudson.example; dmarc=pass action=none\n"
    " header.from=doe.example;compauth=pass reason=100\n"
    "Received-SPF: Pass (protection.outlook.com: domain of doe.example designates)\n"
    "Received: from out.doe.example (192.0.2.1) by\n"
    " DB3EUR04FT032.mail.protection.outlook.com (10.152.24.50) with Microsoft SMTP Server id\n"
    " 15.20; Thu, 1 Oct 2026 11:12:41 +0000\n"
)


def test_microsoft_names_no_host_and_inserts_the_recipients_domain() -> None:
    """Above its border; a field without a name below it is the sender's own."""
    assert dmarc(MICROSOFT, "microsoft") == "pass"
    assert dmarc(MICROSOFT.replace("dmarc=pass", "dmarc=fail"), "microsoft") == "fail"
    assert (
        dmarc(MICROSOFT.replace("dmarc=pass action=none", "dmarc=bestguesspass"), "microsoft")
        == "pass"
    )
    bare = (
        MICROSOFT.partition("Authentication")[0] + MICROSOFT[MICROSOFT.index("Received-SPF") :]
    )
    own = "Authentication-Results: dkim=pass header.d=doe.example; dmarc=pass action=none\n"
    assert dmarc(bare + own, "microsoft") == "unknown"


def test_opendmarc_and_rspamd_under_postfix_are_known_by_the_queue_id() -> None:
    """Below the border only what follows a field with the id that no sender foresees."""
    result = "Authentication-Results: mx.hudson.example; dmarc=pass header.from=doe.example\n"
    filtered = "DMARC-Filter: OpenDMARC Filter v1.4.1 mx.hudson.example 4F9C1A0B2D\n"
    assert dmarc(BORDER + filtered + result) == "pass"
    assert dmarc(BORDER + filtered + result.replace("pass", "fail") + FORGED) == "fail"
    assert dmarc(BORDER + filtered.replace("4F9C", "0000") + result) == "unknown"
    assert dmarc(f"{BORDER}X-Rspamd-Queue-Id: 4F9C1A0B2D\n{result}") == "pass"


def test_a_host_may_be_said_to_write_below() -> None:
    """For one that takes out forged results itself; flows.yaml has to say so."""
    assert dmarc(f"{BORDER}Authentication-Results: {GENUINE}\n") == "unknown"
    assert (
        dmarc(f"{BORDER}Authentication-Results: {GENUINE}\n", "mx.hudson.example below")
        == "pass"
    )


HOP = "Received: from desk by out.doe.example; Thu, 1 Oct 2026 07:12:35 -0400\n"
OWN_HOP = (
    "Received: from x by mx.hudson.example (Postfix) id 77AA77AA77; Thu, 1 Oct 2026 1:1:1 +0\n"
)


@pytest.mark.parametrize(
    "head",
    [
        BORDER + FORGED,
        BORDER + HOP + FORGED,
        BORDER + FORGED + OWN_HOP,
        f"{BORDER}DMARC-Filter: Filter mx.hudson.example 77AA77AA77\n{FORGED}{OWN_HOP}",
        f"Authentication-Results: elsewhere.example; dmarc=pass\n{BORDER}",
        f"Authentication-Results: mx.hudson.example.evil.example; dmarc=pass\n{BORDER}",
        f'Authentication-Results: x; comment="; mx.hudson.example; dmarc=pass"\n{BORDER}',
        f"Authentication-Results: {MX}; spf=pass smtp.mailfrom=evil.example\n{BORDER}",
        f"Authentication-Results: mx.hudson.example; (dmarc=pass) dmarc=fail\n{BORDER}",
        f"Authentication-Results: {MX}; dmarc=pass header.from=evil.example\n{BORDER}",
        f"Authentication-Results: mx.hudson.example (; dmarc=pass\n{BORDER}",
        f'Authentication-Results: mx.hudson.example; dmarc=pass reason="\n{BORDER}',
        FORGED.replace("pass", "temperror") + BORDER,
        FORGED.replace("pass", "fail") + FORGED + BORDER,
        FORGED + FORGED.replace("pass", "fail") + BORDER,
    ],
)
def test_what_is_forged_or_malformed_does_not_pass(head: str) -> None:
    """Below the border, under another name, in comments and quotes, about another domain."""
    assert dmarc(head) != "pass"


@pytest.mark.parametrize(
    "senders",
    [
        "From: a@doe.example\nFrom: jane@doe.example\n",
        "From: jane@doe.example, ceo@other.example\n",
        "Subject: nobody\n",
    ],
)
def test_not_exactly_one_sender_fails(senders: str) -> None:
    """Readers show one, and the host may have looked at the other."""
    head = f"Authentication-Results: {GENUINE}\n{BORDER}"
    assert dmarc(head, sent=f"{senders}To: office@hudson.example\n\nhello\n") == "fail"


def test_without_a_policy_it_counts_what_passed_for_the_domain() -> None:
    """As DMARC would have asked; else nothing is proven."""
    none = "Authentication-Results: mx.hudson.example; dmarc=none header.from=doe.example;"
    assert dmarc(f"{none} dkim=pass header.d=mail.doe.example\n{BORDER}") == "pass"
    assert dmarc(f"{none} dkim=pass header.d=mailer.example\n{BORDER}") == "none"


def test_without_a_trusted_host_only_bad_news_is_believed() -> None:
    """Nobody gains by forging a failure."""
    head = f"Authentication-Results: {GENUINE}\n"
    assert dmarc(head + BORDER, "") == "unknown"
    assert dmarc(head.replace("dmarc=pass", "dmarc=fail") + BORDER, "") == "fail"


WORDS = [*'ab;=()"\\. \t/,', "dmarc", "pass", "mx.hudson.example", " by ", " id "]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=30).map("".join)
NAMES = st.sampled_from(
    ["Authentication-Results", "Received", "DMARC-Filter", "X-Rspamd-Queue-Id", "From", "X"]
)


@settings(max_examples=times(100), deadline=None)
@given(st.lists(st.tuples(NAMES, st.one_of(TEXTS, st.text(max_size=80))), max_size=8))
def test_nothing_below_the_border_passes_and_nothing_raises(
    below: list[tuple[str, str]],
) -> None:
    """Whatever a sender writes under the Received of the host that took it."""
    border = ("Received", "from x by mx.hudson.example (Postfix) id 4F9C1A0B2D; now")
    passed = ("Authentication-Results", "mx.hudson.example; dmarc=pass")
    found = dmarc_of(
        [border, *below, passed], received_by="mx.hudson.example", senders=["a@doe.example"]
    )
    assert found in ("fail", "none", "unknown")


@given(st.text(max_size=200))
def test_any_value_can_be_read_or_is_refused(value: str) -> None:
    """Comments and quotes that never end are refused, nothing raises."""
    plain = without_comments(value)
    assert (plain is None) == (read_results(value) is None)
