"""aiosmtpd's SMTP with implicit TLS, XOAUTH2, long AUTH lines, and faults at each step.

The server around it, and its documentation, are in `tests/servers/smtp.py`.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import collections
import contextlib
import smtplib
from typing import TYPE_CHECKING, Any, ClassVar

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

if TYPE_CHECKING:
    from tests.servers.smtp import SmtpServer

AUTH_LINE = 12_288
"""Bytes that a line of AUTH may have. Source: RFC 4954, section 4.3."""
MAIL_LINE = 998
"""Bytes that a line of mail may have without its end. Source: RFC 5322, section 2.1.1."""
REFUSED = "535 5.7.3 Authentication unsuccessful"
"""Source: what smtp.office365.com answers."""


class SmtpSession(SMTP):
    """One connection; asks its server before each step whether it is to fail."""

    command_size_limit = AUTH_LINE
    command_size_limits: ClassVar = collections.defaultdict(lambda: AUTH_LINE)
    line_length_limit = AUTH_LINE + 2

    def __init__(self, owner: SmtpServer, **options: Any) -> None:
        super().__init__(Handler(owner), **options)
        self._owner = owner

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._owner.live.add(self)
        secured = transport.get_extra_info("ssl_object")
        if secured is not None and self.session.ssl is None:
            self._tls_protocol = self.session.ssl = secured

    def connection_lost(self, error: Exception | None) -> None:
        self._owner.live.discard(self)
        super().connection_lost(error)

    def cut(self) -> None:
        """Drop the connection without a word."""
        transport = self._original_transport or self.transport
        if transport is not None:
            transport.abort()

    async def failed(self, at: str) -> bool:
        """Do what is asked for at this step; True when the command is thereby answered."""
        fault = self._owner.next_fault(at)
        if fault is None:
            return False
        await asyncio.sleep(fault.seconds)
        if fault.cut:
            self.cut()
            return True
        if not fault.reply:
            return False
        await self.push(fault.reply)
        if fault.reply.startswith("421") and self.transport is not None:
            self.transport.close()
        return True

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        if not await self.failed("EHLO"):
            await super().smtp_EHLO(hostname)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        if not await self.failed("AUTH"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        if not await self.failed("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        if not await self.failed("RCPT"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if not await self.failed("DATA"):
            await super().smtp_DATA(arg)


class Handler:
    """aiosmtpd's hooks: who may sign in, which recipients exist, what happens to a message."""

    def __init__(self, owner: SmtpServer) -> None:
        self._owner = owner

    async def auth_XOAUTH2(self, server: SmtpSession, args: list[str]) -> AuthResult:  # noqa: N802
        """Source: learn.microsoft.com/exchange/client-developer/legacy-protocols/
        how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth.
        """
        refused = AuthResult(success=False, handled=False, message=REFUSED)
        if len(args) == 1:
            answer = await server.challenge_auth("")
            if not isinstance(answer, bytes):
                return AuthResult(success=False, handled=True)
        else:
            try:
                answer = base64.b64decode(args[1], validate=True)
            except binascii.Error:
                return refused
        fields = dict(
            part.split("=", 1)
            for part in answer.decode("utf-8", "replace").split("\x01")
            if "=" in part
        )
        user, token = fields.get("user", ""), fields.get("auth", "").removeprefix("Bearer ")
        if not await asyncio.to_thread(self._owner.token_is_good, user, token):
            return refused
        return AuthResult(success=True, auth_data=LoginPassword(user.encode(), b""))

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any
    ) -> AuthResult:
        user, password = data.login.decode(), data.password.decode()
        if self._owner.passwords.get(user) != password:
            return AuthResult(success=False, handled=False, message=REFUSED)
        return AuthResult(success=True, auth_data=data)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self,
        _server: SmtpSession,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        refusal = self._owner.refused.get(address.lower())
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Recipient OK"

    async def handle_DATA(  # noqa: N802
        self, server: SmtpSession, session: Session, envelope: Envelope
    ) -> str:
        content = bytes(envelope.content or b"")
        if any(len(line) > MAIL_LINE for line in content.split(b"\r\n")):
            return "500 5.5.2 Line too long"
        refusal = await self._failed(server, "MESSAGE")
        if refusal:
            return refusal
        user = session.auth_data.login.decode() if session.authenticated else None
        kept = self._owner.keep(envelope, content, user=user, tls=session.ssl is not None)
        try:
            await asyncio.to_thread(self._owner.relay, kept)
        except (OSError, smtplib.SMTPException):
            return "451 4.4.1 The mailbox server does not answer"
        return await self._failed(server, "ANSWER") or "250 2.0.0 OK"

    async def handle_exception(self, error: Exception) -> str:
        self._owner.errors.append(error)
        return "451 4.3.0 Internal error"

    async def _failed(self, server: SmtpSession, at: str) -> str:
        fault = self._owner.next_fault(at)
        if fault is None:
            return ""
        await asyncio.sleep(fault.seconds)
        if fault.cut:
            server.cut()
            with contextlib.suppress(TimeoutError):  # cancelled when the connection is gone
                await asyncio.wait_for(asyncio.Event().wait(), 5)
        return fault.reply
