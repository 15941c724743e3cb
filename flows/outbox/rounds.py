"""Rounds under way: what is being handed to outlets that take the same output twice as once.

Those need no lease, so no mark is left on each output before it goes out: one record names
all that are in a round, of any worker. It is written before a round and after it.

What it names when another worker begins was left by one that died, unless that is still at
it. The other marks each of these as `sending` before it hands it over, and so counts how often
it was tried: what stops the program each time is found out and given up.

Nobody is to close what is about to go out. So a decision about an output that is due is written
together with this record, and a round is begun with the version of it that was read before
the outputs were: of a decision and a round that begin at once, one comes second, and knows.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from flows.errors import RecordExists, StaleRecord, TransientError
from flows.ports import Record, Write
from flows.records import Records

_KIND: Final = "round"
_ID: Final = "open"
_TURNS: Final = 100


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds that are open: outputs by worker and round. *etag* is of their record."""

    outputs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    etag: str = ""

    @property
    def named(self) -> set[str]:
        """Return the ids of all outputs in them."""
        return {each for ids in self.outputs.values() for each in ids}

    def shown(self, record: Record) -> Record:
        """Return the record of an output as people see it: in a round it is `sending`."""
        if record.fields.get("state") != "approved":
            return record
        for name, ids in self.outputs.items():
            if record.id in ids:
                worker = name.partition("/")[0]
                return replace(
                    record, fields={**record.fields, "state": "sending", "worker": worker}
                )
        return record


class OpenRounds:
    """The record of the rounds of one business."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def read(self) -> Rounds:
        """Return the rounds that are open now."""
        record = await self._records.get(_KIND, _ID)
        if record is None:
            return Rounds()
        outputs = await self._records.open(record, dict[str, list[str]])
        return Rounds(outputs, record.etag)

    async def write_of(self, rounds: Rounds) -> Write:
        """Return the write of *rounds*, which fails if others wrote since they were read."""
        record = await self._records.seal(_KIND, _ID, dict(rounds.outputs), {})
        if not rounds.etag:
            return Write(op="create", record=record)
        return Write(op="put", record=record, etag=rounds.etag)

    async def write(self, rounds: Rounds) -> Rounds:
        """Write the rounds, and return them as they are stored.

        Raises:
            StaleRecord, RecordExists: Others wrote since they were read.
        """
        write = await self.write_of(rounds)
        (stored,) = await self._records.store.batch(self._records.key, [write])
        return replace(rounds, etag=stored.etag)


class OwnRounds:
    """The rounds of one worker, beside those that were open when it last looked."""

    def __init__(self, records: Records, worker: str) -> None:
        self._records, self._worker = records, worker
        self._open, self._rounds = OpenRounds(records), Rounds()

    async def look(self) -> None:
        """Read which rounds are open; before the outputs are read that one is to have."""
        self._rounds = await self._open.read()

    @property
    def named(self) -> set[str]:
        """Return the ids of outputs in any open round."""
        return self._rounds.named

    async def begin(self, outputs: Sequence[Record]) -> set[str]:
        """Begin a round with outputs, and return the ids of those that are in it.

        Left out is what has changed since the rounds were looked at, and what is in another.

        Raises:
            TransientError, AdministratorError: From the store.
        """
        name = f"{self._worker}/{secrets.token_hex(2)}"
        for _ in range(_TURNS):
            ids = [record.id for record in outputs if record.id not in self.named]
            if not ids:
                return set()
            try:
                await self._write({**self._rounds.outputs, name: ids})
            except (RecordExists, StaleRecord):
                await self.look()
                now = await self._records.found("output", ids)
                outputs = [each for each in outputs if _unchanged(each, now)]
            else:
                return set(ids)
        raise _busy()

    async def end(self, over: Collection[str]) -> None:
        """Take outputs out of every round.

        Raises:
            TransientError, AdministratorError: From the store.
        """
        for _ in range(_TURNS):
            left = {
                name: kept
                for name, ids in self._rounds.outputs.items()
                if (kept := [each for each in ids if each not in over])
            }
            if left == self._rounds.outputs:
                return
            try:
                await self._write(left)
            except (RecordExists, StaleRecord):
                await self.look()
            else:
                return
        raise _busy()

    async def _write(self, outputs: Mapping[str, Sequence[str]]) -> None:
        self._rounds = await self._open.write(replace(self._rounds, outputs=outputs))


def _unchanged(output: Record, now: Mapping[str, Record]) -> bool:
    return output.id in now and now[output.id].etag == output.etag


def _busy() -> TransientError:
    return TransientError(
        "many workers begin and end deliveries at once", fix="the next sweep delivers the rest"
    )
