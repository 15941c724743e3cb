"""What outputs hold, by the step that makes them: what `output.body` is to other flows.

Only steps whose outputs always hold the same are here; of the others nothing is known before
they run.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flows.language.kinds import LeafKind

Body = Mapping[str, LeafKind]


def _texts(*names: str, **others: LeafKind) -> Body:
    return {**dict.fromkeys(names, "text"), **others}


_MAIL: Final = _texts("from", "to", "subject", "text")
_REPLY: Final = _texts(
    *_MAIL, "in_reply_to", "reply_to_trigger", "reply_to_native", references="any"
)

BODIES: Final[Mapping[str, Body]] = MappingProxyType(
    {
        "job.open": _texts(
            *("job", "title", "site", "customer", "phone", "email", "wanted", "notes"),
            "priority",
        ),
        "reply.draft": _REPLY,
        "reply.send": _REPLY,
        "mail.draft": _MAIL,
        "mail.send": _MAIL,
        "event.add": _texts(
            *("title", "start", "end", "time_zone", "location", "notes"), all_day="flag"
        ),
        "row.append": _texts("table", columns="any", cells="any"),
        "notify": _texts("to", "text"),
    }
)
"""By the name of the step in flows.yaml."""
