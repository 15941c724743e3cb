"""`jigajob connect NAME FILE`: shown, asked, saved; and what it refuses."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from flows.language.load import load
from tests.portal.conftest import jigajob

pytestmark = pytest.mark.slow

FLOWS = """\
version: 1
business: {id: b, name: B, industry: "238220", region: US-NY, time_zone: America/New_York}
sources:
  office: {uses: folder, path: mail}   # the office
flows:
  - id: a
    name: A
    triggers: [{mail: office}]
    steps: [{id: n, uses: notify, with: {to: owner, text: hi}}]
"""
PLAIN = "Date,Amount,Payee,Memo\n2024-01-15,5.00,Ada Byron,INV-1\n"
OPEN = "Date,Amount,Payee,Memo\n03/04/2024,5.00,Ada Byron,INV-1\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "flows.yaml").write_text(FLOWS, encoding="utf-8")
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank/plain.csv").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "bank/open.csv").write_text(OPEN, encoding="utf-8")
    return tmp_path


def test_it_is_shown_and_saved_once_somebody_agrees(place: Path) -> None:
    """Every other line, and who may read the file, stay as they were."""
    (place / "flows.yaml").chmod(0o640)

    no = jigajob("connect", "bank", "bank/plain.csv", stdin="n\n", cwd=place)
    assert (no.returncode, (place / "flows.yaml").read_text()) == (1, FLOWS)
    for said in ("15 January 2024", "5.00 USD", "Ada Byron", "INV-1", "Payee"):
        assert said in no.stdout

    yes = jigajob("connect", "bank", "bank/plain.csv", stdin="y\n", cwd=place)
    assert yes.returncode == 0, yes.stderr
    text = (place / "flows.yaml").read_text()
    assert "# the office" in text
    assert stat.S_IMODE((place / "flows.yaml").stat().st_mode) == 0o640
    source = load(place / "flows.yaml").sources["bank"]
    assert source.model_dump(exclude_defaults=True, exclude_none=True) == {
        "uses": "bank",
        "path": "bank/plain.csv",
        "columns": {
            "date": "Date",
            "amount": "Amount",
            "counterparty": "Payee",
            "reference": "Memo",
        },
    }
    assert sorted(each.name for each in place.iterdir()) == ["bank", "flows.yaml"]

    again = jigajob("connect", "bank", "bank/plain.csv", "--yes", cwd=place)
    assert (again.returncode, (place / "flows.yaml").read_text()) == (0, text)
    assert "says so already" in again.stdout


def test_dates_that_can_be_read_in_two_ways_are_asked(place: Path) -> None:
    """The region's order is named as a guess; the answer counts."""
    done = jigajob("connect", "bank", "bank/open.csv", stdin="x\nday-first\ny\n", cwd=place)

    assert done.returncode == 0, done.stderr
    assert "month-first (a guess)" in done.stdout
    assert "03 April 2024" in done.stdout
    assert load(place / "flows.yaml").sources["bank"].dates == "day-first"  # type: ignore[union-attr]


def test_a_script_has_to_say_what_the_file_leaves_open(place: Path) -> None:
    """`--yes` never lets a guess through."""
    refused = jigajob("connect", "bank", "bank/open.csv", "--yes", cwd=place)
    assert (refused.returncode, (place / "flows.yaml").read_text()) == (1, FLOWS)
    assert "--dates day-first" in refused.stderr

    said = ("--dates", "day-first", "--folder", "--account", "Checking")
    done = jigajob("connect", "bank", "bank/open.csv", "--yes", *said, cwd=place)
    assert done.returncode == 0, done.stderr
    source = load(place / "flows.yaml").sources["bank"]
    assert (source.path, source.account) == ("bank", "Checking")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("bank", "none.csv"), "there is no file none.csv"),
        (("bank", "bank"), "--folder"),
        (("office", "bank/plain.csv"), "there is a source 'office' already"),
        (("bank", "flows.yaml"), "no row of flows.yaml names a column"),
        (("bank", "bank/plain.csv", "--decimal", ","), "no movement that can be read"),
    ],
)
def test_refusals_teach(place: Path, arguments: tuple[str, ...], says: str) -> None:
    """Each says what to do, and saves nothing."""
    done = jigajob("connect", *arguments, "--yes", cwd=place)

    assert done.returncode == 1
    assert says in done.stderr
    assert "fix: " in done.stderr
    assert (place / "flows.yaml").read_text() == FLOWS
