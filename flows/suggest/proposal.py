"""A proposed flow, with why it is proposed, how it would have done, and what it would keep."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import yaml

from flows.suggest.rules import Tried

EXAMPLES: Final = 3

Flow = Mapping[str, Any]
"""A flow as it stands in flows.yaml."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What in the history speaks for a flow: how many items, from when to when, of whom.

    `why` is one sentence without words out of mail. `people` is how many correspondents;
    `examples` are ids of records.
    """

    why: str
    count: int
    first: datetime
    last: datetime
    people: int
    examples: tuple[str, ...]


class BackTest(NamedTuple):
    """How the conditions of a flow did.

    On the older items, out of which they were made, and on the newest, which were not used.
    """

    older: Tried
    newest: Tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A flow that is ready for flows.yaml, and what speaks for and against it.

    `backtest` is None where the history does not tell what people did. `keeps` are the personal
    fields that it would keep; `names` what it writes down in the flows file of those who wrote,
    such as a mail domain.
    """

    flow: Flow
    evidence: Evidence
    backtest: BackTest | None
    keeps: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def id(self) -> str:
        """Return the id of the flow."""
        return str(self.flow["id"])

    @property
    def yaml(self) -> str:
        """Return the flow as text, ready to stand under `flows:`."""
        text = yaml.dump(
            [dict(self.flow)], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=92
        )
        return "".join(f"  {line}" if line.strip() else line for line in text.splitlines(True))


class _Dumper(yaml.SafeDumper):
    """Writes flows as people do: a text of several lines as a block."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists below their key, as the rest of flows.yaml."""
        del indentless
        super().increase_indent(flow, indentless=False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def slug(words: str, taken: Collection[str]) -> str:
    """Return an id made of *words*, at most 40 characters, that none of *taken* has."""
    plain = re.sub(r"[^a-z0-9]+", "-", words.casefold()).strip("-")[:40].strip("-") or "flow"
    plain = plain if plain[0].isalpha() else f"flow-{plain}"
    number, free = 2, plain
    while free in taken:
        free, number = f"{plain}-{number}", number + 1
    return free


def evenly(ids: Sequence[str]) -> tuple[str, ...]:
    """Return a few of *ids*, from the first to the last."""
    if len(ids) <= EXAMPLES:
        return tuple(ids)
    return tuple(ids[n * (len(ids) - 1) // (EXAMPLES - 1)] for n in range(EXAMPLES))
