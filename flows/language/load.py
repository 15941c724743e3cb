"""A flows.yaml from disk: read, checked in one go, and every problem told with its place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from flows.errors import (
    AdministratorError,
    FlowsFileError,
    OperatorError,
    Place,
    Problem,
)
from flows.language.checks import cross_problems
from flows.language.places import MAX_BYTES, Document, read
from flows.language.shape import Shape
from flows.language.spec import FlowsFile
from flows.language.words import plain


def load(path: Path) -> FlowsFile:
    """Return the flows file at *path*, checked; its template files are checked too.

    Raises:
        FlowsFileError: The file is wrong; the error holds every problem, in file order.
        OperatorError: There is no such file.
        AdministratorError: The file is there and cannot be read.
    """
    return parse(_text(path), path)


def parse(text: str, path: Path) -> FlowsFile:
    """Return the flows file that *text* is; *path* names it, and says where templates lie.

    Raises:
        FlowsFileError: It is wrong; the error holds every problem, in file order.
    """
    document = read(text, str(path))
    file: FlowsFile | None = None
    shape: list[Problem] = []
    try:
        file = FlowsFile.model_validate(document.data)
    except ValidationError as error:
        shape = list(Shape(document, FlowsFile, noun="a flows file").problems(error))
    crossed = cross_problems(document, path.parent)
    problems = _told_once(document, shape, crossed)
    if problems or file is None:
        raise FlowsFileError(problems)
    return file


def _told_once(
    document: Document, shape: Iterable[Problem], crossed: Iterable[Problem]
) -> tuple[Problem, ...]:
    """Return the problems without those that only follow from others, each on one line."""
    lines = {(document.file, problem.where.line) for problem in document.problems}
    told = dict.fromkeys(
        each for each in shape if (document.file, each.where.line) not in lines
    )
    places = {each.where for each in told}
    for each in crossed:
        if each.where not in places and (each.where.file, each.where.line) not in lines:
            told[each] = None
    every = (*document.problems, *told)
    return tuple(Problem(each.where, plain(each.what), plain(each.fix)) for each in every)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        fix = "write a starter with `jigajob init`, or name the file with --flows"
        raise OperatorError(f"there is no file {path}", fix=fix) from None
    except IsADirectoryError:
        raise OperatorError(f"{path} is a directory", fix="name the file in it") from None
    except (OSError, ValueError) as error:
        what = f"{path} cannot be read ({type(error).__name__})"
        fix = "give the account that runs jigajob the right to read it"
        raise AdministratorError(what, fix=fix) from None
    return decoded(raw, str(path))


def decoded(raw: bytes, file: str) -> str:
    """Return the text of a flows file, without a byte order mark.

    Raises:
        FlowsFileError: It is too large, or not UTF-8 text.
    """
    if len(raw) > MAX_BYTES:
        what = f"the file is larger than {MAX_BYTES // 1_000_000} MB"
        raise _refused(file, b"", what, "split it; a flow takes about 1 kB")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(file, b"", "the file is UTF-16 text", "save it as UTF-8")
    text = b"" if b"\0" not in raw else raw[: raw.index(b"\0")]
    if text or raw.startswith(b"\0"):
        fix = "this is no text file, or not UTF-8; save it as UTF-8 text"
        raise _refused(file, text, "a NUL byte stands here", fix)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what, before = "this is not UTF-8 text", raw[: error.start]
    raise _refused(file, before, what, "save the file as UTF-8")


def _refused(file: str, before: bytes, what: str, fix: str) -> FlowsFileError:
    """Return the error with its place: after the bytes *before*, which are UTF-8."""
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    return FlowsFileError((Problem(Place(file, line, column), what, fix),))
