"""Serves companies as Business Central would: tokens, permissions, pages, versions, limits."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.servers.business_central.books import Books, blank
from tests.servers.business_central.odata import LARGEST_PAGE, page
from tests.servers.business_central.schema import Json, Unfit, check_answer, check_request
from tests.servers.business_central.subscriptions import Subscriptions

_PATH = re.compile(
    r"/v2\.0/(?:(?P<tenant>[^/]+)/)?(?P<environment>[^/]+)/api/v2\.0/"
    r"(?:(?P<subscriptions>subscriptions)(?:\('(?P<key>\w+)'\))?|companies"
    r"(?:\((?P<company>[^)]+)\)/(?P<resource>\w+)(?:\((?P<id>[^)]+)\)"
    r"(?:/Microsoft\.NAV\.(?P<action>\w+))?)?)?)"
)
_WRITABLE = {"customers", "salesQuotes", "salesInvoices"}
_ACTIONS = {("salesQuotes", "send"), ("salesInvoices", "post")}


class TokenRefused(Exception):
    """The token is no good, or for another service."""


@dataclass(frozen=True)
class Fault:
    """What the next call meets: a status, after the work was done where *done*."""

    status: int
    retry_after: str = ""
    done: bool = False


@dataclass(frozen=True)
class Asked:
    """A call as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Json


@dataclass
class Refusal(Exception):
    status: int
    code: str
    text: str = "Ada Byron of 12 Quay Street may not know this."


@dataclass
class _Reply:
    status: int
    body: Json | None = None
    headers: dict[str, str] = field(default_factory=dict)


