"""The outputs of one step: their ids, who has to approve them, on which terms they go out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from flows.disclosed import disclosed, kept_of
from flows.errors import OperatorError
from flows.language.control import Approval, Ask, Notify, span
from flows.language.spec import StepSpec
from flows.model import CleanMessage, CleanTransaction, Output
from flows.steps.contract import Draft
from flows.terms import PLAIN, Deadline, Terms
from flows.triggering import Raw

_TURN: Final = 1 << 33
"""Numbers that the outputs of one turn of a `foreach` have to themselves: a step numbers its
own by 32 bits at most."""

_NOTICE: Final = _TURN - 1
_FAILED: Final = -1


def is_notice(output: Output) -> bool:
    """Return whether an output only tells somebody that the step failed."""
    return output.item % _TURN == _NOTICE and output.item >= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputMaker:
    """Gives the drafts of one step their ids; *turn* is that of its `foreach`, from 0."""

    flow: str
    version: str
    item: CleanMessage | CleanTransaction | Raw
    spec: StepSpec
    now: datetime
    lane: str = ""
    turn: int | None = None

    def output(self, draft: Draft) -> Output:
        """Return the output that a draft becomes."""
        approver = draft.approver or _role(self.spec) or ""
        return self._made(
            replace(draft, item=self._number(draft.item)),
            uses=self.spec.uses,
            approver=approver,
            terms=self._terms(draft),
        )

    def failed(self, error: OperatorError) -> tuple[Output, ...]:
        """Return the report of a step that failed, and the notice of it that the flow wants."""
        body: dict[str, JsonValue] = {"problem": error.what, "fix": error.fix}
        number = _FAILED if self.turn is None else _FAILED - 1 - self.turn
        draft = Draft(body=body, summary=f"step failed: {error.what}", item=number)
        report = self._made(draft, uses=self.spec.uses, approver=_role(self.spec) or "")
        report = replace(report, state="failed")
        if not isinstance(self.spec.on_error, Notify):
            return (report,)
        role = self.spec.on_error.notify
        text = (
            f"The flow {self.flow!r} stopped at its step {self.spec.id!r}: {error.what}."
            f" What to do: {error.fix or 'see the output'}."
            f" `jigajob outbox show {report.id[:10]}` shows it."
        )
        draft = Draft(
            body={"to": role, "text": text},
            summary=f"Tell {role} that a step failed",
            item=self._number(_NOTICE),
        )
        return report, self._made(draft, uses="notify")

    def _made(
        self, draft: Draft, *, uses: str, approver: str = "", terms: Terms | None = None
    ) -> Output:
        return Output(
            id=output_id(self.flow, self.version, self.item.id, self.spec.id, draft.item),
            flow=self.flow,
            flow_version=self.version,
            trigger=self.item.id,
            step=self.spec.id,
            uses=uses,
            item=draft.item,
            approver=approver,
            state="waiting" if approver else "approved",
            body=draft.body,
            summary=draft.summary,
            created_at=self.now,
            source=self.item.source,
            into=draft.into,
            discloses=disclosed(draft.body, kept_of(self.item)),
            agreed=None if terms == PLAIN else terms,
        )

    def _number(self, item: int) -> int:
        """Return the number of an output of this turn, which no other turn gives."""
        return item if self.turn is None else (self.turn + 1) * _TURN + item

    def _terms(self, draft: Draft) -> Terms:
        retry, on_error = self.spec.retry, self.spec.on_error
        return Terms(
            lane=self.lane,
            attempts=(retry.attempts or 0) if retry else 0,
            within=span(retry.within) if retry and retry.within else None,
            timeout=span(self.spec.timeout) if self.spec.timeout else None,
            deadline=self._deadline(draft),
            tells=on_error.notify if isinstance(on_error, Notify) else "",
        )

    def _deadline(self, draft: Draft) -> Deadline | None:
        """Return until when it may be decided; what the step asks about is never let go so."""
        terms = self.spec.approve
        if not isinstance(terms, Approval):
            return None
        at = self.now + span(terms.within)
        if isinstance(terms.then, Ask):
            return Deadline(at=at, then="ask", ask=terms.then.ask)
        if terms.then == "approve" and draft.approver:
            return None
        return Deadline(at=at, then=terms.then)


def output_id(flow: str, version: str, trigger: str, step: str, item: int) -> str:
    """Return the id of an output: the same work always has the same one."""
    seed = "\x1f".join((flow, version, trigger, step, str(item)))
    return "o" + hashlib.sha256(seed.encode()).hexdigest()[:24]


def in_places(outputs: Sequence[Output]) -> tuple[Output, ...]:
    """Return the outputs of one run, each with its place among them."""
    return tuple(
        replace(output, agreed=replace(output.terms, place=place))
        if output.terms.lane
        else output
        for place, output in enumerate(outputs)
    )


def _role(spec: StepSpec) -> str | None:
    return spec.approve.by if isinstance(spec.approve, Approval) else spec.approve
