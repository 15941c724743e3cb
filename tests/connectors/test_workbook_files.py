"""What stands in a workbook is read exactly, or told with a reason; nothing takes memory."""

from __future__ import annotations

import asyncio
import contextlib
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from connectors.workbook import WorkbookFileRows
from flows.errors import AdministratorError, OperatorError
from tests.connectors.workbook_files import (
    changed_part,
    source_of,
    spec_of,
    with_part,
    write,
)
from tests.contract.outlet import output
from tests.contract.transactions import listing, seen
from tests.depth import times


async def read(root, path="books.xlsx", **more):
    return await listing(source_of(root, path, **more))


def reasons(items):
    return [(item.reason, item.pointer) for item in items if item.transaction is None]


class TestCells:
    @pytest.mark.parametrize(
        ("cell", "day"),
        [
            (date(2024, 3, 5), date(2024, 3, 5)),
            (datetime(2024, 3, 5, 23, 59), date(2024, 3, 5)),  # noqa: DTZ001 - Excel has no zones
            (45356, date(2024, 3, 5)),
            (45356.75, date(2024, 3, 5)),
            (20240305, date(2024, 3, 5)),
            ("2024-03-05", date(2024, 3, 5)),
            ("5 March 2024", date(2024, 3, 5)),
        ],
    )
    async def test_days_as_dates_numbers_and_text(self, tmp_path, cell, day):
        write(tmp_path / "books.xlsx", [(1, cell, 5, "Ada", "x")])
        (item,) = await read(tmp_path)
        assert item.transaction.booked_on == day

    @pytest.mark.parametrize("cell", ["05/03/2024", "soon", 12, -1, 1e12, True, "", 99999999])
    async def test_no_day_is_guessed(self, tmp_path, cell):
        write(tmp_path / "books.xlsx", [(1, cell, 5, "Ada", "x")])
        assert reasons(await read(tmp_path)) == [("bad_date", "books.xlsx:4")]

    async def test_days_are_counted_from_1904_where_the_workbook_says_so(self, tmp_path):
        write(tmp_path / "books.xlsx", [(1, date(2024, 3, 5), 5, "Ada", "x")])
        workbook = load_workbook(tmp_path / "books.xlsx")
        workbook.epoch = CALENDAR_MAC_1904
        workbook["Money"]["B4"] = 45356 - 1462
        workbook["Money"]["B4"].number_format = "General"
        workbook.save(tmp_path / "books.xlsx")
        (item,) = await read(tmp_path)
        assert item.transaction.booked_on == date(2024, 3, 5)

    @pytest.mark.parametrize(
        ("cell", "amount"),
        [
            (5, "5"),
            (-12.5, "-12.50"),
            (0.1 + 0.2, "0.30"),
            (1234567.89, "1234567.89"),
            ("1,234.50", "1234.50"),
            ("(12.50)", "-12.50"),
            ("12.50-", "-12.50"),
        ],
    )
    async def test_amounts_as_numbers_and_text(self, tmp_path, cell, amount):
        write(tmp_path / "books.xlsx", [(1, date(2024, 3, 5), cell, "Ada", "x")])
        (item,) = await read(tmp_path)
        assert str(item.transaction.money.amount) == amount
        assert item.transaction.money.currency == "USD"

    @pytest.mark.parametrize("cell", ["1.234,50", "five", True, 1e300, "#REF!", None])
    async def test_no_amount_is_guessed(self, tmp_path, cell):
        write(tmp_path / "books.xlsx", [(1, date(2024, 3, 5), cell, "Ada", "x")])
        assert reasons(await read(tmp_path)) == [("bad_amount", "books.xlsx:4")]

    async def test_numbers_in_texts_are_whole_and_controls_are_gone(self, tmp_path):
        write(tmp_path / "books.xlsx", [(7, date(2024, 3, 5), 5, 1001, "two\nlines")])
        (item,) = await read(tmp_path)
        assert item.transaction.counterparty == "1001"
        assert item.transaction.reference == "two lines"

    async def test_currency_and_a_column_for_each_direction(self, tmp_path):
        header = ("No", "Date", "In", "Out", "Currency")
        rows = [
            (1, date(2024, 3, 5), 5, None, "EUR"),
            (2, date(2024, 3, 6), None, 7, None),
            (3, date(2024, 3, 7), 5, 7, "EUR"),
            (4, date(2024, 3, 8), None, None, "EUR"),
            (5, date(2024, 3, 9), 5, None, "Euro"),
        ]
        write(tmp_path / "books.xlsx", rows, header=header)
        columns = {"date": "date", "paid_in": "in", "paid_out": "OUT", "currency": " Currency"}
        items = await read(tmp_path, columns=columns)
        found = [item.transaction.money for item in items if item.transaction]
        assert [(m.amount, m.currency) for m in found] == [(5, "EUR"), (-7, "USD")]
        assert [reason for reason, _ in reasons(items)] == [
            "bad_amount",
            "bad_amount",
            "bad_currency",
        ]


