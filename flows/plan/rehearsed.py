"""What a rehearsal brought about, told as a plan: nothing in it is unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Final

from flows.intake.cleaning import ROUTING
from flows.language.spec import FlowsFile
from flows.model import CleanMessage, CleanTransaction, Output
from flows.plan.comparing import UNDECIDED, Before, compared
from flows.plan.planning import kind_of_start, plan_of, title_of_start
from flows.plan.rehearsal import Rehearsal
from flows.plan.report import FlowPlan, ItemKind, Plan, PlannedItem, in_order
from flows.plan.truth import Truth
from flows.ports import Record
from flows.records import Records
from flows.starts import START

REHEARSED: Final = frozenset({"mail", "overdue", "output"})
"""The triggers that a folder of raw mail can set off."""


async def outputs_of(rehearsal: Rehearsal) -> dict[str, list[Output]]:
    """Return what was made, by what it was made of, in the order in which it was made."""
    found: dict[str, list[Output]] = {}
    order = {
        (flow, step): place
        for flow, steps in rehearsal.steps.items()
        for place, step in enumerate(steps)
    }
    async for record in rehearsal.records.each("output"):
        output = await rehearsal.records.open(record, Output)
        found.setdefault(output.trigger, []).append(output)
    for made in found.values():
        made.sort(
            key=lambda each: (each.flow, order.get((each.flow, each.step), -1), each.item)
        )
    return found


async def rehearsed(rehearsal: Rehearsal, file: FlowsFile, now: datetime) -> Plan:
    """Return the plan of all that was taken in."""
    records, made = rehearsal.records, await outputs_of(rehearsal)
    plans = {flow.id: plan_of(flow, REHEARSED) for flow in file.flows if flow.enabled}
    looked_at: Counter[str] = Counter()
    moments: list[datetime] = []
    for kind in ("message", "transaction"):
        async for record in records.each(kind):
            item = await _opened(records, record)
            ran = frozenset(filter(None, str(record.fields["flows"]).split(",")))
            at = _moment(item)
            moments.append(at)
            looked_at["mail" if kind == "message" else kind] += 1
            _note(plans, item, at, ran=ran, outputs=made.pop(item.id, []), rehearsal=rehearsal)
    async for record in records.each("start"):
        start = await records.open(record, START)
        looked_at[kind_of_start(start)] += 1
        if start.id in made:
            kind, title = kind_of_start(start), title_of_start(start)
            _note_made(plans, start.id, made.pop(start.id), start.at, kind=kind, title=title)
    # What is left are outputs of which no item is stored: they come of overdue invoices.
    for trigger, outputs in made.items():
        _note_made(plans, trigger, outputs, now, kind="overdue")
    plan = Plan(over="mail", since=min(moments, default=now), until=max(moments, default=now))
    plan.looked_at = looked_at
    async for record in records.each("arrival"):
        if record.fields["state"] != "stored":
            plan.unstored[str(record.fields["reason"])] += 1
    plan.flows = list(plans.values())
    for flow in plan.flows:
        flow.items = in_order(flow.items)
    return plan


async def _opened(records: Records, record: Record) -> CleanMessage | CleanTransaction:
    if record.kind == "message":
        return await records.open(record, CleanMessage)
    return await records.open(record, CleanTransaction)


def _note(
    plans: Mapping[str, FlowPlan],
    item: CleanMessage | CleanTransaction,
    at: datetime,
    *,
    ran: frozenset[str],
    outputs: Sequence[Output],
    rehearsal: Rehearsal,
) -> None:
    kept = item.kept if isinstance(item, CleanMessage) else {}
    failed = {output.flow for output in outputs if output.uses == UNDECIDED}
    for flow_id in (each for each in plans if each in ran | failed):
        flow = rehearsal.engine.named([flow_id])
        ours = [output for output in outputs if output.flow == flow_id]
        plans[flow_id].items.append(
            PlannedItem(
                id=item.id,
                kind=_kind(item),
                at=at,
                title=_title(item),
                truth=Truth.YES if flow_id in ran else Truth.FAILS,
                outputs=compared(ours, Before()),
                kept=tuple(sorted((rehearsal.engine.keeps(flow) - ROUTING) & kept.keys())),
                removed=item.removed,
            )
        )


def _note_made(
    plans: Mapping[str, FlowPlan],
    trigger: str,
    outputs: Sequence[Output],
    at: datetime,
    *,
    kind: ItemKind,
    title: str = "",
) -> None:
    """Note what flows have made of an item that is known by its outputs alone."""
    for flow_id in dict.fromkeys(output.flow for output in outputs):
        ours = [output for output in outputs if output.flow == flow_id]
        failed = any(output.uses == UNDECIDED for output in ours)
        plans[flow_id].items.append(
            PlannedItem(
                id=trigger,
                kind=kind,
                at=at,
                title=title,
                truth=Truth.FAILS if failed else Truth.YES,
                outputs=compared(ours, Before()),
            )
        )


def _kind(item: CleanMessage | CleanTransaction) -> ItemKind:
    return "mail" if isinstance(item, CleanMessage) else "transaction"


def _title(item: CleanMessage | CleanTransaction) -> str:
    if isinstance(item, CleanMessage):
        return item.subject
    return f"{item.money} {item.booked_on.isoformat()}"


def _moment(item: CleanMessage | CleanTransaction) -> datetime:
    if isinstance(item, CleanMessage):
        return item.received_at
    return datetime.combine(item.booked_on, time(), UTC)
