"""The outlet contract on calls of programs over TLS, and on a workflow of Teams."""

from __future__ import annotations

import pytest

from connectors.webhook import Caller, OnceWebhook, Reach, TeamsWorkflow, Webhook
from tests.contract.outlet import OutletContract, ResumingContract, output
from tests.flows.business import TestClock
from tests.servers.receiver import Receiver


def calls():
    """Return three calls that differ."""
    return [
        output("webhook.call", n, {"event": "job.opened", "data": {"n": n}}) for n in range(3)
    ]


def caller_of(receiver, certificates, **more):
    """Return what calls *receiver*, which an administrator allows."""
    reach = Reach([f"localhost:{receiver.port}"])
    tls = certificates.trusting()
    return Caller(lambda: receiver.url, reach, clock=TestClock(), tls=tls, **more)


class TestWebhook(OutletContract):
    @pytest.fixture
    def open_outlet(self, certificates):
        with Receiver(certificates, idempotent=True) as self.receiver:
            yield lambda: Webhook("dispatch", caller_of(self.receiver, certificates))

    @pytest.fixture
    def outputs(self):
        return calls()

    async def shown(self, outlet):
        return [each.headers["idempotency-key"] for each in self.receiver.taken]


class TestOnceWebhook(ResumingContract):
    @pytest.fixture
    def open_outlet(self, certificates):
        with Receiver(certificates) as self.receiver:
            yield lambda: OnceWebhook("dispatch", caller_of(self.receiver, certificates))

    @pytest.fixture
    def outputs(self):
        return calls()

    async def shown(self, outlet):
        return [each.headers["webhook-id"] for each in self.receiver.taken]


class TestTeamsWorkflow(ResumingContract):
    @pytest.fixture
    def open_outlet(self, certificates):
        with Receiver(certificates) as self.receiver:
            yield lambda: TeamsWorkflow("team", caller_of(self.receiver, certificates))

    @pytest.fixture
    def outputs(self):
        return [output("teams.post", n, {"title": "Visit", "text": f"{n}"}) for n in range(3)]

    async def shown(self, outlet):
        return [each.headers["webhook-id"] for each in self.receiver.taken]
