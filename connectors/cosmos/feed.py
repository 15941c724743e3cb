"""One page of the change feed, and where the next one begins.

Three things that azure-cosmos 4.17.1 does are met here:

- A cursor of a feed that was started from a time cannot be read again (its issue 43018), so
  the feed is followed from its beginning or from a cursor.
- Nor can a cursor in which one of several machines has not been asked yet, so reading goes on
  until all were.
- When a machine is split, a cursor for one business becomes one for all that is on the new
  machines, so what belongs to others is left out here.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from azure.cosmos.aio import ContainerProxy

from connectors.cosmos.documents import Document
from connectors.cosmos.trouble import Calls
from flows.ports import Key


async def next_page(
    container: ContainerProxy, calls: Calls, key: Key, cursor: str, limit: int
) -> tuple[list[Document], str]:
    """Return about *limit* changed documents of a partition or business, and a new cursor.

    What one batch wrote comes together, so there may be more of them.
    """

    async def fetch() -> tuple[list[Document], str]:
        starts = await _start(container, key) if not cursor else {"continuation": cursor}
        answers: list[Mapping[str, str]] = []
        pages = container.query_items_change_feed(
            max_item_count=limit, response_hook=calls.hook("changes", answers), **starts
        ).by_page()
        found: list[Document] = []
        async for page in pages:
            found += [document async for document in page if _is_in(key, document)]
            # The library puts the cursor for all machines into the headers of the last
            # answer. Its own iterator takes it from a field that all calls share.
            if _is_complete(answers[-1]["etag"]):
                break
        return found, answers[-1]["etag"]

    return await calls.run("changes", fetch)


async def _start(container: ContainerProxy, key: Key) -> dict[str, Any]:
    if key.scope:
        return {"start_time": "Beginning", "partition_key": [key.business, key.scope]}
    whole = await container.feed_range_from_partition_key([key.business])
    return {"start_time": "Beginning", "feed_range": whole}


def _is_in(key: Key, document: Document) -> bool:
    return document["b"] == key.business and key.scope in {"", document["s"]}


def _is_complete(cursor: str) -> bool:
    return None not in _places(cursor).values()


def moved(before: str, after: str) -> bool:
    """Tell whether a cursor has come further, also where nothing was told on the way."""
    return not before or _places(before) != _places(after)


def _places(cursor: str) -> dict[str, str | None]:
    """Return how far each range of keys has been read."""
    found = json.loads(base64.b64decode(cursor))["continuation"]["continuation"]
    return {json.dumps(place["range"], sort_keys=True): place["token"] for place in found}