class TestRows:
    async def test_sorting_changes_no_id(self, tmp_path):
        rows = [(n, date(2024, 3, n), n, "Ada", "x") for n in range(1, 9)]
        write(tmp_path / "books.xlsx", rows)
        before = await read(tmp_path)
        write(tmp_path / "books.xlsx", rows[::-1])
        after = await read(tmp_path)
        assert [i.native_id for i in after] == [i.native_id for i in before]

    async def test_rows_with_one_key_are_all_put_before_a_person(self, tmp_path):
        rows = [
            (1, date(2024, 3, 1), 5, "Ada", "x"),
            ("1", date(2024, 3, 2), 6, "Bob", "y"),
            (2, date(2024, 3, 3), 7, "Cy", "z"),
            (2, date(2024, 3, 3), 7, "Cy", "z"),
            (3, date(2024, 3, 4), 8, "Di", "w"),
        ]
        write(tmp_path / "books.xlsx", rows)
        items = await read(tmp_path)
        assert seen(items) == [(date(2024, 3, 4), Decimal(8), "w")]
        assert [r for r, _ in reasons(items)] == ["duplicate_key"] * 4
        assert len({item.native_id for item in items}) == 5

    async def test_blank_rows_notes_and_rows_without_key(self, tmp_path):
        rows = [
            (None, None, None, None, None),
            (None, None, None, "checked by Dale", None),
            (9, None, None, None, None),
            (None, date(2024, 3, 4), 8, "Di", "w"),
        ]
        write(tmp_path / "books.xlsx", rows)
        assert reasons(await read(tmp_path)) == [
            ("not_a_movement", "books.xlsx:5"),
            ("not_a_movement", "books.xlsx:6"),
            ("no_key", "books.xlsx:7"),
        ]

    async def test_rows_that_we_added_are_no_movements(self, tmp_path):
        write(tmp_path / "books.xlsx", [("o" + "3" * 24, date(2024, 3, 4), 8, "Di", "w")])
        assert await read(tmp_path) == []

    async def test_joined_cells_count_for_their_first_row(self, tmp_path):
        rows = [(1, date(2024, 3, 1), 5, "Ada", "x"), (2, None, 6, "Bob", "y")]
        write(tmp_path / "books.xlsx", rows, table="")
        workbook = load_workbook(tmp_path / "books.xlsx")
        workbook["Money"].merge_cells("B4:B5")
        workbook.save(tmp_path / "books.xlsx")
        items = await read(tmp_path, table="money")
        assert seen(items) == [(date(2024, 3, 1), Decimal(5), "x")]
        assert reasons(items) == [("bad_date", "books.xlsx:5")]

    async def test_formulas_count_by_the_value_that_was_saved(self, tmp_path):
        write(tmp_path / "books.xlsx", [(1, date(2024, 3, 1), "=2+3", "Ada", "x")])
        assert reasons(await read(tmp_path)) == [("bad_amount", "books.xlsx:4")]
        part = "xl/worksheets/sheet1.xml"
        changed_part(tmp_path / "books.xlsx", part, b"<f>2+3</f><v></v>", b"<f>2+3</f><v>5</v>")
        (item,) = await read(tmp_path)
        assert item.transaction.money.amount == 5

    async def test_a_total_row_is_no_row(self, tmp_path):
        write(tmp_path / "books.xlsx", [(1, date(2024, 3, 1), 5, "Ada", "x"), ("Total",) * 5])
        changed_part(
            tmp_path / "books.xlsx",
            "xl/tables/table1.xml",
            b" displayName=",
            b' totalsRowCount="1" displayName=',
        )
        (item,) = await read(tmp_path)
        assert item.transaction


