"""The invented mails of `tests/flows/intake/purpose/`, half of them for training."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

FOLDER = Path(__file__).parent / "purpose"
SETS = ("en", "abroad")
"""Mails whose words tell what they are; the hard pairs of `OFFICE` are told by tone alone."""

OFFICE = ("office_1", "office_2")


@dataclass(frozen=True)
class Sample:
    """One invented mail; `own` when the business wrote it."""

    subject: str
    text: str
    files: tuple[str, ...]
    own: bool


def samples(
    verdict: Literal["personal", "business"],
    half: Literal["training", "kept aside"],
    sets: tuple[str, ...] = SETS,
) -> list[Sample]:
    """Return the mails of one verdict: every second one of each file is kept aside."""
    found: list[Sample] = []
    for name in sets:
        rows = yaml.safe_load((FOLDER / f"{verdict}_{name}.yaml").read_text("utf-8"))
        found += [
            Sample(row["s"], row["t"], tuple(row.get("x", ())), row.get("f") == "o")
            for row in rows[half == "kept aside" :: 2]
        ]
    return found
