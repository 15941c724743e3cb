"""Prefect carries ids and counts: never mail, never the names of people or files."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.portal.conftest import PROGRAM, ROOT, Ran, jigajob
from tests.portal.marked import MARKS, MarkedRun, write_marked

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Every cell of every table, and every other file, as (where, text)."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        yield path.name, path.read_bytes().decode("utf-8", "replace")
        if path.suffix == ".db":
            with closing(sqlite3.connect(path)) as database:
                for (table,) in database.execute(
                    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
                ).fetchall():
                    for row in database.execute(f'SELECT * FROM "{table}"'):
                        for cell in row:
                            text = cell if isinstance(cell, str) else None
                            if isinstance(cell, bytes):
                                text = cell.decode("utf-8", "replace")
                            if text:
                                yield table, text


def _read(text: str) -> str:
    """The text with what is inside its base64 and its JSON escapes."""
    stretches = re.findall(r"[A-Za-z0-9+/_-]{12,}", text)
    inside = [
        base64.urlsafe_b64decode(
            found.replace("+", "-").replace("/", "_")[: len(found) // 4 * 4]
        )
        for found in stretches
    ]
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    decoded = [each.decode("utf-8", "replace") for each in inside]
    return "\n".join([text, plain, *decoded]).lower()


def _found(texts: Iterator[tuple[str, str]], words: tuple[str, ...]) -> set[tuple[str, str]]:
    return {
        (where, word)
        for where, text in texts
        for read in [_read(text)]
        for word in words
        if word.lower() in read
    }


def test_the_search_finds_what_is_hidden(tmp_path: Path) -> None:
    """In a cell, in base64 inside of JSON, in escapes, in a log."""
    mark = "Ombrelquist"
    hidden = base64.b64encode(f"x {mark} y".encode()).decode()
    with closing(sqlite3.connect(tmp_path / "a.db")) as database:
        database.execute("CREATE TABLE t (a TEXT, b BLOB)")
        database.execute("INSERT INTO t VALUES (?, ?)", (json.dumps({"k": hidden}), b""))
        database.execute("CREATE TABLE u (a TEXT, b BLOB)")
        database.execute("INSERT INTO u VALUES ('', ?)", (mark.encode(),))
        database.commit()
    (tmp_path / "log").write_text("\\u004fmbrelquist")

    assert {where for where, _ in _found(_texts(tmp_path), (mark,))} >= {"t", "u", "log"}


def test_nothing_of_a_mail_reaches_prefect(marked: MarkedRun) -> None:
    """Subject, text, names, addresses, folders, files: in no table, log or file of its home."""
    assert marked.code == 0, marked.printed
    texts = list(_texts(marked.home / "prefect"))

    assert _found(iter(texts), MARKS) == set()
    assert {"flow_run", "task_run", "artifact"} <= {where for where, _ in texts}
    assert any(where == "task_run" and "page" in text for where, text in texts)


def test_nothing_of_a_mail_is_printed(marked: MarkedRun) -> None:
    """A run prints ids and counts; what steps say of a job is for the outbox."""
    summaries = re.findall(r"^o\w{9}.*$", marked.printed, re.MULTILINE)
    rest = marked.printed
    for line in summaries:
        rest = rest.replace(line, "")

    assert _found(iter([("printed", rest)]), MARKS) == set()
    assert _found(iter([("screens", "\n".join(summaries))]), MARKS[1:]) == set()


@pytest.fixture(scope="module")
def troubled(
    demo: Ran, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, dict[str, Any]], str]:
    """Sweeps that went wrong in every way: the home, what each came to, what was printed."""
    folder = tmp_path_factory.mktemp("troubled")
    # Three pages: when the first is done, the second may be read already, the third is not.
    write_marked(folder, mails=120)
    shutil.copytree(demo.home / "prefect", folder / "home" / "prefect")
    done = subprocess.run(
        [sys.executable, "-m", "tests.portal.troubles", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads(done.stdout.splitlines()[-1])
    return folder / "home", results, done.stdout + done.stderr


def test_what_passes_by_itself_is_tried_again(troubled: tuple[Any, ...]) -> None:
    """A source that is away twice, and then is there: the sweep goes on to its end."""
    result = troubled[1]["away twice"]

    assert result == {"error": "", "asked": 3}


def test_what_somebody_must_mend_is_not_tried_again(troubled: tuple[Any, ...]) -> None:
    """Asked once, and told."""
    result = troubled[1]["must be mended"]

    assert result["asked"] == 1
    assert result["error"].startswith("OperatorError: the source is wrong")


@pytest.mark.parametrize("trouble", ["unforeseen", "folder removed", "database damaged"])
def test_an_error_tells_who_must_act_and_nothing_of_the_mail(
    troubled: tuple[Any, ...], trouble: str
) -> None:
    """Whatever stops a sweep half-way, its error holds no word of what it was reading."""
    result = troubled[1][trouble]

    assert result["error"].startswith("AdministratorError: ")
    assert _found(iter([("error", result["error"])]), MARKS) == set()


def test_no_trouble_leaves_a_mark(troubled: tuple[Any, ...]) -> None:
    """Neither in Prefect's database, nor in its log, nor on the screen."""
    home, _, printed = troubled

    assert _found(_texts(home / "prefect"), MARKS) == set()
    assert _found(iter([("printed", printed)]), MARKS) == set()
    with closing(sqlite3.connect(home / "prefect" / "prefect.db")) as database:
        states = [row[0] for row in database.execute("SELECT state_type FROM flow_run")]
    assert states.count("FAILED") == 4


