"""Outlet of `teams.post` by a workflow of Teams: an Adaptive Card to an address of its own.

Such an address takes anything from whoever knows it, and posts it as the workflow's bot. It
has no key by which the same call is once.

Sources: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors ;
https://adaptivecards.io/explorer/TextRun.html (text runs show no Markdown)
"""

from __future__ import annotations

import json
from typing import Any

from connectors.webhook.call import Caller
from connectors.webhook.outlet import call_id
from flows.errors import DeliveryUnknown
from flows.model import Output


class TeamsWorkflow:
    """Posts messages through one workflow; *name* is that of the outlet in flows.yaml."""

    def __init__(self, name: str, caller: Caller) -> None:
        self._name, self._caller = name, caller

    @property
    def uses(self) -> frozenset[str]:
        """Return the step whose outputs it takes."""
        return frozenset({"teams.post"})

    def receiver(self, output: Output) -> str:
        """Return who is told: those who read where the workflow posts."""
        del output
        return f"{self._name}: Microsoft Teams, by a workflow"

    async def deliver(self, output: Output) -> str:
        """Post the message, and return where.

        Raises:
            DeliveryUnknown: The answer was lost.
            OperatorError, AdministratorError, TransientError: As `Caller.post`.
        """
        content = json.dumps(_card(output), separators=(",", ":")).encode("ascii")
        await self._caller.post(call_id(output), content, repeatable=False)
        return f"handed to the workflow of {self._name}"

    async def resume(self, output: Output) -> str:
        """Raise `DeliveryUnknown`: a workflow cannot be asked what it has posted."""
        del output
        raise DeliveryUnknown(
            f"a post to {self._name} broke off, and nobody knows whether it is there",
            fix="look in Teams; approve the output only if it is not there",
        )


def _card(output: Output) -> dict[str, Any]:
    """Return the card. Text stands in runs, where no Markdown makes links of it."""
    title, text = str(output.body.get("title", "")), str(output.body.get("text", ""))
    blocks = [_block(title, weight="Bolder")] if title else []
    blocks += [_block(line or " ") for line in text.splitlines()]
    card = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.4",
        "body": blocks or [_block(" ")],
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


def _block(text: str, **style: str) -> dict[str, Any]:
    run = {"type": "TextRun", "text": text, **style}
    return {"type": "RichTextBlock", "inlines": [run]}
