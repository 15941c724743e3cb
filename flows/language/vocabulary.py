"""The names that conditions and templates may use, with what each of them is.

A flow's conditions see the mail as it came in; its steps see the clean mail and the fields
that the flow keeps. `flows.names` gives these names their values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, get_args

from flows.language.kinds import (
    ANY,
    DATE,
    DAY,
    FLAG,
    NAME,
    NUMBER,
    PROSE,
    TEXT,
    Group,
    Items,
    Leaf,
    Refused,
    Tree,
)
from flows.language.spec import Business
from flows.language.triggers import OutputReached
from flows.model import Automatic, MessageKind, TransactionKind

EMAIL: Final = Leaf("text", holds="email")
_FIELDS: Final[Mapping[str, Leaf]] = {
    "address": Leaf("text", holds="address"),
    "email": EMAIL,
    "name": NAME,
    "phone": Leaf("text", holds="phone"),
}
"""What kept fields hold, by the last part of their name."""

LOOP: Final = Group(
    {
        **dict.fromkeys(("index", "index0", "length"), NUMBER),
        **dict.fromkeys(("first", "last"), FLAG),
    }
)
DATE_PARTS: Final = ("year", "month", "day", "hour", "minute")

_MAIL: Final[Mapping[str, Tree]] = {
    "kind": Leaf("text", get_args(MessageKind)),
    "subject": PROSE,
    "text": PROSE,
    "new_text": PROSE,
    "folder": TEXT,
    "source": TEXT,
    "received_at": DATE,
    "sent_at": DATE,
    "automatic": Leaf("text", get_args(Automatic)),
    "attachments": Items(Group({"name": NAME, "media_type": TEXT, "size": NUMBER})),
    "has_attachments": FLAG,
}
_TRANSACTION: Final[Mapping[str, Tree]] = {
    "amount": NUMBER,
    "currency": TEXT,
    "counterparty": PROSE,
    "reference": PROSE,
    "booked_on": DAY,
    "account": TEXT,
    "source": TEXT,
    "incoming": FLAG,
    "kind": Leaf("text", get_args(TransactionKind)),
    "fee": NUMBER,
}
_INVOICE: Final[Mapping[str, Tree]] = {
    "number": TEXT,
    "amount": NUMBER,
    "owed": NUMBER,
    "currency": TEXT,
    "direction": Leaf("text", ("payable", "receivable")),
    "party": NAME,
    "job": TEXT,
    "issued": DAY,
    "due": DAY,
    "days_overdue": NUMBER,
}
STARTS: Final[Mapping[str, Tree]] = {
    "schedule": Group({"at": DATE}),
    "inputs": ANY,
    "output": Group(
        {
            "flow": TEXT,
            "step": TEXT,
            "state": Leaf("text", get_args(OutputReached)),
            "uses": TEXT,
            "summary": PROSE,
            "body": ANY,
        }
    ),
}
"""What starts a flow besides mail and money; a flow knows more of its inputs and bodies."""

ITEMS: Final = {
    "mail": "mail",
    "transaction": "transaction",
    "overdue": "invoice",
    "schedule": "schedule",
    "webhook": "inputs",
    "manual": "inputs",
    "output": "output",
}
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


NO_DATA: Final = Refused("'data' is empty: the file has no tables", "add one under `data`")


@dataclass(frozen=True, slots=True)
class Scope:
    """The names at one place of a flow.

    `optional` are those that only some of the items have: the flow is triggered by more than
    one kind of them. `asked` are those that something around asks for, so that they are not
    empty here.
    """

    names: Group
    optional: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()


def condition_scope(
    kinds: Iterable[str],
    sources: Mapping[str, str],
    *,
    fields: Iterable[str],
    data: Tree = NO_DATA,
) -> Scope:
    """Return the names in a flow's conditions.

    *kinds* triggers the flow, *sources* says what each source gives, `mail` or `transaction`;
    *fields* are all that a flow can keep, *data* the tables of the file.
    """
    sender = Group({"name": NAME, "email": EMAIL, "domain": TEXT})
    mail = {**_MAIL, "sender": sender, "to": Items(EMAIL)}
    names: dict[str, Tree] = {name: _not_yet(name) for name in ("steps", "now", "kept")}
    for group in {name.partition(".")[0] for name in fields}:
        names[group] = Refused(
            f"'{group}' is not there in conditions: they see the mail as it came in",
            "use mail.sender, or the `if` of a step",
        )
    return _scope(kinds, mail, {**names, "business": _BUSINESS, "data": data}, sources)


def _not_yet(name: str) -> Refused:
    return Refused(f"'{name}' is not there in conditions", "use it in the `if` of a step")


def step_scope(
    kinds: Iterable[str],
    sources: Mapping[str, str],
    *,
    fields: Iterable[str],
    keep: Iterable[str],
    steps: Mapping[str, Tree],
    data: Tree = NO_DATA,
) -> Scope:
    """Return the names in a step; *fields* are all that can be kept, *keep* what is."""
    kept = _kept(fields, frozenset(keep))
    mail = {**_MAIL, "sender": _NO_SENDER, "to": _NO_RECEIVERS}
    groups = {name: tree for name, tree in kept.items() if name not in {"mail", "transaction"}}
    names: dict[str, Tree] = {
        **groups,
        "business": _BUSINESS,
        "data": data,
        "kept": Group(kept),
        "now": DATE,
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
        **STARTS,
        "mail": Group({**mail, "source": _source(sources, "mail")}),
        "transaction": Group({**_TRANSACTION, "source": _source(sources, "transaction")}),
        "invoice": Group(_INVOICE),
    }
    there = {ITEMS[kind] for kind in wanted}
    for kind, item in ITEMS.items():
        if wanted and item not in there:
            others = " and nobody starts it by hand" if item == "inputs" else ""
            add = "a webhook or manual" if item == "inputs" else a(kind)
            cause = "webhook" if item == "inputs" else kind
            items[item] = Refused(
                f"'{item}' is not there: no {cause} triggers this flow{others}",
                f"add {add} trigger, or use the {ITEMS[min(wanted)]} instead",
            )
    optional = frozenset(items) if len(there) > 1 else frozenset[str]()
    return Scope(Group({**names, **items}), optional)


def a(kind: str) -> str:
    """Return the kind of a trigger with its article."""
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def by_kind(kind: str) -> str:
    """Return what a flow is to that a kind of trigger is of: `a mail triggers`."""
    return "somebody starts by hand" if kind == "manual" else f"{a(kind)} triggers"


def _source(sources: Mapping[str, str], kind: str) -> Leaf:
    return Leaf("text", tuple(name for name, gives in sources.items() if gives == kind))


def _kept(fields: Iterable[str], keep: frozenset[str]) -> dict[str, Tree]:
    groups: dict[str, dict[str, Tree]] = {}
    for name in fields:
        group, _, leaf = name.partition(".")
        kept = Refused(f"this flow does not keep '{name}'", f"add {name} to its `keep`")
        groups.setdefault(group, {})[leaf] = _FIELDS.get(leaf, TEXT) if name in keep else kept
    return {name: Group(leaves) for name, leaves in groups.items()}
