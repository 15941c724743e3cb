"""What docs/audit.md tells an outsider to do, done: its program, on an export of ours."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.audit import ACTIONS
from portal.auditing import export_to
from tests.flows.audit.logs import opened, written

PAGE = Path(__file__).resolve().parents[2] / "docs" / "audit.md"
Lines = list[dict[str, Any]]


@pytest.fixture
async def exported(tmp_path: Path) -> tuple[Path, str]:
    """The lines of an export, and the key that the business tells."""
    await written(tmp_path / "home", [1, 3, 2])
    async with opened(tmp_path / "home") as it:
        await export_to(it.log, tmp_path / "audit.jsonl", lambda _: None)
        return tmp_path / "audit.jsonl", await it.log.key()


def verified(path: Path, key: str, *kept: str) -> subprocess.CompletedProcess[str]:
    (program,) = re.findall(
        r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL
    )
    command = [sys.executable, "-c", program, str(path), key, *kept]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_program_of_the_page_verifies_an_export(exported: tuple[Path, str]) -> None:
    path, key = exported
    done = verified(path, key)
    assert (done.returncode, done.stdout) == (0, "6 entries, nothing was changed\n"), (
        done.stderr
    )


def edited(lines: Lines) -> None:
    lines[2]["entry"] = lines[2]["entry"].replace("command show", "command hide")


def removed(lines: Lines) -> None:
    del lines[2]


def moved(lines: Lines) -> None:
    lines[2], lines[3] = lines[3], lines[2]


def unsigned(lines: Lines) -> None:
    lines[4]["signature"] = lines[1]["signature"]


def other_details(lines: Lines) -> None:
    lines[3]["payload"] = lines[3]["payload"].replace("carla", "wanda")


def cut(lines: Lines) -> None:
    lines[:] = [each for each in lines if "root" not in each][:-1]


def cut_to_a_signature(lines: Lines) -> None:
    lines[5:7] = []


CHANGES: list[tuple[Callable[[Lines], None], str]] = [
    (edited, "entry 2 does not follow the one before it"),
    (removed, "entry 2 is missing or moved"),
    (moved, "entry 2 is missing or moved"),
    (unsigned, "entry 4 is not signed by this key"),
    (other_details, "the details of entry 3 are others"),
    (cut, "the end is cut off"),
    (cut_to_a_signature, "entry 6 is not the one of its root"),
]


@pytest.mark.parametrize(("change", "said"), CHANGES)
def test_the_program_of_the_page_finds_what_was_changed(
    exported: tuple[Path, str], change: Callable[[Lines], None], said: str
) -> None:
    path, key = exported
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    change(lines)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = verified(path, key)
    assert done.returncode == 1, done.stderr
    assert said in done.stdout


def test_the_program_of_the_page_takes_a_kept_root(exported: tuple[Path, str]) -> None:
    path, key = exported
    assert verified(path, key, f"7:{'0' * 64}").returncode == 1
    assert verified(path, "0" * 63 + "1").returncode == 1


def test_the_page_names_every_action() -> None:
    named = set(re.findall(r"`(\w+\.\w+)`", PAGE.read_text()))
    assert set(ACTIONS) <= named
