"""Flows once more over what is stored: clean text and kept fields, with nothing sent twice.

An output that is out, may be out or is about to go out is never made again: what counts is its
flow, step, place among the outputs of the step, and trigger, under whatever version it was
made. What waits or has failed gives way to the new one. All that is done about one item is one
batch, with the record of the item in it: of two who work at one item at once, be they replays
of two versions or a sweep, one comes second, and looks again.

Nobody can ask the conditions of a flow again, nor judge the sender: what they looked at is
gone. So a replay takes the flows that ran when the item came, and holds back what was held
back then. Mail that it makes waits for a person in any case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from flows.audit import Act, Audit
from flows.engine import Engine, FlowRun
from flows.errors import OperatorError, RecordExists, RecordMissing, StaleRecord, TransientError
from flows.intake.message_records import joined, paired
from flows.intake.trust import held, judged_before, waiting
from flows.language.blocks import BETWEEN
from flows.language.spec import FlowsFile, FlowSpec
from flows.language.triggers import MailTrigger, TransactionTrigger
from flows.manners import SENDING
from flows.model import CleanMessage, CleanTransaction, Output
from flows.outbox import output_record
from flows.outbox.outputs import Outputs
from flows.ports import Clock, Record, Scalar, Write
from flows.records import Records
from flows.store_rules import MAX_WRITES
from flows.work.books import Books

OUT: Final = frozenset({"approved", "sending", "sent", "unknown"})
"""States of what is out, may be out, or is about to go out."""

AGAIN: Final = "a replay has made it"
REJECTED: Final = "a person has rejected it before"
UNJUDGED: Final = "nobody knows whether its sender was doubted: an earlier release took it in"

_RACES: Final = 8

Fate = Literal["new", "out", "same", "renamed"]
"""What becomes of an output of a replay: it is put out; what it would do is out already; it is
there as it is; or it may be what another step has put out, and is left until somebody says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a replay is to do.

    Attributes:
        flow: The flow; empty for all that ran over the item when it came.
        step: The first step whose outputs are put out; those before it are only computed.
        new: Steps of which a person says that they do new work, whatever they may be called.

    A step that uses a block stands for all steps of that.
    """

    flow: str = ""
    step: str = ""
    new: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Piece:
    """One output as the replay makes it, and its fate.

    *of* is the step that it may double; of what is there as it is, the state.
    """

    output: Output
    fate: Fate
    of: str = ""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay did with one item, or would do.

    Attributes:
        item: Its id.
        pieces: The outputs that the flows made of it now.
        closed: Outputs that gave way, by id.
        left: Flows that ran over it and cannot again, each with why.
    """

    item: str
    pieces: tuple[Piece, ...] = ()
    closed: tuple[str, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)

    @property
    def made(self) -> tuple[Output, ...]:
        """Return what is put out."""
        return tuple(piece.output for piece in self.pieces if piece.fate == "new")


@dataclass(frozen=True, slots=True)
class _Item:
    """A stored item: its record, what is sealed in it, and what was made of it before."""

    record: Record
    noun: CleanMessage | CleanTransaction
    made: Sequence[tuple[Record, Output]]

    @property
    def flows(self) -> tuple[str, ...]:
        return tuple(filter(None, str(self.record.fields["flows"]).split(",")))


