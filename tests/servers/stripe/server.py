"""Serves an account as Stripe would: keys, permissions, pages, parameters, limits."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import stripe

from tests.servers.stripe.account import Account, Json
from tests.servers.stripe.types import check

_LISTS = {
    "/v1/balance_transactions": (
        stripe.BalanceTransaction,
        {"created", "limit", "starting_after", "ending_before", "expand", "currency", "payout"},
    ),
    "/v1/events": (
        stripe.Event,
        {"created", "limit", "starting_after", "ending_before", "type", "types", "expand"},
    ),
}
_NEEDS = {"balance_transactions": "balance", "events": "events", "charges": "charges"}
_KEPT = 30 * 86_400


class Refusal(Exception):
    def __init__(self, status: int, kind: str, code: str = "") -> None:
        self.status, self.kind, self.code = status, kind, code


class StripeServer:
    """Stripe for one account on loopback; `close` ends it.

    `may` says what the key may read. `failures` are the statuses of the next answers; `asked`
    holds the paths and parameters of all calls.
    """

    def __init__(self, account: Account, *, key: str = "rk_test_hudson", now: int) -> None:
        self.account, self.key, self.now = account, key, now
        self.may = {"balance", "events", "charges"}
        self.failures: list[int] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.headers: list[dict[str, str]] = []
        self.wrong: list[str] = []
        handler = type("Handler", (_Handler,), {"stripe": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """End the server; fails where an answer was not as Stripe's types have it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        assert not self.wrong, (
            f"the stand-in gave what Stripe's types do not know: {self.wrong}"
        )

    def answer(self, path: str, query: dict[str, list[str]], key: str) -> Json:
        if not key:
            raise Refusal(401, "invalid_request_error")
        if key != self.key:
            raise Refusal(401, "invalid_request_error", "api_key_invalid")
        if self.failures:
            status = self.failures.pop(0)
            raise Refusal(status, "api_error", "rate_limit" if status == 429 else "")
        what = path.split("/")[2]
        if what not in _NEEDS:
            raise Refusal(404, "invalid_request_error")
        if _NEEDS[what] not in self.may:
            raise Refusal(
                403, "invalid_request_error", "more_permissions_required_for_application"
            )
        if path in _LISTS:
            return self._page(path, query)
        return self._one(what, path.split("/")[3], query)

    def _one(self, what: str, wanted: str, query: dict[str, list[str]]) -> Json:
        held = {each["id"]: each for each in self.account.moved} | self.account.behind
        found = held.get(wanted)
        kinds = {"charges": "charge", "balance_transactions": "balance_transaction"}
        if found is None or found["object"] != kinds[what]:
            raise Refusal(404, "invalid_request_error", "resource_missing")
        kind = stripe.Charge if what == "charges" else stripe.BalanceTransaction
        shown = self._expanded(found, query.get("expand", []), prefix="")
        check(shown, kind, what)
        return shown

    def _page(self, path: str, query: dict[str, list[str]]) -> Json:
        kind, known = _LISTS[path]
        unknown = {name.split("[")[0] for name in query} - known
        if unknown:
            raise Refusal(400, "invalid_request_error", "parameter_unknown")
        limit = int(query.get("limit", ["10"])[0])
        if not 1 <= limit <= 100:
            raise Refusal(400, "invalid_request_error", "parameter_invalid_integer")
        events = path.endswith("events")
        rows = self.account.events if events else self.account.moved
        rows = sorted(rows, key=lambda row: (row["created"], row["id"]), reverse=True)
        rows = [row for row in rows if _created(row, query)]
        if events:
            rows = [row for row in rows if row["created"] >= self.now - _KEPT]
            wanted = query.get("types", [])
            rows = [row for row in rows if not wanted or row["type"] in wanted]
        shown, more = _cut(rows, query, limit)
        shown = [self._expanded(row, query.get("expand", []), prefix="data.") for row in shown]
        for row in shown:
            check(row, kind, path)
        return {"object": "list", "url": path, "has_more": more, "data": shown}

    def _expanded(self, row: Json, expand: list[str], *, prefix: str) -> Json:
        for each in expand:
            if each != f"{prefix}source":
                raise Refusal(400, "invalid_request_error", "property_not_expandable")
            row = row | {"source": self.account.behind[row["source"]]}
        return row


def _created(row: Json, query: dict[str, list[str]]) -> bool:
    bounds = {
        name[8:-1]: int(given[0])
        for name, given in query.items()
        if "[" in name and name.startswith("created")
    }
    tests = {"gte": int.__ge__, "gt": int.__gt__, "lte": int.__le__, "lt": int.__lt__}
    return all(tests[name](row["created"], bound) for name, bound in bounds.items())


def _cut(rows: list[Json], query: dict[str, list[str]], limit: int) -> tuple[list[Json], bool]:
    after, before = query.get("starting_after"), query.get("ending_before")
    if after and before:
        raise Refusal(400, "invalid_request_error", "parameter_invalid")
    ids = [row["id"] for row in rows]
    cursor = (after or before or [""])[0]
    if cursor and cursor not in ids:
        raise Refusal(400, "invalid_request_error", "resource_missing")
    if before:
        newer = rows[: ids.index(cursor)]
        return newer[-limit:], len(newer) > limit
    older = rows[ids.index(cursor) + 1 :] if after else rows
    return older[:limit], len(older) > limit


class _Handler(BaseHTTPRequestHandler):
    stripe: StripeServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query: dict[str, list[str]] = {}
        for name, given in parse_qsl(parts.query, keep_blank_values=True):
            query.setdefault(re.sub(r"\[\d+\]$", "", name), []).append(given)
        self.stripe.asked.append(
            (parts.path, {name: given[0] for name, given in query.items()})
        )
        self.stripe.headers.append(dict(self.headers))
        try:
            status, body = 200, self.stripe.answer(parts.path, query, self._key())
        except Refusal as refusal:
            error = {"type": refusal.kind, "message": "Ada Byron's card 4242424242424242"}
            status, body = refusal.status, {"error": error | {"code": refusal.code or None}}
        except AssertionError as wrong:
            self.stripe.wrong.append(str(wrong))
            status, body = 500, {"error": {"type": "api_error"}}
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Request-Id", "req_1")
        self.end_headers()
        self.wfile.write(content)

    def _key(self) -> str:
        scheme, _, given = self.headers.get("Authorization", "").partition(" ")
        if scheme == "Basic":
            return base64.b64decode(given).decode().partition(":")[0]
        return given if scheme == "Bearer" else ""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def served(account: Account, now: int) -> Iterator[StripeServer]:
    """Give a server of the account, for fixtures."""
    server = StripeServer(account, now=now)
    yield server
    server.close()
