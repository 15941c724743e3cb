"""Sealing of what is too long for one value: chunk by chunk, whole or not at all.

A stream is a header, then chunks of one size, the last one shorter. Each chunk is sealed by
AES-256-GCM under a key of this stream alone, with the number of the chunk and whether it is
the last as nonce; so chunks that are left out, doubled, moved or cut off are refused. The
associated data is the header with the names that the stream is bound to and the number.

Header: `JJS` and format (4 bytes), size of a chunk (4), salt of the stream's key (16).

Source: Hoang, Reyhanitabar, Rogaway, Vizar: "Online Authenticated-Encryption and its
Nonce-Reuse Misuse-Resistance" (CRYPTO 2015), the construction STREAM; key and nonce as in
https://github.com/C2SP/C2SP/blob/main/age.md (payload).
"""

from __future__ import annotations

import json
import secrets
import struct
from collections.abc import AsyncIterable, AsyncIterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from flows.errors import Unopened

KEY_BYTES: Final = 32
CHUNK: Final = 65_536
LARGEST: Final = 2**24
"""Bytes of a chunk at the most, so that no header can ask for much memory."""
TAG_BYTES: Final = 16
HEADER_BYTES: Final = 24

_MAGIC: Final = b"JJS\x01"
_HEADER: Final = struct.Struct(">4sI16s")


class Chunks:
    """Seals or opens the chunks of one stream, each once and in order."""

    def __init__(self, key: bytes, names: tuple[str, ...], header: bytes) -> None:
        """Begin a stream under *key*, bound to *names*; *header* comes from `new_header`.

        Raises:
            Unopened: That is no header of such a stream.
        """
        if len(header) != HEADER_BYTES:
            raise _unopened("is cut off")
        magic, self.size, salt = _HEADER.unpack(header)
        if magic != _MAGIC or not 1 <= self.size <= LARGEST:
            raise _unopened("is not in a format that this version of JigAjob knows")
        derived = HKDF(SHA256(), length=KEY_BYTES, salt=salt, info=b"jigajob/1/stream")
        self._cipher = AESGCM(derived.derive(key))
        self._header, self._names, self._number = header, names, 0

    def seal(self, chunk: bytes, *, last: bool) -> bytes:
        """Return the next chunk sealed, 16 bytes longer."""
        if len(chunk) > self.size or (len(chunk) < self.size and not last):
            raise ValueError("every chunk but the last has the size of the header")
        return self._cipher.encrypt(*self._place(last=last, chunk=chunk))

    def open(self, sealed: bytes, *, last: bool) -> bytes:
        """Return what the next chunk holds.

        Raises:
            Unopened: It was altered, is of another place or stream, or is not the last.
        """
        try:
            return self._cipher.decrypt(*self._place(last=last, chunk=sealed))
        except InvalidTag as error:
            raise _unopened("was altered, is cut off, or was moved here") from error

    def _place(self, *, last: bool, chunk: bytes) -> tuple[bytes, bytes, bytes]:
        number, self._number = self._number, self._number + 1
        nonce = number.to_bytes(11, "big") + bytes((last,))
        return nonce, chunk, self._header + json.dumps([*self._names, number]).encode()


def new_header(size: int = CHUNK) -> bytes:
    """Return the header of a new stream with chunks of *size* bytes."""
    return _HEADER.pack(_MAGIC, size, secrets.token_bytes(16))


async def seal_stream(
    key: bytes, names: tuple[str, ...], source: AsyncIterable[bytes], *, size: int = CHUNK
) -> AsyncIterator[bytes]:
    """Yield the header and the sealed chunks of what *source* yields in pieces of any size.

    Holds two chunks and one piece in memory.
    """
    header = new_header(size)
    chunks = Chunks(key, names, header)
    yield header
    # One more byte than a chunk tells that it is not the last.
    async for chunk, last in _cut(source, size):
        yield chunks.seal(chunk, last=last)


async def open_stream(
    key: bytes, names: tuple[str, ...], source: AsyncIterable[bytes]
) -> AsyncIterator[bytes]:
    """Yield the content of a sealed stream, chunk by chunk.

    That the stream is whole is known at its end only: act on nothing before.

    Raises:
        Unopened: Something in it was altered, moved, left out or cut off.
    """
    rest = source.__aiter__()
    begin = b""
    while len(begin) < HEADER_BYTES:
        try:
            begin += await rest.__anext__()
        except StopAsyncIteration:
            break
    chunks = Chunks(key, names, begin[:HEADER_BYTES])
    after = _with(begin[HEADER_BYTES:], rest)
    async for sealed, last in _cut(after, chunks.size + TAG_BYTES):
        yield chunks.open(sealed, last=last)


async def _cut(source: AsyncIterable[bytes], size: int) -> AsyncIterator[tuple[bytes, bool]]:
    """Yield *source* in pieces of *size*, and whether each is the last; one at least."""
    held = bytearray()
    async for piece in source:
        held += piece
        at = 0
        while len(held) - at > size:
            yield bytes(held[at : at + size]), False
            at += size
        del held[:at]
    yield bytes(held), True


async def _with(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


def _unopened(why: str) -> Unopened:
    return Unopened(f"a sealed file {why}", fix="take another copy of it, from a backup")
