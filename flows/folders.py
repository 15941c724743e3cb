"""Folders for their owner alone, which are still there after the power failed.

A file that was synced is of no use where the name of a folder above it was not: after a
failure of power nothing leads to it any more.
Source: https://man7.org/linux/man-pages/man2/fsync.2.html
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make *folder* and what is missing above it, with permissions 0700, and keep their names.

    Raises:
        OSError: One of them cannot be made.
    """
    missing = [each for each in (folder, *folder.parents) if not each.is_dir()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
        # Whoever may write to a folder but not read it cannot ask for this.
        with suppress(PermissionError):
            sync_folder(each.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in *folder* to the disk: what was made, renamed and removed in it.

    Raises:
        OSError: The disk refused.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
