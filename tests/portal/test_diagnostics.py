"""Problems as people, editors and build machines read them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.errors import FlowsFileError, Place, Problem
from flows.language.codes import CODES, WARNINGS
from flows.language.load import check
from portal.cli.diagnostics import rows, summary
from tests.flows.language.conftest import FLOW, HEAD
from tests.portal.conftest import jigajob

ANSWER = "    steps: [{id: a, uses: reply.draft, with: {text: x}}]\n"
TWICE = HEAD + FLOW + ANSWER + FLOW.replace("id: a", "id: b") + ANSWER


def _problem(folder: Path, line: str, column: int, **more: object) -> Problem:
    file = folder / "x.yaml"
    file.write_text(line + "\n", encoding="utf-8")
    return Problem(Place(str(file), 1, column), "what", "fix", "type", **more)  # type: ignore[arg-type]


def test_a_caret_stands_under_the_word(tmp_path: Path) -> None:
    problem = _problem(tmp_path, "    - mail.kind == 'complaint'", 7)
    (shown,) = rows([problem], "text")
    assert shown.splitlines()[1:] == [
        "    - mail.kind == 'complaint'",
        "      ^^^^^^^^^",
        "  fix: fix",
    ]


def test_a_long_line_is_cut_around_the_place(tmp_path: Path) -> None:
    problem = _problem(tmp_path, "a: " + "b" * 200 + " mail.kind " + "c" * 200, 205)
    _, line, caret, _ = next(rows([problem], "text")).splitlines()
    assert line[caret.index("^") :].startswith("mail.kind ")
    assert caret.count("^") == len("mail.kind")
    assert len(line) < 100


@pytest.mark.parametrize(
    ("line", "hidden"), [("a: {password: hunter2, host: 5}", False), ("name: Ann Lee", True)]
)
def test_what_may_be_a_secret_is_not_shown(tmp_path: Path, line: str, hidden: bool) -> None:
    """Nor a line of which the checks say that it may hold a name or an address."""
    problem = _problem(tmp_path, line, 1, hidden=hidden)
    for form in ("text", "json", "github"):
        (shown,) = rows([problem], form)
        assert "hunter2" not in shown
        assert "Ann Lee" not in shown


def test_an_editor_gets_a_range_in_its_own_units(tmp_path: Path) -> None:
    """From 0, in UTF-16 units: what stands outside the basic plane counts twice."""
    problem = _problem(tmp_path, "a: '\N{WRENCH}' + mail.kindd", 10)
    row = json.loads(next(rows([problem], "json")))
    assert row["range"] == {
        "start": {"line": 0, "character": 10},
        "end": {"line": 0, "character": 20},
    }
    assert (row["severity"], row["code"], row["source"]) == (1, "type", "jigajob")


def test_a_build_machine_gets_one_line_that_it_can_read(tmp_path: Path) -> None:
    problem = Problem(Place(str(tmp_path / "a,b:c.yaml"), 3, 2), "50% of\nit", "x", "type")
    (row,) = rows([problem], "github")
    assert row == (
        f"::error file={tmp_path}/a%2Cb%3Ac.yaml,line=3,col=2,endColumn=3,"
        "title=jigajob type::50%25 of%0Ait; fix: x"
    )


def test_a_place_in_no_file_is_shown_without_a_line(tmp_path: Path) -> None:
    problem = Problem(Place(str(tmp_path / "gone.yaml"), 3, 2), "what", "fix", "type")
    assert list(rows([problem], "text")) == [str(problem)]


def test_counts_are_in_words() -> None:
    place = Place("x", 1, 1)
    wrong, doubtful = Problem(place, "a", "b"), Problem(place, "a", "b", "unused", "warning")
    assert summary([wrong, wrong, doubtful]) == "2 errors and 1 warning"
    assert summary([doubtful, doubtful]) == "2 warnings"
    assert summary([]) == ""


def test_warnings_let_a_file_run_unless_told_otherwise(tmp_path: Path) -> None:
    """`validate` tells them and ends well; with `--strict` it does not."""
    (tmp_path / "flows.yaml").write_text(TWICE)
    loose = jigajob("validate", "--flows", tmp_path / "flows.yaml")
    strict = jigajob("validate", "--strict", "--flows", tmp_path / "flows.yaml")

    assert loose.returncode == 0
    assert "warning: step 'a' of flow 'a' (line 8) may answer the same mail" in loose.stderr
    assert "2 flows, 2 enabled; 1 warning" in loose.stdout
    assert strict.returncode == 1


def test_every_code_is_known() -> None:
    """Also those of all wrong files of the tests."""
    from tests.flows.language.test_bad_files import CASES

    seen = set()
    for case in CASES:
        try:
            found = [*check_text(case.text)]
        except FlowsFileError as error:
            found = [*error.problems]
        seen |= {(each.code, each.severity == "warning") for each in found}
    assert {code for code, _ in seen} <= CODES.keys()
    assert {code for code, warning in seen if warning} <= WARNINGS
    assert not {code for code, warning in seen if not warning} & WARNINGS
    assert "invalid" not in {code for code, _ in seen}


def check_text(text: str) -> tuple[Problem, ...]:
    from flows.language.load import checked

    return checked(text, Path("flows.yaml")).problems


def test_a_good_file_has_no_problems(tmp_path: Path) -> None:
    (tmp_path / "flows.yaml").write_text(HEAD + FLOW + ANSWER)
    assert check(tmp_path / "flows.yaml").problems == ()
