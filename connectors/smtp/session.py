"""One mail over one SMTP connection, and what each way to fail means for it.

The standard library's client is used, step by step, since all hangs on one point: before the
dot that ends the mail is written the server has accepted nothing, and after its answer both
sides know. Between the two nobody does. `SMTP.sendmail` does not tell the three apart, and
neither do the asynchronous clients that wrap the same exchange.

No text of the server comes into an error: it may quote addresses.

Source: https://www.rfc-editor.org/rfc/rfc5321 sections 4.1.1.4, 4.2.1, 4.2.5 and 4.5.3.2
"""

from __future__ import annotations

import base64
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final, Literal

from flows.errors import (
    AdministratorError,
    DeliveryUnknown,
    JigajobError,
    OperatorError,
    TransientError,
)
from flows.outgoing import Outgoing

Security = Literal["starttls", "tls", "none"]

_ENHANCED: Final = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_TLS_FOR_GOOD: Final = {"CERTIFICATE_VERIFY_FAILED", "WRONG_VERSION_NUMBER"}
_GOODBYE: Final = 2.0


class SignInRefused(Exception):
    """The server turned the password or token away; its status is the argument."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where mail is handed in, and how long each answer may take, in seconds.

    RFC 5321 has a relay wait up to five minutes for most answers. A sweep has other work;
    what is put off before the end of the mail is simply tried again. Only the answer to the
    whole mail is waited for long, because giving up on it costs a person's time.
    """

    host: str
    port: int
    security: Security
    context: ssl.SSLContext | None = None
    patience: float = 60
    answer: float = 300

    def __str__(self) -> str:
        return f"the mail server {self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What an account signs in with: a password, or an OAuth token."""

    user: str
    secret: str
    kind: Literal["password", "token"]

    def __repr__(self) -> str:
        return f"Credential({self.kind})"


def submit(server: Server, mail: Outgoing, credential: Credential | None) -> None:
    """Hand *mail* in; when this returns, the server has taken it. Blocks.

    Raises:
        TransientError: Not taken; later may work.
        OperatorError: Refused for good.
        AdministratorError: The server, as it is set, cannot be used.
        SignInRefused: It does not know the account by *credential*.
        DeliveryUnknown: The connection was lost while only the answer was missing.
    """
    with _before_the_end(server):
        smtp = _connect(server, mail.sender.rpartition("@")[2])
    try:
        with _before_the_end(server):
            _start(server, smtp)
            if credential is not None:
                _sign_in(server, smtp, credential)
            _envelope(server, smtp, mail)
            _content(server, smtp, mail.raw)
        _end(server, smtp)
        with suppress(OSError):
            if smtp.sock is not None:
                smtp.sock.settimeout(_GOODBYE)
            smtp.docmd("QUIT")
    finally:
        smtp.close()


@contextmanager
def _before_the_end(server: Server) -> Iterator[None]:
    """Turn every fault into an error that says: nothing was taken."""
    try:
        yield
    except JigajobError:
        raise
    except smtplib.SMTPResponseException as error:
        reply = error.smtp_error
        raw = reply if isinstance(reply, bytes) else reply.encode("ascii", "replace")
        raise _refusal(server, error.smtp_code, raw, "does not talk to us") from None
    except ssl.SSLError as error:
        if error.reason in _TLS_FOR_GOOD:
            raise AdministratorError(
                f"{server} cannot be trusted or does not speak TLS there"
                f" ({error.reason.lower().replace('_', ' ')})",
                fix="check `smtp.host`, `smtp.port` and `smtp.security`, and the server's"
                " certificate",
            ) from None
        raise _away(server, error) from None
    except OSError as error:
        raise _away(server, error) from None


def _away(server: Server, error: OSError) -> TransientError:
    return TransientError(
        f"{server} is away ({type(error).__name__}); nothing was sent",
        fix="it is tried again; if that goes on, check `smtp` in flows.yaml",
    )


def _connect(server: Server, domain: str) -> smtplib.SMTP:
    # Our domain, not the name of this machine, which is nobody's business.
    hello = domain if domain.isascii() and domain else "localhost"
    if server.security == "tls":
        context = server.context or ssl.create_default_context()
        return smtplib.SMTP_SSL(
            server.host, server.port, hello, timeout=server.patience, context=context
        )
    return smtplib.SMTP(server.host, server.port, hello, timeout=server.patience)


def _start(server: Server, smtp: smtplib.SMTP) -> None:
    _greet(server, smtp)
    if server.security == "starttls":
        if not _offers(smtp, "starttls"):
            raise AdministratorError(
                f"{server} does not offer STARTTLS; nothing was said to it in the clear",
                fix="set `smtp.security` to tls and `smtp.port` to 465, or ask who runs the"
                " server",
            )
        smtp.starttls(context=server.context or ssl.create_default_context())
        _greet(server, smtp)


