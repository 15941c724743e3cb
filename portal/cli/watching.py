"""The command that keeps going: `watch`."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final

import typer

from flows.errors import OperatorError
from portal.cli.options import FlowsOption, HomeOption, settings_of, tell_made

if TYPE_CHECKING:
    from portal.settings import Settings
    from portal.watching import Watched
    from portal.wiring import App
    from portal.worker import PrefectServer

SHOWN: Final = 20
"""Sweeps that the live table shows."""

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}


def add_to(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(watch)


def watch(
    context: typer.Context,
    home: HomeOption = None,
    flows: FlowsOption = None,
    every: Annotated[str, typer.Option(help="Sweep at least this often: 30s, 5m, 1h.")] = "60s",
    sweeps: Annotated[
        int, typer.Option(min=0, help="End after so many sweeps. [default: never]")
    ] = 0,
) -> None:
    """Keep reading every source, until Ctrl-C.

    At once when a mailbox says that something is new or a webhook is called, and else every
    minute. Webhooks are served at JIGAJOB_NOTIFICATIONS_LISTEN, each under its name. Tells of
    each sweep on a line, in a terminal in a live table. Ctrl-C and SIGTERM end it after the
    sweep that is at work. What is deployed meanwhile runs from the next sweep on.
    """
    seconds = interval(every)
    asyncio.run(_watch(settings_of(context, home, flows), seconds, sweeps))


def interval(text: str) -> float:
    """Return the seconds of `30s`, `5m` or `1h`.

    Raises:
        OperatorError: It is none of these, or not 1 second to 24 hours.
    """
    found = re.fullmatch(r"([0-9]{1,5})([smh])", text.strip())
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    if not 1 <= seconds <= 24 * 3600:
        raise OperatorError(
            "--every is not a time that a watch can wait",
            fix="give a number and s, m or h, from 1s to 24h: --every 60s",
        )
    return float(seconds)


async def _watch(settings: Settings, every: float, sweeps: int) -> None:
    from portal.cli.running import alone
    from portal.interrupts import heard_at_once
    from portal.wiring import open_app
    from portal.worker import prefect_server, wait_until_ready

    with ExitStack() as lasting:
        server: PrefectServer | None = None
        again = True
        while again:
            async with open_app(settings) as app:
                tell_made(app)
                await app.custody.end_rotation()
                if server is None:  # the process keeps to the server that it found first
                    with heard_at_once():
                        lasting.enter_context(alone(settings.home))
                        server = lasting.enter_context(prefect_server(settings))
                    await wait_until_ready(server)
                again, swept = await _watch_deployed(app, server, every, sweeps)
                sweeps -= swept if sweeps else 0
    typer.echo("stopped; what was done stays done")


async def _watch_deployed(
    app: App, server: PrefectServer, every: float, sweeps: int
) -> tuple[bool, int]:
    """Watch with the flows that are in force; return whether others are now, and the sweeps."""
    from flows.ports import Hints
    from portal.interrupts import heard_at_once
    from portal.notifications import notifications
    from portal.watching import Watch, stopped_by_signals
    from portal.webhooks import handlers, hooks
    from portal.worker import sweep_under_prefect

    with heard_at_once():
        from anonymizer.text.cleaner import Cleaner
        from flows.language.own_rules import own_rules

        cleaner = Cleaner(rules=own_rules(app.file))
        sweep, served = app.sweep(cleaner), hooks(app, app.calls(cleaner))
        if served:  # who calls waits for an answer, and not for a model to be loaded
            await asyncio.to_thread(cleaner.clean, [])
    settings = app.settings
    sources = {**app.mailboxes, **app.banks, **served}
    watching = Watch(
        lambda: sweep_under_prefect(settings, server.api, sweep, lambda *_: None),
        {n: s for n, s in sources.items() if isinstance(s, Hints)},
        every=every,
        outdated=outdated(app),
    )
    subscribe = partial(app.accounts.subscriptions, app.mailboxes, app.banks)
    with stopped_by_signals(watching), _told(app.file.business.name) as (tell, say):
        for note in app.notes():
            say(note)
        async with notifications(settings, subscribe, say, handlers(served)):
            return await watching.run(tell, sweeps=sweeps), watching.swept


def outdated(app: App) -> Callable[[], Awaitable[bool]]:
    """Return what tells whether other flows are deployed by now than those that *app* runs."""
    from flows.deployments import Deployments

    deployments = Deployments(app.records)

    async def asked() -> bool:
        return await deployments.number() != app.flows.number

    return asked


def line(watched: Watched) -> str:
    """Return what one sweep came to, on one line."""
    sent = ", ".join(f"{n} {state}" for state, n in sorted(watched.outputs.items()))
    new = f"{watched.new} new" + (f", {watched.started} started" if watched.started else "")
    parts = [new, sent or "nothing to deliver", f"{watched.seconds:.1f} s"]
    parts += [f"{source}: {error.what}" for source, error in watched.troubles.items()]
    return f"sweep ({watched.why}): " + "; ".join(parts)


@contextmanager
def _told(business: str) -> Iterator[tuple[Callable[[Watched], None], Callable[[str], None]]]:
    """Give what tells of a sweep, and what says a line: a live table, or lines elsewhere."""
    if not sys.stdout.isatty():
        yield lambda watched: typer.echo(line(watched)), typer.echo
        return
    from rich.live import Live

    from portal.cli import screens

    rows: list[tuple[str, ...]] = []

    def tell(watched: Watched) -> None:
        from datetime import datetime

        at = datetime.now().astimezone().strftime("%H:%M:%S")
        trouble = "; ".join(f"{name}: {e.what}" for name, e in watched.troubles.items())
        sent = ", ".join(f"{n} {state}" for state, n in sorted(watched.outputs.items()))
        counts = (str(watched.new), str(watched.started or ""))
        rows.append((at, watched.why, *counts, sent, f"{watched.seconds:.1f} s", trouble))
        del rows[:-SHOWN]
        columns = ("at", "because of", "new", "started", "outputs", "took", "trouble")
        made = screens.table(f"Watching {business}", *columns, right=("new", "started", "took"))
        for row in rows:
            made.add_row(*map(screens.plain, row))
        live.update(made)

    with Live(screens.table(f"Watching {business}: the first sweep is at work")) as live:
        yield tell, lambda text: live.console.print(screens.plain(text))
