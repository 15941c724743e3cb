"""Roots: what stands for a whole log, signed, to be kept where nobody can change it.

A root is the number and hash of an entry. Whoever has kept one finds out whether anything up
to that entry was changed since, with nothing but the log. The signature is Ed25519 over the
words `jigajob/audit/1`, business, number, time and hash, a space between them. Its key is
derived from the secret of the business, so that who can write to the store but not open the
vault cannot sign.

Source: https://www.rfc-editor.org/rfc/rfc8032
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from flows.audit.entry import FORMAT, Stored, stamp
from flows.errors import OperatorError

PURPOSE: Final = "audit/signature"
"""What the key is derived for."""

_KEPT: Final = re.compile(r"(\d{1,15}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The state of a log; `key` and `signature` are hexadecimal, `time` in UTC."""

    business: str
    sequence: int
    hash: str
    time: str
    key: str
    signature: str

    def __str__(self) -> str:
        """Return what a person keeps: number and hash."""
        return f"{self.sequence}:{self.hash}"

    def line(self) -> str:
        """Return the root as one line of JSON, without the line's end."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @property
    def genuine(self) -> bool:
        """Return whether the signature is one of the key over the hash."""
        return signed(self.statement, self.key, self.signature)

    @property
    def statement(self) -> str:
        """Return what is signed."""
        return f"{FORMAT} {self.business} {self.sequence} {self.time} {self.hash}"


class Anchors(Protocol):
    """Keeps roots outside of the store, each for good."""

    def add(self, root: Root) -> None:
        """Keep a root, on the disk when this returns."""

    def roots(self, business: str) -> Iterator[Root]:
        """Yield what was kept of a business, in the order in which it was."""


class Signer:
    """Signs for one business; *secret* is 32 bytes that only it has."""

    def __init__(self, secret: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(secret)
        public = self._private.public_key()
        self.key = public.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def sign(self, stored: Stored) -> Stored:
        """Return the entry, signed."""
        signature = self.signature(root_of(stored).statement)
        return replace(stored, key=self.key, signature=signature)

    def signature(self, statement: str) -> str:
        """Return what `signed` finds genuine over *statement*, in hexadecimal."""
        return self._private.sign(statement.encode()).hex()


def signed(statement: str, key: str, signature: str) -> bool:
    """Return whether *signature* is one of *key* over *statement*."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature), statement.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def root_of(stored: Stored) -> Root:
    """Return the root that a signed entry is."""
    entry = stored.entry
    return Root(
        business=entry.business,
        sequence=entry.sequence,
        hash=stored.hash,
        time=stamp(entry.time),
        key=stored.key,
        signature=stored.signature,
    )


def read_root(line: str) -> Root | None:
    """Return the root that `Root.line` wrote, None where it is none."""
    try:
        found = json.loads(line)
        root = Root(**found)
    except (ValueError, TypeError, RecursionError):
        return None
    words = (root.business, root.hash, root.time, root.key, root.signature)
    fits = type(root.sequence) is int and all(isinstance(word, str) for word in words)
    return root if fits else None


def kept_root(text: str) -> tuple[int, str]:
    """Return number and hash of a root that a person has kept.

    Raises:
        OperatorError: It is none.
    """
    found = _KEPT.fullmatch(text.strip().lower())
    if found is None:
        raise OperatorError(
            "that is no root of an audit log",
            fix="give it as `jigajob audit verify` shows it: a number, a colon, 64 digits a-f",
        )
    return int(found[1]), found[2]
