"""The files of a release in a folder: written so that none is there by half, and read back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from flows.errors import OperatorError
from flows.folders import sync_folder
from flows.reports.manifest import NAME

_PART: Final = ".part"
_LARGEST: Final = 64_000_000
"""Bytes of a file that is read; no file of a release comes near."""


def check_free(out: Path, names: frozenset[str]) -> None:
    """Refuse a folder that holds anything but files with these *names*.

    Raises:
        OperatorError: It does, or it is no folder.
    """
    if out.exists() and not out.is_dir():
        raise OperatorError(f"{out} is no folder", fix="give --out a folder of its own")
    ours = names | {f"{name}{_PART}" for name in names}
    if out.is_dir() and any(each.name not in ours for each in out.iterdir()):
        raise OperatorError(
            f"{out} holds something else than a release",
            fix="give --out a folder of its own: a new one, or that of the same release",
        )


def write_release(files: Mapping[str, bytes], out: Path) -> None:
    """Write the files, each whole or not at all, the manifest last; again, it changes none.

    Raises:
        OperatorError: The folder holds another release or something else, or cannot be
            written.
    """
    check_free(out, frozenset(files))
    for name, content in files.items():
        if (out / name).exists() and (out / name).read_bytes() != content:
            raise OperatorError(
                f"{out} holds another release: its {name} is not the same",
                fix="give --out a folder of its own",
            )
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in sorted(files, key=lambda name: name == NAME):
            _write(out / name, files[name])
        sync_folder(out)
    except OSError as error:
        raise OperatorError(
            f"cannot write {out} ({error.strerror}); the release is kept in the pool",
            fix="give --out a folder that can be written; it costs nothing once more",
        ) from None


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}{_PART}")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def read_release(folder: Path) -> dict[str, bytes]:
    """Return all that is in the folder of a release by name; what is no file counts as empty.

    Raises:
        OperatorError: It is no folder, or cannot be read.
    """
    try:
        return {each.name: _content(each) for each in sorted(folder.iterdir())}
    except OSError as error:
        raise OperatorError(
            f"cannot read {folder} ({error.strerror})",
            fix="give the folder into which a release was written",
        ) from None


def _content(path: Path) -> bytes:
    if not path.is_file() or path.stat().st_size > _LARGEST:
        return b""
    return path.read_bytes()
