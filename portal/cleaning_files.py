"""The cleaner on one file: a mail, a text, a PDF or an office document. Stores nothing."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import PurePath
from typing import Any, Final

from anonymizer.text.cleaner import Cleaner
from anonymizer.text.fields import KEEP_FIELDS
from anonymizer.text.request import Cleaned, Removal, Request
from anonymizer.text.stand_ins import Roster
from flows.errors import OperatorError
from flows.intake.cleaning import ROUTING, clean_attachments, message_request
from flows.intake.parse import parse
from flows.intake.parties import OwnAddresses
from flows.intake.structure import looks_like_mail
from flows.language.own_rules import own_rules
from flows.language.spec import Business, FlowsFile
from flows.model import Attachment, Message
from flows.records import json_of
from flows.steps.registry import STEPS
from portal.cleaning_view import CleanView, clean_view

FIELDS: Final = frozenset(field.name for field in KEEP_FIELDS)

TEXTS: Final = frozenset({"", ".txt", ".text", ".md", "-"})
"""Endings of files that are a mail or plain text, as they begin."""

DOCUMENTS: Final = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Documents that are read as if they came attached to a mail."""

READ: Final = {"whole": "read", "part": "read in part", "none": "not read"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanOptions:
    """What is known around the files: the business, its addresses, what is kept."""

    business: Business
    own: OwnAddresses
    keep: frozenset[str] = frozenset()
    generalise: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, keep: Iterable[str], region: str | None, file: FlowsFile | None
    ) -> CleanOptions:
        """Return the options from the command line, and from a flows file if one is named.

        Raises:
            OperatorError: A field cannot be kept.
        """
        kept = known_fields(keep)
        if file is None:
            about = {"id": "file", "name": "-", "industry": "00", "time_zone": "UTC"}
            business = Business(**about, region=region or "US")
            return cls(business=business, own=OwnAddresses(), keep=kept)
        flows = [flow for flow in file.flows if flow.enabled]
        kept = kept.union(*(flow.keep for flow in flows))
        kept = kept.union(*(STEPS[step.uses].needs for flow in flows for step in flow.steps))
        business = file.business
        if region:
            business = business.model_copy(update={"region": region})
        return cls(
            business=business,
            own=OwnAddresses(business.domains, business.addresses),
            keep=kept - ROUTING,
            generalise=frozenset[str]().union(*(flow.generalise for flow in flows)),
        )


def cleaner_for(file: FlowsFile | None) -> Cleaner:
    """Return a cleaner with the flows file's own recognisers."""
    return Cleaner(rules=own_rules(file)) if file else Cleaner()


def known_fields(keep: Iterable[str]) -> frozenset[str]:
    """Return the fields named, one by one or in lists with commas.

    Raises:
        OperatorError: One of them cannot be kept.
    """
    wanted = frozenset(name.strip() for names in keep for name in names.split(",")) - {""}
    if unknown := wanted - FIELDS:
        raise OperatorError(
            f"{min(unknown)!r} is not a field that can be kept",
            fix=f"use one of {', '.join(sorted(FIELDS))}",
        )
    return wanted


@dataclass(frozen=True, slots=True)
class CleanedFile:
    """One file, as read and as cleaned."""

    message: Message
    request: Request
    cleaned: Cleaned

    def answer(self) -> dict[str, Any]:
        """Return what `--json` prints: clean texts, what was taken out, what stays and why."""
        cleaned = self.cleaned
        return {
            "verdict": self.message.verdict,
            "kind": self.message.kind,
            "subject": cleaned.texts["subject"],
            "text": cleaned.texts["text"],
            "attachments": [json_of(each) for each in self._attachments()],
            "defects": list(self.message.defects),
            "removed": [removal_data(each) | {"part": each.part} for each in cleaned.removals],
            "kept": dict(cleaned.kept),
            "stays": [
                {
                    "part": stay.part,
                    "start": stay.start,
                    "end": stay.end,
                    "label": stay.label,
                    "reason": stay.reason,
                }
                for stay in cleaned.stays
            ],
        }

    def view(self, name: str) -> CleanView:
        """Return the file before and after, for a person to look at."""
        titles = {"subject": "Subject", "text": "Text"}
        notes = [f"Note: {defect}" for defect in self.message.defects]
        for number, attached in enumerate(self._attachments()):
            part = f"attachment.{number}.name"
            if any(each.part == part for each in self.cleaned.removals):
                titles[part] = f"Name of attachment {number + 1}"
            titles[f"attachment.{number}"] = f"Attachment {number + 1}"
            notes += _about(number + 1, attached)
        return clean_view(
            self.request,
            self.cleaned,
            name=name,
            about=f"{self.message.verdict}, {self.message.kind}",
            titles=titles,
            notes=notes,
        )

    def _attachments(self) -> tuple[Attachment, ...]:
        return clean_attachments(self.message, self.cleaned)


def _about(number: int, attached: Attachment) -> Iterable[str]:
    why = f": {attached.problem}" if attached.problem else ""
    about = f"{attached.media_type}, {attached.size:,} bytes, {READ[attached.read]}{why}"
    yield f"Attachment {number}: {attached.name} ({about})"
    for each in attached.withheld:
        yield f"Attachment {number}, left out: {each}"


def clean_file(cleaner: Cleaner, raw: bytes, name: str, options: CleanOptions) -> CleanedFile:
    """Return one file cleaned; *name* is its name, `-` for standard input.

    Raises:
        SkipItem: It is no mail, and nothing else that can be read.
    """
    message = parse(as_mail(raw, name), source="file", folder=".", own=options.own)
    request = message_request(
        message,
        business=options.business,
        own=options.own,
        keep=options.keep,
        generalise=options.generalise,
        roster=Roster(secrets.token_bytes(32), {}),
    )
    (cleaned,) = cleaner.clean([request])
    return CleanedFile(message, request, cleaned)


def as_mail(raw: bytes, name: str) -> bytes:
    """Return *raw* as a mail: itself if it may be one, else a mail with it inside."""
    ending = "-" if name == "-" else PurePath(name).suffix.lower()
    mail = EmailMessage()
    mail["Subject"] = ""
    if ending in DOCUMENTS:
        kind, _, of = DOCUMENTS[ending].partition("/")
        mail.set_content("")
        mail.add_attachment(raw, maintype=kind, subtype=of, filename=PurePath(name).name)
        return mail.as_bytes()
    if ending not in TEXTS or looks_like_mail(raw) or not raw.strip():
        return raw
    if b"\0" in raw:  # no text
        return raw
    mail.set_content(raw.decode("utf-8", "replace"))
    return mail.as_bytes()


def removal_data(removal: Removal) -> dict[str, Any]:
    """Return one removal as plain data."""
    return {
        "start": removal.start,
        "end": removal.end,
        "label": removal.label,
        "reason": removal.reason,
        "stand_in": removal.stand_in,
    }
