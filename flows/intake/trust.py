"""Whether the sender of a mail is who it seems to be: doubts that put its work before a person.

What is known of a correspondent is one record of kind `known` for its domain, or for its
whole address where the domain is one of free mail; of a supplier whose invoices come, one by
its tax id or name. The id is a keyed hash; the domain and hashes of bank accounts are sealed,
and so is what decides: the day when it was first met, and whether the business has written to
it. Beside that, the day is readable to be found by.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from flows.intake.bank_details import accounts_in, speaks_of_change
from flows.intake.invoices.reading import InvoiceDocument
from flows.intake.look_alike import resembles
from flows.intake.parties import OwnAddresses
from flows.intake.personal_homes import HOME_DOMAINS
from flows.language.sources import Doubt
from flows.language.spec import Business
from flows.model import Message, Output, Party
from flows.ports import Record, Scalar, Where, Write
from flows.records import Records

REASONS: Final[Mapping[Doubt, str]] = {
    "dmarc_failed": "nothing proves that it comes from its sender's domain (DMARC)",
    "look_alike": "its sender looks like somebody known, but is somebody else",
    "first_seen": "its sender has never written before",
    "bank_details_changed": "it gives new bank details: ask on a phone number that you know",
}
"""What a person reads for each doubt."""

OTHER_ACCOUNT: Final = "other_account"
"""Beside the doubts, where a mail names another account than is known of its supplier."""

IN_FOLDERS: Final[frozenset[Doubt]] = frozenset(
    {"dmarc_failed", "look_alike", "bank_details_changed"}
)
"""What is doubted in a folder, to which nobody can write from outside."""

FORGED: Final[frozenset[Doubt]] = frozenset({"dmarc_failed", "look_alike"})
"""Of a sender who may be somebody else, nothing is learnt."""

KNOWN_FOR: Final = timedelta(days=730)
MOST_RECIPIENTS: Final = 20
MOST_ASKED: Final = 20
"""New accounts of one correspondent that are remembered until a person has decided."""

FORMS: Final = frozenset(
    {
        "gmbh", "mbh", "ag", "kg", "ohg", "ug", "ek", "gbr", "ltd", "limited", "llp", "plc",
        "llc", "inc", "corp", "co", "corporation", "company", "sarl", "sas", "sasu", "eurl",
        "sa", "sl", "slu", "bv", "nv", "vof", "srl", "spa", "cie",
    }
)  # fmt: skip
"""Words of a firm's name that tell its legal form, and may be left out."""

