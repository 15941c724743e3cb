"""The sample mailbox, its accounts and what is expected of them agree with one another.

`tests/mails/expected.yaml` is what the whole product is measured against, so here it is
measured itself: nothing unlisted, nothing listed that is not there, nobody real in it.
"""

from __future__ import annotations

import csv
import html
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pypdfium2
import pytest
import yaml
from ofxtools.Parser import OFXTree

from flows.language.checks import BOOKED, DELIVERED
from flows.language.load import load
from flows.language.sources import BankSource
from flows.model import ArrivalState, MessageKind, Verdict
from flows.steps.registry import STEPS
from tests.mails import write_invoices

ROOT = Path(__file__).parent.parent
MAILS = ROOT / "tests" / "mails"
INBOX = MAILS / "inbox"
EXPECTED: dict[str, Any] = yaml.safe_load((MAILS / "expected.yaml").read_text("utf-8"))
LISTED: dict[str, dict[str, Any]] = EXPECTED["mails"]
ORIGINALS = {path: mail for path, mail in LISTED.items() if "same_as" not in mail}
FLOWS = load(ROOT / "flows.yaml")
WORDS = ("keep", "personal", "minors", "hard", "hidden")
QUARANTINE = {"not_mail", "empty", "malformed", "too_large"}
SKIP = {"personal", "duplicate", "auto_reply", "bounce", "bulk", "spam"}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@cache
def contents() -> dict[str, bytes]:
    """Every message of the inbox by the path under which `expected.yaml` knows it."""
    found: dict[str, bytes] = {}
    for path in sorted(INBOX.rglob("*")):
        name = path.relative_to(INBOX).as_posix()
        if not path.is_file() or path.name == ".gitkeep":
            continue
        if path.suffix == ".mbox":
            messages = re.split(rb"(?m)^From \S+ .*\n", path.read_bytes())[1:]
            for number, raw in enumerate(messages, start=1):
                found[f"{name}#{number}"] = re.sub(rb"(?m)^>(>*From )", rb"\1", raw)
        else:
            found[name] = path.read_bytes()
    return found


def parsed(raw: bytes) -> Message:
    return message_from_bytes(re.sub(rb"\A(\xef\xbb\xbf)?(From [^\r\n]*\r?\n)?", b"", raw))


def lenient(raw: bytes, charset: str | None) -> str:
    for name in (charset or "utf-8", "utf-8", "cp1252"):
        try:
            return raw.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("latin-1")


def header_text(value: object) -> str:
    try:
        return str(make_header(decode_header(str(value))))
    except (LookupError, UnicodeDecodeError, MessageError):
        return str(value)


def pdf_text(raw: bytes) -> str:
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError:
        return ""
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def pieces(raw: bytes) -> Iterator[str]:
    """Whatever the mail says anywhere: raw, headers, parts, HTML without tags, PDFs."""
    yield lenient(raw, None)
    for part in parsed(raw).walk():
        yield from (f"{name}: {header_text(value)}" for name, value in part.items())
        if part.is_multipart():
            continue
        body = part.get_payload(decode=True)
        assert isinstance(body, bytes)
        if body.startswith(b"%PDF"):
            yield pdf_text(body)
        elif part.get_content_maintype() == "text":
            text = lenient(body, part.get_content_charset())
            yield text
            yield html.unescape(re.sub(r"<[^>]*>", " ", text))


@cache
def text_of(path: str) -> str:
    return one_spaced("\n".join(pieces(contents()[path])))


def one_spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_every_message_is_listed_and_every_listed_message_is_there() -> None:
    assert sorted(contents()) == sorted(LISTED)
    assert len(LISTED) >= 90


def test_no_two_files_are_alike_but_the_one_copy() -> None:
    by_content = Counter(contents().values())
    twice = [path for path, raw in contents().items() if by_content[raw] > 1]
    assert sorted(twice) == ["1001-no-heat.eml", "seen-twice/1001-no-heat (1).eml"]


@pytest.mark.parametrize("path", sorted(set(LISTED) - set(ORIGINALS)))
def test_a_copy_is_the_same_mail_as_its_original(path: str) -> None:
    """Same identity and same words; only what mail servers add on the way may differ."""
    copy, original = (parsed(contents()[p]) for p in (path, LISTED[path]["same_as"]))
    for header in ("Message-ID", "Date", "From", "Subject"):
        assert copy[header] == original[header]
    assert copy.get_payload() == original.get_payload()


