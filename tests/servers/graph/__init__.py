"""A stand-in for mail and workbooks of Microsoft Graph v1.0: it keeps state, and it refuses.

It listens on loopback in a thread of its own. Tests talk to it over HTTP as to Graph, and
turn its screws from Python:

    from tests.servers.graph import GraphServer

    with GraphServer() as server:                       # certificates= for TLS
        server.add_mailbox("office@hahn.example")
        token = server.grant("office@hahn.example")     # a bearer token for that user
        server.url                                      # http://127.0.0.1:PORT/v1.0
        message_id = server.deliver("office@hahn.example", "inbox", mime_bytes)
        ...
        assert server.violations == []                  # Microsoft's types were kept to

Who may do what
    `add_mailbox(address, name="", shared_with=("anna@hahn.example",))`
    `grant(user, scopes=ALL_SCOPES, seconds=3600, audience=AUDIENCE) -> str` a delegated token:
        own mailbox, and those shared with the user if a `.Shared` scope is among them
    `grant_application(roles=..., mailboxes=(), seconds=3600) -> str` an app-only token, limited
        to `mailboxes` (empty: all of them); `/me` is refused
    `revoke(token)`; `GraphServer(accepts=callable)` replaces the check: the callable takes the
        token and returns a `Caller`, or raises `TokenRefused("expired")`

Mailboxes (`folder` is a well-known name, a path such as "inbox/Jobs", or an id)
    `deliver(address, folder, mime, received=None, read=False) -> immutable id`
    `move(address, message_id, folder)`, `delete(address, message_id)` (for good),
    `mark(address, message_id, read=True, categories=("Done",))`
    `create_folder(address, path) -> id`, `rename_folder(address, folder, name)`,
    `move_folder(address, folder, parent)`, `delete_folder(address, folder)`,
    `recreate_folder(address, folder) -> id` (same name, new id, empty)
    `messages(address, folder) -> list[Held]`, `drafts(address)`, `sent(address)`: each `Held`
        has `id`, `mime`, `properties` (the Graph resource), `extended` (id -> value),
        `recipients`; `sent` are those that truly left, whether or not a copy was saved
    A mail sent to another mailbox of this server is delivered there.

Workbooks (tables in a OneDrive or a site; see `Book`)
    `books.add(owner, path, columns, rows, table="Payments", site="", since_1904=False) -> Book`
    `book.table().rows` may be changed at will, with `book.touch()` after it; `book.locked`
    `book.crowded`, `book.sessionless`, `book.formulas`: what a good caller leaves empty

What was asked, and what went wrong
    `journal: list[Entry]` (method, path, query, headers, status, fault, mailbox, batch)
    `violations: list[str]` requests and answers that break Microsoft's published types, and
        failures of the stand-in itself
    `hasty: list[str]` requests that came again before their Retry-After was over
    `high_water(address) -> int` most requests at once; `throttled(address) -> int`
    `subscriptions() -> list[str]` ids; `undelivered: list[str]` notifications nobody took

Time and trouble
    `clock.now()`, `clock.advance(seconds=...)`: tokens, subscriptions and uploads age by it
    `faults.fail_next(r"/messages/delta", "429", times=2, retry_after=1, method="GET", skip=0)`
        the pattern is searched in path and query; kinds: see `Kind` in faults.py, among them
        "429", "503", "500", "502", "504", "504_after", "401", "cut_before" (no effect),
        "cut_after" (effect, but no answer), "cut_midway" (half of the answer), "gone_resync"
        and "gone_state" (410 with Location), "sync_state_40x", "repeat_page", "shuffle_page",
        "empty_page", "slow". Retry-After is in whole seconds
    `faults.random(rate=0.05, kinds=(...), seed=7, retry_after=0)`, `faults.calm()`
    `expire_delta(address)` every delta token handed out so far is answered 410
    `lifecycle(subscription_id, "missed" | "reauthorizationRequired" | "subscriptionRemoved")`
    `settle(timeout=5)` waits until all change notifications were posted

Settings of `GraphServer`
    `latency=0.001` seconds that each request holds its place among the four
    `sent_items_after=0.0` seconds that a sent message spends in the Outbox before Sent Items
    `certificates=None` those of `tests.servers.certificates`: then it speaks TLS, and trusts
        that CA at notification addresses; without, `http://` is taken there, on loopback only
    `seed=0` the same seed makes the same ids

Rules that come from Microsoft's pages name the page beside the code. Ids: with
`Prefer: IdType="ImmutableId"` the id of a message lives as long as the message; without it the
server hands out ids that die when the message moves, and knows only those. `deliver` returns
the immutable one. Not here, and answered 400 or 501: `$search`, filters with `or`, rules,
`reply` and `forward` in one step, multi-value extended properties, other folders' `copy`.
"""

from __future__ import annotations

from tests.servers.graph.access import ALL_SCOPES, Caller, TokenRefused
from tests.servers.graph.control import Held
from tests.servers.graph.faults import Faults
from tests.servers.graph.server import GraphServer
from tests.servers.graph.wire import Entry

__all__ = ["ALL_SCOPES", "Caller", "Entry", "Faults", "GraphServer", "Held", "TokenRefused"]