_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"[^\s<>@\"'(),:;]+@[^\s<>@\"'(),:;]+\.[a-z]{2,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is sealed of a correspondent: its domain, and keyed hashes of its accounts.

    `asked` are accounts that a person was asked about, each with the id of the mail that
    named it; `met` is the day when it was first met, empty where an earlier release has
    written it down in the clear alone; `written` tells whether the business wrote to it.
    """

    domain: str
    accounts: tuple[str, ...] = ()
    asked: tuple[tuple[str, str], ...] = ()
    met: str = ""
    written: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """The doubts about one mail, and what is to be written with it.

    `other_account` is true where it names another account than is known of its supplier:
    its invoices wait for a person whatever doubts are in force.
    """

    doubts: tuple[Doubt, ...]
    writes: tuple[Write, ...]
    other_account: bool = False

    @property
    def told(self) -> tuple[str, ...]:
        """Return what holds outputs back, as it is kept with the mail; see `judged_before`."""
        return (*self.doubts, *([OTHER_ACCOUNT] if self.other_account else []))


@dataclass(frozen=True, slots=True)
class _Correspondent:
    """Where a correspondent is remembered, and what is so far; domain "" for free mail."""

    id: str
    domain: str
    record: Record | None
    known: Known


class Trust:
    """Judges the mail of one source; what it learns is shared by all of the business."""

    def __init__(
        self,
        records: Records,
        business: Business,
        own: OwnAddresses,
        *,
        received_by: str,
        enforced: frozenset[Doubt],
    ) -> None:
        self._records, self._business, self._own = records, business, own
        self._received_by, self._enforced = received_by, enforced
        self._domains: dict[str, str] = {}  # by id of its record
        self._read_to = ""
        self._ahead: dict[str, Record] = {}

    async def refresh(self) -> None:
        """Read the domains that became known since the last time.

        Raises:
            TransientError, AdministratorError: From the store.
        """
        where = [Where("day", ">=", self._read_to)] if self._read_to else []
        async for record in self._records.each("known", where=where):
            if record.id not in self._domains:
                self._domains[record.id] = (await self._records.open(record, Known)).domain
            self._read_to = max(self._read_to, str(record.fields["day"]))

    async def look_ahead(self, messages: Iterable[Message]) -> None:
        """Read at once what is known of who wrote these, the mails that are judged next.

        Raises:
            TransientError, AdministratorError: From the store.
        """
        keys = {key for each in messages if (key := _place(each.sender.email)[0])}
        ids = {await self._records.record_id("known", key) for key in keys}
        self._ahead = await self._records.found("known", ids & self._domains.keys())

    async def correspondent(self, message: Message) -> str:
        """Return the id under which the other side of *message* is known, or "" for none.

        That is who wrote it, or the first to whom the business wrote.
        """
        others = (message.sender, *message.to, *message.cc)
        email = next((each.email for each in others if not self._own.owns(each.email)), "")
        key, _ = _place(email)
        return await self._records.record_id("known", key) if key else ""

    async def judged(self, message: Message, now: datetime) -> Judged:
        """Return the doubts that hold for *message*, those of them that are enforced.

        Raises:
            TransientError, AdministratorError: From the store.
        """
        if self._own.owns(message.sender.email):
            return await self._own_mail(message, now)
        accounts = [
            await self._records.record_id("account", each) for each in accounts_in(message)
        ]
        writer = await self._accepted(await self._correspondent(message.sender.email))
        held: set[Doubt] = set()
        if self._unproven(message):
            held.add("dmarc_failed")
        if self._looks_alike(message.sender, writer):
            held.add("look_alike")
        if not _met_before(writer, now):
            held.add("first_seen")
        before = {*writer.known.accounts}
        other = bool(before and {*accounts} - before)
        suppliers = await self._suppliers(message)
        # Whoever writes in a supplier's name: what counts is whom the invoice is of.
        other = other or any(
            each.known.accounts and named - {*each.known.accounts} for each, named in suppliers
        )
        if other or speaks_of_change(message):
            held.add("bank_details_changed")
        writes: list[Write] = []
        if writer.id and not held & FORGED:
            asked = message.id if "bank_details_changed" in held else ""
            writes += await self._learnt(writer, now, accounts=accounts, asked=asked)
            for supplier, named in suppliers:
                writes += await self._learnt(supplier, now, accounts=named, asked=asked)
        return Judged(self._in_force(held), tuple(writes), other_account=other)

    async def _suppliers(self, message: Message) -> list[tuple[_Correspondent, set[str]]]:
        """Return whose invoices the mail brings, and the accounts that those name."""
        found: dict[str, tuple[_Correspondent, set[str]]] = {}
        for invoice in (each.invoice for each in message.attachments):
            if invoice is None or not invoice.accounts:
                continue
            for key in _supplier_keys(invoice):
                whom = await self._accepted(await self._remembered("supplier", key, ""))
                _, accounts = found.setdefault(whom.id, (whom, set()))
                for account in invoice.accounts:
                    accounts.add(await self._records.record_id("account", account.value))
        return list(found.values())

    async def _own_mail(self, message: Message, now: datetime) -> Judged:
        """Learn whom the business writes to; from what it wrote, not from what claims so."""
        proven = message.local or message.dmarc == "pass"
        if not proven:
            held: set[Doubt] = {"dmarc_failed"} if self._unproven(message) else set()
            return Judged(self._in_force(held), ())
        writes: dict[str, Write] = {}
        for party in (*message.to, *message.cc)[:MOST_RECIPIENTS]:
            if not party.email or self._own.owns(party.email):
                continue
            reader = await self._correspondent(party.email)
            for write in await self._learnt(reader, now, written=True):
                writes[reader.id] = write
        return Judged((), tuple(writes.values()))

    async def _learnt(
        self,
        whom: _Correspondent,
        now: datetime,
        *,
        accounts: Iterable[str] = (),
        asked: str = "",
        written: bool = False,
    ) -> tuple[Write, ...]:
        """Return the write that remembers the correspondent, if there is anything new.

        With *asked*, a mail's id, its accounts are only remembered as asked about.
        """
        record, before = whom.record, whom.known
        if asked:
            new_ones = sorted({*accounts} - {*before.accounts})
            pairs = [*before.asked, *((account, asked) for account in new_ones)]
            noun = replace(before, asked=tuple(dict.fromkeys(pairs))[-MOST_ASKED:])
        else:
            noun = replace(before, accounts=tuple(sorted({*before.accounts, *accounts})))
        met, wrote = _meetings(whom)
        noun = replace(noun, met=met or now.date().isoformat(), written=wrote or written)
        fields: dict[str, Scalar] = {"day": noun.met, "written": noun.written}
        if record is not None:
            young = record.expires_at and record.expires_at - now > KNOWN_FOR / 2
            if young and noun == before and fields.items() <= record.fields.items():
                return ()
        new = await self._records.seal(
            "known", whom.id, noun, fields, expires_at=now + KNOWN_FOR
        )
        self._domains[whom.id] = whom.domain
        if record is None:
            return (Write(op="create", record=new),)
        return (Write(op="put", record=new, etag=record.etag),)

    async def _accepted(self, whom: _Correspondent) -> _Correspondent:
        """Return the correspondent with the accounts that a person has accepted since.

        That is: who was asked whether an invoice is to be recorded although it names another
        account has let it go out.
        """
        if not whom.known.asked:
            return whom
        accounts = {*whom.known.accounts}
        for account, mail in whom.known.asked:
            where = [Where("trigger", "=", mail), Where("uses", "=", "invoice.record")]
            async for record in self._records.each("output", where=where):
                # As it is sealed: what is readable says what anybody has written there.
                output = await self._records.open(record, Output)
                if output.state in ("approved", "sending", "sent"):
                    accounts.add(account)
        left = tuple(each for each in whom.known.asked if each[0] not in accounts)
        known = replace(whom.known, accounts=tuple(sorted(accounts)), asked=left)
        return replace(whom, known=known)

    async def _correspondent(self, email: str) -> _Correspondent:
        key, domain = _place(email)
        if not key:
            return _Correspondent("", "", None, Known(domain=""))
        return await self._remembered("known", key, domain)

    async def _remembered(self, purpose: str, key: str, domain: str) -> _Correspondent:
        record_id = await self._records.record_id(purpose, key)
        record = self._ahead.pop(record_id, None)  # once: the next mail may find it changed
        # Whoever is missing from what was read, and is known by now, cannot be created again.
        if record is None and record_id in self._domains:
            record = await self._records.get("known", record_id)
        known = await self._records.open(record, Known) if record else Known(domain=domain)
        return _Correspondent(record_id, domain, record, known)

    def _unproven(self, message: Message) -> bool:
        return message.dmarc != "pass" if self._received_by else message.dmarc == "fail"

    def _looks_alike(self, sender: Party, writer: _Correspondent) -> bool:
        address = sender.email.lower()
        shown = _ADDRESS.findall(sender.name)
        if any(each.lower() != address for each in shown):
            return True
        name = " ".join(sender.name.casefold().split())
        people = {" ".join(each.casefold().split()) for each in self._business.people}
        if " " in name and name in people:
            return True
        domain = address.rpartition("@")[2]
        ours = [*self._own.domains, *(a.rpartition("@")[2] for a in self._own.addresses)]
        ours = [each for each in ours if each not in HOME_DOMAINS]
        if domain in HOME_DOMAINS:
            return False
        if resembles(domain, ours, ours=True):
            return True
        # Whoever was known first is not the copy.
        others = (each for key, each in self._domains.items() if key != writer.id)
        return writer.record is None and resembles(domain, others)

    def _in_force(self, held: set[Doubt]) -> tuple[Doubt, ...]:
        return tuple(word for word in REASONS if word in held and word in self._enforced)


def _place(email: str) -> tuple[str, str]:
    """Return under what somebody is remembered, and the domain; both "" where there is none."""
    address = email.strip().lower()
    domain = address.rpartition("@")[2]
    return (address, "") if domain in HOME_DOMAINS else (domain, domain)


def _meetings(whom: _Correspondent) -> tuple[str, bool]:
    """Return the day when it was first met, empty for never, and whether it was written to."""
    if whom.record is None or whom.known.met:
        return whom.known.met, whom.known.written
    return str(whom.record.fields["day"]), bool(whom.record.fields["written"])


def _met_before(whom: _Correspondent, now: datetime) -> bool:
    """Tell whether it was met on an earlier day, or the business has written to it."""
    met, written = _meetings(whom)
    return written or "" < met < now.date().isoformat()


def judged_before(told: Collection[str]) -> Judged:
    """Return what was judged of a mail when it came, which nobody can judge again."""
    doubts = tuple(word for word in REASONS if word in told)
    return Judged(doubts, (), other_account=OTHER_ACCOUNT in told)


def held(outputs: Iterable[Output], judged: Judged) -> list[Output]:
    """Return *outputs* as they may go out in spite of what was *judged*: only past the owner.

    What tells the business's own people (`notify`) goes out, and says nothing to others.
    """
    reasons = [REASONS[doubt] for doubt in judged.doubts]
    changed = REASONS["bank_details_changed"]
    of_invoices = [*dict.fromkeys([*reasons, changed])] if judged.other_account else reasons
    return [
        waiting(output, why)
        if (why := of_invoices if output.uses == "invoice.record" else reasons)
        and output.uses != "notify"
        else output
        for output in outputs
    ]


def _supplier_keys(invoice: InvoiceDocument) -> list[str]:
    """Return what tells a supplier from all others: its tax id, and its name without its form.

    Both, since whoever writes in a supplier's name can leave either out, or change it.
    """
    tax_id, name = invoice.supplier_tax_id, invoice.supplier
    words = _WORD.findall(name.value.casefold().replace(".", "")) if name else []
    told = ["".join(word for word in words if word not in FORMS)]
    told += [_plain(tax_id.value)] if tax_id else []
    return [each for each in told if each]


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def waiting(output: Output, reasons: Iterable[str]) -> Output:
    """Return *output* waiting for somebody's approval, who reads the *reasons*."""
    new = [*reasons]
    if output.state not in ("approved", "waiting"):
        return output
    before = output.body.get("reasons")
    listed = [*before] if isinstance(before, list) else []
    return replace(
        output,
        approver=output.approver or "owner",
        state="waiting",
        body={**output.body, "reasons": [*listed, *new]},
        summary=f"{output.summary} ({'; '.join(new)})",
        agreed=output.agreed and output.agreed.held(),
    )
