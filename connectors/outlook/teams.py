"""Outlet of `teams.post`: messages of whoever signed in, in a channel or a chat.

Microsoft lets no app post by its own right, but for moving old messages in, and takes no key
by which the same message is once. To find an own message again would take a right to read
everybody's, which is not asked for: what nobody knows of is left to a person.

Sources: https://learn.microsoft.com/graph/api/channel-post-messages ;
https://learn.microsoft.com/graph/api/chat-post-messages
"""

from __future__ import annotations

from typing import Final

from connectors.outlook.client import Graph, part
from connectors.outlook.trouble import AnswerLost
from flows.errors import DeliveryUnknown
from flows.language.outlets import TeamsOutlet
from flows.model import Output

CHANNEL_MESSAGES: Final = "ChannelMessage.Send"
CHAT_MESSAGES: Final = "ChatMessage.Send"


class TeamsMessages:
    """Posts into one channel or chat, as *address*; *name* is that of the outlet."""

    def __init__(self, name: str, graph: Graph, address: str, spec: TeamsOutlet) -> None:
        self._name, self._graph, self._address = name, graph, address
        self._chat = spec.chat is not None
        if spec.chat is not None:
            self._path = f"/chats/{part(spec.chat)}/messages"
        else:
            self._path = (
                f"/teams/{part(spec.team or '')}/channels/{part(spec.channel or '')}/messages"
            )

    @property
    def uses(self) -> frozenset[str]:
        """Return the step whose outputs it takes."""
        return frozenset({"teams.post"})

    def receiver(self, output: Output) -> str:
        """Return who is told: the members of the channel or the chat."""
        del output
        return f"{self._name}: a {'chat' if self._chat else 'channel'} in Microsoft Teams"

    async def deliver(self, output: Output) -> str:
        """Post the message, and return where.

        Raises:
            DeliveryUnknown: The answer was lost.
            AdministratorError, TransientError: Not posted.
        """
        title, text = str(output.body.get("title", "")), str(output.body.get("text", ""))
        content = "\n\n".join(filter(None, (title, text))) or " "
        try:
            await self._graph.call(
                "POST",
                self._address,
                self._path,
                # As text, so that nothing in it is a link, a mention or a picture.
                json={"body": {"contentType": "text", "content": content}},
                repeatable=False,
                did="post to Teams",
                permission=CHAT_MESSAGES if self._chat else CHANNEL_MESSAGES,
            )
        except AnswerLost:
            raise self._unknown() from None
        return f"{'chat' if self._chat else 'channel'} {self._name}"

    async def resume(self, output: Output) -> str:
        """Raise `DeliveryUnknown`: to look for the message is not ours to do."""
        del output
        raise self._unknown()

    def _unknown(self) -> DeliveryUnknown:
        return DeliveryUnknown(
            f"a post to {self._name} may be there: no answer came",
            fix="look in Teams; approve the output only if it is not there",
        )
