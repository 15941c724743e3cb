"""`jigajob audit`: who did or saw what, verified, and as a file for somebody outside."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Optional

import typer

from flows.errors import AdministratorError, OperatorError
from portal.cli.options import FlowsOption, HomeOption, JsonOption, settings_of

if TYPE_CHECKING:
    from flows.audit.verify import Verdict
    from portal.auditing import Shown
    from portal.settings import Settings
    from portal.wiring import Custody

app = typer.Typer(help="Who did or saw what, when, on whose authority.", no_args_is_help=True)

SinceOption = Annotated[
    str, typer.Option("--since", help="From this day or time on: 2026-10-05, 2026-10-05T14:30.")
]
UntilOption = Annotated[str, typer.Option("--until", help="Before this day or time.")]
ActionOption = Annotated[
    Optional[list[str]],  # noqa: UP045 - typer reads this at run time
    typer.Option(
        "--action", help="Only this action, or all that begin so: payment. Repeatable."
    ),
]
SubjectOption = Annotated[
    str, typer.Option("--subject", help="Only what was done with this id, or how it begins.")
]
LastOption = Annotated[
    int, typer.Option("--last", min=0, help="So many at most, the latest; 0: all.")
]
RootOption = Annotated[
    Optional[list[str]],  # noqa: UP045 - as above
    typer.Option("--root", help="A root that you kept (number:hash). Repeatable."),
]
OutOption = Annotated[Path, typer.Option("--out", help="Where to write it; a new file.")]


@app.command("list")
def list_(
    context: typer.Context,
    home: HomeOption = None,
    flows: FlowsOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    action: ActionOption = None,
    subject: SubjectOption = "",
    last: LastOption = 100,
    as_json: JsonOption = False,
) -> None:
    """List what was done or seen, the latest last."""
    from portal.auditing import Wanted

    actions, settings = _actions(action or []), settings_of(context, home, flows)

    def wanted(zone: tzinfo) -> Wanted:
        return Wanted(moment(since, zone), moment(until, zone), actions, subject, last)

    found, zone = asyncio.run(_list(settings, wanted))
    if as_json:
        for each in found:
            typer.echo(json.dumps(each.as_json()))
    elif found:
        _print(found, zone)
    else:
        typer.echo("nothing is recorded" + (" of that" if since or until or action else ""))


@app.command()
def verify(
    context: typer.Context,
    home: HomeOption = None,
    flows: FlowsOption = None,
    root: RootOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find out whether anything in the log was changed.

    Keep the root that it ends with where nobody else can change it, and give it with --root
    the next time: an older or a forged log is then found even by somebody who has nothing
    else. Ends with 3 where something is wrong.
    """
    from flows.audit.root import kept_root

    kept = dict(kept_root(each) for each in root or [])
    verdict = asyncio.run(_verify(settings_of(context, home, flows), kept, quiet=as_json))
    if as_json:
        from portal.auditing import verdict_json

        typer.echo(json.dumps(verdict_json(verdict)))
    else:
        _print_verdict(verdict)
    if verdict.findings:
        raise typer.Exit(3)


