"""The contract of transaction sources on bank files of each kind."""

from typing import ClassVar

import pytest

from connectors.bank import BankFiles
from flows.language.sources import BankSource
from tests.connectors.bank_files import csv_text, ofx_text, posting, statement
from tests.connectors.statement_files import camt_statement, camt_text, details, entry, line
from tests.connectors.statement_files import mt940_balance as balance
from tests.contract.transactions import TransactionSourceContract


class Ofx:
    """A directory of OFX files."""

    spec: ClassVar = {"uses": "bank", "path": "bank"}
    ending = ".ofx"

    def __init__(self, path):
        self.path = path / "bank"
        self.path.mkdir()

    def open(self):
        spec = BankSource.model_validate(self.spec)
        return BankFiles(spec, self.path.parent, name="books", currency="USD")

    def write(self, name, text):
        (self.path / f"{name}{self.ending}").write_text(text, newline="")

    def read(self, name):
        return (self.path / f"{name}{self.ending}").read_text()

    def export(self, name, bookings):
        postings = [
            posting(
                b.bank_id,
                f"{b.on:%Y%m%d}120000",
                b.amount,
                name=b.counterparty,
                memo=b.reference,
            )
            for b in bookings
        ]
        self.write(name, ofx_text(statement(*postings)))

    def remove(self, name):
        (self.path / f"{name}{self.ending}").unlink()

    def spoil(self, name):
        bad = posting("bad", "20240231")
        self.write(name, self.read(name).replace("</BANKTRANLIST>", bad + "</BANKTRANLIST>"))


class Csv(Ofx):
    """A directory of CSV files without ids."""

    spec: ClassVar = {
        "uses": "bank",
        "path": "bank",
        "columns": {
            "date": "Date",
            "amount": "Amount",
            "counterparty": "Name",
            "reference": "Text",
        },
    }
    ending = ".csv"

    def export(self, name, bookings):
        rows = [(b.on, b.amount, b.counterparty, b.reference) for b in bookings]
        self.write(name, csv_text(rows))

    def spoil(self, name):
        self.write(name, self.read(name) + "2024-02-30,1.00,Ada Byron,INV-9\n")


class NewestFirst(Csv):
    """CSV files as most banks write them: with an id, the newest movement on top."""

    spec: ClassVar = {**Csv.spec, "columns": {**Csv.spec["columns"], "id": "Id"}}

    def export(self, name, bookings):
        rows = [(b.on, b.amount, b.counterparty, b.reference, b.bank_id) for b in bookings]
        header = ("Date", "Amount", "Name", "Text", "Id")
        self.write(name, csv_text(rows[::-1], header))


class Camt(Ofx):
    """A directory of CAMT.053 files."""

    ending = ".xml"

    def export(self, name, bookings):
        entries = [
            entry(
                b.amount,
                str(b.on),
                b.bank_id,
                inside=details(name=b.counterparty, text=b.reference, payer=b.amount > 0),
                currency="USD",
            )
            for b in bookings
        ]
        self.write(name, camt_text(camt_statement(*entries, currency="USD")))

    def spoil(self, name):
        bad = entry("1.00", "2024-02-31", "bad", currency="USD")
        self.write(name, self.read(name).replace("</Stmt>", bad + "</Stmt>"))


class Mt940(Ofx):
    """A directory of MT940 files."""

    ending = ".sta"

    def export(self, name, bookings):
        lines = [
            line(
                b.amount,
                str(b.on),
                b.bank_id,
                text=f"166?00TRANSFER?20{b.reference}?32{b.counterparty}",
            )
            for b in bookings
        ]
        opened = f":20:S\n:25:12030000/202051\n:28C:1\n{balance('60F', '0', currency='USD')}"
        closed = balance("62F", sum(b.amount for b in bookings), currency="USD")
        self.write(name, opened + "".join(lines) + closed)

    def spoil(self, name):
        self.write(name, self.read(name).replace(":62F:", ":61:nothing\n:62F:"))


class TestOfx(TransactionSourceContract):
    @pytest.fixture
    def holder(self, tmp_path):
        return Ofx(tmp_path)


class TestCamt(TransactionSourceContract):
    @pytest.fixture
    def holder(self, tmp_path):
        return Camt(tmp_path)


class TestMt940(TransactionSourceContract):
    @pytest.fixture
    def holder(self, tmp_path):
        return Mt940(tmp_path)


class TestCsv(TransactionSourceContract):
    @pytest.fixture
    def holder(self, tmp_path):
        return Csv(tmp_path)


class TestCsvNewestFirst(TransactionSourceContract):
    @pytest.fixture
    def holder(self, tmp_path):
        return NewestFirst(tmp_path)
