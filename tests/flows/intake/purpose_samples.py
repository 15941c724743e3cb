"""The invented mails of `tests/flows/intake/purpose/`, half of them for training."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

FOLDER = Path(__file__).parent / "purpose"
FILES = {
    "personal": ("personal_en.yaml", "personal_abroad.yaml"),
    "business": ("business_en.yaml", "business_abroad.yaml"),
}


@dataclass(frozen=True)
class Sample:
    """One invented mail; `own` when the business wrote it."""

    subject: str
    text: str
    files: tuple[str, ...]
    own: bool


def samples(
    verdict: Literal["personal", "business"], half: Literal["training", "kept aside"]
) -> list[Sample]:
    """Return the mails of one verdict: every second one of each file is kept aside."""
    found: list[Sample] = []
    for name in FILES[verdict]:
        rows = yaml.safe_load((FOLDER / name).read_text("utf-8"))
        found += [
            Sample(row["s"], row["t"], tuple(row.get("x", ())), row.get("f") == "o")
            for row in rows[half == "kept aside" :: 2]
        ]
    return found
