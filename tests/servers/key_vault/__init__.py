"""A stand-in for the keys of Azure Key Vault: it keeps versions, and it refuses.

It listens on loopback in a thread of its own, over TLS as Key Vault does, and answers what is
documented: a challenge to whoever comes without a token, keys by version, wrapping by
RSA-OAEP-256 with real keys of 3072 bits, and errors with the vault's own codes. The real
library talks to it; only its check that the vault's host is one of Microsoft's must be off.

    with KeyVaultServer(certificates) as server:
        server.add_version("wrapping")                  # a key, or a newer version of it
        KeyVault(server.address("wrapping"), server.credential(), **server.options)

Who may do what
    `credential()` is of an identity that may; `credential("nobody")` of one that is refused
    (403), `credential("")` of one without a sign-in at all.

What can be done to keys
    `add_version(name) -> str`, `disable(name, version)`, `enable(name, version)`,
    `expire(name, version)`, `delete(name)`, `recover(name)`

Secrets
    `secrets` holds them by name, `disabled_secrets` the names of those that are refused;
    `KeyVaultSecrets(server.secrets_address, server.credential_at_once(), resource=RESOURCE)`

Trouble
    `fail_next(status, times=1, retry_after=None)`: the next requests are answered so;
    `stop()` and the port is dead. `journal` holds (method, path, status) of each request.

What it was built from: https://learn.microsoft.com/rest/api/keyvault/keys/operation-groups,
https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret,
https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses,
and what https://github.com/Azure/azure-sdk-for-python/issues/45342 saw of disabled keys at the
service: it wraps with them and refuses to unwrap.
"""

from tests.servers.key_vault.server import RESOURCE, KeyVaultServer

__all__ = ["RESOURCE", "KeyVaultServer"]
