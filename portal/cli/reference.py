"""Writes the generated pages: `docs/cli.md`, `docs/flows.md` and the steps in the README.

`make docs` writes them, `make check` says which are stale. They follow from the commands,
from the models of the language and from the registry of steps, so they cannot drift.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from anonymizer.text.fields import KEEP_FIELDS
from flows.steps.registry import STEPS
from portal.cli import reference_language
from portal.cli.markdown import table
from portal.cli.program import app

Command = TyperCommand | TyperGroup

ROOT: Final = Path(__file__).resolve().parents[2]
_OURS: Final = "`make docs` writes this page; do not edit it."
_KEEP: Final = """\
## What a flow may `keep`

All else that is personal is taken out of a mail before it is stored.
"""
_ENDINGS: Final = """\
## How a command ends

| code | meaning |
| --- | --- |
| 0 | done |
| 1 | your file, your data or your id is wrong; the message says what to change |
| 2 | the command was called in a way that it does not know |
| 3 | the machine or the outside world failed; the message says what to do |
| 130 | stopped by Ctrl-C; what was done stays done, run again to go on |

A message goes to standard error. It says what happened, where, and after `fix:` what to do.
It never quotes mail.
"""


def pages() -> dict[Path, str]:
    """Return the whole text of each generated page, by its path from the root."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return {
        Path("README.md"): _filled(readme, {"steps": _steps()}),
        Path("docs/cli.md"): _command_line(),
        Path("docs/flows.md"): f"{reference_language.page(_OURS)}\n{_KEEP}\n{_keep()}",
    }


def stale(root: Path = ROOT) -> list[Path]:
    """Return the pages below *root* that are not what `make docs` would write."""
    return [
        path
        for path, text in pages().items()
        if not (root / path).is_file() or (root / path).read_text(encoding="utf-8") != text
    ]


def main(arguments: Sequence[str]) -> int:
    """Write the pages; with `--check`, only say which are stale. Return the exit code."""
    old = stale()
    if "--check" in arguments:
        for path in old:
            typer.echo(f"{path} is stale\n  fix: make docs", err=True)
        return 1 if old else 0
    texts = pages()
    for path in old:
        (ROOT / path).parent.mkdir(exist_ok=True)
        (ROOT / path).write_text(texts[path], encoding="utf-8")
        typer.echo(f"wrote {path}")
    return 0


def _filled(text: str, parts: dict[str, str]) -> str:
    """Return *text* with each part between its markers, `<!-- begin steps … -->`."""
    for name, part in parts.items():
        pattern = rf"(<!-- begin {name}\b[^>]*-->\n).*?(<!-- end {name} -->)"
        text, found = re.subn(pattern, rf"\g<1>{part}\g<2>", text, count=1, flags=re.DOTALL)
        if not found:
            raise SystemExit(f"README.md has no place for {name}: <!-- begin {name} -->")
    return text


def _steps() -> str:
    runs_on = reference_language.runs_on
    rows = ((f"`{s.uses}`", s.summary, runs_on(s, " or ")) for s in STEPS.values())
    return table(("step", "what it does", "runs on"), rows)


def _keep() -> str:
    return table(("field", "what is kept"), ((f"`{f.name}`", f.summary) for f in KEEP_FIELDS))


def _command_line() -> str:
    root = typer.main.get_group(app)
    top = typer.Context(root, info_name="jigajob", help_option_names=["-h", "--help"])
    parts = [f"# The command line\n\n{_OURS}\n"]
    for command, context in _commands(root, top):
        parts += _described(command, context)
    return "\n".join([*parts, _ENDINGS])


def _commands(
    command: Command, context: typer.Context
) -> Iterator[tuple[Command, typer.Context]]:
    yield command, context
    for name, each in _below(command).items():
        yield from _commands(each, typer.Context(each, info_name=name, parent=context))


def _below(command: Command) -> dict[str, Command]:
    found = command.commands if isinstance(command, TyperGroup) else {}
    return {name: each for name, each in found.items() if isinstance(each, Command)}


def _described(command: Command, context: typer.Context) -> Iterator[str]:
    words = context.command_path
    usage = " ".join([words, *command.collect_usage_pieces(context)])
    yield f"{'#' * (2 + words.count(' '))} {words}\n"
    yield f"```text\n{_plain(usage)}\n```\n"
    yield f"{_paragraphs(command.help or '')}\n"
    if below := _below(command):
        links = {
            f"{words} {name}": each.get_short_help_str(200) for name, each in below.items()
        }
        linked = (
            (f"[{name}](#{name.replace(' ', '-')})", does) for name, does in links.items()
        )
        yield table(("command", "what it does"), linked)
    records = (param.get_help_record(context) for param in command.get_params(context))
    rows = [(f"`{_plain(left)}`", right) for left, right in filter(None, records)]
    yield table(("argument or option", "meaning"), rows)


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _plain(usage: str) -> str:
    """Return usage as manuals write it: `ID...`, not `{ID...}...`."""
    usage = re.sub(r"\{(\w+)((?:\.\.\.)?)\}(?:\.\.\.)?", r"\1\2", usage)
    usage = re.sub(r"(\w+)\.\.\. <", r"\1 <", usage)
    return re.sub(r"<(?:list\[)?str\]?>", "<text>", usage).replace("<list[Path]>", "<path>")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
