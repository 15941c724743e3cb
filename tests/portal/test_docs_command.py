"""`jigajob docs`: what the flows of a business are, for who answers for them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.language.load import load_whole
from flows.steps.registry import STEPS
from portal.docs_page import docs_markdown, docs_page
from portal.ways_out import WAYS
from tests.portal.conftest import ROOT, jigajob

FLOWS = """\
version: 1
business:
  id: hudson
  name: "Hudson <script>alert(1)</script> | *Pipes*"
  industry: "238220"
  region: US-NY
  time_zone: America/New_York
  addresses: [ruth@lantern.example]
  people: [Ruth Ostrander]
sources:
  office: {uses: outlook, address: office@hudson.example, folders: [Inbox/Jobs]}
  shop:
    uses: imap
    address: shop@hudson.example
    host: imap.hudson.example
    password: env:SHOP_PASSWORD
  bank: {uses: bank, path: bank}
  books:
    {uses: workbook, address: cfo@hudson.example, file: Books/2026.xlsx, table: Rows, key: Id}
outlets:
  dispatch:
    {uses: http, url: "https://dispatch.example/hooks/8f3a?id=77", secret: env:DISPATCH_SECRET}
  logic: {uses: http, url: env:LOGIC_APP_URL}
  papers: {uses: folder, path: papers}
flows:
  - id: accepted
    name: Open the job [now](javascript:alert(1))
    description: Asked for by ruth@lantern.example.
    triggers: [{mail: office}]
    conditions:
      - mail.sender.email != 'dale@rival.example'
      - mail.subject | mentions('a', '|')
    keep: [customer.name, customer.phone]
    retention: 3m
    steps:
      - {id: job, uses: job.open, with: {title: Job, customer: "{{ customer.name }}"}}
      - id: call
        uses: webhook.call
        with:
          to: dispatch
          data: {job: "{{ steps.job.job }}", phone: "{{ kept.customer.phone }}"}
        retry: {attempts: 5, within: 2d}
        on_error: {notify: dispatcher}
      - {id: other, uses: webhook.call, with: {to: logic, data: {job: "{{ steps.job.job }}"}}}
      - {id: row, uses: row.append, with: {to: books, columns: {What: "{{ mail.subject }}"}}}
      - id: order
        uses: mail.draft
        with: {to: parts@supplier.example, subject: Parts, template: order.txt.j2}
        approve: {by: owner, within: 30m, then: {ask: dispatcher}}
  - id: rest
    name: Rest
    enabled: false
    inputs: {site: {type: text}}
    triggers:
      - {transaction: bank}
      - {overdue: 14d}
      - {schedule: "0 8 * * mon-fri"}
      - {manual: true}
      - {output: {flow: accepted, step: order, state: sent}}
    steps:
      - {id: note, uses: file.write, with: {to: papers, name: a.txt, text: Something.}}
