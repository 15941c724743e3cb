"""`jigajob clean`: what would be taken out of a mail file, or of lines of JSON."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from flows.errors import OperatorError, SkipItem
from portal.cli.cleaning_eval import evaluate
from portal.cli.options import JsonOption

BATCH = 64
"""Lines cleaned together: enough to keep the model busy, few enough to answer soon."""

PIECE = 65_536
"""Bytes asked for at once; as much as a pipe holds."""


class FilesUnlessNamed(TyperGroup):
    """Commands of which `files` is meant where none is named: `jigajob clean mail.eml`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # typer's context is a click context
        """Return what is left of the arguments, the command first."""
        if not args or args[0] not in self.commands:
            args = ["files", *args]
        return super().parse_args(ctx, args)


def add_to(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    cleaning = typer.Typer(
        help="Show what the cleaner takes out, and how right it is. Stores nothing.\n\n"
        "Without the name of a command, `files` is meant: `jigajob clean mail.eml`.",
        cls=FilesUnlessNamed,
    )
    cleaning.command("files")(clean)
    cleaning.command("eval")(evaluate)
    app.add_typer(cleaning, name="clean")


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
    """Show what the cleaner takes out of mail files, and why. Stores nothing.

    `jigajob clean eval DIR` scores it on labelled mails.
    """
    if jsonl:
        _clean_streams(files or [], tuple(keep or ()), region)
    elif files:
        _clean_files(files, tuple(keep or ()), region, as_json=as_json)
    else:
        raise OperatorError(
            "there is nothing to clean", fix="give mail files, or --jsonl and lines on stdin"
        )


def _clean_streams(files: list[Path], keep: tuple[str, ...], region: str) -> None:
    from anonymizer.text.cleaner import Cleaner
    from portal.cleaning import LineCleaner

    cleaner = LineCleaner(Cleaner(), keep=keep, region=region)
    bad = 0
    for batch in (batch for stream in _streams(files) for batch in _batches(stream)):
        for answer in cleaner.clean(batch):
            if "error" in answer:
                bad += 1
                typer.echo(f"line {answer['line']}: {answer['error']}", err=True)
            _write(answer)
    if bad:
        raise typer.Exit(1)


def _streams(files: list[Path]) -> Iterator[BufferedReader]:
    if not files:
        yield sys.stdin.buffer  # type: ignore[misc]  # buffered, as standard input is
    for path in files:
        try:
            with path.open("rb") as stream:
                yield stream
        except OSError as error:
            raise _unreadable(path, error) from None


def _batches(stream: BufferedReader) -> Iterator[list[tuple[int, str]]]:
    """Yield numbered lines as they come: whoever waits for an answer gets it."""
    number, begun = 0, list[bytes]()
    for piece in iter(lambda: stream.read1(PIECE), b""):
        first, *more = piece.split(b"\n")
        begun.append(first)
        if more:
            lines = [b"".join(begun), *more[:-1]]
            begun = [more[-1]]
            for start in range(0, len(lines), BATCH):
                batch = lines[start : start + BATCH]
                yield [_numbered(number + at, line) for at, line in enumerate(batch, 1)]
                number += len(batch)
    yield [_numbered(number + 1, b"".join(begun))]


def _numbered(number: int, line: bytes) -> tuple[int, str]:
    if number == 1:
        line = line.removeprefix(codecs.BOM_UTF8)
    return number, line.decode("utf-8", "replace")


def _clean_files(
    files: list[Path], keep: tuple[str, ...], region: str, *, as_json: bool
) -> None:
    from anonymizer.text.cleaner import Cleaner
    from portal.cleaning import clean_mail
    from portal.cli import screens

    bad, cleaner = False, Cleaner()
    for path in files:
        try:
            answer = clean_mail(cleaner, path.read_bytes(), keep=keep, region=region)
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
        for attached in answer["attachments"]:
            _show_attachment(attached)
        for defect in answer["defects"]:
            typer.echo(f"Note: {defect}")
        made = screens.table("Taken out", "part", "label", "why", "stands now")
        for row in answer["removed"]:
            made.add_row(row["part"], row["label"], row["reason"], row["stand_in"])
        screens.console().print(made if answer["removed"] else "Nothing was taken out.")
    if bad:
        raise typer.Exit(1)


def _show_attachment(attached: dict[str, Any]) -> None:
    """Show an attachment: how much of it was read, why not all, and what was left out."""
    read = {"whole": "read", "part": "read in part", "none": "not read"}[attached["read"]]
    why = f": {attached['problem']}" if attached["problem"] else ""
    about = f"{attached['media_type']}, {attached['size']:,} bytes, {read}{why}"
    typer.echo(f"Attachment {attached['name']} ({about})")
    for each in attached["withheld"]:
        typer.echo(f"  left out: {each}")
    typer.echo(f"\n{attached['text']}\n" if attached["text"] else "")


def _unreadable(path: Path, error: OSError) -> OperatorError:
    return OperatorError(f"cannot read {path} ({error.strerror})", fix="give files that exist")


def _write(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")  # ASCII: a text may hold lone surrogates
    sys.stdout.flush()
