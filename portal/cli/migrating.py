"""`jigajob migrate`: brings what is stored to the schema of this release, or one back."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from flows.errors import OperatorError
from portal.cli.options import FlowsOption, HomeOption, settings_of

if TYPE_CHECKING:
    from portal.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(migrate)


def migrate(
    context: typer.Context,
    back: Annotated[
        bool, typer.Option("--back", help="Go back to the schema of the release before.")
    ] = False,
    status: Annotated[bool, typer.Option("--status", help="Only say where it stands.")] = False,
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Bring what is stored to the schema of this release.

    Stop everything else that runs on it first. It may be stopped anywhere: run it again, and
    it goes on. `--back` undoes it, for the release before to open it.
    """
    settings = settings_of(context, home, flows)
    if back and status:
        raise OperatorError("--back and --status are two things", fix="ask for one of them")
    asyncio.run(_status(settings) if status else _migrate(settings, back=back))


async def _migrate(settings: Settings, *, back: bool) -> None:
    from flows.audit import Act
    from flows.schema import Migrator
    from portal.cli.running import alone
    from portal.wiring import open_custody

    def tell(moved: int) -> None:
        typer.echo(f"{moved:,} records")

    authority = "command migrate --back" if back else "command migrate"
    act = Act(action="store.migrate", authority=authority)
    async with open_custody(settings, new=False) as custody:
        business = custody.business
        custody.keys.checked()
        migrator = Migrator(custody.store, business)
        with alone(settings.home):
            moves = await migrator.moves(back=back)
            async with custody.audit.act(act) if moves else nullcontext():
                standing = await migrator.run(tell, back=back)
    typer.echo(f"{business} is at schema {standing.version}")
    if back:
        typer.echo("open it with the release before, or run `jigajob migrate` again")


async def _status(settings: Settings) -> None:
    from flows.schema import SCHEMA, Standings
    from portal.wiring import open_custody

    async with open_custody(settings, new=False) as custody:
        business = custody.business
        custody.keys.checked()
        standing = await Standings(custody.store, business).read()
    if standing is None:
        typer.echo(f"nothing is stored of {business} yet")
        return
    typer.echo(f"{business} is at schema {standing.version}; this JigAjob works with {SCHEMA}")
    if standing.under_way:
        typer.echo(
            f"on the way to schema {standing.to}: {standing.moved:,} records are there;"
            " `jigajob migrate` goes on"
        )
    elif standing.version != SCHEMA:
        typer.echo("`jigajob migrate` brings it there")