def _greet(server: Server, smtp: smtplib.SMTP) -> None:
    """Say EHLO. HELO, to which the library falls back, would lose TLS and signing in."""
    code, reply = smtp.ehlo()
    if code != 250:  # noqa: PLR2004
        raise _refusal(server, code, reply, "does not talk to us")


def _offers(smtp: smtplib.SMTP, feature: str) -> bool:
    """Tell whether the answer to EHLO names *feature*, and was not only cut short.

    To the library an answer that breaks off after the code of a line looks whole. So where
    something is missing from it, one more command finds out whether the server is still there.
    """
    if smtp.has_extn(feature):
        return True
    smtp.docmd("NOOP")
    return False


def _sign_in(server: Server, smtp: smtplib.SMTP, credential: Credential) -> None:
    """Sign in by XOAUTH2 with a token, by PLAIN or LOGIN with a password.

    Source: https://developers.google.com/gmail/imap/xoauth2-protocol; RFC 4954; RFC 4616
    """
    known = _offers(smtp, "auth")
    offered = smtp.esmtp_features["auth"].upper().split() if known else []
    user, secret = credential.user, credential.secret
    if credential.kind == "token":
        ways = ["XOAUTH2"]
        answers = [f"user={user}\x01auth=Bearer {secret}\x01\x01", ""]
    else:
        ways = ["PLAIN", "LOGIN"]
        answers = [f"\0{user}\0{secret}"] if "PLAIN" in offered else ["", user, secret]
    way = next((each for each in ways if each in offered), None)
    if way is None:
        raise AdministratorError(
            f"{server} does not offer to sign in by {' or '.join(ways)}",
            fix="check `smtp` in flows.yaml; in Microsoft 365, let an administrator turn on"
            " authenticated SMTP for the mailbox",
        )
    first, *others = (_encoded(each) for each in answers)
    code, reply = smtp.docmd("AUTH", f"{way} {first}".strip())
    for answer in others:
        if code == 334:  # noqa: PLR2004 - "go on"
            code, reply = smtp.docmd(answer)
    if 500 <= code <= 599:  # noqa: PLR2004
        raise SignInRefused(_status(code, reply))
    if code != 235:  # noqa: PLR2004 - "you are in"
        raise _refusal(server, code, reply, "does not let us sign in")


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _envelope(server: Server, smtp: smtplib.SMTP, mail: Outgoing) -> None:
    options = ""
    if not mail.ascii_only:
        if not _offers(smtp, "smtputf8"):
            raise OperatorError(
                f"{server} takes no address with letters beyond ASCII",
                fix="ask the customer for another address, or answer by another way",
            )
        smtp.command_encoding, options = "utf-8", " SMTPUTF8 BODY=8BITMIME"
    code, reply = smtp.docmd("MAIL", f"FROM:<{mail.sender}>{options}")
    if code != 250:  # noqa: PLR2004
        raise _refusal(server, code, reply, "does not let this mailbox send")
    code, reply = smtp.docmd("RCPT", f"TO:<{mail.to}>")
    if code not in (250, 251):
        raise _refusal(server, code, reply, "refuses the address of whom it is for")


def _content(server: Server, smtp: smtplib.SMTP, raw: bytes) -> None:
    """Send all of the mail but the dot that ends it: without it, nothing is accepted."""
    code, reply = smtp.docmd("DATA")
    if code != 354:  # noqa: PLR2004 - "send it"
        raise _refusal(server, code, reply, "does not take mail from us")
    smtp.send(re.sub(rb"(?m)^\.", b"..", raw))


def _end(server: Server, smtp: smtplib.SMTP) -> None:
    """End the mail, and wait until the server has taken it."""
    try:
        if smtp.sock is not None:
            smtp.sock.settimeout(server.answer)
        smtp.send(b".\r\n")
        code, reply = smtp.getreply()
    except OSError as error:
        raise _unknown(server, type(error).__name__) from None
    if not 200 <= code <= 599:  # noqa: PLR2004
        raise _unknown(server, "an answer that is none")
    if code >= 300:  # noqa: PLR2004
        raise _refusal(server, code, reply, "refuses the mail")


def _unknown(server: Server, why: str) -> DeliveryUnknown:
    return DeliveryUnknown(
        f"{server} was lost before it said whether it took the mail ({why})",
        fix="look for it in the mailbox's Sent folder, or ask the customer; approve it to send"
        " it again, reject it if it arrived",
    )


def _refusal(server: Server, code: int, reply: bytes, what: str) -> JigajobError:
    """Return what a refusal means: 5xx is for good, anything else may pass."""
    said = f"{server} {what} ({_status(code, reply)})"
    if 500 <= code <= 599:  # noqa: PLR2004
        return OperatorError(said, fix="mend what the code says, then approve it; or reject it")
    return TransientError(said, fix="it is tried again")


def _status(code: int, reply: bytes) -> str:
    """Return the code, and the enhanced one of RFC 3463, which say why without words."""
    found = _ENHANCED.match(reply)
    return f"{code} {found[1].decode()}" if found else str(code)
