"""Who acts: what the rooms call to have an act recorded before it is done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from pydantic import JsonValue

from flows.audit.log import AUDIT, Act, Log
from flows.errors import JigajobError
from flows.ports import Clock
from flows.records import Records


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the command line, by the name of the system's user.

    The name goes into sealed payloads only; entries show a keyed hash of it.
    """

    name: str


class Audit:
    """Records what one actor does: a person, or the engine where none is named."""

    def __init__(self, log: Log, records: Records, person: Person | None = None) -> None:
        self.log = log
        self._records, self._person = records, person
        self._actor = "" if person else "engine"

    @classmethod
    def of(cls, records: Records, clock: Clock) -> Audit:
        """Return the engine's, for the business of *records*, without roots kept outside."""
        own = records.in_scope(AUDIT)
        return cls(Log(own, clock), own)

    @property
    def engine(self) -> Audit:
        """Return what records in the same log for the engine."""
        return Audit(self.log, self._records)

    async def note(self, *acts: Act) -> tuple[int, ...]:
        """Append these acts and return the numbers of their entries.

        Raises:
            TransientError, AdministratorError: Nothing was recorded, so do not act either.
        """
        return await self.log.append(await self.actor(), acts, self._who)

    @asynccontextmanager
    async def act(self, *acts: Act) -> AsyncIterator[None]:
        """Append these acts before the block; if it fails, append that too.

        What is recorded of a failure is the class of the error, and the short word of a
        refused sign-in, never its text.
        """
        announced = asyncio.ensure_future(self.note(*acts))
        try:
            await asyncio.shield(announced)
            yield
        except BaseException as error:
            with suppress(JigajobError):  # what failed first is what a person has to hear of
                numbers = await announced  # also where we were stopped while it was written
                await self.note(_failed(error, numbers, acts))
            raise

    async def seen(self, command: str, ids: Iterable[str], what: str) -> None:
        """Append that these records are shown to the person; nothing where there are none."""
        subjects = tuple(ids)
        if subjects:
            await self.note(
                Act(
                    action="record.read",
                    authority=f"command {command}",
                    subjects=subjects,
                    details={"what": what},
                )
            )

    async def actor(self) -> str:
        """Return how entries call the actor."""
        if not self._actor and self._person:
            digest = await self._records.record_id("audit/actor", self._person.name)
            self._actor = f"cli:{digest[:16]}"
        return self._actor

    @property
    def person(self) -> str:
        """Return the name of the actor, for what is sealed; `engine` for that."""
        return f"cli:{self._person.name}" if self._person else "engine"

    @property
    def _who(self) -> Mapping[str, JsonValue] | None:
        return {"name": self.person} if self._person else None


def _failed(error: BaseException, numbers: Sequence[int], acts: Sequence[Act]) -> Act:
    why = getattr(error, "why", "")
    return Act(
        action="act.fail",
        authority=f"entry {numbers[0]}" + (f"-{numbers[-1]}" if len(numbers) > 1 else ""),
        subjects=[each for act in acts for each in act.subjects],
        result=type(error).__name__ + (f" {why}" if why else ""),
    )