class BusinessCentralServer:
    """One environment on loopback; a context manager.

    `users` are who is known there, with what they may (`read`, `write`). `faults` are met by
    the next calls, one each; `before` runs once, just before a POST to a path of that ending.
    `asked` holds all calls. Where it answers `oddly`, it is as if a proxy did. `violations`
    is what no real service would have given, or a careful caller asked: empty at the end of a
    test.
    """

    def __init__(
        self,
        *,
        environment: str = "production",
        tenant: str = "hudson.example",
        accepts: Callable[[str], str] | None = None,
    ) -> None:
        self.environment, self.tenant = environment, tenant
        self.companies: dict[str, Books] = {}
        self.users: dict[str, set[str]] = {}
        self.faults: list[Fault] = []
        self.before: dict[str, Callable[[], object]] = {}
        self.oddly = False
        self.asked: list[Asked] = []
        self.violations: list[str] = []
        self.latency, self.at_once, self.most_at_once = 0.0, 0, 0
        self.page_size = LARGEST_PAGE
        self.subscriptions = Subscriptions()
        self._accepts, self._tokens = accepts or self._known, dict[str, str]()
        self._lock = threading.RLock()
        handler = type("Handler", (_Handler,), {"server_of": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def company(self, name: str, **more: str) -> Books:
        """Add a company."""
        self.companies[name] = Books(name, **more)
        return self.companies[name]

    def user(self, address: str, *may: str) -> None:
        """Make somebody known there."""
        self.users[address] = set(may or ("read", "write"))

    def grant(self, address: str) -> str:
        """Return a new token of somebody."""
        token = f"token-{len(self._tokens)}-{address}"
        self._tokens[token] = address
        return token

    def expire(self, token: str) -> None:
        """Let a token be good no longer."""
        del self._tokens[token]

    def _known(self, token: str) -> str:
        if token not in self._tokens:
            raise TokenRefused
        return self._tokens[token]

    def answer(self, call: Asked) -> _Reply:
        """Return the answer to a call, by the rules and the faults."""
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            time.sleep(self.latency)
            with self._lock:
                self.asked.append(call)
                if call.method == "POST":
                    self.before.pop(call.path.rpartition("/")[2], lambda: None)()
                fault = self.faults.pop(0) if self.faults else None
                reply = None if fault and not fault.done else self._ruled(call)
            if fault is not None:
                pause = {"Retry-After": fault.retry_after} if fault.retry_after else {}
                return _Reply(fault.status, _error("Unknown", "Ada Byron"), pause)
            assert reply is not None
            return reply
        finally:
            with self._lock:
                self.at_once -= 1

    def _ruled(self, call: Asked) -> _Reply:
        try:
            return self._permitted(call)
        except Refusal as refusal:
            return _Reply(refusal.status, _error(refusal.code, refusal.text))
        except Unfit as unfit:
            return _Reply(400, _error(unfit.code, unfit.text))
        except AssertionError as wrong:
            self.violations.append(str(wrong))
            return _Reply(500, _error("Internal_ServerError", "broken"))

    def _permitted(self, call: Asked) -> _Reply:
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        try:
            user = self._accepts(token) if scheme == "Bearer" else ""
        except TokenRefused:
            user = ""
        if not user:
            raise Refusal(401, "Authentication_InvalidCredentials")
        if call.path == "/environments/v1.1":
            return self._environments()
        where = _PATH.fullmatch(call.path)
        if where is None:
            raise Refusal(404, "BadRequest_ResourceNotFound")
        if where["environment"] != self.environment:
            raise Refusal(404, "NoEnvironment")
        if where["tenant"] not in {None, self.tenant} or user not in self.users:
            raise Refusal(401, "Authentication_InvalidCredentials")
        if ("read" if call.method == "GET" else "write") not in self.users[user]:
            raise Refusal(403, "Authorization_RequestDenied")
        intent = call.headers.get("data-access-intent", "ReadWrite")
        drafts = where["resource"] in {"salesInvoices", "salesQuotes"}
        readable = call.method == "GET" and not drafts  # showing a draft may write to it
        assert intent == "ReadWrite" or readable, "a write meant for a copy of the database"
        if where["subscriptions"]:
            return self._subscribed(where["key"], call)
        if where["company"] is None:
            return self._page("companies", self._companies(), call)
        return self._in_company(self._books(where["company"]), where, call)

    def _in_company(self, books: Books, where: re.Match[str], call: Asked) -> _Reply:
        resource, wanted, action = where["resource"], where["id"], where["action"]
        if resource not in books.rows:
            raise Refusal(404, "BadRequest_NotFound")
        if call.method == "POST" and wanted is None:
            return self._inserted(books, resource, call)
        if wanted is None:
            return self._page(resource, books.rows[resource], call)
        row = next((each for each in books.rows[resource] if each["id"] == wanted), None)
        if row is None:
            raise Refusal(404, "Internal_RecordNotFound")
        if call.method == "GET":
            return _shown(resource, row)
        version = call.headers.get("if-match")
        if action is None and version is None:
            raise Refusal(400, "BadRequest_InvalidToken")
        if version not in {None, "*", row["@odata.etag"]}:
            raise Refusal(409, "Request_EntityChanged")
        if action is None:
            return self._changed(books, resource, row, call)
        if (resource, action) not in _ACTIONS or call.method != "POST" or call.body:
            raise Refusal(404, "BadRequest_NotFound")
        books.send(row) if action == "send" else books.post(row)
        return _Reply(204)

    def _inserted(self, books: Books, resource: str, call: Asked) -> _Reply:
        if resource not in _WRITABLE:
            raise Refusal(405, "BadRequest_MethodNotAllowed")
        check_request(resource, call.body)
        return _shown(resource, books.insert(resource, call.body), status=201)

    def _changed(self, books: Books, resource: str, row: Json, call: Asked) -> _Reply:
        if resource not in _WRITABLE or call.method != "PATCH":
            raise Refusal(405, "BadRequest_MethodNotAllowed")
        check_request(resource, call.body)
        row |= call.body
        books.touch(row)
        return _shown(resource, row)

    def _subscribed(self, key: str | None, call: Asked) -> _Reply:
        check_request("subscriptions", call.body)
        companies = [*self.companies.values()]
        if key is None:
            made = self.subscriptions.create(call.body, companies)
            return _shown("subscriptions", made, status=201)
        held = self.subscriptions.held.get(key)
        if held is None:
            raise Refusal(404, "Internal_RecordNotFound")
        if call.method == "GET":
            return _shown("subscriptions", held)
        if "if-match" not in call.headers:
            raise Refusal(400, "BadRequest_InvalidToken")
        if call.headers["if-match"] not in {"*", held["@odata.etag"]}:
            raise Refusal(409, "Request_EntityChanged")
        if call.method == "PATCH":
            renewed = self.subscriptions.renew(held, call.body, companies)
            return _shown("subscriptions", renewed)
        del self.subscriptions.held[key]
        return _Reply(204)

    def _page(self, resource: str, rows: list[Json], call: Asked) -> _Reply:
        if call.method != "GET":
            raise Refusal(405, "BadRequest_MethodNotAllowed")
        asked = re.search(r"odata\.maxpagesize=(\d+)", call.headers.get("prefer", ""))
        size = int(asked[1]) if asked else self.page_size
        assert 0 < size <= LARGEST_PAGE, "a page over the limit was asked for"
        shown, token = page(resource, rows, call.query, min(size, self.page_size))
        for row in shown:
            check_answer(resource, row)
        body: Json = {"@odata.context": f"{self.url}/$metadata#{resource}", "value": shown}
        if token:
            query = {**call.query, "$skiptoken": token}
            body["@odata.nextLink"] = f"{self.url}{call.path}?{urlencode(query)}"
        return _Reply(200, body)

    def _companies(self) -> list[Json]:
        return [
            blank("companies", id=each.id, name=each.name, displayName=f"{each.name} Inc.")
            for each in self.companies.values()
        ]

    def _books(self, company_id: str) -> Books:
        for books in self.companies.values():
            if books.id == company_id:
                return books
        raise Refusal(404, "Internal_CompanyNotFound")

    def _environments(self) -> _Reply:
        row = blank("environments", name=self.environment, type="Production")
        check_answer("environments", row)
        return _Reply(200, {"value": [row]})


def _shown(resource: str, row: Json, *, status: int = 200) -> _Reply:
    shown = {name: value for name, value in row.items() if not name.endswith("Lines")}
    check_answer(resource, shown)
    return _Reply(status, shown)


def _error(code: str, text: str) -> Json:
    return {"error": {"code": code, "message": f"{text}  CorrelationId:  0."}}


class _Handler(BaseHTTPRequestHandler):
    server_of: BusinessCentralServer
    protocol_version = "HTTP/1.1"

    def _do(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        call = Asked(self.command, parts.path, query, headers, body)
        try:
            reply = self.server_of.answer(call)
        except Exception as broken:
            self.server_of.violations.append(repr(broken))
            raise
        if reply.status == 0:  # the line breaks before the answer
            self.close_connection = True
            return
        content = b"" if reply.body is None else json.dumps(reply.body).encode()
        content = b"<html>" if self.server_of.oddly else content
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if content:
            self.send_header("Content-Type", "application/json; odata.metadata=minimal")
        if reply.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def do_PATCH(self) -> None:
        self._do()

    def do_DELETE(self) -> None:
        self._do()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""
