"""Where the secrets are that flows.yaml refers to, the vault among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flows.errors import AdministratorError
from portal.secrets import secret_reader
from portal.wiring.azure import azure_identity_at_once

if TYPE_CHECKING:
    from connectors.key_vault_secrets import KeyVaultSecrets
    from portal.settings import Settings


class Secrets:
    """Reads secrets by reference. The vault is opened when one in it is first asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._base = settings.flows.resolve().parent
        self._vault: KeyVaultSecrets | None = None

    def reader(self, reference: str) -> Callable[[], str]:
        """Return a function that reads the secret anew at each call.

        It raises `AdministratorError` where there is nothing to read, and `TransientError`
        where the vault is away.
        """
        return secret_reader(reference, self._base, self._in_vault)

    def close(self) -> None:
        """Let go of the vault, if it was opened."""
        if self._vault is not None:
            self._vault.close()

    def _in_vault(self, name: str) -> str:
        if not self._settings.secrets:
            raise AdministratorError(
                f"flows.yaml takes the secret {name} from a vault, and none is set",
                fix="set JIGAJOB_SECRETS to its address, https://NAME.vault.azure.net",
            )
        if self._vault is None:
            # Half a second of imports that an installation without Azure never needs.
            from connectors.key_vault_secrets import KeyVaultSecrets  # noqa: PLC0415

            ca = self._settings.ca
            trusted: dict[str, Any] = {"connection_verify": str(ca)} if ca else {}
            identity = azure_identity_at_once(**trusted)
            self._vault = KeyVaultSecrets(self._settings.secrets, identity, **trusted)
        return self._vault.read(name)
