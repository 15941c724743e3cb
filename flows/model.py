"""The nouns of the engine: frozen, without I/O, without a vendor.

Times are aware and in UTC. Money is a `Decimal` with its ISO 4217 currency. Text that has
not been through the cleaner lives only in `Message` and `Transaction`, and those are never
stored; what is stored are `CleanMessage` and `CleanTransaction`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from anonymizer.text.segments import Segment
from flows.intake.invoices.reading import InvoiceDocument
from flows.terms import PLAIN, Terms

MessageKind = Literal[
    "service_request",
    "quote_request",
    "schedule_change",
    "supplier_invoice",
    "customer_invoice",
    "payment_notice",
    "complaint",
    "newsletter",
    "spam",
    "other",
]
"""What a business mail is about; conditions in flows.yaml compare with it."""

Automatic = Literal["", "auto_reply", "bounce", "auto_generated", "list", "bulk", "noreply"]
"""Why nobody will read an answer to this mail; empty for mail that a person wrote."""

Verdict = Literal["business", "personal"]

Dmarc = Literal["pass", "fail", "none", "unknown"]
"""What the receiving host found: whether a mail comes from the domain that it names."""

TransactionKind = Literal["movement", "charge", "refund", "dispute", "fee", "payout"]
"""What a transaction is. A bank tells movements; a payment processor tells the others."""

AllocationKind = Literal["payment", "refund", "dispute"]
"""What a transaction did: paid, gave back, or took back what was paid (a chargeback)."""

InvoiceState = Literal["open", "part", "paid", "refunded", "canceled"]
"""How far an invoice is settled; `part`: something was paid, and something is owed."""

ArrivalState = Literal["stored", "skipped", "quarantined"]

SkipReason = Literal[
    "personal", "duplicate", "auto_reply", "bounce", "bulk", "spam", "opted_out"
]

AttachmentRead = Literal["whole", "part", "none"]
"""How much of an attachment was read; what was not read is never stored in clear."""

Slot = tuple[str, str, int]
"""Flow, step and item of an output: with its trigger, what goes out once and never again."""

OutputState = Literal["waiting", "approved", "sending", "sent", "failed", "unknown", "rejected"]
"""Life of an output. `unknown`: the outlet cannot tell whether it sent; a person decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount in one currency; negative when money leaves."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What was paid in the payer's currency, and the rate as `stated_by` (a bank file) has it.

    `rate` is units of the account's currency for one of `money`'s; None where only the
    amount is stated.
    """

    money: Money
    rate: Decimal | None
    stated_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A person or firm as a mail header or signature names it; unknown parts are empty."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One attachment: its safe base name, type, size in bytes and the text found in it.

    `read` says how much of it was read and `problem` why not all. `withheld` names, in plain
    words without content, what was seen in it and left out: where a photo was taken, who
    wrote a document, text that no reader sees. `sealed` is true where its bytes are kept,
    sealed, for the owner alone. `invoice` is what it says as an invoice, where it is one.
    """

    name: str
    media_type: str
    size: int
    text: str = ""
    problem: str = ""
    read: AttachmentRead = "whole"
    withheld: tuple[str, ...] = ()
    sealed: bool = False
    invoice: InvoiceDocument | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One mail as parsed, in memory only.

    `id` is the fingerprint of the content: the same mail met in two mailboxes has the same
    id. `thread` is the root of the conversation, in the words of its headers. `segments`
    cover `text` from start to end without gaps, in order. `native_id` is the source's own id
    of it, empty where the source is not known. `named` are people whom attachments
    name in places made for names; `unread` holds the bytes of attachments that were not read
    as a whole, by their place among `attachments`. `dmarc` is the word of the receiving host;
    `local` is true of a mail that no server has handed on, such as a copy of what was sent.
    """

    id: str
    source: str
    folder: str
    message_id: str
    thread: str
    references: tuple[str, ...] = ()
    native_id: str = field(default="", repr=False)
    sent_at: datetime | None = None
    received_at: datetime
    sender: Party
    reply_to: tuple[Party, ...] = ()
    to: tuple[Party, ...] = ()
    cc: tuple[Party, ...] = ()
    subject: str
    text: str
    segments: tuple[Segment, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    named: tuple[Party, ...] = ()
    unread: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    automatic: Automatic = ""
    dmarc: Dmarc = "unknown"
    local: bool = False
    kind: MessageKind = "other"
    verdict: Verdict = "business"
    defects: tuple[str, ...] = ()

    @property
    def new_text(self) -> str:
        """Return what the sender wrote this time: no quotes, no signature."""
        parts = (self.text[s.start : s.end] for s in self.segments if s.kind == "new")
        return "".join(parts).strip() or self.text.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One movement on an account as its bank or processor tells it, in memory only.

    `money` is gross: what a customer paid, before the processor kept its `fee` (positive).
    `payout` is the processor's id of the payout by which it reaches the bank account; on a
    `kind` of `payout`, of that payout itself.
    """

    id: str
    source: str
    account: str
    booked_on: date
    money: Money
    counterparty: str
    reference: str
    kind: TransactionKind = "movement"
    fee: Money | None = None
    exchange: Exchange | None = None
    payout: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanMessage:
    """One mail after cleaning: what steps see and what the store keeps, sealed.

    `kept` holds the fields that the matching flows keep (`customer.name`), and only those.
    `removed` counts what was taken out, by label. `own` is true where the business wrote it;
    `correspondent` is the keyed hash under which the other side is known: who wrote it, or to
    whom the business wrote first. Empty where an earlier release has stored the mail.
    `doubts` are those about its sender that held its outputs back when it came
    (`flows.intake.trust`); None where an earlier release has stored the mail.
    """

    id: str
    source: str
    folder: str
    thread: str
    received_at: datetime
    sent_at: datetime | None
    kind: MessageKind
    automatic: Automatic
    subject: str
    text: str
    new_text: str
    attachments: tuple[Attachment, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)
    defects: tuple[str, ...] = ()
    own: bool = False
    correspondent: str = ""
    doubts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanTransaction:
    """One movement on an account after cleaning."""

    id: str
    source: str
    account: str
    booked_on: date
    money: Money
    counterparty: str
    reference: str
    kind: TransactionKind = "movement"
    fee: Money | None = None
    exchange: Exchange | None = None
    payout: str = ""
    removed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """What one transaction did to one invoice, in the invoice's currency.

    `amount` is positive where it was paid, negative where money went back. `deducted` was
    kept on the way, and counts as paid. `exchange` is there where another currency was
    paid, with who stated the rate.
    """

    transaction: str
    kind: AllocationKind
    amount: Decimal
    booked_on: date | None = None
    deducted: Decimal = Decimal(0)
    exchange: Exchange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice as recorded; `payable` when the business owes it, else `receivable`.

    `email` is where the customer is written to, if the flow keeps it; `job` and `quote` are
    their references, as far as known. `allocations` come one from a transaction, in the
    order in which they were made. `refused` are the transactions of which a person said
    that they do not pay it; `chased` the flows that ran since it is overdue (`chase/14d`).
    `booked` is what a firm's books say was paid of it, be it matched here or not; `canceled`
    that they have withdrawn it, or somebody here did; a `credit` note is owed the other way:
    `receivable` from a supplier, `payable` to a customer.
    """

    id: str
    number: str
    direction: Literal["payable", "receivable"]
    money: Money
    party: str = ""
    email: str = ""
    issued_on: date | None = None
    due_on: date | None = None
    job: str = ""
    quote: str = ""
    allocations: tuple[Allocation, ...] = ()
    refused: tuple[str, ...] = ()
    chased: tuple[str, ...] = ()
    booked: Decimal = Decimal(0)
    canceled: bool = False
    credit: bool = False

    @property
    def matched(self) -> Decimal:
        """Return what transactions paid, with what was deducted, less what was charged back."""
        parts = (each for each in self.allocations if each.kind != "refund")
        return sum((each.amount + each.deducted for each in parts), Decimal(0))

    @property
    def paid(self) -> Decimal:
        """Return what is paid: what is matched, or what the books say where that is more."""
        return max(self.matched, self.booked)

    @property
    def refunded(self) -> Decimal:
        """Return what was given back by the one who was paid; it is not owed again."""
        parts = (each.amount for each in self.allocations if each.kind == "refund")
        return -sum(parts, Decimal(0))

    @property
    def unmatched(self) -> Money:
        """Return of how much no payment is known, though the books may call it paid."""
        left = Decimal(0) if self.canceled else self.money.amount - self.matched
        return Money(amount=left, currency=self.money.currency)

    @property
    def owed(self) -> Money:
        """Return what is still to be paid; negative where too much was paid."""
        left = Decimal(0) if self.canceled else self.money.amount - self.paid
        return Money(amount=left, currency=self.money.currency)

    @property
    def state(self) -> InvoiceState:
        """Return how far it is settled."""
        if self.canceled:
            return "canceled"
        if self.refunded > 0 and self.refunded >= self.paid:
            return "refunded"
        if self.owed.amount <= 0:
            return "paid"
        return "part" if self.paid > 0 else "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """An invoice that has been owed for longer than a flow waits.

    `after` is the waiting time as the flow writes it (`14d`), `days` how long ago the
    invoice was due. `id` is the same however often it is looked at; `source` is the mailbox
    by which mail about it goes out, empty where none can or several could.
    """

    id: str
    invoice: Invoice
    after: str
    days: int
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One piece of finished work on its way out.

    `id` is derived from flow, version, trigger, step and item, so running again makes the
    same output and never a second one. `body` is what the outlet needs, in the words of
    the step's reference page. `source` is where its item came from, by its name in flows.yaml;
    `into` the source or outlet that alone may take it, if a step named one. `discloses` are
    the kept fields (`customer.name`) whose values are in its body.
    `approver` is the role that has to approve it; given to an outlet, empty means that no
    person has. `agreed` is what the flow says about how it goes out. `superseded_by` is the
    output that took its place before it was out.
    """

    id: str
    flow: str
    flow_version: str
    trigger: str
    step: str
    uses: str
    item: int = 0
    approver: str = ""
    state: OutputState
    body: Mapping[str, JsonValue]
    summary: str
    created_at: datetime
    source: str = ""
    into: str = ""
    # Left out of what is sealed where it says nothing: records cost by their size.
    discloses: Annotated[tuple[str, ...], Field(exclude_if=lambda names: not names)] = ()
    agreed: Annotated[Terms | None, Field(exclude_if=lambda terms: terms is None)] = None
    superseded_by: Annotated[str, Field(exclude_if=lambda by: not by)] = ""

    @property
    def terms(self) -> Terms:
        """Return the terms on which it goes out."""
        return self.agreed or PLAIN

    @property
    def slot(self) -> Slot:
        """Return what is the same for this piece of work under whatever version of the flow."""
        return self.flow, self.step, self.item
