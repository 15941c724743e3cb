"""`jigajob consent`: whether the business agrees to count in figures of trades."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from flows.errors import JigajobError, NothingKept, OperatorError
from portal.cli.options import FlowsOption, HomeOption, JsonOption, settings_of

if TYPE_CHECKING:
    from flows.rights.agreeing import Agreement
    from flows.rights.consent import Channel, Consent, Purpose
    from flows.rights.ledger import Kept
    from portal.settings import Settings

app = typer.Typer(
    help="What the business agrees to; without a yes, it is no.",
    no_args_is_help=True,
)


class To(StrEnum):
    """What somebody may agree to."""

    AGGREGATES = "aggregates"


class Via(StrEnum):
    """How somebody said so."""

    CLI = "cli"
    PORTAL = "portal"
    MAIL = "mail"
    PHONE = "phone"
    PAPER = "paper"


PurposeArgument = Annotated[To, typer.Argument(help="To what: figures of trades.")]
ChannelOption = Annotated[Via, typer.Option("--channel", help="How it was said to you.")]
ByOption = Annotated[
    str, typer.Option("--by", metavar="NAME", help="Who said it. [default: you]")
]


@app.command()
def grant(
    context: typer.Context,
    purpose: PurposeArgument = To.AGGREGATES,
    yes: Annotated[bool, typer.Option("--yes", help="Agree without being asked.")] = False,
    channel: ChannelOption = Via.CLI,
    by: ByOption = "",
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Agree that the business counts; the text says to what.

    From then on a run counts what the text names, and gives it to the pool when the quarter is
    over. What was before is never counted.
    """
    settings = settings_of(context, home, flows)
    asyncio.run(_granted(settings, purpose.value, channel.value, by, yes=yes))


