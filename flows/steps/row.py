"""`row.append`: a row at the end of a table."""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, JsonValue, model_validator

from flows.language.kinds import TEXT, one_of
from flows.language.node import Node, Slug
from flows.steps.clean_text import one_line
from flows.steps.contract import Draft, Step, StepContext, StepResult

ROW_ID: Final = "output_id"
"""Column by which a table knows which rows it already has."""


def _column(name: str) -> str:
    if name != one_line(name, 64):
        raise ValueError("a column's name is one line of at most 64 characters")
    if name.lower() == ROW_ID:
        raise ValueError(f"{ROW_ID!r} is the table's own column; choose another name")
    return name


ColumnName = Annotated[str, Field(min_length=1), AfterValidator(_column)]


class Options(Node):
    """A row for a table that opens in a spreadsheet."""

    table: Slug | None = Field(
        default=None, description="Name of the table, a CSV file.", examples=["leads"]
    )
    to: Slug | None = Field(
        default=None,
        description="Instead of `table`: a workbook under `sources`, whose table has these"
        " columns.",
        examples=["books"],
    )
    columns: dict[ColumnName, str] = Field(
        min_length=1,
        max_length=60,
        description="Name of each column and what goes in; new columns may be added later.",
        examples=[{"received": "{{ mail.received_at }}", "subject": "{{ mail.subject }}"}],
    )

    @model_validator(mode="after")
    def _one_table(self) -> Self:
        if (self.table is None) == (self.to is None):
            raise ValueError("give either 'table' or 'to'")
        return self


def run(_: StepContext, options: Options) -> StepResult:
    """Propose the row."""
    cells: dict[str, JsonValue] = {
        name: cell[:32_000] for name, cell in options.columns.items()
    }
    table = options.to or options.table or ""
    body: dict[str, JsonValue] = {
        "table": table,
        "columns": list(cells),
        "cells": cells,
    }
    summary = f"Append a row to {table}"
    draft = Draft(body=body, summary=summary, into=options.to or "")
    return StepResult(values={"status": "appended", "table": table}, outputs=(draft,))


STEP: Final = Step(
    uses="row.append",
    summary="Appends a row to a table.",
    options=Options,
    run=run,
    returns=lambda _: {"status": one_of("appended"), "table": TEXT},
)
