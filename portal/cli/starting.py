"""`jigajob start`: runs a flow by hand, with its inputs."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Optional

import typer

from flows.errors import OperatorError
from portal.cli.options import FlowsOption, HomeOption, JsonOption, settings_of

if TYPE_CHECKING:
    from flows.language.spec import FlowSpec
    from flows.outbox import Posted
    from flows.starting.calls import Calls
    from portal.settings import Settings

_LONGEST_ID: Final = 128


@dataclass(frozen=True, slots=True)
class _Started:
    """What came of a start: its id, whether it was there before, its outputs."""

    start: str
    again: bool
    outputs: tuple[Posted, ...]


def add_to(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(start)


def start(
    context: typer.Context,
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="The id of the flow.")],
    given: Annotated[
        Optional[list[str]],  # noqa: UP045 - typer reads this at run time
        typer.Option("--input", metavar="NAME=VALUE", help="An input of the flow; repeatable."),
    ] = None,
    call_id: Annotated[
        str, typer.Option("--id", help="Your own name for this run: the same runs once.")
    ] = "",
    home: HomeOption = None,
    flows: FlowsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run a flow by hand, now.

    Its triggers must have `manual: true`. Prints what it puts out. What needs approval waits
    for it; flows that wait for an output of this one run with the next `jigajob run`.
    """
    inputs = _pairs(given or [])
    if len(call_id) > _LONGEST_ID:
        raise OperatorError(
            "the id is too long", fix=f"use at most {_LONGEST_ID} characters after --id"
        )
    done = asyncio.run(_start(settings_of(context, home, flows), flow, inputs, call_id))
    if as_json:
        outputs = [_row(posted) for posted in done.outputs]
        row = {"start": done.start, "again": done.again, "outputs": outputs}
        typer.echo(json.dumps(row))
    else:
        _print(done)
    if any(posted.output.state in ("failed", "unknown") for posted in done.outputs):
        raise typer.Exit(1)


def _pairs(given: list[str]) -> dict[str, object]:
    """Return inputs by name, as they were typed.

    Raises:
        OperatorError: One has no name, or a name stands twice.
    """
    pairs: dict[str, object] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name.strip():
            raise OperatorError(
                "an --input says not which one it is", fix='write --input wanted="2026-03-14"'
            )
        if name.strip() in pairs:
            raise OperatorError(f"the input {name.strip()} is given twice", fix="give it once")
        pairs[name.strip()] = value
    return pairs


def _print(done: _Started) -> None:
    if done.again:
        typer.echo(f"{done.start} was started before; nothing was done again")
    for posted in done.outputs:
        output = posted.output
        what, end, fix = posted.note.partition("\n")
        again = not what or output.summary.endswith(what)  # the summary of a step that failed
        told = output.summary if again else f"{output.summary}: {what}"
        typer.echo(f"{output.id} {output.state} {told}{end}{fix}")
    if not done.outputs:
        typer.echo("nothing was to be done")
    if any(posted.output.state == "waiting" for posted in done.outputs):
        typer.echo("\napprove or reject: jigajob outbox approve ID; whole: outbox show ID")


def _row(posted: Posted) -> dict[str, Any]:
    output = posted.output
    return {
        "id": output.id,
        "state": output.state,
        "step": output.step,
        "uses": output.uses,
        "summary": output.summary,
        "note": posted.note,
    }


async def _start(
    settings: Settings, flow_id: str, given: dict[str, object], call_id: str
) -> _Started:
    from anonymizer.text.cleaner import Cleaner
    from flows.audit import Act
    from flows.language.own_rules import own_rules
    from portal.wiring import open_app

    async with open_app(settings) as app:
        calls = app.calls(Cleaner(rules=own_rules(app.file)))
        flow = _by_hand(calls, flow_id, [each.id for each in app.file.flows])
        _known(flow, given)
        act = Act(action="flow.start", authority="command start", subjects=[flow.id])
        async with app.audit.act(act):
            taken = await calls.take([flow], given, by="", key=call_id or secrets.token_hex(16))
            await calls.run(taken)
        await app.outbox.deliver()
        started = taken.starts[flow.id]
        outputs = [each async for each in app.outbox.list() if each.output.trigger == started]
        await app.audit.seen("start", (each.output.id for each in outputs), "output")
        return _Started(started, taken.again, tuple(outputs))


def _by_hand(calls: Calls, flow_id: str, known: list[str]) -> FlowSpec:
    from flows.language.words import quoted, suggestion

    by_hand = {flow.id: flow for flow in calls.by_hand()}
    if flow_id in by_hand:
        return by_hand[flow_id]
    if flow_id in known:
        raise OperatorError(
            f"{flow_id} is not started by hand",
            fix="add `- manual: true` to its triggers, and see that it is enabled",
        )
    fix = suggestion(flow_id, by_hand or known)
    raise OperatorError(f"there is no flow {quoted(flow_id)}", fix=fix)


def _known(flow: FlowSpec, given: dict[str, object]) -> None:
    from flows.language.words import quoted, suggestion

    for name in given:
        if name not in flow.inputs:
            known = suggestion(name, flow.inputs) if flow.inputs else "it takes none"
            raise OperatorError(f"{flow.id} has no input {quoted(name)}", fix=known)
