"""Where records and blobs are kept: in files of this machine, or in Azure."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from connectors.blob_folder import FolderBlobs
from connectors.sqlite import SqliteStore
from flows.errors import AdministratorError
from flows.hosts import is_this_machine
from portal.wiring.azure import azure_identity

if TYPE_CHECKING:
    from flows.ports import Blobs, Clock, Store
    from portal.settings import Settings

DATABASE: Final = "jigajob"
CONTAINER: Final = "records"


def open_store(settings: Settings, clock: Clock | None = None) -> Store:
    """Return the store of the settings: Cosmos DB by its address, else a SQLite file.

    The caller closes it.

    Raises:
        AdministratorError: The address is none, or there is no place for its blobs; or the
            file cannot be used.
    """
    if not is_address(settings.store, "JIGAJOB_STORE"):
        return SqliteStore(settings.database, clock=clock)
    parts = urlsplit(settings.store)
    named = [part for part in parts.path.split("/") if part]
    if len(named) not in {0, 2}:
        raise AdministratorError(
            "JIGAJOB_STORE names a database without a container, or more than both",
            fix="give it as https://NAME.documents.azure.com/DATABASE/CONTAINER",
        )
    if not settings.blobs and not is_this_machine(parts.hostname or ""):
        raise AdministratorError(
            "records are kept in Cosmos DB, but nothing says where long ones go",
            fix="set JIGAJOB_BLOBS to https://NAME.blob.core.windows.net/CONTAINER, or to a"
            " folder that every process which uses this store has",
        )
    # A second of imports that an installation without Azure never needs.
    from connectors.cosmos import CosmosAccount, CosmosStore  # noqa: PLC0415

    _silence()
    database, container = named or (DATABASE, CONTAINER)
    account = CosmosAccount(
        parts._replace(path="").geturl(),
        settings.store_key or azure_identity(),
        database=database,
        container=container,
    )
    return CosmosStore(account, open_blobs(settings), clock=clock)


def is_there(settings: Settings) -> bool:
    """Tell whether the store of the settings is there, without making it; one in Azure is.

    Raises:
        AdministratorError: As `open_store`.
    """
    return is_address(settings.store, "JIGAJOB_STORE") or settings.database.exists()


def open_blobs(settings: Settings) -> Blobs:
    """Return the place for blobs of the settings: Azure by its address, else a folder.

    The caller closes it.

    Raises:
        AdministratorError: The address is none.
    """
    if not is_address(settings.blobs, "JIGAJOB_BLOBS"):
        return FolderBlobs(Path(settings.blobs) if settings.blobs else settings.home / "blobs")
    from connectors.azure_blob import AzureBlobs  # noqa: PLC0415

    _silence()
    return AzureBlobs(settings.blobs, settings.blobs_key or azure_identity())


def is_address(value: str, setting: str) -> bool:
    """Tell whether the value of a setting is a web address; else it is a path.

    Raises:
        AdministratorError: It is neither, such as a connection string: as a path it would
            have data kept where nobody looks for it, and a key in the name of a folder.
    """
    if value.lower().startswith(("https://", "http://")):
        return True
    if "://" in value or "accountkey=" in value.lower():
        raise AdministratorError(
            f"{setting} is neither a path nor the address of a service",
            fix="give a path, or an address that begins with https://, without a key",
        )
    return False


def _silence() -> None:
    # Azure's libraries log the addresses of requests; what matters is in our errors.
    logging.getLogger("azure").setLevel(logging.CRITICAL)
