"""Outlet of `reply.draft`: one .eml file a draft, which mail programs open as unsent.

The draft carries no `Auto-Submitted` header. RFC 3834 §5 has it say how a message came to be
sent, and this one is sent by the person who reads, changes and sends it, or not at all; a
mail program may pass the header on, and the customer's would then hide a personal answer.
An outlet that sends by itself has to set it.

Source: https://www.rfc-editor.org/rfc/rfc3834 section 5
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from connectors.outlet_files.private import disk_trouble, stem_of, write_private
from flows.errors import OperatorError
from flows.model import Output
from flows.steps.clean_text import one_line

_LOCAL: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}")
_DOMAIN: Final = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,990}>")


class EmlDrafts:
    """Writes drafts into *folder*, from the own address that the mail came to, else *address*.

    A draft that is there stays as it is, since a person may have changed it.
    """

    def __init__(self, folder: Path, *, address: str, name: str = "") -> None:
        self._folder = folder
        self._address, self._name = address, one_line(name, 200)

    @property
    def uses(self) -> frozenset[str]:
        """Return the step whose outputs it takes."""
        return frozenset({"reply.draft"})

    async def deliver(self, output: Output) -> str:
        """Write the draft, and return the path of its file.

        Raises:
            OperatorError: The address of the business or of the customer is none.
            AdministratorError: The disk refused.
        """
        path = self._folder / f"{stem_of(output.id)}.eml"
        with disk_trouble(self._folder):
            there = path.exists()
        if not there:
            write_private(path, self._bytes(output))
        return str(path)

    def _bytes(self, output: Output) -> bytes:
        body = output.body
        to = one_line(str(body.get("to", "")), 320)
        sender = one_line(str(body.get("from", "")), 320) or self._address
        ascii_only = (to + sender).isascii()
        message = EmailMessage(policy=SMTP if ascii_only else SMTPUTF8)
        try:
            if sender:  # without one, the mail program puts its account there
                message["From"] = _address(self._name, sender)
            if to:
                message["To"] = _address("", to)
            message["Subject"] = _encodable(one_line(str(body.get("subject", "")), 250))
            message["Date"] = format_datetime(output.created_at)
            domain = sender.rpartition("@")[2] or "jigajob.invalid"
            message["Message-ID"] = f"<{stem_of(output.id)}@{domain}>"
            self._thread(message, body.get("in_reply_to"), body.get("references"))
            # Outlook opens a file with this header for editing, not for reading.
            message["X-Unsent"] = "1"
            text = str(body.get("text", "")).replace("\r\n", "\n").replace("\r", "\n")
            message.set_content(_encodable(text), charset="utf-8", cte="quoted-printable")
            return message.as_bytes()
        except (MessageError, ValueError, IndexError):
            # `from None`: the original quotes the address.
            raise OperatorError(
                f"draft {output.id} has an address that mail cannot use",
                fix="check `business.addresses` in flows.yaml, and who wrote the mail",
            ) from None

    @staticmethod
    def _thread(message: EmailMessage, parent: object, references: object) -> None:
        found = _MESSAGE_ID.fullmatch(str(parent or ""))
        if not found:
            return
        listed = references if isinstance(references, Sequence) else []
        chain = [each for each in listed if _MESSAGE_ID.fullmatch(str(each))]
        message["In-Reply-To"] = found[0]
        message["References"] = " ".join(str(each) for each in chain) or found[0]


def _address(name: str, address: str) -> Address:
    """One plain mailbox; what could hold a second one, or a header, is refused."""
    local, at, domain = address.rpartition("@")
    if not (at and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise ValueError("not a plain address")
    return Address(name, username=local, domain=domain)


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
