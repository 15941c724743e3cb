"""`jigajob plan`: what the flows would have done, without doing it."""

from __future__ import annotations

import asyncio
import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.errors import OperatorError
from portal.cli.options import FlowsOption, HomeOption, settings_of

if TYPE_CHECKING:
    from flows.plan.report import Plan
    from portal.settings import Settings


class Form(StrEnum):
    """How a plan is printed."""

    table = "table"
    json = "json"


MailOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="Go through this folder of raw mail instead; it is cleaned in memory, and"
        " nothing of it is kept.",
    ),
]
SourceOption = Annotated[
    str, typer.Option(help="With --mail: the source by which that mail came.")
]
AgainstOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="A flows file that ran before it was deployed. [default: --flows, if it did]",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(plan)


def plan(
    context: typer.Context,
    days: Annotated[
        int, typer.Option(min=1, max=3650, help="How far back to go through what is stored.")
    ] = 30,
    mail: MailOption = None,
    source: SourceOption = "",
    against: AgainstOption = None,
    form: Annotated[Form, typer.Option("--format", help="How to print it.")] = Form.table,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it as one page as well.")
    ] = None,
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Show what these flows would have done, and do nothing.

    Each flow with its matches, its outputs beside those of the deployed flows, what would be
    kept and removed, and what it would ask of people. What is stored is clean text: where a
    condition reads what was removed, and nothing else tells, the answer is "not known".
    """
    from portal.cli.planning_screen import show
    from portal.plan_page import write_plan_page

    settings = settings_of(context, home, flows)
    if mail is not None and against is not None:
        raise OperatorError(
            "--mail and --against do not go together",
            fix="raw mail has no past to be compared with: leave one of them out",
        )
    made = _made(settings, days=days, mail=mail, source=source, against=against)
    if form is Form.json:
        typer.echo(json.dumps(made.as_json()))
    else:
        show(made)
    if html is not None:
        write_plan_page(made, html)
        typer.echo(f"wrote {html}", err=True)


def _made(
    settings: Settings, *, days: int, mail: Path | None, source: str, against: Path | None
) -> Plan:
    from portal.cli.planning_screen import progress
    from portal.planning import plan_history, plan_mail

    with progress() as tell:
        if mail is not None:
            return asyncio.run(plan_mail(settings, mail, source=source, tell=tell))
        return asyncio.run(plan_history(settings, days=days, against=against, tell=tell))
