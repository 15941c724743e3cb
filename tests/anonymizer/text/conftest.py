"""One model for all tests of the network: it takes seconds to load."""

from __future__ import annotations

import pytest

from anonymizer.text.engine import NameModel


@pytest.fixture(scope="session")
def model() -> NameModel:
    loaded = NameModel()
    loaded.load()
    return loaded
