"""`jigajob outbox`: what goes out, and what waits for a person."""

from __future__ import annotations

import asyncio
import json
from datetime import tzinfo
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional

import typer

from flows.errors import JigajobError, OperatorError
from portal.cli.options import FlowsOption, HomeOption, JsonOption, settings_of

if TYPE_CHECKING:
    from flows.outbox import Outbox, Posted
    from flows.terms import Deadline
    from portal.settings import Settings

app = typer.Typer(help="What goes out, and what waits for a person.", no_args_is_help=True)

_COLUMNS = ("id", "state", "who", "step")
_NARROW = 100
"""Below so many columns a step stands under its flow."""

Verb = Literal["approve", "reject", "cancel", "retry"]
IdArgument = Annotated[
    list[str], typer.Argument(metavar="ID...", help="Ids, or how they begin.")
]


@app.command("list")
def list_(
    context: typer.Context,
    home: HomeOption = None,
    flows: FlowsOption = None,
    every: Annotated[
        bool, typer.Option("--all", help="Everything, also what needs nobody.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List what waits for a person, failed, or is tried again."""
    found, zone = asyncio.run(_list(settings_of(context, home, flows), every=every))
    if as_json:
        for posted in found:
            typer.echo(json.dumps(_row(posted)))
        return
    from portal.cli import screens

    if not found:
        typer.echo("nothing has been put out yet" if every else "nothing waits for a person")
        return
    tried = any(posted.attempts for posted in found)
    due = any(posted.next_at for posted in found)
    timed = any(posted.output.terms.deadline for posted in found)
    now_and_then = {"tries": tried, "next try": due, "decide by": timed}
    columns = [*_COLUMNS, *(name for name, wanted in now_and_then.items() if wanted)]
    made = screens.table("", *columns, "what", right=("tries",), whole=_COLUMNS)
    out = screens.console()
    narrow = out.width < _NARROW
    for posted in found:
        cells = _cells(posted, narrow=narrow)
        cells += [str(posted.attempts or "")] if tried else []
        cells += [_next_try(posted, zone)] if due else []
        cells += [_until(posted, zone)] if timed else []
        made.add_row(*cells, screens.plain(_told(posted)))
    out.print(made)
    if not every:
        typer.echo(
            "\napprove or reject: jigajob outbox approve ID; whole: jigajob outbox show ID"
            + ("\ntry again or close: jigajob outbox retry ID, cancel ID" if tried else "")
        )


@app.command()
def show(
    context: typer.Context,
    output_id: Annotated[str, typer.Argument(metavar="ID", help="The id, or how it begins.")],
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Show one output whole, as JSON."""
    posted = asyncio.run(_show(settings_of(context, home, flows), output_id))
    typer.echo(
        json.dumps(
            _row(posted) | {"body": dict(posted.output.body)}, indent=2, ensure_ascii=False
        )
    )


@app.command()
def approve(
    context: typer.Context, ids: IdArgument, home: HomeOption = None, flows: FlowsOption = None
) -> None:
    """Let outputs go out, now.

    One id that fits none stops it before anything is decided.
    """
    _decide(settings_of(context, home, flows), ids, "approve")


@app.command()
def reject(
    context: typer.Context, ids: IdArgument, home: HomeOption = None, flows: FlowsOption = None
) -> None:
    """Close outputs that wait for a person, without sending them."""
    _decide(settings_of(context, home, flows), ids, "reject")


@app.command()
def cancel(
    context: typer.Context, ids: IdArgument, home: HomeOption = None, flows: FlowsOption = None
) -> None:
    """Close outputs that are not out yet, also approved ones.

    What is out, or being carried out, cannot be taken back.
    """
    _decide(settings_of(context, home, flows), ids, "cancel")


@app.command()
def retry(
    context: typer.Context,
    ids: Annotated[
        Optional[list[str]],  # noqa: UP045 - typer reads this at run time
        typer.Argument(metavar="[ID]...", help="Ids, or how they begin."),
    ] = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Everything that failed and can be tried again.")
    ] = False,
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Try what failed, or waits for its next try, now.

    What may be out already is not tried again; see whether it is, then approve or reject it.
    """
    if bool(ids) == failed:
        raise OperatorError(
            "it is not said what to try again", fix="give ids, or --failed, and not both"
        )
    _decide(settings_of(context, home, flows), ids, "retry")


def _cells(posted: Posted, *, narrow: bool) -> list[str]:
    """Return the columns that are always there, but for the last."""
    from portal.cli import screens

    output = posted.output
    between = "/\n" if narrow else "/"
    who, step = output.approver or "-", f"{output.flow}{between}{output.step}"
    return [screens.short(output.id), output.state, who, step]


def _next_try(posted: Posted, zone: tzinfo) -> str:
    from portal.cli import screens

    return screens.moment(posted.next_at, zone) if posted.next_at else ""


def _until(posted: Posted, zone: tzinfo) -> str:
    """Return until when it may be decided, and what follows."""
    deadline = posted.output.terms.deadline
    if deadline is None:
        return ""
    from portal.cli import screens

    return f"{screens.moment(deadline.at, zone)}, then {_then(deadline)}"


def _then(deadline: Deadline) -> str:
    return f"ask {deadline.ask}" if deadline.ask else deadline.then


def _told(posted: Posted) -> str:
    """Return what an output is, and what is wrong with it or in its way."""
    output = posted.output
    why = "" if output.state == "sent" else posted.note.partition("\n")[0]
    if posted.behind and not why:
        from portal.cli import screens

        why = f"goes out after {screens.short(posted.behind)}"
    return f"{output.summary}: {why}" if why else output.summary


def _decide(settings: Settings, ids: list[str] | None, verb: Verb) -> None:
    """Decide, and say what became of each; no ids stand for all that can be tried again."""
    failed = False
    decided = asyncio.run(_decided(settings, ids, verb))
    from flows.language.load import zone_of
    from portal.cli import screens

    zone = zone_of(settings.flows)
    for posted in decided:
        note = f": {posted.note}" if posted.note else ""
        typer.echo(f"{posted.output.id} {posted.output.state}{note}")
        if posted.behind:
            typer.echo(f"  goes out after {posted.behind}, which is not out yet")
        if posted.next_at and posted.attempts:
            at = screens.moment(posted.next_at, zone)
            typer.echo(f"  tried again after {at}, or with retry")
        failed = failed or posted.output.state in ("failed", "unknown")
        failed = failed or bool(posted.next_at and posted.attempts and not posted.worker)
    if not decided:
        typer.echo("nothing that failed can be tried again")
    if failed:
        raise typer.Exit(1)


def _row(posted: Posted) -> dict[str, Any]:
    output, deadline = posted.output, posted.output.terms.deadline
    return {
        "id": output.id,
        "state": output.state,
        "approver": output.approver,
        "flow": output.flow,
        "step": output.step,
        "uses": output.uses,
        "summary": output.summary,
        "note": posted.note,
        "attempts": posted.attempts,
        "next_at": posted.next_at.isoformat() if posted.next_at else None,
        "decide_by": deadline.at.isoformat() if deadline else None,
        "then": _then(deadline) if deadline else None,
        "after": posted.behind,
        "worker": posted.worker,
        "trigger": output.trigger,
        "created_at": output.created_at.isoformat(),
        "changed_at": posted.changed_at.isoformat(),
    }


async def _list(settings: Settings, *, every: bool) -> tuple[list[Posted], tzinfo]:
    from flows.language.load import zone_of
    from portal.wiring import open_app

    states = () if every else ("waiting", "failed", "unknown", "approved", "sending")
    # What is approved and was never tried is nobody's business: the next run has it.
    known = () if every else ("approved", "sending")
    async with open_app(settings, new=False) as app_:
        zone = zone_of(settings.flows)
        found = [
            posted
            async for posted in app_.outbox.list(*states)
            if posted.attempts or posted.behind or posted.output.state not in known
        ]
        await app_.audit.seen("outbox list", (each.output.id for each in found), "output")
        return found, zone


async def _show(settings: Settings, output_id: str) -> Posted:
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app_:
        posted = await app_.outbox.show(output_id)
        await app_.audit.seen("outbox show", [posted.output.id], "output")
        return posted


async def _decided(settings: Settings, ids: list[str] | None, verb: Verb) -> list[Posted]:
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app_:
        box = app_.outbox
        if ids is None:
            # The report of a failed step is nothing to be sent.
            failed = [each.output async for each in box.list("failed")]
            tried = [output.id for output in failed if output.item >= 0]
            decided = [each for each in tried if await _can_be_tried(box, each)]
        else:
            # One that does not exist stops us before anything is decided.
            decided = [(await box.show(output_id)).output.id for output_id in ids]
            for output_id in decided:
                await getattr(box, verb)(output_id)
        if verb in ("approve", "retry"):
            await box.deliver()
        await app_.audit.seen(f"outbox {verb}", decided, "output")
        return [await box.show(output_id) for output_id in decided]


async def _can_be_tried(box: Outbox, output_id: str) -> bool:
    """Have an output tried again; False, and a word about it, where nothing takes it."""
    try:
        await box.retry(output_id)
    except JigajobError as error:
        typer.echo(f"{output_id} is left: {error}", err=True)
        return False
    return True
