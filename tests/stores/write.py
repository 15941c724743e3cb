"""Writes the store of an invented business, with the code of whatever release is on the path.

    git archive 47e10f4 | tar -x -C /tmp/prev
    PYTHONPATH=/tmp/prev python tests/stores/write.py tests/stores/0.1.0

It uses only what release 0.1.0 has. Every kind of record that the release can write is there,
and an output in every state.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from anonymizer.text.cleaner import Cleaner
from connectors.identity.rows import Rows
from flows.connections import IDENTITY, Connections
from flows.errors import DeliveryUnknown, OperatorError, TransientError
from flows.intake.parties import OwnAddresses
from flows.intake.personal_teaching import Teacher
from flows.language.sources import ImapSource
from flows.manners import Manners
from flows.model import Output
from flows.outbox import Outbox, output_record
from flows.ports import Write
from flows.records import Records
from portal.settings import Settings
from portal.wiring import App, open_app
from portal.wiring.accounts import first_day

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)

FLOWS = """\
version: 1
business:
  id: hudson
  name: Hudson Plumbing
  industry: "238220"
  region: US-NY
  time_zone: America/New_York
  domains: [hudson.example]
sources:
  office: {uses: folder, path: mail}
  bank:
    uses: bank
    path: bank
    columns: {date: Date, amount: Amount, counterparty: Name, reference: Text}
flows:
  - id: repair
    name: Open a job
    triggers: [{mail: office}]
    conditions: ["mail.subject | mentions('boiler')"]
    keep: [customer.name]
    retention: 20y
    attachments: seal
    steps:
      - id: job
        uses: job.open
        with: {title: "{{ mail.subject }}", customer: "{{ customer.name }}"}
      - id: answer
        uses: reply.draft
        with: {text: "We will come."}
        approve: owner
  - id: invoice
    name: Record what we are owed
    triggers: [{mail: office}]
    conditions: ["mail.subject | mentions('invoice')"]
    retention: 20y
    steps:
      - id: record
        uses: invoice.record
        with: {direction: receivable, number: HP-1, amount: "480.00", currency: USD}
  - id: pay
    name: Match payments
    triggers: [{transaction: bank}]
    retention: 20y
    steps: [{id: match, uses: payment.match}]
"""
BANK = "Date,Amount,Name,Text\n2026-10-05,480.00,Ada Moore,HP-1\n2026-10-06,9.00,Al Dent,?\n"
FRIENDLY = (
    "Happy birthday, you old fool! Dinner at our place on Saturday, Mom brings her lasagna."
    " The kids can't wait to see you. Love, Jo"
)


class Crash(BaseException):
    """The machine goes down."""


WAYS: dict[str, BaseException] = {
    "failed": OperatorError("the printer has no paper", fix="fill it"),
    "unknown": DeliveryUnknown("the printer lost the answer", fix="look whether it is there"),
    "sending": Crash(),
    "approved": TransientError("the printer is busy", fix="it is tried again"),
}
"""What brings an output into each state in which a delivery can leave it."""


class Stopped:
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW


class Printer:
    """An outlet of `print`, to which one thing happens."""

    uses = frozenset({"print"})

    def __init__(self, trouble: BaseException) -> None:
        self._trouble = trouble

    async def deliver(self, output: Output) -> str:
        raise self._trouble

    async def resume(self, output: Output) -> str:
        raise self._trouble


def mail(name: str, subject: str, text: str, sender: str, attached: bytes = b"") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        sender,
        "office@hudson.example",
        subject,
    )
    message["Message-ID"] = f"<{name}@lopez.example>"
    message["Date"] = "Mon, 05 Oct 2026 09:30:00 -0400"
    message.set_content(text)
    if attached:
        message.add_attachment(
            attached, maintype="application", subtype="octet-stream", filename="plan.bin"
        )
    return message.as_bytes()


def lay_out(folder: Path) -> None:
    """Write the flows file, the mails and the bank's file of the business into *folder*."""
    mails = {
        "1": (
            "The boiler is cold",
            "No heat since Monday.",
            "Maria Lopez <maria@lopez.example>",
        ),
        "2": ("Your invoice", "Invoice HP-1, $480.00, due 2026-10-20.", "books@hudson.example"),
        "3": ("Saturday", FRIENDLY, "Jo Larkin <jo@larkin.example>"),
        "4": ("Prices", "Copper pipe costs more from May on.", "Sales <sales@pipe.example>"),
    }
    for name, (subject, text, sender) in mails.items():
        place = folder / "mail" / f"{name}.eml"
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(mail(name, subject, text, sender, b"\0\1" * 40 * (name == "1")))
    (folder / "mail" / "5.eml").write_bytes(b"")
    (folder / "bank").mkdir()
    (folder / "bank" / "october.csv").write_text(BANK)
    (folder / "flows.yaml").write_text(FLOWS)


