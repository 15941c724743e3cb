"""How far the reading of a mailbox has come, as a text that a sealed record keeps."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class Place(BaseModel):
    """How far one folder was read.

    First a round of delta is gone through and nothing of it shown, so that its end *marks*
    a moment; then all mail is *listed*, oldest first; from then on *delta* tells what came
    since the mark. So nothing falls between the two, and nothing is shown twice.

    Attributes:
        link: Where the round of delta goes on; empty for its start.
        until: When the latest message before the mark was received; listing ends there, or
            mail that comes as fast as it is shown would keep it going.
        after: Listing only: when the last message shown was received.
        seen: Digests of messages shown that the next answer will hold again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    stage: Literal["mark", "list", "delta"] = "mark"
    link: str = ""
    until: str = ""
    after: str = ""
    seen: tuple[str, ...] = ()


class Cursor(BaseModel):
    """How far all folders were read, and which of them are left in this round.

    `left` is empty where the next page begins a round of all folders.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    version: Literal[1] = 1
    mailbox: str
    since: str
    left: tuple[str, ...] = ()
    names: dict[str, str] = Field(default_factory=dict)
    places: dict[str, Place] = Field(default_factory=dict)

    @classmethod
    def read(cls, text: str, *, address: str, since: date | None) -> Cursor:
        """Return the cursor of *text*, or that of the start if it is none of this mailbox."""
        start = cls(mailbox=digest(address.lower()), since=str(since or ""))
        try:
            found = cls.model_validate_json(text)
        except ValidationError:
            return start
        same = (found.mailbox, found.since) == (start.mailbox, start.since)
        return found if same else start

    def text(self) -> str:
        """Return it as the text that `read` takes."""
        return self.model_dump_json(exclude_defaults=True)


def digest(text: str) -> str:
    """Return a short digest of an id; two of the same mailbox never meet by chance."""
    return hashlib.blake2b(text.encode(), digest_size=9).hexdigest()
