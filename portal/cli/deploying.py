"""Commands that put flows in force: `apply`, `rollback`, `versions`, `drift`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from flows.errors import FlowsFileError, NothingKept, OperatorError
from portal.cli.options import FlowsOption, HomeOption, JsonOption, settings_of

if TYPE_CHECKING:
    from datetime import tzinfo

    from flows.deployments import Deployment
    from flows.language.comparing import Changes
    from flows.language.load import Loaded
    from portal.settings import Settings
    from portal.wiring.in_force import Drift

YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    app.command()(apply)
    app.command()(rollback)
    app.command()(versions)
    app.command()(drift)


def apply(
    context: typer.Context,
    yes: YesOption = False,
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Deploy flows.yaml: from then on it runs as it is now.

    Shows what changes, flow by flow, and asks. What is deployed is the text of every file
    that flows.yaml reads, templates among them; edits wait for the next `apply`.
    """
    from flows.language.load import load_whole

    settings = settings_of(context, home, flows)
    loaded = load_whole(settings.flows)
    asyncio.run(_apply(settings, loaded, yes=yes))


def rollback(
    context: typer.Context,
    number: Annotated[
        Optional[int],  # noqa: UP045 - typer reads this at run time
        typer.Argument(metavar="[N]", help="Which deployment. [default: the one before]"),
    ] = None,
    yes: YesOption = False,
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Deploy once more what was deployed before.

    It becomes a deployment of its own, so that nothing of the history is lost. What was put
    out meanwhile stays as it is, and flows.yaml on the disk is not touched.
    """
    asyncio.run(_rollback(settings_of(context, home, flows), number, yes=yes))


def versions(
    context: typer.Context,
    number: Annotated[
        Optional[int],  # noqa: UP045 - typer reads this at run time
        typer.Argument(metavar="[N]", help="Show what this one changed, line by line."),
    ] = None,
    home: HomeOption = None,
    flows: FlowsOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what was deployed, when, by whom; the newest runs."""
    from flows.language.comparing import compared
    from flows.language.load import load_bundle, zone_of

    settings = settings_of(context, home, flows)
    try:
        found = asyncio.run(_versions(settings, number))
    except NothingKept:
        found = []
    before = [*found[1:], None]
    if number is not None and found and not as_json:
        _show(
            compared(_loaded(before[0]), load_bundle(found[0].bundle, f"deployment {number}"))
        )
    elif as_json:
        shown = zip(found, before, strict=True) if number is None else [(found[0], before[0])]
        for each, earlier in shown:
            typer.echo(json.dumps(_row(each, earlier)))
    elif not found:
        typer.echo("nothing is deployed: flows.yaml runs as it lies there")
    else:
        _table(found, zone_of(settings.flows))


def drift(
    context: typer.Context,
    home: HomeOption = None,
    flows: FlowsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how flows.yaml differs from what is deployed.

    Ends with 1 where it does.
    """
    settings = settings_of(context, home, flows)
    try:
        found = asyncio.run(_drift(settings))
    except NothingKept:
        found = None
    if as_json:
        typer.echo(json.dumps(_drift_row(found)))
    elif found is None:
        typer.echo("nothing is deployed: flows.yaml runs as it lies there")
    else:
        if found.changes:
            _show(found.changes)
        if found.trouble:
            typer.echo(str(found.trouble), err=True)
        typer.echo(found.told(str(settings.flows)))
    if found:
        raise typer.Exit(1)


async def _apply(settings: Settings, loaded: Loaded, *, yes: bool) -> None:
    from flows.deployments import Deployments
    from flows.language.comparing import compared
    from portal.wiring import open_custody

    async with open_custody(settings) as custody:
        await custody.check()
        deployments = Deployments(custody.records)
        current = await deployments.current()
        if current and current.bundle == loaded.bundle:
            typer.echo(f"nothing to deploy: {settings.flows} is deployment {current.number}")
            return
        before = _loaded(current)
        _show(compared(before, loaded))
        over = current.number if current else 0
        _ask(over, yes=yes)
        made = await deployments.deploy(loaded, custody.audit, custody.clock.now(), over=over)
    typer.echo(f"deployment {made.number} runs from now on")


async def _rollback(settings: Settings, number: int | None, *, yes: bool) -> None:
    from flows.deployments import Deployments
    from flows.language.comparing import compared
    from flows.language.load import load_bundle
    from portal.wiring import open_custody

    async with open_custody(settings, new=False) as custody:
        await custody.check()
        deployments = Deployments(custody.records)
        current = await deployments.current()
        if current is None:
            raise OperatorError(
                "nothing was ever deployed, so there is nothing to go back to",
                fix="`jigajob apply` deploys flows.yaml",
            )
        wanted = await deployments.find(current.number - 1 if number is None else number)
        if wanted.bundle == current.bundle:
            typer.echo(f"deployment {wanted.number} is what runs (as {current.number})")
            return
        loaded = load_bundle(wanted.bundle, f"deployment {wanted.number}")
        _show(compared(_loaded(current), loaded))
        _ask(current.number, yes=yes)
        made = await deployments.deploy(
            loaded,
            custody.audit,
            custody.clock.now(),
            over=current.number,
            restores=wanted.number,
        )
    typer.echo(f"deployment {made.number}, as {wanted.number} was, runs from now on")


def _loaded(deployment: Deployment | None) -> Loaded | None:
    """Return what was deployed, to compare with; None where this release cannot read it."""
    from flows.language.load import load_bundle

    if deployment is None:
        return None
    try:
        return load_bundle(deployment.bundle, f"deployment {deployment.number}")
    except FlowsFileError:
        typer.echo(f"this JigAjob finds problems in deployment {deployment.number}", err=True)
        return None


def _ask(over: int, *, yes: bool) -> None:
    place = f"in place of deployment {over}" if over else "for the first time"
    if not yes and not typer.confirm(f"Deploy this {place}?"):
        raise OperatorError("nothing was deployed")


async def _versions(settings: Settings, number: int | None) -> list[Deployment]:
    """Return all deployments, the newest first; of one, that and the one before it."""
    from flows.deployments import Deployments
    from portal.wiring import open_custody

    async with open_custody(settings, new=False) as custody:
        await custody.check()
        deployments = Deployments(custody.records)
        if number is None:
            return [each async for each in deployments.each()]
        return [await deployments.find(each) for each in (number, number - 1) if each != 0]


async def _drift(settings: Settings) -> Drift | None:
    from portal.wiring import open_custody
    from portal.wiring.in_force import drift_of, flows_in_force

    async with open_custody(settings, new=False) as custody:
        await custody.check()
        return drift_of(settings, await flows_in_force(settings, custody.records))


def _show(changes: Changes) -> None:
    """Print what changes: first in short, then line by line."""
    from portal.cli import screens

    for change in [*changes.flows, *changes.others]:
        parts = f": {', '.join(change.parts)}" if change.parts else ""
        typer.echo(str(screens.plain(f"{change.how:8} {change.name}{parts}")))
    if changes.unchanged:
        number = changes.unchanged
        typer.echo(f"{number} flow{'s' * (number != 1)} unchanged")
    for change in [*changes.flows, *changes.others]:
        if change.how == "changed":
            typer.echo(f"\n--- {change.name}")
            for line in change.diff:
                typer.echo(str(screens.plain(line)))
    for change in changes.flows:
        for old, new in change.renamed:
            typer.echo(
                f"\n{change.name}: step {new} may be what was called {old}. What {old} has put"
                f" out, a replay would put out once more as {new}; `jigajob replay` asks first."
            )
    typer.echo("")


def _table(found: list[Deployment], zone: tzinfo) -> None:
    from portal.cli import screens

    made = screens.table("", "number", "deployed", "by", "changed", right=("number",))
    for each, before in zip(found, [*found[1:], None], strict=True):
        signs = {"new": "+", "changed": "~", "removed": "-"}
        changed = ", ".join(f"{signs[how]}{name}" for name, how in _flows(each, before))
        back = f"as {each.restores} was: " if each.restores else ""
        made.add_row(
            str(each.number),
            screens.moment(each.at, zone),
            screens.plain(each.by.removeprefix("cli:")),
            screens.plain(f"{back}{changed or 'nothing that flows do'}"),
        )
    screens.console().print(made)
    typer.echo("\nwhat one changed: jigajob versions N; go back: jigajob rollback N")


def _flows(deployment: Deployment, before: Deployment | None) -> Iterator[tuple[str, str]]:
    """Yield the flows that do other work than before, each with how it changed."""
    old = before.flows if before else {}
    for name in dict.fromkeys([*deployment.flows, *old]):
        if deployment.flows.get(name) != old.get(name):
            how = "changed" if name in old else "new"
            yield name, how if name in deployment.flows else "removed"


def _row(deployment: Deployment, before: Deployment | None) -> dict[str, Any]:
    return {
        "number": deployment.number,
        "at": deployment.at.isoformat(),
        "by": deployment.by,
        "restores": deployment.restores or None,
        "hash": deployment.bundle.hash,
        "flows": dict(deployment.flows),
        "changed": dict(_flows(deployment, before)),
    }


def _drift_row(found: Drift | None) -> dict[str, Any]:
    if found is None:
        return {"deployment": None, "drift": False, "changed": [], "trouble": None}
    changes = [*found.changes.flows, *found.changes.others] if found.changes else []
    return {
        "deployment": found.deployment,
        "drift": bool(found),
        "changed": [
            {"name": each.name, "how": each.how, "parts": [*each.parts]} for each in changes
        ],
        "trouble": found.trouble.what if found.trouble else None,
    }
