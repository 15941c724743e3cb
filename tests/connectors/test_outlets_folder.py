"""A file goes below its folder and over nobody's, whatever its name; a crash tears nothing."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.outlet_files import FolderFiles
from connectors.outlet_files import folder as module
from connectors.outlet_files.folder import WRITTEN
from flows.errors import AdministratorError, OperatorError
from flows.safe_names import folder_fault, is_safe, safe_name
from tests.contract.outlet import output

FILE = output("file.write", 1, {"folder": "jobs", "name": "J-1.txt", "text": "Agreed."})

NAMES = (
    "../../etc/passwd", "/etc/passwd", "..", ".", "...", " ", "", "a/b", "a\\b", "C:\\x.txt",
    "C:x", "con", "CON.txt", "nul.txt", "Lpt1", "com¹.txt", "aux.md", "a\x00b.txt", "a\nb.txt",
    "a.txt.", "a.txt ", "a.txt:stream", "a.exe", "run.bat", "x.lnk", "~$x", ".bashrc", "-rf",
    "*?.txt", "x" * 5000, "\u202etxt.exe", "e\u0301.txt", "\ud800.txt", "🧰" * 90, "a.html",
)  # fmt: skip
FOLDERS = (
    "..", "../x", "/x", "a/../b", "a//b", "./a", "a/", ".hidden", "con/a", "a\\b", "C:",
    "a\x00", "a/b/c/d/e/f/g", "a. /b",
)  # fmt: skip


def files(folder: Path) -> list[str]:
    """Return what lies below *folder*, but for our own list."""
    found = (each for each in folder.rglob("*") if not each.is_dir())
    return sorted(str(each.relative_to(folder)) for each in found if each.name != WRITTEN)


@pytest.mark.parametrize("name", NAMES)
async def test_any_text_becomes_one_name_in_the_folder(tmp_path: Path, name: str) -> None:
    """Of a kind that is shown and never run, for every system."""
    made = safe_name(name)
    assert is_safe(made)
    assert made.endswith((".txt", ".md", ".json"))
    given = replace(FILE, body={**FILE.body, "name": made})
    await FolderFiles("papers", tmp_path / "papers").deliver(given)
    assert files(tmp_path) == [f"papers/jobs/{made}"]


@pytest.mark.parametrize("name", [each for each in NAMES if safe_name(each) != each])
async def test_an_output_with_an_unsafe_name_is_refused(tmp_path: Path, name: str) -> None:
    """The outlet does not lean on the step."""
    given = replace(FILE, body={**FILE.body, "name": name})
    with pytest.raises(OperatorError):
        await FolderFiles("papers", tmp_path / "papers").deliver(given)
    assert files(tmp_path) == []


@pytest.mark.parametrize("folder", FOLDERS)
async def test_a_folder_elsewhere_is_refused(tmp_path: Path, folder: str) -> None:
    assert folder_fault(folder)
    given = replace(FILE, body={**FILE.body, "folder": folder})
    with pytest.raises(OperatorError):
        await FolderFiles("papers", tmp_path / "papers").deliver(given)
    assert files(tmp_path) == []


async def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    """Neither one in the place of a folder nor one in the place of the file."""
    (tmp_path / "papers").mkdir()
    (tmp_path / "out").mkdir()
    outlet = FolderFiles("papers", tmp_path / "papers")
    (tmp_path / "papers" / "jobs").symlink_to(tmp_path / "out")
    with pytest.raises(OperatorError):
        await outlet.deliver(FILE)
    (tmp_path / "papers" / "jobs").unlink()
    (tmp_path / "papers" / "jobs").mkdir()
    (tmp_path / "papers" / "jobs" / "J-1.txt").symlink_to(tmp_path / "out" / "x")
    with pytest.raises(OperatorError):
        await outlet.deliver(FILE)
    assert files(tmp_path / "out") == []


@pytest.mark.parametrize("name", ["J-1.txt", "j-1.TXT"])
async def test_another_file_of_that_name_stays_as_it_is(tmp_path: Path, name: str) -> None:
    """Also where only the case differs, since some disks take the two for one."""
    there = tmp_path / "jobs" / name
    there.parent.mkdir()
    there.write_text("Somebody's own.")
    with pytest.raises(OperatorError):
        await FolderFiles("papers", tmp_path).deliver(FILE)
    assert files(tmp_path) == [f"jobs/{name}"]
    assert there.read_text() == "Somebody's own."


async def test_what_people_do_to_a_file_is_theirs(tmp_path: Path) -> None:
    outlet = FolderFiles("papers", tmp_path)
    path = Path(await outlet.deliver(FILE))
    path.write_text("Agreed, and paid.")
    await outlet.deliver(FILE)
    assert path.read_text() == "Agreed, and paid."
    path.unlink()
    await FolderFiles("papers", tmp_path).deliver(FILE)
    assert files(tmp_path) == []


class Stopped(BaseException):
    """The power is gone."""


@pytest.mark.parametrize("call", ["link", "fsync", "_note", "unlink"])
@pytest.mark.parametrize("after", [False, True])
async def test_a_crash_at_any_moment_leaves_one_whole_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, after: bool
) -> None:
    """And what a person did to it between the crash and the next delivery is not undone."""
    where = module if call == "_note" else os
    real = getattr(where, call)

    def stops(*given: object, **more: object) -> None:
        if after:
            real(*given, **more)
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr(where, call, stops)
        with pytest.raises((Stopped, RuntimeError)):
            FolderFiles("papers", tmp_path)._write(FILE)
    for _ in range(2):
        await FolderFiles("papers", tmp_path).deliver(FILE)
    assert files(tmp_path) == ["jobs/J-1.txt"]
    assert (tmp_path / "jobs" / "J-1.txt").read_text() == "Agreed."


async def test_a_torn_line_of_the_list_is_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / WRITTEN).write_text(FILE.id[:9])
    await FolderFiles("papers", tmp_path).deliver(FILE)
    assert (tmp_path / WRITTEN).read_text() == f"{FILE.id}\n"


async def test_what_the_disk_refuses_is_told_to_whoever_runs_the_machine(
    tmp_path: Path,
) -> None:
    (tmp_path / "papers").write_text("a file")
    with pytest.raises(AdministratorError):
        await FolderFiles("papers", tmp_path / "papers").deliver(FILE)
