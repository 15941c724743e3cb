"""A worker in a process of its own that wants tokens."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from pathlib import Path

from connectors.identity import AppRegistration
from tests.connectors.sign_ins import MAIL, identity


async def main(home: str, client: str, authority: str, ca: str, user: str) -> None:
    app = AppRegistration(client_id=client, tenant="hudson", authority=authority)
    async with identity(Path(home), app, ca=Path(ca)) as ours:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        tokens = [ours.tokens(user, MAIL) for _ in range(3)]
        got = await asyncio.gather(*(each.token() for each in tokens))
    sys.stdout.write(json.dumps([hashlib.sha256(one.encode()).hexdigest() for one in got]))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
