"""Azure Blob Storage keeps the contract of every place for blobs, at Microsoft's Azurite."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from connectors.azure_blob import AzureBlobs
from flows.errors import AdministratorError, TransientError
from flows.ports import Blobs
from tests.contract.blobs import BlobsContract, names, read
from tests.servers.azurite import Azurite
from tests.servers.ports import free_ports

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def azurite() -> Iterator[Azurite]:
    with Azurite() as server:
        yield server


class TestAzureBlobs(BlobsContract):
    @pytest.fixture
    async def blobs(self, azurite: Azurite) -> AsyncIterator[Blobs]:
        blobs = AzureBlobs(azurite.create_container(), azurite.key)
        yield blobs
        await blobs.close()


async def test_a_missing_container_is_told_apart_from_a_missing_blob(azurite: Azurite) -> None:
    blobs = AzureBlobs(f"{azurite.url}/nowhere", azurite.key)
    for call in (blobs.put("hudson", "a", b"x"), names(blobs, "hudson")):
        with pytest.raises(AdministratorError, match="is not there") as caught:
            await call
        assert "deploy/README.md" in caught.value.fix
    await blobs.close()


async def test_who_has_another_key_is_not_let_in(azurite: Azurite) -> None:
    blobs = AzureBlobs(azurite.create_container(), "QW5vdGhlciBrZXk=")
    with pytest.raises(AdministratorError, match="does not let us in") as caught:
        await blobs.put("hudson", "a", b"x")
    assert "QW5v" not in str(caught.value)
    await blobs.close()


async def test_a_service_that_is_away_is_tried_later() -> None:
    (port,) = free_ports(1)
    blobs = AzureBlobs(f"http://127.0.0.1:{port}/hudson/blobs", "QW55IGtleQ==", retries=0)
    with pytest.raises(TransientError, match="is away"):
        await read(blobs, "hudson", "a")
    await blobs.close()


def test_a_key_is_for_this_machine_alone() -> None:
    with pytest.raises(AdministratorError, match="was given a key"):
        AzureBlobs("https://hudson.blob.core.windows.net/blobs", "QW55IGtleQ==")
