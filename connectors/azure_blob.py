"""Blobs in a container of Azure Blob Storage, through Microsoft's own library.

Source: https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
)
from azure.storage.blob import BlobBlock
from azure.storage.blob.aio import ContainerClient

from flows.blob_rules import business_folder, check_blob
from flows.errors import (
    AdministratorError,
    BlobMissing,
    JigajobError,
    Throttled,
    TransientError,
)
from flows.hosts import checked_host
from flows.ports import BlobEntry

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

PART: Final = 1_048_576
"""Bytes in one request: what one takes of memory, and more holds up the event loop."""
_SECONDS: Final = 20
_PAUSE: Final = 10.0
"""Seconds to wait where the service asks for a pause without saying how long."""


class AzureBlobs:
    """Keeps blobs in the container *url*, `https://NAME.blob.core.windows.net/CONTAINER`.

    *credential* is who we are: an identity of Microsoft Entra with the role "Storage Blob Data
    Contributor" on the container, or, for an emulator on this machine, its account key. The
    library tries again by itself, *retries* times, which is safe here: a blob is replaced as
    a whole. Closing this closes the credential as well.

    Raises:
        AdministratorError: The address is none, is not https, or a key is given for an
            account that is not on this machine.
    """

    def __init__(
        self, url: str, credential: str | AsyncTokenCredential, *, retries: int = 3
    ) -> None:
        host = checked_host(
            url,
            what="the place for blobs",
            example="https://NAME.blob.core.windows.net/CONTAINER",
            key=isinstance(credential, str),
        )
        account, _, container = url.rstrip("/").rpartition("/")
        self._where = f"the container {container} of {host}"
        self._credential = credential
        self._container = ContainerClient(
            account,
            container,
            credential=credential,
            connection_timeout=_SECONDS,
            read_timeout=_SECONDS,
            retry_total=retries,
            max_single_get_size=PART,
            max_chunk_get_size=PART,
        )

    async def put(self, business: str, name: str, data: bytes | AsyncIterable[bytes]) -> None:
        """Store the bytes, over whatever was there; they are there wholly or not at all.

        Raises:
            TransientError: Somebody else wrote the same blob at the same time.
        """
        # The library's own upload names blocks by their place, so that two writers of one
        # blob could leave a mixture of both.
        blob = self._container.get_blob_client(_path(business, name))
        writer, blocks = secrets.token_hex(8), list[BlobBlock]()
        with self._explained():
            async for part in _parts(data):
                blocks.append(BlobBlock(f"{writer}{len(blocks):06}"))
                await blob.stage_block(blocks[-1].id, part)
            await blob.commit_block_list(blocks)

    async def get(self, business: str, name: str) -> AsyncIterator[bytes]:
        """Yield the bytes in parts, in order.

        Raises:
            BlobMissing: There is no such blob, or it was removed while it was read.
        """
        blob = self._container.get_blob_client(_path(business, name))
        with self._explained():
            found = await blob.download_blob()
            async for part in found.chunks():
                yield part

    async def delete(self, business: str, name: str) -> None:
        """Remove a blob; a missing one is fine."""
        blob = self._container.get_blob_client(_path(business, name))
        with suppress(BlobMissing), self._explained():
            await blob.delete_blob()

    async def entries(self, business: str) -> AsyncIterator[BlobEntry]:
        """Yield every blob of a business, in the order of their names."""
        folder = business_folder(business) + "/"
        with self._explained():
            async for found in self._container.list_blobs(name_starts_with=folder):
                name = str(found.name).removeprefix(folder)
                yield BlobEntry(name, int(found.size), found.last_modified)

    async def purge(self, business: str) -> None:
        """Remove every blob of exactly this business."""
        async for entry in self.entries(business):
            await self.delete(business, entry.name)

    async def close(self) -> None:
        """Let go of connections and of the credential."""
        await self._container.close()
        if not isinstance(self._credential, str):
            await self._credential.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except AzureError as error:
            raise self._error_of(error) from None

    def _error_of(self, error: AzureError) -> JigajobError:
        if not isinstance(error, HttpResponseError):
            return TransientError(f"{self._where} is away, or cannot be reached from here")
        code = getattr(error, "error_code", None)
        told = f"{error.status_code} {getattr(code, 'value', code) or ''}".strip()
        match error.status_code:
            case HTTPStatus.NOT_FOUND if "ContainerNotFound" not in told:
                return BlobMissing("there is no such blob in this business")
            case HTTPStatus.NOT_FOUND:
                what, fix = "is not there", "deploy it as deploy/README.md says"
            case HTTPStatus.BAD_REQUEST if "InvalidBlockList" in told:
                return TransientError("somebody else wrote the same blob at the same time")
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN | None:
                what = f"does not let us in ({told})"
                fix = "grant the identity that runs JigAjob the role of deploy/README.md"
            case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.SERVICE_UNAVAILABLE:
                return Throttled(f"{self._where} asked for a pause", retry_after=_PAUSE)
            case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return TransientError(f"{self._where} is in trouble ({told})")
            case _:
                what, fix = f"refused a call ({told})", "report this as a fault"
        return AdministratorError(f"{self._where} {what}", fix=fix)


async def _parts(data: bytes | AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Yield the bytes in parts of `PART`, the last one shorter."""
    if isinstance(data, bytes):
        for start in range(0, len(data), PART):
            yield data[start : start + PART]
        return
    held = bytearray()
    async for given in data:
        held += given
        while len(held) >= PART:
            yield bytes(held[:PART])
            del held[:PART]
    if held:
        yield bytes(held)


def _path(business: str, name: str) -> str:
    check_blob(name)
    return f"{business_folder(business)}/{name}"
