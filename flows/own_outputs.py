"""Outputs that no flow has made: alarms, questions about invoices, what people do by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from flows.model import Output
from flows.retention import UNASKED, timespan

FLOW: Final = "jigajob"
"""In place of a flow's id: no flow can have it as a source, and it names us to the reader."""

KEPT_FOR: Final[timedelta] = timespan(UNASKED)
"""What nobody has asked for is kept as business mail is that no flow asks for."""


def own_output(
    uses: str,
    step: str,
    seed: Sequence[str],
    *,
    trigger: str,
    body: Mapping[str, JsonValue],
    summary: str,
    now: datetime,
    asks: str = "",
    decided_by: str = "",
) -> Output:
    """Return an output of ours; the same *seed* always gives the same id.

    It waits for the role that it *asks*, and goes out by itself where it asks nobody;
    `decided_by` is who had it made, where a person did.
    """
    digest = hashlib.sha256("\x1f".join(seed).encode()).hexdigest()
    return Output(
        id=f"o{digest[:24]}",
        flow=FLOW,
        flow_version="",
        trigger=trigger,
        step=step,
        uses=uses,
        state="waiting" if asks else "approved",
        approver=asks or decided_by,
        body=body,
        summary=summary,
        created_at=now,
    )
