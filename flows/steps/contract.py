"""What a step is, what it is given, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pydantic import JsonValue

from flows.language.node import Node
from flows.language.spec import Business
from flows.model import CleanMessage, CleanTransaction, Overdue
from flows.work.books import Books

ANY: Final = frozenset({"mail", "transaction", "overdue"})
"""Every kind of item that a flow can be triggered by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepContext:
    """All that a step may see: clean text, kept fields, and the results of earlier steps.

    Exactly one of `mail`, `transaction` and `overdue` is set. `kept` holds the personal
    fields that the flow keeps, by name (`customer.name`). `books` are the invoices and payouts
    that a transaction may be for; empty for mail.
    `template(name)` returns the text of a template file beside flows.yaml.
    """

    business: Business
    flow: str
    step: str
    mail: CleanMessage | None
    transaction: CleanTransaction | None
    overdue: Overdue | None = None
    kept: Mapping[str, str]
    steps: Mapping[str, Mapping[str, JsonValue]]
    books: Books
    render: Callable[[str, Mapping[str, Any]], str]
    template: Callable[[str], str]
    now: datetime


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
    them without saying so. `returns` names what later steps may read, from the options as
    written. `run` is pure: same context, same result.
    """

    uses: str
    summary: str
    options: type[Node]
    run: Callable[[StepContext, Any], StepResult]
    on: frozenset[str] = frozenset({"mail", "transaction"})
    needs: frozenset[str] = frozenset()
    returns: Callable[[Any], frozenset[str]]
