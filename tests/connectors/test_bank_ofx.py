"""OFX and QFX files as banks write them, by the standard and beside it."""

import logging
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.connectors.bank_files import HEADER, bank, ofx_text, posting, statement
from tests.contract.transactions import ids, listing
from tests.depth import times

XML_HEADER = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    '<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE"'
    ' OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
)


@pytest.fixture
def path(tmp_path):
    (tmp_path / "bank").mkdir()
    return tmp_path / "bank"


def write(path, text, name="january.ofx", encoding="utf-8"):
    (path / name).write_bytes(text.encode(encoding))


async def read(path, **spec):
    """Return all items; the census agrees with them."""
    items = await listing(bank(path, columns=None, **spec), 3)
    counted = [n async for n in bank(path, columns=None, **spec).census()]
    assert Counter(counted) == Counter(ids(items))
    return items


def closed(text):
    """Turn SGML leaves into XML elements."""
    lines = []
    for line in text.split("\n"):
        tag, sep, value = line.partition(">")
        lines.append(f"{line}</{tag[1:]}>" if sep and value and tag[1:2] != "/" else line)
    return "\n".join(lines)


def names(items):
    return [item.transaction.counterparty for item in items if item.transaction]


class TestForms:
    async def test_a_posting_in_full(self, path):
        more = "<CHECKNUM>1042\n<REFNUM>R7\n"
        write(path, ofx_text(statement(posting(amount="-5.00", more=more))))
        (item,) = await read(path)
        transaction = item.transaction
        assert transaction.account == "****5678"
        assert transaction.booked_on.isoformat() == "2024-01-04"
        assert str(transaction.money) == "-5.00 USD"
        assert transaction.counterparty == "Ada"
        assert transaction.reference == "INV-1 R7 1042"
        assert transaction.source == "bank"
        assert item.pointer == "january.ofx:22"

    async def test_xml(self, path):
        write(path, closed(ofx_text(statement(posting(), posting("2")), header=XML_HEADER)))
        assert len(await read(path)) == 2

    async def test_sgml_and_xml_of_one_movement_are_one(self, path):
        write(path, ofx_text(statement(posting())))
        write(path, closed(ofx_text(statement(posting()), header=XML_HEADER)), "b.qfx")
        assert len(await read(path)) == 1

    @pytest.mark.parametrize(
        "header",
        [
            "",
            "OFXHEADER:100 DATA:OFXSGML VERSION:102 SECURITY:NONE ENCODING:USASCII CHARSET:1252"
            " COMPRESSION:NONE OLDFILEUID:NONE NEWFILEUID:NONE",
            "\n\n" + HEADER,
            "\ufeff" + HEADER,
            HEADER.replace("\n", "\r\n"),
            HEADER.replace("CHARSET:1252", "CHARSET:NONE"),
            HEADER.replace("VERSION:102", "VERSION:999"),
        ],
    )
    async def test_any_header(self, path, header):
        write(path, ofx_text(statement(posting()), header=header))
        assert names(await read(path)) == ["Ada"]

    @pytest.mark.parametrize(
        ("declared", "encoding"),
        [
            ("1252", "cp1252"),
            ("1252", "utf-8"),
            ("NONE", "cp1252"),
            ("ISO-8859-1", "latin-1"),
            ("UTF-8", "utf-8"),
            ("1252", "utf-16"),
        ],
    )
    async def test_what_the_bytes_are_counts_more_than_what_is_declared(
        self, path, declared, encoding
    ):
        text = ofx_text(
            statement(posting(name="Renée")), header=HEADER.replace("1252", declared)
        )
        write(path, text, encoding=encoding)
        assert names(await read(path)) == ["Renée"]

    @pytest.mark.parametrize("ending", ["ofx", "QFX", "qbo", "txt", "csv", "download"])
    async def test_ofx_is_known_by_its_content(self, path, ending):
        write(path, ofx_text(statement(posting())), f"january.{ending}")
        assert names(await read(path)) == ["Ada"]

    async def test_all_on_one_line(self, path):
        text = ofx_text(statement(posting(), posting("2", name="Bob")), header="")
        write(path, text.replace("\n", ""))
        items = await read(path)
        assert names(items) == ["Ada", "Bob"]
        assert [item.pointer for item in items] == [
            f"january.ofx: movement {n}" for n in (1, 2)
        ]

    async def test_several_accounts_of_several_kinds(self, path):
        card = statement(posting(), account="4111111111111111", tag="CCSTMTRS")
        first = statement(posting(), posting("2"))
        euro = statement(posting(), account="99", currency="EUR")
        write(path, ofx_text(first, card, euro))
        items = await read(path)
        assert Counter(i.transaction.account for i in items) == {
            "****5678": 2,
            "****1111": 1,
            "****99": 1,
        }
        assert str(items[-1].transaction.money) == "5.00 EUR"

    async def test_a_posting_in_another_currency(self, path):
        own = "<CURRENCY>\n<CURRATE>1.1\n<CURSYM>EUR\n</CURRENCY>\n"
        original = "<ORIGCURRENCY>\n<CURRATE>1.1\n<CURSYM>GBP\n</ORIGCURRENCY>\n"
        write(path, ofx_text(statement(posting(more=own), posting("2", more=original))))
        items = await read(path)
        assert sorted(i.transaction.money.currency for i in items) == ["EUR", "USD"]

    async def test_no_currency_means_the_businesss_own(self, path):
        write(path, ofx_text(statement(posting())).replace("<CURDEF>USD\n", ""))
        (item,) = await read(path, currency="CAD")
        assert item.transaction.money.currency == "CAD"

    async def test_a_payee_is_the_counterparty(self, path):
        text = posting().replace("<NAME>Ada\n", "<PAYEE>\n<NAME>Bob\n<CITY>Hudson\n</PAYEE>\n")
        write(path, ofx_text(statement(text)))
        assert names(await read(path)) == ["Bob"]

    async def test_the_account_a_transfer_goes_to_is_not_the_account(self, path):
        to = "<BANKACCTTO>\n<BANKID>1\n<ACCTID>777788889999\n</BANKACCTTO>\n"
        write(path, ofx_text(statement(posting(more=to), posting("2"))))
        assert {i.transaction.account for i in await read(path)} == {"****5678"}

    async def test_pending_postings_are_left_until_they_are_booked(self, path):
        pending = posting("2").replace("STMTTRN>", "STMTTRNP>")
        write(path, ofx_text(statement(posting(), pending)))
        assert len(await read(path)) == 1

    async def test_a_statement_without_postings_is_no_entry(self, path):
        write(path, ofx_text(statement()))
        assert await read(path) == []


