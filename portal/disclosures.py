"""What was told to whom: each output that went out, with the kinds of fields in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from flows.audit.entry import stamp
from flows.audit.log import Log
from portal.auditing import Shown, Wanted, shown

_ROUNDS: Final = frozenset({"output.send", "schedule.change", "payment.mark"})
_UNSENT: Final = "output.unsent"
_UNKNOWN: Final = "unknown"
_GONE: Final = "details expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """One output that went out, or, as `state` says, may have.

    `receiver` is the kind of receiver, or an outlet by its name; `to` the address of a mail.
    `fields` are the kept fields (`customer.name`) whose values were in it. Both are empty
    where the details of the log have expired, which `receiver` then says.
    """

    time: datetime
    output: str
    flow: str
    uses: str
    receiver: str
    to: str
    fields: tuple[str, ...]
    state: str = "sent"

    def as_json(self) -> dict[str, Any]:
        """Return the disclosure as JSON-able data."""
        return {
            "time": stamp(self.time),
            "output": self.output,
            "flow": self.flow,
            "uses": self.uses,
            "receiver": self.receiver,
            "to": self.to,
            "fields": [*self.fields],
            "state": self.state,
        }


async def disclosures(
    log: Log,
    tell: Callable[[int], None],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Disclosure]:
    """Return what left for somebody, in the order in which it did.

    What stayed in JigAjob's own files, or did not go out, is not among it.
    """
    wanted = Wanted(since, until, _ROUNDS | {_UNSENT})
    found: dict[str, list[Disclosure]] = {}
    for entry in await shown(log, wanted, tell):
        if entry.entry.action == _UNSENT:
            for output in entry.entry.subjects:
                _take_back(found.get(output, []), entry.entry.result)
        else:
            for each in _told(entry):
                found.setdefault(each.output, []).append(each)
    every = (each for some in found.values() for each in some)
    return sorted(every, key=lambda each: (each.time, each.output))


def _take_back(some: list[Disclosure], result: str) -> None:
    """Correct the last of an output's, which did not end in sent."""
    if some:
        last = some.pop()
        if result == _UNKNOWN:
            some.append(replace(last, state=_UNKNOWN))


def _told(entry: Shown) -> list[Disclosure]:
    outputs = entry.details.get("outputs")
    if not isinstance(outputs, list):
        return [
            _disclosure(entry, {"output": each, "receiver": _GONE})
            for each in entry.entry.subjects
            if entry.entry.action != "payment.mark"
        ]
    return [_disclosure(entry, each) for each in outputs if each.get("receiver")]


def _disclosure(entry: Shown, said: dict[str, Any]) -> Disclosure:
    return Disclosure(
        time=entry.entry.time,
        output=str(said["output"]),
        flow=str(said.get("flow", "")),
        uses=str(said.get("uses", "")),
        receiver=str(said["receiver"]),
        to=str(said.get("to", "")),
        fields=tuple(map(str, said.get("fields", ()))),
    )
