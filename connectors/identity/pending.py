"""A sign-in that has begun and waits for a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingSignIn:
    """What a person is to be shown, and what is needed to end the sign-in.

    Whoever holds it until the end keeps it in memory: `flow` has secrets of this sign-in.

    Attributes:
        account: The address of the mailbox that is to be connected; empty for that of
            whoever signs in.
        anyone: Whoever signs in is taken, as for a shared mailbox.
        scopes: What was asked for.
        url: Where the person goes.
        user_code: What the person types in there; empty for a sign-in in a browser.
        state: Comes back with the answer of a sign-in in a browser, and tells which it is of.
    """

    account: str
    anyone: bool
    scopes: tuple[str, ...]
    url: str = field(repr=False)
    user_code: str = field(default="", repr=False)
    state: str = field(default="", repr=False)
    flow: dict[str, Any] = field(default_factory=dict, repr=False)
