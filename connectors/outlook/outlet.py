"""Outlet of written mail and of marks, for a mailbox of Microsoft 365."""

from __future__ import annotations

from typing import Final

from connectors.outlook.mailbox import OutlookMailbox
from connectors.outlook.sending import OutlookSender, OutMail
from flows.errors import OperatorError, SkipItem
from flows.model import Output
from flows.steps.clean_text import one_line

_DRAFTS: Final = frozenset({"reply.draft", "mail.draft"})
_SENDS: Final = frozenset({"reply.send", "mail.send"})


class OutlookOutlet:
    """Drafts, sends and marks in one mailbox; the same output never twice."""

    def __init__(self, sender: OutlookSender, mailbox: OutlookMailbox) -> None:
        self._sender, self._mailbox = sender, mailbox

    @property
    def uses(self) -> frozenset[str]:
        """Return the steps whose outputs it takes."""
        return _DRAFTS | _SENDS | {"mail.mark"}

    def receiver(self, output: Output) -> str:
        """Return who is told: who gets the mail, or who reads the mailbox."""
        if output.uses == "mail.mark":
            return ""
        return "mail to one address" if output.uses in _SENDS else "a mailbox in Microsoft 365"

    async def deliver(self, output: Output) -> str:
        """Carry the output out, unless the mailbox shows that it was, and say where it is.

        Raises:
            OperatorError: An address cannot be used, or there is no such folder.
            DeliveryUnknown: The mail left Drafts and is not among the sent.
            AdministratorError, TransientError: Not carried out; again is safe.
        """
        if output.uses == "mail.mark":
            return await self._mark(output)
        body = output.body
        mail = OutMail(
            to=one_line(str(body.get("to", "")), 320),
            subject=one_line(str(body.get("subject", "")), 250),
            text=str(body.get("text", "")),
            automatic=output.uses in _SENDS and not output.approver,
        )
        answered = str(body.get("reply_to_native") or "")
        if output.uses in _SENDS:
            return await self._sender.send(output.id, mail, answered)
        return await self._sender.draft(output.id, mail, answered)

    async def resume(self, output: Output) -> str:
        """Do the same again: the mailbox shows what is done. Only two at once could not see."""
        return await self.deliver(output)

    async def _mark(self, output: Output) -> str:
        native_id = str(output.body.get("native_id") or "")
        if not native_id:
            raise OperatorError(
                f"output {output.id} does not know where its mail lies",
                fix="mark the mail by hand, and reject this output",
            )
        category = str(output.body.get("category") or "")
        move_to = str(output.body.get("move_to") or "")
        try:
            await self._mailbox.mark(native_id, category=category, move_to=move_to)
        except SkipItem:
            return "the mail is no longer there"  # a person deleted it: nobody has to act
        return f"moved to {move_to}" if move_to else f"marked {category}"
