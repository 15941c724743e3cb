"""What a business mail is about, by weighted phrases; a first guess that conditions can use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Final

from flows.intake.kind_papers import PAPERS
from flows.intake.kind_rows import REQUESTS
from flows.intake.phrases import Phrases
from flows.intake.threads import is_reply
from flows.model import Automatic, MessageKind

SUBJECT_WEIGHT: Final = 2
"""How much more a phrase counts in the subject than in the text."""

ENOUGH: Final = 4
"""Score from which a kind is believed: one outright phrase, or two that point to it."""

SPAM_ENOUGH: Final = 6
"""Score from which a mail is spam: it takes three phrases, never one."""

NEWSLETTER_ENOUGH: Final = 4
MOST_MATCHES: Final = 5
HEAD: Final = 2_000
TAIL: Final = 1_000

ROWS: Final = {**REQUESTS, **PAPERS}

_WEIGHTS: Final = [(kind, weight) for kind, rows in ROWS.items() for weight, _ in rows]
_WANTED: Final = Phrases(row for rows in ROWS.values() for _, row in rows)
_INVOICE: Final = Phrases(row for _, row in ROWS["supplier_invoice"])

UNASKED: Final[frozenset[MessageKind]] = frozenset({"spam", "newsletter"})

FIRST: Final[tuple[MessageKind, ...]] = (
    "complaint",
    "payment_notice",
    "schedule_change",
    "quote_request",
    "service_request",
    "supplier_invoice",
    "customer_invoice",
)
"""Of kinds with the same score the first is told: the one that must not wait."""

_CYRILLIC = r"[\u0410-\u044f\u0456\u0455\u0405]"
_MIXED = re.compile(rf"\w*(?:[a-z]{_CYRILLIC}|{_CYRILLIC}[a-z])\w*", re.IGNORECASE)
_LOOKALIKES: Final = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0405\u0455",
    "ABEKMHOPCTXaeopcyxiSs",
)
"""Cyrillic letters that look like Latin ones."""


def classify(
    *,
    subject: str,
    text: str,
    attached: str = "",
    automatic: Automatic = "",
    outgoing: bool = False,
) -> MessageKind:
    """Return what a mail is about; `other` where no kind has evidence enough.

    *text* is the new text, *attached* the text of attachments. A mail that the business
    sends to others (*outgoing*) is a customer's invoice or `other`, never a request to
    itself, unless it forwards one. Spam needs twice the evidence, and less for a request.
    """
    if automatic in ("auto_reply", "bounce"):
        return "other"
    scores = _scores(subject, text, attached)
    if outgoing and not _is_forward(subject):
        issued = scores.get("supplier_invoice", 0) >= ENOUGH
        return "customer_invoice" if issued and _names_invoice(subject, attached) else "other"
    spam, newsletter = scores.pop("spam", 0), scores.pop("newsletter", 0)
    spam += 3 * _mixes_letters(f"{subject} {text[:2_000]}")
    newsletter += 3 * (automatic in ("bulk", "list")) + (automatic == "noreply")
    best = max(FIRST, key=lambda kind: (scores.get(kind, 0), -FIRST.index(kind)))
    score = scores.get(best, 0)
    if spam >= SPAM_ENOUGH and spam >= score:
        return "spam"
    if automatic == "bulk" and score < ENOUGH:
        return "newsletter"
    # Portals that pass on a customer's request say "unsubscribe" too.
    wins = newsletter >= score or (automatic in ("bulk", "list") and not _is_paper(best))
    if newsletter >= NEWSLETTER_ENOUGH and wins:
        return "newsletter"
    return best if score >= ENOUGH else "other"


def _scores(subject: str, text: str, attached: str) -> dict[MessageKind, int]:
    subject, text = _plain(subject).lower(), _plain(_told(text)).lower()
    attached = attached.lower()
    # The subject of an answer is somebody else's; spam only pretends to answer.
    answer = is_reply(subject) and not _is_forward(subject) and bool(text.strip())
    scores: dict[MessageKind, int] = dict.fromkeys(ROWS, 0)
    in_subject = _WANTED.found(subject, MOST_MATCHES)
    in_text = _WANTED.found(text, MOST_MATCHES)
    for (kind, weight), above, below in zip(_WEIGHTS, in_subject, in_text, strict=True):
        if kind == "spam":  # a single word, be it the subject, must not be enough
            scores[kind] += _worth(weight, [*above, *below][:MOST_MATCHES], more=MOST_MATCHES)
            continue
        weight_of_subject = 0 if answer and kind not in UNASKED else SUBJECT_WEIGHT
        scores[kind] += weight_of_subject * _worth(weight, above) + _worth(weight, below)
    # Papers speak for what they are: other kinds are not written in attachments.
    enclosed = _INVOICE.found(attached, 1)
    papers = sum(
        weight
        for (weight, _), found in zip(ROWS["supplier_invoice"], enclosed, strict=True)
        if found
    )
    if not papers:
        # Who pays or complains names the invoice too, but encloses none.
        outright = max(scores["payment_notice"], scores["complaint"])
        if outright >= ENOUGH:
            scores["supplier_invoice"] = min(scores["supplier_invoice"], outright)
    scores["supplier_invoice"] += papers
    return scores


def _told(text: str) -> str:
    """Return where a mail says what it wants: its start and its end, never a long middle."""
    if len(text) <= HEAD + TAIL:
        return text
    return f"{text[:HEAD]}\n{text[-TAIL:]}"


def _worth(weight: int, found: Collection[str], more: int = 2) -> int:
    """Return what a row is worth that *found* this: its weight, one for each of *more*."""
    return weight + min(len({*found}) - 1, more) if found else 0


def _names_invoice(subject: str, attached: str) -> bool:
    named = re.compile(r"invoice|factura|facture|rechnung", re.IGNORECASE)
    reply = re.match(r"\s*(?:re|aw|sv|rv)\s*:", subject, re.IGNORECASE)
    return named.search(attached[:3_000]) is not None or (
        named.search(subject) is not None and reply is None
    )


def _is_forward(subject: str) -> bool:
    return re.match(r"\s*(?:fwd?|wg|tr|rv)\s*:", subject, re.IGNORECASE) is not None


def _is_paper(kind: MessageKind) -> bool:
    return kind in ("supplier_invoice", "payment_notice")


def _mixes_letters(text: str) -> bool:
    return not text.isascii() and _MIXED.search(text) is not None


def _plain(text: str) -> str:
    """Return *text* with look-alike letters and typographic quotes as plain ones."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text.replace("\u2019", "'"))
    mixed: Mapping[int, int] = _LOOKALIKES
    return _MIXED.sub(lambda word: word[0].translate(mixed), text)
