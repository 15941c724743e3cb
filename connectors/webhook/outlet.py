"""Outlet of `webhook.call`: what happened, as JSON, to another program."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC
from typing import Final

from connectors.webhook.call import Caller
from flows.errors import DeliveryUnknown
from flows.model import Output

_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}", re.ASCII)


class Webhook:
    """Calls a program that takes the same call twice as once, by its `Idempotency-Key`.

    *name* is that of the outlet in flows.yaml.
    """

    def __init__(self, name: str, caller: Caller) -> None:
        self._name, self._caller = name, caller

    @property
    def uses(self) -> frozenset[str]:
        """Return the step whose outputs it takes."""
        return frozenset({"webhook.call"})

    def receiver(self, output: Output) -> str:
        """Return who is told: the host that is called."""
        del output
        return f"{self._name}: {self._caller.host or 'an address that cannot be read'}"

    async def deliver(self, output: Output) -> str:
        """Make the call, and return who has taken it.

        Raises:
            OperatorError, AdministratorError, TransientError: As `Caller.post`.
        """
        host = await self._caller.post(call_id(output), _content(output), repeatable=True)
        return f"taken by {host}"


class OnceWebhook(Webhook):
    """Calls a program that would do the same twice; what nobody knows of, a person decides."""

    async def deliver(self, output: Output) -> str:
        """Make the call, and return who has taken it.

        Raises:
            DeliveryUnknown: The answer was lost.
            OperatorError, AdministratorError, TransientError: As `Caller.post`.
        """
        host = await self._caller.post(call_id(output), _content(output), repeatable=False)
        return f"taken by {host}"

    async def resume(self, output: Output) -> str:
        """Raise `DeliveryUnknown`: nothing there can be asked whether it has had a call."""
        del output
        raise DeliveryUnknown(
            f"a call of {self._name} broke off, and nobody knows whether it was taken",
            fix="look there; approve the output only if it was not. An outlet that takes the"
            " same `Idempotency-Key` once can say `idempotent: true`",
        )


def call_id(output: Output) -> str:
    """Return the id of the call: that of the output, fit for a header."""
    if _PLAIN_ID.fullmatch(output.id):
        return output.id
    return "x" + hashlib.sha256(output.id.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _content(output: Output) -> bytes:
    """Return the body of the call: to the byte the same for the same output."""
    moment = output.created_at.astimezone(UTC).isoformat(timespec="seconds")
    told = {
        "type": str(output.body.get("event", "")) or f"{output.flow}.{output.step}",
        "timestamp": moment.replace("+00:00", "Z"),
        "data": output.body.get("data") or {},
    }
    return json.dumps(told, separators=(",", ":")).encode("ascii")