async def write(folder: Path, cleaner: Any, place: Path) -> None:
    """Let the business work for a day, and write what it holds then to *place*."""
    settings = Settings(home=folder / "home", flows=folder / "flows.yaml")
    async with open_app(settings, Stopped()) as app:
        await app.sweep(cleaner).run(lambda _, piece: piece, lambda *_: None)
        await _teach(app)
        async for each in app.outbox.list("waiting"):
            if each.output.uses == "invoice.record":
                await app.outbox.approve(each.output.id)
        await app.sweep(cleaner).run(lambda _, piece: piece, lambda *_: None)
        await _outputs(app)
        await _answer(app)
        await _payout(app)
        async with _accounts(app):
            dump(settings.home, place)


async def _teach(app: App) -> None:
    own = OwnAddresses(app.file.business.domains, app.file.business.addresses)
    teacher = Teacher(app.records, app.mailboxes, own=own, clock=app.clock)
    (passed,) = [each async for each in teacher.passed()]
    await teacher.teach(passed.id, "private")


async def _outputs(app: App) -> None:
    """Put an output into every state in which the sweep has left none."""
    for number, state in enumerate(("waiting", "rejected", "reported", *WAYS)):
        output = _printed(number, state)
        record = await output_record(app.records, output, expires_at=None)
        await app.records.store.create(app.records.key, record)
        box = Outbox(app.records, [Printer(WAYS.get(state, Crash()))], app.clock)
        if state == "rejected":
            await box.reject(output.id)
        if state in WAYS:
            with suppress(Crash):
                await box.deliver()


def _printed(number: int, state: str) -> Output:
    output = Output(
        id=f"o{number:024x}",
        flow="repair",
        flow_version="1",
        trigger="by hand",
        step="print",
        uses="print",
        state="approved" if state in WAYS else "waiting",
        approver="" if state in WAYS else "owner",
        body={"text": state, "problem": "it broke", "fix": "mend it"},
        summary=f"Print {state}",
        created_at=NOW,
    )
    return replace(output, state="failed", item=-1) if state == "reported" else output


async def _answer(app: App) -> None:
    """Let a mail go out by itself; what it goes to must not get too many of them."""
    business = app.file.business
    own = OwnAddresses(business.domains, business.addresses)
    output = replace(
        _printed(50, "approved"), uses="reply.send", body={"to": "ada@moore.example"}
    )
    (output,), answers = await Manners(app.records, business, own).settled([output], NOW)
    record = await output_record(app.records, output, expires_at=None)
    writes = [Write(op="create", record=record), *answers]
    await app.records.store.batch(app.records.key, writes)


async def _payout(app: App) -> None:
    """Tell that a payout of a payment processor came by the movement that paid nothing."""
    moved = [each async for each in app.records.each("transaction")]
    output = replace(
        _printed(99, "approved"),
        uses="payment.match",
        body={
            "kind": "payout",
            "transaction": next(each.id for each in moved if each.fields["open"]),
            "money": {"amount": "9.00", "currency": "USD"},
            "booked_on": "2026-10-06",
            "payout": "payout-1",
        },
    )
    await app.register.deliver(output)


@asynccontextmanager
async def _accounts(app: App) -> AsyncIterator[None]:
    """Keep the tokens of an account, who connected it, when it is read; renew the tokens."""
    records = Records(app.records.store, app.records._keyring, app.file.business.id, IDENTITY)
    rows = Rows(records, app.clock)
    await rows.renew("office", '{"token": "invented"}', "")
    await Connections(records, app.clock).ensure("office", "office@hudson.example", ("mail",))
    secret = {"host": "mail.example", "address": "o@hudson.example", "password": "env:SECRET"}
    source = ImapSource(uses="imap", since="30d", **secret)
    await first_day(app.records, "office", source)
    async with rows.lease("office"):
        yield


def dump(home: Path, place: Path) -> None:
    """Write the database of *home* as statements of SQL, and its key beside it."""
    database = sqlite3.connect(home / "jigajob.db")
    settings = [
        f"PRAGMA {name}={database.execute(f'PRAGMA {name}').fetchone()[0]};"
        for name in ("application_id", "user_version")
    ]
    statements = [*settings, *database.iterdump()]
    database.close()
    (place / "store.sql").write_text("\n".join(statements) + "\n", encoding="utf-8")
    shutil.copytree(home / "keys", place / "keys", dirs_exist_ok=True)


def main(place: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder))
        asyncio.run(write(Path(folder), Cleaner(), place))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
