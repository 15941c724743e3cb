"""What the tests of the engine and of intake share."""

from __future__ import annotations

from pathlib import Path

import pytest

from anonymizer.text.cleaner import Cleaner
from tests.flows.business import FLOWS, Business


@pytest.fixture
def business(tmp_path: Path, cleaner: Cleaner) -> Business:
    """A business with one folder of mail, and one flow that opens a job and drafts a reply."""
    made = Business(tmp_path, cleaner)
    made.writes(FLOWS)
    (tmp_path / "mail").mkdir()
    return made
