"""The month ends reconciled: nothing is matched wrongly, and little is left to people."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from anonymizer.text.cleaner import Cleaner
from tests.month.office import Month, written
from tests.month.reconciled import Ended, reconciled

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    return written(tmp_path_factory.mktemp("month"))


@pytest.fixture(scope="module")
def ended(month: Month, tmp_path_factory: pytest.TempPathFactory, cleaner: Cleaner) -> Ended:
    home: Path = tmp_path_factory.mktemp("home")
    return asyncio.run(reconciled(month, home, cleaner))


def test_it_is_a_month_of_the_size_that_is_meant(month: Month, ended: Ended) -> None:
    pdfs = list((month.folder / "tests/mails/inbox/month").glob("[0-9]*.eml"))
    assert len(pdfs) == 25
    assert len(ended.invoices) >= 40
    assert ended.movements >= 60


def test_what_is_matched_is_right(ended: Ended) -> None:
    assert ended.wrong == set()


def test_most_is_matched_and_hardly_anything_is_left_to_people(ended: Ended) -> None:
    matched = len(ended.sure) / len(ended.truth)
    assert matched >= 0.7, ended.figures()
    assert len(ended.missed) / len(ended.truth) <= 0.05


def test_invoices_are_recorded_as_their_papers_have_them(month: Month, ended: Ended) -> None:
    told = {number: each.money.amount for number, each in ended.invoices.items()}
    wrong = {
        number: (told[number], amount)
        for number, amount in month.invoices.items()
        if number in told and told[number] != amount
    }
    assert wrong == {}
