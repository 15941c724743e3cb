"""The audit log as people ask for it: a part of it with names, or all of it as a file."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from flows.audit.entry import FORMAT, Entry, Stored, stamp
from flows.audit.log import Log
from flows.audit.payload import Payload
from flows.audit.verify import Verdict
from flows.errors import AdministratorError, OperatorError
from flows.ports import Where

HOW: Final = (
    "Of each line with an `entry`: `hash` is the SHA-256 of `entry` (as UTF-8); the last item"
    " of the array in `entry` is the `hash` of the line before, 64 zeros in the first; the"
    " third item counts from 1. Where there is a `signature`, it is Ed25519, made with `key`"
    " (hexadecimal) over: jigajob/audit/1 BUSINESS NUMBER TIME HASH, a space between them, from"
    " items 2, 3 and 4. Where there is a `payload`, the SHA-256 of `salt` (from hexadecimal)"
    " followed by `payload` (as UTF-8) is the item before the last. Each `root` names an entry"
    " by number and hash. `public_key` is to be compared with one had from the business by"
    " another way. docs/audit.md of JigAjob holds a program that does all this."
)
"""How to verify an export with nothing but SHA-256 and Ed25519; its first line says it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: from, before, of which actions (none: all), of an id, how many at most."""

    since: datetime | None = None
    until: datetime | None = None
    actions: frozenset[str] = frozenset()
    subject: str = ""
    last: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry with its details, where they are still there and open."""

    entry: Entry
    details: dict[str, Any]

    @property
    def who(self) -> str:
        """Return the name of the actor, else the keyed hash of it."""
        return str(self.details.get("who", {}).get("name") or self.entry.actor)

    def as_json(self) -> dict[str, Any]:
        """Return the entry as JSON-able data."""
        entry = self.entry
        return {
            "sequence": entry.sequence,
            "time": stamp(entry.time),
            "actor": entry.actor,
            "who": self.who,
            "action": entry.action,
            "authority": entry.authority,
            "subjects": [*entry.subjects],
            "result": entry.result,
            "details": {name: said for name, said in self.details.items() if name != "who"},
        }


async def shown(log: Log, wanted: Wanted, tell: Callable[[int], None]) -> list[Shown]:
    """Return the entries that are wanted, in the order of the log."""
    where = [Where("time", ">=", stamp(wanted.since))] if wanted.since else []
    where += [Where("time", "<", stamp(wanted.until))] if wanted.until else []
    if wanted.actions:
        where.append(Where("action", "in", tuple(sorted(wanted.actions))))
    found: list[Stored] = []
    looked = 0
    async for stored in log.entries(where=where, descending=True):
        looked += 1
        tell(looked)
        subjects = stored.entry.subjects
        if not wanted.subject or any(each.startswith(wanted.subject) for each in subjects):
            found.append(stored)
        if wanted.last and len(found) == wanted.last:
            break
    return [Shown(each.entry, await _details(log, each)) for each in reversed(found)]


async def _details(log: Log, stored: Stored) -> dict[str, Any]:
    payload = await _payload(log, stored)
    return dict(payload.details) if payload else {}


async def _payload(log: Log, stored: Stored) -> Payload | None:
    """Return the details, None where they are gone or do not open; `verify` says which."""
    if not stored.entry.payload:
        return None
    try:
        return await log.payload(stored.entry.sequence)
    except (AdministratorError, ValueError):
        return None


async def export_to(log: Log, out: Path, tell: Callable[[int], None]) -> int:
    """Write the whole log to a new file, for its owner alone; return how many entries.

    Raises:
        OperatorError: The file is there already, or cannot be written.
    """
    entries = 0
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(out, flags, 0o600), "w", encoding="ascii") as file:
            async for line in _lines(log):
                file.write(json.dumps(line, separators=(",", ":")) + "\n")
                entries += "entry" in line
                tell(entries)
    except OSError as error:
        raise OperatorError(
            f"cannot write {out} ({error.strerror})", fix="give --out a file that is not there"
        ) from None
    return entries


async def _lines(log: Log) -> AsyncIterator[dict[str, Any]]:
    head = await log.root()
    key = head.key if head else ""
    yield {"export": FORMAT, "business": log.business, "public_key": key, "how": HOW}
    async for stored in log.entries():
        line: dict[str, Any] = {"entry": stored.text, "hash": stored.hash}
        if stored.key:
            line |= {"key": stored.key, "signature": stored.signature}
        payload = await _payload(log, stored)
        if payload is not None:
            line |= {"salt": payload.salt, "payload": payload.text}
        yield line
    for root in log.anchored():
        yield {"root": asdict(root)}
    last = await log.root()
    if last is not None:
        yield {"root": asdict(last)}


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON-able data."""
    return {
        "business": verdict.business,
        "whole": not verdict.findings,
        "entries": verdict.entries,
        "signatures": verdict.signatures,
        "roots": verdict.roots,
        "details": {
            "kept": verdict.kept,
            "expired": verdict.expired,
            "erased": verdict.erased,
            "shredded": verdict.shredded,
        },
        "root": str(verdict.root) if verdict.root else "",
        "key": verdict.key,
        "findings": [{**asdict(each), "what": str(each)} for each in verdict.findings],
        "more": verdict.more,
    }
