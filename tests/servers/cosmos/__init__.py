"""A stand-in for Azure Cosmos DB for NoSQL: it keeps state, and it refuses.

It listens on loopback, with TLS, in a thread of its own. The real `azure-cosmos` talks to it,
sync or aio, by key or by a sign-in:

    from tests.servers.cosmos import CosmosServer

    with CosmosServer(certificates, clock=clock) as server:     # clock: anything with now()
        server.create_container("jigajob", "records", paths=["/b", "/s"], default_ttl=-1)
        async with CosmosClient(server.url, server.async_identity()) as client:
            ...
        assert server.violations == []          # nothing was asked that it was not taught

Who may do what
    `key`: the account's key; it may do all. `identity()`, `async_identity()`: credentials as
    azure-identity's are, for the data plane only: to create or delete a database or a
    container answers 403. `access.revoke()`: no token given out so far is good any more.

What is there
    `create_container(database, name, paths=, default_ttl=None, indexing=None)` as `deploy/`
    does; `items(database, name)`; `container(database, name)`; `split(database, name)`
    splits each physical partition in two: clients with an old map meet a 410.

What was asked
    `journal: list[Entry]`: operation, status, charge, container, values (the key), steps (the
    operations of a batch), items, sent (bytes), fault; `tally()` calls and request units by
    operation; `forget()` begins anew. Operations: see `faults.Operation`.

Time and trouble
    `clock` drives `_ts` and the time to live; `latency` seconds before each answer.
    `faults.fail_next("429", "read", times=2, skip=0, retry_after_ms=10)`
    `faults.random(rate=0.05, kinds=(...), seed=7, operations=(...))`, `faults.calm()`,
    `faults.injected` counts them. Kinds: "408", "408_after", "412" (somebody writes the item
    just before a conditional write), "429", "449", "503", "503_after", "cut_before",
    "cut_after" (the effect, and no answer), "slow", "short_page", "empty_page". What ends in
    `_after` has taken effect.

The rules come from Microsoft's pages, named beside the code, and `test_rules.py` holds the
server to them. What Azure takes and this does not is answered 501, and is a violation. Where
the pages promise nothing, nothing can be leaned on: rows without ORDER BY, and equal rows,
come in a scrambled order; items of one batch come on one page of the feed, however long.
"""

from __future__ import annotations

from tests.servers.cosmos.access import AsyncIdentity, Identity
from tests.servers.cosmos.faults import Faults
from tests.servers.cosmos.server import CosmosServer, Entry

__all__ = ["AsyncIdentity", "CosmosServer", "Entry", "Faults", "Identity"]
