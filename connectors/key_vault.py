"""Custody of keys by Azure Key Vault: the wrapping key never leaves it.

What is wrapped is the data key with a hash of the business. RSA-OAEP takes no associated
data, so the hash inside is what refuses a wrapped key that was moved to another business,
before its key is used; a key derived per business would only show itself as one that opens
nothing. RSA also wraps for whoever has the public key, so a wrapped key proves nothing about
who made it: that records open with it does.

A wrapped key is: format (1 byte), length of the name (1), `NAME/VERSION` of the wrapping key,
and the ciphertext. Which vault is not in it, so that a vault can be restored elsewhere.

Source: https://learn.microsoft.com/azure/key-vault/keys/about-keys-details,
https://learn.microsoft.com/azure/key-vault/general/rest-error-codes
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
    ServiceResponseError,
)
from azure.keyvault.keys.aio import KeyClient
from azure.keyvault.keys.crypto import KeyWrapAlgorithm
from azure.keyvault.keys.crypto.aio import CryptographyClient

from flows.errors import AdministratorError, JigajobError, Throttled, TransientError

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.keyvault.keys import KeyVaultKey

KEY_BYTES: Final = 32
ADDRESS: Final = re.compile(
    r"(?P<vault>https://[^/?#\s]+)/keys/(?P<name>[0-9A-Za-z-]{1,127})/?"
)
"""The address of a key without its version: `https://NAME.vault.azure.net/keys/KEY`."""

_FORMAT: Final = 2
_NAMED: Final = re.compile(rb"([0-9A-Za-z-]{1,127})/([0-9a-f]{32})")
_ALGORITHM: Final = KeyWrapAlgorithm.rsa_oaep_256
_WAIT: Final = 10.0
"""Seconds to wait where the vault asks for a pause without saying how long."""


class KeyVault:
    """Wraps data keys with the newest version of an RSA key in Azure Key Vault.

    *address* is that of the key, without a version. The identity behind *credential* needs
    `keys/get`, `wrapKey` and `unwrapKey`: the role "Key Vault Crypto Service Encryption User".
    New versions are made in Key Vault, by a person or its rotation policy. *options* go to
    the client of azure-keyvault-keys. Closing this closes the credential as well.

    Raises:
        AdministratorError: The address is not that of a key.
    """

    def __init__(
        self, address: str, credential: AsyncTokenCredential, **options: object
    ) -> None:
        found = ADDRESS.fullmatch(address)
        if not found:
            raise AdministratorError(
                "that is not the address of a key in Azure Key Vault",
                fix="give it as https://NAME.vault.azure.net/keys/KEY, without a version",
            )
        self._name = found["name"]
        self._credential = credential
        self._keys = KeyClient(found["vault"], credential, **options)
        self._by_version: dict[tuple[str, str], CryptographyClient] = {}

    async def wrap(self, business: str, data_key: bytes) -> bytes:
        """Return *data_key* (32 bytes) wrapped by the newest version of the key.

        Raises:
            ValueError: The key is not of 32 bytes.
            TransientError: The vault is away, or asks for a pause (`Throttled`).
            AdministratorError: We are not let in, or the newest version cannot be used.
        """
        if len(data_key) != KEY_BYTES:
            raise ValueError(f"a data key has {KEY_BYTES} bytes, not {len(data_key)}")
        with self._explained():
            newest = await self._newest()
            self._check_usable(newest)
            version = str(newest.properties.version)
            client = self._client(self._name, version)
            wrapped = await client.wrap_key(_ALGORITHM, data_key + _mark(business))
        named = f"{self._name}/{version}".encode()
        return bytes((_FORMAT, len(named))) + named + wrapped.encrypted_key

    async def unwrap(self, business: str, wrapped: bytes) -> bytes:
        """Return the data key, by whichever version of the key has wrapped it.

        Raises:
            TransientError: The vault is away, or asks for a pause (`Throttled`).
            AdministratorError: We are not let in, that version is disabled or gone, or what
                is wrapped is damaged or of another business.
        """
        name, version, body = _parts(wrapped)
        with self._explained():
            found = await self._client(name, version).unwrap_key(_ALGORITHM, body)
        data_key, mark = found.key[:KEY_BYTES], found.key[KEY_BYTES:]
        if not hmac.compare_digest(mark, _mark(business)):
            raise _unfit("is not of this business")
        return data_key

    async def is_newest(self, business: str, wrapped: bytes) -> bool:
        """Return whether the newest version of the key has wrapped this.

        Raises:
            TransientError, AdministratorError: As `unwrap`.
        """
        del business
        name, version, _ = _parts(wrapped)
        with self._explained():
            return (name, version) == (self._name, (await self._newest()).properties.version)

    async def renew(self) -> None:
        """Do nothing: new versions are made in Key Vault, and `wrap` uses the newest."""

    async def close(self) -> None:
        """Let go of connections, and of the credential."""
        await self._keys.close()
        await self._credential.close()

    async def _newest(self) -> KeyVaultKey:
        return await self._keys.get_key(self._name)

    def _client(self, name: str, version: str) -> CryptographyClient:
        if (name, version) not in self._by_version:
            self._by_version[name, version] = self._keys.get_cryptography_client(
                name, key_version=version
            )
        return self._by_version[name, version]

    def _check_usable(self, key: KeyVaultKey) -> None:
        # Wrapping is done here, with the public key, so nobody else says no.
        properties, now = key.properties, datetime.now(UTC)
        if not properties.enabled:
            raise self._trouble("is disabled", "enable its newest version, or make a newer one")
        if properties.expires_on and properties.expires_on <= now:
            raise self._trouble("has expired", "make a newer version of it in Key Vault")
        if properties.not_before and properties.not_before > now:
            raise self._trouble("may not be used yet", "look at the times of its version")

    def _trouble(self, what: str, fix: str) -> AdministratorError:
        return AdministratorError(f"the wrapping key {self._name} in Key Vault {what}", fix=fix)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (ServiceRequestError, ServiceResponseError) as error:
            raise TransientError("Key Vault cannot be reached") from error
        except HttpResponseError as error:
            raise self._explanation(error) from error
        except AzureError as error:
            raise self._trouble(
                "cannot be used: no sign-in at Azure worked", _SIGN_IN
            ) from error

    def _explanation(self, error: HttpResponseError) -> JigajobError:
        status = error.status_code or 0
        if status == _THROTTLED:
            return Throttled("Key Vault asks for a pause", retry_after=_pause(error))
        if status in _LATER:
            return TransientError(f"Key Vault answered {status}")
        if status == _REFUSED:
            return _unfit("was damaged, or is of another key")
        if isinstance(error, ClientAuthenticationError):
            return self._trouble("is closed to us: the sign-in at Azure failed", _SIGN_IN)
        # Of the answer's text only this one word is looked for, and nothing is repeated.
        disabled = status == _FORBIDDEN and "KeyDisabled" in str(error)
        what, fix = _TROUBLES.get(
            "disabled" if disabled else status,
            (f"cannot be used: Key Vault answered {status}", "report this as a fault"),
        )
        return self._trouble(what, fix)


_THROTTLED, _REFUSED, _FORBIDDEN, _GONE = 429, 400, 403, 404
_LATER: Final = frozenset({408, 500, 502, 503, 504})
_TROUBLES: Final[Mapping[int | str, tuple[str, str]]] = {
    "disabled": (
        "is disabled in a version that is still needed",
        "enable that version; `jigajob keys rotate --wrapping` ends the need for it",
    ),
    _FORBIDDEN: (
        "is closed to us",
        'give our identity the role "Key Vault Crypto Service Encryption User", and let this'
        " machine through the vault's firewall",
    ),
    _GONE: (
        "is not there, or not in a version that is needed",
        "recover it in Key Vault, or correct JIGAJOB_KEYS",
    ),
}
_SIGN_IN: Final = (
    "run where a managed or workload identity is, or sign in with `az login`;"
    " the identity must be of the vault's tenant"
)


def _mark(business: str) -> bytes:
    return hashlib.sha256(b"jigajob/1/wrap/" + business.encode()).digest()


def _parts(wrapped: bytes) -> tuple[str, str, bytes]:
    """Return name and version of the wrapping key, and the ciphertext."""
    end = 2 + wrapped[1] if len(wrapped) > 1 else 0
    named = _NAMED.fullmatch(wrapped[2:end])
    if wrapped[:1] != bytes((_FORMAT,)) or named is None or not wrapped[end:]:
        raise _unfit("was not wrapped by Key Vault, or was damaged")
    return named[1].decode(), named[2].decode(), wrapped[end:]


def _unfit(why: str) -> AdministratorError:
    return AdministratorError(
        f"the wrapped key of this business {why}",
        fix="restore the store and the keys from backups of the same time",
    )


def _pause(error: HttpResponseError) -> float:
    headers = getattr(error.response, "headers", {})
    try:
        return float(headers.get("Retry-After", _WAIT))
    except ValueError:
        return _WAIT
