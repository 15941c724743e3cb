"""Flows for what a business does again and again, proposed out of its clean history.

Conditions are made out of the older two thirds of the mails and tried on the newest third, as
they would have been if the flow had been written then. What a flow does now is left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import Any, Final

from flows.language.spec import FlowsFile
from flows.model import MessageKind
from flows.suggest.answers import Custom, customs
from flows.suggest.history import History, Paper, PastMail
from flows.suggest.proposal import BackTest, Evidence, Proposal, evenly, slug
from flows.suggest.rules import Rule, best_rule, bits, tried

FEWEST: Final = 4
"""Cases out of which a flow is proposed; fewer may be chance."""
OLDER: Final = 2 / 3
SURE: Final = 0.75
"""Share of the mails found that have to be right, on the older and on the newest mails."""
FOUND: Final = 0.3
"""Share of the cases that have to be found."""
TIME_TO_ANSWER: Final = timedelta(days=5)
"""A mail that is younger, and not answered, may be answered yet."""
HEARD: Final = 0.1
"""Share of all mails that have an answer; with fewer, the sent mail is not in the history."""
ANSWERED: Final = 0.5
"""Share of the mails of a kind that people answer, if it is worth while to take them down."""
REGULAR: Final = 0.35
"""How far the days between papers of one sender may be from their median, as its share."""

_KINDS: Final[Mapping[MessageKind, tuple[str, Sequence[Mapping[str, Any]]]]] = {
    "service_request": (
        "Open a job for each request",
        (
            {
                "id": "details",
                "uses": "extract",
                "with": {"fields": {"site": "address", "wanted": "date", "phone": "phone"}},
            },
            {
                "id": "job",
                "uses": "job.open",
                "with": {
                    "title": "{{ mail.subject }}",
                    "site": "{{ steps.details.site }}",
                    "phone": "{{ steps.details.phone }}",
                    "wanted": "{{ steps.details.wanted }}",
                },
            },
        ),
    ),
    "quote_request": (
        "List the quotes to be made",
        (
            {
                "id": "list",
                "uses": "row.append",
                "with": {
                    "table": "quotes",
                    "columns": {
                        "received": "{{ mail.received_at | date('%Y-%m-%d') }}",
                        "subject": "{{ mail.subject }}",
                    },
                },
            },
        ),
    ),
    "complaint": (
        "Put complaints before the owner",
        (
            {
                "id": "tell",
                "uses": "notify",
                "with": {"to": "owner", "text": "A complaint came in: {{ mail.subject }}"},
            },
        ),
    ),
    "schedule_change": (
        "Tell the dispatcher of changes of a visit",
        (
            {
                "id": "tell",
                "uses": "notify",
                "with": {"to": "dispatcher", "text": "About a visit: {{ mail.subject }}"},
            },
        ),
    ),
}
"""What is done about a kind of mail, in the words of the language; nothing is answered."""

_PAPERS: Final[Mapping[Paper, str]] = {
    "invoice": "invoices",
    "pdf": "PDF papers",
    "table": "tables",
}


@dataclass(frozen=True, slots=True)
class _Past:
    """The mails that no flow deals with, the older of them as bits, and ids that are taken."""

    mails: Sequence[PastMail]
    older: int
    taken: set[str]
    source: str

    @property
    def newest(self) -> int:
        return ((1 << len(self.mails)) - 1) & ~self.older

    def tried(self, rule: Rule, wanted: int) -> BackTest:
        """Return how *rule* does for the mails *wanted* (bits)."""
        return BackTest(tried(rule, wanted, self.older), tried(rule, wanted, self.newest))


def suggestions(past: History, file: FlowsFile, source: str) -> list[Proposal]:
    """Return flows for the mail of *source*, those with most cases first.

    *past* is the clean history of that source. None is proposed for what an enabled flow of
    *file* already does, and none whose conditions were wrong of one mail in four.
    """
    enabled = {flow.id for flow in file.flows if flow.enabled}
    settled = [each for each in past.settled(TIME_TO_ANSWER) if each.automatic != "bounce"]
    mails = [each for each in settled if not each.flows & enabled]
    older = bits(range(int(len(mails) * OLDER)))
    here = _Past(mails, older, {flow.id for flow in file.flows}, source)
    found = [*_answers(here), *_papers(here), *_kinds(here)]
    return sorted(found, key=lambda each: -each.evidence.count)


def _answers(past: _Past) -> Iterator[Proposal]:
    """Yield drafts of the answers that people gave again and again."""
    answered = [(n, each.answer) for n, each in enumerate(past.mails) if each.answer]
    for custom in customs(answered, FEWEST):
        wanted = bits(custom.positions)
        rule = best_rule(past.mails, wanted, past.older)
        done = past.tried(rule, wanted) if rule else None
        if rule is None or done is None or not _good(done):
            continue
        chosen = [past.mails[n] for n in custom.positions]
        waited = median(
            each.answered_after.total_seconds() / 3600
            for each in chosen
            if each.answered_after is not None
        )
        why = (
            f"people answered {len(chosen)} mails in much the same words,"
            f" half of them after more than {_hours(waited)}"
        )
        name, steps = "Draft the usual answer", [_draft(custom)]
        yield _proposal(past, rule, wanted, done=done, name=name, why=why, steps=steps)


def _draft(custom: Custom) -> Mapping[str, Any]:
    text = custom.text
    if custom.greets:
        named = "{{ ' ' ~ customer.name if customer.name }}"
        text = f"{custom.greets}{named},\n\n{text}"
    return {
        "id": "answer",
        "uses": "reply.draft",
        "if": "mail.automatic == ''",
        "with": {"text": f"{text}\n"},
        "approve": "owner",
    }


def _papers(past: _Past) -> Iterator[Proposal]:
    """Yield flows that take down the papers that one sender sends again and again."""
    groups: defaultdict[tuple[str, Paper], list[int]] = defaultdict(list)
    for n, mail in enumerate(past.mails):
        for paper in {*mail.papers} & _PAPERS.keys():
            if mail.domain:
                groups[mail.domain, paper].append(n)
    for (domain, paper), positions in sorted(groups.items()):
        chosen = [past.mails[n] for n in positions]
        gap = _rhythm(chosen)
        if len(positions) < FEWEST - 1 or (paper != "invoice" and gap is None):
            continue
        mask = bits(
            n for n, mail in enumerate(past.mails) if mail.domain == domain and mail.papers
        )
        conditions = (f"mail.sender.domain == '{domain}'", "mail.has_attachments")
        often = f", about every {gap} days" if gap else ""
        rule, wanted = Rule(conditions, mask), bits(positions)
        done = past.tried(rule, wanted)
        if _good(done):
            yield _proposal(
                past,
                rule,
                wanted,
                done=done,
                name=f"Take down the {_PAPERS[paper]} of {domain}",
                why=f"{domain} sent {len(positions)} {_PAPERS[paper]}{often}",
                steps=[_book(paper, domain)],
            )


def _book(paper: Paper, domain: str) -> Mapping[str, Any]:
    if paper == "invoice":
        step = {"id": "invoice", "uses": "invoice.record", "with": {"direction": "payable"}}
        return {**step, "approve": "owner"}
    columns = {
        "received": "{{ mail.received_at | date('%Y-%m-%d') }}",
        "subject": "{{ mail.subject }}",
        "paper": "{{ mail.attachments[0].name }}",
    }
    table = slug(domain.partition(".")[0], ())
    return {"id": "list", "uses": "row.append", "with": {"table": table, "columns": columns}}


def _rhythm(mails: Sequence[PastMail]) -> int | None:
    """Return the days between mails that come at a regular pace, None if they do not."""
    days = sorted({mail.at.date() for mail in mails})
    gaps = [(after - before).days for before, after in pairwise(days)]
    if len(gaps) < FEWEST - 2:
        return None
    middle = median(gaps)
    near = sum(abs(gap - middle) <= max(1, REGULAR * middle) for gap in gaps)
    return round(middle) if near >= SURE * len(gaps) else None


def _kinds(past: _Past) -> Iterator[Proposal]:
    """Yield flows for a kind of mail that people mostly answer, and no flow deals with.

    Where the answers are not in the history nothing tells how right such a flow would be.
    """
    heard = sum(bool(mail.answer) for mail in past.mails) >= HEARD * len(past.mails)
    for kind, (name, steps) in _KINDS.items():
        mask = bits(
            n for n, mail in enumerate(past.mails) if mail.kind == kind and not mail.automatic
        )
        wanted = bits(
            n for n, mail in enumerate(past.mails) if mask >> n & 1 and past.mails[n].answer
        )
        count = mask.bit_count()
        if count < FEWEST or (heard and wanted.bit_count() < ANSWERED * count):
            continue
        rule = Rule((f"mail.kind == '{kind}'", "mail.automatic == ''"), mask)
        why = f"{count} mails of this kind came in"
        if not heard:
            yield _proposal(past, rule, mask, done=None, name=name, why=why, steps=steps)
            continue
        done = past.tried(rule, wanted)
        if _good(done, ANSWERED):
            why += f", and people answered {wanted.bit_count()}"
            yield _proposal(past, rule, wanted, done=done, name=name, why=why, steps=steps)


def _proposal(
    past: _Past,
    rule: Rule,
    wanted: int,
    *,
    name: str,
    why: str,
    steps: Sequence[Mapping[str, Any]],
    done: BackTest | None,
) -> Proposal:
    """Return the proposal of a flow with these steps for the mails of which *rule* holds."""
    chosen = [mail for n, mail in enumerate(past.mails) if wanted >> n & 1]
    keeps = _keeps(steps)
    flow: dict[str, Any] = {
        "id": slug(_named(rule, name), past.taken),
        "name": name,
        "triggers": [{"mail": past.source}],
        "conditions": [*rule.conditions, "mail.sender.domain not in business.domains"],
    }
    if keeps:
        flow["keep"] = [*keeps]
    flow |= {"retention": "180d", "steps": [dict(step) for step in steps]}
    past.taken.add(flow["id"])
    domains = sorted({each.domain for each in chosen if each.domain and each.domain in name})
    return Proposal(
        flow=flow,
        evidence=Evidence(
            why=why,
            count=len(chosen),
            first=chosen[0].at,
            last=chosen[-1].at,
            people=len({each.correspondent for each in chosen}),
            examples=evenly([each.id for each in chosen]),
        ),
        backtest=done,
        keeps=keeps,
        names=tuple(domains) or _domains_in(rule),
    )


def _good(done: BackTest, sure: float = SURE) -> bool:
    """Return whether the conditions did well enough, on what they were made of and after."""
    learnt, newest = done
    if learnt.right < FEWEST - 2 or learnt.right < FOUND * learnt.wanted:
        return False
    if learnt.precision < sure:
        return False
    # Where the newest mails hold none of it, the habit is over.
    return newest.right > 0 and newest.precision >= sure


def _keeps(steps: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the personal fields that steps need, said so that an operator sees it."""
    used = {str(step["uses"]) for step in steps}
    if "reply.draft" in used:
        return ("customer.name", "customer.email")
    if "job.open" in used:
        return ("customer.name", "customer.phone", "site.address")
    return ("supplier.name",) if "invoice.record" in used else ()


def _named(rule: Rule, name: str) -> str:
    words = [part for text in rule.conditions for part in text.split("'")[1::2]]
    first = "answer" if name.startswith("Draft") else name.split(" ", maxsplit=1)[0]
    return " ".join([first, *words]) if words else name


def _domains_in(rule: Rule) -> tuple[str, ...]:
    start = "mail.sender.domain == "
    return tuple(
        text.removeprefix(start).strip("'\"")
        for text in rule.conditions
        if text.startswith(start)
    )


def _hours(hours: float) -> str:
    return f"{round(hours / 24)} days" if hours > 48 else f"{max(1, round(hours))} hours"  # noqa: PLR2004 - two days
