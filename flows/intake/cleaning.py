"""From a parsed message to the cleaner and back: who is who in it, and what comes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from anonymizer.text.file_names import Spread, spread
from anonymizer.text.request import Cleaned, Part, Person, Removal, Request, Role
from anonymizer.text.stand_ins import Roster
from flows.errors import SkipItem
from flows.intake.invoices.cleaning import clean_invoice, invoice_parts, invoice_people
from flows.intake.parties import OwnAddresses, role_of
from flows.language.spec import Business
from flows.model import (
    Attachment,
    CleanMessage,
    CleanTransaction,
    Message,
    Party,
    Transaction,
)

if TYPE_CHECKING:
    from anonymizer.text.cleaner import Cleaner

RELAYED = frozenset({"service_request", "quote_request", "schedule_change", "complaint"})
"""Kinds of mail that are a customer's words even when a machine sends them."""

ROUTING = frozenset(
    {"mail.message_id", "mail.references", "mail.own_address", "mail.native_id"}
)
"""What a reply needs to land in its thread, and to come from the address that was written to,
and what finds the mail in its mailbox; kept only for flows whose steps need it."""


def message_request(
    message: Message,
    *,
    business: Business,
    own: OwnAddresses,
    keep: frozenset[str],
    roster: Roster,
    generalise: frozenset[str] = frozenset(),
) -> Request:
    """Return what the cleaner needs to know about *message*."""
    parts = [Part(name="subject", text=message.subject)]
    parts.append(Part(name="text", text=message.text, segments=message.segments))
    for number, attachment in enumerate(message.attachments):
        words = _words(message, attachment.name)
        parts.append(Part(name=f"attachment.{number}.name", text=words.text))
        parts.append(Part(name=f"attachment.{number}", text=attachment.text))
    parts += invoice_parts(message.attachments, keep)
    # People file mail under the names of those who write it.
    if any(char.isalpha() for char in message.folder):
        parts.append(Part(name="folder", text=_words(message, message.folder).text))
    people = (*_people(message, business, own), *_parties(message, business))
    return Request(
        parts=tuple(parts),
        people=(*people, *_named(message, people, business, own)),
        author=_author(message, own, business),
        organisations=(business.name, *business.suppliers),
        keep=keep - ROUTING,
        generalise=generalise,
        region=business.region,
        at=message.received_at,
        roster=roster,
    )


def _author(message: Message, own: OwnAddresses, business: Business) -> Role:
    """Return who speaks in the new text: of a web form or voicemail, the customer."""
    role = role_of(message, message.sender, own, business.suppliers)
    return "customer" if role == "other" and message.kind in RELAYED else role


def _people(message: Message, business: Business, own: OwnAddresses) -> Iterable[Person]:
    # Where to answer is part of who wrote: forms send from the web host and set Reply-To.
    author = message.sender
    if message.reply_to and not own.owns(message.reply_to[0].email):
        answer = message.reply_to[0]
        author = Party(name=author.name or answer.name, email=answer.email)
        if answer.name and answer.name != author.name:
            yield _person(message, answer, business, own)
    yield _person(message, author, business, own)
    for party in (*message.to, *message.cc):
        yield _person(message, party, business, own)
    for name in business.people:
        yield Person(name=name, role="own")


def _parties(message: Message, business: Business) -> Iterable[Person]:
    """Yield who is party to the invoices in the mail, but for the business and its people."""
    ours = {name.casefold() for name in (business.name, *business.people)}
    parties = invoice_people(message.attachments)
    return (person for person in parties if person.name.casefold() not in ours)


def _named(
    message: Message, known: Sequence[Person], business: Business, own: OwnAddresses
) -> Iterable[Person]:
    """Yield whom only the attachments name; a header tells better who somebody is."""
    if not message.named:
        return
    # With all rows of cues behind it; where nothing is cleaned, nothing else needs them.
    from anonymizer.text.name_cues import name_shaped  # noqa: PLC0415

    names = [frozenset(person.name.casefold().split()) for person in known]
    for party in message.named:
        person = _person(message, party, business, own)
        words = frozenset(person.name.casefold().split())
        if any(words <= each for each in names if words):
            continue
        if person.email or (" " in person.name and name_shaped(person.name)):
            yield person


def _words(message: Message, name: str) -> Spread:
    """Return the name of a file or folder as words, in which the cleaner finds names."""
    parties = (message.sender, *message.reply_to, *message.to, *message.cc, *message.named)
    return spread(name, [party.name for party in parties])


def _person(message: Message, party: Party, business: Business, own: OwnAddresses) -> Person:
    role = role_of(message, party, own, business.suppliers)
    return Person(name=natural_name(party.name), email=party.email, role=role)


def natural_name(name: str) -> str:
    """Return a name in the order in which it is spoken: "Doe, John" is John Doe.

    What follows a name that is whole is a title or department, and left out.
    """
    first, comma, rest = (part.strip() for part in name.partition(","))
    if not comma or not first or not rest:
        return name
    return first if " " in first else f"{rest} {first}"


