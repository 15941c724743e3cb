"""Tables of data: typed, bounded, each wrong cell told with its place and without its value."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from contextlib import chdir
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.errors import FlowsFileError
from flows.language.expressions import compile_condition, render
from flows.language.load import load, parse
from flows.language.rows import rows_of
from flows.language.spec import FlowsFile
from flows.language.versions import flow_version
from portal.cli.diagnostics import rows
from tests.depth import times
from tests.flows.language.conftest import FLOW, HEAD, STEPS

TOP = HEAD.removesuffix("flows:\n")
PRICES = """\
data:
  prices:
    file: prices.csv
    key: sku
    columns: {sku: text, price: {type: number, header: Unit price}, since: date, stock: flag}
"""
CSV = 'sku,Unit price,since,stock\nPUMP-2,"$1,480.00",2026-01-02,yes\nV1,12.5,2026-02-03,no\n'
ZONES = """\
data:
  zones:
    key: zip
    columns: {zip: text, town: text, fee: {type: number, required: false}}
    rows:
      - {zip: "12207", town: Albany, fee: 10.10}
      - {zip: "12180", town: Troy}
"""
Told = Callable[[str], str]


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[..., FlowsFile]:
    def made(data: str, content: str | bytes = CSV, name: str = "prices.csv") -> FlowsFile:
        raw = content.encode() if isinstance(content, str) else content
        (tmp_path / name).write_bytes(raw)
        (tmp_path / "flows.yaml").write_text(f"{TOP}{data}flows:\n{FLOW}{STEPS}")
        with chdir(tmp_path):
            return load(Path("flows.yaml"))

    return made


@pytest.fixture
def told_of(loaded: Callable[..., FlowsFile]) -> Callable[..., str]:
    def told(data: str, content: str | bytes = CSV, name: str = "prices.csv") -> str:
        with pytest.raises(FlowsFileError) as caught:
            loaded(data, content, name)
        return str(caught.value)

    return told


def test_a_csv_is_typed_by_its_columns(loaded: Callable[..., FlowsFile]) -> None:
    table = loaded(PRICES).data["prices"]
    assert table.rows == (
        {
            "sku": "PUMP-2",
            "price": Decimal("1480.00"),
            "since": date(2026, 1, 2),
            "stock": True,
        },
        {"sku": "V1", "price": Decimal("12.5"), "since": date(2026, 2, 3), "stock": False},
    )


def test_a_csv_of_another_country_is_read_as_the_table_says(
    loaded: Callable[..., FlowsFile],
) -> None:
    ways = "delimiter: ';'\n    decimal: ','\n    dates: day-first"
    data = PRICES.replace("key: sku", f"key: sku\n    {ways}")
    content = "\ufeffsku;Unit price;since;stock\r\nPUMP-2;1.480,50;02.01.2026;no\r\n"
    [row] = loaded(data, content).data["prices"].rows or ()
    assert (row["price"], row["since"]) == (Decimal("1480.50"), date(2026, 1, 2))


def _workbook(rows: list[list[object]], sheet: str = "Prices") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


HEADER = ["sku", "Unit price", "since", "stock"]


def test_a_workbook_is_read_like_a_csv(loaded: Callable[..., FlowsFile]) -> None:
    rows = [
        HEADER,
        ["PUMP-2", 1480.1, date(2026, 1, 2), True],
        ["V1", "12.50", "2026-02-03", "no"],
    ]
    data = PRICES.replace("prices.csv", "prices.xlsx\n    sheet: prices")
    first, second = loaded(data, _workbook(rows), "prices.xlsx").data["prices"].rows or ()
    assert (first["price"], first["since"]) == (Decimal("1480.1"), date(2026, 1, 2))
    assert (second["price"], second["stock"]) == (Decimal("12.50"), False)


def test_no_formula_is_worked_out(loaded: Callable[..., FlowsFile]) -> None:
    """In a CSV it is the text that it is; in a workbook nobody has saved a value with it."""
    text = (
        "data: {t: {file: prices.csv, columns: {a: text, b: {type: text, required: false}}}}\n"
    )
    evil = '=HYPERLINK("https://evil.example")'
    content = f'a,b\n"{evil.replace(chr(34), chr(34) * 2)}",x\n'
    assert (loaded(text, content).data["t"].rows or ())[0]["a"] == evil
    book = _workbook([["a", "b"], ["x", "=1+1"]])
    [row] = loaded(text.replace(".csv", ".xlsx"), book, "prices.xlsx").data["t"].rows or ()
    assert row == {"a": "x", "b": ""}


FILES = {
    "a cell that is no number": (
        CSV.replace("12.5", "soon"),
        "prices.csv:3:2: the cell of 'price' is not a number\n"
        "  fix: write digits, with the decimal sign that the table names",
    ),
    "a cell that is no date": (
        CSV.replace("2026-02-03", "02/03/2026"),
        "prices.csv:3:3: the cell of 'since' is not a date\n"
        "  fix: write 2026-11-23, or say under `dates` how the file writes them",
    ),
    "a cell that is neither true nor false": (
        CSV.replace(",no", ",perhaps"),
        "prices.csv:3:4: the cell of 'stock' is not true or false\n  fix: write true or false",
    ),
    "an empty cell": (
        CSV.replace("12.5", " "),
        "prices.csv:3:2: the row has no 'price'\n"
        "  fix: give it one, or let cells be empty: `required: false`",
    ),
    "a row that is too short": (
        CSV.replace("V1,12.5,2026-02-03,no", "V1,12.5"),
        "prices.csv:3:3: the row has no 'since'\n",
    ),
    "a comma in a cell without quotes": (
        CSV.replace("12.5", "12,5"),
        "prices.csv:3:5: the row has more cells than the table has columns\n"
        "  fix: put a cell that holds the delimiter in quotes, or leave out what is over",
    ),
    "a key that stands twice": (
        CSV.replace("V1", "PUMP-2"),
        "prices.csv:3:1: another row has the same 'sku'\n"
        "  fix: keep one of the two; the first is in line 2",
    ),
    "a column that is not there": (
        CSV.replace("Unit price", "Price"),
        "flows.yaml:8:26: the column 'Unit price' is not in prices.csv\n"
        "  fix: did you mean 'Price'? use one of Price, since, sku, stock, as",
    ),
    "another delimiter": (
        "sku;Unit price;since;stock\nV1;12,5;2026-02-03;no\n",
        "flows.yaml:8:15: the column 'sku' is not in prices.csv\n"
        "  fix: its columns are set apart by another sign: write `delimiter: ';'`\n",
    ),
    "a column that stands twice": (
        CSV.replace("since", "Unit Price", 1),
        "flows.yaml:8:26: the column 'Unit price' stands twice in prices.csv\n",
    ),
    "a quote that is not closed": (
        CSV + '"V2,1\n',
        "prices.csv:4:1: from this line on it is not CSV\n",
    ),
    "a cell over several lines": (
        CSV.replace("V1", '"V\n1"').replace("no", "x"),
        "prices.csv:3:4: the cell of 'stock' is not true or false\n",
    ),
    "a cell that is far too long": (
        CSV.replace("V1", "V" * 2_001),
        "prices.csv:3:1: a cell holds more than 2,000 characters, or one that is none\n",
    ),
    "an empty file": ("", "flows.yaml:6:11: 'prices.csv' is empty\n"),
    "text of another encoding": (
        CSV.replace("V1", "\xe9").encode("latin-1"),
        "prices.csv:3:1: this is not UTF-8 text\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), FILES.values(), ids=FILES)
def test_a_wrong_file_is_told_with_row_and_column(
    content: str | bytes, expected: str, told_of: Callable[..., str]
) -> None:
    assert told_of(PRICES, content).startswith(expected)


def test_what_a_cell_holds_is_never_told(told_of: Callable[..., str]) -> None:
    """A table may name people."""
    said = told_of(PRICES, CSV.replace("12.5", "Ada Lovelace").replace("yes", "Ada"))
    assert "Ada" not in said


@pytest.mark.parametrize("wrong", [ZONES.replace("Troy", "[Ada]"), PRICES])
def test_nor_is_the_line_shown_in_which_it_stands(
    wrong: str, told_of: Callable[..., str], tmp_path: Path
) -> None:
    told_of(wrong, CSV.replace("12.5", "Ada"))
    with chdir(tmp_path), pytest.raises(FlowsFileError) as caught:
        load(Path("flows.yaml"))
    assert "Ada" not in "\n".join(rows(caught.value.problems, "text"))


def test_blank_cells_after_the_last_column_are_none(loaded: Callable[..., FlowsFile]) -> None:
    assert len(loaded(PRICES, CSV.replace("yes", "yes,, ")).data["prices"].rows or ()) == 2


def test_thousands_of_wrong_cells_are_told_by_the_first_twenty(
    told_of: Callable[..., str],
) -> None:
    said = told_of(PRICES, CSV + "".join(f"V{n},x,x,x\n" for n in range(2, 4_000)))
    assert said.count("prices.csv:") == 20


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            CSV + "".join(f"A{n},1,2026-01-01,yes\n" for n in range(5_001)),
            "more than 5,000 rows",
        ),
        (CSV + "x" * 2_000_001, "larger than 2 MB"),
    ],
)
def test_a_table_is_bounded(content: str, expected: str, told_of: Callable[..., str]) -> None:
    started = time.process_time()
    assert expected in told_of(PRICES, content)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04", b"no workbook", _workbook([HEADER])[:-40]],
    ids=["no more than its beginning", "another file", "without its end"],
)
def test_a_broken_workbook_is_told(content: bytes, told_of: Callable[..., str]) -> None:
    said = told_of(PRICES.replace(".csv", ".xlsx"), content[:2000], "prices.xlsx")
    assert "'prices.xlsx' cannot be read: it is broken" in said


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("../prices.csv", "is not a path below this file's folder"),
        ("/etc/passwd", "is not a path below this file's folder"),
        ("prces.csv", "did you mean 'prices.csv'?"),
        ("prices.txt", "there is no file 'prices.txt'"),
        ("*.csv", "a table is read from one file"),
        ("flows.yaml", "is neither a .csv nor an .xlsx file"),
        ("old.csv", "'old.csv' is a folder\n  fix: name a file in it"),
        ("link.csv", "leads out of this file's folder"),
    ],
)
def test_a_table_lies_in_the_folder(
    path: str, expected: str, told_of: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path.parent / "secret.csv").write_text(CSV)
    (tmp_path / "link.csv").symlink_to(tmp_path.parent / "secret.csv")
    (tmp_path / "old.csv").mkdir()
    assert expected in told_of(PRICES.replace("prices.csv", f"'{path}'"))


INLINE = {
    "a number for a text": (
        ZONES.replace('"12180"', "12180"),
        "10:15: 'zip' must be text, not a number\n  fix: put it in quotes",
    ),
    "a text for a number": (
        ZONES.replace("10.10", "ten"),
        "9:43: 'fee' must be a number, not text\n",
    ),
    "a list in a cell": (
        ZONES.replace("Troy", "[Troy]"),
        "10:30: 'town' holds one value, not a list\n",
    ),
    "a column that is none": (
        ZONES.replace("town: Troy", "twn: Troy"),
        "10:9: the row has no 'town'\n",
    ),
    "no key": (ZONES.replace('zip: "12180", ', ""), "10:9: the row has no 'zip'\n"),
    "a key that stands twice": (
        ZONES.replace("12180", "12207"),
        "10:9: another row has the same 'zip'\n"
        "  fix: keep one of the two; the first is in line 9",
    ),
    "a key that is no column": (
        ZONES.replace("key: zip", "key: code"),
        "6:10: the key 'code' is no column of the table\n  fix: use one of fee, town, zip",
    ),
    "neither a file nor rows": (
        "data: {t: {columns: {a: text}}}\n",
        "4:11: the keys of a table do not go together\n  fix: give either 'file' or 'rows'",
    ),
    "an unknown kind of column": (
        ZONES.replace("town: text", "town: string"),
        "7:32: 'string' is not a value of 'town'\n  fix: use one of date, flag, number, text",
    ),
    "an unknown key of a table": (
        ZONES.replace("    key:", "    kee:"),
        "6:5: 'kee' is not a key of a table\n  fix: did you mean 'key'?",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), INLINE.values(), ids=INLINE)
def test_a_wrong_row_is_told_with_its_place(data: str, expected: str, told: Told) -> None:
    assert told(f"{TOP}{data}flows:\n{FLOW}{STEPS}").startswith(f"flows.yaml:{expected}")


EXPRESSIONS = [
    ("data.zones['12207'].town", "Albany"),
    ("data.zones['12207'].fee", "10.1"),
    ("data.zones[zip].fee | default('none')", "none"),
    ("data.zones | length", "2"),
    ("(data.zones | first).town", "Albany"),
    ("'12180' | lookup('zones', 'town')", "Troy"),
    ("'99999' | lookup('zones', 'town', 'nowhere')", "nowhere"),
    ("'99999' | lookup('zones', 'town') | default('nowhere')", "nowhere"),
    ("('12180' | lookup('zones')).town", "Troy"),
    ("zip in data.zones", "true"),
]


@pytest.mark.parametrize(("expression", "gives"), EXPRESSIONS)
def test_a_table_is_read_by_key_and_by_lookup(expression: str, gives: str) -> None:
    file = parse(f"{TOP}{ZONES}flows:\n{FLOW}{STEPS}", Path("flows.yaml"))
    names = {"data": rows_of(file.data), "zip": "12180"}
    assert render(f"{{{{ {expression} }}}}", names) == gives
    loop = "{% for z in data.zones %}{{ z.zip }} {% endfor %}"
    assert render(loop, names) == "12207 12180 "
    assert compile_condition("zip in data.zones and data.zones[zip].town == 'Troy'")(names)


NAMES = {
    "{{ data.zone['1'].fee }}": "there is no 'data.zone'\n  fix: use data.zones, the only one",
    "{{ data.zones['1'].fee }}": "there is no row '1' in 'data.zones'\n  fix: use one of",
    "{{ data.zones['12207'].fe }}": "there is no 'data.zones.12207.fe'\n  fix: did you mean",
    "{{ data.zones[mail.subject].fe }}": "there is no 'fe' in what stands before it\n  fix: ",
    "{{ mail.subject | lookup('zone') }}": "there is no table 'zone'\n  fix: use zones",
    "{{ mail.subject | lookup(mail.subject) }}": "lookup needs the name of a table, in quotes",
    "{{ mail.subject | lookup('zones', 'fe') }}": "the table 'zones' has no column 'fe'",
    "{% for z in data.zones %}{{ z.fe }}{% endfor %}": "there is no 'z.fe'\n  fix: ",
    "{{ data.zones }}": "",
}  # fmt: skip


@pytest.mark.parametrize(("template", "expected"), NAMES.items())
def test_validate_knows_tables_columns_and_keys(
    template: str, expected: str, told: Told
) -> None:
    step = f'    steps: [{{id: a, uses: job.open, with: {{title: "{template}"}}}}]\n'
    text = f"{TOP}{ZONES}flows:\n{FLOW}{step}"
    if expected:
        assert expected in told(text)


def test_a_column_has_its_type_in_a_condition(told: Told) -> None:
    condition = "    conditions: [\"data.zones['12207'].fee == 'ten'\"]\n"
    said = told(f"{TOP}{ZONES}flows:\n{FLOW}{condition}{STEPS}")
    assert "is a number, and is compared with text" in said


READS = [
    "{{ data.zones['12207'].town }}",
    '{{ data["zones"][mail.subject].town }}',
    "{{ mail.subject | lookup('zones', 'town', '') }}",
    "{% for z in data.zones %}{{ z.town }}{% endfor %}",
]


@pytest.mark.parametrize("template", READS)
def test_the_version_follows_the_rows_of_the_tables_that_a_flow_reads(template: str) -> None:
    quoted = template.replace('"', '\\"')
    step = f'    steps: [{{id: a, uses: job.open, with: {{title: "{quoted}"}}}}]\n'

    def version(data: str, steps: str = step) -> str:
        file = parse(f"{TOP}{data}flows:\n{FLOW}{steps}", Path("flows.yaml"))
        return flow_version(file.flows[0], {}, file.data)

    changed = ZONES.replace("Albany", "Utica")
    other = ZONES + "  t: {rows: [{a: x}], columns: {a: text}}\n"
    assert version(changed) != version(ZONES)
    assert version(other) == version(ZONES)
    assert version(changed, STEPS) == version(ZONES, STEPS)


def test_a_template_file_that_reads_a_table_counts_too() -> None:
    step = "    steps: [{id: a, uses: reply.draft, with: {template: a.txt}}]\n"
    texts = {"a.txt": "{{ data.zones['12207'].town }}"}
    flow = parse(f"{HEAD}{FLOW}{STEPS}", Path("flows.yaml")).flows[0]
    flow = flow.model_copy(
        update={"steps": (flow.steps[0].model_copy(update={"options": {"template": "a.txt"}}),)}
    )
    assert step
    tables = [
        parse(f"{TOP}{data}flows:\n{FLOW}{STEPS}", Path("flows.yaml")).data
        for data in (ZONES, ZONES.replace("Albany", "Utica"))
    ]
    assert len({flow_version(flow, texts, data) for data in tables}) == 2


CELLS = st.text(max_size=12) | st.sampled_from(
    ["1", "=1+1", "2026-01-02", "yes", "", "12,5", "\0"]
)
GRID = st.lists(st.lists(CELLS, max_size=5), max_size=6)


@settings(
    max_examples=times(50),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(GRID | st.binary(max_size=200), st.booleans())
def test_any_file_is_a_table_or_told(
    tmp_path: Path, grid: list[list[str]] | bytes, headed: bool
) -> None:
    """Whatever the file holds: rows of the right types, or problems that have their place."""
    raw = grid
    if not isinstance(raw, bytes):
        text = io.StringIO(newline="")
        csv.writer(text).writerows([HEADER, *grid] if headed else grid)
        raw = text.getvalue().encode("utf-8", "replace")
    (tmp_path / "prices.csv").write_bytes(raw)
    try:
        file = parse(f"{TOP}{PRICES}flows:\n{FLOW}{STEPS}", tmp_path / "flows.yaml")
    except FlowsFileError as error:
        assert all(each.where.line >= 1 and each.fix for each in error.problems)  # noqa: PT017
        return
    kinds = {"sku": str, "price": Decimal, "since": date, "stock": bool}
    for row in file.data["prices"].rows or ():
        assert all(isinstance(row[name], kind) for name, kind in kinds.items())
