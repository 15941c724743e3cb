"""Keys of a vault, their versions and what can be done with them."""

from __future__ import annotations

import base64
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

OAEP_256 = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


class Refused(Exception):
    """An answer that is an error, as Key Vault words it."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        inner: str = "",
        *,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers or {}
        error: dict[str, Any] = {"code": code, "message": message}
        if inner:
            error["innererror"] = {"code": inner}
        self.body = {"error": error}


@dataclass
class Version:
    """One version of a key."""

    name: str
    version: str
    key: rsa.RSAPrivateKey = field(repr=False)
    created: int
    enabled: bool = True
    expires: int | None = None

    def address(self, origin: str) -> str:
        return f"{origin}/keys/{self.name}/{self.version}"

    def bundle(self, origin: str) -> dict[str, Any]:
        """What is told about it: the public half, and its attributes."""
        numbers = self.key.public_key().public_numbers()
        attributes: dict[str, Any] = {
            "enabled": self.enabled,
            "created": self.created,
            "updated": self.created,
            "recoveryLevel": "Recoverable+Purgeable",
        }
        if self.expires:
            attributes["exp"] = self.expires
        return {
            "key": {
                "kid": self.address(origin),
                "kty": "RSA",
                "key_ops": ["wrapKey", "unwrapKey"],
                "n": _encoded(numbers.n.to_bytes(384, "big")),
                "e": _encoded(numbers.e.to_bytes(3, "big")),
            },
            "attributes": attributes,
            "tags": {},
        }

    def carry_out(self, verb: str, algorithm: str, value: str) -> str:
        if algorithm != "RSA-OAEP-256":
            raise Refused(400, "BadParameter", "Key and signing algorithm are incompatible")
        given = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        if verb == "wrapkey":
            if self.expires and self.expires < time.time():
                raise Refused(403, "Forbidden", "Operation wrap is not allowed", "KeyExpired")
            return _encoded(self.key.public_key().encrypt(given, OAEP_256))
        if not self.enabled:
            text = "Operation unwrapKey is not allowed on a disabled key."
            raise Refused(403, "Forbidden", text, "KeyDisabled")
        try:
            return _encoded(self.key.decrypt(given, OAEP_256))
        except ValueError:
            raise Refused(400, "BadParameter", "The parameter is incorrect.") from None


class Vault:
    """The keys of one vault; tests change them while it is served."""

    def __init__(self) -> None:
        self._keys: dict[str, list[Version]] = {}
        self._deleted: dict[str, list[Version]] = {}
        self.secrets: dict[str, str] = {}
        self.disabled_secrets: set[str] = set()

    def add_version(self, name: str) -> str:
        versions = self._keys.setdefault(name, [])
        made = Version(name, secrets.token_hex(16), _new_key(), int(time.time()))
        versions.append(made)
        return made.version

    def disable(self, name: str, version: str) -> None:
        self.version(name, version).enabled = False

    def enable(self, name: str, version: str) -> None:
        self.version(name, version).enabled = True

    def expire(self, name: str, version: str) -> None:
        self.version(name, version).expires = int(time.time()) - 60

    def delete(self, name: str) -> None:
        self._deleted[name] = self._keys.pop(name)

    def recover(self, name: str) -> None:
        self._keys[name] = self._deleted.pop(name)

    def secret(self, name: str) -> str:
        if name not in self.secrets:
            text = f"A secret with (name/id) {name} was not found in this key vault."
            raise Refused(404, "SecretNotFound", text)
        if name in self.disabled_secrets:
            text = "Operation get is not allowed on a disabled secret."
            raise Refused(403, "Forbidden", text, "SecretDisabled")
        return self.secrets[name]

    def version(self, name: str, version: str) -> Version:
        """One version of a key; the newest where none is named."""
        for each in reversed(self._keys.get(name, [])):
            if version in {"", each.version}:
                return each
        text = f"A key with (name/id) {name}/{version} was not found in this key vault."
        raise Refused(404, "KeyNotFound", text)


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=3072)


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
