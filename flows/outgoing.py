"""The mail that an output becomes: RFC 5322 bytes, the same for every way out.

Source: https://www.rfc-editor.org/rfc/rfc5322 sections 3.4 and 3.6;
https://www.rfc-editor.org/rfc/rfc3834 section 5 for `Auto-Submitted`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Final

from pydantic import JsonValue

from flows.errors import OperatorError
from flows.model import Output
from flows.steps.clean_text import one_line

PLAIN_ADDRESS: Final = re.compile(
    r"(?P<local>[\w.!#$%&'*+/=?^`{|}~-]{1,64})@(?P<domain>[\w-]{1,63}(?:\.[\w-]{1,63}){0,8})"
)
"""One mailbox without a name: nothing that could hold a second one, or a header."""

_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,990}>")
_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One mail, ready to go: addresses are plain, empty where not known; lines end in CRLF."""

    message_id: str
    sender: str
    to: str
    raw: bytes

    @property
    def ascii_only(self) -> bool:
        """Tell whether every server takes its addresses; else only those with SMTPUTF8."""
        return (self.sender + self.to).isascii()


def outgoing(
    output: Output,
    *,
    sender: str,
    name: str = "",
    at: datetime | None = None,
    marks: Sequence[tuple[str, str]] = (),
) -> Outgoing:
    """Return the mail of an output of `reply.*` or `mail.*`, from *sender*, called *name*.

    Its Message-ID comes from the id of the output: the same output is always the same mail.
    *at* is its date, else that of the output; *marks* are headers to add.

    Raises:
        OperatorError: An address is one that mail cannot use.
    """
    to = one_line(str(output.body.get("to", "")), 320)
    sender = one_line(sender, 320)
    message_id = message_id_of(output, sender)
    message = EmailMessage(policy=SMTP if (to + sender).isascii() else SMTPUTF8)
    try:
        if sender:  # without one, the mail program puts its account there
            message["From"] = _address(one_line(name, 200), sender)
        if to:
            message["To"] = _address("", to)
        message["Date"] = format_datetime(at or output.created_at)
        message["Message-ID"] = message_id
        for header, value in marks:
            message[header] = value
        _write(message, output.body)
        raw = message.as_bytes()
    except (MessageError, ValueError, IndexError):
        # `from None`: the original quotes the address.
        raise OperatorError(
            f"output {output.id} has an address that mail cannot use",
            fix="check `business.addresses` in flows.yaml, and who wrote the mail",
        ) from None
    return Outgoing(message_id=message_id, sender=sender, to=to, raw=raw)


def message_id_of(output: Output, sender: str) -> str:
    """Return `<OUTPUT@DOMAIN>`, always the same for an output and the domain of *sender*."""
    name = output.id
    if not _PLAIN_ID.fullmatch(name):
        name = "x" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:40]
    domain = sender.rpartition("@")[2]
    return f"<{name}@{domain if domain.isascii() and domain else 'jigajob.invalid'}>"


def automatic_marks(output: Output) -> tuple[tuple[str, str], ...]:
    """Return the headers that tell other machines to be silent; none where a person approved.

    RFC 3834 has a mail say how it came to be sent: `auto-replied` for an answer to a mail,
    `auto-generated` for any other. Exchange and Outlook heed their own header instead.

    Source: https://www.rfc-editor.org/rfc/rfc3834 section 5;
    https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxcmail
    """
    if output.approver:
        return ()
    kind = "auto-replied" if output.uses.startswith("reply.") else "auto-generated"
    return ("Auto-Submitted", kind), ("X-Auto-Response-Suppress", "All")


def _write(message: EmailMessage, body: Mapping[str, JsonValue]) -> None:
    """Put subject, thread and text into *message*."""
    message["Subject"] = _encodable(one_line(str(body.get("subject", "")), 250))
    _thread(message, body.get("in_reply_to"), body.get("references"))
    text = str(body.get("text", "")).replace("\r\n", "\n").replace("\r", "\n")
    message.set_content(_encodable(text), charset="utf-8", cte="quoted-printable")


def _thread(message: EmailMessage, parent: object, references: object) -> None:
    found = _MESSAGE_ID.fullmatch(str(parent or ""))
    if not found:
        return
    listed = references if isinstance(references, Sequence) else []
    chain = [each for each in listed if _MESSAGE_ID.fullmatch(str(each))]
    message["In-Reply-To"] = found[0]
    message["References"] = " ".join(str(each) for each in chain) or found[0]


def _address(name: str, address: str) -> Address:
    found = PLAIN_ADDRESS.fullmatch(address)
    if found is None:
        raise ValueError("not a plain address")
    return Address(name, username=found["local"], domain=found["domain"])


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
