"""Writes as one request that takes place wholly or not at all, and once.

A deletion leaves a tombstone, so that it is told by the change feed and so that writing it
again changes nothing. An expired document or a tombstone does not keep its id from a new
record: a create that meets one replaces exactly that version.

Where the answer to a write was lost, its documents are looked at before it is sent again:
each carries the ids of the writes that led to it, so it is known to have taken place even
when somebody else has written since.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, NoReturn

from azure.core import MatchConditions
from azure.cosmos.aio import ContainerProxy

from connectors.cosmos.bodies import Bodies, too_long
from connectors.cosmos.documents import (
    Document,
    Version,
    came_of,
    dead,
    document_id,
    history,
    new_write,
    version_of,
    write_document,
    write_tombstone,
)
from connectors.cosmos.trouble import Calls, Refused
from flows.errors import RecordExists, RecordMissing, StaleRecord, TransientError
from flows.ports import Key, Record, Write

Fetch = Callable[[str], Awaitable[Document | None]]

_AT_ONCE: Final = 8
_TURNS: Final = 8
_WRITTEN_OVER: Final = "written-over"
"""The etag of a version that was lost with the answer and has been written over since."""


@dataclass(slots=True)
class Step:
    """One write of a request.

    Attributes:
        write: What was asked for.
        before: The version that it must replace, where an etag was given.
        document: What is sent.
        replaces: The etag of Cosmos DB that the document must have now, "" for any or none.
        creates: Whether there must be no document.
    """

    write: Write
    before: Version | None
    writes: str
    creates: bool
    document: Document = field(default_factory=dict)
    replaces: str = ""
    outdated: str = ""

    @property
    def id(self) -> str:
        """Return the id of its document."""
        return document_id(self.write.record.kind, self.write.record.id)

    def operation(self) -> tuple[Any, ...]:
        """Return it as the library wants it in a batch."""
        if self.replaces:
            return "replace", (self.id, self.document), {"if_match_etag": self.replaces}
        return "create" if self.creates else "upsert", (self.document,)


@dataclass(frozen=True, slots=True)
class Writing:
    """One batch into one partition, on its way; *now* is in microseconds since 1970."""

    key: Key
    container: ContainerProxy
    calls: Calls
    bodies: Bodies
    fetch: Fetch
    now: int
    id: str = field(default_factory=new_write)

    async def carry_out(self, operation: str, writes: Sequence[Write]) -> tuple[Record, ...]:
        """Carry out the writes and return the records as the port says.

        Raises:
            RecordExists, StaleRecord, RecordMissing, RecordTooLarge: As the port says.
        """
        steps = await self._planned(writes)
        kept = await self._documents(steps)
        try:
            tags = await self._sent(operation, steps)
        except TransientError as error:
            if isinstance(error, StaleRecord):
                await self.bodies.drop(self.key.business, kept)
            # Else it may have taken place all the same, and need its bodies.
            raise
        except Exception:
            await self.bodies.drop(self.key.business, kept)
            raise
        await self.bodies.drop(
            self.key.business, {step.outdated for step in steps if step.outdated}
        )
        return tuple(map(self._stored, steps, tags))

    async def _planned(self, writes: Sequence[Write]) -> list[Step]:
        """Settle what the batch itself decides, and what an etag tells beforehand."""
        steps: list[Step] = []
        last: dict[str, Step] = {}
        for number, write in enumerate(writes):
            before = Version.read(write.etag) if write.etag else None
            writes_before = before.writes if before else ""
            step = Step(write, before, "", creates=write.op == "create")
            earlier = last.get(step.id)
            if earlier is not None:
                step.creates = False
                writes_before = earlier.writes
                _check_after(earlier.write, write)
            elif write.etag and (before is None or before.expired(self.now)):
                _refuse(write, await self.fetch(step.id), self.now)
            elif before is not None:
                step.replaces, step.outdated = before.tag, before.blob
            step.writes = history(self.id, number, writes_before)
            last[step.id] = step
            steps.append(step)
        return steps

    async def _documents(self, steps: Sequence[Step]) -> list[str]:
        """Give each step its document, and return the names of the bodies kept outside."""
        sealed = [
            b"" if step.write.op == "delete" else step.write.record.sealed for step in steps
        ]
        outside = sorted(too_long(sealed))
        places = asyncio.Semaphore(_AT_ONCE)

        async def keep(number: int) -> str:
            async with places:
                return await self.bodies.keep(self.key.business, sealed[number])

        names = dict(zip(outside, await asyncio.gather(*map(keep, outside)), strict=True))
        for number, step in enumerate(steps):
            record = step.write.record
            step.document = (
                write_tombstone(self.key, record, writes=step.writes, now=self.now)
                if step.write.op == "delete"
                else write_document(
                    self.key,
                    record,
                    writes=step.writes,
                    blob=names.get(number, ""),
                    now=self.now,
                )
            )
        return list(names.values())

    async def _sent(self, operation: str, steps: Sequence[Step]) -> list[str]:
        """Send the steps until they are in or refused; return the etags of Cosmos DB."""
        settle = partial(self._settled, steps)
        waiting = self.calls.waiting()
        for turn in range(_TURNS):
            send = partial(self._send, operation, steps)
            try:
                return await self.calls.run(operation, send, settle=settle)
            except Refused as refused:
                step = steps[refused.index]
                found = await self.fetch(step.id)
                if refused.unsure or (found and came_of(self.id, found)):
                    tags = await self._settled(steps)
                    if tags is not None:
                        return tags
                self._mend(step, found)
            if turn:
                await waiting.pause()
        raise TransientError(
            "others keep writing to a record of the kind"
            f" '{steps[0].write.record.kind}' at the same time",
            fix="try again",
        )

    async def _send(self, operation: str, steps: Sequence[Step]) -> list[str]:
        answers: list[Mapping[str, str]] = []
        hook = self.calls.hook(operation, answers)
        if len(steps) > 1:
            results = await self.container.execute_item_batch(
                [step.operation() for step in steps],
                partition_key=[self.key.business, self.key.scope],
                response_hook=hook,
            )
            return [result["eTag"] for result in results]
        (step,) = steps
        if step.replaces:
            await self.container.replace_item(
                step.id,
                step.document,
                etag=step.replaces,
                match_condition=MatchConditions.IfNotModified,
                no_response=True,
                response_hook=hook,
            )
        elif step.creates:
            await self.container.create_item(
                step.document, no_response=True, response_hook=hook
            )
        else:
            await self.container.upsert_item(
                step.document, no_response=True, response_hook=hook
            )
        return [answers[-1]["etag"]]

    async def _settled(self, steps: Sequence[Step]) -> list[str] | None:
        """Return the etags of Cosmos DB if the write took place, None if it did not."""
        places = asyncio.Semaphore(_AT_ONCE)

        async def look(step: Step) -> Document | None:
            async with places:
                return await self.fetch(step.id)

        found = await asyncio.gather(*map(look, steps))
        if not any(document and came_of(self.id, document) for document in found):
            return None
        return [
            document["_etag"] if document and document["w"] == step.writes else _WRITTEN_OVER
            for document, step in zip(found, steps, strict=True)
        ]

    def _mend(self, step: Step, found: Document | None) -> None:
        """Make a refused step right for what is there now, or refuse it for good."""
        write = step.write
        live = found is not None and not dead(found, self.now)
        if write.op == "create":
            if live:
                _refuse(write, found, self.now)
            # What is dead is replaced in exactly this version, so that of two one wins.
            step.replaces = found["_etag"] if found else ""
            step.outdated = found.get("blob", "") if found else ""
        elif step.before and not (live and found and found["_etag"] == step.before.tag):
            _refuse(write, found, self.now)

    def _stored(self, step: Step, tag: str) -> Record:
        if step.write.op == "delete":
            return step.write.record
        etag = str(version_of(step.document | {"_etag": tag}))
        return replace(step.write.record, etag=etag, scope=self.key.scope, deleted=False)


def _check_after(earlier: Write, write: Write) -> None:
    """Refuse a write that another one of the same batch makes impossible."""
    live = earlier.op != "delete"
    if write.op == "create" and live:
        raise _exists(write)
    if write.etag:
        raise _stale(write) if live else _missing(write)


def _refuse(write: Write, found: Document | None, now: int) -> NoReturn:
    live = found is not None and not dead(found, now)
    if write.op == "create":
        raise _exists(write)
    raise _stale(write) if live else _missing(write)


def _exists(write: Write) -> RecordExists:
    return RecordExists(
        f"there is a record of kind '{write.record.kind}' with this id already",
        fix="read it, or use put to write over it",
    )


def _stale(write: Write) -> StaleRecord:
    return StaleRecord(
        f"the record of kind '{write.record.kind}' was changed since it was read",
        fix="read it again and decide again",
    )


def _missing(write: Write) -> RecordMissing:
    return RecordMissing(
        f"the record of kind '{write.record.kind}' is not there any more",
        fix="create it anew",
    )
