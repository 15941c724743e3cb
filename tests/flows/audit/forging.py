"""What somebody can do who can write to the store, and knows how a log is made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from flows.audit.entry import KIND, Stored, digest, entry_id
from flows.audit.payload import KIND as PAYLOAD
from flows.audit.root import Signer
from flows.ports import Record
from tests.flows.audit.logs import Opened

SIZES = (1, 3, 1, 5, 2, 1, 4, 3)
"""Entries of the appends of the log that is forged."""

ENDS = tuple(sum(SIZES[: number + 1]) for number in range(len(SIZES)))
"""Numbers of the entries that are signed."""

LAST = ENDS[-1]


def end_of(number: int) -> int:
    """Return the number of the entry that ends the append of this one."""
    return next(end for end in ENDS if end >= number)


async def entry(it: Opened, number: int) -> Record:
    record = await it.log.stored(number)
    assert record is not None
    return record


async def write(it: Opened, record: Record) -> None:
    await it.store.put(it.records.key, record)


async def remove(it: Opened, *numbers: int, kind: str = KIND) -> None:
    for number in numbers:
        await it.store.delete(it.records.key, kind, entry_id(number))


async def all_of(it: Opened) -> list[Stored]:
    return [each async for each in it.log.entries()]


async def edit(it: Opened, number: int, part: int, *, rehash: bool) -> None:
    """Change one part of the hashed text, and the hash with it where *rehash* says so."""
    record = await entry(it, number)
    text, hash_, *signature = str(record.fields["entry"]).split("\n")
    parts = json.loads(text)
    parts[part] = changed(parts[part])
    text = json.dumps(parts, separators=(",", ":"))
    lines = [text, digest(text) if rehash else hash_, *signature]
    fields = {**record.fields, "entry": "\n".join(lines)}
    if rehash:
        fields |= {"time": parts[3], "action": parts[5]}
    await write(it, replace(record, fields=fields))


def changed(part: object) -> object:
    """Return another value that could stand there."""
    match part:
        case int():
            return part + 1
        case [*subjects]:
            return [*subjects, "m999"]
        case "record.read":
            return "record.erase"
        case str() if part.startswith("2026"):
            return part.replace("2026", "2025")
        case _:
            return f"{part}0"


async def swap(it: Opened, one: int, other: int, kind: str = KIND) -> None:
    """Exchange what two records hold."""
    here = await it.records.get(kind, entry_id(one))
    there = await it.records.get(kind, entry_id(other))
    assert here
    assert there
    await write(it, replace(here, id=there.id))
    await write(it, replace(there, id=here.id))


async def rebuild(it: Opened, start: int, *, own_key: bool) -> None:
    """Change an entry, and all hashes and signatures from there on, without the true key."""
    signer, made = Signer(b"\x07" * 32), []
    for stored in await all_of(it):
        if stored.entry.sequence < start:
            made.append(stored)
            continue
        new = replace(stored.entry, previous=made[-1].hash if made else "0" * 64)
        if stored.entry.sequence == start:
            new = replace(new, authority="nobody's")
        new = Stored(new, new.text, digest(new.text))
        if stored.key:
            new = signer.sign(new)
            new = new if own_key else replace(new, key=stored.key)
        made.append(new)
        await write(it, new.record())


async def flip(it: Opened, number: int, place: int) -> None:
    """Change one bit of a sealed payload."""
    record = await it.records.get(PAYLOAD, entry_id(number))
    assert record
    body = bytearray(record.sealed)
    body[place % len(body)] ^= 1
    await write(it, replace(record, sealed=bytes(body)))


def numbers_of(findings: Sequence[tuple[int, str]]) -> set[int]:
    return {number for number, _ in findings}
