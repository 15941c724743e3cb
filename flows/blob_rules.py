"""What every place for blobs refuses, and how it keeps businesses apart."""

from __future__ import annotations

import hashlib
import re

from flows.ports import Key
from flows.store_rules import check_key

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")


def check_blob(name: str) -> None:
    """Refuse a name that not every place can hold.

    Raises:
        ValueError: It is not 1 to 200 of A-Z, a-z, 0-9 and `._-`, or begins with a dot.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(
            "a blob's name is 1 to 200 of A-Z, a-z, 0-9 and ._-, not a dot at the beginning"
        )


def business_folder(business: str) -> str:
    """Return the folder of a business: a hash, so that no two names are one on any disk.

    Raises:
        ValueError: The business cannot be named so.
    """
    check_key(Key(business), whole=True)
    return hashlib.sha256(business.encode()).hexdigest()[:40]