class TestBesideTheStandard:
    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("A & B", "A & B"),
            ("A &amp; B", "A & B"),
            ("B&notes &copy", "B&notes &copy"),
            ("A < B > C", "A < B > C"),
            ("<![CDATA[A & <b> B]]>", "A & <b> B"),
            ("&lt;Ada&gt; &#233;", "<Ada> é"),
            ("Ada</NAME> junk", "Ada"),
            ("  Ada   Byron ", "Ada Byron"),
        ],
    )
    async def test_text_as_banks_write_it(self, path, written, meant):
        write(path, ofx_text(statement(posting(name=written), posting("2", name="Bob"))))
        assert names(await read(path)) == [meant, "Bob"]

    async def test_cdata_on_one_line_swallows_nothing(self, path):
        many = [posting(str(n), name=f"<![CDATA[N{n}]]>") for n in range(4)]
        write(path, ofx_text(statement(*many), header="").replace("\n", ""))
        assert names(await read(path)) == ["N0", "N1", "N2", "N3"]

    async def test_empty_elements_without_end(self, path):
        text = posting().replace(
            "<FITID>1\n", "<CHECKNUM>\n<REFNUM></REFNUM>\n<SIC/>\n<FITID>1\n"
        )
        second = statement(posting("2", name="<NAME>"), account="777788889999")
        write(path, ofx_text(statement(text), second))
        items = await read(path)
        assert names(items) == ["Ada", ""]
        assert [i.transaction.account for i in items] == ["****5678", "****9999"]

    async def test_missing_end_of_postings(self, path):
        first, second = posting(), posting("2", name="Bob")
        write(path, ofx_text(statement(first.replace("</STMTTRN>\n", ""), second)))
        assert names(await read(path)) == ["Ada", "Bob"]

    async def test_ends_that_nothing_began(self, path):
        write(path, ofx_text(statement(posting()) + "</STMTRS></X></OFX></OFX>"))
        assert names(await read(path)) == ["Ada"]

    async def test_lower_case_tags_and_comments(self, path):
        text = ofx_text(
            statement(posting("1", name="ADA"), posting("2", name="BOB")), header=""
        )
        write(path, "<!-- <STMTTRN> -->" + text.lower())
        assert names(await read(path)) == ["ada", "bob"]

    async def test_ten_thousand_postings_without_end(self, path):
        many = "".join(posting(str(n)).replace("</STMTTRN>\n", "") for n in range(10_000))
        write(path, ofx_text(statement(many)))
        assert len(await listing(bank(path), 1000)) == 10_000

    async def test_a_file_cut_off_loses_no_whole_posting_and_invents_none(self, path):
        text = ofx_text(statement(posting(), posting("2", amount="-125.00")))
        write(path, text[: text.index("-125.00") + 3])
        items = await read(path)
        assert names(items) == ["Ada"]
        assert items[1].reason == "cut_off"

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"on": "20240231"}, "bad_date"),
            ({"on": ""}, "bad_date"),
            ({"amount": "five"}, "bad_amount"),
            ({"amount": "1,234"}, "bad_amount"),
            ({"amount": ""}, "bad_amount"),
            ({"more": "<CURRENCY><CURSYM>dollars</CURRENCY>\n"}, "bad_currency"),
        ],
    )
    async def test_a_posting_that_cannot_be_read_has_a_reason(self, path, changes, reason):
        write(path, ofx_text(statement(posting(), posting("2", **changes))))
        items = await read(path)
        assert names(items) == ["Ada"]
        assert items[1].reason == reason

    async def test_markup_that_is_none_is_named(self, path):
        write(path, HEADER + "sorry, no statement today")
        (item,) = await read(path)
        assert item.reason == "not_a_bank_file"


