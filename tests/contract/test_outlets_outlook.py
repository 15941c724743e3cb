"""The outlet contract on mail in a mailbox of Microsoft 365: the stand-in of Graph."""

from __future__ import annotations

import pytest

from connectors.outlook import OutlookOutlet, OutlookSender
from connectors.outlook.sending import ID_PROPERTY
from tests.connectors.outlook_account import ADDRESS, well_behaved
from tests.contract.outlet import ResumingContract, output

LETTER = {"to": "ada@customer.example", "subject": "Re: Leak"}


class TestOutlookOutlet(ResumingContract):
    @pytest.fixture
    async def account(self):
        async with well_behaved() as account:
            yield account

    @pytest.fixture
    def open_outlet(self, account):
        self.server = account.server

        def opened():
            graph = account.graph()
            return OutlookOutlet(OutlookSender(graph, ADDRESS), account.mailbox(graph=graph))

        return opened

    @pytest.fixture
    def outputs(self):
        steps = ("reply.send", "mail.send", "reply.draft")
        return [output(uses, n, LETTER | {"text": f"{n}"}) for n, uses in enumerate(steps)]

    async def shown(self, outlet):
        held = [*self.server.drafts(ADDRESS), *self.server.sent(ADDRESS)]
        return [str(each.extended.get(ID_PROPERTY)) for each in held]
