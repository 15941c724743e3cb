"""A stand-in for Dynamics 365 Business Central's API v2.0, as far as its documents tell.

    with BusinessCentralServer() as server:
        books = server.company("Hudson")
        books.move(480.0, "INV-1042", on=date(2026, 3, 2))
        server.user("books@hudson.example", "read", "write")
        token = server.grant("books@hudson.example")

What it gives and what it takes is checked by the property tables in `schema`. The status and
code of a missing permission (403, `Authorization_RequestDenied`) and of a missing environment
(404, `NoEnvironment`) are documented by their class alone.
"""

from tests.servers.business_central.books import Books
from tests.servers.business_central.server import (
    Asked,
    BusinessCentralServer,
    Fault,
    TokenRefused,
)

__all__ = ["Asked", "Books", "BusinessCentralServer", "Fault", "TokenRefused"]
