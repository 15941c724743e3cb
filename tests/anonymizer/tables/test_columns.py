"""A release as a table that others can read."""

from __future__ import annotations

from decimal import Decimal

from anonymizer.tables.columns import TidyRow, columns, tidy
from anonymizer.tables.publishing import make_release, published
from tests.anonymizer.tables.invented import CELLS, METHOD, crowd

ROWS = crowd(dict.fromkeys(CELLS, 400), jobs=5, days=20)


def test_every_figure_is_a_row_in_the_order_of_the_release() -> None:
    release = make_release(ROWS, METHOD)

    table = tidy(release, "2026-Q3")

    assert [(row.measure, row.bucket, row.value, row.status) for row in table] == [
        (each.measure, each.bucket, each.value, each.status) for each in release.figures
    ]
    assert {row.period for row in table} == {"2026-Q3"}


def test_a_row_reads_without_knowing_more() -> None:
    cells = {each.name: [1000] * 4 * len(each.buckets) for each in METHOD.measures}

    first = tidy(published(cells, METHOD), "2026-Q3")[:8]

    assert first[0] == TidyRow(
        period="2026-Q3",
        industry="plumbing",
        region="n",
        measure="owners",
        bucket="",
        unit="owners",
        value=Decimal(1000),
        low=Decimal(985),
        high=Decimal(1015),
        status="A",
    )
    assert [(row.bucket, row.unit) for row in first[1:]] == [
        ("", "jobs"),
        *((bucket, "owners") for bucket in ("0", "10", "30", "90", "none")),
        ("median", "days"),
    ]


def test_columns_describe_what_is_in_the_rows() -> None:
    described = columns(METHOD)

    assert tuple(each.name for each in described) == TidyRow._fields
    for row in tidy(make_release(ROWS, METHOD), "2026-Q3"):
        for column, value in zip(described, row, strict=True):
            listed = [code for code, _ in column.values]
            assert not listed or value in listed
            assert value not in {None, ""} or not column.required
            if column.type == "number" and value is not None:
                assert isinstance(value, Decimal)
                assert value == round(value, 1)
            elif column.type == "string":
                assert isinstance(value, str)
