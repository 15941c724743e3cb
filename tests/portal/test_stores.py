"""Where records are kept is a setting, and nobody is surprised by where they went."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from connectors.azure_blob import AzureBlobs
from connectors.blob_folder import FolderBlobs
from connectors.cosmos import CosmosStore
from connectors.cosmos.account import KEY_PATHS, wrong_with
from connectors.sqlite import SqliteStore
from flows.errors import AdministratorError
from portal.settings import Settings, read_settings
from portal.wiring.azure import azure_identity
from portal.wiring.keys import open_vault
from portal.wiring.stores import open_blobs, open_store

DEPLOY = Path(__file__).parents[2] / "deploy"
ACCOUNT = "https://hudson.documents.azure.com"
BLOBS = "https://hudson.blob.core.windows.net/blobs"


def settings(home: Path, **other: str) -> Settings:
    return Settings(home=home, flows=home / "flows.yaml", **other)


@pytest.mark.parametrize(
    ("given", "file"), [("", "home/jigajob.db"), ("elsewhere/it.db", "elsewhere/it.db")]
)
async def test_a_path_is_a_file_and_the_default_lies_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, file: str
) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store(settings(tmp_path / "home", store=given))
    assert isinstance(store, SqliteStore)
    await store.close()
    assert (tmp_path / file).exists()


async def test_an_address_is_an_account_of_cosmos_db(tmp_path: Path) -> None:
    for address in (ACCOUNT, f"{ACCOUNT}/jigajob/records", f"{ACCOUNT}/"):
        store = open_store(settings(tmp_path, store=address, blobs=BLOBS))
        assert isinstance(store, CosmosStore)
        await store.close()
    assert list(tmp_path.iterdir()) == []


def test_an_address_without_a_container_or_a_place_for_blobs_is_refused(
    tmp_path: Path,
) -> None:
    with pytest.raises(AdministratorError, match="without a container"):
        open_store(settings(tmp_path, store=f"{ACCOUNT}/jigajob", blobs=BLOBS))
    with pytest.raises(AdministratorError, match="where long ones go") as caught:
        open_store(settings(tmp_path, store=ACCOUNT))
    assert "JIGAJOB_BLOBS" in caught.value.fix


@pytest.mark.parametrize(
    "value",
    [
        "AccountEndpoint=https://hudson.documents.azure.com:443/;AccountKey=c2VjcmV0;",
        "DefaultEndpointsProtocol=https;AccountName=hudson;AccountKey=c2VjcmV0",
        "ftp://hudson.documents.azure.com/c2VjcmV0",
    ],
)
async def test_what_is_neither_a_path_nor_an_address_makes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """Such as the connection string that the portal of Azure shows; its key is not told."""
    monkeypatch.chdir(tmp_path)
    for name, opens in (("STORE", open_store), ("BLOBS", open_blobs)):
        given = settings(tmp_path, **{name.lower(): value})
        with pytest.raises(AdministratorError, match=f"JIGAJOB_{name} is neither") as caught:
            opens(given)
        assert "c2VjcmV0" not in str(caught.value)
    with pytest.raises(AdministratorError, match="JIGAJOB_KEYS is neither"):
        async with open_vault(settings(tmp_path, custody=value)):
            pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address", [f"{ACCOUNT}?key=c2VjcmV0", ACCOUNT.replace("//", "//me:c2VjcmV0@")]
)
def test_an_address_with_a_key_in_it_is_refused_and_not_shown(
    tmp_path: Path, address: str
) -> None:
    with pytest.raises(AdministratorError, match="more in it than a place") as caught:
        open_store(settings(tmp_path, store=address, blobs=BLOBS))
    assert "c2VjcmV0" not in str(caught.value)


async def test_an_address_of_a_vault_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(AdministratorError, match="not the address of a key"):
        async with open_vault(settings(tmp_path, custody="http://x.vault.azure.net/keys/k")):
            pass


def test_keys_of_accounts_are_refused_and_not_shown(tmp_path: Path) -> None:
    keyed = settings(
        tmp_path, store=ACCOUNT, blobs=BLOBS, store_key="c2VjcmV0", blobs_key="azE="
    )
    with pytest.raises(AdministratorError, match=r"the store at hudson.* was given a key"):
        open_store(keyed)
    with pytest.raises(AdministratorError, match=r"the place for blobs at hudson.* was given"):
        open_blobs(keyed)
    assert "c2VjcmV0" not in repr(keyed)
    assert "azE=" not in repr(keyed)


async def test_blobs_lie_in_a_folder_or_at_an_address(tmp_path: Path) -> None:
    for given, folder in (("", tmp_path / "home/blobs"), (f"{tmp_path}/b", tmp_path / "b")):
        blobs = open_blobs(settings(tmp_path / "home", blobs=given))
        assert isinstance(blobs, FolderBlobs)
        await blobs.put("hudson", "a", b"x")
        assert folder.is_dir()
    blobs = open_blobs(settings(tmp_path, blobs=BLOBS))
    assert isinstance(blobs, AzureBlobs)
    await blobs.close()


def test_the_environment_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STORE", "BLOBS", "STORE_KEY", "BLOBS_KEY"):
        monkeypatch.setenv(f"JIGAJOB_{name}", name)
    read = read_settings(tmp_path, None)
    assert (read.store, read.blobs) == ("STORE", "BLOBS")
    assert (read.store_key, read.blobs_key) == ("STORE_KEY", "BLOBS_KEY")


async def test_nobody_is_asked_and_no_secret_read_to_sign_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ("CLIENT_ID", "TENANT_ID", "CLIENT_SECRET", "FEDERATED_TOKEN_FILE")
    for name in names:
        monkeypatch.setenv(f"AZURE_{name}", "invented")
    identity = azure_identity()
    tried = [type(one).__name__ for one in identity.credentials]
    assert tried == [
        "WorkloadIdentityCredential",
        "ManagedIdentityCredential",
        "AzureCliCredential",
    ]
    await identity.close()


def test_the_container_that_deploy_makes_is_one_that_the_store_takes() -> None:
    """The template cannot be run here, so its own words are read."""
    template = (DEPLOY / "azure.bicep").read_text()
    key = re.search(
        r"partitionKey: \{ paths: \[(.*?)\], kind: '(\w+)', version: 2 \}", template
    )
    assert key
    assert key[1] == ", ".join(f"'{path}'" for path in KEY_PATHS)
    ttl = re.search(r"defaultTtl: (-?\d+)", template)
    assert ttl
    assert "indexingPolicy: loadJsonContent('cosmos-indexing.json')" in template
    container = {
        "partitionKey": {"paths": KEY_PATHS, "kind": key[2]},
        "defaultTtl": int(ttl[1]),
        "indexingPolicy": json.loads((DEPLOY / "cosmos-indexing.json").read_text()),
    }
    assert wrong_with(container) == ""
    assert "disableLocalAuth: true" in template
    assert "allowSharedKeyAccess: false" in template
