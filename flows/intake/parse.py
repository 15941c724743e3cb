"""From the bytes of a mail to a message: whatever the bytes, a `Message` or a `SkipItem`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from anonymizer.text.segments import segment
from flows.errors import SkipItem
from flows.intake.authentication import dmarc_of
from flows.intake.automatic import automatic
from flows.intake.body import Body, read_body
from flows.intake.headers import (
    MOST_REFERENCES,
    Fields,
    date_of,
    decoded,
    message_ids,
    received_date,
)
from flows.intake.kind import classify
from flows.intake.parties import OwnAddresses
from flows.intake.purpose import judge_message
from flows.intake.structure import Tree, leaves, read_tree
from flows.intake.threads import root_of
from flows.model import Dmarc, Message, Party

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_SUBJECT: Final = 1_000

_MAILER_DATE = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d .*\d{4}")


def parse(
    raw: bytes,
    *,
    source: str,
    folder: str,
    own: OwnAddresses,
    received: datetime | None = None,
    received_by: str = "",
) -> Message:
    """Return the message in *raw*, with its text cut, judged and classified.

    Every string in it is clean: it encodes as UTF-8 and holds no control characters but
    line breaks and tabs. Times are aware, in UTC. `received_at` is *received* where the
    source tells it, else the time in the topmost Received field, else that of the mbox
    line, else of Date, else the epoch. `dmarc` is what the host *received_by* says of the
    sender; without it, nobody's `pass` is believed.

    `id` is a SHA-256 in hexadecimal over what the sender sent, not over the way it came: the
    same mail in two mailboxes has one id, and two mails that share a Message-ID have two.

    Raises:
        SkipItem: `empty`, `not_mail`, `too_large`, or `malformed` for what no guard foresaw.
    """
    try:
        tree = read_tree(raw)
        message = _parse(tree, source=source, folder=folder, own=own, received=received)
        return replace(message, dmarc=_dmarc(tree, received_by), local=_is_local(tree))
    except SkipItem:
        raise
    except Exception as error:  # noqa: BLE001 - any fault of a parser ends in quarantine, without its text
        what = f"the mail could not be parsed ({type(error).__name__})"
        raise SkipItem("malformed", what, fix="look at it in the mailbox") from None


def _parse(
    tree: Tree, *, source: str, folder: str, own: OwnAddresses, received: datetime | None
) -> Message:
    fields = Fields(tree.root.raw_items())
    parts, left_out = leaves(tree)
    body = read_body(parts)
    headers = _headers(fields)
    message = replace(
        headers,
        source=source,
        folder=folder,
        received_at=_received_at(fields, tree, received, headers.sent_at),
        text=body.text,
        segments=segment(body.text),
        attachments=body.attachments,
        named=body.named,
        unread=body.unread,
        automatic=automatic(
            fields,
            sender=headers.sender.email,
            subject=headers.subject,
            report=_report_type(tree),
            own=own,
        ),
        defects=_unique([*tree.defects, *left_out, *headers.defects, *body.defects]),
    )
    return _judged(replace(message, id=_fingerprint(message, body)), own)


def _judged(message: Message, own: OwnAddresses) -> Message:
    attached = "\n".join(each.text[:4_000] for each in message.attachments if each.text)
    kind = classify(
        subject=message.subject,
        text=message.new_text[:20_000],
        attached=attached[:12_000],
        automatic=message.automatic,
        outgoing=_is_outgoing(message, own),
    )
    message = replace(message, kind=kind)
    verdict, _ = judge_message(message, own)
    return replace(message, verdict=verdict)


def _is_outgoing(message: Message, own: OwnAddresses) -> bool:
    """Return whether the business wrote this to somebody else."""
    others = [party for party in (*message.to, *message.cc) if not own.owns(party.email)]
    return own.owns(message.sender.email) and bool(others)


def _headers(fields: Fields) -> Message:
    """Return a message with only what its header fields tell."""
    sender = next(iter(_senders(fields)), Party())
    to, cc = fields.parties("to"), fields.parties("cc")
    message_id = next(iter(message_ids(fields.raw("message-id"))), "")
    references = message_ids(fields.raw("references"))
    replies = message_ids(fields.raw("in-reply-to"))
    subject = decoded(fields.raw("subject"))[:LONGEST_SUBJECT]
    message = Message(
        id="",
        source="",
        folder="",
        message_id=message_id,
        thread=root_of(
            message_id=message_id,
            references=references,
            in_reply_to=replies,
            subject=subject,
            participants=(party.email for party in (sender, *to, *cc)),
        ),
        references=_capped(references or replies[:1]),
        sent_at=date_of(fields.raw("date")),
        received_at=EPOCH,
        sender=sender,
        reply_to=fields.parties("reply-to"),
        to=to,
        cc=cc,
        subject=subject,
        text="",
    )
    return replace(message, defects=tuple(_faults(fields, message, len(references))))


def _senders(fields: Fields) -> tuple[Party, ...]:
    return fields.parties("from") or fields.parties("sender") or fields.parties("return-path")


def _capped(references: list[str]) -> tuple[str, ...]:
    """Return the root and the latest references, as many as are kept."""
    if len(references) <= MOST_REFERENCES:
        return tuple(references)
    return (references[0], *references[1 - MOST_REFERENCES :])


def _faults(fields: Fields, message: Message, references: int) -> Iterator[str]:
    """Yield what is wrong with the header, in the words of the ledger."""
    sender = message.sender
    if not _senders(fields):
        yield "no sender"
    if fields.count("from") > 1:
        yield "repeated From"
    if "@" in sender.name and sender.email and sender.email not in sender.name.lower():
        yield "the sender's name shows another address"
    if message.sent_at is None:
        yield "bad Date" if "date" in fields else "no Date"
    if not message.message_id:
        yield "no Message-ID"
    if references > MOST_REFERENCES:
        yield "too many references"
    if "=?" in message.subject and "?=" in message.subject:
        yield "broken encoded word"


def _received_at(
    fields: Fields, tree: Tree, received: datetime | None, sent_at: datetime | None
) -> datetime:
    if received is not None:
        return received.astimezone(UTC) if received.tzinfo else received.replace(tzinfo=UTC)
    envelope = _MAILER_DATE.search(tree.envelope_from)
    return (
        received_date(fields.every("received"))
        or (date_of(envelope[0]) if envelope else None)
        or sent_at
        or EPOCH
    )


def _dmarc(tree: Tree, received_by: str) -> Dmarc:
    items = [(name, str(value)) for name, value in tree.root.raw_items()]
    senders = [party.email for party in Fields(items).parties("from") if party.email]
    if Fields(items).count("from") > 1:
        return "fail"
    return dmarc_of(items, received_by=received_by, senders=senders)


def _is_local(tree: Tree) -> bool:
    return tree.root.get("received") is None


def _report_type(tree: Tree) -> str:
    try:
        if tree.root.get_content_type() != "multipart/report":
            return ""
        return str(tree.root.get_param("report-type", "")).strip().lower()
    except (ValueError, TypeError, LookupError, AttributeError):
        return ""


def _fingerprint(message: Message, body: Body) -> str:
    """Return the SHA-256 over what makes this mail this mail."""
    digest = hashlib.sha256()
    said = (
        message.message_id,
        message.sender.email or message.sender.name,
        message.sent_at.isoformat() if message.sent_at else "",
        " ".join(message.subject.split()),
        " ".join(message.text.split()),
        *(f"{each.name}:{each.size}" for each in message.attachments),
    )
    for part in (*(text.encode("utf-8", "replace") for text in said), *body.digests):
        # Lengths keep "ab" + "c" apart from "a" + "bc".
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _unique(defects: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(defects))