@app.command()
def withdraw(
    context: typer.Context,
    purpose: PurposeArgument = To.AGGREGATES,
    channel: ChannelOption = Via.CLI,
    by: ByOption = "",
    pool_lost: Annotated[
        bool,
        typer.Option("--pool-lost", help="The pool that was told of the yes is gone for good."),
    ] = False,
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Take it back: from now on nothing counts.

    What was counted and is not released is deleted, here at once and then in the pool.
    Where the pool cannot be reached, it ends with an error; each later run tells the pool, and
    so does this command, given again. What was released before stays as it is.
    """
    settings = settings_of(context, home, flows)
    asyncio.run(_withdrawn(settings, purpose.value, channel.value, by, pool_lost=pool_lost))


@app.command()
def show(
    context: typer.Context,
    purpose: PurposeArgument = To.AGGREGATES,
    home: HomeOption = None,
    flows: FlowsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what was said, and the text as it is now."""
    from flows.rights.consent import granted
    from flows.rights.texts import text_of

    settings = settings_of(context, home, flows)
    text = f"\n{text_of(purpose.value).words}"
    try:
        kept, zone = asyncio.run(_kept(settings, purpose.value))
    except NothingKept:
        if not as_json:  # before the first run it can be read already
            typer.echo(text, nl=False)
        raise
    if as_json:
        typer.echo(json.dumps(_as_json(purpose.value, kept)))
        return
    if not kept.rows:
        typer.echo(f"{purpose.value}: nobody was asked, so the answer is no")
    for row in kept.rows:
        typer.echo(f"{purpose.value}: {_told(row, zone)}, receipt {row.hash}")
    if kept.rows:
        typer.echo(f"so the answer is {'yes' if granted(kept.rows) else 'no'}, {_heard(kept)}")
    typer.echo(text, nl=False)


async def _granted(
    settings: Settings, purpose: Purpose, channel: Channel, by: str, *, yes: bool
) -> None:
    from flows.rights.consent import granted
    from flows.rights.texts import text_of

    async with _agreement(settings, channel, by) as agreement:
        text = text_of(purpose)
        kept = await agreement.read(purpose)
        typer.echo(text.words)
        stands = granted(kept.rows)
        if stands is not None and stands.text == text.hash:
            typer.echo("you agreed to this already: nothing was changed")
        else:
            _ask(yes=yes)
            kept = await agreement.grant(purpose)
            typer.echo(_counts_as(settings))
            typer.echo(f"receipt: {kept.rows[-1].hash}")
        try:
            await agreement.tell(kept)
        except JigajobError as error:
            typer.echo(f"the pool is told by a later run: {error.what}", err=True)
            if error.fix:
                typer.echo(f"  fix: {error.fix}", err=True)


def _counts_as(settings: Settings) -> str:
    """Return what the yes leads to, by the flows file as it is now."""
    from flows.language.load import load
    from flows.reports.default_method import GRID, place_of

    business = load(settings.flows).business
    if business.test:
        return "thank you; while flows.yaml says `test: true`, your business counts nowhere"
    place = place_of(business.industry, business.region)
    group = f"{GRID.industries[place.industry]}, {GRID.regions[place.region]}"
    return f"thank you: from now on your business counts in one group ({group})"


def _ask(*, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise OperatorError(
            "nobody is there to agree, so nothing was granted",
            fix="have somebody read the text, then give --yes",
        )
    if not typer.confirm("Do you agree?", default=False):
        raise OperatorError("you did not agree: nothing was changed", fix="nothing to do")


async def _withdrawn(
    settings: Settings, purpose: Purpose, channel: Channel, by: str, *, pool_lost: bool
) -> None:
    from flows.rights.consent import granted

    async with _agreement(settings, channel, by) as agreement:
        kept = await agreement.read(purpose)
        if kept.rows and granted(kept.rows) is None:
            typer.echo("it was taken back before: nothing counts")
        else:
            kept = await agreement.withdraw(purpose)
            typer.echo(
                "taken back: from now on nothing counts, and what was counted is deleted"
            )
            typer.echo(f"receipt: {kept.rows[-1].hash}")
        if pool_lost:
            kept = await agreement.pool_lost(kept)
        try:
            await agreement.tell(kept)
        except JigajobError:
            typer.echo(
                "the pool could not be told, so what lies in it is not deleted yet; each run"
                " tries again, and so does this command",
                err=True,
            )
            raise
        typer.echo("the pool has deleted what it had; what was released before does not change")


@asynccontextmanager
async def _agreement(settings: Settings, channel: Channel, by: str) -> AsyncIterator[Agreement]:
    from functools import partial

    from flows.rights.agreeing import Agreement
    from flows.rights.ledger import Consents
    from portal.wiring import open_custody
    from portal.wiring.pool import pool_of

    async with open_custody(settings, new=False) as custody:
        await custody.check()
        yield Agreement(
            consents=Consents(custody.records, custody.clock),
            business=custody.business,
            audit=custody.audit,
            channel=channel,
            who=by or custody.audit.person,
            open_pool=partial(pool_of, settings, custody.clock),
        )


async def _kept(settings: Settings, purpose: Purpose) -> tuple[Kept, ZoneInfo]:
    from flows.language.load import load
    from flows.rights.ledger import Consents
    from portal.wiring import open_custody

    zone = ZoneInfo(load(settings.flows).business.time_zone)
    async with open_custody(settings, new=False) as custody:
        consents = Consents(custody.records, custody.clock)
        kept = await consents.read(purpose)
        await custody.audit.seen("consent show", [row.hash for row in kept.rows], "consents")
        return kept, zone


def _heard(kept: Kept) -> str:
    if kept.all_told:
        return "and the pool has been told"
    return "but the pool does not know of all of it yet; each run tries to tell it"


def _told(row: Consent, zone: ZoneInfo) -> str:
    from portal.cli import screens

    when = f"{row.time.astimezone(zone):%Y-%m-%d %H:%M}"
    return f"{row.state} {when} by {row.channel} ({screens.plain(row.who)}), text {row.version}"


def _as_json(purpose: Purpose, kept: Kept) -> dict[str, object]:
    from flows.rights.consent import granted

    rows = [
        {
            "state": row.state,
            "time": row.time.isoformat(),
            "version": row.version,
            "text": row.text,
            "channel": row.channel,
            "who": row.who,
            "receipt": row.hash,
        }
        for row in kept.rows
    ]
    stands = granted(kept.rows) is not None
    return {"purpose": purpose, "granted": stands, "pool_told": kept.all_told, "rows": rows}
