"""Files that a flows.yaml includes are one file with it, and each fault names its own file."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from flows.errors import FlowsFileError
from flows.language.load import load
from flows.language.schema import json_schema
from flows.language.spec import FlowsFile
from flows.language.yaml_reader import read
from tests.depth import times
from tests.flows.language.conftest import FLOW, HEAD, STEPS

TOP = HEAD.removesuffix("flows:\n")
PART = f"flows:\n{FLOW}{STEPS}"
Write = Callable[[dict[str, str]], None]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(files: dict[str, str]) -> None:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)

    return written


@pytest.fixture
def told_of(tmp_path: Path, write: Write) -> Callable[[dict[str, str]], str]:
    def told(files: dict[str, str]) -> str:
        write(files)
        with chdir(tmp_path), pytest.raises(FlowsFileError) as caught:
            load(Path("flows.yaml"))
        return str(caught.value)

    return told


def _loaded(tmp_path: Path) -> FlowsFile:
    return load(tmp_path / "flows.yaml")


def _flow(name: str) -> str:
    return (FLOW + STEPS).replace("id: a", f"id: {name}", 1)


def test_flows_of_all_files_are_one_list_in_the_order_of_include(
    tmp_path: Path, write: Write
) -> None:
    write(
        {
            "flows.yaml": f"{TOP}include: [b.yaml, more/*.yaml]\nflows:\n{_flow('main')}",
            "b.yaml": f"include: [deep/c.yaml]\nflows:\n{_flow('b')}",
            "deep/c.yaml": f"flows:\n{_flow('c')}",
            "more/2.yaml": f"flows:\n{_flow('two')}",
            "more/1.yaml": f"flows:\n{_flow('one')}",
            "more/.hidden.yaml": "not: [read",
        }
    )
    ids = [flow.id for flow in _loaded(tmp_path).flows]
    assert ids == ["main", "b", "c", "one", "two"]


def test_all_flows_may_stand_in_included_files(tmp_path: Path, write: Write) -> None:
    write({"flows.yaml": f"{TOP}include: [a.yaml]\n", "a.yaml": PART})
    assert [flow.id for flow in _loaded(tmp_path).flows] == ["a"]


@pytest.mark.parametrize("kind", ["a link to itself", "a link to nothing", "a pipe"])
def test_what_is_no_file_is_not_proposed_as_one(
    kind: str, tmp_path: Path, told_of: Callable[[dict[str, str]], str]
) -> None:
    place = tmp_path / "a.yaml"
    if kind == "a pipe":
        os.mkfifo(place)
    else:
        place.symlink_to("a.yaml" if kind == "a link to itself" else "b.yaml")
    said = told_of({"flows.yaml": f"{TOP}include: [a.yaml]\n{PART}"})
    assert said == (
        "flows.yaml:4:11: 'a.yaml' is a link that leads nowhere, or no ordinary file\n"
        "  fix: put the file itself there"
    )


def test_a_file_that_is_included_twice_counts_once(tmp_path: Path, write: Write) -> None:
    write(
        {
            "flows.yaml": f"{TOP}include: ['*.yaml', shared/blocks.yaml, x.yaml]\n",
            "x.yaml": f"include: [shared/blocks.yaml]\n{PART}",
            "shared/blocks.yaml": "blocks: {b: {steps: [{id: s, uses: job.open, "
            "with: {title: x}}]}}\n",
        }
    )
    assert list(_loaded(tmp_path).blocks) == ["b"]


CASES = {
    "a file that is not there": (
        {
            "flows.yaml": f"{TOP}include: [shared/bloks.yaml]\n{PART}",
            "shared/blocks.yaml": "{}",
        },
        "flows.yaml:4:11: there is no file 'shared/bloks.yaml'\n"
        "  fix: did you mean 'shared/blocks.yaml'? correct the path, or write it",
    ),
    "a pattern that nothing fits": (
        {"flows.yaml": f"{TOP}include: ['parts/*.yaml']\n{PART}"},
        "flows.yaml:4:11: no file fits 'parts/*.yaml'\n  fix: correct the path, or remove it",
    ),
    "all folders at once": (
        {"flows.yaml": f"{TOP}include: ['**/*.yaml']\n{PART}"},
        "flows.yaml:4:11: '**' does not stand for folders here\n"
        "  fix: name each one: flows/*.yaml",
    ),
    "files that include each other": (
        {
            "flows.yaml": f"{TOP}include: [a.yaml]\n{PART}",
            "a.yaml": "include: [b.yaml]\n",
            "b.yaml": "include: [a.yaml]\n",
        },
        "b.yaml:1:11: 'a.yaml' includes the file that it is included by\n"
        "  fix: remove one of the two",
    ),
    "a key that belongs into flows.yaml": (
        {"flows.yaml": f"{TOP}include: [a.yaml]\n{PART}", "a.yaml": "sources: {}\n"},
        "a.yaml:1:1: 'sources' is not a key of an included file\n"
        "  fix: move it to flows.yaml, or use include, flows, data, blocks",
    ),
    "a list": (
        {"flows.yaml": f"{TOP}include: [a.yaml]\n{PART}", "a.yaml": "- id: b\n"},
        "a.yaml:1:1: an included file must be a mapping, not a list\n"
        "  fix: write one or more of include, flows, data, blocks",
    ),
    "flows that are no list": (
        {"flows.yaml": f"{TOP}include: [a.yaml]\n{PART}", "a.yaml": "flows: {b: 1}\n"},
        "a.yaml:1:8: 'flows' must be a list, not a mapping\n"
        "  fix: write a list, or remove the line",
    ),
    "a flow's id that another file has": (
        {"flows.yaml": f"{TOP}include: [p/a.yaml]\n{PART}", "p/a.yaml": f"\n{PART}"},
        "p/a.yaml:3:9: another flow has the id 'a'\n"
        "  fix: choose another one; the first is in flows.yaml:6",
    ),
    "a block's name that another file has": (
        {
            "flows.yaml": f"{TOP}include: [a.yaml, b.yaml]\n{PART}",
            "a.yaml": "blocks: {x: {steps: [{id: s, uses: job.open, with: {title: x}}]}}\n",
            "b.yaml": "blocks: {x: {steps: [{id: s, uses: job.open, with: {title: x}}]}}\n",
        },
        "b.yaml:1:10: another block has the name 'x'\n"
        "  fix: choose another one; the first is in a.yaml:1",
    ),
    "a fault in a template of a step": (
        {
            "flows.yaml": f"{TOP}include: [p/a.yaml]\n",
            "p/a.yaml": PART.replace("title: x", 'title: "{{ mail.sbject }}"'),
        },
        "p/a.yaml:5:57: there is no 'mail.sbject'\n"
        "  fix: did you mean 'mail.subject'? use one of mail.attachments, mail.automatic,"
        " mail.folder, mail.has_attachments, mail.kind, mail.new_text, mail.received_at,"
        " mail.sender, mail.sent_at, mail.source, mail.subject, mail.text, mail.to",
    ),
    "a misspelt key of a flow": (
        {"flows.yaml": f"{TOP}include: [a.yaml]\n", "a.yaml": PART.replace("name:", "nme:")},
        "a.yaml:3:5: 'nme' is not a key of a flow\n  fix: did you mean 'name'? use one of",
    ),
}


@pytest.mark.parametrize(("files", "expected"), CASES.values(), ids=CASES)
def test_the_operator_is_told_in_which_file(
    files: dict[str, str], expected: str, told_of: Callable[[dict[str, str]], str]
) -> None:
    assert told_of(files).startswith(expected)


@pytest.mark.parametrize(
    "path",
    [
        "../x.yaml",
        "/etc/passwd",
        "a/../../x.yaml",
        "~/x.yaml",
        "c:x.yaml",
        'a\\b.yaml"',
        "x\\0y",
    ],
)
def test_no_path_leaves_the_folder(
    path: str, told_of: Callable[[dict[str, str]], str], tmp_path: Path
) -> None:
    (tmp_path.parent / "x.yaml").write_text("blocks: {}")
    told = told_of({"flows.yaml": f"{TOP}include: ['{path}']\n{PART}"})
    assert "is not a path below this file's folder" in told


@pytest.mark.parametrize(
    ("pattern", "file"),
    [("link.yaml", ""), ("*.yaml", " by 'link.yaml'"), ("sub/*.yaml", " by 'sub/x.yaml'")],
)
def test_no_link_leaves_the_folder(
    pattern: str, file: str, told_of: Callable[[dict[str, str]], str], tmp_path: Path
) -> None:
    outside = tmp_path.parent / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "x.yaml").write_text("blocks: {secret: {}}")
    (tmp_path / "link.yaml").symlink_to(outside / "x.yaml")
    (tmp_path / "sub").symlink_to(outside)
    told = told_of({"flows.yaml": f"{TOP}include: ['{pattern}']\n{PART}"})
    assert f"leads out of this file's folder{file}\n" in told
    assert "secret" not in told


def test_an_empty_included_file_is_told_what_belongs_into_it(
    told_of: Callable[[dict[str, str]], str],
) -> None:
    told = told_of(
        {"flows.yaml": f"{TOP}include: [part.yaml]\n{PART}", "part.yaml": "# soon\n"}
    )
    assert "part.yaml:1:1: the file is empty\n  fix: write one or more of include" in told
    assert "jigajob init" not in told


def test_an_included_file_includes_only_what_is_below_itself(
    told_of: Callable[[dict[str, str]], str],
) -> None:
    files = {"flows.yaml": f"{TOP}include: [p/a.yaml]\n{PART}", "top.yaml": "{}"}
    told = told_of({**files, "p/a.yaml": "include: [../top.yaml]\n"})
    assert told.startswith("p/a.yaml:1:11: '../top.yaml' is not a path below")


def test_no_chain_is_endless(told_of: Callable[[dict[str, str]], str]) -> None:
    chain = {f"{n}.yaml": f"include: [{n + 1}.yaml]\n" for n in range(9)}
    told = told_of({"flows.yaml": f"{TOP}include: [0.yaml]\n{PART}", **chain})
    assert told == (
        "3.yaml:1:11: files include each other more than 5 deep\n"
        "  fix: include the file further up"
    )


def test_what_is_included_is_bounded(told_of: Callable[[dict[str, str]], str]) -> None:
    started = time.process_time()
    many = {f"p/{n}.yaml": f"# {'x' * 900_000}\ninclude: []\n" for n in range(12)}
    told = told_of({"flows.yaml": f"{TOP}include: ['p/*.yaml']\n{PART}", **many})
    assert "5,000,000 characters are included" in told
    assert time.process_time() - started < 5


def test_every_file_that_cannot_be_read_is_told_at_once(
    told_of: Callable[[dict[str, str]], str],
) -> None:
    files = {"a.yaml": "blocks: [x\n", "b.yaml": "blocks: {\n", "c.yaml": "x: &a [*a]\n"}
    told = told_of({"flows.yaml": f"{TOP}include: ['?.yaml']\n{PART}", **files})
    assert [line.partition(":")[0] for line in told.splitlines()[::2]] == list(files)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_is_closed_to_us_is_told(
    told_of: Callable[[dict[str, str]], str], write: Write, tmp_path: Path
) -> None:
    write({"a.yaml": PART})
    (tmp_path / "a.yaml").chmod(0)
    told = told_of({"flows.yaml": f"{TOP}include: [a.yaml]\n{PART}"})
    assert "a.yaml cannot be read" in told


def test_a_folder_of_that_name_is_no_file(told_of: Callable[[dict[str, str]], str]) -> None:
    files = {"flows.yaml": f"{TOP}include: [p.yaml]\n{PART}", "p.yaml/x": ""}
    assert "'p.yaml' is a folder" in told_of(files)


def test_editors_have_a_schema_for_parts() -> None:
    schema = json_schema(part=True)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert validator.is_valid(read(PART, "x").data)
    assert validator.is_valid({})
    assert not validator.is_valid(read(TOP + PART, "x").data)


NAMES = st.sampled_from(["a.yaml", "b.yaml", "p/c.yaml", "p/d.yaml", "flows.yaml"])
PATHS = NAMES | st.sampled_from(
    ["*.yaml", "p/*", "../a.yaml", "?.yaml", "", "**", "p", "c.yaml"]
)
TEXTS = st.sampled_from(
    [PART, "blocks: {}\n", "data: {x: 1}\n", "flows: 3\n", "- x\n", "a: [\n", ""]
)


@settings(
    max_examples=times(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.dictionaries(NAMES, st.tuples(st.lists(PATHS, max_size=4), TEXTS), max_size=5),
    st.lists(PATHS, max_size=4),
)
def test_any_files_that_include_any_others(
    tmp_path: Path, files: dict[str, tuple[list[str], str]], first: list[str]
) -> None:
    """Whatever includes whatever: a flows file, or errors that name files which are there."""
    for name in ("a.yaml", "b.yaml", "p/c.yaml", "p/d.yaml"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "p").mkdir(exist_ok=True)
    for name, (paths, text) in files.items():
        (tmp_path / name).write_text(f"include: {paths}\n{text}")
    (tmp_path / "flows.yaml").write_text(f"{TOP}include: {first}\n{PART}")
    started = time.process_time()
    with chdir(tmp_path):
        try:
            assert isinstance(load(Path("flows.yaml")), FlowsFile)
        except FlowsFileError as error:
            for problem in error.problems:
                assert (tmp_path / problem.where.file).is_file()
                assert problem.fix
    assert time.process_time() - started < 5
