"""Commands for who writes flows: `init`, `validate`, `schema`."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Annotated

import typer

from flows.errors import FlowsFileError, OperatorError
from portal.cli.options import FlowsOption, HomeOption, JsonOption, settings_of


def add_to(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    app.command()(init)
    app.command()(validate)
    app.command()(schema)


def init(
    folder: Annotated[Path, typer.Argument(help="Where to write flows.yaml.")] = Path(),
) -> None:
    """Write a flows.yaml to start from, and a folder for mail."""
    from flows.language.starter import STARTER

    target = folder / "flows.yaml"
    try:
        (folder / "mail").mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(STARTER)
    except FileExistsError as error:
        raise OperatorError(
            f"{error.filename} is there already",
            fix="edit it, or give another folder: jigajob init FOLDER",
        ) from None
    except OSError as error:
        raise OperatorError(
            f"cannot write {target} ({error.strerror})",
            fix="give a folder that you may write to",
        ) from None
    there = "" if folder == Path() else f"cd {shlex.quote(str(folder))} && "
    typer.echo(f"wrote {target}; put mail into {folder / 'mail'}, then: {there}jigajob run")


def validate(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="The file, instead of --flows.")] = None,
    home: HomeOption = None,
    flows: FlowsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check flows.yaml; each problem with its place and cure."""
    from flows.language.load import load

    path = file or settings_of(context, home, flows).flows
    try:
        loaded = load(path)
    except FlowsFileError as error:
        if not as_json:
            raise
        for problem in error.problems:
            where = problem.where
            row = {"file": where.file, "line": where.line, "column": where.column}
            typer.echo(json.dumps({**row, "what": problem.what, "fix": problem.fix}))
        raise typer.Exit(error.exit_code) from None
    if not as_json:
        on = sum(flow.enabled for flow in loaded.flows)
        noun = "flow" if len(loaded.flows) == 1 else "flows"
        typer.echo(f"{path}: {len(loaded.flows)} {noun}, {on} enabled; no problems found")


def schema() -> None:
    """Print the JSON Schema of flows.yaml, for editors."""
    from flows.language.schema import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
