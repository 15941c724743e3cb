"""Commands about accounts and bank files: `connect`, `connections`, `disconnect`."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional

import typer

from flows.errors import JigajobError
from portal.cli.options import (
    FlowsOption,
    HomeOption,
    JsonOption,
    again,
    settings_of,
    tell_empty,
    tell_made,
)

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from flows.audit import Act
    from flows.connections import Connection
    from portal.settings import Settings
    from portal.wiring import App

SourceArgument = Annotated[
    str, typer.Argument(metavar="SOURCE", help="The name of a source in the flows file.")
]

FileArgument = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads this at run time
    typer.Argument(metavar="[FILE]", help="A file downloaded from a bank."),
]
BrowserOption = Annotated[
    bool,
    typer.Option("--browser", help="Sign in with a browser on this machine, without a code."),
]
AnyoneOption = Annotated[
    bool,
    typer.Option(
        "--anyone",
        help="Take whoever signs in: for a shared mailbox, or where the sign-in name is "
        "not the mailbox's address.",
    ),
]
DatesOption = Annotated[
    Optional[Literal["year-first", "month-first", "day-first"]],  # noqa: UP045 - as above
    typer.Option("--dates", help="How the bank's CSV file writes dates."),
]
DecimalOption = Annotated[
    Optional[Literal[".", ","]],  # noqa: UP045 - as above
    typer.Option("--decimal", help="What stands before the cents in the CSV file."),
]
AccountOption = Annotated[
    str, typer.Option("--account", help="A name for the account of the CSV file.")
]
FolderOption = Annotated[
    bool, typer.Option("--folder", help="Read the whole folder in which FILE lies.")
]
YesOption = Annotated[
    bool, typer.Option("--yes", help="Save the source of FILE without asking.")
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    app.command()(connect)
    app.command()(connections)
    app.command()(disconnect)


def connect(
    context: typer.Context,
    source: SourceArgument,
    file: FileArgument = None,
    home: HomeOption = None,
    flows: FlowsOption = None,
    browser: BrowserOption = False,
    anyone: AnyoneOption = False,
    dates: DatesOption = None,
    decimal: DecimalOption = None,
    account: AccountOption = "",
    folder: FolderOption = False,
    yes: YesOption = False,
) -> None:
    """Sign in at a source, or add a file of a bank.

    Without FILE it signs in to the mailbox of the source SOURCE, once. It shows a code to
    type in at a page of the sign-in service, on any machine, and waits. For an app with a
    secret or certificate it tries whether that lets it in.

    With FILE, shows how that would be read, and saves it in the flows file under the name
    SOURCE once you agree: `jigajob connect bank statement.csv`.
    """
    settings = settings_of(context, home, flows)
    if file is None:
        asyncio.run(_connect(settings, source, browser=browser, anyone=anyone))
        return
    from portal.cli.connecting_bank import Wish, connect_bank

    wish = Wish(
        dates=dates or "", decimal=decimal or "", account=account, whole_folder=folder, yes=yes
    )
    connect_bank(settings, source, file, wish)


def connections(
    context: typer.Context,
    home: HomeOption = None,
    flows: FlowsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who is connected, and what is wrong.

    Asks nobody: it shows how the last use went. Ends with 3 where a source is not connected
    or something is wrong.
    """
    settings = settings_of(context, home, flows)
    rows = asyncio.run(_rows(settings))
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row.as_json()))
    elif rows:
        from flows.language.load import zone_of

        _print(rows, zone_of(settings.flows))
    else:
        typer.echo("no source in the flows file is one that somebody signs in for")
    if any(row.source and row.state != "good" for row in rows):
        raise typer.Exit(3)


def disconnect(
    context: typer.Context,
    source: SourceArgument,
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Forget the sign-in of a source.

    Its tokens are removed from the store.

    What the person has consented to, the person takes back at the sign-in service.
    """
    settings = settings_of(context, home, flows)
    address, there = asyncio.run(_disconnect(settings, source))
    typer.echo(f"{source}: {address} {'is forgotten' if there else 'was not connected'}")


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: a source and its connection; without a source, one that is left over."""

    source: str
    kind: str
    account: str
    app_only: bool
    known: Connection | None
    again: str

    @property
    def state(self) -> str:
        if self.known is None:
            return "untried" if self.app_only else "not_connected"
        return self.known.why or "good"

    @property
    def signed_in_by(self) -> str:
        if self.app_only:
            return "the app itself"
        return self.known.signed_in_by if self.known else ""

    @property
    def fix(self) -> str:
        if not self.source:
            return "no source uses it any more"
        if self.known is None:
            return f"{self.again} connect {self.source}"
        return _named(self.known.fix, self.again, self.source)

    @property
    def good_at(self) -> datetime | None:
        return self.known.last_good if self.known else None

    def as_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "kind": self.kind,
            "account": self.account,
            "signed_in_by": self.signed_in_by,
            "scopes": list(self.known.scopes) if self.known else [],
            "last_good": self.good_at.isoformat(timespec="seconds") if self.good_at else "",
            "state": self.state,
            "what": self.known.what if self.known else "",
            "fix": self.fix,
        }


