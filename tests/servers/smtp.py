"""An SMTP server on loopback that keeps what it gets, relays it, and fails when asked.

    with SmtpServer(certificates, passwords={"office@hudson.example": "pw"}) as server:
        ...send to localhost:server.port (STARTTLS) or server.tls_port (implicit TLS)...
        [mail] = server.messages

It is aiosmtpd on three ports: `port` offers STARTTLS and, after it, AUTH; `tls_port` speaks
TLS from the start; both ask for AUTH. `relay_port` has neither, as a server has for its own
machine: give it to `Dovecot(submission=f"127.0.0.1:{server.relay_port}")`.

AUTH is PLAIN, LOGIN (`passwords`) and XOAUTH2 (`accepts`, a callable that takes user and
token and returns whether they are good; `OpenIdProvider.smtp_tokens` is one).

Kept: `messages`, a list of `Received` in order of arrival; `wait(count)` waits for that many;
`sent_by(message_id)` counts. `relay_to(dovecot, "@hudson.example", ...)` delivers mail for
these domains or addresses by LMTP as well.

Faults, each for the next `times` occasions at a step (`EHLO`, `AUTH`, `MAIL`, `RCPT`, `DATA`,
`MESSAGE`: all was received and nothing kept, `ANSWER`: it was kept and relayed):
    `reply("450 4.2.1 try later", at="RCPT")`; after 421 the connection is closed
    `cut(at="DATA")` drops the connection before DATA is answered; `cut(at="MESSAGE")` and
        `cut(at="ANSWER")` look the same to the client: only one of them delivered
    `slow(2.0, at="ANSWER")` waits, then goes on
    `refuse("gone@else.example", "550 5.1.1 no such user")` for good
    `misbehave(rate, seed)` lets each step fail by chance, the same for the same seed
    `calm()` ends all of these
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import random
import smtplib
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Self

from tests.servers.smtp_session import Handler, SmtpSession

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping
    from email.message import EmailMessage

    from aiosmtpd.smtp import Envelope

    from tests.servers.certificates import Certificates
    from tests.servers.dovecot import Dovecot

STARTS_WITHIN = 10
CHANCES = {
    "MAIL": ("421 4.3.2 Service not available", "450 4.7.1 Greylisted", "cut"),
    "DATA": ("cut", "451 4.3.0 Try again later"),
    "MESSAGE": ("cut", "451 4.3.0 Try again later"),
    "ANSWER": ("cut",),
}


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it came.

    `sender` is "" for a bounce or an automatic answer; `user` is who had signed in, None on
    `relay_port`; `at` is in seconds since 1970.
    """

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    user: str | None
    tls: bool
    at: float = field(default_factory=time.time)

    @property
    def message(self) -> EmailMessage:
        """The content, parsed."""
        return email.message_from_bytes(self.content, policy=email.policy.default)


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at one step: a wait, then a cut or a reply, or neither."""

    seconds: float = 0
    cut: bool = False
    reply: str = ""


class SmtpServer:
    """One server in a thread of its own; a context manager."""

    def __init__(
        self,
        certificates: Certificates,
        *,
        passwords: Mapping[str, str] | None = None,
        accepts: Callable[[str, str], bool] | None = None,
    ) -> None:
        self.certificates = certificates
        self.port = self.tls_port = self.relay_port = 0
        self.passwords = dict(passwords or {})
        self.refused: dict[str, str] = {}
        self.errors: list[Exception] = []
        self.live: set[SmtpSession] = set()
        self._accepts = accepts or (lambda _user, _token: False)
        self._tls = certificates.serving()
        self._messages: list[Received] = []
        self._faults: dict[str, list[Fault]] = {}
        self._chance: tuple[random.Random, float] | None = None
        self._routes: dict[str, Dovecot] = {}
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._servers: list[asyncio.Server] = []

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(STARTS_WITHIN)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Cut all connections and end."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(STARTS_WITHIN)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # -- what came ------------------------------------------------------------------------

    @property
    def messages(self) -> list[Received]:
        """All that was kept, in order of arrival."""
        return list(self._messages)

    def wait(self, count: int = 1, timeout: float = 10) -> list[Received]:
        """All messages, as soon as there are `count` of them.

        Raises:
            TimeoutError: there were fewer after `timeout` seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._messages) >= count, timeout):
                raise TimeoutError(
                    f"{len(self._messages)} of {count} messages after {timeout} s"
                )
        return self.messages

    def sent_by(self, message_id: str) -> int:
        """How many messages with this Message-ID were kept."""
        return sum(one.message["Message-ID"] == message_id for one in self.messages)

    def clear(self) -> None:
        """Forget what was kept."""
        self._messages.clear()

    def relay_to(self, dovecot: Dovecot, *whom: str) -> None:
        """Deliver mail for these addresses, or domains as "@hudson.example", to a Dovecot."""
        self._routes |= dict.fromkeys(map(str.lower, whom), dovecot)

    # -- faults ---------------------------------------------------------------------------

    def reply(self, text: str, *, at: str, times: int = 1) -> None:
        """Answer a step with this line, as in "451 4.3.0 try later"."""
        self._add(Fault(reply=text), at, times)

    def cut(self, *, at: str, times: int = 1) -> None:
        """Drop the connection at a step."""
        self._add(Fault(cut=True), at, times)

    def slow(self, seconds: float, *, at: str, times: int = 1) -> None:
        """Wait at a step before going on."""
        self._add(Fault(seconds=seconds), at, times)

    def refuse(self, recipient: str, text: str = "550 5.1.1 No such user") -> None:
        """Refuse a recipient until `calm`."""
        self.refused[recipient.lower()] = text

    def misbehave(self, rate: float, seed: int) -> None:
        """Let each step fail with probability `rate` in a way drawn from `seed`."""
        self._chance = (random.Random(seed), rate)

    def calm(self) -> None:
        """No more faults."""
        self._faults.clear()
        self.refused.clear()
        self._chance = None

    # -- for the sessions -----------------------------------------------------------------

    def next_fault(self, at: str) -> Fault | None:
        """Take the fault for this step, if one is due."""
        waiting = self._faults.get(at)
        if waiting:
            return waiting.pop(0)
        if self._chance and at in CHANCES:
            chance, rate = self._chance
            if chance.random() < rate:
                drawn = chance.choice(CHANCES[at])
                return Fault(cut=True) if drawn == "cut" else Fault(reply=drawn)
        return None

    def token_is_good(self, user: str, token: str) -> bool:
        """Whether `accepts` takes it."""
        return self._accepts(user, token)

    def keep(
        self, envelope: Envelope, content: bytes, *, user: str | None, tls: bool
    ) -> Received:
        """Keep a message and wake those who wait for it."""
        recipients = tuple(map(str, envelope.rcpt_tos))
        sender = str(envelope.mail_from or "").removeprefix("<>")
        kept = Received(sender, recipients, content, user, tls)
        with self._changed:
            self._messages.append(kept)
            self._changed.notify_all()
        return kept

    def relay(self, mail: Received) -> None:
        """Deliver to the mailboxes that `relay_to` named."""
        for recipient in mail.recipients:
            address = recipient.lower()
            route = self._routes.get(address) or self._routes.get(
                f"@{address.partition('@')[2]}"
            )
            if route:
                with smtplib.LMTP("127.0.0.1", route.lmtp_port) as lmtp:
                    lmtp.sendmail(mail.sender, [recipient], mail.content)

    # -- inside ---------------------------------------------------------------------------

    def _add(self, fault: Fault, at: str, times: int) -> None:
        self._faults.setdefault(at, []).extend([fault] * times)

    def _session(self, *, auth: bool, starttls: ssl.SSLContext | None = None) -> SmtpSession:
        return SmtpSession(
            self,
            loop=self._loop,
            hostname="smtp.hudson.example",
            enable_SMTPUTF8=True,
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=auth,
            authenticator=Handler(self).authenticate,
        )

    async def _listen(self) -> None:
        here = partial(self._loop.create_server, host="127.0.0.1", port=0)
        submission = await here(partial(self._session, auth=True, starttls=self._tls))
        implicit = await here(partial(self._session, auth=True), ssl=self._tls)
        relay = await here(partial(self._session, auth=False))
        self._servers = [submission, implicit, relay]
        ports = [server.sockets[0].getsockname()[1] for server in self._servers]
        self.port, self.tls_port, self.relay_port = ports

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        for session in list(self.live):
            session.cut()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)
        await self._loop.shutdown_default_executor()
