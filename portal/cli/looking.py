"""Commands that look: `status`, `show`. That somebody looked is recorded; nothing changes."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.errors import OperatorError
from portal.cli.options import (
    FlowsOption,
    HomeOption,
    JsonOption,
    again,
    settings_of,
    tell_empty,
    tell_unopened,
)

if TYPE_CHECKING:
    from portal.overview import Overview
    from portal.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    app.command()(status)
    app.command()(show)


def status(
    context: typer.Context,
    home: HomeOption = None,
    flows: FlowsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what came in, what was done and what waits.

    The overview with which a run ends, as things stand now; what was taken out, too.
    """
    settings = settings_of(context, home, flows)
    view = asyncio.run(_overview(settings))
    tell_unopened(view.missed)
    from portal.cli.running import end_in_trouble
    from portal.cli.screens import show_overview

    if as_json:
        typer.echo(json.dumps(view.as_json()))
        end_in_trouble(view.troubles)
        return
    written = settings.home / "overview.html"
    page = str(written) if written.exists() else ""
    show_overview(view, command=again(settings), home=str(settings.home), page=page)
    end_in_trouble(view.troubles)


def show(
    context: typer.Context,
    record_id: Annotated[
        str, typer.Argument(metavar="ID", help="The id of the record, or how it begins.")
    ],
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Show one record whole, as JSON.

    A clean mail, a transaction, a start (by the clock, by a webhook, by hand, by another
    output), an output, a job or an invoice. `jigajob outbox show` gives the id of the mail,
    movement or start that an output came from as its `trigger`.
    """
    found = asyncio.run(_find(settings_of(context, home, flows), record_id))
    typer.echo(json.dumps(found, indent=2, ensure_ascii=False))


async def _overview(settings: Settings) -> Overview:
    from portal.overview import overview
    from portal.wiring import open_to_look

    async with open_to_look(settings) as app:
        tell_empty(app, settings)
        view = await overview(app, {})
        await app.audit.seen("status", (each.output.id for each in view.open), "output")
        return view


async def _find(settings: Settings, start: str) -> dict[str, Any]:
    from flows.records import json_of
    from portal.finding import find_records
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app:
        found = await find_records(app, start)
        if len(found) != 1:
            number = "several records begin" if found else "no record begins"
            raise OperatorError(
                f"{number} with {start!r}",
                fix="give more of the id; `jigajob outbox list` and `jigajob status` show ids",
            )
        kind, noun = found[0]
        await app.audit.seen("show", [getattr(noun, "id", start)], kind)
        return {"record": kind, **json_of(noun)}  # a mail has a kind of its own
