"""One movement in several files, files of two kinds, corrected files: once, and never lost."""

import asyncio
import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.connectors.bank_files import HEADER, bank, csv_text, ofx_text, posting, statement
from tests.connectors.statement_files import (
    camt_statement,
    camt_text,
    details,
    entry,
    line,
    mt940_text,
)
from tests.contract.transactions import ids, listing

COLUMNS = {
    "date": "Date",
    "amount": "Amount",
    "counterparty": "Name",
    "reference": "Text",
    "id": "Id",
}


@pytest.fixture
def path(tmp_path):
    (tmp_path / "bank").mkdir()
    return tmp_path / "bank"


def made(on, *postings, **changes):
    """Return an OFX file that says when the bank made it."""
    header = f"<OFX>\n<SIGNONMSGSRSV1>\n<SONRS>\n<DTSERVER>{on}\n</SONRS>\n</SIGNONMSGSRSV1>\n"
    return ofx_text(statement(*postings, **changes)).replace("<OFX>\n", header)


def table(*rows):
    return csv_text(rows, ("Date", "Amount", "Name", "Text", "Id"))


async def read(path, files, account="Checking 000012345678"):
    """Return all items of these files by name; the census agrees with them."""
    for name, text in files.items():
        (path / name).write_text(text, newline="")
    items = await listing(bank(path, columns=COLUMNS, account=account))
    counted = [n async for n in bank(path, columns=COLUMNS, account=account).census()]
    assert Counter(counted) == Counter(ids(items))
    return items


def amounts(items):
    return [str(item.transaction.money.amount) for item in items if item.transaction]


def reasons(items):
    return [item.reason for item in items if item.transaction is None]


class TestTwoKindsOfFiles:
    ROW = ("2024-01-04", "5.00", "Ada B.", "INV-1", "")

    async def test_equal_words_are_one_movement(self, path):
        (item,) = await read(
            path, {"a.csv": table(self.ROW), "b.ofx": ofx_text(statement(posting()))}
        )
        assert item.pointer.startswith("b.ofx")
        (alone,) = await read(path, {"b.ofx": ofx_text()})
        assert item.same_as == (alone.native_id,)

    async def test_an_equal_id_is_one_movement_whatever_the_words(self, path):
        row = ("2024-01-04", "5.00", "Ada", "other words", "1")
        files = {"a.csv": table(row), "b.ofx": ofx_text(statement(posting()))}
        assert len(await read(path, files)) == 1

    async def test_camt_and_mt940_of_one_account(self, path):
        inside = details(text="INV-1")
        files = {
            "a.xml": camt_text(camt_statement(entry(inside=inside))),
            "b.sta": mt940_text(line()),
        }
        (item,) = await read(path, files)
        assert item.pointer.startswith("a.xml")

    @pytest.mark.parametrize(
        "row",
        [
            ("2024-01-05", "5.00", "Ada", "INV-1", ""),
            ("2024-01-04", "5.01", "Ada", "INV-1", ""),
            ("2024-01-04", "5.00", "Ada", "INV-2", ""),
            ("2024-01-04", "5.00", "Ada", "", ""),
        ],
    )
    async def test_anything_less_is_two(self, path, row):
        files = {
            "a.csv": table(row),
            "b.ofx": ofx_text(statement(posting(memo=row[3] and "INV-1"))),
        }
        assert len(await read(path, files)) == 2

    @pytest.mark.parametrize("account", ["", "Checking", "Checking 000012345679"])
    async def test_another_account_is_another_movement(self, path, account):
        files = {"a.csv": table(self.ROW), "b.ofx": ofx_text(statement(posting()))}
        assert len(await read(path, files, account)) == 2

    async def test_equal_movements_are_as_many_as_the_file_with_most(self, path):
        files = {
            "a.csv": table(*[self.ROW] * 3),
            "b.ofx": ofx_text(statement(posting("1"), posting("2"))),
        }
        assert amounts(await read(path, files)) == ["5.00"] * 3


