"""One run at a time in a home, and the file that sees to it gives nobody anything."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from flows.errors import AdministratorError, TransientError
from portal.cli.running import alone


def test_the_lock_is_its_owners_alone_and_keeps_others_off(tmp_path: Path) -> None:
    """Whatever the umask lets through."""
    before = os.umask(0)
    try:
        with (
            alone(tmp_path),
            pytest.raises(TransientError, match="another run"),
            alone(tmp_path),
        ):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "run.lock").stat().st_mode) == 0o600
    with alone(tmp_path):  # it is let go of
        pass


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    """What it leads to is neither emptied nor made."""
    (tmp_path / "books.txt").write_text("kept")
    (tmp_path / "run.lock").symlink_to(tmp_path / "books.txt")
    with pytest.raises(AdministratorError, match=r"run\.lock cannot be used"), alone(tmp_path):
        pass
    assert (tmp_path / "books.txt").read_text() == "kept"
