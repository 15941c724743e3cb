"""Custody of keys that die with the process."""

from __future__ import annotations

import hashlib
import secrets

from flows.errors import AdministratorError


class MemoryVault:
    """Hands back what it was given for a token; nobody else can make anything of that."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, bytes], tuple[int, bytes]] = {}
        self._generation = 0

    async def wrap(self, business: str, data_key: bytes) -> bytes:
        """Return a token that stands for *data_key*, for this business and vault alone.

        Raises:
            ValueError: The key is not of 32 bytes.
        """
        if len(data_key) != hashlib.sha256().digest_size:
            raise ValueError(f"a data key has 32 bytes, not {len(data_key)}")
        token = secrets.token_bytes(40)
        self._held[business, token] = self._generation, data_key
        return token

    async def unwrap(self, business: str, wrapped: bytes) -> bytes:
        """Return the data key for which *wrapped* stands.

        Raises:
            AdministratorError: It stands for none of this business.
        """
        return self._of(business, wrapped)[1]

    async def is_newest(self, business: str, wrapped: bytes) -> bool:
        """Return whether it was wrapped since the last `renew`.

        Raises:
            AdministratorError: As `unwrap`.
        """
        return self._of(business, wrapped)[0] == self._generation

    async def renew(self) -> None:
        """Have what was wrapped before count as old."""
        self._generation += 1

    async def close(self) -> None:
        """Nothing is open."""

    def _of(self, business: str, wrapped: bytes) -> tuple[int, bytes]:
        try:
            return self._held[business, wrapped]
        except KeyError:
            raise AdministratorError(
                f"the data key of {business!r} was wrapped by another vault, or altered",
                fix="use the vault that wrapped it",
            ) from None
