"""`jigajob clean` shows what goes and what stays of any file, side by side, and why."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from anonymizer.text.cleaner import Cleaner
from flows.language.load import load
from portal.cleaning_files import CleanOptions, as_mail, clean_file
from portal.cleaning_page import render_clean_page
from portal.cleaning_view import CleanView
from tests.portal.conftest import ROOT, jigajob

pytestmark = pytest.mark.timeout(300)

MAIL = """\
From: Maria Lopez <maria.lopez@mail.example>
To: Hudson Plumbing <office@hudson.example>
Subject: No hot water, order 77120
Date: Mon, 04 May 2026 09:30:00 -0400

Hi Hudson Plumbing,

My card is 4242 4242 4242 4242 <script>alert(1)</script> & "more".
I live at 12 Elm Street,
Kingston, NY 12401. Ray Dunn was here. See HM-20441.

Maria Lopez
845-555-0101
"""
FLOWS = r"""version: 1
business: {id: hudson, name: Hudson Plumbing, industry: "238220", region: US-NY,
  time_zone: America/New_York, domains: [hudson.example], people: [Ray Dunn]}
sources: {office: {uses: folder, path: mail}}
anonymizer:
  recognisers:
    - {name: member, label: MEMBER, pattern: 'HM-\d{5}', reason: a member's number,
       tests: {finds: [HM-20441]}}
