"""What a step is, what it is given, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pydantic import JsonValue

from flows.language.kinds import Returned
from flows.language.node import Node
from flows.language.spec import Business
from flows.language.triggers import TRIGGERS
from flows.model import CleanMessage, CleanTransaction, Overdue
from flows.starts import Start
from flows.work.books import Books

ANY: Final = frozenset(TRIGGERS)
"""Every kind of item that a flow can be triggered by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepContext:
    """All that a step may see: clean text, kept fields, and the results of earlier steps.

    Exactly one of `mail`, `transaction`, `overdue` and `start` is set. `kept` holds the
    personal fields that the flow keeps, by name (`customer.name`). `books` are the invoices and
    payouts that a transaction may be for; empty for mail. `steps` is what templates read as
    `steps.ID`; `results` is all that ran before, by the whole id.
    `template(name)` returns the text of a template file beside flows.yaml. `turn` holds
    `item` and `loop` where the step has a `foreach`. `inputs` are what the block was given
    that the step stands in, and None outside of blocks; `data` are the tables of the file.
    """

    business: Business
    flow: str
    step: str
    mail: CleanMessage | None
    transaction: CleanTransaction | None
    overdue: Overdue | None = None
    start: Start | None = None
    kept: Mapping[str, str]
    steps: Mapping[str, Mapping[str, JsonValue]]
    books: Books
    render: Callable[[str, Mapping[str, Any]], str]
    template: Callable[[str], str]
    now: datetime
    turn: Mapping[str, object] = field(default_factory=dict)
    results: Mapping[str, Mapping[str, JsonValue]] = field(default_factory=dict)
    inputs: Mapping[str, object] | None = None
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def item(self) -> CleanMessage | CleanTransaction | Overdue | Start:
        """Return what the flow runs for."""
        item = self.mail or self.transaction or self.overdue or self.start
        assert item is not None  # noqa: S101 - a context is made from one of the four
        return item


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One output that a step proposes, before it has an id.

    `approver` asks for approval by that role even where the flow does not. `into` names the
    source into which it goes, where that is not left to the outlets of all.
    """

    body: Mapping[str, JsonValue]
    summary: str
    item: int = 0
    approver: str = ""
    into: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """What later steps read as `steps.<id>`, and the outputs."""

    values: Mapping[str, JsonValue] = field(default_factory=dict)
    outputs: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A kind of step: its name in flows.yaml, its options, and what it does.

    `needs` are kept fields without which it cannot work; a flow that uses the step keeps
    them without saying so; `reads` are those that it uses where they are kept, `*.phone` all
    phones. `returns` tells what later steps may read and of what kind it is,
    from the options as written. `run` is pure: same context, same result.
    """

    uses: str
    summary: str
    options: type[Node]
    run: Callable[[StepContext, Any], StepResult]
    on: frozenset[str] = ANY
    needs: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    returns: Callable[[Any], Returned]