"""


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    (tmp_path / "flows.yaml").write_text(FLOWS, encoding="utf-8")
    (tmp_path / "order.txt.j2").write_text("For {{ customer.name }}.", encoding="utf-8")
    return tmp_path / "flows.yaml"


def own(flows: Path) -> str:
    return docs_markdown(load_whole(flows)).partition("has automated\n")[2]


def test_it_is_said_who_gets_what(flows: Path) -> None:
    """Each way out with its receiver, the fields that its texts name, and who approves."""
    ways = own(flows).partition("### What leaves, and to whom")[2]
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in ways.splitlines()
        if line.startswith("| `")
    ]
    nobody = "nobody, by this file"
    drafts = "the drafts of the mailbox, where a person sends it to"
    dispatch, phone = "`dispatch`, a program at `dispatch.example`", "`customer.phone`"
    hidden = "`logic`, a program at an address that is kept outside flows.yaml"
    book, both = "the workbook `books` at Microsoft", f"`customer.name`, {phone}"
    one = f"{drafts} one address, written in flows.yaml"
    assert rows == [
        ["`accepted/call`", dispatch, phone, nobody],
        ["`accepted/other`", hidden, "none", nobody],
        ["`accepted/row`", book, both, nobody],
        ["`accepted/order`", one, "`customer.name`", "`owner`"],
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "for 3 months.",
        "Tried 5 times or for 2 days at most.",
        "If it fails, `dispatcher` is told.",
        "`owner` approves; 30 minutes without an answer, and `dispatcher` is asked.",
        "`rest`, off",
        "Runs the flow for each new movement of a source of transactions: `bank`.",
        "invoice that is still owed so long after it was due: `14d`.",
        "after each time that it names: `0 8 * * mon-fri`.",
        "says `jigajob start FLOW`; `inputs` says what to give.",
        "that reaches a state: `accepted`, `order`, `sent`.",
        "- Takes `site`.",
        "host `imap.hudson.example`",
        "folders `Inbox/Jobs`",
    ],
)
def test_it_is_said_when_and_how(flows: Path, sentence: str) -> None:
    assert sentence in own(flows)


@pytest.mark.parametrize(
    "private",
    ["@hudson", "@lantern", "@rival", "@supplier", "Ostrander", "_SECRET", "_URL", "8f3a"],
)
def test_no_secret_and_nobodys_address_is_told(flows: Path, private: str) -> None:
    """Neither where a key lies nor what leads to a person."""
    assert private in FLOWS
    assert private not in own(flows)
    assert private not in docs_page(load_whole(flows)).partition("has automated</h2>")[2]


def test_nothing_of_the_file_is_markup(flows: Path) -> None:
    """A name cannot bring a script, a link or a cell of a table into the page."""
    page = docs_page(load_whole(flows))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "*Pipes*" in page
    assert 'href="javascript:' not in page
    assert "mail.subject | mentions('a', '|')" in page.replace("&#x27;", "'")


def test_the_page_is_whole_by_itself(flows: Path) -> None:
    """It fetches nothing, and each line of its contents leads to a heading."""
    page = docs_page(load_whole(flows))
    assert re.findall(r'(?:src|href)="(?!#|https://)[^"]*"', page) == []
    assert not re.search(r"<(?:script|link|img|iframe)\b", page)
    leads = re.findall(r'href="#(\w+)"', page)
    assert len(leads) > 20
    assert set(leads) == set(re.findall(r'<h[23] id="(\w+)"', page))
    for uses in STEPS:
        assert re.search(rf"<h4>{re.escape(uses)}</h4>", page)


def test_every_step_has_a_way_or_is_known_to_have_none() -> None:
    """A new step cannot be left out of what leaves."""
    assert set(WAYS) == set(STEPS)


def test_the_command_writes_what_it_prints(tmp_path: Path) -> None:
    html, markdown = tmp_path / "docs.html", tmp_path / "docs.md"
    done = jigajob("docs", "--html", html, "--markdown", markdown)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"wrote {html}\nwrote {markdown}\n"
    assert html.read_text("utf-8").startswith("<!doctype html>")
    printed = jigajob("docs")
    assert printed.stdout == markdown.read_text("utf-8")
    for flow in load_whole(ROOT / "flows.yaml").file.flows:
        assert f"`{flow.id}`" in printed.stdout


def test_the_flows_are_never_written_over(flows: Path) -> None:
    done = jigajob("--flows", flows, "docs", "--markdown", flows)
    assert done.returncode == 1
    assert "is the flows file" in done.stderr
    assert flows.read_text("utf-8") == FLOWS


def test_what_blocks_and_inputs_pass_on_is_told(flows: Path) -> None:
    """A name that somebody gives leaves like one that a mail brought, also through a block."""
    added = """\
  - id: booked
    name: Booked
    triggers: [{manual: true}]
    inputs: {who: {type: name}, part: {type: text}}
    retention: 30d
    steps:
      - {id: one, uses: block.tell, with: {title: "For {{ inputs.who }}"}}
      - {id: two, uses: block.tell, with: {title: "{{ inputs.part }}"}}
      - {id: own, uses: file.write, with: {to: papers, name: b.txt, text: "{{ inputs.who }}"}}
blocks:
  tell:
    inputs: {title: text}
    steps:
      - {id: call, uses: webhook.call, with: {to: logic, data: {what: "{{ inputs.title }}"}}}
"""
    flows.write_text(FLOWS + added, encoding="utf-8")
    told = own(flows)
    rows = [line.split(" | ") for line in told.splitlines() if line.startswith("| `booked/")]
    assert [(row[0], row[2]) for row in rows] == [
        ("| `booked/one--call`", "`inputs.who`"),
        ("| `booked/two--call`", "none"),
        ("| `booked/own`", "`inputs.who`"),
    ]
    assert "- Keeps as given what comes as `who`, for 30 days." in told
    assert "Keeps no personal field; its records stay for 30 days." not in told
