"""`jigajob keys`: the keys of the business, changed for new ones or destroyed."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from flows.errors import AdministratorError, OperatorError
from portal.cli.options import FlowsOption, HomeOption, JsonOption, again, settings_of
from portal.cli.progress import counting

if TYPE_CHECKING:
    from collections.abc import Callable

    from flows.keys.records import StoredKeys
    from flows.keys.rotation import Rotation
    from portal.settings import Settings

app = typer.Typer(help="The keys that seal the records of the business.", no_args_is_help=True)

STATES: Final = {
    "none": "missing, but sealed records are there; restore both from backups of one time",
    "ready": "in use",
    "rotating": "being changed; what was sealed with the old key is sealed anew",
    "shredded": "destroyed; nothing of this business opens any more",
}


@app.command()
def show(
    context: typer.Context,
    home: HomeOption = None,
    flows: FlowsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show in what state the keys are, and who has custody."""
    settings = settings_of(context, home, flows)
    told = asyncio.run(_shown(settings))
    if as_json:
        typer.echo(json.dumps(told))
        return
    typer.echo(f"keys: {STATES[str(told['state'])]}")
    typer.echo(f"custody: {told['custody']}")
    if told["state"] in {"ready", "rotating"}:
        since = f", in use since {_shown_at(settings, told['since'])}" if told["since"] else ""
        typer.echo(f"sealing key: number {told['current']}{since}")
        newest = "the newest" if told["newest_wrapping"] else "not the newest"
        typer.echo(f"wrapping key: {newest}")
    if told["state"] == "rotating":
        typer.echo(_go_on(settings, told["earliest"]))


@app.command()
def rotate(
    context: typer.Context,
    wrapping: Annotated[
        bool, typer.Option("--wrapping", help="Change the key that wraps the keys instead.")
    ] = False,
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Seal everything with a new key, while everybody works on.

    The first run, or the start of a watch, an hour later destroys the old key; so does this
    command. Interrupted, it goes on.
    """
    settings = settings_of(context, home, flows)
    if wrapping:
        typer.echo(asyncio.run(_rewrapped(settings)))
        return
    done = asyncio.run(_rotated(settings, counting("records sealed anew")))
    if done.unopened:
        typer.echo(f"{done.unopened} records do not open and were left as they are", err=True)
    typer.echo(f"{done.resealed} records were sealed with the new key")
    if done.done:
        typer.echo("nothing is sealed with the old key any more: it is destroyed")
    else:
        typer.echo(_go_on(settings, done.earliest.isoformat()))


@app.command()
def shred(
    context: typer.Context,
    confirmed: Annotated[
        str, typer.Option("--yes", metavar="ID", help="The id of the business, for scripts.")
    ] = "",
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Destroy the keys of the business and all its records.

    There is no way back. Programs that are still running read on for five minutes at most.
    Backups stay as they are: destroy their files of keys as well.
    """
    settings = settings_of(context, home, flows)
    from flows.language.load import business_of

    business = business_of(settings.flows)
    if not confirmed:
        typer.echo(f"This destroys all that JigAjob keeps of {business}, for ever.")
        confirmed = typer.prompt("Type the id of the business to go on")
    if confirmed != business:
        raise OperatorError(
            "that is not the id of this business: nothing was destroyed",
            fix="give the id as `business: id:` has it in the flows file",
        )
    removed = asyncio.run(_shredded(settings))
    typer.echo(f"the keys of {business} are destroyed, {removed} records are removed")
    typer.echo(
        "what runs for it still stops within 5 minutes; run this again then, to remove what"
        " it wrote meanwhile"
    )


def _shown_at(settings: Settings, moment: object) -> str:
    from flows.language.load import zone_of
    from portal.cli import screens

    return screens.moment(datetime.fromisoformat(str(moment)), zone_of(settings.flows))


def _go_on(settings: Settings, earliest: object) -> str:
    until = _shown_at(settings, earliest)
    return (
        f"the old key is kept until {until}, for programs that still have it;"
        f" the next `{again(settings)} run` after that destroys it, or `keys rotate`"
    )


async def _shown(settings: Settings) -> dict[str, str | int | bool | None]:
    from portal.wiring import open_custody

    async with open_custody(settings, new=False) as custody:
        keys = custody.keys
        newest = [
            await custody.vault.is_newest(custody.business, record.sealed)
            for record in keys.wrapped.values()
        ]
        return {
            "state": (keys.state or "ready") if keys.root else "none",
            "custody": settings.keys,
            "current": keys.current,
            "since": str(keys.field("since") or ""),
            "newest_wrapping": all(newest),
            "earliest": _earliest(keys),
        }


def _earliest(keys: StoredKeys) -> str | None:
    from flows.keys.records import ROTATING
    from flows.keys.rotation import SETTLED_AFTER, began_at

    if keys.state != ROTATING:
        return None
    return (began_at(keys) + SETTLED_AFTER).isoformat()


async def _rotated(settings: Settings, tell: Callable[[int], None]) -> Rotation:
    from flows.audit import Act
    from flows.keys.rotation import Rotating
    from portal.wiring import open_custody

    act = Act(action="keys.rotate", authority="command keys rotate")
    async with open_custody(settings, new=False) as custody, custody.audit.act(act):
        return await Rotating(
            custody.store, custody.vault, custody.keyring, custody.business, custody.clock
        ).rotate(tell)


async def _rewrapped(settings: Settings) -> str:
    from flows.audit import Act
    from flows.keys.rotation import Rotating
    from portal.wiring import open_custody

    act = Act(action="keys.rotate", authority="command keys rotate --wrapping")
    async with open_custody(settings, new=False) as custody, custody.audit.act(act):
        number = await Rotating(
            custody.store, custody.vault, custody.keyring, custody.business, custody.clock
        ).rewrap()
    if not number:
        return "every key is wrapped by the newest wrapping key already"
    return f"{number} keys are wrapped by the newest wrapping key: no older one is needed"


async def _shredded(settings: Settings) -> int:
    from flows.audit import Act
    from flows.keys.shredding import shred as shredding
    from portal.wiring import open_custody

    act = Act(action="keys.shred", authority="command keys shred")
    opening = open_custody(settings, new=False, half=True)
    async with opening as custody, AsyncExitStack() as recorded:
        try:
            await recorded.enter_async_context(custody.audit.act(act))
        except AdministratorError as error:
            # Keys that do not open help nobody: the end must not wait for them.
            typer.echo(f"not recorded, for {error.what}", err=True)
        return await shredding(custody.store, custody.business, custody.clock)
