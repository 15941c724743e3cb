"""CSV bank files as banks and spreadsheets write them."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.errors import AdministratorError, OperatorError
from tests.connectors.bank_files import COLUMNS, bank, csv_text
from tests.contract.transactions import ids, listing
from tests.depth import times


@pytest.fixture
def path(tmp_path):
    (tmp_path / "bank").mkdir()
    return tmp_path / "bank"


def write(path, text, name="january.csv", encoding="utf-8"):
    (path / name).write_bytes(text.encode(encoding))
    return path


async def read(path, **spec):
    """Return all items; the census agrees with them."""
    items = await listing(bank(path, **spec), 3)
    counted = [native_id async for native_id in bank(path, **spec).census()]
    assert Counter(counted) == Counter(ids(items))
    return items


async def amounts(path, **spec):
    return [str(i.transaction.money.amount) for i in await read(path, **spec) if i.transaction]


def reasons(items):
    return {item.pointer: item.reason for item in items if item.transaction is None}


ADA = ("2024-01-04", "5.00", "Ada", "INV-1")


class TestForms:
    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
    )
    async def test_any_encoding_of_banks_and_spreadsheets(self, path, encoding):
        write(
            path, csv_text([("2024-01-04", "5.00", "Renée Müller", "INV-1")]), encoding=encoding
        )
        (item,) = await read(path)
        assert item.transaction.counterparty == "Renée Müller"

    @pytest.mark.parametrize("delimiter", [";", "|", "\t"])
    async def test_any_delimiter(self, path, delimiter):
        write(path, csv_text([ADA], delimiter=delimiter))
        assert await amounts(path, delimiter=delimiter) == ["5.00"]

    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\n\n", "\r\n,,,\r\n"])
    async def test_any_line_ends_and_blank_lines(self, path, newline):
        text = csv_text([ADA, ("2024-01-05", "6.00", "Bob", "INV-2")])
        write(path, text.replace("\r\n", newline))
        assert await amounts(path) == ["5.00", "6.00"]

    async def test_a_header_below_a_preamble(self, path):
        write(path, "sep=,\nExported for Hudson\n\nAccount,****1234\n" + csv_text([ADA]))
        (item,) = await read(path)
        assert item.pointer == "january.csv:6"

    async def test_a_header_in_other_case_and_spacing(self, path):
        write(path, csv_text([ADA], (" DATE ", "amount", "NAME", "Text")))
        assert await amounts(path) == ["5.00"]

    async def test_quoted_cells_over_several_lines(self, path):
        rows = [("2024-01-04", "5.00", "Ada, Ltd", 'two\nlines "x"'), ADA]
        write(path, csv_text(rows))
        items = await read(path)
        assert items[0].transaction.reference == 'two lines "x"'
        assert items[1].pointer == "january.csv:4"

    @pytest.mark.parametrize("stray", ['"Ada', 'Ada "the boss', '"Ada" Byron', 'Ada"'])
    async def test_a_stray_quote_swallows_no_other_movement(self, path, stray):
        lines = [
            f"2024-01-0{n},{n}.00,{stray if n == 4 else 'Bob'},INV-{n}" for n in range(1, 9)
        ]
        write(path, "\n".join(["Date,Amount,Name,Text", *lines]))
        assert await amounts(path) == [f"{n}.00" for n in range(1, 9)]

    async def test_a_stray_quote_before_a_very_long_rest(self, path):
        lines = [f"2024-01-04,{n},Bob,INV-{n}" for n in range(1, 20_001)]
        lines[5] = '2024-01-04,6,"Bob,INV-6'
        write(path, "\n".join(["Date,Amount,Name,Text", *lines]))
        items = await listing(bank(path), 1000)
        assert sum(item.transaction is not None for item in items) == 20_000

    async def test_paid_in_and_paid_out(self, path):
        columns = {"date": "Date", "paid_in": "In", "paid_out": "Out"}
        rows = [("2024-01-01", "5.00", ""), ("2024-01-02", "", "6.00")]
        rows += [("2024-01-03", "", "-7.00"), ("2024-01-04", "0.00", "8.00")]
        rows += [
            ("2024-01-05", "1.00", "1.00"),
            ("2024-01-06", "", ""),
            ("2024-01-07", "0", ""),
        ]
        write(path, csv_text(rows, ("Date", "In", "Out")))
        assert await amounts(path, columns=columns) == ["5.00", "-6.00", "-7.00", "-8.00", "0"]
        items = await read(path, columns=columns)
        assert set(reasons(items).values()) == {"bad_amount"}

    async def test_european_files(self, path):
        rows = [("31.01.2024", "-1.234,56", "Müller", "RE-7")]
        write(path, csv_text(rows, delimiter=";"), encoding="cp1252")
        spec = {"delimiter": ";", "dates": "day-first", "decimal": ","}
        (item,) = await read(path, currency="EUR", **spec)
        assert str(item.transaction.money) == "-1234.56 EUR"
        assert item.transaction.booked_on.isoformat() == "2024-01-31"

    async def test_currencies_come_from_column_then_cell_then_business(self, path):
        columns = {**COLUMNS, "currency": "Currency"}
        rows = [(*ADA, "chf"), ("2024-01-05", "EUR 5", "Ada", "2", ""), (*ADA, "")]
        rows += [(*ADA, "dollars"), ("2024-01-06", "EUR 5", "Ada", "2", "CHF")]
        write(path, csv_text(rows, ("Date", "Amount", "Name", "Text", "Currency")))
        items = await read(path, columns=columns)
        found = [item.transaction.money.currency for item in items if item.transaction]
        assert found == ["CHF", "USD", "EUR"]
        assert list(reasons(items).values()) == ["bad_currency"] * 2

    async def test_the_account_is_masked(self, path):
        write(path, csv_text([ADA]))
        (item,) = await read(path, account="Office 000012345678")
        assert item.transaction.account == "Office ****5678"

    async def test_control_characters_do_not_reach_a_transaction(self, path):
        write(path, csv_text([("2024-01-04", "5.00", "Ada\u0085\u200eX", " a \t b ")]))
        (item,) = await read(path)
        assert (item.transaction.counterparty, item.transaction.reference) == ("Ada X", "a b")


class TestRowsThatAreNoMovements:
    async def test_each_has_its_reason_and_its_place(self, path):
        lines = [
            "Date,Amount,Name,Text",
            "2024-01-04,5.00,Ada,INV-1",
            "2024-02-30,5.00,Ada,INV-1",
            "2024-01-05,five,Ada,INV-1",
            "2024-01-05",
            "2024-01-06,12,50,Ada,INV-1",
            "Date,Amount,Name,Text",
            "January,,,",
            "2024-01-07,6.00,Bob,INV-2",
            "Total,11.00,,",
            ",11.00,,",
            "(c) The Bank",
        ]
        write(path, "\n".join(lines))
        items = await read(path)
        assert reasons(items) == {
            "january.csv:3": "bad_date",
            "january.csv:4": "bad_amount",
            "january.csv:5": "bad_amount",
            "january.csv:6": "bad_row",
            "january.csv:7": "not_a_movement",
            "january.csv:8": "not_a_movement",
            "january.csv:10": "not_a_movement",
            "january.csv:11": "not_a_movement",
            "january.csv:12": "not_a_movement",
        }
        assert len(items) == 11

    async def test_a_bad_row_in_two_files_is_one(self, path):
        bad = ("2024-02-30", "5.00", "Ada", "INV-1")
        write(path, csv_text([ADA, bad]))
        write(path, csv_text([bad, bad]), "february.csv")
        assert len(await read(path)) == 3

    async def test_an_amount_is_never_guessed_from_shifted_cells(self, path):
        write(path, "Date,Amount,Name\n2024-01-04,1,234.00,Ada\n")
        (item,) = await read(path, columns={"date": "Date", "amount": "Amount"})
        assert item.reason == "bad_row"

    @pytest.mark.parametrize("dates", ["month-first", "day-first"])
    async def test_dates_in_the_other_order_are_refused(self, path, dates):
        other = {"month-first": "31/01/2024", "day-first": "01/31/2024"}[dates]
        write(path, csv_text([(other, "5.00", "Ada", "1")]))
        (item,) = await read(path, dates=dates)
        assert item.reason == "bad_date"


class TestFiles:
    async def test_other_files_are_named_with_a_reason(self, path):
        write(path, csv_text([ADA]))
        (path / "statement.pdf").write_bytes(b"%PDF-1.7\n\x00\x01\x02")
        (path / "README.txt").write_text("Put bank files here, please.\n")
        (path / "empty.csv").write_text("")
        (path / ".DS_Store").write_text("x")
        (path / "half.csv.crdownload").write_text("x")
        items = await read(path)
        assert reasons(items) == {
            "README.txt": "not_a_bank_file",
            "empty.csv": "empty",
            "statement.pdf": "not_a_bank_file",
        }
        assert len(items) == 4

    async def test_a_header_without_rows_is_no_entry(self, path):
        write(path, csv_text([]))
        assert await read(path) == []

    async def test_directories_at_any_depth(self, path):
        (path / "2024" / "q1").mkdir(parents=True)
        write(path / "2024" / "q1", csv_text([ADA]))
        (item,) = await read(path)
        assert item.pointer == "2024/q1/january.csv:2"

    async def test_one_file_of_any_name(self, path):
        write(path, csv_text([ADA]), "umsatz")
        (item,) = await read(path / "umsatz")
        assert item.pointer == "umsatz:2"

    async def test_a_missing_path_says_what_to_do(self, path):
        with pytest.raises(AdministratorError) as caught:
            await bank(path / "nothing").page("", 10)
        assert "flows.yaml" in caught.value.fix
        with pytest.raises(AdministratorError):
            [i async for i in bank(path / "nothing").census()]

    async def test_links_and_pipes_are_left_out(self, path, tmp_path):
        import os

        (tmp_path / "outside.csv").write_text(csv_text([ADA]))
        (path / "link.csv").symlink_to(tmp_path / "outside.csv")
        (path / "loop").symlink_to(path)
        os.mkfifo(path / "pipe.csv")
        assert await read(path) == []


class TestColumns:
    async def refused(self, path, **spec):
        with pytest.raises(OperatorError) as caught:
            await bank(path, **spec).page("", 10)
        with pytest.raises(OperatorError):
            [i async for i in bank(path, **spec).census()]
        return caught.value

    async def test_a_missing_column_is_told_with_the_nearest_and_all(self, path):
        write(path, "x\n" + csv_text([ADA], ("Date", "Amont", "Name", "Text")))
        error = await self.refused(path)
        assert (error.where.file, error.where.line) == ("january.csv", 2)
        assert "'Amount'" in error.what
        assert "did you mean 'Amont' for 'Amount'?" in error.fix
        assert "'Date', 'Amont', 'Name', 'Text'" in error.fix

    async def test_a_wrong_delimiter_is_recognised(self, path):
        write(path, csv_text([ADA], delimiter=";"))
        assert "';'" in (await self.refused(path)).fix

    async def test_no_header_row_shows_no_values(self, path):
        write(path, "2024-01-04,5.00,Ada Byron,INV-1\nAda Byron,Amos,Name of Ada,x\n")
        error = await self.refused(path)
        assert "Byron" not in str(error)

    async def test_a_header_in_other_words_is_told(self, path):
        write(path, csv_text([ADA], ("Buchungstag", "Betrag", "Empfaenger", "Zweck")))
        assert "'Buchungstag', 'Betrag'" in (await self.refused(path)).fix

    async def test_a_preamble_is_not_shown(self, path):
        write(path, "Name,Ada Byron\n\n2024-01-04,5.00,Ada Byron,INV-1\n")
        assert "Byron" not in str(await self.refused(path))

    async def test_a_column_that_stands_twice_is_refused(self, path):
        write(path, csv_text([(*ADA, "7.00")], ("Date", "Amount", "Name", "Text", "Amount")))
        assert "twice" in (await self.refused(path)).what

    async def test_no_columns_for_a_csv_is_refused(self, path):
        write(path, csv_text([ADA]))
        assert "`columns`" in (await self.refused(path, columns=None)).what

    async def test_no_column_for_amounts_is_refused(self, path):
        write(path, csv_text([ADA]))
        assert "amounts" in (await self.refused(path, columns={"date": "Date"})).what


class TestIdentity:
    async def test_equal_rows_in_overlapping_files(self, path):
        coffee = ("2024-01-04", "-2.50", "Cafe", "")
        write(path, csv_text([ADA, coffee, coffee]))
        write(path, csv_text([coffee, coffee, ("2024-01-05", "1.00", "Bob", "")]), "later.csv")
        assert len(await read(path)) == 4

    async def test_the_way_an_amount_is_written_does_not_matter(self, path):
        write(path, csv_text([("2024-01-04", "1234.50", "Ada", "INV-1")]))
        write(path, csv_text([("20240104", "$1,234.5", " Ada ", "INV-1")]), "b.csv")
        assert len(await read(path)) == 1

    async def test_a_bank_id_used_again_loses_no_movement(self, path):
        columns = {**COLUMNS, "id": "Id"}
        rows = [(*ADA, "1"), ("2024-01-05", "5.00", "Ada", "INV-1", "1"), (*ADA, "1")]
        rows += [("2024-01-04", "6.00", "Ada", "INV-1", "1")]
        rows += [("2024-01-04", "5.00", "Bob", "INV-2", "1")]
        header = ("Date", "Amount", "Name", "Text", "Id")
        write(path, csv_text(rows, header))
        items = await read(path, columns=columns)
        assert len(items) == 4
        write(path, csv_text(rows[::-1], header), "b.csv")
        assert ids(await read(path, columns=columns)) == ids(items)

    async def test_newest_first_what_is_added_on_top_changes_no_id(self, path):
        columns, header = {**COLUMNS, "id": "Id"}, ("Date", "Amount", "Name", "Text", "Id")
        old = [("2024-01-05", "5.00", "Ada", "x", "0"), ("2024-01-04", "1.00", "Ada", "y", "0")]
        write(path, csv_text(old, header))
        before = ids(await read(path, columns=columns))
        write(path, csv_text([("2024-01-05", "5.00", "Bob", "z", "0"), *old], header))
        items = await read(path, columns=columns)
        assert ids(items)[:2] == before
        assert [item.transaction.counterparty for item in items] == ["Ada", "Ada", "Bob"]

    async def test_other_accounts_are_other_movements(self, path):
        write(path, csv_text([ADA]))
        first, second = await read(path, account="a"), await read(path, account="b")
        assert ids(first) != ids(second)

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        rows=st.lists(
            st.tuples(
                st.dates(date(1970, 1, 1), date(2199, 12, 31)).map(str),
                st.decimals(-(10**6), 10**6, places=2),
                st.text(max_size=8),
                st.text(max_size=8),
            ),
            max_size=8,
        ),
        delimiter=st.sampled_from(",;|"),
    )
    async def test_any_rows_come_back_each_once(self, path, rows, delimiter):
        plain = [
            [c.replace("\0", "") if isinstance(c, str) else c for c in row] for row in rows
        ]
        text = csv_text(plain, delimiter=delimiter)
        (path / "january.csv").write_bytes(text.encode("utf-8", "replace"))
        items = await read(path, delimiter=delimiter)
        found = [i.transaction.money.amount for i in items if i.transaction]
        assert sorted(found) == sorted(Decimal(row[1]) for row in rows)


class TestRobustness:
    @settings(
        max_examples=times(50),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.binary(max_size=400))
    async def test_no_bytes_below_a_header_break_it(self, path, content):
        (path / "a.csv").write_bytes(b"Date,Amount,Name,Text\n" + content)
        (path / "b.bin").write_bytes(content)
        await read(path)


@pytest.mark.parametrize(
    ("name", "currency"),
    [("Betrag (€)", "EUR"), ("Bedrag (EUR)", "EUR"), ("Amount CAD", "CAD"), ("Amount", "USD")],
)
async def test_the_name_of_a_column_may_tell_its_currency(tmp_path, name, currency):
    columns = {"date": "Date", "amount": name, "counterparty": "Name", "reference": "Text"}
    text = csv_text([("2024-01-04", "5.00", "Ada", "x")], header=("Date", name, "Name", "Text"))
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    (item,) = await listing(bank(tmp_path / "a.csv", columns=columns))
    assert item.transaction.money.currency == currency