class Replay:
    """Runs flows again over the stored items of one business; *file* is what *engine* runs."""

    def __init__(
        self, records: Records, engine: Engine, file: FlowsFile, clock: Clock, audit: Audit
    ) -> None:
        self._records, self._engine, self._file = records, engine, file
        self._clock, self._audit = clock, audit
        self._outputs = Outputs(records, audit.engine)

    def check(self, wish: Wish) -> None:
        """Refuse a wish that no item can fulfil.

        Raises:
            OperatorError: The flow is not there or off, runs for nothing that can be run again,
                or has no such step.
        """
        flows = self._engine.named([wish.flow] if wish.flow else self._engine.versions)
        if wish.flow and not flows:
            raise OperatorError(
                f"no flow {wish.flow!r} is switched on in the flows that run",
                fix="see `jigajob versions` for what is deployed",
            )
        kinds = (MailTrigger, TransactionTrigger)
        if wish.flow and not any(isinstance(each, kinds) for each in flows[0].triggers):
            raise OperatorError(
                f"{wish.flow!r} runs for neither mail nor movements on accounts",
                fix="nothing else is run again",
            )
        if wish.step and not wish.flow:
            raise OperatorError("a step alone does not say of which flow", fix="add --flow")
        steps = {name for flow in flows for step in flow.steps for name in _names(step.id)}
        for name in {wish.step, *wish.new} - {""} - steps:
            raise OperatorError(
                f"there is no step {name!r} in the flow",
                fix=f"use one of {', '.join(sorted(steps))}",
            )

    async def run(
        self, kind: str, item_id: str, wish: Wish, books: Books, *, dry: bool = False
    ) -> Replayed:
        """Run flows again over one item, and return what was done; *dry*, what would be.

        Raises:
            OperatorError: The item is gone, or the flow is not one for such items.
            TransientError, AdministratorError: From the store; nothing was done.
        """
        for _ in range(_RACES):
            item = await self._item(kind, item_id)
            now = self._clock.now()
            runs, left = self._runs(item, wish, books, now)
            found, closing = _sorted_out(item, runs, wish, self._file)
            found = tuple(self._held(piece, item) for piece in found)
            replayed = Replayed(item_id, found, tuple(r.id for r, _ in closing), left)
            if dry or not (replayed.made or closing):
                return replayed
            try:
                await self._write(item, runs, replayed, closing, now)
            except (StaleRecord, RecordExists, RecordMissing):
                continue  # somebody was at the item, or at one of its outputs
            return replayed
        raise TransientError(
            f"others work at item {item_id[:10]} all the time", fix="run the replay again"
        )

    async def _item(self, kind: str, item_id: str) -> _Item:
        # Read before the outputs: whoever adds one writes the item, too.
        record = await self._records.get(kind, item_id)
        if record is None:
            raise OperatorError(f"item {item_id[:10]} is not stored any more")
        noun = CleanMessage if kind == "message" else CleanTransaction
        opened: CleanMessage | CleanTransaction = await self._records.open(record, noun)
        return _Item(record, opened, await self._outputs.of_trigger(item_id))

    def _runs(
        self, item: _Item, wish: Wish, books: Books, now: datetime
    ) -> tuple[list[FlowRun], dict[str, str]]:
        """Return the runs of the flows that are to run, and why others are not."""
        until = paired(item.record.fields.get("until"))
        runs: list[FlowRun] = []
        left: dict[str, str] = {}
        for name in [wish.flow] if wish.flow else item.flows:
            chosen = self._engine.named([name])
            if not chosen:
                left[name] = "it is not among the flows that run now"
            elif name not in item.flows and not _takes(chosen[0], item.noun):
                left[name] = f"nothing of {item.noun.source} triggers it"
            elif until.get(name, "9") <= now.isoformat():
                left[name] = "what it has put out is forgotten: its time of retention is over"
            else:
                runs.append(self._engine.run(chosen[0], item.noun, books=books, now=now))
        return runs, left

    def _held(self, piece: Piece, item: _Item) -> Piece:
        """Return the piece as it may go out: what was held back is, and so is mail."""
        if piece.fate != "new":
            return piece
        output, noun = piece.output, item.noun
        if isinstance(noun, CleanMessage) and noun.doubts is not None:
            (output,) = held([output], judged_before(noun.doubts))
        elif isinstance(noun, CleanMessage) and output.uses != "notify":
            output = waiting(output, [UNJUDGED])
        before = [made for _, made in item.made if made.slot == output.slot]
        if any(made.state == "rejected" and not made.superseded_by for made in before):
            output = waiting(output, [REJECTED])
        elif output.uses in SENDING and output.state == "approved":
            output = waiting(output, [AGAIN])
        return replace(piece, output=output)

    async def _write(
        self,
        item: _Item,
        runs: Sequence[FlowRun],
        replayed: Replayed,
        closing: Sequence[tuple[Record, str]],
        now: datetime,
    ) -> None:
        """Write all of it or nothing; it is recorded before.

        Raises:
            StaleRecord, RecordExists, RecordMissing: Somebody was quicker; nothing was written.
        """
        expires = item.record.expires_at
        fields = {**item.record.fields, **_fields(item, runs)}
        if "open" in fields:
            fields["open"] = bool(fields["open"]) or any(run.unmatched for run in runs)
        writes = [
            Write(op="put", record=replace(item.record, fields=fields), etag=item.record.etag),
            *[await self._outputs.superseding(record, by, now) for record, by in closing],
        ]
        there = {record.id: record.etag for record, _ in item.made}
        for output in replayed.made:
            record = await output_record(self._records, output, expires_at=expires)
            etag = there.get(output.id, "")  # it gave way to another version before
            writes.append(Write(op="put" if etag else "create", record=record, etag=etag))
        if len(writes) > MAX_WRITES:
            raise OperatorError(
                f"the flows make more of item {replayed.item[:10]} than can be written at once",
                fix="replay one flow at a time: --flow",
            )
        async with self._audit.act(*_acts(replayed, runs)):
            await self._records.store.batch(self._records.key, writes)


