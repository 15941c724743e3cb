"""How long a plan takes: `python -m tests.bench.plan [MESSAGES]`, 1,000 stored ones by default.

The example's mails, sealed in a SQLite store under other ids again and again, with the outputs
that its flows make of them; then the command's own path over all of it.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from anonymizer.text.cleaner import Cleaner
from flows.engine import Engine
from flows.language.load import load
from flows.language.templates import read_templates
from flows.model import CleanMessage
from flows.outbox import output_record
from flows.plan.rehearsal import Rehearsal
from flows.plan.report import CHANGES
from flows.ports import Write
from portal.planning import plan_history
from portal.settings import Settings
from portal.wiring import open_app
from portal.wiring.custody import SystemClock
from portal.wiring.planning import rehearsal_of_folder

ROOT: Final = Path(__file__).resolve().parents[2]
FLOWS: Final = ROOT / "flows.yaml"


async def cleaned() -> list[tuple[CleanMessage, str]]:
    """Return the example's mails as they are stored, with the flows that they trigger."""
    file = load(FLOWS)
    rehearsal: Rehearsal = rehearsal_of_folder(
        file,
        read_templates(FLOWS, file),
        cleaner=Cleaner(),
        clock=SystemClock(),
        source="office",
        folder=ROOT / "tests" / "mails" / "inbox",
    )
    await rehearsal.run()
    return [
        (await rehearsal.records.open(record, CleanMessage), str(record.fields["flows"]))
        async for record in rehearsal.records.each("message")
    ]


async def stored(settings: Settings, number: int) -> int:
    """Store so many messages and what flows made of them; return how many outputs."""
    mails, now, made = await cleaned(), datetime.now(UTC), 0
    async with open_app(settings) as app:
        engine, records = Engine(app.file, app.templates), app.records
        for place in range(number):
            mail, flows = mails[place % len(mails)]
            received = now - timedelta(minutes=1 + place)
            mail = replace(mail, id=f"mail-{place:06}", received_at=received)
            fields = {
                "source": mail.source,
                "thread": mail.thread,
                "kind": mail.kind,
                "received": received.isoformat(),
                "flows": flows,
            }
            writes = [
                Write(op="put", record=await records.seal("message", mail.id, mail, fields))
            ]
            for flow in engine.named(flows.split(",")):
                for output in engine.run(flow, mail, now=received).outputs:
                    record = await output_record(records, output, expires_at=None)
                    writes.append(Write(op="put", record=record))
            made += len(writes) - 1
            await records.store.batch(records.key, writes, lasting=False)
    return made


def main(number: int) -> None:
    """Print how long each plan took, and what it said."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", flows=FLOWS)
        outputs = asyncio.run(stored(settings, number))
        sys.stdout.write(f"{number:,} messages stored, {outputs:,} outputs\n")
        for days in (30, 30, 30):
            began = time.monotonic()
            plan = asyncio.run(
                plan_history(settings, days=days, against=FLOWS, tell=lambda _: None)
            )
            seconds = time.monotonic() - began
            counted = {
                change: sum(flow.changes[change] for flow in plan.flows) for change in CHANGES
            }
            sys.stdout.write(
                f"plan over {plan.looked_at['mail']:,} messages: {seconds:.2f} s; {counted}\n"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
