"""A file of test cases from disk: checked in one go, every problem told with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from flows.cases.spec import Case, CasesFile
from flows.errors import FlowsFileError, OperatorError, Problem
from flows.language.load import decoded
from flows.language.places import Document
from flows.language.shape import Shape
from flows.language.spec import FlowsFile
from flows.language.triggers import MailTrigger, TransactionTrigger
from flows.language.words import plain, quoted, suggestion
from flows.language.yaml_reader import MAX_BYTES, read

ENDING: Final = ".test.yaml"
FOLDER: Final = "tests"

Parts = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """A file of cases: where it lies, what is in it, and the place of everything in it."""

    path: Path
    file: CasesFile
    document: Document

    @property
    def flows(self) -> Path:
        """Return where the flows file under test lies."""
        return self.path.parent / self.file.flows

    def place(self, number: int, *parts: str | int) -> str:
        """Return the place of a part of case *number*, as `file:line:column`."""
        return str(self.document.value(("cases", number, *parts)))


def load_cases(path: Path) -> Cases:
    """Return the cases in the file at *path*.

    Raises:
        FlowsFileError: It is wrong; the error holds every problem, in the order of the file.
        OperatorError: There is no such file, or it cannot be read.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        what = f"cannot read {path} ({error.strerror})"
        raise OperatorError(what, fix="name a file of test cases") from None
    empty = "write `flows:` and `cases:` into it, as in docs/tests.md"
    document = read(decoded(raw, str(path)), str(path), empty=empty)
    problems: list[Problem] = list(document.problems)
    found: CasesFile | None = None
    try:
        found = CasesFile.model_validate(document.data)
    except ValidationError as error:
        problems += Shape(document, CasesFile, noun="a file of test cases").problems(error)
    if found is not None:
        problems += _crossed(document, found, path.parent)
    if problems or found is None:
        raise FlowsFileError(
            tuple(
                Problem(p.where, plain(p.what), plain(p.fix)) for p in dict.fromkeys(problems)
            )
        )
    return Cases(path, found, document)


def check_sources(cases: Cases, flows: FlowsFile) -> None:
    """Refuse cases that name what *flows* does not have.

    Raises:
        FlowsFileError: As `load_cases`.
    """
    problems = [
        problem
        for number, case in enumerate(cases.file.cases)
        for problem in _unknown(cases, number, case, flows)
    ]
    if problems:
        raise FlowsFileError(tuple(problems))


def sources_of(flows: FlowsFile, kind: str) -> list[str]:
    """Return the sources of `mail` or of `transaction` by which flows are triggered."""
    wanted = MailTrigger if kind == "mail" else TransactionTrigger
    named = (
        getattr(trigger, kind)
        for flow in flows.flows
        for trigger in flow.triggers
        if isinstance(trigger, wanted)
    )
    return list(dict.fromkeys(named))


def found_beside(path: Path) -> list[Path]:
    """Return the files of cases beside a flows file: `*.test.yaml`, there and in `tests/`."""
    folders = (path.parent, path.parent / FOLDER)
    return sorted(file for folder in folders for file in folder.glob(f"*{ENDING}"))


def _crossed(document: Document, file: CasesFile, folder: Path) -> Iterator[Problem]:
    names: dict[str, int] = {}
    for number, case in enumerate(file.cases):
        at = ("cases", number)
        line = document.value(at).line
        if names.setdefault(case.name, line) != line:
            fix = f"choose another one; the first is in line {names[case.name]}"
            yield Problem(document.value((*at, "name")), "another case has this name", fix)
        if case.now is None and file.now is None:
            fix = "add `now: 2026-10-05T09:30:00Z` to the case, or to the file for all of them"
            yield Problem(document.value(at), "the case has no time", fix)
        for moment, where in ((case.now, (*at, "now")), (file.now, ("now",))):
            if moment is not None and moment.tzinfo is None:
                fix = "write it with its zone, for example 2026-10-05T09:30:00-04:00"
                yield Problem(document.value(where), "the time has no zone", fix)
        for index, mail in enumerate(case.given.mails):
            files: list[tuple[str, Parts]] = [(mail.file, ("file",))]
            files += [
                (each.file, ("attachments", n, "file"))
                for n, each in enumerate(mail.attachments)
            ]
            for name, rest in files:
                if name and not _inside(folder, name):
                    place = document.value((*at, "given", "mails", index, *rest))
                    what = f"there is no file {quoted(name)} beside these cases"
                    yield Problem(place, what, "write its path from this file's folder on")


def _inside(folder: Path, name: str) -> bool:
    return (folder / name).is_file()


def _unknown(cases: Cases, number: int, case: Case, flows: FlowsFile) -> Iterator[Problem]:
    document, at = cases.document, ("cases", number)
    known = {
        "mails": ("mail", sources_of(flows, "mail")),
        "transactions": ("transaction", sources_of(flows, "transaction")),
    }
    for key, (kind, sources) in known.items():
        for index, item in enumerate(getattr(case.given, key)):
            where = (*at, "given", key, index)
            if item.source is not None and item.source not in sources:
                what = f"no flow is triggered by a {kind} of {quoted(item.source)}"
                place = document.value((*where, "source"))
                yield Problem(place, what, suggestion(item.source, sources))
            if item.source is None and len(sources) != 1:
                what = f"it is not clear by which source this {kind} comes"
                yield Problem(document.value(where), what, suggestion("source", sources))
    ids = [flow.id for flow in flows.flows]
    named: list[tuple[str, Parts]] = [
        (flow, ("flows", n)) for n, flow in enumerate(case.expect.flows or ())
    ]
    for n, output in enumerate(case.expect.outputs):
        if output.flow:
            named.append((output.flow, ("outputs", n, "flow")))
    for flow, rest in named:
        if flow not in ids:
            place = document.value((*at, "expect", *rest))
            yield Problem(place, f"{quoted(flow)} is not a flow", suggestion(flow, ids))