@pytest.mark.parametrize("path", sorted(ORIGINALS))
def test_what_is_expected_of_a_mail_can_be_said_in_our_words(path: str) -> None:
    mail = ORIGINALS[path]
    assert set(mail) <= {
        *("shows", "kind", "verdict", "state", "reason", "automatic", "flows"),
        *("fields", "invoice"),
        *WORDS,
    }
    states = as_list(mail.get("state", "stored"))
    assert set(states) <= set(get_args(ArrivalState))
    if mail["kind"] is not None:
        assert set(as_list(mail["kind"])) <= set(get_args(MessageKind))
        assert set(as_list(mail.get("verdict", "business"))) <= set(get_args(Verdict))
    reasons = set(as_list(mail.get("reason", "")))
    allowed = {"stored": {""}, "skipped": SKIP, "quarantined": QUARANTINE}
    assert reasons <= set().union(*(allowed[state] for state in states))
    assert all(reasons & allowed[state] for state in states)
    if mail["flows"] == "any":
        assert len(as_list(mail["kind"])) > 1 or len(states) > 1
    else:
        assert set(mail["flows"]) <= {flow.id for flow in FLOWS.flows}
        assert not mail["flows"] or states == ["stored"]


@pytest.mark.parametrize("path", sorted(ORIGINALS))
def test_every_word_listed_for_a_mail_stands_in_it(path: str) -> None:
    mail, text = ORIGINALS[path], text_of(path)
    listed = [word for name in WORDS for word in mail.get(name, [])]
    listed += mail.get("fields", {}).values()
    missing = [word for word in listed if one_spaced(word).casefold() not in text.casefold()]
    assert missing == []


@pytest.mark.parametrize("path", sorted(ORIGINALS))
def test_nothing_is_both_to_be_kept_and_to_be_removed(path: str) -> None:
    mail = ORIGINALS[path]
    removed = [
        word for name in ("personal", "minors", "hard", "hidden") for word in mail.get(name, [])
    ]
    kept = [*mail.get("keep", []), *mail.get("fields", {}).values()]
    clash = [(k, r) for k in kept for r in removed if r in k or k in r]
    assert clash == []


@pytest.mark.parametrize("path", sorted(ORIGINALS))
def test_fields_are_those_that_the_flows_of_the_mail_keep(path: str) -> None:
    mail = ORIGINALS[path]
    if mail["flows"] == "any":
        assert "fields" not in mail
        return
    kept = {name for flow in FLOWS.flows if flow.id in mail["flows"] for name in flow.keep}
    assert set(mail.get("fields", {})) <= kept


@pytest.mark.parametrize("path", sorted(ORIGINALS))
def test_the_mail_is_of_october_2026(path: str) -> None:
    mail = parsed(contents()[path])
    if ORIGINALS[path]["kind"] is None or path == "broken/1007-bad-date.eml":
        with pytest.raises((TypeError, ValueError)):
            parsedate_to_datetime(str(mail["Date"] or ""))
        return
    raw = str(mail["Date"] or re.search(r"Date: ([^\r\n]+)", text_of(path))[1])  # type: ignore[index]  # the pattern is in every mail
    sent = parsedate_to_datetime(raw)
    assert (sent.year, sent.month) == (2026, 10)
    assert sent.strftime("%a") == raw[:3]


def test_every_kind_and_every_ending_is_shown() -> None:
    kinds = Counter(kind for mail in ORIGINALS.values() for kind in as_list(mail["kind"]))
    assert min(kinds[kind] for kind in get_args(MessageKind)) >= 4
    reasons = {
        mail.get("reason", "")
        for mail in ORIGINALS.values()
        if "state" in mail
        and not isinstance(mail["state"], list)
        and isinstance(mail.get("reason", ""), str)
    }
    assert reasons >= {"personal", "auto_reply", "bounce", "bulk", "spam", "not_mail"}
    assert (
        sum(
            "minors" in mail and mail.get("verdict") != "personal"
            for mail in ORIGINALS.values()
        )
        >= 8
    )


def all_texts() -> Iterator[tuple[str, str]]:
    yield from (
        (path, text_of(path)) for path in contents() if LISTED[path].get("kind", "") is not None
    )
    for path in (ROOT / "flows.yaml", *(ROOT / "templates").iterdir()):
        yield path.name, path.read_text("utf-8")
    for path in sorted(MAILS.rglob("*")):
        if path.is_file() and path.suffix in {".ofx", ".csv", ".yaml"}:
            yield path.name, path.read_text("utf-8")


