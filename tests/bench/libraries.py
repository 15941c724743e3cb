"""Libraries that only training needs, loaded where they are present."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

from flows.errors import OperatorError

FIX = "install what `--help` of this training names, and say where: --libraries DIR"


def add_folder(folder: Path) -> None:
    """Let libraries in *folder* be found, after those of the project.

    Raises:
        OperatorError: there is no such folder.
    """
    if not folder.is_dir():
        raise OperatorError(f"there is no folder {folder}", fix=FIX)
    sys.path.append(str(folder))


def library(name: str) -> Any:
    """Return the module *name*.

    Raises:
        OperatorError: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise OperatorError(f"{error.name} is not installed", fix=FIX) from None


def folder_of(name: str) -> Path:
    """Return the folder of the package *name* without running any of it.

    Raises:
        OperatorError: it is not installed.
    """
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise OperatorError(f"{name} is not installed", fix=FIX)
    return Path(found.submodule_search_locations[0])
