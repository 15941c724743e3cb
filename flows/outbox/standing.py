"""Where an output stands: what is sealed decides, and what is readable may only hold it back.

The readable fields of a record are there to be found by. Nothing keeps whoever can write to the
store from changing them, so the state is sealed with the output as well, anew with each change,
and an output goes out only where the sealed one says that it may.

Releases before this one sealed the state in which an output was made, and no other. What they
had a person approve has to be approved once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.model import OutputState

NOT_SEALED: Final = (
    "nobody is known to have approved this: it was approved with an earlier release, or its"
    " state was changed in the store, past JigAjob\n"
    "  fix: look at it (`jigajob outbox show`), then approve or reject it; `jigajob audit list"
    " --action output` tells who decided what"
)

_LOOKED_UP: Final = "unknown"
"""What an earlier release began to send may be out."""

_MADE: Final[Mapping[OutputState, Mapping[OutputState, OutputState]]] = {
    "waiting": {
        "waiting": "waiting",
        "sending": _LOOKED_UP,
        "unknown": _LOOKED_UP,
        "sent": "sent",
        "rejected": "rejected",
    },
    "approved": {
        "approved": "approved",
        "waiting": "waiting",
        "sending": "sending",
        "failed": "failed",
        "unknown": "unknown",
        "sent": "sent",
        "rejected": "rejected",
    },
    "failed": {"rejected": "rejected"},
}


def standing(sealed: OutputState, readable: OutputState) -> OutputState:
    """Return the state of an output of which both are known.

    They differ where somebody has changed what is readable, or an earlier release the state.
    """
    return _MADE.get(sealed, {}).get(readable, sealed)