def test_nobody_real_is_in_the_samples() -> None:
    """Domains that nobody can own, phone numbers that no one answers, cards for testing."""
    domain = re.compile(r"(?:[\w.+-]@|https?://)([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
    phone = re.compile(r"(?<![\d/-])\(?\b(\d{3})\)?[-. ]{1,2}(\d{3})[-. ](\d{4})(?![\d-]| \d)")
    card = re.compile(r"(?<!\d)(?<!DE\d\d )\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}(?!\d)")
    strange = []
    for path, text in all_texts():
        strange += [
            (path, d) for d in domain.findall(text) if not d.lower().endswith(".example")
        ]
        strange += [(path, m) for m in phone.findall(text) if m[1] != "555" or m[2][:2] != "01"]
        strange += [(path, c) for c in card.findall(text) if not c.startswith("4111 1111")]
    assert strange == []


def test_the_samples_are_small() -> None:
    sizes = [path.stat().st_size for path in MAILS.rglob("*") if path.is_file()]
    assert sum(sizes) < 600_000
    assert max(sizes) < 60_000


@pytest.mark.parametrize(
    "mail",
    yaml.safe_load((MAILS / "invoices.yaml").read_text("utf-8")),
    ids=lambda m: m["path"],
)
def test_invoice_mails_are_what_the_script_writes(mail: dict[str, Any]) -> None:
    assert write_invoices.message(mail) == contents()[mail["path"]]


@pytest.mark.parametrize("path", [path for path in ORIGINALS if "invoice" in ORIGINALS[path]])
def test_the_invoice_that_is_expected_is_the_one_that_the_mail_states(path: str) -> None:
    invoice, text = ORIGINALS[path]["invoice"], text_of(path)
    amount = f"{Decimal(invoice['amount']):,.2f}"
    if invoice["currency"] == "EUR":
        amount = amount.translate(str.maketrans(",.", ".,"))
    due = datetime.fromisoformat(str(invoice["due"]))
    written = (
        f"{due:%m/%d/%Y}",
        f"{due:%B} {due.day}, 2026",
        f"{due:%d.%m.%Y}",
        f"{due:%B} {due.day}",
    )
    assert invoice["number"] in text
    assert amount in text
    assert any(form in text for form in written)
    assert (
        ORIGINALS[path]["kind"]
        == {
            "payable": "supplier_invoice",
            "receivable": "customer_invoice",
        }[invoice["direction"]]
    )


def movements(source: str) -> dict[str, str]:
    """References by day and signed amount; read without our own connector."""
    spec = FLOWS.sources[source]
    assert isinstance(spec, BankSource)
    if spec.columns is None:
        return {
            f"{row.dtposted:%Y-%m-%d} {row.trnamt}": f"{row.name} {row.memo or ''}"
            for path in sorted((ROOT / spec.path).glob("*.ofx"))
            for row in statement(path)
        }
    with (ROOT / spec.path).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Reference No"]]
    return {
        f"{month_first(row['Posted'])} {signed(row['Credit'], row['Debit'])}": row[
            "Description"
        ]
        for row in rows
    }


def signed(paid_in: str, paid_out: str) -> str:
    return (paid_in or f"-{paid_out}").replace(",", "")


def month_first(day: str) -> str:
    return f"{day[6:]}-{day[:2]}-{day[3:5]}"


def statement(path: Path) -> list[Any]:
    tree = OFXTree()
    with path.open("rb") as file:
        tree.parse(file)
    return list(tree.convert().statements[0].transactions)


def bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


@pytest.mark.parametrize("source", sorted(EXPECTED["transactions"]))
def test_exact_payments_name_invoice_and_amount_and_near_ones_miss_one_of_them(
    source: str,
) -> None:
    invoices = {
        str(mail["invoice"]["number"]): mail["invoice"]
        for mail in ORIGINALS.values()
        if "invoice" in mail
    }
    for movement, outcome in EXPECTED["transactions"][source].items():
        [(how, number)] = outcome.items()
        amount, reference = Decimal(movement.split()[1]), movements(source)[movement]
        owed = Decimal(invoices[number]["amount"])
        if invoices[number]["direction"] == "payable":
            owed = -owed
        named = bare(number) in bare(reference)
        assert (how == "exact") == (named and amount == owed)
        assert named or amount == owed


def test_a_month_of_movements_overlaps_between_the_files_of_the_account() -> None:
    first, second = (
        {row.fitid: (row.trnamt, row.dtposted, row.name) for row in statement(path)}
        for path in sorted((MAILS / "bank" / "checking").glob("*.ofx"), reverse=True)
    )
    shared = first.keys() & second.keys()
    assert 5 <= len(shared) < min(len(first), len(second))
    assert all(first[native_id] == second[native_id] for native_id in shared)
    assert {source: len(movements(source)) for source in ("bank", "card")} == EXPECTED[
        "movements"
    ]
    assert sum(EXPECTED["movements"].values()) >= 45


def test_the_flows_use_steps_that_exist_with_options_that_they_take() -> None:
    for flow in FLOWS.flows:
        for step in flow.steps:
            STEPS[step.uses].options.model_validate(step.options)
            if "template" in step.options:
                assert (ROOT / step.options["template"]).is_file()


def test_the_flows_cover_every_kind_of_work() -> None:
    assert 6 <= len(FLOWS.flows) <= 8
    # The sample mail lies in a folder, from which nothing is sent or marked, and no books
    # are connected; nor are programs, Teams, lists of tasks and folders of others.
    outside = {"webhook.call", "teams.post", "task.add", "file.write"}
    possible = set(STEPS) - set(DELIVERED) - set(BOOKED) - {"mail.draft"} - outside
    assert {step.uses for flow in FLOWS.flows for step in flow.steps} == possible
