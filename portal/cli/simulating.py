"""`jigajob report simulate`: what settings of the aggregates would cost, on invented data."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portal.cli.options import JsonOption

if TYPE_CHECKING:
    from flows.reports.simulating import Simulation


def add_to(app: typer.Typer) -> None:
    """Add the command to *app*, the group of `report`."""
    app.command()(simulate)


def simulate(
    businesses: Annotated[
        int, typer.Option(min=1, max=100_000, help="How many businesses to invent.")
    ] = 500,
    seed: Annotated[int, typer.Option(help="Another number invents other businesses.")] = 1,
    draws: Annotated[
        int, typer.Option(min=1, max=1000, help="How often to release each choice.")
    ] = 5,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the page.")] = Path(
        "simulate.html"
    ),
    as_json: JsonOption = False,
) -> None:
    """Show what epsilon, minimum and period cost in accuracy.

    On invented businesses: no record is opened. Each choice is released several times as real
    figures are and compared with the exact ones. Writes a page with charts; with --json,
    prints a line for each choice and writes none.
    """
    made = _made(businesses, seed, draws)
    if as_json:
        for each in made.tried:
            typer.echo(json.dumps(asdict(each), default=str))
        return
    from portal.page import write_privately
    from portal.simulation_page import render

    _print(made)
    write_privately(out, render(made), fix="name a file that can be written")
    typer.echo(f"wrote {out}")


def _made(businesses: int, seed: int, draws: int) -> Simulation:
    from flows.reports.default_method import DEFAULT_METHOD
    from flows.reports.simulating import simulate as tried
    from portal.cli.planning_screen import progress

    with progress() as say:

        def tell(made: int, of: int) -> None:
            say(f"{made} of {of} invented releases")

        return tried(businesses, DEFAULT_METHOD, seed=seed, draws=draws, tell=tell)


def _print(made: Simulation) -> None:
    from portal.cli import screens
    from portal.simulation_page import PERIODS, percent

    numbers = ("epsilon", "a year", "minimum", "cells", "totals", "off by", "margin")
    title = f"{made.businesses:,} invented businesses, {made.draws} releases of each choice"
    table = screens.table(title, "", "period", *numbers, right=numbers)
    for each in made.tried:
        setting = each.setting
        table.add_row(
            "as set" if each == made.usual else "",
            PERIODS[setting.months],
            f"{setting.epsilon:f}",
            f"{setting.annual:.2f}",
            str(setting.minimum),
            percent(each.cells),
            percent(each.totals),
            percent(each.error),
            f"± {percent(each.width)}",
        )
    screens.console().print(table)