@app.command()
def export(
    context: typer.Context,
    out: OutOption,
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Write the log to a file that anybody can verify.

    One object a line: how to verify it, each entry with its details where they are still
    there, and the roots that were kept. docs/audit.md has a program that does it.
    """
    entries = asyncio.run(_export(settings_of(context, home, flows), out))
    typer.echo(f"wrote {entries:,} entries to {out}; it names people: send it sealed")


def _actions(given: list[str]) -> frozenset[str]:
    from flows.audit import ACTIONS

    chosen: set[str] = set()
    for each in given:
        found = {word for word in ACTIONS if word.startswith(each)}
        if not found or not each:
            raise OperatorError(
                f"no action is called {each!r}", fix=f"use one of {', '.join(ACTIONS)}"
            )
        chosen |= found
    return frozenset(chosen)


def moment(text: str, zone: tzinfo) -> datetime | None:
    """Return what a person means by a day or a time: that of the business, if no zone is said.

    Raises:
        OperatorError: It is neither.
    """
    if not text:
        return None
    try:
        if "T" not in text.upper():
            return datetime.combine(date.fromisoformat(text), time(), zone).astimezone(UTC)
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except ValueError:
        raise OperatorError(
            f"{text!r} is no day and no time",
            fix="write 2026-10-05, 2026-10-05T14:30 or 2026-10-05T14:30:00+00:00",
        ) from None


def _print(found: list[Shown], zone: tzinfo) -> None:
    from portal.cli import screens

    made = screens.table("", "entry", "time", "who", "action", "authority", "with", "ended")
    for each in found:
        entry = each.entry
        named = " ".join(map(screens.short, entry.subjects[:_NAMED]))
        more = len(entry.subjects) - _NAMED
        cells = (
            str(entry.sequence),
            screens.moment(entry.time, zone, seconds=True),
            each.who,
            entry.action,
            entry.authority,
            f"{named} and {more} more" if more > 0 else named,
            entry.result,
        )
        made.add_row(*map(screens.plain, cells))
    screens.console().print(made)


_NAMED: Final = 3


def _print_verdict(verdict: Verdict) -> None:
    if not verdict.entries and not verdict.findings:
        typer.echo("nothing is recorded yet")
        return
    gone = f"{verdict.expired:,} expired, {verdict.erased:,} erased"
    shredded = f", {verdict.shredded:,} shredded" if verdict.shredded else ""
    typer.echo(
        f"{verdict.entries:,} entries, {verdict.signatures:,} of them signed; details:"
        f" {verdict.kept:,} kept, {gone}{shredded}"
    )
    typer.echo(
        f"{verdict.roots:,} roots beside the store fit"
        if verdict.roots
        else "no root was kept beside the store"
    )
    for finding in verdict.findings:
        typer.echo(f"WRONG  {finding}")
    if verdict.more:
        typer.echo(f"WRONG  and {verdict.more:,} more")
    if not verdict.findings:
        typer.echo("nothing was changed")
    if verdict.root:
        typer.echo(f"root: {verdict.root}\nkey:  {verdict.key}")


async def _list(
    settings: Settings, wanted: Callable[[tzinfo], object]
) -> tuple[list[Shown], tzinfo]:
    from flows.language.load import zone_of
    from portal.auditing import Wanted, shown
    from portal.wiring import open_custody

    zone = zone_of(settings.flows)
    async with open_custody(settings, new=False) as custody:
        asked = wanted(zone)
        assert isinstance(asked, Wanted)  # noqa: S101 - made above, where nothing is imported
        await _noted(custody, "read")
        with progress("entries looked at", quiet=False) as tell:
            return await shown(custody.audit.log, asked, tell), zone


async def _verify(settings: Settings, kept: dict[int, str], *, quiet: bool) -> Verdict:
    from flows.audit.verify import verify as verified
    from portal.wiring import open_custody

    async with open_custody(settings, new=False) as custody:
        key = await custody.audit.log.key() if await _noted(custody, "verify") else ""
        with progress("entries verified", quiet=quiet) as tell:
            return await verified(
                custody.audit.log,
                now=custody.clock.now(),
                key=key,
                anchored=custody.audit.log.anchored(),
                kept=kept,
                tell=tell,
            )


async def _export(settings: Settings, out: Path) -> int:
    from portal.auditing import export_to
    from portal.wiring import open_custody

    async with open_custody(settings, new=False) as custody:
        await _noted(custody, "export")
        with progress("entries written", quiet=False) as tell:
            return await export_to(custody.audit.log, out, tell)


async def _noted(custody: Custody, what: str) -> bool:
    """Append that the log is looked at, once; return whether the keys for that are there.

    A log outlives its keys. Without them nothing of it opens that could tell about anybody,
    and what anyone can see with the store alone is shown here as well.
    """
    from flows.audit import Act

    try:
        await custody.audit.note(Act(action=f"audit.{what}", authority="command audit"))
    except AdministratorError as error:
        typer.echo(f"not recorded, for {error}", err=True)
        return False
    return True


@contextmanager
def progress(what: str, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Give what tells how far a long look is; on standard error, and in a terminal alone."""
    import sys

    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield lambda number: status.update(f"{number:,} {what}")
