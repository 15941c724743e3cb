"""Signatures of what is posted from one program to another: HMAC over id, time and body.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"

WINDOW: Final = timedelta(minutes=5)
"""A signature counts for so long before and after its time."""

SHORTEST_SECRET: Final = 24
"""Bytes; the standard asks for 24 to 64."""

_ID: Final = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
_TIME: Final = re.compile(r"[0-9]{1,12}")
_PREFIX: Final = "whsec_"


class Unsigned(Exception):
    """What came is not signed as it has to be; says why, without what came."""


def key_of(secret: str) -> bytes:
    """Return the bytes of a secret: those of its Base64 after `whsec_`, else as written.

    Raises:
        ValueError: It is too short, or what follows `whsec_` is no Base64.
    """
    try:
        key = secret.encode()
        if secret.startswith(_PREFIX):
            key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("what follows whsec_ is no Base64") from None
    if len(key) < SHORTEST_SECRET:
        raise ValueError(f"it has fewer than {SHORTEST_SECRET} bytes")
    return key


def signed(key: bytes, message_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """Return the headers that sign *body*; the same *message_id* says: the same once more."""
    seconds = str(int(now.timestamp()))
    return {
        ID: message_id,
        TIMESTAMP: seconds,
        SIGNATURE: f"v1,{_signature(key, message_id, seconds, body)}",
    }


def verified(key: bytes, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the id of what was posted with these headers, by their names in small letters.

    Raises:
        Unsigned: A header is missing or malformed, its time is not now, or no signature fits.
    """
    message_id, seconds = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not _ID.fullmatch(message_id):
        raise Unsigned(f"{ID} must be 1 to 128 of A-Z a-z 0-9 _ . : -")
    if not _TIME.fullmatch(seconds):
        raise Unsigned(f"{TIMESTAMP} must be seconds since 1970")
    expected = _signature(key, message_id, seconds, body).encode()
    fits = False
    for each in headers.get(SIGNATURE, "").split(" "):
        version, _, given = each.partition(",")
        # All are looked at, so that time tells nothing.
        same = hmac.compare_digest(given.encode("utf-8", "replace"), expected)
        fits |= same and version == "v1"
    if not fits:
        raise Unsigned(f"{SIGNATURE} fits neither the secret nor what was sent")
    if abs(datetime.fromtimestamp(int(seconds), UTC) - now) > WINDOW:
        raise Unsigned(f"{TIMESTAMP} is more than {WINDOW.seconds // 60} minutes off")
    return message_id


def _signature(key: bytes, message_id: str, seconds: str, body: bytes) -> str:
    content = f"{message_id}.{seconds}.".encode() + body
    return base64.b64encode(hmac.digest(key, content, "sha256")).decode()
