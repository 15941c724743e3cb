"""What a case gives, as sources show it: mails as bytes, movements, invoices of the books."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.booked import BookedInvoice
from flows.cases.spec import GivenInvoice, GivenMail, GivenTransaction
from flows.errors import OperatorError, Place
from flows.language.spec import Business
from flows.model import Invoice, Money, Transaction


def mail_bytes(
    mail: GivenMail,
    number: int,
    *,
    business: Business,
    folder: Path,
    now: datetime,
    where: Place,
) -> bytes:
    """Return a given mail as RFC 5322 bytes; *number* tells it from others of its case.

    *where* it is given is told of what is wrong with it.

    Raises:
        OperatorError: A header cannot be written, or a file cannot be read.
    """
    if mail.file:
        return _file(folder / mail.file)
    message = EmailMessage()
    try:
        message["From"] = _addresses(mail.sender)
        message["To"] = _addresses(*(mail.to or (_own_address(business),)))
        message["Subject"] = " ".join(mail.subject.split())
        message["Date"] = format_datetime(mail.received or now)
        message["Message-ID"] = f"<case-{number}@cases.example>"
        for name, value in mail.headers.items():
            del message[name]
            message[name] = value
    except (ValueError, IndexError, LookupError):
        what = "a header of a given mail cannot be written"
        fix = "write addresses as: Name <name@firm.example>"
        raise OperatorError(what, fix=fix, where=where) from None
    message.set_content(mail.text + "\n")
    for attached in mail.attachments:
        content = _file(folder / attached.file) if attached.file else attached.text.encode()
        kind, _, of = _media_type(attached.name).partition("/")
        message.add_attachment(content, maintype=kind, subtype=of, filename=attached.name)
    return message.as_bytes()


def transactions(
    given: Sequence[GivenTransaction], source: str, *, business: Business, now: datetime
) -> list[Transaction]:
    """Return given movements as the source tells them."""
    today = now.astimezone(ZoneInfo(business.time_zone)).date()
    return [
        Transaction(
            id=f"given-{number}",
            source=source,
            account=source,
            booked_on=each.booked or today,
            money=Money(amount=each.amount, currency=each.currency or business.currency),
            counterparty=each.counterparty,
            reference=each.reference,
            kind=each.kind,
        )
        for number, each in enumerate(given)
    ]


def booked(given: GivenInvoice, business: Business) -> BookedInvoice:
    """Return a given invoice as books tell it."""
    money = Money(amount=given.amount, currency=given.currency or business.currency)
    invoice = Invoice(
        id="",
        number=given.number,
        direction=given.direction,
        money=money,
        party=given.party,
        email=given.email or "",
        issued_on=given.issued,
        due_on=given.due,
    )
    return BookedInvoice(
        native_id=given.number,
        pointer=given.number,
        invoice=invoice,
        state="open",
        remaining=money,
    )


def _addresses(*written: str) -> tuple[Address, ...]:
    return tuple(
        Address(display_name=name, addr_spec=address)
        for name, address in getaddresses(list(written))
    )


def _own_address(business: Business) -> str:
    domain = next(iter(business.domains), "business.example")
    return next(iter(business.addresses), f"office@{domain}")


def _media_type(name: str) -> str:
    import mimetypes  # noqa: PLC0415 - few cases attach anything

    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        what = f"cannot read {path} ({error.strerror})"
        raise OperatorError(what, fix="name a file beside these cases") from None
