"""`jigajob report`: releases of the aggregates, made and verified."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Optional

import typer

from flows.errors import OperatorError
from portal.cli.options import FlowsOption, HomeOption, JsonOption, settings_of

if TYPE_CHECKING:
    from flows.reports.budget_ledger import Spent
    from flows.reports.releasing import Released
    from flows.reports.verifying import Verified
    from portal.settings import Settings

app = typer.Typer(
    help="Figures over all businesses that agreed, safe for each.",
    no_args_is_help=True,
)

PeriodOption = Annotated[str, typer.Option("--period", help="Which quarter: 2026-Q3.")]
RestateOption = Annotated[
    str,
    typer.Option(
        "--restate",
        metavar="WHY",
        help="Draw it once more, as what was released is wrong; costs the budget again.",
    ),
]
OutOption = Annotated[Path, typer.Option("--out", help="Folder to write it to, of its own.")]
PreviousOption = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads this at run time
    typer.Option("--previous", help="Folder of the release before it."),
]
KeyOption = Annotated[
    str, typer.Option("--key", metavar="HEX", help="The publisher's key, as you kept it.")
]


@app.command()
def release(
    context: typer.Context,
    period: PeriodOption,
    out: OutOption,
    restate: RestateOption = "",
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Release a quarter: tables, page and a signed manifest.

    A quarter is released once, and at the cost of the year's budget. Asking again writes the
    same bytes and costs nothing.
    """
    from flows.reports.periods import Period
    from portal.report_files import check_free, write_release

    if restate and not restate.strip():
        raise OperatorError(
            "--restate says nothing", fix="say why, in a sentence: it is public"
        )
    wanted = Period(period)
    check_free(out, _names())  # before the budget is spent
    made, root = asyncio.run(
        _release(settings_of(context, home, flows), wanted, restate.strip())
    )
    write_release(made.files, out)
    _tell(made, out, root)


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a release.")],
    previous: PreviousOption = None,
    key: KeyOption = "",
    as_json: JsonOption = False,
) -> None:
    """Find out whether a release is whole.

    From its files alone: neither the pool nor a network is needed. Ends with 1 where something
    is wrong.
    """
    from flows.reports.verifying import verify_release
    from portal.report_files import read_release

    before = read_release(previous) if previous else None
    verified = verify_release(read_release(folder), previous=before, key=key)
    if as_json:
        typer.echo(json.dumps(_verified_row(verified)))
    else:
        _print_verified(verified, kept=bool(key), followed=previous is not None)
    if verified.findings:
        raise typer.Exit(1)


