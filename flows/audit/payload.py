"""The details of an entry: sealed, apart from it, and gone after a while or when erased.

The entry holds a commitment only: SHA-256 over 32 random bytes and the text. Without these
bytes, which are sealed with the text, nobody can guess what an erased payload said.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from pydantic import JsonValue

KIND: Final = "payload"
KEPT_FOR: Final = timedelta(days=400)
"""A year, and the weeks in which it is looked at; the entries stay for good."""

_SALT_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Payload:
    """The details as text, and the random bytes that hide them, in hexadecimal."""

    salt: str
    text: str

    @property
    def commitment(self) -> str:
        """Return what the entry holds of it."""
        return hashlib.sha256(bytes.fromhex(self.salt) + self.text.encode()).hexdigest()

    @property
    def details(self) -> dict[str, JsonValue]:
        """Return the details."""
        found: dict[str, JsonValue] = json.loads(self.text)
        return found


def payload_of(details: Mapping[str, JsonValue]) -> Payload:
    """Return the payload of these details, hidden anew."""
    text = json.dumps(details, sort_keys=True, separators=(",", ":"))
    return Payload(secrets.token_hex(_SALT_BYTES), text)
