"""Good manners of automatic mail: to nobody too often, and never round in a circle.

Each mail that goes out without a person's approval leaves a record of kind `answer`, written
in one batch with the output: keyed hashes of whom it went to and in which thread, and the day.
The ids of the records of one correspondent and day are numbered, so that two workers at once
cannot both take the last one.

Source: https://www.rfc-editor.org/rfc/rfc3834 sections 2 and 4
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flows.intake.parties import OwnAddresses
from flows.intake.trust import waiting
from flows.language.spec import Business
from flows.model import Message, Output
from flows.ports import Scalar, Where, Write
from flows.records import Records

SENDING: Final = frozenset({"reply.send", "mail.send"})
"""Steps whose outputs are mail that goes out."""

KEPT_FOR: Final = timedelta(days=90)
MOST_AT_ONCE: Final = 20
"""Automatic mails that one mail can bring about; it bounds a batch, too."""

TWICE: Final = "a second automatic answer in one thread"
OFTEN: Final = "its addressee had enough automatic mail today"
MANY: Final = "one mail brings about very much automatic mail"

_OURS = re.compile(r"(o[0-9a-f]{24})@")


class Manners:
    """Holds back the automatic mail of one business that would be one too many."""

    def __init__(self, records: Records, business: Business, own: OwnAddresses) -> None:
        self._records, self._own = records, own
        self._most = business.automatic_replies_per_day
        self._zone = ZoneInfo(business.time_zone)

    async def settled(
        self, outputs: Iterable[Output], now: datetime, message: Message | None = None
    ) -> tuple[list[Output], list[Write]]:
        """Return *outputs* as they may go out, and the writes that belong into their batch.

        *message* is the mail that they come from, with the ids of its records; None for
        transactions. An answer to ourselves is left out; what is one too many waits for
        the owner.

        Raises:
            TransientError, AdministratorError: From the store.
        """
        day = now.astimezone(self._zone).date().isoformat()
        settled: list[Output] = []
        writes: list[Write] = []
        taken: set[str] = set()
        answered: bool | None = None
        for output in outputs:
            to = str(output.body.get("to", "")).strip().lower()
            if output.uses == "reply.send" and self._to_ourselves(to, message):
                continue
            by_itself = output.state == "approved" and not output.approver
            if output.uses not in SENDING or not (by_itself or output.terms.let_go):
                settled.append(output)
                continue
            if answered is None:
                answered = message is not None and await self._answered(message)
            slot = "" if answered else await self._slot(to, day, taken)
            reason = TWICE if answered else "" if slot else OFTEN
            reason = reason or (MANY if len(writes) >= MOST_AT_ONCE else "")
            if reason:
                settled.append(waiting(output, [reason]))
                continue
            taken.add(slot)
            settled.append(output)
            thread = message.thread if message else ""
            fields = {"thread": thread, "mail": output.trigger, "day": day}
            writes.append(await self._answer(slot, to, fields, now))
        return settled, writes

    async def _answer(
        self, slot: str, to: str, fields: Mapping[str, Scalar], now: datetime
    ) -> Write:
        correspondent = await self._records.record_id("correspondent", to)
        fields = {**fields, "correspondent": correspondent}
        record = await self._records.seal("answer", slot, {}, fields, expires_at=now + KEPT_FOR)
        return Write(op="create", record=record)

    def _to_ourselves(self, to: str, message: Message | None) -> bool:
        """Tell whether an answer has nobody but the business itself to go to."""
        return self._own.owns(to or (message.sender.email if message else ""))

    async def _answered(self, message: Message) -> bool:
        """Tell whether an automatic mail of ours is in the thread, from another mail on."""
        where = [Where("thread", "=", message.thread), Where("mail", "!=", message.id)]
        page = await self._records.store.query(
            self._records.key, "answer", where=where, limit=1
        )
        if page.records:
            return True
        # A mail of ours starts its own thread, and its Message-ID begins with its output's id.
        named = (message.message_id, *message.references)
        ours = {found[1] for each in named if (found := _OURS.match(each))}
        for output_id in ours:
            if await self._records.get("output", output_id) is not None:
                return True
        return False

    async def _slot(self, to: str, day: str, taken: set[str]) -> str:
        """Return the id of the next record of the day, "" when all are taken."""
        for number in range(self._most):
            slot = await self._records.record_id("answer", to, day, str(number))
            if slot not in taken and await self._records.get("answer", slot) is None:
                return slot
        return ""
