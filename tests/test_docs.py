"""What README and docs say is so: the flows validate, the commands print what is shown."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
import typer.main
import yaml
from typer.core import TyperCommand, TyperGroup

from anonymizer.text.fields import FIELDS
from flows.cases.load import check_sources, load_cases
from flows.language.kinds import Group
from flows.language.load import load
from flows.language.vocabulary import condition_scope
from portal.cli import reference
from portal.cli.program import app
from tests.console import Session
from tests.flows.steps_alone import around

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
README = ROOT / "README.md"
AT_ONCE = ("cd ", "mkdir ", "sed ", "jigajob init", "jigajob validate", "jigajob schema")
"""Beginnings of commands that need neither a model nor a server."""


@dataclass(frozen=True)
class Block:
    """One fenced block of a page; `line` is where its fence opens."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path, language: str) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = re.finditer(r"^```(\w+)[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    made = [Block(page, text.count("\n", 0, m.start()) + 1, m[1], m[2]) for m in found]
    return [block for block in made if block.language == language]


def whole(fragment: str) -> str:
    """A flows file around a fragment that shows its flows or its sources alone."""
    content = yaml.safe_load(fragment)
    head = 'version: 1\nbusiness: {id: docs, name: Docs, industry: "238220", '
    head += "region: US-NY, time_zone: America/New_York}\n"
    if "flows" in content and "version" not in content:
        office = "sources: {office: {uses: folder, path: mail}}\n"
        return f"{head}{'' if 'sources' in content else office}{fragment}"
    if set(content) == {"steps"}:
        return around(fragment)
    if set(content) == {"sources"}:
        movements = ("bank", "stripe", "business_central", "workbook")  # all others give mail
        kinds = {**dict.fromkeys(movements, "transaction"), "webhook": "webhook"}
        triggers = [
            {kinds.get(s["uses"], "mail"): name}
            for name, s in content["sources"].items()
            if s["uses"] != "workbook" or "columns" in s  # else it only takes rows
        ]
        steps = [{"id": "tell", "uses": "notify", "with": {"text": "Something came in."}}]
        flow = {"id": "all", "name": "All", "triggers": triggers, "steps": steps}
        return f"{head}{fragment}{yaml.safe_dump({'flows': [flow]})}"
    return fragment


SHOWN = [
    block
    for page in PAGES
    for block in blocks(page, "yaml")
    # A list shows labelled mails: tests/anonymizer/text/test_gold.py reads those.
    if not block.text.startswith("- ")
]
CASES = [block for block in SHOWN if "cases" in yaml.safe_load(block.text)]
FLOWS = [block for block in SHOWN if block not in CASES]


@pytest.mark.parametrize("block", FLOWS, ids=str)
def test_flows_that_are_shown_validate(block: Block, tmp_path: Path) -> None:
    """Who copies a flow from the documents gets no error."""
    file = tmp_path / "flows.yaml"
    file.write_text(whole(block.text), encoding="utf-8")
    assert load(file).flows


@pytest.mark.parametrize("block", CASES, ids=str)
def test_cases_that_are_shown_fit_the_example(block: Block, tmp_path: Path) -> None:
    """Who copies a file of cases beside the example of the checkout gets no error."""
    file = tmp_path / "flows.test.yaml"
    file.write_text(block.text, encoding="utf-8")
    cases = load_cases(file)
    assert cases.file.cases
    check_sources(cases, load(ROOT / "flows.yaml"))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A shell in a copy of what a person sees of a checkout that has been set up."""
    checkout = tmp_path / "jigajob"
    shutil.copytree(ROOT / "tests" / "mails", checkout / "tests" / "mails")
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "flows.yaml"):
        shutil.copy(ROOT / name, checkout / name)
    commands = checkout / ".venv" / "bin"
    commands.mkdir(parents=True)
    (commands / "jigajob").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "from portal.cli import main; main()" "$@"\n'
    )
    (commands / "jigajob").chmod(0o755)
    (checkout / ".venv" / ".ready").touch()
    ours = ("JIGAJOB_", "PREFECT_", "MAKE")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    environment |= {"PATH": f"{commands}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    return Session(checkout, environment)


def console_of_readme() -> Iterator[tuple[Block, list[tuple[str, str]]]]:
    """Each block with its commands and what they print."""
    for block in blocks(README, "console"):
        parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
        assert parts[0] == "", f"{block} begins with no command"
        yield block, [(p.partition("\n")[0], p.partition("\n")[2]) for p in parts[1:]]


def test_commands_that_answer_at_once_print_what_the_readme_shows(session: Session) -> None:
    """`init` and `validate`, with the very errors that are shown."""
    ran = 0
    for block, commands in console_of_readme():
        if all(command.startswith(AT_ONCE) for command, _ in commands):
            for command, shown in commands:
                session.check(command, shown, where=str(block))
                ran += 1
    assert ran >= 4


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_all_commands_print_what_the_readme_shows(session: Session) -> None:
    """The whole README, typed from top to bottom in a fresh checkout."""
    for block, commands in console_of_readme():
        for command, shown in commands:
            # Counts of the example move with the cleaner; its sentences do not.
            session.check(command, shown, where=str(block), counts=command != "make demo")


def test_generated_pages_are_fresh() -> None:
    """`make docs` would change nothing."""
    assert reference.stale() == []


def test_stale_pages_are_noticed(tmp_path: Path) -> None:
    """A page that is changed by hand, or missing, is named."""
    (tmp_path / "docs").mkdir()
    shutil.copy(README, tmp_path / "README.md")
    shutil.copy(ROOT / "docs/flows.md", tmp_path / "docs/flows.md")
    (tmp_path / "docs/cli.md").write_text("by hand", encoding="utf-8")
    assert reference.stale(tmp_path) == [Path("docs/cli.md")]
    (tmp_path / "docs/cli.md").unlink()
    assert reference.stale(tmp_path) == [Path("docs/cli.md")]


def commands_below(
    command: object, context: typer.Context
) -> Iterator[tuple[TyperCommand | TyperGroup, typer.Context]]:
    assert isinstance(command, TyperCommand | TyperGroup)
    yield command, context
    for name, each in getattr(command, "commands", {}).items():
        below = typer.Context(each, info_name=name, parent=context)
        yield from commands_below(each, below)


PROGRAM = typer.main.get_group(app)
COMMANDS = list(commands_below(PROGRAM, typer.Context(PROGRAM, info_name="jigajob")))


@pytest.mark.parametrize(
    ("command", "context"), COMMANDS, ids=[context.command_path for _, context in COMMANDS]
)
def test_every_command_says_what_it_does_in_one_line(
    command: TyperCommand | TyperGroup, context: typer.Context
) -> None:
    """Help, a first line that no list of commands cuts, and words for each option."""
    page = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    assert re.search(rf"^#+ {context.command_path}$", page, re.MULTILINE)
    sentence = " ".join((command.help or "").partition("\n\n")[0].split())
    assert sentence.endswith(".")
    assert context.parent is None or len(sentence) <= 60
    for param in command.get_params(context):
        record = param.get_help_record(context)
        assert record is not None
        assert re.sub(r"\s*\[.*\]$", "", record[1]), f"{record[0]} says nothing"


def test_help_shows_every_command_uncut() -> None:
    """On a terminal of 80 columns."""
    shown = subprocess.run(
        [sys.executable, "-c", "from portal.cli import main; main()", "--help"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    listed = shown.partition("Commands:\n")[2].splitlines()
    assert len(listed) == len(PROGRAM.commands)
    assert [line for line in listed if not line.endswith(".") or "..." in line] == []


def slug(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def sections(page: Path) -> set[str]:
    text = page.read_text(encoding="utf-8")
    return {slug(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link, and every section of ours that a link names."""
    text = page.read_text(encoding="utf-8")
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, section = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (section and section not in sections(there)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_that_are_named_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = re.findall(r"(?:`|^\$ |^    )make ([a-z]+)", page.read_text(), re.MULTILINE)
    assert set(named) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    """What a document says to look at, in code style, is there to be looked at."""
    rooms = "anonymizer|connectors|deploy|docs|flows|portal|templates|tests"
    named = re.findall(rf"`((?:{rooms})/[\w./-]*)", page.read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


def leaves(group: Group) -> Iterator[str]:
    for name, tree in group.names.items():
        if isinstance(tree, Group):
            yield from (f"{name}.{leaf}" for leaf in leaves(tree))
        else:
            yield name


def test_the_readme_names_all_that_conditions_can_ask() -> None:
    scope = condition_scope((), {}, fields=FIELDS).names.names
    mail, transaction = scope["mail"], scope["transaction"]
    assert isinstance(mail, Group)
    assert isinstance(transaction, Group)
    text = README.read_text(encoding="utf-8")
    unnamed = [
        name
        for name in {*leaves(mail), *leaves(transaction)}
        if not re.search(rf"`(mail\.|transaction\.)?{re.escape(name)}`", text)
    ]
    assert unnamed == []


def test_the_readme_names_every_setting_of_the_environment() -> None:
    code = (ROOT / "portal/settings.py").read_text(encoding="utf-8")
    read = re.findall(r'environ\.get\("(\w+)"', code)
    assert len(read) >= 3
    assert [name for name in read if f"`{name}`" not in README.read_text("utf-8")] == []


def test_the_readme_is_short() -> None:
    assert README.read_text(encoding="utf-8").count("\n") <= 280
