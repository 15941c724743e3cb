"""What the stand-in of Graph refuses is waited for, mended or told; no row goes in twice."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest

from flows.errors import OperatorError, SignInNeeded, Throttled, TransientError
from tests.connectors.outlook_account import ADDRESS, Granted
from tests.connectors.workbook_account import SITE, OnlineAccount
from tests.contract.outlet import output
from tests.contract.transactions import listing, seen
from tests.servers.graph import GraphServer
from tests.servers.graph.books import BookTable

ROW = (1, date(2024, 3, 1), 5, "Ada", "x")


@pytest.fixture
async def account():
    with GraphServer() as server:
        made = OnlineAccount(server)
        made.put([ROW])
        yield made
        await made.close()
        assert server.violations == []
        assert server.hasty == []
        assert (made.book.crowded, made.book.sessionless) == (0, 0)


def row(number, **cells):
    return output("row.append", number, {"cells": cells or {"Name": f"Bob {number}"}})


def names(account):
    return [each[3] for each in account.book.table().rows]


class TestReading:
    async def test_an_unchanged_workbook_costs_one_call(self, account):
        source = account.open()
        page = await source.page("", 100)
        assert len(page.items) == 1
        account.asked()
        again = await source.page(page.cursor, 100)
        assert (again.items, again.cursor, again.more) == ((), page.cursor, False)
        assert [each.partition("/drive/")[2] for each in account.asked()] == [
            "root:/Books/2026%20sales.xlsx"
        ]

    async def test_that_holds_after_a_restart(self, account):
        page = await account.open().page("", 100)
        account.asked()
        await account.open().page(page.cursor, 100)
        assert len(account.asked()) == 1

    async def test_other_columns_are_read_anew(self, account):
        page = await account.open().page("", 100)
        columns = {"date": "Date", "amount": "Amount"}
        assert len((await account.open(columns=columns).page(page.cursor, 100)).items) == 1

    async def test_what_is_changed_is_read_anew(self, account):
        source = account.open()
        page = await source.page("", 100)
        account.put([ROW, (2, date(2024, 3, 2), 6, "Bob", "y")])
        assert len((await source.page(page.cursor, 100)).items) == 2

    async def test_sorting_changes_no_id(self, account):
        rows = [(n, date(2024, 3, n), n, "Ada", "x") for n in range(1, 9)]
        account.put(rows)
        before = await listing(account.open())
        account.put(rows[::-1])
        after = await listing(account.open())
        assert [i.native_id for i in after] == [i.native_id for i in before]

    async def test_a_long_table_is_read_in_parts(self, account):
        account.put((n, date(2024, 3, 1), n / 100, "Ada", f"x{n}") for n in range(1, 2501))
        items = await listing(account.open(), 1000)
        assert len(seen(items)) == 2500
        assert sum("/rows" in each for each in account.asked()) == 3

    async def test_days_are_counted_as_the_workbook_counts_them(self):
        with GraphServer() as server:
            account = OnlineAccount(server, since_1904=True)
            account.put([ROW])
            assert account.book.table().rows[0][1] == 45352 - 1462
            (item,) = await listing(account.open())
            await account.close()
        assert item.transaction.booked_on == date(2024, 3, 1)

    async def test_texts_blanks_errors_and_equal_keys(self, account):
        account.put(
            [
                ("a", "1 March 2024", "1,000.50", "Ada", "x"),
                (None, None, None, None, None),
                ("b", date(2024, 3, 2), "#REF!", "Ada", "x"),
                ("c", date(2024, 3, 3), True, "Ada", "x"),
                ("d", date(2024, 3, 4), 7, "Ada", "x"),
                ("d", date(2024, 3, 5), 8, "Ada", "x"),
            ]
        )
        items = await listing(account.open())
        assert seen(items) == [(date(2024, 3, 1), Decimal("1000.50"), "x")]
        assert [(i.reason, i.pointer) for i in items[1:]] == [
            ("bad_amount", "Books/2026 sales.xlsx/Payments:3"),
            ("bad_amount", "Books/2026 sales.xlsx/Payments:4"),
            ("duplicate_key", "Books/2026 sales.xlsx/Payments:5"),
            ("duplicate_key", "Books/2026 sales.xlsx/Payments:6"),
        ]

    async def test_reading_changes_nothing(self, account):
        before = account.book.version
        await listing(account.open())
        assert account.book.version == before
        assert account.book.sessions == {}

    async def test_without_columns_nothing_is_asked(self, account):
        page = await account.open(columns=None).page("", 10)
        assert (page.items, account.asked()) == ((), [])


class TestRows:
    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@x", "'x", "007", "2026-03-01"])
    async def test_a_text_stays_text(self, account, text):
        await account.rows().deliver(row(1, Text=text))
        assert account.book.table().rows[-1] == [f"o{1:024x}", "", "", "", text]
        assert account.book.formulas == []

    @pytest.mark.parametrize(("text", "value"), [("12.50", 12.5), ("-3", -3), ("0", 0)])
    async def test_a_plain_number_is_one(self, account, text, value):
        await account.rows().deliver(row(1, Amount=text))
        assert account.book.table().rows[-1][2] == value

    async def test_our_rows_do_not_come_back_as_movements(self, account):
        before = await listing(account.open())
        await account.rows().deliver(row(1, Date="2024-04-01", Amount="9"))
        assert await listing(account.open()) == before

    @pytest.mark.parametrize("kind", ["cut_after", "504_after", "cut_midway"])
    async def test_a_row_whose_answer_was_lost_is_not_added_again(self, account, kind):
        account.server.faults.fail_next("/rows/add", kind)
        with pytest.raises(TransientError):
            await account.rows().deliver(row(1))
        assert names(account) == ["Ada", "Bob 1"]
        await account.rows().deliver(row(1))
        assert names(account) == ["Ada", "Bob 1"]

    @pytest.mark.parametrize("kind", ["cut_before", "500", "502", "503", "504"])
    async def test_a_row_that_did_not_go_in_goes_in_later(self, account, kind):
        account.server.faults.fail_next("/rows/add", kind)
        with pytest.raises(TransientError):
            await account.rows().deliver(row(1))
        assert names(account) == ["Ada"]
        await account.rows().deliver(row(1))
        assert names(account) == ["Ada", "Bob 1"]

    async def test_with_trouble_everywhere_each_row_is_in_once(self, account):
        kinds = (
            "429",
            "503",
            "504",
            "504_after",
            "cut_before",
            "cut_after",
            "cut_midway",
            "401",
        )
        account.server.faults.random(rate=0.15, kinds=kinds, seed=11)
        waiting = [row(n) for n in range(12)]
        dice = random.Random(3)
        for _ in range(300):
            if not waiting:
                break
            each = dice.choice(waiting)
            try:
                await account.rows().deliver(each)
            except TransientError:
                continue
            waiting.remove(each)
        assert not waiting
        assert sorted(names(account)[1:]) == sorted(f"Bob {n}" for n in range(12))

    async def test_columns_that_are_not_there_are_told(self, account):
        with pytest.raises(OperatorError, match="no column 'Nmae'") as caught:
            await account.rows().deliver(row(1, Nmae="Bob"))
        assert "did you mean 'Name'?" in caught.value.fix
        assert names(account) == ["Ada"]


class TestTrouble:
    @pytest.mark.parametrize("kind", ["429", "503"])
    async def test_pauses_that_graph_asks_for_are_kept(self, account, kind):
        account.server.faults.fail_next("/rows", kind, retry_after=1)
        assert len(await listing(account.open())) == 1

    async def test_too_long_a_pause_is_told(self, account):
        account.server.faults.fail_next("/createSession", "429", retry_after=3600)
        with pytest.raises(Throttled):
            await listing(account.open(graph=account.graph(patience=1.0)))

    async def test_a_session_that_ends_in_the_middle_is_opened_anew(self, account):
        account.put((n, date(2024, 3, 1), n, "Ada", "x") for n in range(1, 1501))
        book, real, calls = account.book, account.server.books.session, []

        def forgetful(of, session_id):
            calls.append(session_id)
            if len(calls) == 4:
                book.sessions.clear()
            return real(of, session_id)

        account.server.books.session = forgetful
        assert len(await listing(account.open(), 1000)) == 1500
        assert sum("createSession" in each for each in account.asked()) == 2

    async def test_a_session_that_never_holds_is_told(self, account):
        account.server.books.session = lambda *_: None
        with pytest.raises(TransientError, match="session"):
            await listing(account.open())

    async def test_a_locked_workbook_is_read_and_its_rows_wait(self, account):
        account.book.locked = True
        assert len(await listing(account.open())) == 1
        with pytest.raises(TransientError, match="locked"):
            await account.rows().deliver(row(1))
        account.book.locked = False
        await account.rows().deliver(row(1))
        assert names(account) == ["Ada", "Bob 1"]

    async def test_tables_files_and_sites_that_are_not_there_are_told(self, account):
        with pytest.raises(OperatorError, match="no table 'Leads'"):
            await listing(account.open(table="Leads"))
        with pytest.raises(OperatorError, match="has no office@hudson"):
            await listing(account.open(file="other.xlsx"))
        with pytest.raises(OperatorError, match="sites/none"):
            await listing(account.open(site="hudson.example/sites/none"))
        with pytest.raises(OperatorError, match="no column 'Nr'"):
            await listing(account.open(key="Nr"))
        assert account.book.sessions == {}

    async def test_a_permission_that_is_missing_is_told(self, account):
        graph = account.graph(Granted(account.server, scopes=("Mail.ReadWrite",)))
        with pytest.raises(SignInNeeded, match="does not let this account") as caught:
            await listing(account.open(graph=graph))
        assert caught.value.why == "not_permitted"
        assert "Files.ReadWrite" in caught.value.fix

    async def test_a_workbook_of_somebody_else_is_not_opened(self, account):
        eve = Granted(account.server, "eve@hudson.example", scopes=("Files.ReadWrite",))
        with pytest.raises(SignInNeeded):
            await listing(account.open(graph=account.graph(eve)))

    async def test_a_token_that_has_expired_is_renewed(self, account):
        tokens = Granted(account.server)
        account.server.revoke(tokens.held)
        assert len(await listing(account.open(graph=account.graph(tokens)))) == 1
        assert tokens.renewals == 1

    async def test_nothing_of_a_cell_stands_in_an_error(self, account):
        account.book.tables.append(BookTable("Other", ["No", "Date"], [["secret", "cell"]]))
        with pytest.raises(OperatorError) as caught:
            await listing(account.open(table="Other"))
        assert "secret" not in str(caught.value)

    async def test_a_site_is_looked_up_once(self):
        with GraphServer() as server:
            account = OnlineAccount(server, site=SITE)
            account.put([ROW])
            source = account.open()
            page = await source.page("", 10)
            assert f"GET /v1.0/sites/{SITE.replace('/', ':/', 1)}" in account.asked()
            await source.page(page.cursor, 10)
            assert len(account.asked()) == 1
            await account.close()
        assert ADDRESS not in page.items[0].pointer
