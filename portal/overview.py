"""What an owner asks first: what came in, what was done, what waits, what was removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.errors import JigajobError, Unopened
from flows.intake.arrivals import Counts
from flows.intake.ledger import SourceLedger
from flows.model import CleanMessage, CleanTransaction
from flows.outbox import Posted
from flows.starts import START, Call
from portal.wiring import App


@dataclass(frozen=True, slots=True, order=True)
class Work:
    """How many outputs of one step of one flow are in one state."""

    flow: str
    uses: str
    state: str


@dataclass(slots=True)
class Overview:
    """The state of one business; `new` is what the run that just ended did, by source.

    `troubles` are the sources that could not be read or counted now, each with why; `missed`
    the records that do not open, which are not counted.
    `deployment` is the number of what runs, 0 where that is the flows file as it lies there;
    `notes` tell what is to be known of that.
    `starts` are flows that ran for other things than mail and money, by the kind of trigger.
    """

    business: str
    new: dict[str, Counts]
    ledgers: list[SourceLedger] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    starts: Counter[str] = field(default_factory=Counter)
    work: Counter[Work] = field(default_factory=Counter)
    open: list[Posted] = field(default_factory=list)
    removed: Counter[str] = field(default_factory=Counter)
    flow_names: dict[str, str] = field(default_factory=dict)
    troubles: dict[str, JigajobError] = field(default_factory=dict)
    missed: list[Unopened] = field(default_factory=list)
    deployment: int = 0
    notes: tuple[str, ...] = ()

    @property
    def new_items(self) -> int:
        """Return how many mails and transactions the run brought to an end."""
        return sum(counts.new for counts in self.new.values())

    def as_json(self) -> dict[str, object]:
        """Return the overview as JSON-able data: ids, names from the flows file, and counts."""
        return {
            "business": self.business,
            "deployment": self.deployment or None,
            "notes": [*self.notes],
            "new": self.new_items,
            "sources": [ledger.as_json() for ledger in self.ledgers],
            "kinds": dict(self.kinds.most_common()),
            "starts": dict(self.starts.most_common()),
            "outputs": [
                {"flow": work.flow, "uses": work.uses, "state": work.state, "count": count}
                for work, count in sorted(self.work.items())
            ],
            "waiting": [posted.output.id for posted in self.open],
            "removed": dict(self.removed.most_common()),
            "troubles": {source: error.what for source, error in self.troubles.items()},
            "unopened": [error.what for error in self.missed],
        }


async def overview(
    app: App, new: dict[str, Counts], troubles: Mapping[str, JigajobError] | None = None
) -> Overview:
    """Return the state of the business, read from its records and its sources.

    *troubles* are those that a run has met; sources in trouble are not counted again.
    """
    view = Overview(
        business=app.file.business.name,
        new=new,
        troubles=dict(troubles or {}),
        flow_names={flow.id: flow.name for flow in app.file.flows},
        deployment=app.flows.number,
        notes=app.notes(),
    )
    app = app.passing_over(view.missed)
    for source in app.file.sources:
        if source not in view.troubles:
            try:
                view.ledgers.append(await app.ledger(source))
            except JigajobError as error:
                view.troubles[source] = error
    async for _, message in app.records.opened("message", CleanMessage):
        view.kinds[message.kind] += 1
        view.removed.update(message.removed)
    async for _, transaction in app.records.opened("transaction", CleanTransaction):
        view.removed.update(transaction.removed)
    async for record, start in app.records.opened("start", START):
        view.starts[str(record.fields["by"])] += 1
        view.removed.update(start.removed if isinstance(start, Call) else {})
    async for posted in app.outbox.list():
        output = posted.output
        view.work[Work(output.flow, output.uses, output.state)] += 1
        if output.state in ("waiting", "failed", "unknown"):
            view.open.append(posted)
    return view
