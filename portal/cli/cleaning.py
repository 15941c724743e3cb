"""`jigajob clean`: what would be taken out of a mail file, or of lines of JSON."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from flows.errors import OperatorError, SkipItem
from portal.cli.cleaning_eval import evaluate
from portal.cli.options import JsonOption, Place

if TYPE_CHECKING:
    from flows.language.spec import FlowsFile

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
        help="Show what the cleaner takes out, and how right it is.\n\n"
        "Nothing is stored. Without the name of a command, `files` is meant:"
        " `jigajob clean mail.eml`.",
        cls=FilesUnlessNamed,
    )
    cleaning.command("files")(clean)
    cleaning.command("eval")(evaluate)
    app.add_typer(cleaning, name="clean")


FilesArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Mails, text, PDF or office files, - for standard input; with --jsonl, files of"
        " lines."
    ),
]
LinesOption = Annotated[
    bool,
    typer.Option(
        "--jsonl",
        help='Read lines {"id", "text"} (optional: subject from to received region keep)'
        " from FILES or standard input; write a line for each.",
    ),
]
KeepOption = Annotated[
    list[str] | None,
    typer.Option(help="Fields to keep, e.g. customer.name,site.address. Repeatable."),
]
RegionOption = Annotated[
    str | None,
    typer.Option(help="ISO 3166-2 of the business. [default: that of --flows, else US]"),
]
PageOption = Annotated[
    Path | None, typer.Option(help="Write one page with all files side by side.")
]
AboutOption = Annotated[
    Path | None,
    typer.Option(
        "--flows", help="Take the business, what flows keep and own recognisers from here."
    ),
]


def clean(
    context: typer.Context,
    files: FilesArgument = None,
    jsonl: LinesOption = False,
    keep: KeepOption = None,
    region: RegionOption = None,
    html: PageOption = None,
    flows: AboutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what goes, what stays and why, side by side.

    `jigajob clean eval DIR` scores it on labelled mails.
    """
    kept = tuple(keep or ())
    place = context.find_object(Place)
    named = flows or (place.flows if place else None)
    if jsonl:
        _clean_streams(files or [], kept, region, named)
    elif files:
        _clean_files(files, kept, region, named, html, as_json=as_json)
    else:
        fix = "give files, - for standard input, or --jsonl and lines on it"
        raise OperatorError("there is nothing to clean", fix=fix)


def _clean_streams(
    files: list[Path], keep: tuple[str, ...], region: str | None, flows: Path | None
) -> None:
    from portal.cleaning import LineCleaner
    from portal.cleaning_files import CleanOptions, cleaner_for

    file = _flows_file(flows)
    given = CleanOptions.of(keep, region, file)
    cleaner = LineCleaner(cleaner_for(file), keep=given.keep, region=given.business.region)
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
    files: list[Path],
    keep: tuple[str, ...],
    region: str | None,
    flows: Path | None,
    html: Path | None,
    *,
    as_json: bool,
) -> None:
    from portal.cleaning_files import CleanOptions, clean_file, cleaner_for
    from portal.cleaning_page import write_clean_page
    from portal.cli.cleaning_screen import show

    file = _flows_file(flows)
    options, cleaner = CleanOptions.of(keep, region, file), cleaner_for(file)
    views, bad = [], False
    for path in files:
        name = "standard input" if str(path) == "-" else str(path)
        try:
            raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
            cleaned = clean_file(cleaner, raw, str(path), options)
        except OSError as error:
            raise _unreadable(path, error) from None
        except SkipItem as skip:
            typer.echo(f"{name}: {skip}", err=True)
            bad = True
            continue
        if as_json:
            _write({"file": str(path), **cleaned.answer()})
        views.append(cleaned.view(name))
        if not as_json and html is None:
            show(views[-1])
    if html is not None:
        write_clean_page(views, html)
        typer.echo(f"wrote {html}; it holds the mail as it came in, delete it after", err=True)
    if bad:
        raise typer.Exit(1)


def _flows_file(path: Path | None) -> FlowsFile | None:
    from flows.language.load import load

    return load(path) if path else None


def _unreadable(path: Path, error: OSError) -> OperatorError:
    return OperatorError(f"cannot read {path} ({error.strerror})", fix="give files that exist")


def _write(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")  # ASCII: a text may hold lone surrogates
    sys.stdout.flush()
