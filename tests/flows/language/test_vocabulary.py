"""The names that the validator knows are the names that the engine gives."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from anonymizer.text.fields import KEEP_FIELDS
from flows.language.kinds import Group, Items, Leaf, Refused, Tree
from flows.language.vocabulary import condition_scope, step_scope
from flows.model import Attachment, CleanMessage, CleanTransaction, Message, Money, Party
from flows.names import clean_names, kept_names, message_names, transaction_names

AT = datetime(2026, 11, 23, 3, 4, tzinfo=UTC)
FIELDS = [field.name for field in KEEP_FIELDS]
ATTACHMENT = Attachment(name="a.pdf", media_type="application/pdf", size=3)
MESSAGE = Message(
    id="m", source="office", folder="in", message_id="", thread="t", received_at=AT, sent_at=AT,
    sender=Party(name="A", email="a@b.example"), to=(Party(email="c@d.example"),),
    subject="s", text="t", attachments=(ATTACHMENT,),
)  # fmt: skip
CLEAN = CleanMessage(
    id="m", source="office", folder="in", thread="t", received_at=AT, sent_at=AT, kind="other",
    automatic="", subject="s", text="t", new_text="t", attachments=(ATTACHMENT,),
)  # fmt: skip
MOVEMENT = CleanTransaction(
    id="x", source="bank", account="a", booked_on=date(2026, 11, 2), counterparty="c",
    reference="r", money=Money(amount=Decimal(5), currency="USD"),
)  # fmt: skip
TYPES = {"text": str, "number": (int, Decimal), "date": date, "flag": bool, "any": object}


def _fits(tree: Tree, value: object, name: str) -> None:
    if isinstance(tree, Group):
        assert isinstance(value, dict), name
        known = {key for key, each in tree.names.items() if not isinstance(each, Refused)}
        assert known == set(value), name
        for key in known:
            _fits(tree.names[key], value[key], f"{name}.{key}")
    elif isinstance(tree, Items):
        assert isinstance(value, list | tuple), name
        for each in value:
            _fits(tree.item, each, name)
    elif isinstance(tree, Leaf):
        assert isinstance(value, TYPES[tree.kind]), name


@pytest.mark.parametrize("kind", ["mail", "transaction"])
def test_conditions_are_checked_against_what_they_get(kind: str) -> None:
    scope = condition_scope([kind], {"office": "mail", "bank": "transaction"}, fields=FIELDS)
    values = message_names(MESSAGE) if kind == "mail" else transaction_names(MOVEMENT)
    _fits(scope.names.names[kind], values, kind)


@pytest.mark.parametrize("kind", ["mail", "transaction"])
def test_steps_are_checked_against_what_they_get(kind: str) -> None:
    sources = {"office": "mail", "bank": "transaction"}
    scope = step_scope([kind], sources, fields=FIELDS, keep=FIELDS, steps={})
    item = CLEAN if kind == "mail" else MOVEMENT
    _fits(scope.names.names[kind], clean_names(item)[kind], kind)
    kept = kept_names(dict.fromkeys(FIELDS, "x"))
    for group, values in kept.items():
        if group not in {"mail", "transaction"}:
            _fits(scope.names.names[group], values, group)
