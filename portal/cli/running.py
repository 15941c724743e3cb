"""Commands that run the flows: `run`, `demo`, and `runs` to look at them in Prefect."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.errors import AdministratorError, JigajobError, OperatorError, TransientError
from portal.cli.options import (
    FlowsOption,
    HomeOption,
    JsonOption,
    again,
    settings_of,
    tell_made,
    tell_unopened,
)
from portal.settings import Settings

if TYPE_CHECKING:
    from flows.intake.arrivals import Counts
    from portal.overview import Overview

EXAMPLE = Path(__file__).resolve().parents[2] / "flows.yaml"


def add_to(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    app.command()(run)
    app.command()(demo)
    app.command()(runs)


def run(
    context: typer.Context,
    home: HomeOption = None,
    flows: FlowsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read every source and do what the flows ask for.

    Ends with an overview. Running again does nothing twice.
    """
    _run(settings_of(context, home, flows), as_json=as_json)


def demo(context: typer.Context, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Run the example: an invented plumbing business.

    A month of its mail and of its bank. Running it again shows that nothing is new.
    """
    if not EXAMPLE.is_file():
        raise OperatorError(
            "the example is not beside this installation",
            fix="run `make demo` in a checkout of the project, or start your own: jigajob init",
        )
    settings = replace(settings_of(context, home, EXAMPLE), flows=EXAMPLE)
    if not as_json:
        typer.echo("JigAjob demo: a month at Hudson Plumbing & Heating, all of it invented.")
    _run(settings, as_json=as_json)


def runs(
    context: typer.Context,
    home: HomeOption = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 4200,
) -> None:
    """Serve Prefect's own pages about the runs, until Ctrl-C."""
    from portal.worker import show_runs

    raise typer.Exit(show_runs(settings_of(context, home, None), port))


def _run(settings: Settings, *, as_json: bool) -> None:
    started = time.monotonic()
    with _progress(quiet=as_json) as tell:
        view = asyncio.run(_sweep(settings, tell))
    tell_unopened(view.missed)
    if as_json:
        typer.echo(json.dumps(view.as_json()))
    else:
        _print(view, settings, started)
    end_in_trouble(view.troubles)


def _print(view: Overview, settings: Settings, started: float) -> None:
    from portal.cli.screens import show_overview

    seconds = time.monotonic() - started
    if view.new_items:
        typer.echo(f"{view.new_items} new mails and transactions in {seconds:.0f} s\n")
    else:
        typer.echo(f"nothing is new ({seconds:.0f} s)\n")
    page = str(settings.home / "overview.html")
    show_overview(view, command=again(settings), home=str(settings.home), page=page)


async def _sweep(settings: Settings, tell: Callable[[str], None]) -> Overview:
    # A second of imports and a model that only runs need.
    from portal.interrupts import heard_at_once
    from portal.overview import overview
    from portal.page import write_page
    from portal.wiring import open_app
    from portal.worker import prefect_server, sweep_under_prefect, wait_until_ready

    async with open_app(settings) as app:
        tell_made(app)
        with ExitStack() as held:
            with heard_at_once():
                held.enter_context(alone(settings.home))
                server = held.enter_context(prefect_server(settings))
                tell("loading the language model, starting Prefect")
                from anonymizer.text.cleaner import Cleaner
                from flows.language.own_rules import own_rules

                sweep = app.sweep(Cleaner(rules=own_rules(app.file)))
            await wait_until_ready(server)
            done: dict[str, Counts] = {}

            def progress(source: str, counts: Counts) -> None:
                done.setdefault(source, type(counts)()).add(counts)
                so_far = done[source]
                if counts.listed:  # else its payments were matched, and nothing was read
                    tell(f"{source}: {so_far.listed} read, {so_far.new} new")

            swept = await sweep_under_prefect(settings, server.api, sweep, progress)
            await app.custody.end_rotation()
        if swept.held:
            tell("nobody is reminded of an overdue invoice until all accounts can be read")
        tell("counting")
        view = await overview(app, swept.sources, swept.troubles)
        zone = app.file.business.time_zone
        write_page(view, settings.home / "overview.html", app.clock.now(), zone)
        return view


def end_in_trouble(troubles: Mapping[str, JigajobError]) -> None:
    """Say which sources could not be read, and end with the exit code of the first."""
    from flows.connections import SIGN_IN

    for source, error in troubles.items():
        told = str(error).replace(SIGN_IN, f"jigajob connect {source}")
        typer.echo(f"{source}: {told}", err=True)
    for error in troubles.values():
        raise typer.Exit(error.exit_code)


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold the home for one run or restore; the lock goes with the process, however it ends.

    Raises:
        TransientError: Another one is at work in this home.
        AdministratorError: The file of the lock cannot be used.
    """
    # For its owner alone, and never another file to which a link of that name leads.
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        descriptor = os.open(home / "run.lock", flags, 0o600)
    except OSError as error:
        raise AdministratorError(
            f"{home / 'run.lock'} cannot be used: {error.strerror}",
            fix="remove it, and let this account write the home",
        ) from None
    with os.fdopen(descriptor) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TransientError(
                f"another run or restore is at work in {home}",
                fix="wait for it to end, or use another --home",
            ) from None
        yield


def _silent(_text: str) -> None:
    """Tell nobody: `--json` prints its object and nothing else."""


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Give a function that tells how far the work is: a live line, or plain lines elsewhere."""
    if quiet:
        yield _silent
    elif sys.stdout.isatty():
        from rich.console import Console

        with Console().status("starting") as status:
            yield status.update
    else:
        yield typer.echo
