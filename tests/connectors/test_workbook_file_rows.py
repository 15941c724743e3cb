"""A row goes in once, as what it is, and nothing else in the workbook is lost for it."""

from __future__ import annotations

import asyncio
import random
import stat
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font
from python_calamine import CalamineWorkbook

from connectors.workbook import WorkbookFileRows
from flows.errors import AdministratorError, OperatorError, TransientError
from tests.connectors.workbook_files import (
    changed_part,
    shown,
    source_of,
    spec_of,
    with_part,
    write,
)
from tests.contract.outlet import output
from tests.contract.transactions import listing

ROW = (1, date(2024, 3, 1), 5, "Ada", "x")


@pytest.fixture
def path(tmp_path) -> Path:
    write(tmp_path / "books.xlsx", [ROW])
    return tmp_path / "books.xlsx"


async def append(path, number=1, spec=None, **cells):
    outlet = WorkbookFileRows(spec or spec_of(), path.parent)
    told = cells or {"Name": "Bob"}
    return await outlet.deliver(output("row.append", number, {"cells": told}))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "'=1", "{=1}", "1/2"],
)
async def test_a_text_is_never_a_formula(path, text):
    await append(path, Name=text)
    cell = load_workbook(path)["Money"]["D5"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Money").to_python()
    assert rows[-1][3] == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.50", 12.5),
        ("-3", -3),
        ("0", 0),
        ("007", "007"),
        ("+15550100", "+15550100"),
        ("1e5", "1e5"),
        ("12345678901234567", "12345678901234567"),
        ("2026-03-01", "2026-03-01"),
        ("a\x00b\x1f\ud800c", "abc"),
        ("two\nlines", "two\nlines"),
        ("x" * 32_000, "x" * 32_000),
    ],
)
async def test_plain_numbers_are_numbers_and_the_rest_stays_as_it_is(path, text, value):
    await append(path, Text=text)
    assert shown(path)[-1][4] == value


async def test_the_table_grows_and_the_key_is_the_id(path):
    assert await append(path, 1, Amount="7.25", name="Bob") == str(path)
    await append(path, 2)
    sheet = load_workbook(path)["Money"]
    assert sheet.tables["Payments"].ref == "A3:E6"
    assert [cell.value for cell in sheet[5]] == [f"o{1:024x}", None, 7.25, "Bob", None]


async def test_a_number_below_a_text_is_no_text(path):
    await append(path, 1, Amount="soon")
    await append(path, 2, Amount="7.25")
    cell = load_workbook(path)["Money"]["C6"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (7.25, "n", False)


async def test_of_a_link_the_workbook_behind_it_gains_the_row(path):
    other = path.parent / "elsewhere"
    other.mkdir()
    link = other / "books.xlsx"
    link.symlink_to(path)
    await append(link)
    assert link.is_symlink()
    assert len(shown(path)) == 5


async def test_our_rows_do_not_come_back_as_movements(path):
    before = await listing(source_of(path.parent))
    await append(path, Date="2024-04-01", Amount="9.00")
    assert await listing(source_of(path.parent)) == before


async def test_formats_formulas_widths_comments_and_other_sheets_stay(path):
    workbook = load_workbook(path)
    sheet = workbook["Money"]
    sheet["A1"].font = Font(bold=True)
    sheet["C4"].number_format = '"$"0.00'
    sheet["G4"] = "=SUM(C:C)"
    sheet["A4"].comment = Comment("checked", "Dale")
    sheet.column_dimensions["D"].width = 40
    workbook.create_sheet("Prices")["A1"] = "boiler"
    workbook.save(path)
    path.chmod(0o640)
    await append(path, Amount="7")
    workbook = load_workbook(path)
    sheet = workbook["Money"]
    assert sheet["A1"].font.bold
    assert sheet["C5"].number_format == '"$"0.00'
    assert sheet["G4"].value == "=SUM(C:C)"
    assert sheet["A4"].comment.text == "checked"
    assert sheet.column_dimensions["D"].width == 40
    assert workbook["Prices"]["A1"].value == "boiler"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/pivotTables/pivotTable1.xml", "pivot tables"),
        ("xl/slicers/slicer1.xml", "slicers"),
        ("xl/drawings/drawing1.xml", "pictures"),
        ("xl/threadedComments/threadedComment1.xml", "threaded comments"),
        ("xl/connections.xml", "data connections"),
        ("docMetadata/LabelInfo.xml", "a sensitivity label"),
        ("xl/somethingNew.xml", "parts that are not known"),
    ],
)
async def test_what_would_be_lost_is_told_and_nothing_is_written(path, part, told):
    with_part(path, part, b"<x/>")
    before = path.read_bytes()
    with pytest.raises(OperatorError, match=told):
        await append(path)
    assert path.read_bytes() == before


