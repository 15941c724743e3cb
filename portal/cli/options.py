"""Options that many commands share, and what they mean together."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Optional

import typer

from portal.settings import Settings, read_settings

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
