"""Who this program is at Azure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from azure.identity import DefaultAzureCredential as Credential
    from azure.identity.aio import DefaultAzureCredential

# Nothing that asks a person or reads what another program has left, nor a secret from the
# environment.
_UNASKED: Final = {
    "exclude_environment_credential": True,
    "exclude_shared_token_cache_credential": True,
    "exclude_visual_studio_code_credential": True,
    "exclude_powershell_credential": True,
    "exclude_developer_cli_credential": True,
    "exclude_interactive_browser_credential": True,
}


def azure_identity(**transport: str) -> DefaultAzureCredential:
    """Return a credential that asks for a workload's or managed identity, then Azure CLI.

    *transport* is handed to its requests. Whoever uses it closes it.
    """
    # Half a second of imports that an installation without Azure never needs.
    from azure.identity.aio import DefaultAzureCredential  # noqa: PLC0415

    return DefaultAzureCredential(**_UNASKED, **transport)


def azure_identity_at_once(**transport: str) -> Credential:
    """Return the same for code that waits: `azure_identity` without `await`."""
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415 - as above

    return DefaultAzureCredential(**_UNASKED, **transport)
