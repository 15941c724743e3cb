"""A column map proposed from a bank's CSV: by its header and by what stands below."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.bank.proposal import Habits, propose
from flows.errors import AdministratorError, OperatorError
from tests.connectors.bank_files import ofx_text, posting, statement
from tests.connectors.statement_files import camt_statement, camt_text, entry, line, mt940_text
from tests.depth import times

US = Habits(usual_dates="month-first", usual_decimal=".", currency="USD")
DE = Habits(usual_dates="day-first", usual_decimal=",", currency="EUR")

ENGLISH = """Date,Description,Debit,Credit,Balance
01/15/2024,INV-1 Ada Byron,,120.50,1000.00
01/16/2024,Hut Supply,"1,020.00",,2.00
"""
SPANISH = """Movimientos de la cuenta;;;;
Fecha operación;Fecha valor;Concepto;Importe;Divisa
15/01/2024;16/01/2024;Factura 1;1.120,50;EUR
16/01/2024;16/01/2024;Recibo;-20,00;EUR
"""
FRENCH = """Date d'opération;Libellé;Débit;Crédit
15/01/2024;VIR ADA BYRON FACTURE 1;;120,50
16/01/2024;CARTE;20,00;
"""
GERMAN = """"Kontonummer:";"DE02120300000000202051"

