"""What was sealed comes back as a file, and only so."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from anonymizer.text.cleaner import Cleaner
from tests.flows.business import Business
from tests.flows.intake import files
from tests.flows.test_attachment_intake import SEALING, attached_mail
from tests.portal.conftest import jigajob


@pytest.fixture
async def home(tmp_path: Path, cleaner: Cleaner) -> tuple[Business, str]:
    """A home with one mail, whose photo is sealed and whose list is read; and its id."""
    business = Business(tmp_path, cleaner)
    business.writes(SEALING)
    photo = ("IMG_1.jpg", "image/jpeg", files.photo())
    business.gets(attached_mail(photo, ("parts.csv", "text/csv", b"part,price\npipe,12\n")))
    await business.sweeps()
    (message,) = await business.messages()
    return business, message.id


async def test_a_sealed_file_is_written_for_its_owner_alone(
    home: tuple[Business, str], tmp_path: Path
) -> None:
    """To the byte, readable by nobody else, and never over another file."""
    business, mail = home
    place = ("--home", business.settings.home, "--flows", business.settings.flows)
    out = tmp_path / "photo.jpg"

    done = jigajob("attachment", mail[:12], "1", "--out", out, *place)
    again = jigajob("attachment", mail[:12], "1", "--out", out, *place)
    read = jigajob("attachment", mail[:12], "2", "--out", tmp_path / "2", *place)
    none = jigajob("attachment", mail[:12], "3", "--out", tmp_path / "3", *place)
    other = jigajob("attachment", "zzz", "1", "--out", tmp_path / "4", *place)

    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == files.photo()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert (again.returncode, "cannot write" in again.stderr) == (1, True)
    assert (read.returncode, "is not kept" in read.stderr) == (1, True)
    assert (none.returncode, "has 2 attachments" in none.stderr) == (1, True)
    assert (other.returncode, "no mail begins" in other.stderr) == (1, True)
    assert all("fix:" in each.stderr for each in (again, read, none, other))
