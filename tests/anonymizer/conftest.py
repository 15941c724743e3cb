"""One cleaner for all tests of the room: its model takes seconds to load."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anonymizer.text.cleaner import Cleaner
from anonymizer.text.request import Cleaned, Part, Person, Request

CUSTOMER = Person(name="Maria Lopez", email="maria.lopez@mail.example", role="customer")

Clean = Callable[..., Cleaned]


@pytest.fixture(scope="session")
def cleaner() -> Cleaner:
    return Cleaner()


@pytest.fixture(scope="session")
def clean(cleaner: Cleaner) -> Clean:
    """Clean one text; keyword arguments are those of a request."""

    def one(text: str, **about: object) -> Cleaned:
        parts = (Part(name="text", text=text),)
        return cleaner.clean([Request(**({"parts": parts, "people": (CUSTOMER,)} | about))])[0]

    return one
