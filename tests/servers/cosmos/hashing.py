"""Where a partition key lies on the ring of a container: its effective partition key.

Written from the algorithm (MurmurHash3 x64 128, each level of a MultiHash v2 key by itself),
not from the SDK; `test_rules.py` holds the two against each other.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache

Scalar = str | int | float | bool | None

_MASK = (1 << 64) - 1
_C1, _C2 = 0x87C37B91114253D5, 0x4CF5AD432745937F


def effective_key(values: Sequence[Scalar]) -> str:
    """Return the place of a full key or of a prefix, 32 hexadecimal digits per level."""
    return "".join(_level(type(value).__name__, value) for value in values)


@lru_cache(maxsize=100_000)
def _level(kind: str, value: Scalar) -> str:
    # `kind` keeps apart what Python takes for equal: 1, 1.0 and True.
    low, high = _murmur(_bytes(value))
    place = bytearray(high.to_bytes(8, "big") + low.to_bytes(8, "big"))
    place[0] &= 0x3F
    return place.hex().upper()


def _bytes(value: Scalar) -> bytes:
    if value is None:
        return b"\x01"
    if isinstance(value, bool):
        return b"\x03" if value else b"\x02"
    if isinstance(value, str):
        return b"\x08" + value.encode() + b"\xff"
    return b"\x05" + struct.pack("<d", value)


def _murmur(data: bytes) -> tuple[int, int]:
    h1 = h2 = 0
    whole = len(data) - len(data) % 16
    for at in range(0, whole, 16):
        k1, k2 = struct.unpack_from("<QQ", data, at)
        h1 = _rotated(h1 ^ _first(k1), 27)
        h1 = ((h1 + h2) * 5 + 0x52DCE729) & _MASK
        h2 = _rotated(h2 ^ _second(k2), 31)
        h2 = ((h2 + h1) * 5 + 0x38495AB5) & _MASK
    rest = data[whole:]
    if len(rest) > 8:
        h2 ^= _second(int.from_bytes(rest[8:], "little"))
    if rest:
        h1 ^= _first(int.from_bytes(rest[:8], "little"))
    h1, h2 = h1 ^ len(data), h2 ^ len(data)
    h1 = (h1 + h2) & _MASK
    h2 = (h2 + h1) & _MASK
    h1, h2 = _mixed(h1), _mixed(h2)
    h1 = (h1 + h2) & _MASK
    return h1, (h2 + h1) & _MASK


def _first(k1: int) -> int:
    return _rotated(k1 * _C1 & _MASK, 31) * _C2 & _MASK


def _second(k2: int) -> int:
    return _rotated(k2 * _C2 & _MASK, 33) * _C1 & _MASK


def _rotated(value: int, by: int) -> int:
    return (value << by | value >> (64 - by)) & _MASK


def _mixed(value: int) -> int:
    value = (value ^ value >> 33) * 0xFF51AFD7ED558CCD & _MASK
    value = (value ^ value >> 33) * 0xC4CEB9FE1A85EC53 & _MASK
    return value ^ value >> 33
