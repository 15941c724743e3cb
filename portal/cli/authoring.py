"""Commands for who writes flows: `init`, `validate`, `schema`."""

from __future__ import annotations

import json
import shlex
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.errors import FlowsFileError, JigajobError, OperatorError
from portal.cli.options import FlowsOption, HomeOption, JsonOption, settings_of


class Form(StrEnum):
    """How problems are printed."""

    text = "text"
    json = "json"
    github = "github"


FormatOption = Annotated[
    Form, typer.Option("--format", help="How to print problems; --json is short for json.")
]


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
    form: FormatOption = Form.text,
    as_json: JsonOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail at warnings too.")] = False,
) -> None:
    """Check flows.yaml; each problem with its place and cure.

    `json` gives one diagnostic a line, as editors take them; `github` annotates files in
    GitHub Actions. Warnings alone end with exit code 0, unless `--strict` is given.
    """
    from flows.language.load import check
    from portal.cli.diagnostics import rows, summary

    path, form = file or settings_of(context, home, flows).flows, Form.json if as_json else form
    try:
        found = check(path)
        loaded, problems = found.file, found.problems
    except FlowsFileError as error:
        loaded, problems = None, error.problems
    for row in rows(problems, form.value):
        typer.echo(row, err=form is Form.text)
    if loaded is None or (strict and problems):
        raise typer.Exit(FlowsFileError.exit_code)
    if form is Form.text:
        on = sum(flow.enabled for flow in loaded.flows)
        noun = "flow" if len(loaded.flows) == 1 else "flows"
        told = summary(problems) or "no problems found"
        typer.echo(f"{path}: {len(loaded.flows)} {noun}, {on} enabled; {told}")


def schema(
    context: typer.Context,
    part: Annotated[
        bool, typer.Option("--part", help="Of a file that a flows.yaml includes.")
    ] = False,
    home: HomeOption = None,
    flows: FlowsOption = None,
) -> None:
    """Print the JSON Schema of flows.yaml, for editors.

    Where there is a flows.yaml without errors, its sources, roles and templates are offered.
    """
    from flows.language.load import load
    from flows.language.schema import json_schema
    from flows.language.templates import template_files

    path = settings_of(context, home, flows).flows
    try:
        live, templates = load(path), template_files(path.parent)
    except JigajobError:
        live, templates = None, []
    made = json_schema(live, templates, part=part)
    typer.echo(json.dumps(made, indent=2, ensure_ascii=False))
