"""Where JigAjob keeps its data and reads its flows: read once, frozen, passed on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HOME: Final = ".jigajob"
FLOWS: Final = "flows.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one command.

    Attributes:
        home: Folder of the data: `jigajob.db`, `keys/`, `prefect/`, and what the outlets
            write (`drafts/`, `calendar/`, `rows/`, `notices.log`).
        flows: The flows file. Paths in it are relative to its folder.
        prefect_api: Address of a Prefect server to use; empty for an own one on loopback.
    """

    home: Path
    flows: Path
    prefect_api: str = ""

    @property
    def database(self) -> Path:
        """Return the SQLite file of the embedded store."""
        return self.home / "jigajob.db"

    @property
    def keys(self) -> Path:
        """Return the folder of the key file; keep it out of backups of the database."""
        return self.home / "keys"


def read_settings(home: Path | None, flows: Path | None) -> Settings:
    """Return the settings from options, else the environment, else the defaults."""
    return Settings(
        home=home or Path(os.environ.get("JIGAJOB_HOME") or HOME),
        flows=flows or Path(os.environ.get("JIGAJOB_FLOWS") or FLOWS),
        prefect_api=os.environ.get("PREFECT_API_URL", ""),
    )
