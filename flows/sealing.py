"""Sealing under one data key a business: what is sealed opens in its own place only.

A sealed value is: format (1 byte), key id (4), coding (1), nonce (12), ciphertext and tag.
The associated data is that header with the business, kind and id of the record, so a value
that was moved to another record, or altered anywhere, does not open. The key id is derived
from the data key: it tells which generation of the key sealed a value, and a wrong key from a
damaged value.

Nonces are random, which is safe for 2**32 values under one key; `jigajob keys rotate` makes
another key long before.
Source: https://csrc.nist.gov/pubs/sp/800/38/d/final section 8.3
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import secrets
import zlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from flows.errors import AdministratorError, Unopened
from flows.keys.records import KEY_BYTES, make_keys, read_keys
from flows.ports import Clock, Store, Vault

CACHED_FOR = timedelta(minutes=5)
"""How long a process goes on with keys that were destroyed, or replaced, by another one."""

_FORMAT = 1
_PLAIN, _ZLIB = 0, 1
_ID_BYTES, _NONCE_BYTES, _TAG_BYTES = 4, 12, 16
_HEADER_BYTES = 1 + _ID_BYTES + 1


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of one business in clear, until when they may be used without asking again."""

    root: bytes = field(repr=False)
    current: bytes
    ciphers: Mapping[bytes, AESGCM] = field(repr=False)
    until: datetime
    subkeys: dict[str, bytes] = field(default_factory=dict, repr=False)

    def subkey(self, purpose: str) -> bytes:
        """Return the key for *purpose*, made once and let go of with the root."""
        if purpose not in self.subkeys:
            self.subkeys[purpose] = _subkey(self.root, purpose)
        return self.subkeys[purpose]


