"""Options that many commands share, and what they mean together."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from flows.errors import Unopened
from portal.settings import Settings, read_settings

if TYPE_CHECKING:
    from portal.wiring import App

HomeOption = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads this at run time
    typer.Option("--home", help="Where data lives. [default: JIGAJOB_HOME, else .jigajob]"),
]
FlowsOption = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads this at run time
    typer.Option("--flows", help="Which flows. [default: JIGAJOB_FLOWS, else flows.yaml]"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]


@dataclass(frozen=True, slots=True)
class Place:
    """`--home` and `--flows` as given before the command."""

    home: Path | None
    flows: Path | None


def settings_of(context: typer.Context, home: Path | None, flows: Path | None) -> Settings:
    """Return the settings; an option after the command wins over one before it."""
    place: Place = context.find_object(Place) or Place(None, None)
    return read_settings(home or place.home, flows or place.flows)


def again(settings: Settings) -> str:
    """Return `jigajob` with the options that lead to these settings, ready to be copied."""
    usual = read_settings(None, None)
    words = ["jigajob"]
    if settings.home.resolve() != usual.home.resolve():
        words += ["--home", str(settings.home)]
    if settings.flows.resolve() != usual.flows.resolve():
        words += ["--flows", str(settings.flows)]
    return shlex.join(words)


def tell_made(app: App) -> None:
    """Say so where a command has made a new home: another one may have been meant."""
    if app.is_new:
        business, place = app.file.business.id, app.settings.kept_in
        typer.echo(f"made a new home: nothing was kept of {business} in {place}", err=True)


def tell_empty(app: App, settings: Settings) -> None:
    """Say so where a command looks at a business of which nothing is kept; nothing is made."""
    if app.is_new:
        business = app.file.business.id
        typer.echo(f"nothing is kept of {business} in {settings.kept_in} yet", err=True)


@contextmanager
def passing_over(app: App) -> Iterator[App]:
    """Give the business to list some of it: what does not open is left out, and told of."""
    missed: list[Unopened] = []
    try:
        yield app.passing_over(missed)
    finally:
        tell_unopened(missed)


def tell_unopened(missed: Sequence[Unopened], most: int = 5) -> None:
    """Say which records do not open, where there are some, and what to do about them."""
    if not missed:
        return
    typer.echo(f"{len(missed)} records cannot be opened, and are left out:", err=True)
    for error in missed[:most]:
        typer.echo(f"  {error.what}", err=True)
    if len(missed) > most:
        typer.echo(f"  and {len(missed) - most} more", err=True)
    typer.echo(f"  fix: {missed[0].fix}", err=True)
