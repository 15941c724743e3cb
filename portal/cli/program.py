"""The program `jigajob`: its options for all commands, and how it ends.

Exit codes: 0 done, 1 the user's file or data is wrong, 2 usage, 3 the outside world failed.
"""

from __future__ import annotations

import io
import sys
from typing import Annotated, Final

import typer

from flows.errors import JigajobError
from portal.cli import (
    attachments,
    auditing,
    authoring,
    backup,
    books,
    cleaning,
    connecting,
    consenting,
    deploying,
    disclosing,
    documenting,
    keys,
    looking,
    migrating,
    outbox,
    planning,
    reconciling,
    replaying,
    reporting,
    running,
    simulating,
    starting,
    suggesting,
    teaching,
    testing,
    watching,
)
from portal.cli.options import FlowsOption, HomeOption, Place

INTERRUPTED: Final = 130
"""128 and the number of SIGINT, as shells have it; typer ends so on Ctrl-C."""

app = typer.Typer(
    name="jigajob",
    help="Does the routine work that comes out of a small business's inbox.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"jigajob {version('jigajob')}")
        raise typer.Exit


@app.callback()
def _all(
    context: typer.Context,
    home: HomeOption = None,
    flows: FlowsOption = None,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version."
        ),
    ] = False,
) -> None:
    context.obj = Place(home, flows)


authoring.add_to(app)
documenting.add_to(app)
planning.add_to(app)
testing.add_to(app)
deploying.add_to(app)
connecting.add_to(app)
running.add_to(app)
replaying.add_to(app)
starting.add_to(app)
watching.add_to(app)
looking.add_to(app)
reconciling.add_to(app)
attachments.add_to(app)
app.add_typer(outbox.app, name="outbox")
app.add_typer(books.app, name="books")
app.add_typer(keys.app, name="keys")
backup.add_to(app)
app.add_typer(auditing.app, name="audit")
disclosing.add_to(app)
app.add_typer(consenting.app, name="consent")
simulating.add_to(reporting.app)
app.add_typer(reporting.app, name="report")
cleaning.add_to(app)
teaching.add_to(app)
migrating.add_to(app)
suggesting.add_to(app)


def main() -> None:
    """Run one command; whatever goes wrong ends in an error that says what to do."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name may not fit a terminal's encoding
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except JigajobError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):
            sys.exit(0)  # the reader of our output has seen enough: nothing went wrong
        if end.code == INTERRUPTED:
            typer.echo("stopped; what was done stays done, run again to go on", err=True)
        raise
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user; its text may quote mail
        typer.echo(
            f"jigajob stopped on an unforeseen {type(error).__name__}{_where(error)}\n"
            f"  fix: run again; if it comes back, report this line and `jigajob --version`",
            err=True,
        )
        sys.exit(3)


def _where(error: BaseException) -> str:
    """Return the place in our own code, which tells who mends it more than any text."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if any(
            f"/{room}/" in code.co_filename
            for room in ("anonymizer", "connectors", "flows", "portal")
        ):
            place = f" at {code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
