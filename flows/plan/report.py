"""What a plan says: by flow its items, what would go out, be kept and removed, and the cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from pydantic import JsonValue

from flows.plan.truth import Truth

FORMAT: Final = "jigajob/plan/1"

ItemKind = Literal["mail", "transaction", "overdue", "schedule", "webhook", "manual", "output"]

Change = Literal["new", "same", "changed", "gone", "not known"]
"""An output beside what the deployed flows made of the same item, by flow, step and number.

`gone` was made and would not be made now; `not known`: it was made, and whether its flow would
run for the item now cannot be known; or it would be made now, and whether the deployed flow
would make it cannot be known.
"""

CHANGES: Final[tuple[Change, ...]] = ("new", "changed", "gone", "same", "not known")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOutput:
    """One output as it would read; of one that is gone, as it read.

    `before` is the body that was made, where it is another one. `approver` is the role that
    would be asked, `approval` says so with until when and what then; `approval_before` what it
    was, where it is another one.
    """

    step: str
    uses: str
    number: int
    change: Change
    summary: str
    approver: str = ""
    approval: str = ""
    approval_before: str | None = None
    failed: bool = False
    body: Mapping[str, JsonValue]
    before: Mapping[str, JsonValue] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedItem:
    """One item that a flow would run for, might run for, or has run for.

    `truth` says whether it would; `unknown` are the names that its conditions read and nobody
    knows any more. `missing` are fields that the flow keeps and that were not kept then, so
    that its outputs would read otherwise than shown. `title` is clean text.
    """

    id: str
    kind: ItemKind
    at: datetime
    title: str
    truth: Truth
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    outputs: tuple[PlannedOutput, ...] = ()
    kept: tuple[str, ...] = ()
    removed: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class FlowPlan:
    """What one flow would have done.

    `removed` of the deployed flows is a flow that is not, or no longer, in the file.
    `unplanned` are triggers for which nothing is gone through; of those that are `as_noticed`,
    only what was noticed then.
    """

    id: str
    name: str
    retention: str = ""
    keep: tuple[str, ...] = ()
    removed: bool = False
    unplanned: tuple[str, ...] = ()
    as_noticed: tuple[str, ...] = ()
    items: list[PlannedItem] = field(default_factory=list)

    def count(self, truth: Truth) -> int:
        """Return for how many items this is the answer."""
        return sum(item.truth is truth for item in self.items)

    @property
    def matched(self) -> list[PlannedItem]:
        """Return the items that it would run for."""
        return [item for item in self.items if item.truth is Truth.YES]

    @property
    def silent(self) -> tuple[str, ...]:
        """Return the triggers of which nothing was noticed for it, so that it says nothing."""
        kinds = {item.kind for item in self.items}
        return tuple(word for word in self.as_noticed if word not in kinds)

    @property
    def outputs(self) -> Iterator[PlannedOutput]:
        """Yield all outputs, those that are gone among them."""
        return (output for item in self.items for output in item.outputs)

    @property
    def changes(self) -> Counter[str]:
        """Return how many outputs are new, changed, gone, same or not known."""
        return Counter(output.change for output in self.outputs)

    @property
    def approvals(self) -> Counter[str]:
        """Return how many outputs each role would be asked about."""
        return Counter(each.approver for each in self.made if each.approver)

    @property
    def made(self) -> list[PlannedOutput]:
        """Return the outputs that it would make."""
        every = (output for item in self.matched for output in item.outputs)
        return [output for output in every if output.change != "gone"]

    @property
    def reasons(self) -> Counter[str]:
        """Return the names for which answers are not known, with how many items each."""
        open_ones = (item for item in self.items if item.truth is Truth.OPEN)
        return Counter(name for item in open_ones for name in item.unknown)

    @property
    def kept(self) -> Counter[str]:
        """Return in how many of the items that match each kept field is there."""
        return Counter(name for item in self.matched for name in item.kept)

    @property
    def missing(self) -> Counter[str]:
        """Return in how many of the items that match each field was not kept then."""
        return Counter(name for item in self.matched for name in item.missing)

    @property
    def taken_out(self) -> Counter[str]:
        """Return how much is taken out of the items that match, by label."""
        total: Counter[str] = Counter()
        for item in self.matched:
            total.update(item.removed)
        return total


@dataclass(slots=True, kw_only=True)
class Plan:
    """What the flows would have done with what came in from *since* to *until*.

    `over` tells whether that is what is stored, or raw mail. `compared_with` says in words
    what the outputs are compared with, empty for nothing. `looked_at` counts the items by
    kind. `unstored` counts what came in and was not stored, by reason: what these flows would
    have made of it cannot be known.
    """

    over: Literal["history", "mail"]
    since: datetime
    until: datetime
    compared_with: str = ""
    looked_at: Counter[str] = field(default_factory=Counter)
    unstored: Counter[str] = field(default_factory=Counter)
    flows: list[FlowPlan] = field(default_factory=list)

    @property
    def cost(self) -> dict[str, Any]:
        """Return what it would take: items touched, outputs, approvals by role, records.

        `records` counts what the store would be written: each output when it is made and
        when it has gone out, and for each item that is stored its arrival and itself.
        """
        touched = {item.id for flow in self.flows for item in flow.matched}
        outputs = sum(len(flow.made) for flow in self.flows)
        approvals: Counter[str] = Counter()
        for flow in self.flows:
            approvals.update(flow.approvals)
        return {
            "items": len(touched),
            "outputs": outputs,
            "approvals": dict(sorted(approvals.items())),
            "records": 2 * outputs + 2 * len(touched),
        }

    def as_json(self) -> dict[str, Any]:
        """Return the plan as `jigajob plan --format json` prints it; see docs/plan.md."""
        return {
            "format": FORMAT,
            "over": self.over,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "compared_with": self.compared_with,
            "looked_at": dict(sorted(self.looked_at.items())),
            "unstored": dict(sorted(self.unstored.items())),
            "cost": self.cost,
            "flows": [_flow(flow) for flow in self.flows],
        }


def _flow(flow: FlowPlan) -> dict[str, Any]:
    return {
        "id": flow.id,
        "name": flow.name,
        "removed": flow.removed,
        "retention": flow.retention,
        "keep": list(flow.keep),
        "unplanned": list(flow.unplanned),
        "matches": flow.count(Truth.YES),
        "not_known": flow.count(Truth.OPEN),
        "not_known_because": dict(flow.reasons.most_common()),
        "fails": flow.count(Truth.FAILS),
        "outputs": {change: flow.changes[change] for change in CHANGES},
        "approvals": dict(sorted(flow.approvals.items())),
        "kept": dict(sorted(flow.kept.items())),
        "not_kept_then": dict(sorted(flow.missing.items())),
        "taken_out": dict(sorted(flow.taken_out.items())),
        "items": [_item(item) for item in flow.items],
    }


def _item(item: PlannedItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind,
        "at": item.at.isoformat(),
        "title": item.title,
        "answer": item.truth.value,
        "unknown": list(item.unknown),
        "not_kept_then": list(item.missing),
        "outputs": [_output(each) for each in item.outputs],
    }


def _output(output: PlannedOutput) -> dict[str, Any]:
    return {
        "step": output.step,
        "uses": output.uses,
        "number": output.number,
        "change": output.change,
        "summary": output.summary,
        "approver": output.approver,
        "approval": output.approval,
        "approval_before": output.approval_before,
        "failed": output.failed,
        "body": dict(output.body),
        "before": None if output.before is None else dict(output.before),
    }


def in_order(items: Sequence[PlannedItem]) -> list[PlannedItem]:
    """Return items as they came in."""
    return sorted(items, key=lambda item: (item.at, item.id))
