"""`jigajob outbox`: what goes out, and what waits for a person."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from portal.cli.options import FlowsOption, HomeOption, JsonOption, settings_of

if TYPE_CHECKING:
    from flows.outbox import Posted
    from portal.settings import Settings

app = typer.Typer(help="What goes out, and what waits for a person.", no_args_is_help=True)

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
    """List what waits for a person, or failed."""
    found = asyncio.run(_list(settings_of(context, home, flows), every=every))
    if as_json:
        for posted in found:
            typer.echo(json.dumps(_row(posted)))
        return
    from portal.cli import screens

    if not found:
        typer.echo("nothing has been put out yet" if every else "nothing waits for a person")
        return
    made = screens.table("", "id", "state", "who", "step", "what")
    for posted in found:
        output = posted.output
        made.add_row(
            screens.short(output.id),
            output.state,
            output.approver or "-",
            f"{output.flow}/{output.step}",
            screens.plain(_told(posted)),
        )
    screens.console().print(made)
    if not every:
        typer.echo(
            "\napprove or reject: jigajob outbox approve ID; whole: jigajob outbox show ID"
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
    """Close outputs without sending them."""
    _decide(settings_of(context, home, flows), ids, "reject")


def _told(posted: Posted) -> str:
    """Return what an output is, and why it failed."""
    why = posted.note.partition("\n")[0] if posted.output.state in ("failed", "unknown") else ""
    return f"{posted.output.summary}: {why}" if why else posted.output.summary


def _decide(settings: Settings, ids: list[str], verb: Literal["approve", "reject"]) -> None:
    failed = False
    for posted in asyncio.run(_decided(settings, ids, verb)):
        note = f": {posted.note}" if posted.note else ""
        typer.echo(f"{posted.output.id} {posted.output.state}{note}")
        failed = failed or posted.output.state in ("failed", "unknown")
    if failed:
        raise typer.Exit(1)


def _row(posted: Posted) -> dict[str, Any]:
    output = posted.output
    return {
        "id": output.id,
        "state": output.state,
        "approver": output.approver,
        "flow": output.flow,
        "step": output.step,
        "uses": output.uses,
        "summary": output.summary,
        "note": posted.note,
        "trigger": output.trigger,
        "created_at": output.created_at.isoformat(),
        "changed_at": posted.changed_at.isoformat(),
    }


async def _list(settings: Settings, *, every: bool) -> list[Posted]:
    from portal.wiring import open_app

    async with open_app(settings) as app_:
        if every:
            return [posted async for posted in app_.outbox.list()]
        return [posted async for posted in app_.outbox.list("waiting", "failed", "unknown")]


async def _show(settings: Settings, output_id: str) -> Posted:
    from portal.wiring import open_app

    async with open_app(settings) as app_:
        return await app_.outbox.show(output_id)


async def _decided(
    settings: Settings, ids: list[str], verb: Literal["approve", "reject"]
) -> list[Posted]:
    from portal.wiring import open_app

    async with open_app(settings) as app_:
        box = app_.outbox
        # One that does not exist stops us before anything is decided.
        ids = [(await box.show(output_id)).output.id for output_id in ids]
        for output_id in ids:
            await (box.approve(output_id) if verb == "approve" else box.reject(output_id))
        if verb == "approve":
            await box.deliver()
        return [await box.show(output_id) for output_id in ids]
