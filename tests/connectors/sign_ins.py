"""A business with a store on disk that signs in at the OpenID provider."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from connectors.identity import AppRegistration, Identity
from connectors.key_file import KeyFileVault
from connectors.sqlite import SqliteStore
from flows.connections import IDENTITY, Connection
from flows.records import Records
from flows.sealing import Keyring

if TYPE_CHECKING:
    from tests.servers.openid import OpenIdProvider

GRAPH = "https://graph.microsoft.com"
IMAP = ("https://outlook.office.com/IMAP.AccessAsUser.All",)
MAIL = (f"{GRAPH}/Mail.Read", f"{GRAPH}/Mail.Send")
BACK = "http://localhost"


class Now:
    def now(self) -> datetime:
        return datetime.now(UTC)


@asynccontextmanager
async def identity(
    home: Path, app: AppRegistration, *, ca: Path | None, business: str = "hudson"
) -> AsyncIterator[Identity]:
    store = SqliteStore(home / "jigajob.db")
    try:
        keyring = Keyring(store, KeyFileVault(home / "keys"))
        records = Records(store, keyring, business, IDENTITY)
        yield Identity(records, app, clock=Now(), ca=ca)
    finally:
        await store.close()


def public_app(openid: OpenIdProvider, tenant: str | None = None) -> AppRegistration:
    return AppRegistration(
        client_id=openid.register_client(redirect_uris=[BACK]),
        tenant=tenant or openid.tenants[0],
        authority=openid.origin,
    )


async def sign_in(
    identity: Identity,
    openid: OpenIdProvider,
    user: str,
    *,
    account: str = "",
    scopes: Sequence[str] = MAIL,
    anyone: bool = False,
) -> Connection:
    pending = await identity.start_browser(scopes, BACK, account=account or user, anyone=anyone)
    return await identity.finish_browser(pending, fields(openid, pending.url, user))


def fields(openid: OpenIdProvider, url: str, user: str, **how: bool) -> dict[str, str]:
    """Sign in at *url*, and return what the browser would POST to the redirect address."""
    back = openid.complete_login(url, user, **how)
    return dict(parse_qsl(urlsplit(back).query))
