"""The names that conditions and templates may use, with what each of them is.

A flow's conditions see the mail as it came in; its steps see the clean mail and the fields
that the flow keeps. `flows.names` gives these names their values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from flows.language.spec import Business
from flows.model import Automatic, MessageKind, TransactionKind

LeafKind = Literal["text", "number", "date", "flag", "any"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value; `choices` are all that a text can be, where that is known."""

    kind: LeafKind
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list of things that are all alike."""

    item: Tree


@dataclass(frozen=True, slots=True)
class Refused:
    """A name that exists, but not here: why, and what to do."""

    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class Group:
    """Names under a name."""

    names: Mapping[str, Tree]


Tree = Leaf | Items | Refused | Group

TEXT: Final = Leaf("text")
ANY: Final = Leaf("any")
_NUMBER: Final = Leaf("number")
_DATE: Final = Leaf("date")
_FLAG: Final = Leaf("flag")

LOOP: Final = Group(
    {
        **dict.fromkeys(("index", "index0", "length"), _NUMBER),
        **dict.fromkeys(("first", "last"), _FLAG),
    }
)
DATE_PARTS: Final = ("year", "month", "day", "hour", "minute")

_MAIL: Final[Mapping[str, Tree]] = {
    "kind": Leaf("text", get_args(MessageKind)),
    "subject": TEXT,
    "text": TEXT,
    "new_text": TEXT,
    "folder": TEXT,
    "source": TEXT,
    "received_at": _DATE,
    "sent_at": _DATE,
    "automatic": Leaf("text", get_args(Automatic)),
    "attachments": Items(Group({"name": TEXT, "media_type": TEXT, "size": _NUMBER})),
    "has_attachments": _FLAG,
}
_TRANSACTION: Final[Mapping[str, Tree]] = {
    "amount": _NUMBER,
    "currency": TEXT,
    "counterparty": TEXT,
    "reference": TEXT,
    "booked_on": _DATE,
    "account": TEXT,
    "source": TEXT,
    "incoming": _FLAG,
    "kind": Leaf("text", get_args(TransactionKind)),
    "fee": _NUMBER,
}
_INVOICE: Final[Mapping[str, Tree]] = {
    "number": TEXT,
    "amount": _NUMBER,
    "owed": _NUMBER,
    "currency": TEXT,
    "direction": Leaf("text", ("payable", "receivable")),
    "party": TEXT,
    "job": TEXT,
    "issued": _DATE,
    "due": _DATE,
    "days_overdue": _NUMBER,
}
_ITEMS: Final = {"mail": "mail", "transaction": "transaction", "overdue": "invoice"}
"""What each kind of trigger calls its item."""

_LISTS: Final = ("domains", "addresses", "people", "suppliers")
_BUSINESS: Final = Group(
    {
        name: Items(TEXT) if name in _LISTS else TEXT
        for name, field in Business.model_fields.items()
        if field.annotation is not int  # limits are for the engine, not for texts
    }
)
_NO_SENDER: Final = Refused(
    "'mail.sender' is not there in steps: they see the clean mail",
    "keep customer.name or customer.email, and use that",
)
_NO_RECEIVERS: Final = Refused(
    "'mail.to' is not there in steps: they see the clean mail", "use it in `conditions`"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """The names at one place of a flow.

    `optional` are those that only some of the items have: the flow is triggered by more than
    one kind of them.
    """

    names: Group
    optional: frozenset[str] = frozenset()


def condition_scope(
    kinds: Iterable[str], sources: Mapping[str, str], *, fields: Iterable[str]
) -> Scope:
    """Return the names in a flow's conditions.

    *kinds* triggers the flow, *sources* says what each source gives, `mail` or `transaction`;
    *fields* are all that a flow can keep.
    """
    sender = Group({"name": TEXT, "email": TEXT, "domain": TEXT})
    mail = {**_MAIL, "sender": sender, "to": Items(TEXT)}
    names: dict[str, Tree] = {name: _not_yet(name) for name in ("steps", "now", "kept")}
    for group in {name.partition(".")[0] for name in fields}:
        names[group] = Refused(
            f"'{group}' is not there in conditions: they see the mail as it came in",
            "use mail.sender, or the `if` of a step",
        )
    return _scope(kinds, mail, {**names, "business": _BUSINESS}, sources)


def _not_yet(name: str) -> Refused:
    return Refused(f"'{name}' is not there in conditions", "use it in the `if` of a step")


def step_scope(
    kinds: Iterable[str],
    sources: Mapping[str, str],
    *,
    fields: Iterable[str],
    keep: Iterable[str],
    steps: Mapping[str, Tree],
) -> Scope:
    """Return the names in a step; *fields* are all that can be kept, *keep* what is."""
    kept = _kept(fields, frozenset(keep))
    mail = {**_MAIL, "sender": _NO_SENDER, "to": _NO_RECEIVERS}
    groups = {name: tree for name, tree in kept.items() if name not in {"mail", "transaction"}}
    names: dict[str, Tree] = {
        **groups,
        "business": _BUSINESS,
        "kept": Group(kept),
        "now": _DATE,
        "steps": Group(steps),
    }
    return _scope(kinds, mail, names, sources)


def _scope(
    kinds: Iterable[str],
    mail: Mapping[str, Tree],
    names: Mapping[str, Tree],
    sources: Mapping[str, str],
) -> Scope:
    wanted = frozenset(kinds)
    items: dict[str, Tree] = {
        "mail": Group({**mail, "source": _source(sources, "mail")}),
        "transaction": Group({**_TRANSACTION, "source": _source(sources, "transaction")}),
        "invoice": Group(_INVOICE),
    }
    for kind, item in _ITEMS.items():
        if wanted and kind not in wanted:
            items[item] = Refused(
                f"'{item}' is not there: no {kind} triggers this flow",
                f"add {a(kind)} trigger, or use the {_ITEMS[min(wanted)]} instead",
            )
    optional = frozenset(items) if len(wanted) > 1 else frozenset[str]()
    return Scope(Group({**names, **items}), optional)


def a(kind: str) -> str:
    """Return the kind of a trigger with its article."""
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _source(sources: Mapping[str, str], kind: str) -> Leaf:
    return Leaf("text", tuple(name for name, gives in sources.items() if gives == kind))


def _kept(fields: Iterable[str], keep: frozenset[str]) -> dict[str, Tree]:
    groups: dict[str, dict[str, Tree]] = {}
    for name in fields:
        group, _, leaf = name.partition(".")
        kept = Refused(f"this flow does not keep '{name}'", f"add {name} to its `keep`")
        groups.setdefault(group, {})[leaf] = TEXT if name in keep else kept
    return {name: Group(leaves) for name, leaves in groups.items()}
