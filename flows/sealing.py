"""Sealing under one data key a business: what is sealed opens in its own place only.

A sealed value is: format (1 byte), key id (4), coding (1), nonce (12), ciphertext and tag.
The associated data is that header with the business, kind and id of the record, so a value
that was moved to another record, or altered anywhere, does not open. The key id is derived
from the data key and tells a wrong key from a damaged value; later keys get other ids.

Nonces are random, which is safe for 2**32 values under one key.
Source: https://csrc.nist.gov/pubs/sp/800/38/d/final section 8.3
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from flows.errors import AdministratorError, RecordExists
from flows.ports import Clock, Key, Record, Store, Vault

KEY_BYTES = 32
KEY_SCOPE, KEY_KIND, KEY_ID = "keys", "key", "data"
CACHED_FOR = timedelta(minutes=5)
"""How long a process goes on opening what was sealed under a key that is shredded."""

_FORMAT = 1
_PLAIN, _ZLIB = 0, 1
_ID_BYTES, _NONCE_BYTES, _TAG_BYTES = 4, 12, 16
_HEADER_BYTES = 1 + _ID_BYTES + 1


@dataclass(frozen=True, slots=True)
class _DataKey:
    """The keys of one business, until when they may be used without asking again."""

    secret: bytes = field(repr=False)
    id: bytes
    cipher: AESGCM = field(repr=False)
    until: datetime
    subkeys: dict[str, bytes] = field(default_factory=dict, repr=False)

    def subkey(self, purpose: str) -> bytes:
        """Return the key for *purpose*, made once and let go of with the data key."""
        if purpose not in self.subkeys:
            self.subkeys[purpose] = _subkey(self.secret, purpose)
        return self.subkeys[purpose]


class Keyring:
    """Seals, opens and hashes for many businesses, each under a key of its own.

    The data key of a business is made by the first call that needs one, wrapped by *vault*,
    and kept in *store* as the record `key`/`data` in the scope `keys`; deleting that record
    shreds all that the business has sealed, after at most five minutes. In clear the key
    lives in memory only.

    Any method raises what the store and the vault raise: `TransientError` where trying
    again is the cure, `AdministratorError` where the wrapping key is missing or another one.
    """

    def __init__(self, store: Store, vault: Vault, *, clock: Clock | None = None) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._keys: dict[str, _DataKey] = {}

    async def seal(self, business: str, kind: str, record_id: str, value: bytes) -> bytes:
        """Return *value* compressed where that helps, and sealed for this record alone.

        It is 34 bytes longer at most. Sealing the same value again gives other bytes.
        """
        key = await self._key(business)
        packed = zlib.compress(value)
        coding, body = (_ZLIB, packed) if len(packed) < len(value) else (_PLAIN, value)
        header = bytes((_FORMAT, *key.id, coding))
        nonce = secrets.token_bytes(_NONCE_BYTES)
        bound = _associated(header, business, kind, record_id)
        return header + nonce + key.cipher.encrypt(nonce, body, bound)

    async def open(self, business: str, kind: str, record_id: str, sealed: bytes) -> bytes:
        """Return what was sealed for this record.

        Raises:
            AdministratorError: The value was altered or belongs to another record, or the
                key with which it was sealed is gone.
        """
        header, rest = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES:]
        known = header[:1] == bytes((_FORMAT,)) and header[-1:] in {b"\x00", b"\x01"}
        if not known or len(rest) < _NONCE_BYTES + _TAG_BYTES:
            raise _unopened(kind, "is not in a format that this version of JigAjob knows")
        key = await self._key_with_id(business, header[1:-1])
        if key is None:
            raise _unopened(kind, "was sealed with a key that this business does not have")
        nonce, body = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        try:
            value = key.cipher.decrypt(
                nonce, body, _associated(header, business, kind, record_id)
            )
        except InvalidTag as error:
            raise _unopened(kind, "was altered, or moved here from elsewhere") from error
        return zlib.decompress(value) if header[-1] == _ZLIB else value

    async def blind(self, business: str, purpose: str, value: str) -> str:
        """Return a keyed hash by which equal values are found and nobody can guess them.

        52 characters of a-z and 2-7, fit as the id of a record. The same value gives another
        hash for another business or purpose. Normalise the value first: case and spaces
        count.
        """
        key = (await self._key(business)).subkey(f"blind/{purpose}")
        # Headers may hold raw bytes, which Python reads as lone surrogates.
        digest = hmac.digest(key, value.encode("utf-8", "surrogatepass"), "sha256")
        return base64.b32encode(digest).decode().rstrip("=").lower()

    async def derive(self, business: str, purpose: str) -> bytes:
        """Return 32 secret bytes that are always the same for this business and purpose."""
        return (await self._key(business)).subkey(f"derive/{purpose}")

    def forget(self, business: str) -> None:
        """Drop the key of the business from memory: the next call reads it anew."""
        self._keys.pop(business, None)

    async def _key(self, business: str) -> _DataKey:
        """Return the data key of the business, made now where it has none."""
        cached = self._keys.get(business)
        if cached and self._now() < cached.until:
            return cached
        place = Key(business, KEY_SCOPE)
        record = await self._store.get(place, KEY_KIND, KEY_ID)
        if record is None:
            wrapped = await self._vault.wrap(business, secrets.token_bytes(KEY_BYTES))
            try:
                record = await self._store.create(
                    place, Record(kind=KEY_KIND, id=KEY_ID, sealed=wrapped)
                )
            except RecordExists:
                # Somebody was quicker, and may have sealed with that key already.
                return await self._key(business)
        return await self._unwrap(business, record.sealed)

    async def _key_with_id(self, business: str, key_id: bytes) -> _DataKey | None:
        cached = self._keys.get(business)
        if cached and cached.id == key_id and self._now() < cached.until:
            return cached
        # Opening never makes a key: it could not open anything.
        record = await self._store.get(Key(business, KEY_SCOPE), KEY_KIND, KEY_ID)
        if record is None:
            self.forget(business)
            return None
        key = await self._unwrap(business, record.sealed)
        return key if key.id == key_id else None

    async def _unwrap(self, business: str, wrapped: bytes) -> _DataKey:
        secret = await self._vault.unwrap(business, wrapped)
        key = _DataKey(
            secret=secret,
            id=_subkey(secret, "id")[:_ID_BYTES],
            cipher=AESGCM(_subkey(secret, "seal")),
            until=self._now() + CACHED_FOR,
        )
        self._keys[business] = key
        return key

    def _now(self) -> datetime:
        return self._clock.now() if self._clock else datetime.now(UTC)


def _subkey(secret: bytes, purpose: str) -> bytes:
    info = f"jigajob/1/{purpose}".encode()
    return HKDF(SHA256(), length=KEY_BYTES, salt=None, info=info).derive(secret)


def _associated(header: bytes, *names: str) -> bytes:
    # JSON, because joined names could be cut at another place and still be the same text.
    return header + json.dumps(names).encode()


def _unopened(kind: str, why: str) -> AdministratorError:
    return AdministratorError(
        f"a sealed record of kind '{kind}' {why}",
        fix="restore the store and the keys from backups of the same time",
    )
