"""Finds any record of a business by the beginning of its id."""

from __future__ import annotations

from flows.model import CleanMessage, CleanTransaction, Invoice, Output
from flows.ports import Key, Where
from flows.records import INTAKE, WORK
from flows.starts import START
from flows.work.jobs import Job
from portal.wiring import App

_NOUNS: dict[str, tuple[str, type[object]]] = {
    "message": (INTAKE, CleanMessage),
    "transaction": (INTAKE, CleanTransaction),
    "start": (INTAKE, START),
    "output": (INTAKE, Output),
    "job": (WORK, Job),
    "invoice": (WORK, Invoice),
}


async def find_records(app: App, start: str) -> list[tuple[str, object]]:
    """Return (kind, noun) for each record whose id begins with *start*, at most a few.

    A job is also found by its reference, which is what its customer was told.
    """
    found: list[tuple[str, object]] = []
    if not start.isascii():  # ids are; a store need not take every other text
        return found
    for kind, (scope, noun) in _NOUNS.items():
        key = Key(app.file.business.id, scope)
        page = await app.records.store.query(
            key, kind, where=[Where("id", "prefix", start)], limit=5
        )
        found += [(kind, await app.records.open(record, noun)) for record in page.records]
    found += [("job", job) for job in await app.register.jobs() if job.reference == start]
    return found
