"""The record of a clean message: which flows ran over it, as what, and until when we know.

    flows      the flows that ran, `repair,thanks`
    versions   as which version each of them ran first: `repair=3f2a1b…`
    until      when the outputs of each expire, and with them what it has put out already

The last two are missing from records of earlier releases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from flows.model import CleanMessage
from flows.ports import Record, Scalar
from flows.records import Records


async def message_record(
    records: Records,
    clean: CleanMessage,
    *,
    ran: Mapping[str, str],
    copy: Record | None,
    expires_at: datetime,
) -> Record:
    """Return the record of a message, not yet stored, with what a *copy* of it tells already.

    *ran* is the version of each flow that ran over it now, whose outputs go at *expires_at*.
    """
    before: Mapping[str, Scalar] = copy.fields if copy is not None else {}
    flows = [*ran]
    if copy is not None:
        earlier = await records.open(copy, CleanMessage)
        doubts = None
        if earlier.doubts is not None and clean.doubts is not None:
            doubts = tuple(dict.fromkeys([*earlier.doubts, *clean.doubts]))
        clean = replace(clean, kept={**earlier.kept, **clean.kept}, doubts=doubts)
        flows = sorted({*ran, *filter(None, str(before["flows"]).split(","))})
    fields: dict[str, Scalar] = {
        "source": clean.source,
        "thread": clean.thread,
        "kind": clean.kind,
        "received": clean.received_at.isoformat(),
        "flows": ",".join(flows),
        "versions": joined({**ran, **paired(before.get("versions"))}),
        "until": joined(
            {**dict.fromkeys(ran, expires_at.isoformat()), **paired(before.get("until"))}
        ),
    }
    return await records.seal("message", clean.id, clean, fields)


def paired(text: Scalar) -> dict[str, str]:
    """Return what `joined` wrote; nothing for None."""
    return dict(pair.split("=", 1) for pair in str(text or "").split(",") if pair)


def joined(pairs: Mapping[str, str]) -> str:
    """Return pairs as a field of a record holds them: `repair=3f2a1b,thanks=99ab12`."""
    return ",".join(f"{name}={value}" for name, value in pairs.items())