async def _rows(settings: Settings) -> list[_Row]:
    from portal.wiring import open_to_look

    async with open_to_look(settings) as app:
        tell_empty(app, settings)
        rows, seen = [], set()
        for name, source in app.file.sources.items():
            sign_in = getattr(source, "sign_in", None)
            if sign_in is None:
                continue
            address, only = getattr(source, "address", ""), sign_in.app_only
            known = await app.identity(name).connection(
                address, app.scopes(name), app_only=only
            )
            seen.add(known)
            rows.append(_Row(name, source.uses, address, only, known, again(settings)))
        rows += [
            _Row("", "", each.account, not each.signed_in_by, each, again(settings))
            for each in await _left_over(app)
            if each not in seen
        ]
        named = (row.source or "-" for row in rows if row.known)
        await app.audit.seen("connections", named, "connection")
        return rows


async def _left_over(app: App) -> tuple[Connection, ...]:
    """Return every connection of the business, or none where no source has a sign-in."""
    for name, source in app.file.sources.items():
        if getattr(source, "sign_in", None) is not None:
            return await app.identity(name).connections()
    return ()


def _print(rows: list[_Row], zone: tzinfo) -> None:
    from portal.cli import screens

    columns = (
        "source",
        "kind",
        "account",
        "signed in by",
        "scopes",
        "last good",
        "state",
    )
    made = screens.table("Connections", *columns)
    for row in rows:
        scopes = row.known.scopes if row.known else ()
        cells = (
            row.source or "-",
            row.kind or "-",
            row.account,
            row.signed_in_by or "-",
            ", ".join(map(_short, scopes)) or "-",
            screens.moment(good, zone) if (good := row.good_at) else "never",
            row.state.replace("_", " "),
        )
        made.add_row(*(screens.plain(cell) for cell in cells))
    out = screens.console()
    out.print(made)
    out.print()
    for row in rows:
        if row.state != "good":
            what = f"{row.known.what}\n  fix: " if row.known and row.known.what else ""
            text = f"{row.source or row.account}: {what}{row.fix}"
            out.print(screens.plain(text), soft_wrap=True)  # to be copied


async def _connect(settings: Settings, source: str, *, browser: bool, anyone: bool) -> None:
    from portal.wiring import open_app

    async with open_app(settings) as app:
        tell_made(app)
        identity, scopes = app.identity(source), app.scopes(source)
        given: Any = app.file.sources[source]
        try:
            async with app.audit.act(_sign_in("ask", source, given.address)):
                if given.sign_in.app_only:
                    await identity.tokens(given.address, scopes, app_only=True).token()
                    await app.audit.note(_sign_in("make", source, given.address))
                    typer.echo(f"{source}: the app is let in by itself; nobody has to sign in")
                    await _tell_hastened(app)
                    return
                anyone = anyone or getattr(given, "shared", False)
                signed_in = _by_browser if browser else _by_code
                made = await signed_in(app, source, given.address, anyone=anyone)
                await app.audit.note(
                    _sign_in("make", source, made.account, by=made.signed_in_by)
                )
        except JigajobError as error:
            error.fix = _named(error.fix, again(settings), source)
            raise
        typer.echo(f"{source}: {made.account} is connected, signed in by {made.signed_in_by}")
        await _tell_hastened(app)


async def _tell_hastened(app: App) -> None:
    """Have the next run try what waited for a sign-in, rather than an hour later."""
    if hastened := await app.outbox.hasten():
        typer.echo(f"waiting for their next try, now due with the next run: {hastened} outputs")


def _sign_in(what: str, source: str, address: str, by: str = "") -> Act:
    """Return the act of a sign-in; whose account it is stands in its sealed details."""
    from flows.audit import Act

    return Act(
        action=f"sign_in.{what}",
        authority="command disconnect" if what == "forget" else "command connect",
        subjects=[source],
        details={"account": address, **({"signed_in_by": by} if by else {})},
    )


async def _by_code(app: App, source: str, address: str, *, anyone: bool) -> Connection:
    identity = app.identity(source)
    pending = await identity.start_device(app.scopes(source), account=address, anyone=anyone)
    typer.echo(
        f"Open {pending.url} in any browser and type in the code {pending.user_code}\n"
        f"to sign in for {address}. Waiting; Ctrl-C gives up."
    )
    return await identity.finish_device(pending)


async def _by_browser(app: App, source: str, address: str, *, anyone: bool) -> Connection:
    import threading
    import webbrowser

    from portal.loopback import Loopback

    identity = app.identity(source)
    async with Loopback() as back:
        pending = await identity.start_browser(
            app.scopes(source), back.url, account=address, anyone=anyone
        )
        typer.echo(
            f"Sign in for {address} in the browser that opens; if none does, open\n"
            f"{pending.url}\nWaiting; Ctrl-C gives up."
        )
        # Some browsers are not back before they are closed: nobody waits for them.
        threading.Thread(target=webbrowser.open, args=(pending.url,), daemon=True).start()
        return await identity.finish_browser(pending, await back.answer(pending.state))


async def _disconnect(settings: Settings, source: str) -> tuple[str, bool]:
    from portal.wiring import open_app

    async with open_app(settings, new=False) as app:
        identity = app.identity(source)
        address = getattr(app.file.sources[source], "address", "")
        async with app.audit.act(_sign_in("forget", source, address)):
            return address, await identity.forget(address)


def _short(scope: str) -> str:
    """Return a scope without its service, unless it is all that an app may do there."""
    name = scope.rpartition("/")[2]
    return scope.removeprefix("https://") if name == ".default" else name


def _named(fix: str, command: str, source: str) -> str:
    from flows.connections import SIGN_IN

    return fix.replace(SIGN_IN, f"{command} connect {source}")
