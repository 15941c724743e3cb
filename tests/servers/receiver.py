"""A program that takes webhooks over TLS, on loopback, in a thread of its own.

    with Receiver(certificates, secret="whsec_…") as receiver:
        receiver.answers += [503, Cut(), 200]     # the next ones; then 202
        receiver.taken                            # what has had its effect

With `idempotent` a call whose Idempotency-Key it has had is answered and has no effect.
Signatures are verified by Standard Webhooks' own library; one that is wrong is answered 401.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from standardwebhooks import Webhook, WebhookVerificationError

from tests.servers.certificates import Certificates


@dataclass(frozen=True, slots=True)
class Cut:
    """Takes the call, unless *before*, and closes the connection without an answer."""

    before: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A status with headers and a body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    endless: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A call as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Receiver:
    """See above. `asked` holds every call, `taken` those that had an effect."""

    def __init__(
        self, certificates: Certificates, *, secret: str = "", idempotent: bool = False
    ) -> None:
        self.answers: list[int | Cut | Answer] = []
        self.asked: list[Taken] = []
        self.taken: list[Taken] = []
        self._secret, self._idempotent = secret, idempotent
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"receiver": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        context = certificates.serving()
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def port(self) -> int:
        return int(self._server.server_port)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}/hooks/jobs"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, call: Taken) -> int | Cut | Answer:
        with self._lock:
            self.asked.append(call)
            if self._secret and not self._verified(call):
                return 401
            answer = self.answers.pop(0) if self.answers else 202
            key = call.headers.get("idempotency-key")
            known = self._idempotent and any(
                each.headers.get("idempotency-key") == key for each in self.taken
            )
            works = answer == 202 or (isinstance(answer, Answer) and answer.status < 300)
            if not known and (works or answer == Cut()):
                self.taken.append(call)
            return answer

    def _verified(self, call: Taken) -> bool:
        try:
            Webhook(self._secret).verify(call.body, dict(call.headers))
        except WebhookVerificationError:
            return False
        return True


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.receiver.answer(Taken(self.path, headers, body))
        self.close_connection = True
        if isinstance(answer, Cut):
            self.connection.close()
            return
        given = answer if isinstance(answer, Answer) else Answer(answer)
        self.send_response(given.status)
        for name, value in given.headers.items():
            self.send_header(name, value)
        length = 1 << 40 if given.endless else len(given.body)
        self.send_header("content-length", str(length))
        self.end_headers()
        self.wfile.write(given.body)
        if given.endless:
            self._pour()

    def _pour(self) -> None:
        """Send without end, as long as somebody takes it."""
        until = time.monotonic() + 5
        try:
            while time.monotonic() < until:
                self.wfile.write(b"x" * 65_536)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        return
