"""A plan in a terminal: flows, what differs, what is not known, and the cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from textwrap import shorten
from typing import Final

from rich.console import Console
from rich.text import Text

from flows.plan.report import FlowPlan, Plan, PlannedOutput
from flows.plan.truth import Truth
from portal.cli.screens import REASONS, console, plain, short, table

MOST: Final = 20
"""Outputs that are listed; all of them are in the page and in JSON."""

_STYLES: Final = {"new": "green", "changed": "yellow", "gone": "red"}


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Give a function that says on a terminal how far it is; all of that goes at the end."""
    out = Console(stderr=True)
    if not out.is_terminal:
        yield lambda text: None
        return
    with out.status("reading") as status:
        yield status.update


def show(plan: Plan) -> None:
    """Print the plan to standard output."""
    out = console()
    out.print(Text(_about(plan), style="bold"))
    out.print(plain(_looked_at(plan)), soft_wrap=True)
    if plan.compared_with:
        out.print(plain(f"compared with {plan.compared_with}"), soft_wrap=True)
    numbers = ("matches", "not known", "fails", "new", "changed", "gone", "same")
    made = table("\nWhat they would do", "flow", *numbers, right=numbers)
    for flow in plan.flows:
        made.add_row(plain(flow.id + (" (removed)" if flow.removed else "")), *_numbers(flow))
    out.print(made)
    _show_unknown(out, plan)
    _show_outputs(out, plan)
    _show_data(out, plan)
    _show_cost(out, plan)


def _about(plan: Plan) -> str:
    over = "what is stored" if plan.over == "history" else "raw mail, of which nothing is kept"
    first, last = plan.since.date().isoformat(), plan.until.date().isoformat()
    return f"Plan over {over}, {first} to {last}. Nothing was sent."


def _looked_at(plan: Plan) -> str:
    told = ", ".join(
        _several(kind, number) for kind, number in plan.looked_at.items() if number
    )
    unstored = ", ".join(
        f"{number} {REASONS.get(reason, reason)}"
        for reason, number in plan.unstored.most_common()
    )
    then = f"; not stored: {unstored}" if unstored else ""
    return f"looked at {told or 'nothing'}{then}"


_SEVERAL: Final[Mapping[str, tuple[str, str]]] = {
    "mail": ("mail", "mails"),
    "transaction": ("transaction", "transactions"),
    "overdue": ("overdue invoice", "overdue invoices"),
    "schedule": ("time of a schedule", "times of schedules"),
    "webhook": ("call", "calls"),
    "manual": ("start by hand", "starts by hand"),
    "output": ("output of another flow", "outputs of other flows"),
}


def _several(kind: str, number: int) -> str:
    return f"{number:,} {_SEVERAL[kind][number != 1]}"


def _numbers(flow: FlowPlan) -> list[str]:
    changes = flow.changes
    numbers = [flow.count(Truth.YES), flow.count(Truth.OPEN), flow.count(Truth.FAILS)]
    numbers += [changes[each] for each in ("new", "changed", "gone", "same")]
    return [str(number) if number else "" for number in numbers]


def _show_unknown(out: Console, plan: Plan) -> None:
    rows = [(flow, flow.reasons) for flow in plan.flows if flow.reasons]
    if rows:
        out.print(Text("\nWhat cannot be known", style="bold"))
        out.print(Text("These conditions read what was removed before the mail was stored."))
        for flow, reasons in rows:
            told = ", ".join(f"{name} ({number})" for name, number in reasons.most_common())
            out.print(plain(f"{flow.id}: {told}"), soft_wrap=True)
    for flow in plan.flows:
        if flow.unplanned:
            words = ", ".join(flow.unplanned)
            out.print(plain(f"{flow.id}: its trigger by {words} is not gone through"))
        if flow.silent:
            words = " or ".join(flow.silent)
            then = "only what was noticed then is gone through"
            out.print(
                plain(f"{flow.id}: nothing set it off by {words}; {then}"), soft_wrap=True
            )
        if flow.missing:
            told = ", ".join(f"{name} ({number})" for name, number in flow.missing.items())
            out.print(plain(f"{flow.id}: not kept then: {told}"), soft_wrap=True)


def _show_outputs(out: Console, plan: Plan) -> None:
    rows = [
        (flow, item, output)
        for flow in plan.flows
        for item in flow.items
        for output in item.outputs
        if output.change in _STYLES
    ]
    if not rows:
        return
    made = table("\nWhat would be otherwise", "", "flow", "step", "item", "what")
    for flow, item, output in rows[:MOST]:
        made.add_row(
            Text(output.change, style=_STYLES[output.change]),
            plain(flow.id),
            output.step,
            short(item.id),
            _what(output),
        )
    out.print(made)
    if len(rows) > MOST:
        out.print(f"and {len(rows) - MOST} more: --html FILE shows all of them")


def _what(output: PlannedOutput) -> Text:
    lines = [shorten(output.summary, 70, placeholder="…")]
    if output.approval_before is not None:
        before, now = (each or "nobody" for each in (output.approval_before, output.approval))
        lines.append(f"asked: {before} before, {now} now")
    return Text("\n").join(plain(line) for line in lines)


def _show_data(out: Console, plan: Plan) -> None:
    made = table("\nWhat would be kept", "flow", "for", "kept", "taken out", right=())
    rows = 0
    for flow in plan.flows:
        if flow.matched:
            rows += 1
            made.add_row(
                plain(flow.id), flow.retention, _listed(flow.kept), _listed(flow.taken_out)
            )
    if rows:
        out.print(made)


def _show_cost(out: Console, plan: Plan) -> None:
    cost = plan.cost
    out.print(Text("\nWhat it would take", style="bold"))
    asked = _listed(Counter(cost["approvals"])) or "nobody asked"
    out.print(
        plain(
            f"{_counted(cost['outputs'], 'output')} of {_counted(cost['items'], 'item')};"
            f" approvals: {asked}; about {_counted(cost['records'], 'record')} written"
        ),
        soft_wrap=True,
    )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.most_common())
