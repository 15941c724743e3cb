"""The outlet contract on the outlets of the embedded default."""

from __future__ import annotations

import csv
import io
import json
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from icalendar import Calendar

from connectors.key_file import KeyFileVault
from connectors.outlet_files.calendar import IcsCalendar
from connectors.outlet_files.drafts import EmlDrafts
from connectors.outlet_files.notices import NoticeLog
from connectors.outlet_files.rows import CsvRows
from connectors.sqlite import SqliteStore
from flows.records import WORK, Records
from flows.sealing import Keyring
from flows.work.register import Register
from tests.contract.outlet import GatheringContract, OutletContract, output


class TestEmlDrafts(OutletContract):
    @pytest.fixture
    def open_outlet(self, tmp_path):
        self.folder = tmp_path / "drafts"
        return lambda: EmlDrafts(self.folder, address="office@hudson.example", name="Hudson")

    @pytest.fixture
    def outputs(self):
        return [
            output("reply.draft", n, {"to": "a@b.example", "subject": "Re: x", "text": f"{n}"})
            for n in range(3)
        ]

    async def shown(self, outlet):
        paths = sorted(self.folder.glob("*.eml"))
        mails = [message_from_bytes(path.read_bytes(), policy=default) for path in paths]
        return [mail["Message-ID"] + mail.get_content() for mail in mails]


class TestIcsCalendar(OutletContract):
    @pytest.fixture
    def open_outlet(self, tmp_path):
        self.folder = tmp_path / "calendar"
        return lambda: IcsCalendar(self.folder)

    @pytest.fixture
    def outputs(self):
        times = {"start": "2026-03-14T09:30:00-04:00", "end": "2026-03-14T10:30:00-04:00"}
        return [output("event.add", n, {"title": f"Visit {n}", **times}) for n in range(3)]

    async def shown(self, outlet):
        files = sorted(self.folder.glob("*.ics"))
        calendars = [Calendar.from_ical(path.read_bytes()) for path in files]
        return [str(calendar.events[0]["UID"]) for calendar in calendars]


class TestCsvRows(GatheringContract):
    @pytest.fixture
    def open_outlet(self, tmp_path):
        self.folder = tmp_path / "rows"
        return lambda: CsvRows(self.folder)

    @pytest.fixture
    def outputs(self):
        bodies = [{"table": "leads", "columns": ["name"], "cells": {"name": "x"}}] * 2
        bodies.append({"table": "leads", "columns": ["city"], "cells": {"city": "y"}})
        return [output("row.append", n, body) for n, body in enumerate(bodies)]

    async def shown(self, outlet):
        text = (self.folder / "leads.csv").read_text("utf-8-sig")
        return [row["output_id"] for row in csv.DictReader(io.StringIO(text, newline=""))]


class TestNoticeLog(GatheringContract):
    @pytest.fixture
    def open_outlet(self, tmp_path):
        self.path = tmp_path / "home" / "notices.log"
        return lambda: NoticeLog(self.path)

    @pytest.fixture
    def outputs(self):
        return [output("notify", n, {"to": "owner", "text": "A job"}) for n in range(3)]

    async def shown(self, outlet):
        return [json.loads(line)["id"] for line in self.path.read_text().splitlines()]


def _invoice(number: str, amount: str) -> dict[str, str]:
    return {"number": number, "amount": amount, "currency": "USD", "direction": "payable"}


class TestRegister(OutletContract):
    @pytest.fixture
    async def register_parts(self, tmp_path: Path):
        store = SqliteStore(tmp_path / "store.db")
        yield store, Keyring(store, KeyFileVault(tmp_path / "keys"))
        await store.close()

    @pytest.fixture
    def open_outlet(self, register_parts):
        return lambda: Register(Records(*register_parts, "hudson", WORK))

    @pytest.fixture
    def outputs(self):
        return [
            output("job.open", 1, {"job": "J-1", "title": "Leak"}),
            output("invoice.record", 2, _invoice("INV-1", "480.00")),
            output("invoice.record", 3, _invoice("INV-2", "12.50")),
        ]

    def key_of(self, each):
        """An invoice is known by its number, whoever tells of it; a job by what it is called.

        The id of a job's record comes from the id of its output.
        """
        return str(each.body.get("number") or each.body["job"])

    async def shown(self, outlet):
        jobs = [job.reference for job in await outlet.jobs()]
        return jobs + [invoice.number for invoice in await outlet.open_invoices()]
