"""Mail written to be slow to read is read in seconds, not in hours."""

from __future__ import annotations

import pytest

from flows.steps import extract, invoice
from tests.flows.steps.contexts import context, mail

KINDS = ["address", "date", "time", "phone", "amount", "email", "number", "text"]
HOSTILE = [
    *("1 1 ", "$1,000", "total 1 ", "subtotal 1 ", "total\n1.00\n", "Invoice no. ", "INV-"),
    *("invoice 12345 $1 ", "10 March ", "on 1/", "tomorrow ", "A-", "a@a.", "518-555-0143 "),
    *("Aa ", "12 Aa ", "calle aa ", "12 rue de ", "9-", "\n", " ", "Re: ", "<PERSON_1>", "<A_"),
]


@pytest.mark.timeout(15)
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_long_text_of_one_piece_is_read_to_its_end(piece):
    item = mail(piece * (40_000 // len(piece)), subject=piece * 100)
    fields = {f"f_{kind}": kind for kind in KINDS}
    found = extract.STEP.run(context(item), extract.Options(fields=fields))
    assert set(fields) <= set(found.values)
    assert invoice.STEP.run(context(item), invoice.Options()).outputs
