"""Outlet of `reply.draft` and `mail.draft`: .eml files that mail programs open as unsent.

The draft carries no `Auto-Submitted` header. RFC 3834 section 5 has it say how a message came
to be sent, and this one is sent by the person who reads, changes and sends it, or not at all;
a mail program may pass the header on, and the customer's would then hide a personal answer.

Source: https://www.rfc-editor.org/rfc/rfc3834 section 5
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from connectors.outlet_files.private import disk_trouble, stem_of, write_private
from flows.model import Output
from flows.outgoing import outgoing

# Outlook opens a file with this header for editing, not for reading.
_UNSENT: Final = ("X-Unsent", "1")


class EmlDrafts:
    """Writes drafts into *folder*, from the own address that the mail came to, else *address*.

    A draft that is there stays as it is, since a person may have changed it.
    """

    def __init__(self, folder: Path, *, address: str, name: str = "") -> None:
        self._folder = folder
        self._address, self._name = address, name

    @property
    def uses(self) -> frozenset[str]:
        """Return the steps whose outputs it takes."""
        return frozenset({"reply.draft", "mail.draft"})

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
            sender = str(output.body.get("from", "")) or self._address
            mail = outgoing(output, sender=sender, name=self._name, marks=[_UNSENT])
            write_private(path, mail.raw)
        return str(path)
