"""`jigajob clean`: what would be taken out of a mail file, or of lines of JSON."""

from __future__ import annotations

import json
import sys
from itertools import islice
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from flows.errors import OperatorError, SkipItem
from portal.cli.options import JsonOption

BATCH = 64
"""Lines cleaned together: enough to keep the model busy, few enough to answer soon."""


def add_to(app: typer.Typer) -> None:
    """Add this command to *app*."""
    app.command()(clean)


def clean(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Mail files; with --jsonl, files of lines.")
    ] = None,
    jsonl: Annotated[
        bool,
        typer.Option(
            "--jsonl",
            help='Read lines {"id", "text"} (optional: subject from to received region keep)'
            " from FILES or standard input; write a line for each.",
        ),
    ] = False,
    keep: Annotated[
        list[str] | None, typer.Option(help="A field to keep, e.g. customer.name. Repeatable.")
    ] = None,
    region: Annotated[str, typer.Option(help="ISO 3166-2 of the business.")] = "US",
    as_json: JsonOption = False,
) -> None:
    """Show what the cleaner takes out, and why. Stores nothing."""
    if jsonl:
        _clean_streams(files or [], tuple(keep or ()), region)
    elif files:
        _clean_files(files, tuple(keep or ()), region, as_json=as_json)
    else:
        raise OperatorError(
            "there is nothing to clean", fix="give mail files, or --jsonl and lines on stdin"
        )


def _clean_streams(files: list[Path], keep: tuple[str, ...], region: str) -> None:
    from portal.cleaning import LineCleaner

    cleaner = LineCleaner(keep=keep, region=region)
    bad = 0
    for stream in _streams(files):
        numbered = enumerate(stream, 1)
        while batch := list(islice(numbered, BATCH)):
            for answer in cleaner.clean(batch):
                if "error" in answer:
                    bad += 1
                    typer.echo(f"line {answer['line']}: {answer['error']}", err=True)
                _write(answer)
    if bad:
        raise typer.Exit(1)


def _streams(files: list[Path]) -> list[IO[str]]:
    if not files:
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a text stream
        return [sys.stdin]
    try:
        return [path.open(encoding="utf-8", errors="replace") for path in files]
    except OSError as error:
        raise _unreadable(Path(str(error.filename)), error) from None


def _clean_files(
    files: list[Path], keep: tuple[str, ...], region: str, *, as_json: bool
) -> None:
    from portal.cleaning import clean_mail
    from portal.cli import screens

    bad = False
    for path in files:
        try:
            answer = clean_mail(path.read_bytes(), keep=keep, region=region)
        except OSError as error:
            raise _unreadable(path, error) from None
        except SkipItem as skip:
            typer.echo(f"{path}: {skip}", err=True)
            bad = True
            continue
        if as_json:
            _write({"file": str(path), **answer})
            continue
        typer.echo(f"{path}: {answer['verdict']}, {answer['kind']}\n")
        typer.echo(f"Subject: {answer['subject']}\n\n{answer['text']}\n")
        made = screens.table("Taken out", "part", "label", "why", "stands now")
        for row in answer["removed"]:
            made.add_row(row["part"], row["label"], row["reason"], row["stand_in"])
        screens.console().print(made if answer["removed"] else "Nothing was taken out.")
    if bad:
        raise typer.Exit(1)


def _unreadable(path: Path, error: OSError) -> OperatorError:
    return OperatorError(f"cannot read {path} ({error.strerror})", fix="give files that exist")


def _write(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")  # ASCII: a text may hold lone surrogates
    sys.stdout.flush()
