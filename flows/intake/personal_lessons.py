"""What the owner taught about personal mail, and what it changes: features, never text.

A lesson is of one mail. For that mail it decides; for mail like it, it moves the score by a
bounded amount that anybody can foretell:

    the same correspondent   by SAME[said], whatever the number of lessons; the latest counts
    signs of the same kinds  by ALIKE for each such lesson, SEVERAL at most
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from flows.intake.parties import OwnAddresses
from flows.intake.personal_signs import Signs, shared
from flows.intake.purpose import judge_message, signs_of_message
from flows.model import Message, Verdict
from flows.records import Records

Said = Literal["business", "private"]

VERDICTS: Final[dict[Said, Verdict]] = {"business": "business", "private": "personal"}

SAME: Final[dict[Said, float]] = {"business": -4.0, "private": 1.5}
"""Learning that somebody is a customer outweighs nearly all; a friend may become one."""

ALIKE: Final = 0.25
SEVERAL: Final = 0.75

LIKENESS: Final = 0.6
"""Share of kinds of signs that two mails must have in common to be alike."""

FEWEST: Final = 2
"""Kinds of signs that they must have in common at the least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One lesson: `mail` and `correspondent` are keyed hashes, `signs` names of signs."""

    said: Said
    mail: str
    correspondent: str
    signs: tuple[str, ...]
    taught_at: datetime


class Lessons:
    """The lessons of one business, as they were when they were read."""

    def __init__(
        self, records: Records, own: OwnAddresses, lessons: Iterable[Lesson] = ()
    ) -> None:
        self._records, self._own = records, own
        self._all = sorted(lessons, key=lambda lesson: lesson.taught_at)
        self._of_mail = {lesson.mail: lesson for lesson in self._all}

    @classmethod
    async def read(cls, records: Records, own: OwnAddresses) -> Lessons:
        """Return the lessons that *records* hold now.

        Raises:
            TransientError, AdministratorError: From the store.
        """
        found = [await records.open(each, Lesson) async for each in records.each("lesson")]
        return cls(records, own, found)

    async def settled(self, message: Message) -> Message:
        """Return *message* with the verdict that its lessons and its thread leave it.

        Its id and thread are those of the records. An answer in a thread that is stored is
        business, unless it was taught that its writer is private.
        """
        taught = self._of_mail.get(message.id)
        if taught is not None:
            return replace(message, verdict=VERDICTS[taught.said])
        verdict, lean = message.verdict, 0.0
        if self._all:
            hashed = await correspondent_of(self._records, message, self._own)
            lean = self.lean(hashed, signs_of_message(message))
            verdict, _ = judge_message(message, self._own, lean=lean)
        if verdict == "personal" and lean <= 0 and await self._of_business(message.thread):
            verdict = "business"
        return replace(message, verdict=verdict)

    def lean(self, correspondent: str, signs: Signs) -> float:
        """Return by how much the lessons move the score of a mail; above 0 to personal."""
        kinds, moved, alike = shared(signs), 0.0, 0.0
        for lesson in self._all:
            if correspondent and lesson.correspondent == correspondent:
                moved = SAME[lesson.said]
            elif _alike(kinds, frozenset(lesson.signs)):
                alike += ALIKE if lesson.said == "private" else -ALIKE
        return moved + max(-SEVERAL, min(SEVERAL, alike))

    async def _of_business(self, thread: str) -> bool:
        return await self._records.count("message", thread=thread) > 0


async def lesson_of(
    records: Records, message: Message, own: OwnAddresses, said: Said, at: datetime
) -> Lesson:
    """Return what is learnt from *message*, whose id is that of the records."""
    return Lesson(
        said=said,
        mail=message.id,
        correspondent=await correspondent_of(records, message, own),
        signs=tuple(sorted(shared(signs_of_message(message)))),
        taught_at=at,
    )


async def correspondent_of(records: Records, message: Message, own: OwnAddresses) -> str:
    """Return the keyed hash of the outsider who wrote the mail or got it, "" for none."""
    people = (message.sender, *message.to, *message.cc)
    outside = (each.email for each in people if each.email and not own.owns(each.email))
    address = next(outside, "").strip().lower()
    return await records.record_id("correspondent", address) if address else ""


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    common = len(one & other)
    return common >= FEWEST and common >= LIKENESS * len(one | other)