def clean_each(cleaner: Cleaner, requests: Sequence[Request]) -> list[Cleaned | SkipItem]:
    """Return each request cleaned, or why it could not be: nothing unclean is stored."""
    try:
        return list(cleaner.clean(requests))
    except Exception as error:  # noqa: BLE001 - any fault of a cleaner ends in quarantine
        if len(requests) > 1:  # find the one at fault; the others go on
            return [clean_each(cleaner, [request])[0] for request in requests]
        what = f"it could not be cleaned ({type(error).__name__})"
        return [SkipItem("failed", what, fix="it is tried again in every sweep")]


def clean_message(
    message: Message, cleaned: Cleaned, *, keep: frozenset[str], own: OwnAddresses
) -> CleanMessage:
    """Return what of *message* may be stored and shown to steps."""
    routing = {name: value for name, value in _routing(message, own).items() if name in keep}
    removals = [removal for removal in cleaned.removals if removal.part == "text"]
    new_text = "".join(
        clean_stretch(message.text, removals, segment.start, segment.end)
        for segment in message.segments
        if segment.kind == "new"
    ).strip()
    return CleanMessage(
        id=message.id,
        source=message.source,
        folder=_clean_name(message, message.folder, "folder", cleaned),
        thread=message.thread,
        received_at=message.received_at,
        sent_at=message.sent_at,
        kind=message.kind,
        automatic=message.automatic,
        subject=cleaned.texts["subject"],
        text=cleaned.texts["text"],
        new_text=new_text or cleaned.texts["text"].strip(),
        attachments=clean_attachments(message, cleaned),
        kept={**cleaned.kept, **routing},
        removed=cleaned.counts(),
        defects=message.defects,
        own=own.owns(message.sender.email),
    )


def _clean_name(message: Message, name: str, part: str, cleaned: Cleaned) -> str:
    """Return *name* as it was given, but for what the cleaner took out of its words."""
    stretches = [(r.start, r.end, r.stand_in) for r in cleaned.removals if r.part == part]
    return _words(message, name).given_back(stretches)


def clean_attachments(message: Message, cleaned: Cleaned) -> tuple[Attachment, ...]:
    """Return the attachments of *message* with their names and texts as *cleaned* has them."""
    return tuple(
        replace(
            attachment,
            name=_clean_name(message, attachment.name, f"attachment.{number}.name", cleaned),
            text=cleaned.texts[f"attachment.{number}"],
            invoice=clean_invoice(attachment.invoice, number, cleaned.texts),
        )
        for number, attachment in enumerate(message.attachments)
    )


def _routing(message: Message, own: OwnAddresses) -> dict[str, str]:
    addressed = (party.email for party in (*message.to, *message.cc) if own.owns(party.email))
    found = {
        "mail.message_id": message.message_id and f"<{message.message_id}>",
        "mail.references": " ".join(f"<{each}>" for each in message.references),
        "mail.own_address": next(addressed, ""),
        "mail.native_id": message.native_id,
    }
    return {name: value for name, value in found.items() if value}


def clean_stretch(text: str, removals: Sequence[Removal], start: int, end: int) -> str:
    """Return `text[start:end]` with the removals in it carried out.

    A removal that reaches over an edge is taken out with the stretch in which it begins.
    """
    pieces: list[str] = []
    at = start
    for removal in removals:
        if removal.end <= at or removal.start >= end:
            continue
        if removal.start >= start:
            pieces += [text[at : removal.start], removal.stand_in]
        at = min(removal.end, end)
    pieces.append(text[at:end])
    return "".join(pieces)


def transaction_request(
    transaction: Transaction,
    *,
    business: Business,
    keep: frozenset[str],
    roster: Roster,
    generalise: frozenset[str] = frozenset(),
) -> Request:
    """Return what the cleaner needs to know about *transaction*."""
    incoming = transaction.money.amount > 0
    return Request(
        parts=(
            Part(name="counterparty", text=transaction.counterparty),
            Part(name="reference", text=transaction.reference),
        ),
        people=(
            Person(name=transaction.counterparty, role="customer" if incoming else "supplier"),
            *(Person(name=name, role="own") for name in business.people),
        ),
        organisations=(business.name, *business.suppliers),
        keep=keep,
        generalise=generalise,
        region=business.region,
        roster=roster,
    )


def clean_transaction(transaction: Transaction, cleaned: Cleaned) -> CleanTransaction:
    """Return what of *transaction* may be stored and shown to steps."""
    return CleanTransaction(
        id=transaction.id,
        source=transaction.source,
        account=transaction.account,
        booked_on=transaction.booked_on,
        money=transaction.money,
        counterparty=cleaned.texts["counterparty"],
        reference=cleaned.texts["reference"],
        kind=transaction.kind,
        fee=transaction.fee,
        exchange=transaction.exchange,
        payout=transaction.payout,
        removed=cleaned.counts(),
    )