class TestIdentity:
    async def test_a_reused_id_with_other_day_or_amount_is_another_movement(self, path):
        texts = [posting("0"), posting("0", amount="6.00"), posting("0", "20240105")]
        write(path, ofx_text(statement(*texts)))
        assert len(await read(path)) == 3

    async def test_one_id_for_two_texts_is_two_movements_and_listed_twice_is_one(self, path):
        texts = [posting("0"), posting("0", name="Bob"), posting("0")]
        write(path, ofx_text(statement(*texts)))
        assert sorted(names(await read(path))) == ["Ada", "Bob"]

    async def test_a_text_that_the_bank_completes_later_is_no_new_movement(self, path):
        write(path, ofx_text(statement(posting(memo="pending"))))
        write(path, ofx_text(statement(posting(memo="INV-1 paid"))), "later.ofx")
        assert len(await read(path)) == 1

    async def test_one_id_on_two_accounts_is_two_movements(self, path):
        write(path, ofx_text(statement(posting()), statement(posting(), account="5555")))
        assert len(await read(path)) == 2

    async def test_without_ids_text_and_number_count(self, path):
        bare = posting().replace("<FITID>1\n", "")
        write(path, ofx_text(statement(bare, bare, bare.replace("Ada", "Bob"))))
        write(path, ofx_text(statement(bare, bare)), "later.ofx")
        assert len(await read(path)) == 3


async def test_nothing_that_the_bank_wrote_is_logged(path, caplog):
    write(path, ofx_text(statement(posting(name="Ada Byron"))))
    with caplog.at_level(logging.DEBUG):
        await read(path)
    assert "Byron" not in caplog.text


@settings(
    max_examples=times(100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.sampled_from(
            [
                "<OFX>",
                "</OFX>",
                "<STMTRS>",
                "</STMTRS>",
                "<STMTTRN>",
                "</STMTTRN>",
                "<TRNAMT>5",
                "<DTPOSTED>20240104",
                "<FITID>1",
                "<NAME>",
                "<NAME>x</NAME>",
                "<MEMO/>",
                "<![CDATA[",
                "]]>",
                "<!--",
                "-->",
                "<",
                ">",
                "&",
                "text",
                "\n",
                "<ACCTID>9",
                "<BANKACCTFROM>",
                "</BANKACCTFROM>",
                "<A.B>",
                "</>",
                "<>",
                "<CURSYM>EUR",
                "</BANKTRANLIST>",
            ]
        ),
        max_size=40,
    )
)
async def test_no_markup_breaks_it_or_parts_pages_from_census(path, pieces):
    write(path, "<OFX>" + "".join(pieces))
    await read(path)