async def test_a_workbook_with_a_chart_is_left_alone(path):
    workbook = load_workbook(path)
    chart = BarChart()
    chart.add_data(Reference(workbook["Money"], min_col=3, min_row=3, max_row=4))
    workbook["Money"].add_chart(chart, "H2")
    workbook.save(path)
    with pytest.raises(OperatorError, match="charts"):
        await append(path)


async def test_rules_of_newer_versions_are_not_lost(path):
    new = b'<extLst><ext uri="{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    changed_part(path, "xl/worksheets/sheet1.xml", b"</worksheet>", new)
    with pytest.raises(OperatorError, match="newer versions"):
        await append(path)


async def test_formulas_that_are_read_keep_their_values(path):
    workbook = load_workbook(path)
    workbook["Money"]["C4"] = "=2+3"
    workbook.save(path)
    with pytest.raises(OperatorError, match=r"'Amount' in .* is worked out by formulas"):
        await append(path)
    await append(path, spec=spec_of(columns=None))


@pytest.mark.parametrize("lock", ["~$books.xlsx", ".~lock.books.xlsx#"])
async def test_a_workbook_that_is_open_is_left_for_later(path, lock):
    path.with_name(lock).touch()
    before = path.read_bytes()
    with pytest.raises(TransientError, match="open"):
        await append(path)
    assert path.read_bytes() == before
    path.with_name(lock).unlink()
    assert await append(path)


async def test_what_is_not_there_is_told_with_what_is(path):
    with pytest.raises(OperatorError, match="no column 'Nmae'") as caught:
        await append(path, Nmae="Bob")
    assert "did you mean 'Name'?" in caught.value.fix
    with pytest.raises(OperatorError, match="no table and no sheet 'Leads'"):
        await append(path, spec=spec_of(table="Leads"))
    with pytest.raises(OperatorError, match="is not there"):
        await append(path, spec=spec_of("other.xlsx"))
    with pytest.raises(OperatorError, match="is a folder"):
        await append(path, spec=spec_of(".."))
    assert len(shown(path)) == 4


async def test_something_below_the_table_is_not_written_over(path):
    workbook = load_workbook(path)
    workbook["Money"]["B5"] = "a note"
    workbook.save(path)
    with pytest.raises(OperatorError, match="no room below"):
        await append(path)


async def test_a_total_row_is_told(path):
    changed_part(
        path, "xl/tables/table1.xml", b" displayName=", b' totalsRowCount="1" displayName='
    )
    with pytest.raises(OperatorError, match="total row"):
        await append(path)


async def test_a_broken_workbook_is_told(path):
    path.write_bytes(b"no workbook")
    with pytest.raises(OperatorError, match="cannot be read"):
        await append(path)


async def test_a_disk_that_refuses_is_told(path):
    lock = path.with_name(".books.xlsx.lock")
    lock.mkdir()
    with pytest.raises(AdministratorError, match="cannot write to"):
        await append(path)


async def test_a_crash_before_the_last_step_leaves_the_workbook_as_it_was(path):
    """What is half written lies beside it, and the next attempt takes its place."""
    path.with_name(".books.xlsx.part").write_bytes(b"half")
    before = len(shown(path))
    await append(path)
    await append(path)
    assert len(shown(path)) == before + 1
    assert not path.with_name(".books.xlsx.part").exists()


WRITER = """
import asyncio, sys
from pathlib import Path
import openpyxl
from tests.connectors.test_workbook_file_rows import append
print("ready", flush=True)
async def main():
    for number in range(12):
        await append(Path(sys.argv[1]), number, Name=f"Bob {number}")
asyncio.run(main())
"""


@pytest.mark.slow
def test_workers_that_are_killed_add_each_row_once(path):
    """Killed at any moment, with others at work meanwhile, they leave a whole workbook."""
    dice, reached = random.Random(5), set()
    for _ in range(5):
        workers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, str(path)],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            for _ in range(2)
        ]
        for worker in workers:
            assert worker.stdout.readline() == b"ready\n"
        time.sleep(dice.uniform(0.02, 0.25))
        for worker in workers:
            worker.kill()
            worker.communicate()
        found = [row[3] for row in shown(path)[4:]]
        assert found == [f"Bob {number}" for number in range(len(found))]
        reached.add(len(found))
    assert len(reached) > 1, "no worker was killed between two rows"
    for number in range(12):
        asyncio.run(append(path, number, Name=f"Bob {number}"))
    assert [row[3] for row in shown(path)[4:]] == [f"Bob {number}" for number in range(12)]