def _names(step: str) -> tuple[str, ...]:
    """Return what a step is called: `confirm`, `confirm--answer` where it is one of a block."""
    parts = step.split(BETWEEN)
    return tuple(BETWEEN.join(parts[:number]) for number in range(1, len(parts) + 1))


def _takes(flow: FlowSpec, noun: CleanMessage | CleanTransaction) -> bool:
    """Tell whether a trigger of the flow names the source of the item."""
    if isinstance(noun, CleanMessage):
        named = [each.mail for each in flow.triggers if isinstance(each, MailTrigger)]
    else:
        named = [e.transaction for e in flow.triggers if isinstance(e, TransactionTrigger)]
    return noun.source in named


def _sorted_out(
    item: _Item, runs: Sequence[FlowRun], wish: Wish, file: FlowsFile
) -> tuple[tuple[Piece, ...], list[tuple[Record, str]]]:
    """Return the fate of each output, and what gives way: each record with what replaces it."""
    steps = {flow.id: [step.id for step in flow.steps] for flow in file.flows}
    gone = [
        made
        for _, made in item.made
        if made.state in OUT and made.step not in steps.get(made.flow, [])
    ]
    pieces: list[Piece] = []
    closing: list[tuple[Record, str]] = []
    for run in runs:
        order = steps[run.flow]
        first = next(at for at, step in enumerate(order) if wish.step in {"", *_names(step)})
        for output in run.outputs:
            if order.index(output.step) < first and output.item >= 0:
                continue
            before = [(r, made) for r, made in item.made if made.slot == output.slot]
            piece = _piece(output, item, gone, wish.new)
            pieces.append(piece)
            if piece.fate == "new":
                closing += [(r, output.id) for r, made in before if _gives_way(made)]
        closing += _unmade(item, run, ran=order[first:], whole=not first)
    return tuple(pieces), closing


def _piece(output: Output, item: _Item, gone: Sequence[Output], new: frozenset[str]) -> Piece:
    before = [made for _, made in item.made if made.slot == output.slot]
    if any(made.state in OUT for made in before):
        return Piece(output, "out")
    same = next((made for made in before if made.id == output.id), None)
    if same is not None and not same.superseded_by:  # else it takes its place again
        return Piece(output, "same", same.state)
    # Two steps that have put out something under one version are two.
    beside = {
        (made.flow, made.flow_version)
        for _, made in item.made
        if (made.flow, made.step) == (output.flow, output.step)
    }
    doubled = next(
        (each for each in gone if (each.flow, each.flow_version) not in beside), None
    )
    if doubled is not None and output.item >= 0 and new.isdisjoint(_names(output.step)):
        return Piece(output, "renamed", f"{doubled.flow}/{doubled.step}")
    return Piece(output, "new")


def _gives_way(made: Output) -> bool:
    return made.state in ("waiting", "failed")


def _unmade(
    item: _Item, run: FlowRun, *, ran: Sequence[str], whole: bool
) -> list[tuple[Record, str]]:
    """Return what waits or failed and is not made any more: of steps that went well now.

    Also of steps that the flow has no more, where the *whole* of it ran.
    """
    now = {output.slot for output in run.outputs}
    failed = {output.step for output in run.outputs if output.item < 0}
    well = {name for name in ran if name in run.values} - failed
    ended = whole and not failed
    return [
        (record, item.record.id)
        for record, made in item.made
        if made.flow == run.flow and made.slot not in now and _gives_way(made)
        if made.step in well or (ended and made.step not in run.values)
    ]


def _fields(item: _Item, runs: Sequence[FlowRun]) -> dict[str, Scalar]:
    """Return the fields of the item that tell which flows ran over it, and as what."""
    ran = {run.flow: run.version for run in runs}
    versions = {**paired(item.record.fields.get("versions")), **ran}
    flows = dict.fromkeys([*item.flows, *ran])
    return {"flows": ",".join(flows), "versions": joined(versions)}


def _acts(replayed: Replayed, runs: Sequence[FlowRun]) -> list[Act]:
    flows = ", ".join(f"{run.flow}/{run.version}" for run in runs)
    made = [output.id for output in replayed.made]
    acts = [
        Act(
            action="flows.replay",
            authority=f"command replay; flows {flows}",
            subjects=[replayed.item, *made],
        )
    ]
    if replayed.closed:
        acts.append(
            Act(
                action="output.supersede",
                authority="command replay",
                subjects=[*replayed.closed],
            )
        )
    return acts
