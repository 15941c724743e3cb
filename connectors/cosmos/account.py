"""The way to one container: who we are there, the one client, and whether it is as needed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from azure.cosmos.aio import CosmosClient

from connectors.cosmos.charges import Charges
from connectors.cosmos.trouble import Calls, Refused
from flows.errors import AdministratorError
from flows.hosts import checked_host

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.cosmos.aio import ContainerProxy

KEY_PATHS: Final = ["/b", "/s"]
INDEXED: Final = frozenset({"/b/?", "/s/?", "/k/?", "/i/?", "/x/?", "/blob/?", "/f/*", "/o/*"})
"""What queries ask for. Everything else is best left out: each entry costs at every write."""

_DEPLOY: Final = "deploy it again as deploy/README.md says"
_SECONDS: Final = 20


class CosmosAccount:
    """The container *container* of the database *database* at the Cosmos DB account *url*.

    The client is made with the first call; a process needs one. *credential* is who we are:
    an identity of Microsoft Entra, closed with the account, or, for an emulator on this
    machine, its key. A call is tried again for up to *patience* seconds.

    Raises:
        AdministratorError: The address is none, is not https, or a key is given for an
            account that is not on this machine.
    """

    def __init__(
        self,
        url: str,
        credential: str | AsyncTokenCredential,
        *,
        database: str = "jigajob",
        container: str = "records",
        patience: float = 30.0,
        first_pause: float = 0.25,
    ) -> None:
        host = checked_host(
            url,
            what="the store",
            example="https://NAME.documents.azure.com",
            key=isinstance(credential, str),
        )
        self._url, self._credential = url, credential
        self._database, self._container = database, container
        self._where = f"the container {database}/{container} of {host}"
        self.calls = Calls(self._where, Charges(), patience, first_pause)
        self._client: CosmosClient | None = None
        self._opened: ContainerProxy | None = None
        self._opening = asyncio.Lock()

    async def container(self) -> ContainerProxy:
        """Return the container; the first call looks whether it is as it is needed.

        Raises:
            AdministratorError: It is missing or different, or we are not let in.
            TransientError: It cannot be reached now.
        """
        if self._opened is None:
            async with self._opening:
                if self._opened is None:
                    self._opened = await self._open()
        return self._opened

    async def close(self) -> None:
        """Let go of the connections and of the credential."""
        async with self._opening:  # what is half open would stay so
            client, self._client, self._opened = self._client, None, None
        if client is not None:
            await client.close()
        if not isinstance(self._credential, str):
            await self._credential.close()

    async def _open(self) -> ContainerProxy:
        if self._client is None:
            self._client = _client(self._url, self._credential)
        database = self._client.get_database_client(self._database)
        container = database.get_container_client(self._container)
        await self.calls.run("open", self._client.__aenter__)
        try:
            found = await self.calls.run(
                "open", lambda: container.read(response_hook=self.calls.hook("open"))
            )
        except Refused:
            raise self.calls.no_container() from None
        if problem := wrong_with(found):
            raise AdministratorError(f"{self._where} cannot be used: {problem}", fix=_DEPLOY)
        return container


def wrong_with(container: Mapping[str, Any]) -> str:
    """Return what keeps a container, as its properties tell, from being a store; or ""."""
    key = container.get("partitionKey", {})
    if key.get("paths") != KEY_PATHS or key.get("kind") != "MultiHash":
        return f"its partition key is not the hierarchy {', '.join(KEY_PATHS)}"
    if container.get("defaultTtl") != -1:
        return "its documents do not expire by their own time (default time to live: -1)"
    policy = container.get("indexingPolicy", {})
    if policy.get("indexingMode", "").lower() != "consistent":
        return "its index is not kept up to date with every write (mode: consistent)"
    included = {entry["path"] for entry in policy.get("includedPaths", ())}
    excluded = {entry["path"] for entry in policy.get("excludedPaths", ())}
    missing = (INDEXED & excluded) if "/*" in included else INDEXED - included
    if missing:
        return f"its index lacks {', '.join(sorted(missing))}"
    return ""


def _client(url: str, credential: str | AsyncTokenCredential) -> CosmosClient:
    return CosmosClient(
        url,
        credential,
        # All trying again is ours: it counts what it costs, knows when to stop, and can tell
        # whether a write whose answer was lost took place. -1, because 0 means "the default".
        retry_total=0,
        retry_throttle_backoff_max=-1,
        connection_timeout=_SECONDS,
        read_timeout=_SECONDS,
    )
