"""What came of one case, in the terms in which a case expects it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

from flows.model import CleanMessage, CleanTransaction, Output
from flows.plan.comparing import UNDECIDED
from flows.plan.rehearsal import Rehearsal
from flows.plan.rehearsed import outputs_of


@dataclass(slots=True)
class Happened:
    """What a rehearsal of a case left: all of it clean text, kept fields and outputs."""

    flows: set[str] = field(default_factory=set)
    outputs: list[Output] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    removed: Counter[str] = field(default_factory=Counter)
    stored: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def written(self) -> list[str]:
        """Return every text that would be stored or would go out."""
        bodies = [json.dumps(dict(each.body), ensure_ascii=False) for each in self.outputs]
        return [*self.stored, *bodies, *(each.summary for each in self.outputs)]


async def happened(rehearsal: Rehearsal) -> Happened:
    """Return what came of it."""
    found, records = Happened(), rehearsal.records
    async for record in records.each("message"):
        mail = await records.open(record, CleanMessage)
        found.flows |= set(filter(None, str(record.fields["flows"]).split(",")))
        found.kept |= mail.kept
        found.removed.update(mail.removed)
        found.stored += [mail.subject, mail.text, mail.folder]
        found.stored += [text for each in mail.attachments for text in (each.name, each.text)]
    async for record in records.each("transaction"):
        movement = await records.open(record, CleanTransaction)
        found.flows |= set(filter(None, str(record.fields["flows"]).split(",")))
        found.removed.update(movement.removed)
        found.stored += [movement.counterparty, movement.reference]
    for made in (await outputs_of(rehearsal)).values():
        found.outputs += made
    found.flows |= {each.flow for each in found.outputs if each.uses != UNDECIDED}
    async for record in records.each("arrival"):
        if record.fields["state"] != "stored":
            found.skipped.append(str(record.fields["reason"]))
    return found
