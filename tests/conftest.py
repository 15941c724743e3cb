"""What tests of several rooms share."""

from __future__ import annotations

import pytest

from anonymizer.text.cleaner import Cleaner


@pytest.fixture(scope="session")
def cleaner() -> Cleaner:
    """One cleaner for all tests of a process: its model takes seconds to load."""
    return Cleaner()
