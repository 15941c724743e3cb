"""What the file outlets promise beyond the contract: safe files, whole files, safe content."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import stat
import subprocess
import sys
from email import message_from_bytes
from email.policy import default

import pytest
from icalendar import Calendar

from connectors.outlet_files.calendar import IcsCalendar
from connectors.outlet_files.drafts import EmlDrafts
from connectors.outlet_files.notices import NoticeLog
from connectors.outlet_files.private import stem_of
from connectors.outlet_files.rows import CsvRows
from flows.errors import AdministratorError, OperatorError
from tests.contract.outlet import AT, output

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =cmd|' /C calc'!A0",
    "\uff1d1",
]


def row(number, cells, table="leads"):
    return output("row.append", number, {"table": table, "columns": [*cells], "cells": cells})


def table(path):
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def draft(number, **body):
    whole = {"to": "ada@customer.example", "subject": "Re: Leak", "text": "Hello", **body}
    return output("reply.draft", number, whole)


def drafts(path):
    return EmlDrafts(path, address="office@hudson.example", name="Hudson, Inc.")


async def read(path):
    return message_from_bytes(path.read_bytes(), policy=default)


async def outlets(tmp_path):
    """Each outlet with an output, and where it writes."""
    times = {"start": "2026-03-14", "end": "2026-03-15", "all_day": True}
    return [
        (drafts(tmp_path / "a"), draft(1), tmp_path / "a"),
        (
            IcsCalendar(tmp_path / "b"),
            output("event.add", 1, {"title": "T", **times}),
            tmp_path / "b",
        ),
        (CsvRows(tmp_path / "c"), row(1, {"x": "y"}), tmp_path / "c"),
        (
            NoticeLog(tmp_path / "d" / "log"),
            output("notify", 1, {"to": "owner", "text": "x"}),
            tmp_path / "d",
        ),
    ]


async def test_files_and_folders_are_for_their_owner_alone(tmp_path):
    old = os.umask(0)
    try:
        for outlet, each, folder in await outlets(tmp_path):
            await outlet.deliver(each)
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            for path in folder.iterdir():
                assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    finally:
        os.umask(old)


async def test_a_disk_that_refuses_is_the_administrators_to_mend(tmp_path):
    for outlet, each, folder in await outlets(tmp_path):
        folder.write_text("in the way")
        with pytest.raises(AdministratorError) as caught:
            await outlet.deliver(each)
        assert caught.value.fix
        assert "Hello" not in str(caught.value)


def test_a_full_disk_leaves_no_half_row(tmp_path):
    """The row that did not fit can be delivered once there is room."""
    program = (
        "import asyncio, resource, signal, sys, pathlib\n"
        "from connectors.outlet_files.rows import CsvRows\n"
        "from flows.errors import AdministratorError\n"
        "from tests.connectors.test_outlets_files import row\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "rows = CsvRows(folder)\n"
        "asyncio.run(rows.deliver(row(1, {'a': 'one'})))\n"
        "size = (folder / 'leads.csv').stat().st_size\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10, size + 1000))\n"
        "try:\n"
        "    asyncio.run(rows.deliver(row(2, {'a': 'two' * 10})))\n"
        "except AdministratorError:\n"
        "    assert (folder / 'leads.csv').stat().st_size == size\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 1000, size + 1000))\n"
        "    asyncio.run(rows.deliver(row(2, {'a': 'two' * 10})))\n"
        "    sys.exit(7)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], check=False, capture_output=True
    )
    assert done.returncode == 7, done.stderr.decode()
    assert [each["a"] for each in table(tmp_path / "leads.csv")] == ["one", "two" * 10]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..", "", "a/b", "A", "a\0b"]
)
async def test_no_name_leaves_the_folder(tmp_path, name):
    home = tmp_path / "home"
    await drafts(home).deliver(
        output("reply.draft", name, {"to": "a@b.example", "subject": "s", "text": "t"})
    )
    await CsvRows(home).deliver(row("o1", {"a": "b"}, table=name))
    assert {path.parent for path in tmp_path.rglob("*") if path.is_file()} == {home}


def test_names_that_differ_have_stems_that_differ_even_without_case():
    names = ["a", "A", "a b", "a_b", "x" * 81, "x" * 82, "con.", "é", "\udcff"]
    stems = [stem_of(name).lower() for name in names]
    assert len(set(stems)) == len(names)
    assert all(stem.replace("-", "").replace("_", "").isalnum() for stem in stems)


class TestDrafts:
    async def test_a_draft_opens_unsent_in_its_thread(self, tmp_path):
        path = await drafts(tmp_path).deliver(
            draft(
                1,
                in_reply_to="<b@customer.example>",
                references=["<a@customer.example>", "<b@customer.example>"],
                text="Grüße\nzwei",
            )
        )
        mail = await read(tmp_path / path)
        assert mail["X-Unsent"] == "1"
        assert mail["To"] == "ada@customer.example"
        assert mail["From"].addresses[0].addr_spec == "office@hudson.example"
        assert mail["In-Reply-To"] == "<b@customer.example>"
        assert mail["References"] == "<a@customer.example> <b@customer.example>"
        assert mail["Date"].datetime == AT
        assert mail.get_content().splitlines() == ["Grüße", "zwei"]
        assert not mail.defects

    async def test_it_does_not_claim_to_be_automatic(self, tmp_path):
        """A person sends it; a header that says otherwise would hide a personal answer."""
        mail = await read(tmp_path / await drafts(tmp_path).deliver(draft(1)))
        assert mail["Auto-Submitted"] is None

    @pytest.mark.parametrize(
        "evil", ["x\r\nBcc: eve@evil.example", "x\nBcc: a@b", "x\u2028y\x00"]
    )
    async def test_no_field_brings_in_a_header(self, tmp_path, evil):
        for number, field in enumerate(("subject", "in_reply_to")):
            body = {field: evil}
            path = await drafts(tmp_path).deliver(draft(number, **body))
            mail = await read(tmp_path / path)
            assert mail["Bcc"] is None
            assert len(mail.keys()) == len(set(mail.keys()))
        listed = draft(5, in_reply_to="<a@b.example>", references=[evil, "<a@b.example>"])
        mail = await read(tmp_path / await drafts(tmp_path).deliver(listed))
        assert mail["References"] == "<a@b.example>"

    @pytest.mark.parametrize(
        "to",
        [
            "x@y.example\nBcc: e@evil.example",
            "a@b, c@d",
            "<a@b>",
            "nobody-here",
            "@",
            "a@",
            "a b@c",
        ],
    )
    async def test_an_address_that_is_none_is_refused_without_being_shown(self, tmp_path, to):
        with pytest.raises(OperatorError) as caught:
            await drafts(tmp_path).deliver(draft(1, to=to))
        assert to not in str(caught.value)
        assert not list(tmp_path.glob("*.eml"))

    async def test_what_a_person_changed_stays(self, tmp_path):
        path = await drafts(tmp_path).deliver(draft(1))
        (tmp_path / path).write_text("mine")
        await drafts(tmp_path).deliver(draft(1))
        assert (tmp_path / path).read_text() == "mine"

    async def test_an_address_beyond_ascii_and_broken_characters_pass(self, tmp_path):
        each = draft(1, to="josé@exämple.example", text="half \udc80 char")
        mail = await read(tmp_path / await drafts(tmp_path).deliver(each))
        assert "josé" in str(mail["To"])
        assert "half ? char" in mail.get_content()

    async def test_a_draft_without_an_address_is_left_to_the_person(self, tmp_path):
        mail = await read(tmp_path / await drafts(tmp_path).deliver(draft(1, to="")))
        assert mail["To"] is None


class TestCalendar:
    async def event(self, tmp_path, **body):
        path = await IcsCalendar(tmp_path).deliver(output("event.add", 1, body))
        return Calendar.from_ical((tmp_path / path).read_bytes()).events[0]

    async def test_times_are_the_same_moment_in_utc(self, tmp_path):
        event = await self.event(
            tmp_path,
            title="Visit\r\nATTENDEE:mailto:eve@evil.example",
            start="2026-03-14T09:30:00-04:00",
            end="2026-03-14T10:30:00-04:00",
            notes="one\ntwo; three, four",
            location="12 Main St",
        )
        assert event.start.isoformat() == "2026-03-14T13:30:00+00:00"
        assert event.end.isoformat() == "2026-03-14T14:30:00+00:00"
        assert event["DESCRIPTION"] == "one\ntwo; three, four"
        assert "ATTENDEE" not in event

    async def test_a_day_stays_a_day(self, tmp_path):
        event = await self.event(
            tmp_path, title="T", start="2026-03-14", end="2026-03-15", all_day=True
        )
        assert (str(event.start), str(event.end)) == ("2026-03-14", "2026-03-15")

    @pytest.mark.parametrize("start", ["", "soon", "2026-03-14T09:30:00", "2026-99-01"])
    async def test_an_unclear_time_is_refused(self, tmp_path, start):
        with pytest.raises(OperatorError):
            await self.event(tmp_path, title="T", start=start, end=start)


class TestRows:
    async def test_nothing_that_a_spreadsheet_would_work_out_gets_in(self, tmp_path):
        cells = {f"c{n}": text for n, text in enumerate(FORMULAS)}
        cells |= {"inner": "a;=1+1", "lines": "a\n=1+1", "=head": "x"}
        await CsvRows(tmp_path).deliver(row(1, cells))
        [found] = table(tmp_path / "leads.csv")
        for text in [*found, *found.values()]:
            for part in text.replace("\n", ";").split(";"):
                assert not part.strip().startswith(("=", "+", "-", "@", "\uff1d")), text

    async def test_numbers_and_words_stay_as_they_are(self, tmp_path):
        cells = {
            "a": "-12.50",
            "b": "+15185550143",
            "c": 'say "hi", ok',
            "d": "two\nlines",
            "e": "",
        }
        await CsvRows(tmp_path).deliver(row(1, cells))
        [found] = table(tmp_path / "leads.csv")
        assert {name: found[name] for name in cells} == cells

    async def test_columns_may_come_and_go_and_no_cell_is_lost(self, tmp_path):
        for number, cells in enumerate(
            [{"a": "1", "b": "2"}, {"b": "3", "c": "4"}, {"a": "5"}]
        ):
            await CsvRows(tmp_path).deliver(row(number, cells))
        found = [(r["a"], r["b"], r["c"]) for r in table(tmp_path / "leads.csv")]
        assert found == [("1", "2", ""), ("", "3", "4"), ("5", "", "")]

    async def test_changes_made_in_a_spreadsheet_stay(self, tmp_path):
        """Another order of columns, other line ends, a column and a row of one's own."""
        await CsvRows(tmp_path).deliver(row(1, {"a": "1", "b": "2"}))
        [old] = table(tmp_path / "leads.csv")
        (tmp_path / "leads.csv").write_text(
            f"output_id,mine,b,a\n{old['output_id']},note,2,1\n,x,y,z\n"
        )
        rows = CsvRows(tmp_path)
        await rows.deliver(row(1, {"a": "1", "b": "2"}))
        await rows.deliver(row(2, {"a": "3", "c": "4"}))
        found = [(r["a"], r["b"], r["mine"], r["c"]) for r in table(tmp_path / "leads.csv")]
        assert found == [("1", "2", "note", ""), ("z", "y", "x", ""), ("3", "", "", "4")]

    async def test_a_file_that_is_no_table_of_ours_is_refused_and_left_alone(self, tmp_path):
        (tmp_path / "leads.csv").write_text("a;b\n1;2\n")
        with pytest.raises(OperatorError):
            await CsvRows(tmp_path).deliver(row(1, {"a": "1"}))
        assert (tmp_path / "leads.csv").read_text() == "a;b\n1;2\n"

    async def test_a_row_torn_at_any_byte_is_mended(self, tmp_path):
        """After a crash in the middle of a row, every row is there once and whole."""
        first, second = (
            row(1, {"a": 'x "y"\r\nz', "b": "1"}),
            row(2, {"a": 'p""\n"q', "b": "2"}),
        )
        rows = CsvRows(tmp_path)
        await rows.deliver(first)
        path = tmp_path / "leads.csv"
        start = path.stat().st_size
        await rows.deliver(second)
        whole = path.read_bytes()
        for cut in range(start, len(whole) + 1):
            path.write_bytes(whole[:cut])
            for each in (second, first):
                await CsvRows(tmp_path).deliver(each)
            assert path.read_bytes() == whole, cut

    async def test_a_row_of_a_person_without_line_end_stays(self, tmp_path):
        await CsvRows(tmp_path).deliver(row(1, {"a": "1"}))
        path = tmp_path / "leads.csv"
        path.write_bytes(path.read_bytes() + b'5" pipe,mine')
        await CsvRows(tmp_path).deliver(row(2, {"a": "2"}))
        assert [r["a"] for r in table(path)] == ["1", '5" pipe', "2"]

    async def test_processes_that_write_at_once_and_are_killed_lose_and_repeat_nothing(
        self, tmp_path
    ):
        program = (
            "import asyncio, sys, pathlib\n"
            "from connectors.outlet_files.rows import CsvRows\n"
            "from tests.connectors.test_outlets_files import row\n"
            "async def main():\n"
            "    rows = CsvRows(pathlib.Path(sys.argv[1]))\n"
            "    for n in range(60):\n"
            "        await rows.deliver(row(n, {'a': f'{n}\\n\"', f'c{n % 7}': 'x'}))\n"
            "    print('done', flush=True)\n"
            "asyncio.run(main())\n"
        )

        def start():
            return subprocess.Popen(
                [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE
            )

        for wait in (0.5, 0.6, 0.7):
            workers = [start(), start()]
            try:
                workers[0].wait(wait)
            except subprocess.TimeoutExpired:
                workers[0].send_signal(signal.SIGKILL)
            for worker in workers:
                worker.communicate()
        found = [each["a"] for each in table(tmp_path / "leads.csv")]
        assert sorted(found) == sorted(f'{n}\n"' for n in range(60))


class TestNotices:
    async def test_a_notice_stays_on_its_line_and_steers_no_terminal(self, tmp_path):
        text = 'a\n{"id": "fake"}\r\x1b[2J\u2028\u202e\x9b<\ud800>"é'
        log = NoticeLog(tmp_path / "notices.log")
        await log.deliver(output("notify", 1, {"to": "owner", "text": text}))
        written = (tmp_path / "notices.log").read_bytes().decode()
        assert written.count("\n") == 1
        assert written[:-1].isprintable()
        assert json.loads(written)["text"] == text
        assert "é" in written

    async def test_a_torn_line_is_mended(self, tmp_path):
        path = tmp_path / "notices.log"
        each = [output("notify", n, {"to": "owner", "text": f"é{n}"}) for n in range(2)]
        await NoticeLog(path).deliver(each[0])
        start = path.stat().st_size
        await NoticeLog(path).deliver(each[1])
        whole = path.read_bytes()
        for cut in range(start, len(whole) + 1):
            path.write_bytes(whole[:cut])
            for notice in each:
                await NoticeLog(path).deliver(notice)
            assert path.read_bytes() == whole, cut

    async def test_lines_of_other_processes_and_of_people_are_seen_and_kept(self, tmp_path):
        path = tmp_path / "notices.log"
        one, other = NoticeLog(path), NoticeLog(path)
        for log in (one, other):
            await log.deliver(output("notify", 1, {"text": "x"}))
        with path.open("a") as file:
            file.write("a remark\n[]\n")
        for log in (other, one):
            await log.deliver(output("notify", 2, {"text": "x"}))
        lines = path.read_text().splitlines()
        assert len(lines) == 4
        assert lines[1] == "a remark"
