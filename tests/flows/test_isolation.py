"""No call can name two businesses, and nothing sealed opens in another place than its own."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable
from dataclasses import fields, replace
from itertools import combinations
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.azure_blob import AzureBlobs
from connectors.blob_folder import FolderBlobs
from connectors.cosmos import CosmosStore
from connectors.key_file import KeyFileVault
from connectors.key_vault import KeyVault
from connectors.sqlite import SqliteStore
from flows.errors import AdministratorError
from flows.ports import Blobs, Key, Record, Store, Vault, Where, Write
from flows.records import INTAKE, Records
from flows.sealing import Keyring
from tests.connectors.cosmos_account import cosmos_server, cosmos_store
from tests.servers.certificates import Certificates

NAMES = ("hudson", "hudso", "Hudson", "hudson2")


def _calls(owner: type) -> dict[str, Callable[..., Any]]:
    return {
        name: call
        for name, call in inspect.getmembers(owner, inspect.isfunction)
        if not name.startswith("_")
    }


def _within(hint: object) -> set[object]:
    """A type, and every type that it is made of."""
    return {hint}.union(*map(_within, get_args(hint)))


def _naming_a_business(call: Callable[..., Any]) -> list[str]:
    """The parameters by which a call can be told a business."""
    hints = get_type_hints(call)
    return [
        name
        for name in inspect.signature(call).parameters
        if Key in _within(hints.get(name)) or "business" in name or "tenant" in name
    ]


def _names_one(call: Callable[..., Any], name: str, kind: type) -> bool:
    """Whether a call is told one business, by its first parameter; *name* is what that is."""
    return (
        _naming_a_business(call) == [name]
        and [*inspect.signature(call).parameters][1] == name
        and get_type_hints(call)[name] is kind
    )


def _takes_nothing(call: Callable[..., Any]) -> bool:
    return [*inspect.signature(call).parameters] == ["self"]


@pytest.mark.parametrize("port", [Store, SqliteStore, CosmosStore])
def test_each_call_of_a_store_names_one_partition(port: type) -> None:
    """By its first parameter, one `Key`; what is for the whole file takes nothing at all."""
    for name, call in _calls(port).items():
        if name == "sweep":  # of expired rows, all at once; of bodies, those of one business
            assert _takes_nothing(call) or _names_one(call, "business", str)
        elif name == "close":
            assert _takes_nothing(call)
        else:
            assert _names_one(call, "key", Key), name


def test_what_a_store_is_given_beside_the_key_names_no_business() -> None:
    """Neither records, nor writes, nor conditions have a place for one."""
    for noun in (Record, Write, Where):
        assert not {field.name for field in fields(noun)} & {"business", "key", "partition"}
    assert Key not in _within(get_type_hints(Write)["record"])
    assert [field.name for field in fields(Key)] == ["business", "scope"]


@pytest.mark.parametrize(
    "port", [Vault, KeyFileVault, KeyVault, Keyring, Blobs, FolderBlobs, AzureBlobs]
)
def test_each_call_about_keys_and_blobs_names_one_business(port: type) -> None:
    """By its first parameter, one name; what is for the whole vault takes nothing at all."""
    for name, call in _calls(port).items():
        if name in {"close", "renew"}:
            assert _takes_nothing(call), name
        else:
            assert _names_one(call, "business", str), name


def test_no_call_for_the_records_of_a_business_can_name_another() -> None:
    """They are bound to one when they are opened."""
    assert _calls(Records)
    for name, call in _calls(Records).items():
        assert _naming_a_business(call) == [], name


@pytest.fixture(params=["file", "container"])
async def store(
    request: pytest.FixtureRequest, certificates: Certificates, tmp_path: Path
) -> AsyncIterator[Store]:
    if request.param == "file":
        opened: Store = SqliteStore(tmp_path / "jigajob.db")
        yield opened
        await opened.close()
        return
    with cosmos_server(certificates) as server:
        opened = cosmos_store(server, tmp_path / "blobs")
        yield opened
        await opened.close()


@pytest.fixture
def keyring(store: Store, tmp_path: Path) -> Keyring:
    return Keyring(store, KeyFileVault(tmp_path / "keys"))


PLACES = st.tuples(
    st.sampled_from(NAMES), st.sampled_from(["mail", "mai", "job"]), st.sampled_from("ab")
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(places=st.lists(PLACES, min_size=2, max_size=2, unique=True))
async def test_two_bodies_that_were_swapped_do_not_open(
    store: Store, keyring: Keyring, places: list[tuple[str, str, str]]
) -> None:
    """Between businesses, kinds, or records of one business: both are refused."""
    opened: list[tuple[Records, Record]] = []
    for business, kind, record_id in places:
        records = Records(store, keyring, business, INTAKE)
        made = await records.seal(kind, record_id, {"of": business}, {})
        opened.append((records, await store.put(records.key, made)))
    (one, first), (two, second) = opened
    await store.put(one.key, replace(first, sealed=second.sealed))
    await store.put(two.key, replace(second, sealed=first.sealed))
    for records, record in opened:
        stored = await records.get(record.kind, record.id)
        assert stored is not None
        with pytest.raises(AdministratorError, match=r"altered|does not have") as caught:
            await records.open(stored, dict[str, str])
        assert not any(name in str(caught.value) for name in NAMES)
        assert await records.open(record, dict[str, str]) == {"of": records.key.business}


async def test_the_same_secret_is_another_one_for_every_business(keyring: Keyring) -> None:
    """Keyed hashes and derived keys tell nobody that two businesses know the same person."""
    for one, two in combinations(NAMES, 2):
        assert await keyring.blind(one, "mail", "m") != await keyring.blind(two, "mail", "m")
        assert await keyring.derive(one, "mail") != await keyring.derive(two, "mail")


async def test_a_wrapped_key_that_was_moved_to_another_business_opens_nothing(
    store: Store, keyring: Keyring, tmp_path: Path
) -> None:
    """Whoever can write to the store cannot lend one business the key of another."""
    sealed = await keyring.seal("hudson", "mail", "a", b"x")
    await keyring.seal("hudso", "mail", "a", b"x")
    page = await store.query(Key("hudson", "keys"), "key")
    for record in page.records:
        await store.put(Key("hudso", "keys"), record)
    with pytest.raises(AdministratorError, match="not the key"):
        await Keyring(store, KeyFileVault(tmp_path / "keys")).open("hudso", "mail", "a", sealed)
