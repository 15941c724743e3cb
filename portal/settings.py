"""Where JigAjob keeps its data and reads its flows: read once, frozen, passed on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HOME: Final = ".jigajob"
FLOWS: Final = "flows.yaml"
AUTHORITY: Final = "https://login.microsoftonline.com"
GRAPH: Final = "https://graph.microsoft.com"
BUSINESS_CENTRAL: Final = "https://api.businesscentral.dynamics.com"
STRIPE: Final = "https://api.stripe.com"
LISTEN: Final = "127.0.0.1:8787"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one command.

    Attributes:
        home: Folder of the data: `jigajob.db`, `keys/`, `prefect/`, and what the outlets
            write (`drafts/`, `calendar/`, `rows/`, `notices.log`).
        flows: The flows file. Paths in it are relative to its folder.
        prefect_api: Address of a Prefect server to use; empty for an own one on loopback.
        client_id: App registration of sign-ins whose source names none.
        authority: Where people sign in: Microsoft's public cloud, or a national one.
        graph: Where Microsoft Graph answers, in the same cloud.
        business_central: Where Business Central answers, in the same cloud.
        stripe: Where Stripe's interface answers.
        ca: File of certificates to trust besides the usual, for mail servers and sign-in.
        notifications_url: Public https address, of a reverse proxy, to which Microsoft 365
            posts that mail came; empty for none.
        notifications_listen: Host and port to which that proxy passes it on.
    """

    home: Path
    flows: Path
    prefect_api: str = ""
    client_id: str = ""
    authority: str = AUTHORITY
    graph: str = GRAPH
    business_central: str = BUSINESS_CENTRAL
    stripe: str = STRIPE
    ca: Path | None = None
    notifications_url: str = ""
    notifications_listen: str = LISTEN

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
        client_id=os.environ.get("JIGAJOB_CLIENT_ID", ""),
        authority=os.environ.get("JIGAJOB_AUTHORITY") or AUTHORITY,
        graph=os.environ.get("JIGAJOB_GRAPH") or GRAPH,
        business_central=os.environ.get("JIGAJOB_BUSINESS_CENTRAL") or BUSINESS_CENTRAL,
        stripe=os.environ.get("JIGAJOB_STRIPE") or STRIPE,
        ca=Path(ca) if (ca := os.environ.get("JIGAJOB_CA")) else None,
        notifications_url=os.environ.get("JIGAJOB_NOTIFICATIONS_URL", ""),
        notifications_listen=os.environ.get("JIGAJOB_NOTIFICATIONS_LISTEN") or LISTEN,
    )
