"""An output comes into being with what caused it, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from connectors.sqlite import SqliteStore
from flows.ports import Key, Record, Write
from tests.contract.outlet import output
from tests.flows.business import FLOWS, Business, mail
from tests.flows.outputs import Crash

BOTH = FLOWS.replace(
    "  office: {uses: folder, path: mail}\n",
    "  office: {uses: folder, path: mail}\n"
    "  bank:\n"
    "    uses: bank\n"
    "    path: bank\n"
    "    columns: {date: Date, amount: Amount, reference: Text}\n",
) + (
    "  - id: pay\n"
    "    name: Match payments\n"
    "    triggers: [{transaction: bank}]\n"
    "    steps: [{id: match, uses: payment.match}]\n"
)


@pytest.fixture
async def office(business: Business) -> Business:
    """A business that gets a mail, and the payment of an invoice that it knows."""
    business.writes(BOTH)
    business.gets(mail())
    business.gets(b"Date,Amount,Text\n2026-10-05,480.00,HP-1\n", "bank/1.csv")
    body = {"number": "HP-1", "amount": "480.00", "currency": "USD", "direction": "receivable"}
    given = output("invoice.record", 1, body)
    await business.asks(lambda app: app.register.deliver(given))
    return business


async def test_an_output_is_written_with_the_record_that_caused_it(
    office: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one batch of the store, which it carries out whole or not at all."""
    together: list[set[str]] = []
    causes: dict[str, str] = {}
    batch = SqliteStore.batch

    async def seen(
        store: SqliteStore, key: Key, writes: Sequence[Write], **more: Any
    ) -> tuple[Record, ...]:
        together.append({write.record.id for write in writes})
        for write in writes:
            if write.record.kind == "output" and write.op == "create":
                causes[write.record.id] = str(write.record.fields["trigger"])
        return await batch(store, key, writes, **more)

    monkeypatch.setattr(SqliteStore, "batch", seen)
    await office.sweeps()

    (message,), (transaction,) = await office.messages(), await office.transactions()
    assert sorted(causes.values()) == sorted([message.id, message.id, transaction.id])
    for made, cause in causes.items():
        assert any({made, cause} <= ids for ids in together)


@pytest.mark.parametrize("at", range(1, 12))
async def test_a_crash_between_two_writes_leaves_no_output_without_its_cause(
    office: Business, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """And the other way round; the next sweep makes what is missing, once."""
    batch, left = SqliteStore.batch, at

    async def failing(store: SqliteStore, *args: Any, **more: Any) -> tuple[Record, ...]:
        nonlocal left
        left -= 1
        if left == 0:
            raise Crash
        return await batch(store, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(SqliteStore, "batch", failing)
        with pytest.raises(Crash):
            await office.sweeps()
    known = {each.id for each in [*await office.messages(), *await office.transactions()]}
    causes = {each.output.trigger for each in await office.outputs()}
    assert causes <= known
    assert {each.id for each in await office.messages()} <= causes

    await office.sweeps()
    made = sorted(each.output.uses for each in await office.outputs())
    assert made == ["job.open", "payment.match", "reply.draft"]
