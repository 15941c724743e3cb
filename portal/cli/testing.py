"""`jigajob test`: the operator's own cases, run in memory."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from xml.etree import ElementTree as Xml

import typer

from flows.errors import OperatorError
from portal.cli.options import FlowsOption, settings_of

if TYPE_CHECKING:
    from portal.testing import CaseDone


class Form(StrEnum):
    """How results are printed."""

    lines = "lines"
    junit = "junit"


def add_to(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command("test")(run_tests)


def run_tests(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Files of cases. [default: *.test.yaml beside the flows file, and in tests/]"
        ),
    ] = None,
    only: Annotated[str, typer.Option(help="Only cases whose name holds this.")] = "",
    form: Annotated[Form, typer.Option("--format", help="How to print results.")] = Form.lines,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of files of cases instead.")
    ] = False,
    flows: FlowsOption = None,
) -> None:
    """Run test cases: what the flows make of given mails.

    Everything is parsed, judged and cleaned as in a run, in memory; nothing is kept or sent.
    Ends with 1 where anything is otherwise than expected.
    """
    if schema:
        from flows.cases.spec import CasesFile

        typer.echo(json.dumps(CasesFile.model_json_schema(), indent=2, ensure_ascii=False))
        return
    from flows.cases.load import found_beside

    path = settings_of(context, None, flows).flows
    found = files or found_beside(path)
    if not found:
        raise OperatorError(
            f"there are no test cases beside {path}",
            fix="write them into flows.test.yaml; docs/tests.md shows how",
        )
    _run(found, only, form)


def _run(found: Sequence[Path], only: str, form: Form) -> None:
    from flows.cases.remembered import usual_file
    from portal.cli.planning_screen import progress
    from portal.testing import run_cases

    started = time.monotonic()
    with progress() as tell:
        done = asyncio.run(run_cases(found, only=only, memory=usual_file(), tell=tell))
    cases = [case for case, _ in done]
    if form is Form.junit:
        typer.echo(_junit(cases))
    else:
        loaded = any(loaded for _, loaded in done)
        _print(cases, time.monotonic() - started, loaded=loaded)
    if not all(case.passed for case in cases):
        raise typer.Exit(1)


def _print(cases: Sequence[CaseDone], seconds: float, *, loaded: bool) -> None:
    for case in cases:
        typer.echo(f"{'ok    ' if case.passed else 'FAILED'} {case.name}")
        for place, difference in case.failures:
            typer.echo(f"  {place}: {difference.what}")
            for line in difference.lines:
                typer.echo(f"    {line}")
    failed = sum(not case.passed for case in cases)
    noun = "case" if len(cases) == 1 else "cases"
    result = f"{failed} failed" if failed else "all as expected"
    note = "; the language model was loaded, for texts that are new" if loaded else ""
    typer.echo(f"\n{len(cases)} {noun}, {result} ({seconds:.1f} s{note})")


def _junit(cases: Sequence[CaseDone]) -> str:
    failed = sum(not case.passed for case in cases)
    suite = Xml.Element(
        "testsuite", name="jigajob", tests=str(len(cases)), failures=str(failed)
    )
    for case in cases:
        about = {"classname": case.file, "name": case.name, "time": f"{case.seconds:.3f}"}
        element = Xml.SubElement(suite, "testcase", about)
        for place, difference in case.failures:
            failure = Xml.SubElement(element, "failure", message=difference.what)
            failure.text = "\n".join([f"{place}: {difference.what}", *difference.lines])
    return Xml.tostring(suite, encoding="unicode")
