"""`jigajob disclosures`: what was told to whom, out of the audit log."""

from __future__ import annotations

import asyncio
import json
from datetime import tzinfo
from typing import TYPE_CHECKING, Annotated

import typer

from portal.cli.auditing import SinceOption, UntilOption, moment, progress
from portal.cli.options import FlowsOption, HomeOption, JsonOption, settings_of

if TYPE_CHECKING:
    from portal.disclosures import Disclosure
    from portal.settings import Settings

ToOption = Annotated[
    str, typer.Option("--to", help="Only what went to a receiver whose name holds this.")
]


def add_to(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(disclosures)


def disclosures(
    context: typer.Context,
    home: HomeOption = None,
    flows: FlowsOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    to: ToOption = "",
    as_json: JsonOption = False,
) -> None:
    """List what was told to whom, when, and by which flow.

    With the kept fields that were in it, by name. Out of the audit log, in the order in which
    it went out. What stayed in JigAjob's own files on this machine is not among it. That you
    looked is recorded.
    """
    settings = settings_of(context, home, flows)
    found, zone = asyncio.run(_found(settings, since, until))
    found = [each for each in found if to.casefold() in each.receiver.casefold()]
    if as_json:
        for each in found:
            typer.echo(json.dumps(each.as_json()))
    elif found:
        _print(found, zone)
    else:
        typer.echo("nothing was told to anybody" + (" of that" if since or until or to else ""))


def _print(found: list[Disclosure], zone: tzinfo) -> None:
    from portal.cli import screens

    made = screens.table(
        "", "time", "flow", "step", "receiver", "to", "fields", "output", "ended"
    )
    for each in found:
        cells = (
            screens.moment(each.time, zone),
            each.flow,
            each.uses,
            each.receiver,
            each.to,
            ", ".join(each.fields) or "-",
            screens.short(each.output),
            each.state,
        )
        made.add_row(*map(screens.plain, cells))
    screens.console().print(made)


async def _found(settings: Settings, since: str, until: str) -> tuple[list[Disclosure], tzinfo]:
    from flows.audit import Act
    from flows.language.load import zone_of
    from portal.disclosures import disclosures as told
    from portal.wiring import open_custody

    zone = zone_of(settings.flows)
    async with open_custody(settings, new=False) as custody:
        begin, end = moment(since, zone), moment(until, zone)
        await custody.audit.note(Act(action="audit.read", authority="command disclosures"))
        with progress("entries looked at", quiet=False) as tell:
            return await told(custody.audit.log, tell, since=begin, until=end), zone
