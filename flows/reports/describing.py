"""What the columns of a release mean: once, for the data package and for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from anonymizer.tables.columns import Column, columns
from anonymizer.tables.method import Method
from flows.reports.manifest import Measured, Recipe, sha256

PACKAGE: Final = "datapackage.json"
DICTIONARY: Final = "dictionary.md"
CSV: Final = "aggregates.csv"
PARQUET: Final = "aggregates.parquet"
PAGE: Final = "index.html"
BESIDE: Final = frozenset({CSV, PARQUET, PACKAGE, DICTIONARY, PAGE})
"""Every file of a release beside its manifest."""


def package(
    period: str, made_at: datetime, number: int, method: Method, files: Mapping[str, bytes]
) -> bytes:
    """Return the descriptor `datapackage.json` of the CSV and the Parquet file in *files*.

    The CSV file is described column by column; of the Parquet file, which describes itself,
    only size and hash are told.

    Source: https://specs.frictionlessdata.io/data-package/ and /tabular-data-resource/
    """
    csv: dict[str, Any] = {
        **_resource("aggregates", CSV, "text/csv", files),
        "type": "table",
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(each) for each in columns(method)],
            "missingValues": [""],
            "primaryKey": ["period", "industry", "region", "measure", "bucket"],
        },
    }
    parquet = {
        **_resource("aggregates-parquet", PARQUET, "application/vnd.apache.parquet", files),
        "type": "file",
    }
    data = {
        "name": f"jigajob-aggregates-{period.lower()}",
        "title": f"Aggregates of {period}",
        "version": str(number),
        "created": made_at.isoformat(),
        "resources": [csv, parquet],
    }
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()


def _resource(name: str, path: str, kind: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    content = files[path]
    return {
        "name": name,
        "path": path,
        "format": path.rpartition(".")[2],
        "mediatype": kind,
        "bytes": len(content),
        "hash": f"sha256:{sha256(content)}",
    }


def _field(column: Column) -> dict[str, Any]:
    must: dict[str, Any] = {"required": True} if column.required else {}
    if column.values:
        must["enum"] = [value for value, _ in column.values]
    made = {"name": column.name, "type": column.type, "title": column.title}
    return {**made, "constraints": must} if must else made


def dictionary(period: str, recipe: Recipe, *, sufficient: bool) -> bytes:
    """Return `dictionary.md`: what columns, codes and measures mean, and how to read them."""
    return "\n".join(_lines(period, recipe, sufficient=sufficient)).encode()


def _lines(period: str, recipe: Recipe, *, sufficient: bool) -> Iterator[str]:
    found = columns(recipe.method)
    yield from (f"# Aggregates of {period}: data dictionary", "")
    if not sufficient:
        yield from (TOO_FEW, "")
    yield from (_READING, "", "## Columns", "", "| column | type | meaning |", "|---|---|---|")
    for column in found:
        yield f"| `{column.name}` | {column.type} | {column.title} |"
    for column in found:
        if column.values:
            yield from ("", f"## Values of `{column.name}`", "", "| value | meaning |")
            yield "|---|---|"
            yield from (f"| `{value}` | {meaning} |" for value, meaning in column.values)
    yield from ("", "## How each measure is made", "")
    yield from ("| measure | counted | margin | epsilon |", "|---|---|---|---|")
    for measured in recipe.measures:
        margin, epsilon = measured.margin, measured.epsilon
        yield f"| `{measured.name}` | {_how(measured)} | ±{margin} | {epsilon} |"
    yield from ("", _margins(recipe), "")


TOO_FEW: Final = (
    "There were too few businesses in this quarter for any figure to be published: every one is"
    " suppressed."
)
_READING: Final = (
    "Every figure was made by adding random noise to what was counted, so that nobody can tell"
    " from it whether a certain business was counted, or with what. Industries and regions"
    " without a business have rows like all others. Totals are sums of figures with noise, and"
    " have more of it."
)


def _margins(recipe: Recipe) -> str:
    return (
        "The margin is that of one industry in one region (of a histogram, one bucket): noise"
        " is at most so far off in 95 of 100 cases; each row has its own in `low` and `high`. A"
        f" place is published from a noisy count of {recipe.threshold} on, so that it has"
        f" {recipe.minimum} owners or more but for an error of {recipe.error}; a figure of"
        f" which the noise is more than {recipe.noisiest} of it is not published."
    )


def _how(measured: Measured) -> str:
    match measured.kind:
        case "count":
            return "owners, each once"
        case "sum":
            return f"{measured.unit}, of one owner at most {measured.bound}"
        case "histogram":
            edges = ", ".join(map(str, measured.edges))
            return f"owners by {measured.unit}, buckets from {edges}"