"Buchungstag";"Valuta";"Auftraggeber / Begünstigter";"Zweck";"Betrag (EUR)";"Währung"
"15.01.24";"16.01.24";"Ada Byron";"RE-1";"1.120,50";"EUR"
"16.01.24";"16.01.24";"Hut GmbH";"Rechnung";"-20,00";"EUR"
"""
DUTCH = """"Datum";"Naam / Omschrijving";"Rekening";"Af Bij";"Bedrag (EUR)";"Mededelingen"
"20240115";"Ada Byron";"NL1";"Bij";"120,50";"Factuur 1"
"20240116";"Hut BV";"NL1";"Af";"20,00";"Bon"
"""


def write(tmp_path, text, name="a.csv", encoding="utf-8"):
    path: Path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def money(found):
    return [str(each.money) for each in found.first]


class TestColumns:
    @pytest.mark.parametrize(
        ("text", "habits", "columns", "read"),
        [
            (
                ENGLISH,
                US,
                {
                    "date": "Date",
                    "paid_in": "Credit",
                    "paid_out": "Debit",
                    "reference": "Description",
                },
                ["120.50 USD", "-1020.00 USD"],
            ),
            (
                SPANISH,
                DE,
                {
                    "date": "Fecha operación",
                    "amount": "Importe",
                    "reference": "Concepto",
                    "currency": "Divisa",
                },
                ["1120.50 EUR", "-20.00 EUR"],
            ),
            (
                FRENCH,
                DE,
                {
                    "date": "Date d'opération",
                    "paid_in": "Crédit",
                    "paid_out": "Débit",
                    "reference": "Libellé",
                },
                ["120.50 EUR", "-20.00 EUR"],
            ),
            (
                GERMAN,
                DE,
                {
                    "date": "Buchungstag",
                    "amount": "Betrag (EUR)",
                    "counterparty": "Auftraggeber / Begünstigter",
                    "reference": "Zweck",
                    "currency": "Währung",
                },
                ["1120.50 EUR", "-20.00 EUR"],
            ),
            (
                DUTCH,
                DE,
                {
                    "date": "Datum",
                    "amount": "Bedrag (EUR)",
                    "direction": "Af Bij",
                    "counterparty": "Naam / Omschrijving",
                    "reference": "Mededelingen",
                },
                ["120.50 EUR", "-20.00 EUR"],
            ),
        ],
        ids=["English", "Spanish", "French", "German", "Dutch"],
    )
    def test_headers_of_five_languages(self, tmp_path, text, habits, columns, read):
        found = propose(write(tmp_path, text), habits)
        assert found.spec.columns.model_dump(exclude_none=True) == columns
        assert money(found) == read
        assert found.unsure == ()
        assert [each.booked_on.day for each in found.first] == [15, 16]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    def test_encodings(self, tmp_path, encoding):
        found = propose(write(tmp_path, GERMAN, encoding=encoding), DE)
        assert found.first[0].counterparty == "Ada Byron"
        assert found.encoding == encoding.removesuffix("-sig")

    @pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
    def test_delimiters(self, tmp_path, sign):
        text = "Date,Amount,Payee\n2024-01-15,5.00,Ada\n".replace(",", sign)
        found = propose(write(tmp_path, text), US)
        assert (found.spec.delimiter, money(found)) == (sign, ["5.00 USD"])

    def test_lines_above_the_header_are_passed_over(self, tmp_path):
        assert propose(write(tmp_path, GERMAN), DE).header_line == 3

    def test_an_id_is_one_only_if_no_two_rows_share_it(self, tmp_path):
        text = "Date,Amount,Reference Number,Memo\n2024-01-15,5.00,7,a\n2024-01-16,6.00,{},b\n"
        assert (
            propose(write(tmp_path, text.format(8)), US).spec.columns.id == "Reference Number"
        )
        assert propose(write(tmp_path, text.format(7)), US).spec.columns.id is None

    def test_a_word_for_the_direction_counts_only_beside_amounts_without_sign(self, tmp_path):
        text = "Details,Date,Memo,Amount\nDEBIT,01/15/2024,Hut,{}\nCREDIT,01/16/2024,A,5\n"
        assert propose(write(tmp_path, text.format("-3")), US).spec.columns.direction is None
        found = propose(write(tmp_path, text.format("3")), US)
        assert found.spec.columns.direction == "Details"
        assert money(found) == ["-3 USD", "5 USD"]

    def test_three_are_shown_and_all_are_counted(self, tmp_path):
        rows = "".join(f"2024-01-{day:02},5.00,Ada\n" for day in range(1, 11))
        found = propose(write(tmp_path, f"Date,Amount,Payee\n{rows}Total,50.00,\n"), US)
        assert (len(found.first), found.movements) == (3, 10)
        assert found.refused == {"not_a_movement": 1}


class TestEvidence:
    @pytest.mark.parametrize(
        ("dates", "order", "unsure"),
        [
            (["03/04/2024", "13/04/2024"], "day-first", ()),
            (["03/04/2024", "04/13/2024"], "month-first", ()),
            (["2024-03-04", "2024-04-05"], "year-first", ()),
            (["4 Mar 2024", "5 Apr 2024"], "year-first", ()),
            (["03/04/2024", "04/05/2024"], "month-first", ("dates",)),
        ],
    )
    def test_the_order_of_dates(self, tmp_path, dates, order, unsure):
        text = "Date,Amount\n" + "".join(f"{day},5.00\n" for day in dates)
        found = propose(write(tmp_path, text), US)
        assert (found.spec.dates, found.unsure) == (order, unsure)

    def test_a_guess_shows_a_date_that_can_be_read_in_two_ways(self, tmp_path):
        found = propose(write(tmp_path, "Date,Amount\n04/04/2024,5\n03/04/2024,5\n"), DE)
        assert (found.spec.dates, found.unsure, found.example) == (
            "day-first",
            ("dates",),
            "03/04/2024",
        )

    def test_what_somebody_says_is_no_guess(self, tmp_path):
        said = Habits(dates="day-first", usual_dates="month-first")
        found = propose(write(tmp_path, "Date,Amount\n03/04/2024,5\n"), said)
        assert (found.unsure, found.first[0].booked_on.month) == ((), 4)

    @pytest.mark.parametrize(
        ("amounts", "decimal", "unsure"),
        [
            (["5.00", "1,234.50"], ".", ()),
            (["5,00", "1.234,50"], ",", ()),
            (["5", "1,234,567"], ".", ()),
            (["5", "17"], ".", ()),
            (["1,234", "2,345"], ".", ("decimal",)),
        ],
    )
    def test_the_sign_before_the_cents(self, tmp_path, amounts, decimal, unsure):
        text = "Date;Amount\n" + "".join(f"2024-01-15;{each}\n" for each in amounts)
        found = propose(write(tmp_path, text), US)
        assert (found.spec.decimal, found.unsure) == (decimal, unsure)


class TestOtherFiles:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            (ofx_text(statement(posting())), "OFX"),
            (camt_text(camt_statement(entry())), "CAMT.053"),
            (mt940_text(line()), "MT940"),
        ],
    )
    def test_files_that_need_no_columns(self, tmp_path, text, kind):
        found = propose(write(tmp_path, text, "a.txt"), US)
        assert (found.kind, found.spec.columns, found.movements) == (kind, None, 1)


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("", "is empty"),
            ("Day;Sum\n15.01.2024;5,00\n", "no row of a.csv names a column"),
            ("Date,Amount\n", "no movement"),
            ("Date,Amount\nlater,much\n", "no date below"),
            ("Dear customer,\nno statement today.\n", "no row of a.csv"),
        ],
    )
    def test_errors_say_what_and_what_to_do(self, tmp_path, text, says):
        with pytest.raises(OperatorError, match=says) as refused:
            propose(write(tmp_path, text), US)
        assert refused.value.fix

    def test_no_cell_that_may_hold_a_value_is_told(self, tmp_path):
        with pytest.raises(OperatorError) as refused:
            propose(write(tmp_path, "Ada Byron 555-0100,x\n2024-01-15,5.00\n"), US)
        assert "Ada" not in str(refused.value)

    def test_a_picture_is_none(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_bytes(bytes(range(256)) * 40)
        with pytest.raises(OperatorError, match="is no text"):
            propose(path, US)

    def test_a_missing_file(self, tmp_path):
        with pytest.raises(AdministratorError):
            propose(tmp_path / "none.csv", US)


WORDS = (
    "Date|Datum|Amount|Debit|Credit|Id|Currency|Type|Memo|Af Bij|2024-01-15|03/04/2024|13.04.24"
    '|5.00|5,00|1,234|-5|EUR|C|D||"|x|Total|\0|é|:20:|<OFX>'
)


def outcome(path):
    try:
        return propose(path, US)
    except OperatorError as refused:
        return refused


@settings(
    max_examples=times(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.lists(st.sampled_from(WORDS.split("|")), max_size=5), max_size=8),
    st.sampled_from(",;\t|"),
)
def test_any_table_is_proposed_or_refused_with_advice(tmp_path_factory, table, sign):
    text = "\n".join(sign.join(row) for row in table)
    found = outcome(write(tmp_path_factory.mktemp("x"), text))
    if isinstance(found, OperatorError):
        assert found.fix
    else:
        assert found.movements >= len(found.first) > 0
