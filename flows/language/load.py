"""A flows.yaml from disk: read, checked in one go, and every problem told with its place."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from flows.errors import (
    AdministratorError,
    FlowsFileError,
    JigajobError,
    OperatorError,
    Place,
    Problem,
)
from flows.language.blocks import expanded
from flows.language.bundle import Bundle, bundle_of
from flows.language.checks import Beside, cross_problems
from flows.language.including import NOTHING_INCLUDED, with_included
from flows.language.node import Slug
from flows.language.places import Document
from flows.language.shape import Shape
from flows.language.spec import FlowsFile
from flows.language.table_reading import read_tables
from flows.language.templates import read_templates
from flows.language.words import plain
from flows.language.world import time_zones
from flows.language.yaml_reader import MAX_BYTES, read


@dataclass(frozen=True, slots=True)
class Loaded:
    """A flows file, checked, with its templates by name, and the text of all that was read."""

    file: FlowsFile
    templates: Mapping[str, str]
    bundle: Bundle


def load_whole(path: Path) -> Loaded:
    """Return the flows file at *path* with everything that belongs to it; raises as `load`."""
    text = _text(path)
    found = checked(text, path)
    file = _right(found)
    bundle = bundle_of(path, {path: text.encode(), **found.read})
    return Loaded(file, read_templates(path, file), bundle)


def load_bundle(bundle: Bundle, called: str) -> Loaded:
    """Return what *bundle* holds, checked; places of problems begin with how it is *called*.

    Raises:
        FlowsFileError: This release finds problems in it.
        AdministratorError: It cannot be laid out on this machine.
    """
    with bundle.laid_out() as path:
        try:
            return load_whole(path)
        except FlowsFileError as error:
            raise FlowsFileError(
                tuple(_moved(each, str(path.parent), called) for each in error.problems)
            ) from None


def _moved(problem: Problem, folder: str, called: str) -> Problem:
    """Return the problem with its place, and all places that it names, where they are seen."""
    where = replace(problem.where, file=problem.where.file.replace(folder, called, 1))
    what, fix = (each.replace(folder, called) for each in (problem.what, problem.fix))
    return replace(problem, where=where, what=what, fix=fix)


def business_of(path: Path) -> str:
    """Return the id of the business of the flows file at *path*, whatever else is wrong in it.

    Raises:
        FlowsFileError, OperatorError, AdministratorError: As `load`.
    """
    text = _text(path)
    data = read(text, str(path)).data
    business = data.get("business") if isinstance(data, dict) else None
    name = business.get("id") if isinstance(business, dict) else None
    try:
        return TypeAdapter(Slug).validate_python(name)
    except ValidationError:
        return parse(text, path).business.id  # which says what is wrong


def zone_of(path: Path) -> tzinfo:
    """Return the time zone of the business of the flows file at *path*; UTC where it says none.

    Whatever else is wrong in the file.
    """
    try:
        data = read(_text(path), str(path)).data
    except JigajobError:
        return UTC
    business = data.get("business") if isinstance(data, dict) else None
    name = business.get("time_zone") if isinstance(business, dict) else None
    named = name.strip() if isinstance(name, str) else ""
    return ZoneInfo(named) if named in time_zones() else UTC


def load(path: Path) -> FlowsFile:
    """Return the flows file at *path*, checked; its template files are checked too.

    Raises:
        FlowsFileError: The file is wrong; the error holds every problem, in file order.
        OperatorError: There is no such file.
        AdministratorError: The file is there and cannot be read.
    """
    return parse(_text(path), path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A flows file as it was read: None where it has errors; all problems, in file order.

    `read` is what is in the other files that were read for it.
    """

    file: FlowsFile | None
    problems: tuple[Problem, ...]
    read: Mapping[Path, bytes]


def parse(text: str, path: Path) -> FlowsFile:
    """Return the flows file that *text* is; *path* names it, and says where templates lie.

    Raises:
        FlowsFileError: It is wrong; the error holds every problem, in file order.
    """
    return _right(checked(text, path))


def check(path: Path) -> Checked:
    """Return the flows file at *path* with all that is wrong with it, warnings too.

    Raises:
        FlowsFileError: It cannot be read to its end.
        OperatorError: There is no such file.
        AdministratorError: The file is there and cannot be read.
    """
    return checked(_text(path), path)


def checked(text: str, path: Path) -> Checked:
    """Return the flows file that *text* is with all that is wrong with it.

    Raises:
        FlowsFileError: It cannot be read to its end.
    """
    with _uncollected():
        return _checked(text, path)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let nothing look for garbage: what is read is bounded, and needed to the end.

    In a long file the search goes over the same values again and again, and finds none.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _checked(text: str, path: Path) -> Checked:
    files: dict[Path, bytes] = {}

    def part(place: Path) -> Document:
        included = _text(place)
        files[place] = included.encode()
        return read(included, str(place), empty=NOTHING_INCLUDED)

    document = with_included(read(text, str(path)), path, part)
    tables, unread = read_tables(document, files)
    file: FlowsFile | None = None
    shape: list[Problem] = []
    try:
        file = FlowsFile.model_validate(document.data)
    except ValidationError as error:
        shape = list(Shape(document, FlowsFile, noun="a flows file").problems(error))
    crossed = cross_problems(document, Beside(path.parent, tables, files))
    problems = _told_once(document, shape, [*unread, *crossed])
    if any(each.severity == "error" for each in problems):
        file = None
    if file is not None:
        file = expanded(file.model_copy(update={"data": tables}))
    told = tuple(sorted(problems, key=lambda each: each.where))
    return Checked(file=file, problems=told, read=files)


def _right(found: Checked) -> FlowsFile:
    if found.file is None:
        raise FlowsFileError(tuple(each for each in found.problems if each.severity == "error"))
    return found.file


def _told_once(
    document: Document, shape: Iterable[Problem], crossed: Iterable[Problem]
) -> tuple[Problem, ...]:
    """Return the problems without those that only follow from others, each on one line."""
    lines = {(each.where.file, each.where.line) for each in document.problems}
    told = dict.fromkeys(
        each for each in shape if (each.where.file, each.where.line) not in lines
    )
    places = {each.where for each in told}
    for each in crossed:
        if each.where not in places and (each.where.file, each.where.line) not in lines:
            told[each] = None
    every = (*document.problems, *told)
    return tuple(replace(each, what=plain(each.what), fix=plain(each.fix)) for each in every)


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
    return FlowsFileError((Problem(Place(file, line, column), what, fix, "yaml"),))
