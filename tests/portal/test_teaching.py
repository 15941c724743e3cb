"""`jigajob teach`: what is shown, what is learnt, and what is said when it cannot be."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from anonymizer.text.cleaner import Cleaner
from tests.flows.business import FLOWS, Business, mail
from tests.portal.conftest import jigajob

FRIENDLY = (
    "Happy birthday, you old fool! Dinner at our place on Saturday, Mom brings her lasagna."
    " The kids can't wait to see you. Love you, Jo"
)


@pytest.fixture
def business(tmp_path: Path, cleaner: Cleaner) -> Business:
    """A business that was sent one private mail, and has read it."""
    made = Business(tmp_path, cleaner)
    made.writes(FLOWS)
    made.gets(mail("Saturday", FRIENDLY, sender="Jo <jo@larkin.example>"))
    asyncio.run(made.sweeps())
    return made


def _teach(business: Business, *arguments: str) -> tuple[int, str, str]:
    settings = business.settings
    place = ("--home", settings.home, "--flows", settings.flows)
    ran = jigajob("teach", *arguments, *place)
    return ran.returncode, ran.stdout, ran.stderr


def test_private_mail_is_shown_taught_listed_and_taken_back(business):
    """The whole round; nothing printed holds a word of the mail."""
    _, passed, _ = _teach(business, "--passed", "--json")
    row = json.loads(passed)
    assert "1.eml" in row["pointer"]
    code, taught, _ = _teach(business, row["id"][:8], "--business")
    assert (code, "reads it again" in taught) == (0, True)
    _, listed, _ = _teach(business, "--list", "--json")
    lesson = json.loads(listed)
    assert (lesson["said"], "personal: birthday" in lesson["signs"]) == ("business", True)
    assert _teach(business, "--passed")[1] == "no mail was passed over as private\n"
    asyncio.run(business.sweeps())
    assert len(asyncio.run(business.messages())) == 1
    assert _teach(business, "--forget", lesson["id"][:8])[0] == 0
    assert _teach(business, "--list")[1].startswith("nothing was taught yet")
    assert "lasagna" not in passed + taught + listed


@pytest.mark.parametrize(
    "arguments",
    [(), ("abc",), ("abc", "--business", "--private"), ("--business",), ("--list", "--passed")],
)
def test_anything_but_one_thing_is_refused_with_all_that_can_be_done(business, arguments):
    """And an id that nothing has, with the command that shows the ids."""
    code, _, said = _teach(business, *arguments)
    assert code == 1
    assert "jigajob teach ID --business" in said
    code, _, said = _teach(business, "nothing", "--business")
    assert code == 1
    assert "jigajob teach --passed" in said