class TestFiles:
    @pytest.mark.parametrize(
        ("more", "told"),
        [
            ({"table": "Paymnts"}, "no table and no sheet 'Paymnts'"),
            ({"key": "Nr"}, "has no column 'Nr'"),
            ({"table": "Money", "key": "Nr"}, "has no column 'Nr'"),
        ],
    )
    async def test_what_is_named_and_not_there_is_told_with_what_is(self, tmp_path, more, told):
        write(tmp_path / "books.xlsx", [(1, date(2024, 3, 1), 5, "Ada", "x")])
        with pytest.raises(OperatorError, match=told) as caught:
            await read(tmp_path, **more)
        assert "Payments" in caught.value.fix or "'No', 'Date', 'Amount'" in caught.value.fix
        assert "Ada" not in str(caught.value)

    async def test_a_sheet_without_a_header_is_told(self, tmp_path):
        write(tmp_path / "books.xlsx", [], header="abcde", table="")
        with pytest.raises(OperatorError, match="names the columns"):
            await read(tmp_path, table="Money")

    async def test_one_that_does_not_fit_keeps_no_other_from_being_read(self, tmp_path):
        folder = tmp_path / "books"
        folder.mkdir()
        write(folder / "a.xlsx", [(1, date(2024, 3, 1), 5, "Ada", "x")])
        write(folder / "b.xlsx", [(1, date(2024, 3, 1), 5, "Ada", "x")], table="Other")
        (folder / "c.xlsx").write_bytes(b"PK\x03\x04 no zip at all")
        (folder / "d.xlsx").write_bytes(b"")
        (folder / "~$a.xlsx").write_bytes(b"lock")
        (folder / "notes.txt").write_bytes(b"notes")
        items = await read(tmp_path, "books")
        assert len(seen(items)) == 1
        assert reasons(items) == [
            ("wrong_columns", "b.xlsx"),
            ("unreadable", "c.xlsx"),
            ("unreadable", "d.xlsx"),
        ]

    async def test_a_missing_folder_is_told(self, tmp_path):
        with pytest.raises(AdministratorError, match="cannot be opened"):
            await read(tmp_path, "nowhere")

    async def test_a_bomb_is_not_unpacked(self, tmp_path):
        write(tmp_path / "books.xlsx", [(1, date(2024, 3, 1), 5, "Ada", "x")])
        with zipfile.ZipFile(tmp_path / "books.xlsx", "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/media/image1.png", bytes(80 << 20))
        assert reasons(await read(tmp_path)) == [("unreadable", "books.xlsx")]

    async def test_a_cell_far_away_takes_no_memory(self, tmp_path):
        write(tmp_path / "books.xlsx", [(1, date(2024, 3, 1), 5, "Ada", "x")])
        workbook = load_workbook(tmp_path / "books.xlsx")
        workbook["Money"]["XFD1048576"] = "far"
        workbook.save(tmp_path / "books.xlsx")
        assert reasons(await read(tmp_path)) == [("too_large", "books.xlsx")]

    async def test_another_part_does_no_harm(self, tmp_path):
        write(tmp_path / "books.xlsx", [(1, date(2024, 3, 1), 5, "Ada", "x")])
        with_part(tmp_path / "books.xlsx", "xl/vbaProject.bin")
        assert len(seen(await read(tmp_path))) == 1

    async def test_files_that_have_not_changed_are_not_read_again(self, tmp_path):
        write(tmp_path / "books.xlsx", [(1, date(2024, 3, 1), 5, "Ada", "x")])
        cursor = (await source_of(tmp_path).page("", 10)).cursor
        page = await source_of(tmp_path).page(cursor, 10)
        assert (page.items, page.cursor, page.more) == ((), cursor, False)
        write(tmp_path / "books.xlsx", [(1, date(2024, 3, 1), 6, "Ada", "x")])
        assert len((await source_of(tmp_path).page(cursor, 10)).items) == 1

    async def test_files_are_read_again_when_they_are_to_be_read_otherwise(self, tmp_path):
        write(tmp_path / "books.xlsx", [(1, "03/01/2024", 5, "Ada", "x")])
        page = await source_of(tmp_path).page("", 10)
        assert page.items[0].reason == "bad_date"
        page = await source_of(tmp_path, dates="month-first").page(page.cursor, 10)
        assert seen(page.items) == [(date(2024, 3, 1), Decimal(5), "x")]

    async def test_without_columns_nothing_is_read(self, tmp_path):
        assert await read(tmp_path, "nowhere.xlsx", columns=None) == []

    @pytest.mark.parametrize("cut", [10, 100, 1000, 3000])
    async def test_a_file_that_ends_early_is_told(self, tmp_path, cut):
        write(tmp_path / "books.xlsx", [(1, date(2024, 3, 1), 5, "Ada", "x")])
        content = (tmp_path / "books.xlsx").read_bytes()
        (tmp_path / "books.xlsx").write_bytes(content[:-cut])
        assert reasons(await read(tmp_path)) == [("unreadable", "books.xlsx")]

    async def test_an_empty_workbook_is_told(self, tmp_path):
        Workbook().save(tmp_path / "books.xlsx")
        with pytest.raises(OperatorError, match="no table and no sheet 'Payments'"):
            await read(tmp_path)


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """The parts of a whole workbook, by name."""
    path = tmp_path_factory.mktemp("whole") / "books.xlsx"
    write(path, [(n, date(2024, 3, n), n / 4, "Ada", f"x{n}") for n in range(1, 9)])
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@settings(max_examples=times(40), deadline=None)
@given(data=st.data())
def test_whatever_a_part_holds_it_is_read_or_told(parts, data):
    """Parts with bytes changed, cut or doubled give rows or a reason, never a traceback."""
    name = data.draw(st.sampled_from([n for n in sorted(parts) if n.startswith("xl/")]))
    content = bytearray(parts[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.sampled_from(["change", "cut", "double"])):
            case "change":
                content[at] = data.draw(st.integers(0, 255))
            case "cut":
                del content[at : at + data.draw(st.integers(1, 20))]
            case _:
                content[at:at] = content[at : at + data.draw(st.integers(1, 200))]
        content = content or bytearray(b"x")
    with TemporaryDirectory() as folder:
        with zipfile.ZipFile(Path(folder, "books.xlsx"), "w") as archive:
            for each, held in parts.items():
                archive.writestr(each, bytes(content) if each == name else held)
        outlet = WorkbookFileRows(spec_of(), Path(folder))
        items = []
        with contextlib.suppress(OperatorError):
            items = asyncio.run(read(Path(folder)))
        with contextlib.suppress(OperatorError):
            asyncio.run(outlet.deliver(output("row.append", 1, {"cells": {"Name": "Bob"}})))
    assert all(bool(item.transaction) != bool(item.reason) for item in items)
