"""The change feed in its latest-version mode.

Source: "Change feed modes in Azure Cosmos DB", "Change feed pull model": creates and updates
in their latest version, no deletes and nothing that expired, in order within a partition key;
what one transaction wrote comes on one page, even where that makes it larger than asked for;
304 where there is nothing new. The etag of an answer is where the next request goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.servers.cosmos import charges
from tests.servers.cosmos.container import Container, Item
from tests.servers.cosmos.wire import Answer, Asked, Refusal, Untaught


def changes(
    container: Container,
    asked: Asked,
    wanted: Callable[[Item], bool],
    most: int,
    share: float | None,
) -> Answer:
    """Return one page of what is *wanted* and was written since; *share* cuts it short."""
    if asked.header("a-im").lower() != "incremental feed":
        raise Untaught("all versions and deletes")
    since = _since(container, asked)
    news = [item for item in container.since(since) if wanted(item)]
    if share is not None:
        most = int(min(most, len(news)) * share)
    page = list(_page(news, most)) if most else []
    if not page:
        # Where nothing was cut off, the mark moves on past what this reader does not follow.
        mark = since if news else max(since, container.lsn)
        return Answer(304, None, charges.NOTHING, {"etag": f'"{mark}"'})
    mark = page[-1].lsn
    body = {
        "_rid": container.rid,
        "Documents": [item.body | {"_lsn": item.lsn} for item in page],
        "_count": len(page),
    }
    charge = charges.feed(item.size for item in page)
    return Answer(200, body, charge, {"etag": f'"{mark}"'}, items=len(page))


def _since(container: Container, asked: Asked) -> int:
    given = asked.header("if-none-match")
    if not given:
        if asked.header("if-modified-since"):
            raise Untaught("a feed from a point in time")
        return 0
    if given == "*":
        return container.lsn
    try:
        return int(given.strip('"'))
    except ValueError:
        raise Refusal(400, "The If-None-Match of the change feed is invalid.") from None


def _page(news: list[Item], most: int) -> Iterator[Item]:
    for count, item in enumerate(news):
        if count >= most and item.lsn != news[count - 1].lsn:
            return
        yield item
