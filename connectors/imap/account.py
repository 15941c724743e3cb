"""Who signs in where: the way from a host name to a session that may read mail.

Nothing that the server says is passed on in an error, since a server may repeat what it was
told; only its response codes are read.

Source: RFC 9051; RFC 7628 (OAUTHBEARER); RFC 5530 (response codes); RFC 5161 (ENABLE);
https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
"""

from __future__ import annotations

import imaplib
import logging
import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError

from connectors.imap.session import Session
from connectors.imap.threads import in_thread
from flows.errors import AdministratorError, SignInNeeded, TransientError
from flows.ports import Tokens

# At DEBUG it writes every command; some name correspondents' messages.
logging.getLogger("imapclient").setLevel(logging.WARNING)

Security = Literal["tls", "starttls", "none"]

_TIMEOUT: Final = SocketTimeout(connect=20, read=60)
_BUSY: Final = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\b", re.IGNORECASE)


class _Refused(Exception):
    """The server did not take the credentials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account of one server; `open` signs in to it.

    `tokens` are used where given, else `password`, which is asked for anew at each sign-in.
    """

    host: str
    port: int
    address: str
    tokens: Tokens | None = field(default=None, repr=False)
    password: Callable[[], str] | None = field(default=None, repr=False)
    security: Security = "tls"
    context: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        if self.tokens is None and self.password is None:
            raise ValueError("an IMAP account needs tokens or a password")

    @property
    def server(self) -> str:
        """Return host and port, for errors."""
        return f"{self.host}:{self.port}"

    async def open(self) -> Session:
        """Return a new session, signed in; whoever gets it closes it.

        Raises:
            SignInNeeded: The password is wrong, or even a fresh token was refused.
            AdministratorError: The server's certificate is not trusted, or it cannot do what
                the settings ask for.
            TransientError: The server is away or busy.
        """
        if self.tokens is None:
            return await self._open_by_password()
        token = await self.tokens.token()
        try:
            return await self._open(lambda client: self._give_token(client, token))
        except _Refused:
            fresh = await self.tokens.token(refused=token)
        try:
            return await self._open(lambda client: self._give_token(client, fresh))
        except _Refused:
            raise SignInNeeded(
                "not_permitted",
                f"{self.server} refuses a fresh token for {self.address}",
                fix="switch IMAP on for this account and let the app use it"
                " (IMAP.AccessAsUser.All), then sign in again",
            ) from None

    async def _open_by_password(self) -> Session:
        try:
            return await self._open(self._give_password)
        except _Refused:
            raise SignInNeeded(
                "password",
                f"{self.server} does not take the password of {self.address}",
                fix="correct the secret; many providers want an app password for IMAP",
            ) from None

    async def _open(self, sign_in: Callable[[IMAPClient], None]) -> Session:
        return await in_thread(lambda: self._signed_in(sign_in), left_over=Session.cut)

    def _signed_in(self, sign_in: Callable[[IMAPClient], None]) -> Session:
        client = self._connected()
        try:
            sign_in(client)
            return Session(client, self.server, modseqs=self._counts_changes(client))
        except BaseException:
            Session(client, self.server).cut()
            raise

    def _connected(self) -> IMAPClient:
        try:
            client = IMAPClient(
                self.host,
                self.port,
                ssl=self.security == "tls",
                ssl_context=self.context,
                timeout=_TIMEOUT,
            )
            if self.security == "starttls":
                self._start_tls(client)
        except ssl.SSLCertVerificationError:
            raise AdministratorError(
                f"the certificate of {self.server} is not trusted",
                fix="check the host name, or add the authority that signed it",
            ) from None
        except socket.gaierror:
            raise TransientError(
                f"the host {self.host} is not known",
                fix="check `host` in flows.yaml and the network's name server",
            ) from None
        except ssl.SSLError:
            raise TransientError(
                f"{self.server} and this machine do not agree on TLS",
                fix="check `port` and `security`: 993 is tls, 143 is starttls",
            ) from None
        except (OSError, imaplib.IMAP4.error) as error:
            raise TransientError(
                f"{self.server} does not answer as a mail server ({type(error).__name__})",
                fix="check `host`, `port` and `security`, and whether the server is up",
            ) from None
        return client

    def _start_tls(self, client: IMAPClient) -> None:
        try:
            client.starttls(self.context)
        except CapabilityError:
            Session(client, self.server).cut()
            raise AdministratorError(
                f"{self.server} does not offer STARTTLS",
                fix="set `security: tls` with the port for it, usually 993",
            ) from None
        except BaseException:
            Session(client, self.server).cut()
            raise

    def _give_token(self, client: IMAPClient, token: str) -> None:
        bearer = f"auth=Bearer {token}\1\1"
        # When it refuses, the server explains itself first and wants one more answer.
        if client.has_capability("AUTH=XOAUTH2"):
            name, first, last = "XOAUTH2", f"user={self.address}\1{bearer}", ""
        elif client.has_capability("AUTH=OAUTHBEARER"):
            identity = self.address.replace("=", "=3D").replace(",", "=2C")
            name, first, last = "OAUTHBEARER", f"n,a={identity},\1{bearer}", "\1"
        else:
            raise AdministratorError(
                f"{self.server} takes no tokens (XOAUTH2, OAUTHBEARER)",
                fix="give this source a password instead",
            )
        answers = iter((first.encode(), last.encode()))
        self._try(lambda: client.sasl_login(name, lambda _challenge: next(answers, None)))

    def _give_password(self, client: IMAPClient) -> None:
        password = self.password() if self.password else ""
        if client.has_capability("AUTH=PLAIN"):
            self._try(lambda: client.plain_login(self.address, password))
        elif client.has_capability("LOGINDISABLED"):
            raise AdministratorError(
                f"{self.server} takes no password on this connection",
                fix="set `security: tls` or `starttls`",
            )
        else:
            self._try(lambda: client.login(self.address, password))

    def _counts_changes(self, client: IMAPClient) -> bool:
        """Have the server tell HIGHESTMODSEQ from now on, which some do only when asked."""
        if not (client.has_capability("CONDSTORE") and client.has_capability("ENABLE")):
            return False
        try:
            return b"CONDSTORE" in client.enable("CONDSTORE")
        except (imaplib.IMAP4.abort, OSError) as error:
            raise TransientError(
                f"{self.server} closed the connection after sign-in ({type(error).__name__})"
            ) from None
        except imaplib.IMAP4.error:
            return False

    def _try(self, sign_in: Callable[[], object]) -> None:
        try:
            sign_in()
        except (imaplib.IMAP4.abort, OSError) as error:
            raise TransientError(
                f"{self.server} closed the connection during sign-in ({type(error).__name__})"
            ) from None
        except imaplib.IMAP4.error as error:
            if _BUSY.search(str(error)):
                raise TransientError(f"{self.server} cannot check sign-ins now") from None
            raise _Refused from None
        except UnicodeError:
            raise _Refused from None  # LOGIN takes ASCII only
