"""Several reads in one request; each is judged, and repeated, by itself.

Source: https://learn.microsoft.com/graph/json-batching (20 at most)
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from connectors.outlook.client import IMMUTABLE, Graph, Json, failed
from flows.errors import Throttled, TransientError
from flows.pacing import retry_after

_MOST: Final = 20
_ROUNDS: Final = 5
_LONGEST_PAUSE: Final = 60.0


async def batch(graph: Graph, address: str, paths: Sequence[str]) -> list[Json | None]:
    """Return what GET gives for each path, in their order; None for what is not there.

    *paths* are below the version (`/users/…`), with their queries encoded.

    Raises:
        TransientError: One of them was held up too often, or (`Throttled`) for too long.
        AdministratorError: One of them was refused for another reason than being missing.
    """
    found: dict[int, Json | None] = {}
    waiting = list(range(len(paths)))
    pause = 0.0
    for _ in range(_ROUNDS + len(paths) // _MOST):
        if not waiting:
            return [found[number] for number in range(len(paths))]
        await asyncio.sleep(pause)
        now, waiting = waiting[:_MOST], waiting[_MOST:]
        held, pause = await _round(
            graph, address, {number: paths[number] for number in now}, found
        )
        waiting += held
    raise TransientError("Microsoft Graph is away: it did not answer all parts of a batch")


async def _round(
    graph: Graph, address: str, paths: dict[int, str], found: dict[int, Json | None]
) -> tuple[list[int], float]:
    """Ask once; returns what has to be asked again, and the pause before that."""
    requests = [
        {"id": str(number), "method": "GET", "url": path, "headers": {"Prefer": IMMUTABLE}}
        for number, path in paths.items()
    ]
    answer = await graph.call(
        "POST", address, "/$batch", json={"requests": requests}, whole_mailbox=True
    )
    held, pause = set(paths), 0.0
    for reply in answer.json().get("responses", ()):
        number, status = int(reply["id"]), int(reply["status"])
        if status == HTTPStatus.TOO_MANY_REQUESTS or failed(status):
            headers = {name.lower(): str(v) for name, v in (reply.get("headers") or {}).items()}
            pause = max(pause, retry_after(headers) or graph.first_pause)
        elif status in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}:
            found[number] = reply.get("body") if status == HTTPStatus.OK else None
            held.discard(number)
        else:
            # Asked for alone, it is renewed, retried or refused as any other call.
            found[number] = await graph.get(address, paths[number])
            held.discard(number)
    if pause > _LONGEST_PAUSE:
        raise Throttled("Microsoft Graph asked for a pause", retry_after=pause)
    return sorted(held), pause
