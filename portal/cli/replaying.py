"""`jigajob replay`: flows once more over what is stored."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from flows.errors import OperatorError
from portal.cli.options import FlowsOption, HomeOption, JsonOption, settings_of

if TYPE_CHECKING:
    from flows.replaying import Piece, Replayed, Wish
    from flows.replays import Chosen, ReplayDone, Replays
    from portal.settings import Settings
    from portal.wiring import App


ItemsArgument = Annotated[
    Optional[list[str]],  # noqa: UP045 - typer reads this at run time
    typer.Argument(metavar="[ITEM]...", help="Ids of mails or movements, or how they begin."),
]
FlowOption = Annotated[
    str, typer.Option("--flow", help="This flow alone. [default: those that ran]")
]
SinceOption = Annotated[
    Optional[datetime],  # noqa: UP045 - typer reads this at run time
    typer.Option(formats=["%Y-%m-%d"], help="All that the flow ran over from this day on."),
]
FromOption = Annotated[
    str, typer.Option("--from", metavar="STEP", help="Put out nothing of earlier steps.")
]
VersionOption = Annotated[
    int, typer.Option(help="As this deployment has it. [default: what runs]")
]
NewOption = Annotated[
    Optional[list[str]],  # noqa: UP045 - typer reads this at run time
    typer.Option(metavar="STEP", help="This step is new, and no other under a new name."),
]
DryOption = Annotated[bool, typer.Option("--dry-run", help="Only show.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for: items by ids, or all of a flow since a day; as which version."""

    items: tuple[str, ...]
    since: date | None
    version: int
    wish: Wish


def add_to(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(replay)


def replay(
    context: typer.Context,
    items: ItemsArgument = None,
    flow: FlowOption = "",
    since: SinceOption = None,
    start: FromOption = "",
    version: VersionOption = 0,
    new: NewOption = None,
    dry_run: DryOption = False,
    yes: YesOption = False,
    home: HomeOption = None,
    flows: FlowsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run flows again over mails and movements that are stored.

    What is out, or may be, is never put out again, whichever version of the flow did it.
    What waits or has failed gives way to the new one. What a person has rejected comes back
    waiting, and so does mail that would go out by itself.

    A replay sees what is stored: the clean text and the kept fields. It runs the flows that
    ran when the item came, or --flow; their conditions are not asked again.
    """
    _check_asked(items, flow, since)
    if as_json and not (yes or dry_run):
        raise OperatorError("--json asks nobody", fix="add --yes, or --dry-run to look first")
    from flows.replaying import Wish

    wish = Wish(flow=flow, step=start, new=frozenset(new or ()))
    settings = settings_of(context, home, flows)
    asked = _Asked(tuple(items or ()), since.date() if since else None, version, wish)
    done = asyncio.run(_replay(settings, asked, dry=dry_run, yes=yes, quiet=as_json))
    if as_json:
        for each in done.items:
            typer.echo(json.dumps(_row(each)))
    for item, trouble in done.troubles.items():
        typer.echo(f"{item[:10]}: {trouble}", err=True)
    if done.troubles:
        raise typer.Exit(1)


def _check_asked(items: list[str] | None, flow: str, since: datetime | None) -> None:
    if bool(items) == (since is not None) or (since and not flow):
        raise OperatorError(
            "it is not said what to run again", fix="give ids, or --flow and --since"
        )


async def _replay(
    settings: Settings, asked: _Asked, *, dry: bool, yes: bool, quiet: bool
) -> ReplayDone:
    from flows.replays import Chosen
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app:
        replays = await _replays(app, asked.version)
        replays.check(asked.wish)
        if asked.since:
            items = await replays.of_flow(asked.wish.flow, asked.since)
        else:
            items = await replays.named(asked.items)
        chosen = Chosen(items, asked.wish)
        seen = await replays.look(chosen)
        await app.audit.seen("replay", [item_id for _, item_id in items], "item")
        if not quiet:
            _show(seen)
        _check_renamed(seen)
        work = sum(bool(each.made or each.closed) for each in seen.items)
        if dry or not work:
            return seen
        noun = "item" if work == 1 else "items"
        if not yes and not typer.confirm(f"Do this for {work} {noun}?"):
            raise OperatorError("nothing was run again")
        done = await _run(app, replays, chosen)
    if not quiet:
        ended = ", ".join(
            f"{number} {state}" for state, number in sorted(done.delivered.items())
        )
        made = sum(len(each.made) for each in done.items)
        typer.echo(f"{made} put out" + (f"; delivered: {ended}" if ended else ""))
    return done


async def _replays(app: App, version: int) -> Replays:
    from flows.deployments import Deployments
    from flows.language.load import load_bundle

    if not version:
        return app.replays(app.flows.loaded)
    bundle = await Deployments(app.records).bundle(version)
    return app.replays(load_bundle(bundle, f"deployment {version}"))


async def _run(app: App, replays: Replays, chosen: Chosen) -> ReplayDone:
    from portal.cli.running import alone
    from portal.worker import prefect_server, replay_under_prefect, wait_until_ready

    settings = app.settings
    with alone(settings.home), prefect_server(settings) as server:
        await wait_until_ready(server)
        return await replay_under_prefect(settings, server.api, replays, chosen, lambda _: None)


def _check_renamed(seen: ReplayDone) -> None:
    """Refuse to put out what a step may have put out under another name.

    Raises:
        OperatorError: There is such a step, and nobody has said that it is new.
    """
    found = {
        (piece.output.flow, piece.output.step, piece.of)
        for each in seen.items
        for piece in each.pieces
        if piece.fate == "renamed"
    }
    for flow, step, of in sorted(found):
        raise OperatorError(
            f"step {step!r} of {flow!r} may be what was called {of!r}, which has put out its"
            " work for these items and is not there any more: nothing was run again",
            fix=f"give the step its old name; or, if it does other work, add --new {step}",
        )


def _show(seen: ReplayDone) -> None:
    from portal.cli import screens

    made = screens.table("", "item", "step", "what becomes of it")
    for each in seen.items:
        for piece in each.pieces:
            step = f"{piece.output.flow}/{piece.output.step}"
            told = screens.plain(_told(piece))
            made.add_row(screens.short(each.item), screens.plain(step), told)
        for closed in each.closed:
            made.add_row(screens.short(each.item), "", f"{closed} gives way")
        for flow, why in each.left.items():
            made.add_row(screens.short(each.item), screens.plain(flow), f"is not run: {why}")
    screens.console().print(made if made.rows else "nothing is to be done")


def _told(piece: Piece) -> str:
    output = piece.output
    if piece.fate == "renamed":
        return f"may be what {piece.of} has put out"
    if piece.fate == "out":
        return "is out, and is not made again"
    if piece.fate == "same":
        return f"is there as it would be made, {piece.of}"
    state = {"waiting": f"waits for {output.approver}", "failed": "fails"}.get(
        output.state, "goes out"
    )
    return f"{state}: {output.summary}"


def _row(replayed: Replayed) -> dict[str, Any]:
    return {
        "item": replayed.item,
        "outputs": [
            {
                "id": piece.output.id,
                "flow": piece.output.flow,
                "version": piece.output.flow_version,
                "step": piece.output.step,
                "fate": piece.fate,
                "state": piece.output.state if piece.fate == "new" else None,
            }
            for piece in replayed.pieces
        ],
        "closed": [*replayed.closed],
        "left": dict(replayed.left),
    }
