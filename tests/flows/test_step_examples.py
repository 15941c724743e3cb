"""Each kind of step is shown once in the reference, and what is shown runs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from textwrap import indent

import pytest

from flows.engine import Engine
from flows.language.load import checked
from flows.model import CleanMessage, CleanTransaction, Money
from flows.steps.examples import EXAMPLES
from flows.steps.registry import STEPS
from tests.flows.steps_alone import around

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
TEXT = "Please come on 9 March 2026 at 9:30. Invoice INV-7, total 480.00 USD."
MAIL = CleanMessage(
    id="m1", source="office", folder="", thread="t", received_at=NOW, sent_at=NOW,
    kind="other", automatic="", subject="No heat", text=TEXT, new_text=TEXT,
    kept={"customer.name": "Ann Lee", "customer.email": "ann@lee.example"},
)  # fmt: skip
PAID = CleanTransaction(
    id="x1", source="bank", account="checking", booked_on=date(2026, 3, 4), reference="",
    money=Money(amount=Decimal("480.00"), currency="USD"), counterparty="",
)  # fmt: skip
SILENT = {"extract", "payment.match"}
"""They put out nothing here: the one only reads, the other finds no invoice."""


def test_every_step_is_shown() -> None:
    assert set(EXAMPLES) == set(STEPS)


@pytest.mark.parametrize("uses", EXAMPLES)
def test_what_is_shown_validates_and_runs(uses: str) -> None:
    text = around("steps:\n" + indent(EXAMPLES[uses], "  "))
    found = checked(text, Path("flows.yaml"))
    assert found.problems == ()
    assert found.file is not None
    item = PAID if uses == "payment.match" else MAIL

    done = Engine(found.file, {}).run(found.file.flows[0], item, now=NOW)

    made = [(each.uses, each.state == "failed") for each in done.outputs]
    assert made == ([] if uses in SILENT else [(uses, False)])
