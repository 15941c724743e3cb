"""A company at the stand-in of Business Central, as the tests of the connector use it."""

from __future__ import annotations

from connectors.business_central import Api, BusinessCentralLedger, Company
from tests.servers.business_central import BusinessCentralServer

WHO = "books@hudson.example"


class Granted:
    """Tokens of one user at the stand-in, renewed as often as one is refused."""

    def __init__(self, server: BusinessCentralServer, user: str = WHO, *may: str) -> None:
        self.server, self.user, self.renewals = server, user, 0
        server.user(user, *may)
        self.held = server.grant(user)

    async def token(self, *, refused: str = "") -> str:
        if refused == self.held:
            self.renewals += 1
            self.held = self.server.grant(self.user)
        return self.held


class Account:
    """A company with its books, and what reads them; closes all it opened."""

    def __init__(self, server: BusinessCentralServer) -> None:
        self.server, self.books = server, server.company("Hudson")
        self.apis: list[Api] = []

    def api(self, tokens=None, **options) -> Api:
        settings = {"url": self.server.url, "first_pause": 0.01, "environment": "production"}
        tokens = tokens or Granted(self.server)
        self.apis.append(Api(tokens, account=WHO, **{**settings, **options}))
        return self.apis[-1]

    def company(self, name="Hudson", **options) -> Company:
        return Company(self.api(**options), name)

    def ledger(self, *, company=None, **options) -> BusinessCentralLedger:
        return BusinessCentralLedger(company or self.company(), source="books", **options)

    async def close(self) -> None:
        for api in self.apis:
            await api.close()
