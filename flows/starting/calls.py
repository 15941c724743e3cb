"""Calls of webhooks and by hand: what they bring is read by type, cleaned, and stored.

Free text goes through the cleaner like the text of a mail. What has the type of a personal
field is what the business asks a person for, and is kept as it was given, sealed. What no
input asks for is left out, and stored nowhere.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from anonymizer.text.request import Part, Person, Request
from anonymizer.text.stand_ins import Roster
from flows.engine import Engine
from flows.errors import OperatorError, RecordExists, SkipItem, TransientError
from flows.inputs import Wrong, read_inputs
from flows.intake.arrivals import Arrivals, Pointer
from flows.intake.cleaning import clean_each
from flows.language.inputs import InputType
from flows.language.spec import FlowSpec
from flows.language.triggers import ManualTrigger, WebhookTrigger
from flows.ports import Clock, Write
from flows.records import Records
from flows.starting.starts import KIND, Starts
from flows.starts import Call, InputValue

if TYPE_CHECKING:
    from anonymizer.text.cleaner import Cleaner

_FIELDS: Final[Mapping[InputType, str]] = {
    "name": "customer.name",
    "phone": "customer.phone",
    "email": "customer.email",
    "address": "customer.address",
}
"""The personal field that an input of a type is, for flows that keep it."""


class InputsWrong(OperatorError):
    """Something that was given does not fit the inputs of the flow; `wrong` says what."""

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        self.wrong = tuple(wrong)
        told = "; ".join(f"{each.name} {each.fix}" for each in self.wrong)
        super().__init__("the inputs do not fit", fix=told)


class Conflict(OperatorError):
    """The same id came with other content before."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Calls that are stored: their ids by flow, and how many things nobody asked for.

    `again` says that all of it was there already.
    """

    starts: Mapping[str, str]
    left_out: int
    again: bool


class Calls:
    """Takes the calls of one business."""

    def __init__(
        self, records: Records, engine: Engine, clock: Clock, *, cleaner: Cleaner, sender: str
    ) -> None:
        """Take calls for the flows of *engine*; mail about them goes out by *sender*."""
        self._starts = Starts(records, engine, clock)
        self._records, self._cleaner, self._sender = records, cleaner, sender

    def of_webhook(self, source: str) -> tuple[FlowSpec, ...]:
        """Return the flows that calls of a webhook start."""
        return self._with(WebhookTrigger(webhook=source))

    def by_hand(self) -> tuple[FlowSpec, ...]:
        """Return the flows that are started by hand."""
        return self._with(ManualTrigger(manual=True))

    def _with(self, trigger: WebhookTrigger | ManualTrigger) -> tuple[FlowSpec, ...]:
        return tuple(each for each in self._starts.engine.running if trigger in each.triggers)

    async def take(
        self, flows: Sequence[FlowSpec], given: Mapping[str, object], *, by: str, key: str
    ) -> Taken:
        """Return when what was *given* is stored, clean, for each of the flows, to be run.

        *by* is the webhook, empty for a call by hand; *key* the caller's own id of the call:
        the same one again is the same call.

        Raises:
            InputsWrong: Something given does not fit the inputs of one of the flows.
            Conflict: The same key came before, with something else.
            TransientError: It could not be cleaned or stored now.
            AdministratorError: From the store.
        """
        digest = hashlib.sha256(_written(given)).hexdigest()
        calls = [await self._read(flow, given, by, key) for flow in flows]
        wrong = dict.fromkeys(each for _, found in calls for each in found)
        if wrong:
            raise InputsWrong(tuple(wrong))
        asked = frozenset().union(*(flow.inputs for flow in flows))
        taken = Taken(
            {call.flow: call.id for call, _ in calls}, len(given.keys() - asked), again=False
        )
        arrivals = Arrivals(self._records, by or _BY_HAND)
        if await self._met(arrivals, key, digest):
            return replace(taken, again=True)
        pointer = Pointer(native_id=key, folder="", detail=digest)
        now = self._starts.clock.now()
        first = next(iter(taken.starts.values()), "")
        arrival = await arrivals.record(pointer, "stored", day=now, message=first)
        writes = [Write(op="create", record=arrival)]
        cleaned = await self._cleaned(flows, [call for call, _ in calls])
        for flow, (raw, _), clean in zip(flows, calls, cleaned, strict=True):
            writes += await self._starts.writes(raw, flow, clean=clean)
        try:
            await self._records.store.batch(self._records.key, writes)
        except RecordExists:  # the same call, at the same moment
            await self._met(arrivals, key, digest)
            return replace(taken, again=True)
        return taken

    async def run(self, taken: Taken) -> list[str]:
        """Run the flows of calls that are open still; return the ids of what they put out.

        Raises:
            TransientError, AdministratorError: From the store; the next sweep runs them.
        """
        found = await self._records.found(KIND, taken.starts.values())
        still = [record for record in found.values() if record.fields["open"]]
        return [output.id for each in still for output in await self._starts.run(each)]

    async def _met(self, arrivals: Arrivals, key: str, digest: str) -> bool:
        record = await arrivals.find(key)
        if record is None:
            return False
        if (await self._records.open(record, Pointer)).detail != digest:
            raise Conflict(
                "the id of this call was used before, for something else",
                fix="give each call an id of its own, and the same one only to repeat it",
            )
        return True

    async def _read(
        self, flow: FlowSpec, given: Mapping[str, object], by: str, key: str
    ) -> tuple[Call, list[Wrong]]:
        region = self._starts.engine.business.region
        values, wrong = read_inputs(flow.inputs, given, region[:2])
        keeps = self._starts.engine.keeps([flow])
        personal = [
            (_FIELDS[spec.type], values[name].text)
            for name, spec in flow.inputs.items()
            if spec.type in _FIELDS and name in values and values[name].text
        ]
        call = Call(
            id=await self._records.record_id("call", by, flow.id, key),
            flow=flow.id,
            by=by,
            at=self._starts.clock.now(),
            inputs=values,
            personal=tuple(personal),
            kept={name: value for name, value in reversed(personal) if name in keeps},
            source=self._sender,
        )
        return call, wrong

    async def _cleaned(self, flows: Sequence[FlowSpec], calls: Sequence[Call]) -> list[Call]:
        """Return the calls with their texts clean.

        Raises:
            TransientError: The cleaner failed over one of them.
        """
        secret = await self._records.secret("stand-ins")
        pairs = list(zip(flows, calls, strict=True))
        requests = [self._request(flow, call, secret) for flow, call in pairs]
        results = await asyncio.to_thread(clean_each, self._cleaner, requests)
        clean: list[Call] = []
        for call, result in zip(calls, results, strict=True):
            if isinstance(result, SkipItem):
                raise TransientError(
                    f"a call was not taken: {result.what}", fix="send it again"
                )
            texts = {name: InputValue("text", text) for name, text in result.texts.items()}
            kept = {**result.kept, **call.kept}
            clean.append(
                replace(
                    call,
                    inputs={**call.inputs, **texts},
                    kept=kept,
                    removed=result.counts(),
                )
            )
        return clean

    def _request(self, flow: FlowSpec, call: Call, secret: bytes) -> Request:
        business = self._starts.engine.business
        of_type = {
            kind: [call.inputs[n].text for n, spec in flow.inputs.items() if spec.type == kind]
            for kind in ("text", "name", "email")
        }
        people = [Person(name=name, role="customer") for name in of_type["name"] if name]
        people += [Person(email=email, role="customer") for email in of_type["email"] if email]
        return Request(
            parts=tuple(
                Part(name=name, text=call.inputs[name].text)
                for name, spec in flow.inputs.items()
                if spec.type == "text"
            ),
            people=(*people, *(Person(name=name, role="own") for name in business.people)),
            organisations=(business.name, *business.suppliers),
            keep=self._starts.engine.keeps([flow]),
            generalise=self._starts.engine.generalises([flow]),
            region=business.region,
            at=call.at,
            roster=Roster(secret, {}),
        )


_BY_HAND: Final = "start"
"""Stands for the source of calls by hand; a source of that name has arrivals of other ids."""


def _written(given: Mapping[str, object]) -> bytes:
    return json.dumps(given, sort_keys=True, default=str, ensure_ascii=True).encode()
