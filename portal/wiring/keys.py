"""Who has custody of the wrapping key: Azure Key Vault, or a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.key_file import KeyFileVault
from portal.wiring.azure import azure_identity
from portal.wiring.stores import is_address

if TYPE_CHECKING:
    from flows.ports import Vault
    from portal.settings import Settings


@asynccontextmanager
async def open_vault(settings: Settings) -> AsyncIterator[Vault]:
    """Give the vault of the settings: Azure Key Vault by its address, else the key file.

    Raises:
        AdministratorError: The address is not that of a key.
    """
    vault = _vault(settings)
    try:
        yield vault
    finally:
        await vault.close()


def _vault(settings: Settings) -> Vault:
    if not is_address(settings.keys, "JIGAJOB_KEYS"):
        return KeyFileVault(Path(settings.keys))
    # Half a second of imports that an installation without Azure never needs.
    from connectors.key_vault import KeyVault  # noqa: PLC0415

    trusted = {"connection_verify": str(settings.ca)} if settings.ca else {}
    return KeyVault(settings.keys, azure_identity(**trusted), **trusted)