@app.command("list")
def list_(
    context: typer.Context,
    home: HomeOption = None,
    flows: FlowsOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what was released, the latest last."""
    found = asyncio.run(_all(settings_of(context, home, flows)))
    if as_json:
        for each in found:
            typer.echo(json.dumps(_row(each)))
    elif found:
        _table(found)
    else:
        typer.echo("nothing was released yet")


@app.command()
def budget(
    context: typer.Context,
    home: HomeOption = None,
    flows: FlowsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what releases have cost each year, and what is left."""
    from flows.reports.default_method import ANNUAL_CAP, DEFAULT_METHOD

    years = [*_years(asyncio.run(_all(settings_of(context, home, flows))))]
    if as_json:
        for year in years:
            typer.echo(json.dumps(year))
        return
    if years:
        _budget_table(years)
    else:
        typer.echo("nothing was released yet")
    typer.echo(
        f"\na release costs {DEFAULT_METHOD.epsilon}; a year of periods may cost {ANNUAL_CAP}"
    )


async def _release(settings: Settings, period: Any, why: str) -> tuple[Released, str]:  # noqa: ANN401 - a Period, imported late
    from flows.reports.default_method import ANNUAL_CAP, DEFAULT_METHOD
    from flows.reports.releasing import Asked, Releasing
    from portal.report_page import render
    from portal.wiring import open_pool

    async with open_pool(settings, new=False) as pool:
        releasing = Releasing(pool.records, pool.audit, pool.clock)
        with _progress() as tell:
            made = await releasing.release(
                Asked(
                    period=period,
                    method=DEFAULT_METHOD,
                    cap=ANNUAL_CAP,
                    why=why,
                    page=render,
                    tell=tell,
                )
            )
        return made, str(await pool.audit.log.root())


async def _all(settings: Settings) -> tuple[Spent, ...]:
    from flows.reports.budget_ledger import Ledger
    from portal.wiring import open_pool

    async with open_pool(settings, new=False) as pool:
        return await Ledger(pool.records, pool.audit).all()


def _names() -> frozenset[str]:
    from flows.reports.describing import BESIDE
    from flows.reports.manifest import NAME

    return BESIDE | {NAME}


def _tell(made: Released, out: Path, root: str) -> None:
    from flows.reports.manifest import NAME, read_manifest

    spent, manifest = made.spent, read_manifest(made.files[NAME])
    if made.new:
        typer.echo(f"{spent.period} is release {spent.number}, in {out}")
        paid, year = manifest.budget, spent.year
        typer.echo(
            f"it cost {paid.epsilon}: {paid.cumulative} of {paid.cap} of {year} are spent"
        )
    else:
        typer.echo(f"{spent.period} was released on {spent.at:%Y-%m-%d %H:%M} UTC already:")
        typer.echo(f"release {spent.number} is in {out} as it was; it cost nothing once more")
    if manifest.restates:
        typer.echo(f"it takes the place of release {manifest.restates.number}")
    if manifest.method.changed:
        typer.echo("it was made by another method than the release before: compare with care")
    if not spent.sufficient:
        typer.echo("there were too few businesses: it says so, and every figure is suppressed")
    typer.echo(f"manifest: {spent.manifest}\nkey:      {manifest.key}\nlog root: {root}")


def _verified_row(verified: Verified) -> dict[str, Any]:
    manifest = verified.manifest
    return {
        "release": manifest.number if manifest else None,
        "period": manifest.period if manifest else None,
        "key": manifest.key if manifest else None,
        "whole": not verified.findings,
        "findings": [{"file": each.file, "what": each.what} for each in verified.findings],
    }


def _print_verified(verified: Verified, *, kept: bool, followed: bool) -> None:
    manifest = verified.manifest
    if manifest:
        typer.echo(f"release {manifest.number}: {manifest.period}, signed by {manifest.key}")
    for finding in verified.findings:
        typer.echo(f"WRONG  {finding}")
    if verified.findings or manifest is None:
        return
    typer.echo("nothing was changed; the figures keep the rules of the manifest")
    if not kept:
        typer.echo("whose key it is was not checked: give the one you kept with --key")
    if not followed and manifest.number > 1:
        typer.echo("the release before was not looked at: give its folder with --previous")


_DIGITS: Final = 16


def _table(found: tuple[Spent, ...]) -> None:
    from portal.cli import screens

    made = screens.table(
        *("", "release", "period", "made", "instead of", "epsilon", "figures", "manifest"),
        right=("release", "epsilon"),
    )
    for each in found:
        made.add_row(
            str(each.number),
            each.period,
            f"{each.at:%Y-%m-%d %H:%M} UTC",
            str(each.restates or "-"),
            str(each.epsilon),
            "published" if each.sufficient else "too few",
            each.manifest[:_DIGITS],
        )
    screens.console().print(made)


def _row(spent: Spent) -> dict[str, Any]:
    return {
        "release": spent.number,
        "period": spent.period,
        "at": spent.at.isoformat(),
        "restates": spent.restates or None,
        "epsilon": str(spent.epsilon),
        "sufficient": spent.sufficient,
        "method": spent.method,
        "manifest": spent.manifest,
    }


def _years(found: tuple[Spent, ...]) -> Iterator[dict[str, Any]]:
    from anonymizer.tables.budget import spent
    from flows.reports.default_method import ANNUAL_CAP

    spendings = [each.spending for each in found]
    for year in sorted({each.year for each in found}):
        total = spent(spendings, year)
        yield {
            "year": year,
            "releases": sum(each.year == year for each in found),
            "spent": str(total),
            "cap": str(ANNUAL_CAP),
            "left": str(max(ANNUAL_CAP - total, ANNUAL_CAP * 0)),
        }


def _budget_table(years: list[dict[str, Any]]) -> None:
    from portal.cli import screens

    columns = ("year", "releases", "spent", "cap", "left")
    made = screens.table("", *columns, right=columns)
    for year in years:
        made.add_row(*(str(year[name]) for name in columns))
    screens.console().print(made)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Give what tells what is being done; on standard error, and in a terminal alone."""
    import sys

    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield status.update
