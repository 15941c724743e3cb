"""`jigajob docs`: the language, and what the flows of this business are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.errors import OperatorError
from portal.cli.options import FlowsOption, settings_of


def add_to(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(docs)


def docs(
    context: typer.Context,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write one HTML page into this file.")
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", help="Write Markdown into this file.")
    ] = None,
    flows: FlowsOption = None,
) -> None:
    """Describe the language and the flows of this business.

    Every word that flows.yaml may hold; then what runs here, when, what it keeps and for how
    long, who approves, and what leaves to whom. No secrets, no addresses of people. Without
    a file it is printed as Markdown.
    """
    from flows.language.load import load_whole
    from portal.docs_page import docs_markdown, docs_page

    path = settings_of(context, None, flows).flows
    loaded = load_whole(path)
    for target, made in ((html, docs_page), (markdown, docs_markdown)):
        if target is not None:
            _write(target, made(loaded), path)
    if html is None and markdown is None:
        typer.echo(docs_markdown(loaded), nl=False)


def _write(target: Path, text: str, flows: Path) -> None:
    from portal.page import write_privately

    if target.resolve() == flows.resolve():
        raise OperatorError(f"{target} is the flows file", fix="name another file")
    write_privately(target, text, fix="name a file that can be written")
    typer.echo(f"wrote {target}")
