"""MT940 statements as banks write them: SWIFT's form, German and Dutch dialects."""

import itertools
import logging
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.connectors.statement_files import line, mt940_text
from tests.connectors.statements_read import amounts, only, read, reasons, write
from tests.contract.transactions import ids
from tests.depth import times

GERMAN = (
    "166?00GUTSCHRIFT?109248?20EREF+E2E-9?21KREF+NONREF?22SVWZ+Rechnung RE-2024-017 v?23"
    "om 3. Januar?30BYLADEM1001?31DE02120300000000202051"
    "?32Elektro Byron und Soehne Gm?33bH Koeln"
)
ABN = (
    "/TRTP/SEPA OVERBOEKING/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/J. JANSS\n"
    "EN BV/REMI/Factuur 2024-17/EREF/NOTPROVIDED"
)
ING = "/EREF/E2E-9//CNTP/NL32INGB0000012345/INGBNL2A/Ada Byron/AMSTERDAM///REMI/USTD//INV-7/"
RABO = (
    "/ORDP//NAME/Ada Byron/ADDR/Kade 1 Utrecht/REMI/STRD/CUR/9001123412341234/ISDT/2024-01-04"
)


@pytest.fixture
def path(tmp_path):
    (tmp_path / "bank").mkdir()
    return tmp_path / "bank"


async def one(path, *lines, **changes):
    """Return the only transaction of a statement with these lines."""
    return await only(path, mt940_text(*lines, **changes))


class TestForms:
    async def test_a_line_in_full(self, path):
        write(path, mt940_text(line("-120.50", text=GERMAN)))
        (item,) = await read(path)
        transaction = item.transaction
        assert transaction.account == "****2051"
        assert transaction.booked_on.isoformat() == "2024-01-04"
        assert str(transaction.money) == "-120.50 EUR"
        assert transaction.counterparty == "Elektro Byron und Soehne GmbH Koeln"
        assert transaction.reference == "Rechnung RE-2024-017 vom 3. Januar E2E-9"
        assert item.pointer == "january.sta:5"

    @pytest.mark.parametrize(
        ("text", "counterparty", "reference"),
        [
            (GERMAN.replace("?", ">"), "Elektro Byron und Soehne GmbH Koeln", None),
            (ABN, "J. JANSSEN BV", "Factuur 2024-17"),
            (ING, "Ada Byron", "INV-7 E2E-9"),
            (RABO, "Ada Byron", "9001123412341234"),
            ("INV-1 from Ada\nwith thanks", "", "INV-1 from Ada with thanks"),
            ("123-45 INV-1", "", "123-45 INV-1"),
            ("+++090/9337/55493+++", "", "+++090/9337/55493+++"),
            ("005?00ENTGELT?20Konto-?21fuehrung", "", "Konto- fuehrung"),
            ("005?00ENTGELT", "", "ENTGELT"),
            ("166?20SVWZ+Wer? Ada?32Ada Byron", "Ada Byron", "Wer? Ada"),
            ("166?20ABWA+Ada Byron?21SVWZ+INV-1?32Pay GmbH", "Ada Byron", "INV-1"),
            ("", "", ""),
        ],
    )
    async def test_dialects(self, path, text, counterparty, reference):
        found = await one(path, line(text=text))
        assert found.counterparty == counterparty
        assert reference is None or found.reference == reference

    async def test_the_reference_of_the_payer(self, path):
        assert (
            await one(path, line(customer="INV-2024-0001"))
        ).reference == "INV-1 INV-2024-0001"

    async def test_a_reference_longer_than_swift_allows(self, path):
        found = await one(path, line(ref="B" * 16, customer="C" * 30))
        assert found.reference == "INV-1 " + "C" * 30

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-8-sig"])
    async def test_line_ends_and_encodings(self, path, end, encoding):
        text = mt940_text(line(text="Müller"), line("2.00", ref="R2"))
        write(path, text.replace("\n", end), encoding=encoding)
        items = await read(path)
        assert items[0].transaction.reference == "Müller"
        assert len(items) == 2

    async def test_the_blocks_of_swift_around_it(self, path):
        text = mt940_text(line()).removesuffix("-\n")
        write(path, "{1:F01AAAADEFFAXXX0000000000}{2:O9400000N}{4:\n" + text + "-}\n")
        assert amounts(await read(path)) == ["5.00"]

    async def test_several_statements(self, path):
        other = mt940_text(line("7.00"), account="NL91ABNA0417164300EUR", number="2")
        write(path, mt940_text(line()) + other)
        items = await read(path)
        assert [i.transaction.account for i in items] == ["****2051", "****4300"]

    @pytest.mark.parametrize(
        ("value", "entry", "booked"),
        [
            ("231231", "0102", "2024-01-02"),
            ("240102", "1231", "2023-12-31"),
            ("240230", "0301", "2024-03-01"),
            ("240104", "", "2024-01-04"),
            ("240104", "    ", "2024-01-04"),
        ],
    )
    async def test_the_day_of_booking(self, path, value, entry, booked):
        text = mt940_text(line()).replace(":61:2401040104", f":61:{value}{entry}")
        write(path, text)
        (item,) = await read(path)
        assert item.transaction.booked_on.isoformat() == booked

    @pytest.mark.parametrize(
        ("mark", "amount"), [("C", "5.00"), ("D", "-5.00"), ("RC", "-5.00"), ("RD", "5.00")]
    )
    async def test_reversals_go_the_other_way(self, path, mark, amount):
        assert str((await one(path, line(mark=mark))).money.amount) == amount

    async def test_a_letter_of_the_currency_is_no_mark(self, path):
        write(path, mt940_text(line()).replace("C5,00", "CR5,00"))
        assert amounts(await read(path)) == ["5.00"]

    async def test_what_was_paid_in_another_currency_and_the_charges(self, path):
        text = mt940_text(line("98.50"))
        beside = "//R1\n/OCMT/USD108,90//EXCH/1,0890//CHGS/EUR1,50/"
        write(path, text.replace("//R1", beside))
        (item,) = await read(path)
        found = item.transaction
        assert (str(found.money), str(found.fee)) == ("100.00 EUR", "1.50 EUR")
        assert str(found.exchange.money) == "108.90 USD"
        assert found.exchange.rate == Decimal("0.9182736455")


