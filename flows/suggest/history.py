"""What a business's clean history tells: who wrote, what about, and what people answered."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from flows.model import Automatic, CleanMessage, MessageKind

Paper = Literal["invoice", "pdf", "table", "image", "other"]
"""What an attachment is, as far as a condition could ask for it."""

ANSWERED_WITHIN: Final = timedelta(days=30)
"""A later mail of the business's under the same subject is no answer any more."""

_PREFIX: Final = re.compile(
    r"^\s*(?:(?:re|aw|antw|sv|rv|fwd?|wg|tr|r\u00e9p)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
_HOST: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_TABLES: Final = ("csv", "spreadsheet", "ms-excel")


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMail:
    """One mail of the history, clean.

    `correspondent` is the keyed hash of the other side, `domain` its mail domain, empty for
    free mail and where it is not known. `flows` are the ids of the flows that it triggered.
    `answer` is what the business wrote back first, without quotes and signature.
    """

    id: str
    own: bool
    correspondent: str
    domain: str
    thread: str
    at: datetime
    kind: MessageKind
    automatic: Automatic
    subject: str
    text: str
    papers: tuple[Paper, ...] = ()
    flows: frozenset[str] = frozenset()
    answer: str = ""
    answered_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class History:
    """The mails from outside in the order of time, each with its answer, and when it ends."""

    mails: Sequence[PastMail]
    until: datetime

    def settled(self, wait: timedelta) -> list[PastMail]:
        """Return the mails that people have had *wait* to answer, or have answered."""
        return [each for each in self.mails if each.answer or self.until - each.at >= wait]


def past_mail(clean: CleanMessage, *, domain: str, flows: Iterable[str]) -> PastMail:
    """Return what suggestions need to know of a stored mail.

    A domain that is more than a host name is left out: whoever writes chooses it, and in a
    proposed condition it would be read as part of that.
    """
    return PastMail(
        id=clean.id,
        own=clean.own,
        correspondent=clean.correspondent,
        domain=domain if _HOST.fullmatch(domain) else "",
        thread=clean.thread,
        at=clean.received_at,
        kind=clean.kind,
        automatic=clean.automatic,
        subject=clean.subject,
        text=clean.new_text,
        papers=tuple(_paper(each.media_type, each.invoice) for each in clean.attachments),
        flows=frozenset(flows),
    )


def history(mails: Iterable[PastMail], until: datetime) -> History:
    """Return the mails from outside, each with what the business answered *until* now."""
    ordered = sorted(mails, key=lambda mail: (mail.at, mail.id))
    own = [each for each in ordered if each.own]
    outside = {each.id: each for each in ordered if not each.own}
    places = _places(outside.values())
    for answer in own:
        question = _asked(answer, places)
        if question is not None and not outside[question].answer and answer.text.strip():
            asked = outside[question]
            outside[question] = replace(
                asked, answer=answer.text, answered_after=answer.at - asked.at
            )
    return History(list(outside.values()), until)


def topic(subject: str) -> str:
    """Return a subject as it began: without `Re:` and `Fwd:`, in small letters."""
    return " ".join(_PREFIX.sub("", subject).casefold().split())


def _places(mails: Iterable[PastMail]) -> Mapping[tuple[str, str], list[PastMail]]:
    places: defaultdict[tuple[str, str], list[PastMail]] = defaultdict(list)
    for mail in mails:
        for place in _where(mail):
            places[place].append(mail)
    return places


def _where(mail: PastMail) -> list[tuple[str, str]]:
    """Return where an answer to *mail* is looked for: its thread, or its topic and people."""
    found = [("thread", mail.thread)] if mail.thread else []
    if mail.correspondent and (about := topic(mail.subject)):
        found.append((mail.correspondent, about))
    return found


def _asked(answer: PastMail, places: Mapping[tuple[str, str], list[PastMail]]) -> str | None:
    """Return the id of the mail that *answer* answers: the last one before it."""
    before = [
        each
        for place in _where(answer)
        for each in places.get(place, ())
        if each.at < answer.at <= each.at + ANSWERED_WITHIN
    ]
    return max(before, key=lambda mail: (mail.at, mail.id)).id if before else None


def _paper(media_type: str, invoice: object) -> Paper:
    if invoice is not None:
        return "invoice"
    if media_type == "application/pdf":
        return "pdf"
    if any(word in media_type for word in _TABLES):
        return "table"
    return "image" if media_type.startswith("image/") else "other"
