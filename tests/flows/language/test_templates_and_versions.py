"""Template files are found, checked and held inside the folder; versions follow the work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from flows.errors import OperatorError
from flows.language.grammar import FILTER_NAMES
from flows.language.load import load, parse
from flows.language.spec import FlowSpec
from flows.language.templates import read_templates, template_names
from flows.language.versions import flow_version
from tests.flows.language.conftest import FLOW, HEAD

TEXT = (
    HEAD
    + FLOW
    + "    steps: [{id: answer, uses: reply.draft, with: {template: confirm.txt.j2}}]\n"
)
ESCAPE = "../secret.txt"


@pytest.mark.parametrize("place", ["confirm.txt.j2", "templates/confirm.txt.j2"])
def test_a_template_lies_beside_the_file_or_in_templates(tmp_path: Path, place: str) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / place).write_text("Hello {{ business.name }}")
    (tmp_path / "flows.yaml").write_text(TEXT)
    file = load(tmp_path / "flows.yaml")
    templates = read_templates(tmp_path / "flows.yaml", file)
    assert templates == {"confirm.txt.j2": "Hello {{ business.name }}"}


def test_problems_in_a_template_have_their_place_in_it(
    tmp_path: Path, told: Callable[[str], str]
) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "confirm.txt.j2").write_text(
        "Hello,\r\n\r\nwe open {{ steps.job.id }}\r\nand {{ mail.subject | uper }}.\r\n"
    )
    assert told(TEXT) == (
        "templates/confirm.txt.j2:3:12: there is no 'steps.job'\n"
        "  fix: no step runs before this one\n"
        "templates/confirm.txt.j2:4:23: 'uper' is not a filter\n"
        "  fix: did you mean 'upper'? use one of " + ", ".join(sorted(FILTER_NAMES))
    )


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "/etc/passwd",
        "templates/../../secret.txt",
        "C:secret",
        "a\\\\b",
        "link.j2",
    ],
)
def test_no_template_leaves_the_folder(
    tmp_path: Path, told: Callable[[str], str], name: str
) -> None:
    (tmp_path.parent / "secret.txt").write_text("secret")
    (tmp_path / "link.j2").symlink_to(tmp_path.parent / "secret.txt")
    problem = told(TEXT.replace("confirm.txt.j2", f'"{name}"'))
    assert "lies outside the folder" in problem or "is not the name of a template" in problem


def test_a_template_that_is_no_text_is_told(tmp_path: Path, told: Callable[[str], str]) -> None:
    (tmp_path / "confirm.txt.j2").write_bytes(b"\xff\xfe")
    assert "'confirm.txt.j2' is not UTF-8 text" in told(TEXT)
    (tmp_path / "confirm.txt.j2").write_bytes(b"x" * 256_001)
    assert "'confirm.txt.j2' is larger than 256 kB" in told(TEXT)


def test_a_misspelt_template_is_told_its_neighbour(
    tmp_path: Path, told: Callable[[str], str]
) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "confrm.txt.j2").write_text("x")
    (tmp_path / "templates" / "quote.txt.j2").write_text("x")
    assert "did you mean 'confrm.txt.j2'? use one of confrm.txt.j2, quote.txt.j2" in told(TEXT)


def test_a_template_that_goes_away_later_is_told(tmp_path: Path) -> None:
    (tmp_path / "confirm.txt.j2").write_text("x")
    (tmp_path / "flows.yaml").write_text(TEXT)
    file = load(tmp_path / "flows.yaml")
    (tmp_path / "confirm.txt.j2").unlink()
    with pytest.raises(OperatorError, match=r"there is no template 'confirm\.txt\.j2'"):
        read_templates(tmp_path / "flows.yaml", file)


STEPS = """\
    conditions: [mail.kind == 'spam']
    steps:
      - {id: row, uses: row.append, with: {table: t, columns: {a: x, b: y}}}
      - {id: tell, uses: notify, if: mail.subject, with: {text: Hello}, approve: owner}
"""


def _flow(text: str) -> FlowSpec:
    return parse(HEAD + text, Path("flows.yaml")).flows[0]


def test_the_version_stays_while_the_work_is_the_same() -> None:
    flow = _flow(FLOW + STEPS)
    version = flow_version(flow, {}, {})
    assert len(version) == 12
    assert version == "80c743c66e45"  # stable from release to release: output ids hang on it
    same = [
        FLOW.replace("name: A", "name: Another name") + STEPS,
        FLOW + "    description: why\n    enabled: false\n    retention: 1y\n" + STEPS,
        FLOW + "    # a comment\n    keep: []\n" + STEPS,
        FLOW + STEPS.replace("[mail.kind == 'spam']", "\n      - mail.kind == 'spam'"),
    ]
    assert {flow_version(_flow(text), {"other.j2": "x"}, {}) for text in same} == {version}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id: a\n", "id: b\n"),
        ("{mail: office}", "{mail: office}, {mail: office}"),
        ("spam", "complaint"),
        ("    steps:", "    keep: [customer.name]\n    steps:"),
        ("{a: x, b: y}", "{b: y, a: x}"),  # the order of a row's columns
        ("    steps:", "    concurrency: thread\n    steps:"),
        ("if: mail.subject", "foreach: mail.attachments"),
        ("if: mail.subject", "retry: {attempts: 3}"),
        ("if: mail.subject", "timeout: 90s"),
        ("if: mail.subject", "on_error: continue"),
        ("approve: owner", "approve: {by: owner, within: 2d}"),
        ("{a: x, b: y}", "{a: x, b: z}"),
        ("id: tell", "id: told"),
        ("text: Hello", "text: Hallo"),
        (", approve: owner", ""),
        ("if: mail.subject, ", ""),
    ],
)
def test_the_version_changes_with_the_work(old: str, new: str) -> None:
    text = FLOW + STEPS
    assert old in text
    assert flow_version(_flow(text), {}, {}) != flow_version(
        _flow(text.replace(old, new, 1)), {}, {}
    )


def test_the_version_changes_with_the_text_of_its_templates(tmp_path: Path) -> None:
    (tmp_path / "confirm.txt.j2").write_text("x")
    flow = parse(TEXT, tmp_path / "flows.yaml").flows[0]
    assert template_names(flow) == ("confirm.txt.j2",)
    versions = {
        flow_version(flow, {"confirm.txt.j2": "Hello\n"}, {}),
        flow_version(flow, {"confirm.txt.j2": "Hello\r\n"}, {}),
        flow_version(flow, {"confirm.txt.j2": "Hello\n", "other.j2": "x"}, {}),
    }
    assert len(versions) == 1
    assert flow_version(flow, {"confirm.txt.j2": "Hallo\n"}, {}) not in versions