class TestTroubles:
    async def test_balances_that_do_not_add_up(self, path):
        write(path, mt940_text(line(), opening="10.00", closing="15.01", number="7/1"))
        items = await read(path)
        assert (amounts(items), reasons(items)) == (["5.00"], ["does_not_add_up"])
        assert items[1].pointer == "january.sta: balances of statement 7/1"

    async def test_pages_that_hand_on_a_balance_add_up_each(self, path):
        first = mt940_text(line(), opening="1.00").replace("62F", "62M")
        second = mt940_text(line("2.00", ref="R2"), opening="6.00").replace("60F", "60M")
        write(path, first + second)
        assert reasons(await read(path)) == []

    async def test_a_statement_without_end(self, path):
        text = mt940_text(line())
        write(path, text[: text.index(":62F:")])
        items = await read(path)
        assert (amounts(items), reasons(items)) == (["5.00"], ["cut_off"])

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            (":61:2401040104C5,00", ":61:nothing", "bad_row"),
            (":61:2401040104", ":61:2402300230", "bad_date"),
            (":61:2401040104", ":61:2413040104", ""),
            ("C5,00", "C5,0,0", "bad_amount"),
            ("C5,00", "C,00", "bad_amount"),
            ("EUR", "EUX", "bad_currency"),
        ],
    )
    async def test_a_line_that_cannot_be_read_costs_no_other(self, path, old, new, reason):
        write(path, mt940_text(line(ref="R9")).replace(old, new), "other.sta")
        write(path, mt940_text(line("7.00", ref="R2")))
        items = await read(path)
        assert reasons(items) == [reason] * bool(reason)
        assert "7.00" in amounts(items)

    async def test_a_day_that_is_not_over_is_no_statement(self, path):
        write(path, f":20:S\n:25:1/2\n:28C:1\n:34F:EUR0,\n:13D:2401041200+0100\n{line()}-\n")
        assert reasons(await read(path)) == ["not_a_statement"]

    async def test_nothing_that_the_bank_wrote_is_logged(self, path, caplog):
        broken = line(text=GERMAN).replace(":61:24", ":61:x")
        write(path, mt940_text(line(text=GERMAN)).replace(":62F:", f"{broken}:62F:"))
        with caplog.at_level(logging.DEBUG):
            await read(path)
        assert "Byron" not in caplog.text

    async def test_a_reference_of_zeros_is_none(self, path):
        write(path, mt940_text(line(ref="0000000"), line("6.00", ref="0000000")))
        write(path, mt940_text(line("7.00", ref="0000000")), "page-2.sta")
        assert amounts(await read(path)) == ["5.00", "6.00", "7.00"]

    async def test_equal_lines_are_as_many_movements_and_the_file_twice_adds_none(self, path):
        text = mt940_text(line(), line(), line(ref=""), line(ref=""))
        write(path, text)
        before = await read(path)
        assert len(before) == 4
        write(path, text, "again.sta")
        assert ids(await read(path)) == ids(before)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
async def test_any_order_and_split_of_a_statement_gives_the_same_ids(tmp_path_factory, data):
    """Lines with the bank's ids, and lines without that differ, in any files, repeated."""
    lines = [line(f"{n}.00", ref=f"R{n % 3}" if n % 2 else "") for n in range(1, 7)]
    whole = tmp_path_factory.mktemp("a") / "bank"
    whole.mkdir()
    write(whole, mt940_text(*lines))
    shuffled = data.draw(st.permutations(lines))
    cuts = sorted(data.draw(st.sets(st.integers(1, 5))))
    pieces = [shuffled[a:b] for a, b in itertools.pairwise([0, *cuts, 6])]
    pieces += data.draw(st.lists(st.sampled_from(pieces), max_size=2))
    parts = tmp_path_factory.mktemp("b") / "bank"
    parts.mkdir()
    for number, piece in enumerate(pieces):
        write(parts, mt940_text(*piece), f"{number}.sta")
    assert sorted(ids(await read(parts))) == sorted(ids(await read(whole)))


@settings(
    max_examples=times(80),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.sampled_from(
            [
                ":20:S\n",
                ":25:1\n",
                ":28C:1\n",
                ":60F:C240101EUR1,\n",
                ":60F:x\n",
                ":62F:C240131EUR1,\n",
                ":61:2401040104C5,00NTRFNONREF//R\n",
                ":61:24",
                ":61:2401C5,",
                ":86:166?20",
                "?",
                "\r\n",
                "/REMI/",
                "/NAME/",
                "-\n",
                "-}\n",
                "{4:",
                "SVWZ+",
                "?32",
                "\n",
                "text",
                ",",
                ":NS:",
                "٣",
            ]
        ),
        max_size=25,
    )
)
async def test_no_text_breaks_it_or_parts_pages_from_census(tmp_path_factory, pieces):
    path = tmp_path_factory.mktemp("x") / "bank"
    path.mkdir()
    write(path, ":20:S\n:25:1\n" + "".join(pieces))
    await read(path)
