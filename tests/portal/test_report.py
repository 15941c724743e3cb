"""`jigajob report`: a release from the pool into a folder, and verified there."""

from __future__ import annotations

import asyncio
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from frictionless import validate

from flows.errors import OperatorError
from flows.reports.default_method import ANNUAL_CAP, DEFAULT_METHOD
from flows.reports.periods import Period
from portal.settings import Settings
from tests.flows.reports.releases import fill, pool_at
from tests.portal.conftest import jigajob, typed

PERIOD = Period.of(datetime.now(UTC)).before.before
"""A quarter whose cut-off is over, whenever the test runs."""

FILES = {
    "aggregates.csv",
    "aggregates.parquet",
    "datapackage.json",
    "dictionary.md",
    "index.html",
    "manifest.json",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home, and a release of it in `out`."""
    folder = tmp_path_factory.mktemp("made")

    async def make() -> None:
        async with pool_at(folder / "home", PERIOD.settled) as pool:
            await fill(pool.records, 800, PERIOD)

    asyncio.run(make())
    typed(_settings(folder), "report release", *_wanted(folder))
    return folder


def _settings(folder: Path) -> Settings:
    return Settings(home=folder / "home", flows=folder / "flows.yaml")


def _wanted(folder: Path, *more: str, out: str = "out") -> list[str]:
    return ["--period", PERIOD.label, "--out", str(folder / out), *more]


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "made"))


def test_a_release_is_a_folder_that_other_tools_find_valid(folder: Path) -> None:
    out = folder / "out"
    assert {each.name for each in out.iterdir()} == FILES
    assert validate(str(out / "datapackage.json")).valid
    assert (out / "index.html").stat().st_size < 250_000

    table = out / "aggregates.csv"
    table.write_text(table.read_text().replace(",A\n", ",B\n", 1))
    errors = {kind for (kind,) in validate(str(out / "datapackage.json")).flatten(["type"])}
    assert errors >= {"constraint-error", "hash-count"}


def test_it_is_verified_without_the_pool(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, out = _settings(folder), str(folder / "out")
    key = json.loads((folder / "out/manifest.json").read_text())["key"]
    shutil.rmtree(folder / "home")
    typed(settings, "report verify", out, "--key", key.upper())
    told = capsys.readouterr().out
    assert f"release 1: {PERIOD}, signed by {key}" in told
    assert "nothing was changed" in told
    assert "--key" not in told

    (folder / "out/dictionary.md").write_text("Other words.")
    done = jigajob("report", "verify", out, "--json", "--key", "00")
    found = json.loads(done.stdout)
    assert (done.returncode, found["whole"]) == (1, False)
    assert {each["file"] for each in found["findings"]} == {"dictionary.md", "manifest.json"}
    done = jigajob("report", "verify", folder / "nowhere")
    assert (done.returncode, "cannot read" in done.stderr) == (1, True)


def test_asked_again_it_writes_the_same_bytes(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {each.name: each.read_bytes() for each in (folder / "out").iterdir()}
    (folder / "out/index.html").unlink()
    (folder / "out/manifest.json.part").write_text("broken off")
    for out in ("out", "other"):
        typed(_settings(folder), "report release", *_wanted(folder, out=out))
        assert {e.name: e.read_bytes() for e in (folder / out).iterdir()} == before
    told = capsys.readouterr().out
    assert "already" in told
    assert "it cost nothing once more" in told


def test_a_folder_that_is_not_free_is_refused_before_anything_is_spent(folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "mine/letter.txt").touch()
    restate = ("--restate", "One was counted twice.")
    for out in ("mine", "mine/letter.txt"):
        with pytest.raises(OperatorError, match=r"something else|no folder"):
            typed(_settings(folder), "report release", *_wanted(folder, *restate, out=out))
    with pytest.raises(OperatorError, match="says nothing"):
        typed(_settings(folder), "report release", *_wanted(folder, "--restate", " "))
    assert jigajob("--home", folder / "home", "report", "list").stdout.count(" UTC") == 1


def test_restated_it_is_another_folder_and_the_list_and_budget_tell(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = _settings(folder)
    restate = ("--restate", "One was counted twice.")
    typed(settings, "report release", *_wanted(folder, *restate, out="second"))
    told = capsys.readouterr().out
    total = DEFAULT_METHOD.epsilon * 2
    year = PERIOD.start.year
    assert f"{total} of {ANNUAL_CAP} of {year} are spent" in told
    assert "it takes the place of release 1" in told
    with pytest.raises(OperatorError, match="another release"):
        typed(settings, "report release", *_wanted(folder))
    second, first = str(folder / "second"), str(folder / "out")
    typed(settings, "report verify", second, "--previous", first)
    assert "nothing was changed" in capsys.readouterr().out
    done = jigajob("report", "verify", first, "--previous", second)
    assert (done.returncode, "follows another release" in done.stdout) == (1, True)

    typed(settings, "report list", "--json")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["release"], row["restates"]) for row in rows] == [(1, None), (2, 1)]
    typed(settings, "report budget", "--json")
    assert json.loads(capsys.readouterr().out) == {
        "year": year,
        "releases": 2,
        "spent": str(total),
        "cap": str(ANNUAL_CAP),
        "left": str(ANNUAL_CAP - total),
    }
    typed(settings, "report budget")
    assert "a release costs" in capsys.readouterr().out
    typed(settings, "report list")
    assert PERIOD.label in capsys.readouterr().out


def test_two_processes_at_once_make_one_release(tmp_path: Path) -> None:
    """Each gets it, and it is the same."""

    async def make() -> None:
        async with pool_at(tmp_path / "home", PERIOD.settled) as pool:
            await fill(pool.records, 60, PERIOD)

    async def both() -> list[int]:
        words = ["--home", str(tmp_path / "home"), "report", "release"]
        outs = [_wanted(tmp_path, out=out) for out in ("a", "b")]
        running = [asyncio.to_thread(jigajob, *words, *out) for out in outs]
        return [done.returncode for done in await asyncio.gather(*running)]

    asyncio.run(make())
    assert asyncio.run(both()) == [0, 0]
    a, b = ({e.name: e.read_bytes() for e in (tmp_path / out).iterdir()} for out in "ab")
    assert a == b
    assert jigajob("--home", tmp_path / "home", "report", "list").stdout.count(" UTC") == 1
