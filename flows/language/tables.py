"""Tables of data, as flows.yaml describes them: price lists, territories, opening hours."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from flows.language.node import Node, Text
from flows.language.sources import DateOrder, DecimalSign

ValueKind = Literal["text", "number", "date", "flag"]
"""What a cell or an input can hold."""

KINDS: Final[tuple[str, ...]] = get_args(ValueKind)

Name = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
        description="A name that conditions can use: lower-case letters, digits and _.",
    ),
]


class Column(Node):
    """A column of a table: what it holds, and what the file calls it."""

    type: ValueKind = Field(default="text", description="What its cells hold.")
    header: Text | None = Field(
        default=None,
        description="Its name in the file's first row, where that is another.",
        examples=["Unit price"],
    )
    required: bool = Field(default=True, description="false lets cells be empty.")


def kind_alone(given: object) -> object:
    """Return `{type: text}` for the short form `text`."""
    return {"type": given} if isinstance(given, str) else given


ColumnForm = Annotated[
    Column, BeforeValidator(kind_alone, json_schema_input_type=ValueKind | Column)
]


class Table(Node):
    """A table that conditions and templates read as `data.NAME`; formulas in it are text."""

    file: str | None = Field(
        default=None,
        min_length=1,
        max_length=400,
        description="A .csv or .xlsx file, relative to the file in which this stands.",
        examples=["prices.csv"],
    )
    sheet: Text | None = Field(
        default=None, description="The sheet of a workbook; without it, the first."
    )
    rows: tuple[dict[Name, Any], ...] | None = Field(
        default=None,
        max_length=5_000,
        description="Instead of `file`: the rows themselves.",
        examples=[[{"sku": "PUMP-2", "price": 480}]],
    )
    key: Name | None = Field(
        default=None,
        description="The column by which a row is found, `data.prices['PUMP-2']`; unique.",
        examples=["sku"],
    )
    columns: dict[Name, ColumnForm] = Field(
        min_length=1,
        max_length=60,
        description="Each column and what it holds: `text`, `number`, `date` or `flag`.",
        examples=[{"sku": "text", "price": "number"}],
    )
    # A tab is a delimiter too, so here blanks are not stripped.
    delimiter: Annotated[str, StringConstraints(strip_whitespace=False)] = Field(
        default=",", min_length=1, max_length=1, description="Between the columns of a CSV."
    )
    dates: DateOrder = Field(default="year-first", description="How a file writes its dates.")
    decimal: DecimalSign = Field(default=".", description="Before the decimals in a file.")

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.file is None) == (self.rows is None):
            raise ValueError("give either 'file' or 'rows'")
        return self


def is_workbook(name: str) -> bool:
    """Return whether a file of this name is a workbook, and no text."""
    return name.lower().endswith((".xlsx", ".xlsm"))
