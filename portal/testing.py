"""Files of test cases, run through the real path of mail and movements, in memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from anonymizer.text.cleaner import Cleaner
from flows.cases.checking import Difference, differences
from flows.cases.giving import booked, mail_bytes, transactions
from flows.cases.happened import happened
from flows.cases.load import Cases, check_sources, load_cases, sources_of
from flows.cases.remembered import Remembered
from flows.cases.spec import Case, GivenTransaction
from flows.errors import OperatorError
from flows.language.load import load
from flows.language.own_rules import own_rules
from flows.language.spec import FlowsFile
from flows.language.templates import read_templates
from flows.plan.rehearsal import Rehearsal
from portal.wiring.planning import rehearsal_of_given

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class CaseDone:
    """How one case ended: where it stands, and what was otherwise, each with its place."""

    file: str
    name: str
    place: str
    seconds: float
    failures: tuple[tuple[str, Difference], ...]

    @property
    def passed(self) -> bool:
        """Return whether all was as expected."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class _StoppedClock:
    """Tells the time of a case."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True)
class _UnderTest:
    """The flows of one file of cases, and what cleans for them."""

    cases: Cases
    file: FlowsFile
    templates: dict[str, str]
    cleaner: Cleaner


async def run_cases(
    paths: Sequence[Path], *, only: str = "", memory: Path, tell: Tell = lambda text: None
) -> list[tuple[CaseDone, bool]]:
    """Return how the cases in these files ended, and whether the language model was loaded.

    *only* picks those whose name holds it. What the cleaner finds is remembered in *memory*.
    *tell* is told of each case that begins, in words.

    Raises:
        FlowsFileError: A file of cases, or its flows file, has problems.
        OperatorError: There is no such file, or no case of that name.
    """
    done: list[tuple[CaseDone, bool]] = []
    for cases in [load_cases(path) for path in paths]:
        file = load(cases.flows)
        check_sources(cases, file)
        finder = Remembered(memory, own_rules(file))
        cleaner = Cleaner(rules=own_rules(file), finder=finder)
        templates = dict(read_templates(cases.flows, file))
        under_test = _UnderTest(cases, file, templates, cleaner)
        for number, case in enumerate(cases.file.cases):
            if only.casefold() in case.name.casefold():
                tell(f"case {len(done) + 1}: {case.name}")
                done.append((await _run(under_test, number, case), finder.loaded))
        finder.keep()
    if not done:
        raise OperatorError(f"no case has {only!r} in its name", fix="leave --only out")
    return done


async def _run(under_test: _UnderTest, number: int, case: Case) -> CaseDone:
    started = time.monotonic()
    cases = under_test.cases
    rehearsal = await _given(under_test, number, case)
    await rehearsal.run()
    found = await happened(rehearsal)
    failures = tuple(
        (cases.place(number, "expect", *each.at), each)
        for each in differences(case.expect, found)
    )
    place = cases.place(number)
    return CaseDone(str(cases.path), case.name, place, time.monotonic() - started, failures)


async def _given(under_test: _UnderTest, at: int, case: Case) -> Rehearsal:
    file, cases = under_test.file, under_test.cases
    now = (case.now or cases.file.now or datetime.now(UTC)).astimezone(UTC)
    business, folder = file.business, cases.path.parent
    mails: dict[str, list[bytes]] = {}
    for number, mail in enumerate(case.given.mails):
        where = cases.document.value(("cases", at, "given", "mails", number))
        raw = mail_bytes(mail, number, business=business, folder=folder, now=now, where=where)
        mails.setdefault(mail.source or sources_of(file, "mail")[0], []).append(raw)
    movements = {
        name: transactions(items, name, business=business, now=now)
        for name, items in _by_source(case, file)
    }
    rehearsal = rehearsal_of_given(
        file,
        under_test.templates,
        cleaner=under_test.cleaner,
        clock=_StoppedClock(now),
        mails=mails,
        movements=movements,
    )
    for invoice in case.given.invoices:
        await rehearsal.register.book(booked(invoice, business), now)
    return rehearsal


def _by_source(case: Case, file: FlowsFile) -> Iterator[tuple[str, list[GivenTransaction]]]:
    found: dict[str, list[GivenTransaction]] = {}
    for each in case.given.transactions:
        found.setdefault(each.source or sources_of(file, "transaction")[0], []).append(each)
    yield from found.items()
