"""A release from a pool: made once for a period, kept, and given again as often as asked.

The order: the draw is entered in the pool's audit log, the noise is drawn, all files are made,
and then ledger and files are written in one batch. What broke off before that batch was seen
by nobody. What broke off after it is finished by whoever asks again, who gets the same bytes.
Last, the audit log names the release by the hash of its manifest; the next manifest holds the
hash of the log as it is then.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from typing import Final

from anonymizer.tables.budget import Spending, after
from anonymizer.tables.method import Method
from anonymizer.tables.owners import one_per_owner
from anonymizer.tables.publishing import make_release
from anonymizer.tables.refused import Refused
from anonymizer.tables.release import Release
from flows.audit import Act, Audit
from flows.audit.root import Signer
from flows.audit.verify import verify
from flows.errors import AdministratorError, OperatorError, RecordExists, StaleRecord
from flows.ports import Clock
from flows.records import Records
from flows.reports.budget_ledger import ACTION, Ledger, Spent, latest, subject_of
from flows.reports.composing import Draft, Page, composed, published_of, recipe_of
from flows.reports.eligibility import Eligible, eligible
from flows.reports.manifest import (
    NAME,
    PURPOSE,
    START,
    Budget,
    Cost,
    Restated,
    method_hash,
    sha256,
)
from flows.reports.periods import Period
from flows.reports.pool import KEPT_FOR

_TRIES: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants released.

    Attributes:
        period: The quarter.
        method: How.
        cap: What the releases of a year may cost an owner together.
        why: Why the period is to be released once more; empty for the first time.
        page: Makes the page.
        tell: Is told what is being done.
    """

    period: Period
    method: Method
    cap: Decimal
    why: str = ""
    page: Page
    tell: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A release: its row in the ledger, its files by name, and whether it was made just now."""

    spent: Spent
    files: Mapping[str, bytes]
    new: bool


class Releasing:
    """Releases from one pool; *records* are those of the pool."""

    def __init__(self, records: Records, audit: Audit, clock: Clock) -> None:
        self._records, self._audit, self._clock = records, audit, clock
        self._ledger = Ledger(records, audit)

    async def release(self, asked: Asked) -> Released:
        """Return the release of a period: made now, or as it was made before.

        Raises:
            OperatorError: The period is not over for long enough, the budget of the year does
                not suffice, or somebody else has restated the period meanwhile.
            AdministratorError: The pool is not whole: it is an older one, or was changed.
            TransientError: From the store or the vault; asking again finishes what was begun.
        """
        made: Released | None = None
        takes_place_of: int | None = None
        for _ in range(_TRIES):
            past = await self._ledger.all()
            found = latest(past, asked.period.label)
            if found and made and found.manifest == made.spent.manifest:
                return await self._named(made)  # only the answer to the writing was lost
            if found and not asked.why:
                files = await self._ledger.files(found)
                return await self._named(Released(spent=found, files=files, new=False))
            number = found.number if found else 0
            if takes_place_of not in {None, number}:
                raise _restated_meanwhile(asked)
            takes_place_of = number
            cumulative = _cumulative(asked, past)
            frozen = await self._frozen(asked)
            try:
                async with self._audit.act(_act("report.draw", asked, len(past) + 1)):
                    made = await self._drawn(asked, past, frozen, cumulative)
                    await self._ledger.put(made.spent, made.files)
            except RecordExists:  # somebody else was quicker, and nobody has seen ours
                continue
            return await self._named(made)
        raise StaleRecord("others released from this pool again and again meanwhile")

    async def _frozen(self, asked: Asked) -> Eligible:
        """Return who counts, out of a pool of which the audit log is whole."""
        log, now = self._audit.log, self._clock.now()
        if now >= asked.period.cut_off + KEPT_FOR:
            raise OperatorError(
                f"what was counted in {asked.period} is deleted from the pool",
                fix=f"release a quarter within {KEPT_FOR.days} days of its cut-off",
            )
        asked.tell("the pool's audit log is verified")
        verdict = await verify(log, now=now, key=await log.key(), anchored=log.anchored())
        if verdict.findings:
            raise AdministratorError(
                f"the audit log of the pool is not whole: {verdict.findings[0]}",
                fix="restore the newest backup of the pool, with its audit.roots; nothing is"
                " released from this one, for it may lack a release that somebody has",
            )
        asked.tell("who counts is looked up")
        return await eligible(self._records, asked.period, asked.method.grid, now)

    async def _drawn(
        self, asked: Asked, past: Sequence[Spent], frozen: Eligible, cumulative: Decimal
    ) -> Released:
        asked.tell("noise is drawn")
        made_at, salt = self._clock.now().astimezone(UTC), secrets.token_hex(32)
        release = _made(frozen, asked.method)
        instead = latest(past, asked.period.label)
        head = await self._audit.log.head()
        previous = past[-1].manifest if past else START
        draft = Draft(
            number=len(past) + 1,
            period=asked.period,
            made_at=made_at,
            restates=_restates(instead, asked),
            recipe=recipe_of(asked.method, changed=_changed(asked, past)),
            budget=_budget(asked, past, cumulative),
            inputs=sha256(f"{salt} {frozen.commitment}".encode()),
            consent=sha256(f"{salt} {frozen.consents}".encode()),
            audit=head.hash if head else START,
            previous=previous,
        )
        earlier = [published_of(await self._ledger.files(each)) for each in past]
        asked.tell("tables and page are made")
        signer = Signer(await self._records.secret(PURPOSE))
        files = composed(release, draft, signer, asked.page, earlier)
        spent = Spent(
            number=draft.number,
            period=asked.period.label,
            year=asked.period.start.year,
            epsilon=asked.method.epsilon,
            at=made_at,
            restates=instead.number if instead else 0,
            method=draft.recipe.hash,
            sufficient=release.sufficient,
            salt=salt,
            manifest=sha256(files[NAME]),
            previous=previous,
        )
        return Released(spent=spent, files=files, new=True)

    async def _named(self, released: Released) -> Released:
        """Have the audit log name the release, unless it does already."""
        spent = released.spent
        if subject_of(spent) not in await self._ledger.named():
            subjects = (f"period:{spent.period}", f"release:{spent.number}", subject_of(spent))
            act = Act(action=ACTION, authority=_AUTHORITY, subjects=subjects)
            await self._audit.note(act)
        return released


_AUTHORITY: Final = "command report release"


def _act(action: str, asked: Asked, number: int) -> Act:
    details = {"why": asked.why} if asked.why else {}
    subjects = (f"period:{asked.period}", f"release:{number}")
    return Act(action=action, authority=_AUTHORITY, subjects=subjects, details=details)


def _made(frozen: Eligible, method: Method) -> Release:
    try:
        return make_release(one_per_owner(frozen.rows, method), method)
    except Refused as refused:
        raise AdministratorError(refused.what, fix=refused.fix) from None


def _cumulative(asked: Asked, past: Sequence[Spent]) -> Decimal:
    """Return what the year will have cost with the release that is asked for."""
    new = Spending(
        period=asked.period.label,
        year=asked.period.start.year,
        epsilon=asked.method.epsilon,
        restates=bool(asked.why),
    )
    try:
        return after([each.spending for each in past], new, asked.cap)
    except Refused as refused:
        raise OperatorError(refused.what, fix=refused.fix) from None


def _budget(asked: Asked, past: Sequence[Spent], cumulative: Decimal) -> Budget:
    year = asked.period.start.year
    costs = [
        Cost(
            number=each.number, period=each.period, epsilon=each.epsilon, manifest=each.manifest
        )
        for each in past
        if each.year == year
    ]
    epsilon = asked.method.epsilon
    costs.append(Cost(number=len(past) + 1, period=asked.period.label, epsilon=epsilon))
    return Budget(
        year=year, cap=asked.cap, epsilon=epsilon, cumulative=cumulative, costs=tuple(costs)
    )


def _changed(asked: Asked, past: Sequence[Spent]) -> bool:
    """Return whether the year's last release before was made by another method."""
    same_year = [each.method for each in past if each.year == asked.period.start.year]
    return bool(same_year) and same_year[-1] != method_hash(asked.method)


def _restates(instead: Spent | None, asked: Asked) -> Restated | None:
    if instead is None:
        return None
    return Restated(number=instead.number, manifest=instead.manifest, why=asked.why)


def _restated_meanwhile(asked: Asked) -> OperatorError:
    return OperatorError(
        f"somebody else has released {asked.period} meanwhile",
        fix="look at it (jigajob report list), and restate it if that is still wanted",
    )
