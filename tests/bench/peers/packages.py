"""Where the packages of other engines lie: outside the project, in the user's cache.

Versions are pinned here; what those need comes as npm finds it, so a first line of each table
names them. Both are large: 125 MB and 2.9 GB.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock

from tests.servers.node import npm

CACHE: Final = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jigajob-bench"
)
INSTALL_WITHIN: Final = 1800


@dataclass(frozen=True, slots=True)
class Packages:
    """The npm packages of one engine.

    `compiled` are those with code for this machine; scripts of all others do not run.
    """

    name: str
    versions: tuple[tuple[str, str], ...]
    compiled: tuple[str, ...] = ()

    @property
    def modules(self) -> Path:
        """The folder of the packages, whether they are there or not."""
        return CACHE / self.name / "node_modules"

    @property
    def installed(self) -> bool:
        """Whether these very versions are there."""
        return self._mark.exists() and self._mark.read_text() == self._manifest

    def install(self) -> None:
        """Have them, fetched once whatever number of processes ask."""
        folder = self.modules.parent
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".install.lock"):
            if self.installed:
                return
            (folder / "package.json").write_text(self._manifest)
            npm(folder, "install", "--ignore-scripts", within=INSTALL_WITHIN)
            for name in self.compiled:
                npm(folder, "rebuild", name, within=INSTALL_WITHIN)
            self._mark.write_text(self._manifest)

    @property
    def _manifest(self) -> str:
        return json.dumps({"private": True, "dependencies": dict(self.versions)})

    @property
    def _mark(self) -> Path:
        return self.modules / ".installed"
