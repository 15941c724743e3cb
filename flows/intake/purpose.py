"""Whether a mail is business, or purely personal and so none of the business's software."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from flows.intake.parties import OwnAddresses
from flows.intake.personal_signs import NOTHING, Around, Signs, signs_of
from flows.intake.personal_weights import BASE, WEIGHTS
from flows.model import Message, Verdict

TOLD: Final = 6
"""Reasons given: the signs that told most, for either side."""

SLIGHT: Final = 0.05
"""What a sign must add to be told as a reason."""

CAUTION: Final = -0.6
"""What mail of outsiders to the business starts with: any of them may be a customer."""

PAPERS: Final = frozenset(
    {"supplier_invoice", "customer_invoice", "payment_notice", "newsletter", "spam"}
)
"""Kinds that are business whatever else the mail says."""


def judge(
    subject: str,
    text: str,
    sender: str = "",
    to: Sequence[str] = (),
    around: Around = NOTHING,
    *,
    lean: float = 0.0,
) -> tuple[Verdict, tuple[str, ...]]:
    """Return whether a mail is business or purely personal, and the signs that told most.

    Business is the default: of two mistakes, losing a customer's mail is the worse. A mail
    that mixes both, a request that tells of the family, is business. *lean* is what is known
    beside the mail, in the unit of `score`. Reasons are names of signs
    (`personal: birthday`), never words of the mail.
    """
    signs = signs_of(subject, text, sender, to, around)
    return _verdict(signs, lean), reasons(signs)


def judge_message(
    message: Message, own: OwnAddresses, *, lean: float = 0.0
) -> tuple[Verdict, tuple[str, ...]]:
    """Return what `judge` does, with all that a message tells; *lean* as there.

    Automatic mail, invoices and the like are business without a look at their words.
    """
    if message.automatic:
        return "business", ("business: automatic",)
    if message.kind in PAPERS:
        return "business", (f"business: {message.kind.replace('_', ' ')}",)
    signs = signs_of_message(message)
    known = any(own.domains) or any(own.addresses)
    if known and not own.owns(message.sender.email):
        lean += CAUTION
    return _verdict(signs, lean), reasons(signs)


def signs_of_message(message: Message) -> Signs:
    """Return the signs of a message, its attachments among them."""
    attached = "\n".join(each.text[:4_000] for each in message.attachments if each.text)
    around = Around(
        cc=tuple(party.email for party in message.cc),
        names=tuple(party.name for party in (message.sender, *message.to, *message.cc)),
        folder=message.folder,
        files=tuple(each.name for each in message.attachments),
    )
    text = f"{message.text}\n{attached[:4_000]}" if attached else message.text
    to = [party.email for party in message.to]
    return signs_of(message.subject, text, message.sender.email, to, around)


def score(signs: Mapping[str, float]) -> float:
    """Return how personal a mail with these signs is; from above 0 on it is personal.

    A sum of weights, in natural log-odds: 1 makes a mail 2.7 times as likely to be personal.
    """
    return BASE + sum(WEIGHTS.get(name, 0.0) * strength for name, strength in signs.items())


def reasons(signs: Mapping[str, float]) -> tuple[str, ...]:
    """Return the names of the signs that told most, the weightiest first."""
    told = [(abs(WEIGHTS.get(name, 0.0)) * strength, name) for name, strength in signs.items()]
    telling = sorted((-weight, name) for weight, name in told if weight > SLIGHT)
    return tuple(name for _, name in telling[:TOLD]) or ("no personal sign",)


def _verdict(signs: Mapping[str, float], lean: float) -> Verdict:
    return "personal" if score(signs) + lean > 0 else "business"
