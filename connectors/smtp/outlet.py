"""Outlet of `reply.send` and `mail.send`: the mail server of a mailbox."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime

from connectors.smtp.mailbox import SentFolder
from connectors.smtp.session import Credential, Security, Server, SignInRefused, submit
from flows.errors import (
    DeliveryUnknown,
    JigajobError,
    OperatorError,
    SignInNeeded,
)
from flows.hosts import is_this_machine
from flows.model import Output
from flows.outgoing import Outgoing, automatic_marks, message_id_of, outgoing
from flows.ports import Tokens


class SmtpOutlet:
    """Sends mail from *address*, called *name*, each over a connection of its own.

    It signs in by *tokens* (XOAUTH2), else by *password*, which is asked for each time, else
    not at all. *sent* is where copies go, for a server that keeps none by itself; there it
    also looks whether a mail is out already. Nobody closes it.

    Mail is from the mailbox's own address even where the customer wrote to another one of the
    business: servers let an account send as itself, and as others only by leave.

    The envelope's sender is that address, too. RFC 3834 allows `<>` there; but the servers
    at which mailboxes hand in mail take only the account's own, and the business has to hear
    that an answer did not arrive. No loop comes of it: bounces are never answered.

    Source: https://www.rfc-editor.org/rfc/rfc3834 sections 2 and 3
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        address: str,
        name: str = "",
        security: Security = "starttls",
        tokens: Tokens | None = None,
        password: Callable[[], str] | None = None,
        context: ssl.SSLContext | None = None,
        sent: SentFolder | None = None,
        patience: tuple[float, float] = (60, 300),
    ) -> None:
        """Open nothing yet; *patience* is for each answer, and for that to the whole mail.

        Raises:
            OperatorError: It would send in the clear over a network.
        """
        if security == "none" and not is_this_machine(host):
            raise OperatorError(
                f"mail to {host} would go over the network in the clear",
                fix="set `smtp.security` to starttls or tls",
            )
        self._server = Server(
            host=host,
            port=port,
            security=security,
            context=context,
            patience=patience[0],
            answer=patience[1],
        )
        self._address, self._name = address, name
        self._tokens, self._password, self._sent = tokens, password, sent

    @property
    def uses(self) -> frozenset[str]:
        """Return the steps whose outputs it takes."""
        return frozenset({"reply.send", "mail.send"})

    def receiver(self, output: Output) -> str:
        """Return who is told: who gets the mail."""
        del output
        return "mail to one address"

    async def deliver(self, output: Output) -> str:
        """Send the mail, unless it is in the Sent folder, and return its Message-ID.

        Raises:
            TransientError: Not sent; later may work.
            OperatorError: An address is none, or the server refused the mail for good.
            AdministratorError: The server cannot be used, or lets the account in no more.
            DeliveryUnknown: The answer to the mail was lost.
        """
        mail = self._mail(output)
        if await self._is_out(mail.message_id):
            return _sent_as(mail.message_id)
        await self._submit(mail)
        return await self._copied(mail)

    async def resume(self, output: Output) -> str:
        """Return the Message-ID, if the mail is in the Sent folder; sends nothing.

        Raises:
            TransientError, AdministratorError: The Sent folder cannot be read.
            DeliveryUnknown: It is not there, or nobody keeps copies.
        """
        message_id = message_id_of(output, self._address)
        if await self._is_out(message_id):
            return _sent_as(message_id)
        raise DeliveryUnknown(
            "JigAjob was stopped while it sent the mail",
            fix="look for it in the mailbox's Sent folder, or ask the customer; approve it to"
            " send it, reject it if it arrived",
        )

    def _mail(self, output: Output) -> Outgoing:
        mail = outgoing(
            output,
            sender=self._address,
            name=self._name,
            at=datetime.now(UTC),
            marks=automatic_marks(output),
        )
        if not mail.to:
            raise OperatorError(
                f"output {output.id} has no address to go to",
                fix="answer the mail by hand, then reject it",
            )
        return mail

    async def _is_out(self, message_id: str) -> bool:
        return self._sent is not None and await self._sent.find(message_id)

    async def _submit(self, mail: Outgoing) -> None:
        credential = await self._credential()
        try:
            await asyncio.to_thread(submit, self._server, mail, credential)
        except SignInRefused as refused:
            if credential is None or self._tokens is None:
                raise self._shut_out(str(refused)) from None
        else:
            return
        # A token may be revoked before its time; another one tells that from a closed door.
        credential = await self._credential(refused=credential.secret)
        try:
            await asyncio.to_thread(submit, self._server, mail, credential)
        except SignInRefused as refused:
            raise self._shut_out(str(refused)) from None

    async def _credential(self, *, refused: str = "") -> Credential | None:
        if self._tokens is not None:
            token = await self._tokens.token(refused=refused)
            return Credential(user=self._address, secret=token, kind="token")
        if self._password is not None:
            return Credential(user=self._address, secret=self._password(), kind="password")
        return None

    def _shut_out(self, status: str) -> SignInNeeded:
        what = f"{self._server} does not let the mailbox sign in ({status})"
        if self._tokens is not None:
            fix = "sign in again with the right to send; in Microsoft 365, let an administrator"
            return SignInNeeded(
                "not_permitted",
                what,
                fix=f"{fix} turn on authenticated SMTP for the mailbox",
            )
        return SignInNeeded("password", what, fix="renew the password that flows.yaml names")

    async def _copied(self, mail: Outgoing) -> str:
        """Keep a copy. The mail is out, so nothing that fails here may have it sent again."""
        where = _sent_as(mail.message_id)
        if self._sent is None:
            return where
        try:
            await self._sent.append(mail.raw, mail.message_id)
        except JigajobError as error:
            return f"{where}; no copy is in the Sent folder: {error.what}"
        except Exception as error:  # noqa: BLE001 - see above; its text may quote mail
            return f"{where}; no copy is in the Sent folder ({type(error).__name__})"
        return where


def _sent_as(message_id: str) -> str:
    return f"sent as {message_id}"