class Keyring:
    """Seals, opens and hashes for many businesses, each under keys of its own.

    The keys of a business are made by the first call that needs one, wrapped by *vault*, and
    kept in *store* (`flows/keys/records.py`). In clear they live in memory only, for five
    minutes: that long a process may go on with what another one has shredded or replaced.

    Any method raises what the store and the vault raise: `TransientError` where trying
    again is the cure, `AdministratorError` where the wrapping key is missing or another one,
    or the keys were shredded.
    """

    def __init__(self, store: Store, vault: Vault, *, clock: Clock | None = None) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._keys: dict[str, _Keys] = {}
        # Many tasks find the keys run out at once, and a vault counts the calls.
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def seal(self, business: str, kind: str, record_id: str, value: bytes) -> bytes:
        """Return *value* compressed where that helps, and sealed for this record alone.

        It is 34 bytes longer at most. Sealing the same value again gives other bytes.
        """
        packed = zlib.compress(value)
        coding, body = (_ZLIB, packed) if len(packed) < len(value) else (_PLAIN, value)
        keys = await self._held(business)
        return _sealed(keys, coding, body, (business, kind, record_id))

    async def open(self, business: str, kind: str, record_id: str, sealed: bytes) -> bytes:
        """Return what was sealed for this record.

        Raises:
            Unopened: The value was altered or belongs to another record, or the key with
                which it was sealed is gone.
        """
        coding, body = await self._opened(business, kind, record_id, sealed)
        return zlib.decompress(body) if coding == _ZLIB else body

    async def reseal(
        self, business: str, kind: str, record_id: str, sealed: bytes
    ) -> bytes | None:
        """Return what is sealed under the current key instead, or None where it need not be.

        Raises:
            Unopened: As `open`.
        """
        keys = await self._held(business)
        if sealed[0] != _FORMAT or sealed[1 : _HEADER_BYTES - 1] == keys.current:
            return None
        coding, body = await self._opened(business, kind, record_id, sealed)
        return _sealed(keys, coding, body, (business, kind, record_id))

    async def blind(self, business: str, purpose: str, value: str) -> str:
        """Return a keyed hash by which equal values are found and nobody can guess them.

        52 characters of a-z and 2-7, fit as the id of a record. The same value gives another
        hash for another business or purpose. Normalise the value first: case and spaces
        count.
        """
        key = (await self._held(business)).subkey(f"blind/{purpose}")
        # Headers may hold raw bytes, which Python reads as lone surrogates.
        digest = hmac.digest(key, value.encode("utf-8", "surrogatepass"), "sha256")
        return base64.b32encode(digest).decode().rstrip("=").lower()

    async def derive(self, business: str, purpose: str) -> bytes:
        """Return 32 secret bytes that are always the same for this business and purpose."""
        return (await self._held(business)).subkey(f"derive/{purpose}")

    def forget(self, business: str) -> None:
        """Drop the keys of the business from memory: the next call reads them anew."""
        self._keys.pop(business, None)

    async def _opened(
        self, business: str, kind: str, record_id: str, sealed: bytes
    ) -> tuple[int, bytes]:
        """Return how a value is coded, and the value."""
        named = f"{kind} {record_id}"
        header, rest = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES:]
        known = header[:1] == bytes((_FORMAT,)) and header[-1:] in {b"\x00", b"\x01"}
        if not known or len(rest) < _NONCE_BYTES + _TAG_BYTES:
            raise _unopened(named, "is not in a format that this version of JigAjob knows")
        cipher = await self._cipher(business, header[1:-1])
        if cipher is None:
            raise _unopened(named, "was sealed with a key that this business does not have")
        nonce, body = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        try:
            value = cipher.decrypt(nonce, body, _bound(header, (business, kind, record_id)))
        except InvalidTag as error:
            raise _unopened(named, "was altered, or moved here from elsewhere") from error
        return header[-1], value

    async def _held(self, business: str) -> _Keys:
        """Return the keys of the business, made now where it has none."""
        while (keys := self._cached(business) or await self._read(business)) is None:
            await make_keys(self._store, self._vault, business)
        return keys

    async def _cipher(self, business: str, key_id: bytes) -> AESGCM | None:
        cached = self._cached(business)
        if cached and key_id in cached.ciphers:
            return cached.ciphers[key_id]
        # Opening never makes a key: it could not open anything. It does look for one that
        # was made since.
        keys = await self._read(business, instead_of=cached)
        return keys.ciphers.get(key_id) if keys else None

    def _cached(self, business: str) -> _Keys | None:
        cached = self._keys.get(business)
        return cached if cached and self._now() < cached.until else None

    async def _read(self, business: str, *, instead_of: _Keys | None = None) -> _Keys | None:
        """Return the keys from the store, or None; many that ask at once share one answer."""
        async with self._reading[business]:
            cached = self._cached(business)
            if cached and cached is not instead_of:
                return cached
            try:
                keys = await self._unwrapped(business)
            except AdministratorError:
                self.forget(business)
                raise
            if keys is None:
                self.forget(business)
            else:
                self._keys[business] = keys
            return keys

    async def _unwrapped(self, business: str) -> _Keys | None:
        until = self._now() + CACHED_FOR  # counted from before they are read
        stored = (await read_keys(self._store, business)).checked()
        if stored.root is None:
            return None
        found = {
            number: await self._vault.unwrap(business, record.sealed)
            for number, record in stored.wrapped.items()
        }
        ids = {number: key_id(secret) for number, secret in found.items()}
        return _Keys(
            root=found[0],
            current=ids[stored.current],
            ciphers={
                ids[number]: AESGCM(_subkey(secret, "seal")) for number, secret in found.items()
            },
            until=until,
        )

    def _now(self) -> datetime:
        return self._clock.now() if self._clock else datetime.now(UTC)


def _sealed(keys: _Keys, coding: int, body: bytes, place: tuple[str, str, str]) -> bytes:
    header = bytes((_FORMAT, *keys.current, coding))
    nonce = secrets.token_bytes(_NONCE_BYTES)
    cipher = keys.ciphers[keys.current]
    return header + nonce + cipher.encrypt(nonce, body, _bound(header, place))


def key_id(secret: bytes) -> bytes:
    """Return the four bytes by which a sealed value names the key that sealed it."""
    return _subkey(secret, "id")[:_ID_BYTES]


def _subkey(secret: bytes, purpose: str) -> bytes:
    info = f"jigajob/1/{purpose}".encode()
    return HKDF(SHA256(), length=KEY_BYTES, salt=None, info=info).derive(secret)


def _bound(header: bytes, names: tuple[str, str, str]) -> bytes:
    # JSON, because joined names could be cut at another place and still be the same text.
    return header + json.dumps(names).encode()


def _unopened(named: str, why: str) -> Unopened:
    return Unopened(
        f"what is sealed in {named} {why}",
        fix="restore a backup of store and keys into another home: jigajob restore",
    )