class TestCorrections:
    FIX = "<CORRECTFITID>1\n<CORRECTACTION>REPLACE\n"

    async def test_a_replacement_takes_the_place(self, path):
        fixed = posting("2", amount="6.00", more=self.FIX)
        files = {"a.ofx": ofx_text(statement(posting(), posting("3", amount="9.00")))}
        (before, _) = await read(path, files)
        items = await read(path, {"b.ofx": ofx_text(statement(fixed))})
        assert sorted(amounts(items)) == ["6.00", "9.00"]
        assert [item.corrects for item in items if item.corrects] == [(before.native_id,)]

    async def test_a_replacement_of_a_replacement(self, path):
        second = posting("2", amount="6.00", more=self.FIX)
        third = posting("3", amount="7.00", more=self.FIX.replace("1", "2"))
        files = {"c.ofx": made("20240103", third), "b.ofx": made("20240102", second)}
        (item,) = await read(path, {**files, "a.ofx": made("20240101", posting())})
        assert amounts([item]) == ["7.00"]
        assert len(item.corrects) == 2

    async def test_a_deletion_takes_it_away_and_is_told(self, path):
        gone = posting("2", more=self.FIX.replace("REPLACE", "DELETE"))
        items = await read(path, {"a.ofx": ofx_text(statement(posting(), gone))})
        assert (amounts(items), reasons(items)) == ([], ["withdrawn"])

    @pytest.mark.parametrize("others", [[], [posting(), posting(on="20240107")]])
    async def test_what_cannot_be_told_is_left_to_a_person(self, path, others):
        fixed = posting("2", amount="6.00", more=self.FIX)
        items = await read(path, {"a.ofx": ofx_text(statement(*others, fixed))})
        assert len(amounts(items)) == len(others)
        assert reasons(items) == ["unclear_correction"]

    async def test_the_later_file_counts_where_one_id_has_two_amounts(self, path):
        files = {
            "z.ofx": made("20240105100000", posting(amount="5.00")),
            "a.ofx": made("20240106100000.000[-5:EST]", posting(amount="50.00")),
        }
        assert amounts(await read(path, files)) == ["50.00"]

    async def test_where_no_file_is_the_later_one_both_are_left_to_a_person(self, path):
        files = {
            "a.csv": table(("2024-01-04", "5.00", "Ada", "INV-1", "7")),
            "b.csv": table(("2024-01-04", "50.00", "Ada", "INV-1", "7")),
        }
        items = await read(path, files)
        assert (amounts(items), reasons(items)) == ([], ["two_versions"] * 2)
        (path / "a.csv").unlink()
        assert amounts(await read(path, {})) == ["50.00"]

    async def test_both_in_one_file_are_two_movements(self, path):
        both = made("20240106", posting(), posting(amount="6.00"))
        files = {"a.ofx": made("20240105", posting()), "b.ofx": both}
        assert amounts(await read(path, files)) == ["5.00", "6.00"]

    @pytest.mark.parametrize(
        "first",
        [
            posting("000", amount="4.00"),
            posting(amount="4.00", memo=""),
            posting(on="20240105"),
        ],
    )
    async def test_an_id_that_is_none_or_a_day_more_is_another_movement(self, path, first):
        second = first.replace("<TRNAMT>4.00", "<TRNAMT>5.00").replace("20240105", "20240106")
        files = {"a.ofx": made("20240105", first), "b.ofx": made("20240106", second)}
        assert len(amounts(await read(path, files))) == 2

    async def test_the_later_statement_of_camt_counts(self, path):
        old, new = camt_text(camt_statement(entry())), camt_text(camt_statement(entry("6.00")))
        later = new.replace("<CreDtTm>2024-01-31", "<CreDtTm>2024-02-02")
        assert amounts(await read(path, {"b.xml": old, "a.xml": later})) == ["6.00"]


class TestBalances:
    def months(self, second):
        january = statement(posting("1", amount="10.00"))
        february = statement(posting("2", "20240204", "5.00")).replace("202401", "202402")
        february = february.replace("<DTSTART>20240201", "<DTSTART>20240131").replace(
            "0231", "0229"
        )
        return {
            "a.ofx": ofx_text(january),
            "b.ofx": ofx_text(february.replace("<BALAMT>100.00", f"<BALAMT>{second}")),
        }

    async def test_one_that_follows_from_the_one_before_is_quiet(self, path):
        assert reasons(await read(path, self.months("105.00"))) == []

    async def test_one_that_does_not_is_told(self, path):
        items = await read(path, self.months("106.00"))
        assert amounts(items) == ["10.00", "5.00"]
        assert reasons(items) == ["does_not_add_up"]
        assert items[-1].pointer == "b.ofx: balance of 2024-02-29"

    async def test_a_gap_between_files_tells_nothing(self, path):
        files = self.months("106.00")
        files["b.ofx"] = files["b.ofx"].replace("<DTSTART>20240131", "<DTSTART>20240203")
        assert reasons(await read(path, files)) == []


FILES = [
    made("20240105", posting("1"), posting("2", amount="7.00")),
    made("20240106", posting("1", amount="8.00"), posting("3", amount="7.00", memo="INV-3")),
    made(
        "20240107",
        posting("4", amount="9.00", more="<CORRECTFITID>3\n<CORRECTACTION>REPLACE\n"),
    ),
    table(
        ("2024-01-04", "7.00", "Ada", "INV-1", ""), ("2024-01-09", "1.00", "Ada", "INV-9", "")
    ),
    HEADER + "nothing",
]


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.permutations(FILES), st.lists(st.sampled_from(FILES), max_size=3))
async def test_any_order_and_repetition_of_files_comes_to_the_same(
    tmp_path_factory, order, more
):
    async def found(files):
        path = tmp_path_factory.mktemp("x") / "bank"
        path.mkdir()
        names = (
            f"{n}.csv" if text.startswith("Date") else f"{n}.ofx"
            for n, text in enumerate(files)
        )
        items = await read(path, dict(zip(names, files, strict=False)))
        return sorted(
            (i.native_id, i.reason, sorted(i.same_as), sorted(i.corrects)) for i in items
        )

    assert await found([*order, *more]) == await found(FILES)


async def test_files_that_have_not_changed_are_not_kept_twice(path):
    """A sweep over the same files shows the same items, and holds no second copy of them."""
    (path / "a.ofx").write_text(ofx_text(statement(posting())))
    source = bank(path)
    (fresh,), (again,) = await listing(source), await listing(source)
    assert fresh is not again  # it may be written again within a tick of the clock
    await asyncio.sleep(2.1)
    (first,), (second,) = await listing(source), await listing(source)
    assert first is second
    (path / "a.ofx").write_text(ofx_text(statement(posting(amount="6.00"))))
    assert amounts(await listing(source)) == ["6.00"]


async def test_a_file_of_the_same_size_and_time_is_read_anew(path):
    """A program may set back the time at which a file was changed."""
    (path / "a.ofx").write_text(ofx_text(statement(posting())))
    before = (path / "a.ofx").stat()
    source = bank(path)
    await asyncio.sleep(2.1)
    await listing(source)
    (path / "a.ofx").write_text(ofx_text(statement(posting(amount="6.00"))))
    os.utime(path / "a.ofx", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert amounts(await listing(source)) == ["6.00"]