def _held(lock: Path) -> bool:
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _children(parent: int) -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(rest.split()[1]) == parent:
            found.add(int(name.split()[0]))
    return found


def _until(what: Any, seconds: float = 120) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.1)
    return False


def test_each_sweep_of_a_watch_is_a_flow_run(tmp_path: Path) -> None:
    """Prefect's pages show all of them: how each ended, and a table of what it did."""
    write_marked(tmp_path, mails=2)
    home = tmp_path / "home"
    watch = jigajob("watch", "--home", home, "--every", "1s", "--sweeps", "3", cwd=tmp_path)
    assert watch.returncode == 0, watch.stderr
    assert watch.stdout.count("sweep (") == 3

    with closing(sqlite3.connect(home / "prefect" / "prefect.db")) as database:
        runs = database.execute(
            "SELECT flow.name, flow_run.state_type, flow_run.parameters FROM flow_run"
            " JOIN flow ON flow.id = flow_run.flow_id"
        ).fetchall()
        (tables,) = database.execute(
            "SELECT count(DISTINCT flow_run_id) FROM artifact WHERE key = 'sweep'"
        ).fetchone()
    assert [(name, state) for name, state, _ in runs] == [("sweep", "COMPLETED")] * 3
    assert {tuple(json.loads(parameters)) for *_, parameters in runs} == {
        ("business", "deployment")
    }
    assert tables == 3


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux's /proc")
def test_one_run_at_a_time_and_no_server_left_behind(demo: Ran, tmp_path: Path) -> None:
    """A second run is told to wait; a killed one leaves no process and no lock behind."""
    write_marked(tmp_path, mails=60)
    shutil.copytree(demo.home / "prefect", tmp_path / "home" / "prefect")
    command = [*PROGRAM, "run", "--home", str(tmp_path / "home")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as first:
        assert _until(lambda: _children(first.pid) and _held(tmp_path / "home/run.lock"))
        servers = _children(first.pid)
        second = jigajob("run", "--home", tmp_path / "home", cwd=tmp_path)
        assert first.stdout is not None
        first.stdout.readline()  # it is at work
        assert first.poll() is None
        first.send_signal(signal.SIGKILL)

    assert second.returncode == 3
    assert "another run or restore is at work" in second.stderr
    assert "fix: " in second.stderr
    assert servers
    assert _until(lambda: not any(Path(f"/proc/{server}").exists() for server in servers))
    assert not _held(tmp_path / "home/run.lock")
    third = jigajob("run", "--json", "--home", tmp_path / "home", cwd=tmp_path)
    assert third.returncode == 0, third.stderr
    sources = json.loads(third.stdout)["sources"]
    assert [source["unaccounted"] for source in sources] == [0, 0]
    assert sources[0]["stored"] == 60


def test_a_person_may_interrupt(demo: Ran, tmp_path: Path) -> None:
    """Ctrl-C ends a run soon, says that nothing is lost, and takes the server along."""
    write_marked(tmp_path, mails=3)
    shutil.copytree(demo.home / "prefect", tmp_path / "home" / "prefect")
    # Whoever started the tests in the background has SIGINT ignored, and children inherit it.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    with subprocess.Popen(
        [*PROGRAM[:-1], heard + PROGRAM[-1], "run", "--home", str(tmp_path / "home")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        assert _until(lambda: _children(run.pid) and _held(tmp_path / "home/run.lock"))
        servers = _children(run.pid)
        os.killpg(run.pid, signal.SIGINT)
        _, errors = run.communicate(timeout=100)

    assert run.returncode == 130
    assert "stopped; what was done stays done" in errors
    assert "Traceback" not in errors
    assert _until(lambda: not any(Path(f"/proc/{server}").exists() for server in servers))
