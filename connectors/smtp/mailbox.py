"""What a mailbox can do for the mail of its flows, and the outlet that asks it to."""

from __future__ import annotations

from typing import Protocol

from flows.errors import OperatorError
from flows.model import Output
from flows.outgoing import outgoing


class DraftFolder(Protocol):
    """The folder of a mailbox in which mail waits to be sent by a person."""

    async def append(self, raw: bytes, message_id: str) -> str:
        """Put the mail there, unless one with this Message-ID is, and return where it is.

        Raises:
            TransientError: It is not there, and later may work.
            OperatorError, AdministratorError: It is not there until somebody acts.
        """


class SentFolder(DraftFolder, Protocol):
    """The folder of a mailbox in which copies of sent mail are kept."""

    async def find(self, message_id: str) -> bool:
        """Tell whether a mail with this Message-ID is there.

        Raises:
            TransientError, AdministratorError: It cannot be looked up.
        """


class Marker(Protocol):
    """Changes how a mail is marked in its mailbox."""

    async def mark(self, native_id: str, *, flag: str, move_to: str) -> bool:
        """Add the keyword *flag*, then move the mail to a folder; what is empty is left out.

        Returns False where the mail is no longer there, as after an earlier move.

        Raises:
            TransientError: Not marked; later may work.
            OperatorError, AdministratorError: Not marked until somebody acts.
        """


class MailboxOutlet:
    """Puts drafts into a mailbox, for the person who reads it, and marks its mail.

    It takes `reply.draft` and `mail.draft` where *drafts* is given, `mail.mark` where
    *marker* is. Drafts are from the mailbox's *address*, called *name*.
    """

    def __init__(
        self,
        *,
        address: str,
        name: str = "",
        drafts: DraftFolder | None = None,
        marker: Marker | None = None,
    ) -> None:
        self._address, self._name = address, name
        self._drafts, self._marker = drafts, marker

    @property
    def uses(self) -> frozenset[str]:
        """Return the steps whose outputs it takes."""
        drafts = {"reply.draft", "mail.draft"} if self._drafts else set()
        return frozenset(drafts | ({"mail.mark"} if self._marker else set()))

    def receiver(self, output: Output) -> str:
        """Return who is told by a draft: who reads the mailbox."""
        return "" if output.uses == "mail.mark" else "a mailbox on a mail server"

    async def deliver(self, output: Output) -> str:
        """Write the draft or set the mark, and return where it is.

        Raises:
            OperatorError: An address is none, or it is not known which mail to mark.
            JigajobError: What the mailbox raises.
        """
        if output.uses == "mail.mark" and self._marker is not None:
            return await self._mark(self._marker, output)
        if output.uses in self.uses and self._drafts is not None:
            mail = outgoing(output, sender=self._address, name=self._name)
            return await self._drafts.append(mail.raw, mail.message_id)
        raise OperatorError(
            f"the mailbox does not take outputs of {output.uses}",
            fix="give them to the outlet that names this step",
        )

    async def resume(self, output: Output) -> str:
        """Do the same again: what is there is found. Only two at once could not see it."""
        return await self.deliver(output)

    @staticmethod
    async def _mark(marker: Marker, output: Output) -> str:
        body = output.body
        native_id = str(body.get("native_id") or "")
        if not native_id:
            raise OperatorError(
                f"output {output.id} does not know where its mail lies",
                fix="the mail was taken in by an earlier version: mark it by hand, and reject"
                " this output",
            )
        move_to = str(body.get("move_to") or "")
        flag = str(body.get("category") or "")
        if await marker.mark(native_id, flag=flag, move_to=move_to):
            return f"moved to {move_to}" if move_to else f"marked {flag}"
        # Moved by this very output before a crash, or by a person: nobody has to act.
        return "the mail is no longer where it was"