flows:
  - id: a
    name: A
    triggers: [{mail: office}]
    keep: [customer.name]
    generalise: [address]
    steps: [{id: job, uses: job.open, with: {title: x}}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mail.txt").write_text(MAIL, encoding="utf-8")
    (tmp_path / "flows.yaml").write_text(FLOWS, encoding="utf-8")
    return tmp_path


def _view(cleaner: Cleaner, folder: Path, *keep: str) -> CleanView:
    options = CleanOptions.of(keep, None, load(folder / "flows.yaml"))
    return clean_file(cleaner, MAIL.encode(), "mail.txt", options).view("mail.txt")


def test_both_sides_are_whole(cleaner: Cleaner, folder: Path) -> None:
    """Left is what came in, letter by letter; right is what is stored of it."""
    view = _view(cleaner, folder)
    text = next(section for section in view.sections if section.title == "Text")
    came = "\n".join("".join(piece.given for piece in line) for line in text.lines)
    stored = "\n".join("".join(piece.stored for piece in line) for line in text.lines)
    assert came == MAIL.partition("\n\n")[2].rstrip("\n")
    assert "<CARD_1>" in stored
    assert "4242" not in stored
    assert "Elm" not in stored
    assert len(text.lines) == came.count("\n") + 1


def test_what_stays_is_told_with_its_reason(cleaner: Cleaner, folder: Path) -> None:
    left = {row.value: row.reason for row in _view(cleaner, folder).left}
    assert left["Maria Lopez"] == "kept as customer.name"
    assert left["Ray Dunn"] == "one of the business's own people"
    assert left["Hudson Plumbing"] == "a firm that the business works with"
    assert left["77120"] == "a number of the business's papers"


def test_what_goes_is_told_with_its_reason(cleaner: Cleaner, folder: Path) -> None:
    gone = {row.stand_in: row.reason for row in _view(cleaner, folder).gone}
    assert gone["<CARD_1>"] == "a payment card"
    assert gone["<AREA_US_124>"] == "a street address or postcode"


def test_lists_of_fields_may_have_commas(cleaner: Cleaner, folder: Path) -> None:
    view = _view(cleaner, folder, "customer.phone,customer.address", "site.address")
    assert {row.value for row in view.left} >= {"845-555-0101", "Maria Lopez"}


@pytest.mark.parametrize(
    ("raw", "name", "same"),
    [
        (b"Subject: a\n\ntext", "a.txt", True),
        (b"Subject: a\n\ntext", "-", True),
        (b"From: a\r\n\r\ntext", "a.eml", True),
        (b"just text", "a.eml", True),
        (b"just text", "a.txt", False),
        (b"Note: call Tim\nSubject to change", "-", False),
        (b"\x00\x01", "-", True),
        (b"", "-", True),
        (b"%PDF-1.4", "a.pdf", False),
    ],
)
def test_text_and_documents_are_read_as_if_they_came_by_mail(
    raw: bytes, name: str, same: bool
) -> None:
    assert (as_mail(raw, name) == raw) is same


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_one_strict_file_without_scripts(cleaner: Cleaner, folder: Path) -> None:
    page = render_clean_page([_view(cleaner, folder)])
    read = _Page()
    read.feed(page)
    assert read.open == []
    tags = [tag for tag, _ in read.seen]
    assert not {"script", "img", "link", "iframe", "form"} & set(tags)
    assert not [attrs for _, attrs in read.seen if {"src", "href", "onclick"} & set(attrs)]
    assert "default-src 'none'" in page
    assert "&lt;script&gt;" in page
    ids = [attrs["id"] for _, attrs in read.seen if "id" in attrs]
    assert len(ids) == len(set(ids))
    named = {attrs["aria-labelledby"] for _, attrs in read.seen if "aria-labelledby" in attrs}
    assert named <= set(ids)
    assert all("scope" in attrs for tag, attrs in read.seen if tag == "th")


def test_the_page_tells_labels_in_words_and_not_by_colour_alone(
    cleaner: Cleaner, folder: Path
) -> None:
    page = render_clean_page([_view(cleaner, folder)])
    assert re.search(
        r"<del class=\"secret\"[^>]*>4242 4242 4242 4242<small>card</small></del>", page
    )


def test_a_command_takes_business_keep_and_recognisers_from_a_flows_file(folder: Path) -> None:
    done = jigajob("clean", "--flows", folder / "flows.yaml", "--json", folder / "mail.txt")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert "<MEMBER_1>" in answer["text"]
    assert "Ray Dunn" in answer["text"]
    assert answer["kept"]["customer.name"] == "Maria Lopez"
    assert {"part", "start", "end", "label", "reason"} == set(answer["stays"][0])


def test_standard_input_is_read_and_a_page_is_written_for_its_owner(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = jigajob("clean", "-", "--html", page, stdin="Call Maria Lopez at 845-555-0101.")
    assert done.returncode == 0, done.stderr
    assert "&lt;PERSON_1&gt;" in page.read_text(encoding="utf-8")
    assert page.stat().st_mode & 0o077 == 0
    assert "standard input" in page.read_text(encoding="utf-8")


def _in_terminal(columns: int, path: Path) -> str:
    """Return what the command prints into a terminal of so many columns."""
    program = [sys.executable, "-c", "from portal.cli import main; main()", "clean", str(path)]
    main, child = pty.openpty()
    env = {**os.environ, "COLUMNS": str(columns), "LINES": "200", "TERM": "xterm-256color"}
    with subprocess.Popen(
        program, cwd=ROOT, stdin=child, stdout=child, stderr=child, env=env
    ) as done:
        os.close(child)
        pieces = []
        while True:
            try:
                piece = os.read(main, 65_536)
            except OSError:  # the other side is closed
                break
            if not piece:
                break
            pieces.append(piece)
        assert done.wait() == 0
    os.close(main)
    return b"".join(pieces).decode()


def test_a_wide_terminal_shows_both_beside_each_other_in_colour(folder: Path) -> None:
    shown = _in_terminal(120, folder / "mail.txt")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert "\x1b[" in shown
    assert re.search(r"as it came in +as it is stored", plain)
    assert re.search(r"4242 4242 4242 4242.*<CARD_1>", plain)


def test_a_narrow_terminal_shows_one_below_the_other(folder: Path) -> None:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", _in_terminal(60, folder / "mail.txt"))
    assert plain.index("Text, as it came in") < plain.index("Text, as it is stored")
    assert max(map(len, plain.splitlines())) <= 60


def test_the_cleaner_is_scored_on_labelled_mails(tmp_path: Path) -> None:
    (tmp_path / "mails.yaml").write_text(
        "- {id: one, from: a@mail.example, text: 'Call [[out.PHONE|845-555-0101]], the"
        " [[out.FAMILY|valve]] is here.'}\n",
        encoding="utf-8",
    )
    done = jigajob("clean", "eval", tmp_path, "--json", "--show", "family")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["labels"]["PHONE"] == {"marks": 1, "gone": 1, "leak": 0.0}
    assert answer["total"]["over_masking"] == 0.0
    (miss,) = answer["misses"]
    assert (miss["mail"], miss["label"], miss["what"]) == ("one", "FAMILY", "left")
    assert "text" not in miss
    assert "valve" not in done.stdout


def test_a_miss_is_quoted_only_on_demand(tmp_path: Path) -> None:
    (tmp_path / "mails.yaml").write_text(
        "- {id: one, from: a@mail.example, text: 'the [[out.FAMILY|valve]] is here.'}\n",
        encoding="utf-8",
    )
    assert "|valve|" in jigajob("clean", "eval", tmp_path, "--show", "all", "--text").stdout


@pytest.mark.parametrize("text", ["- {id: one}\n", None])
def test_a_wrong_labelled_set_is_the_users_to_mend(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "mails.yaml").write_text(text, encoding="utf-8")
    done = jigajob("clean", "eval", tmp_path)
    assert done.returncode == 1
    assert "fix:" in done.stderr
