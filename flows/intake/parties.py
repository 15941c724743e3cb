"""Who is who in a mail: the business itself, its customers, its suppliers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from anonymizer.text.request import Role
from flows.model import Message, Party

MACHINES: Final = frozenset({"bounce", "list", "bulk", "noreply", "auto_generated"})
"""Automatic mail whose sender is no person; a vacation reply still names one."""

LEGAL_FORMS: Final = frozenset(
    {
        "inc", "llc", "ltd", "limited", "co", "corp", "corporation", "company", "gmbh", "ag",
        "kg", "ug", "sa", "sl", "sarl", "sas", "srl", "spa", "bv", "plc", "pty", "the", "and",
        "group",
    }
)  # fmt: skip
SUPPLIER_KINDS: Final = frozenset({"supplier_invoice"})

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """The mail addresses of the business itself: whole domains, and single addresses."""

    domains: Iterable[str] = ()
    addresses: Iterable[str] = ()

    def owns(self, email: str) -> bool:
        """Return whether *email* belongs to the business; `office+x@` is `office@`."""
        local, at, domain = email.strip().lower().rpartition("@")
        if not at or not local:
            return False
        if self.owns_domain(domain):
            return True
        return f"{local.partition('+')[0]}@{domain}" in {
            address.strip().lower() for address in self.addresses
        }

    def owns_domain(self, domain: str) -> bool:
        """Return whether *domain* is one of the business's, or lies under one."""
        domain = domain.strip().lower().rstrip(".")
        own = (each.strip().lower().lstrip("@").rstrip(".") for each in self.domains)
        return any(domain == each or domain.endswith(f".{each}") for each in own if each)


def role_of(
    message: Message, party: Party, own: OwnAddresses, suppliers: Sequence[str] = ()
) -> Role:
    """Return what *party* is to the business, as far as *message* tells.

    Whoever the business writes to, or is written by, is a customer unless known to be a
    supplier; people who are only copied in are `other`, and so are machines.
    """
    if own.owns(party.email):
        return "own"
    if is_supplier(party, suppliers):
        return "supplier"
    wrote = _same(party, message.sender) or any(_same(party, to) for to in message.reply_to[:1])
    if wrote:
        if message.kind in SUPPLIER_KINDS:
            return "supplier"
        return "other" if message.automatic in MACHINES else "customer"
    addressed = own.owns(message.sender.email) and any(_same(party, to) for to in message.to)
    return "customer" if addressed else "other"


def is_supplier(party: Party, suppliers: Sequence[str]) -> bool:
    """Return whether *party* is, or writes for, one of *suppliers* (names of firms).

    The name counts in the display name and, run together, in the domain:
    "Empire Pipe Supply Inc." is found in `billing@empirepipesupply.example`.
    """
    name = _words(party.name)
    domain = re.sub(r"[^a-z0-9]", "", party.email.rpartition("@")[2].rpartition(".")[0])
    for supplier in suppliers:
        words = _words(supplier)
        if not words:
            continue
        joined = "".join(words)
        if words == name or (len(words) > 1 and _contains(name, words)):
            return True
        if len(joined) > 4 and joined in domain:  # noqa: PLR2004 - or it is in any
            return True
    return False


def _same(one: Party, other: Party) -> bool:
    if one.email or other.email:
        return one.email == other.email
    return bool(one.name) and one.name == other.name


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.lower()) if word not in LEGAL_FORMS]


def _contains(words: list[str], wanted: list[str]) -> bool:
    size = len(wanted)
    return any(words[at : at + size] == wanted for at in range(len(words) - size + 1))
