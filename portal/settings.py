"""Where JigAjob keeps its data and reads its flows: read once, frozen, passed on."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
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
        home: Folder of the data: `jigajob.db`, `audit.roots`, `keys/`, `prefect/`, and what
            the outlets write (`drafts/`, `calendar/`, `rows/`, `notices.log`).
        flows: The flows file. Paths in it are relative to its folder.
        store: Where records are kept: `https://NAME.documents.azure.com`, with
            `/DATABASE/CONTAINER` where that is not `jigajob/records`, or a SQLite file; empty
            for `jigajob.db` in the home.
        store_key: Key of an emulator of Cosmos DB on this machine; never of an account.
        blobs: Where long records and attachments are kept:
            `https://NAME.blob.core.windows.net/CONTAINER` or a folder; empty for `blobs/` in
            the home.
        blobs_key: Key of an emulator of Blob Storage on this machine.
        custody: Who has the wrapping key: `https://NAME.vault.azure.net/keys/KEY` or a folder;
            empty for `keys/` in the home.
        pool: Where the counts of all businesses that agreed are pooled: an address of Cosmos DB
            as for `store`, or a folder with a store, keys and a log of its own; empty for
            `pool/` in the home.
        secrets: The Azure Key Vault of secrets that flows.yaml refers to as `vault:NAME`:
            `https://NAME.vault.azure.net`.
        prefect_api: Address of a Prefect server to use; empty for an own one on loopback.
        client_id: App registration of sign-ins whose source names none.
        authority: Where people sign in: Microsoft's public cloud, or a national one.
        graph: Where Microsoft Graph answers, in the same cloud.
        business_central: Where Business Central answers, in the same cloud.
        stripe: Where Stripe's interface answers.
        ca: File of certificates to trust besides the usual, for mail servers and sign-in.
        allow_hosts: Hosts of the own network that outlets may call though their addresses are
            private (`dispatch.lan`, `10.1.2.3:8443`), and other hosts at another port than 443.
        notifications_url: Public https address, of a reverse proxy, to which Microsoft 365
            posts that mail came; empty for none.
        notifications_listen: Host and port to which that proxy passes it on.
    """

    home: Path
    flows: Path
    store: str = ""
    store_key: str = field(default="", repr=False)
    blobs: str = ""
    blobs_key: str = field(default="", repr=False)
    custody: str = ""
    pool: str = ""
    secrets: str = ""
    prefect_api: str = ""
    client_id: str = ""
    authority: str = AUTHORITY
    graph: str = GRAPH
    business_central: str = BUSINESS_CENTRAL
    stripe: str = STRIPE
    ca: Path | None = None
    allow_hosts: tuple[str, ...] = ()
    notifications_url: str = ""
    notifications_listen: str = LISTEN

    @property
    def database(self) -> Path:
        """Return the SQLite file of the embedded store."""
        return Path(self.store) if self.store else self.home / "jigajob.db"

    @property
    def kept_in(self) -> str:
        """Return the address or the path of what keeps the records."""
        return self.store or str(self.database)

    @property
    def keys(self) -> str:
        """Return the address of the wrapping key, or the folder of the key file."""
        return self.custody or str(self.home / "keys")

    @property
    def told(self) -> dict[str, str]:
        """Return what the audit log tells of: who holds the key, and whom else is talked to.

        By name, without what is left to its default. Where records are kept is not among it,
        since the log is kept there, too.
        """
        values = {
            "JIGAJOB_KEYS": (self.custody, ""),
            "JIGAJOB_POOL": (self.pool, ""),
            "JIGAJOB_SECRETS": (self.secrets, ""),
            "PREFECT_API_URL": (self.prefect_api, ""),
            "JIGAJOB_CLIENT_ID": (self.client_id, ""),
            "JIGAJOB_AUTHORITY": (self.authority, AUTHORITY),
            "JIGAJOB_GRAPH": (self.graph, GRAPH),
            "JIGAJOB_BUSINESS_CENTRAL": (self.business_central, BUSINESS_CENTRAL),
            "JIGAJOB_STRIPE": (self.stripe, STRIPE),
            "JIGAJOB_CA": (str(self.ca or ""), ""),
            "JIGAJOB_ALLOW_HOSTS": (" ".join(self.allow_hosts), ""),
            "JIGAJOB_NOTIFICATIONS_URL": (self.notifications_url, ""),
        }
        return {name: value for name, (value, usual) in values.items() if value != usual}

    @property
    def roots(self) -> Path:
        """Return the file of the audit log's roots; keep copies of it on another machine."""
        return self.home / "audit.roots"


def read_settings(home: Path | None, flows: Path | None) -> Settings:
    """Return the settings from options, else the environment, else the defaults."""
    return Settings(
        home=home or Path(os.environ.get("JIGAJOB_HOME") or HOME),
        flows=flows or Path(os.environ.get("JIGAJOB_FLOWS") or FLOWS),
        store=os.environ.get("JIGAJOB_STORE", ""),
        store_key=os.environ.get("JIGAJOB_STORE_KEY", ""),
        blobs=os.environ.get("JIGAJOB_BLOBS", ""),
        blobs_key=os.environ.get("JIGAJOB_BLOBS_KEY", ""),
        custody=os.environ.get("JIGAJOB_KEYS", ""),
        pool=os.environ.get("JIGAJOB_POOL", ""),
        secrets=os.environ.get("JIGAJOB_SECRETS", ""),
        prefect_api=os.environ.get("PREFECT_API_URL", ""),
        client_id=os.environ.get("JIGAJOB_CLIENT_ID", ""),
        authority=os.environ.get("JIGAJOB_AUTHORITY") or AUTHORITY,
        graph=os.environ.get("JIGAJOB_GRAPH") or GRAPH,
        business_central=os.environ.get("JIGAJOB_BUSINESS_CENTRAL") or BUSINESS_CENTRAL,
        stripe=os.environ.get("JIGAJOB_STRIPE") or STRIPE,
        ca=Path(ca) if (ca := os.environ.get("JIGAJOB_CA")) else None,
        allow_hosts=tuple(os.environ.get("JIGAJOB_ALLOW_HOSTS", "").replace(",", " ").split()),
        notifications_url=os.environ.get("JIGAJOB_NOTIFICATIONS_URL", ""),
        notifications_listen=os.environ.get("JIGAJOB_NOTIFICATIONS_LISTEN") or LISTEN,
    )
