"""Promises of the house that no single room can keep."""

from __future__ import annotations

import ast
import pickle
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from flows import errors
from flows.errors import FlowsFileError, Place, Problem
from flows.ports import LISTED_BY

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("anonymizer", "connectors", "flows", "portal")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
HEAVY = ("prefect", "presidio_analyzer", "spacy", "dateparser", "pypdfium2", "cryptography")


def _modules_after(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stderr.splitlines()}


@pytest.mark.parametrize(
    "arguments", [["--help"], ["run", "--help"], ["validate", "--flows", "flows.yaml"]]
)
def test_help_and_validate_stay_light(arguments: list[str]) -> None:
    """What a person types all day imports no model and no server."""
    code = (
        "from portal.cli.program import app\n"
        f"try: app({arguments!r})\n"
        "except SystemExit as end: assert not end.code, end.code"
    )

    loaded = _modules_after(code)

    assert loaded.isdisjoint(HEAVY)


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_has_one_owner(room: str) -> None:
    """No other distribution ships a package of the same name over ours."""
    assert set(packages_distributions().get(room, [])) <= {"jigajob"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_short(path: Path) -> None:
    """Files stay under 400 lines, functions under 40."""
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") < 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, node.name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_long_lists_are_in_an_order_that_every_store_is_quick_in(path: Path) -> None:
    """Who lists by another field adds it to `LISTED_BY`, and writes the records anew."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            for argument in node.keywords:
                if argument.arg == "order" and isinstance(argument.value, ast.Constant):
                    by = argument.value.value
                    assert not isinstance(by, str) or by in LISTED_BY | {"id"}, by


def _examples() -> list[errors.JigajobError]:
    place = Place("flows.yaml", 3, 7)
    made: list[errors.JigajobError] = [
        FlowsFileError((Problem(place, "what", "fix"),)),
        errors.Throttled("busy", retry_after=2.5, fix="wait"),
        errors.SkipItem("not_mail", "it is no mail", fix="look"),
        errors.SignInNeeded("expired", "the sign-in has expired", fix="sign in again"),
        errors.OperatorError("wrong", fix="mend it", where=place),
    ]
    tried = {type(error) for error in made}
    plain = (
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.JigajobError)
    )
    return made + [kind("what", fix="fix") for kind in plain if kind not in tried]


@pytest.mark.parametrize("error", _examples(), ids=lambda error: type(error).__name__)
def test_errors_survive_pickling(error: errors.JigajobError) -> None:
    """Prefect moves exceptions between processes; what they say must arrive."""
    again = pickle.loads(pickle.dumps(error))

    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_every_error_says_who_must_act() -> None:
    """The exit code is the user's (1) for operators' errors and the world's (3) else."""
    for kind in (type(error) for error in _examples()):
        assert kind.exit_code == (1 if issubclass(kind, errors.OperatorError) else 3)
