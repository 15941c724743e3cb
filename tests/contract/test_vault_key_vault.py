"""Azure Key Vault keeps the contract of every vault, and its troubles are told apart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from connectors.key_vault import KeyVault
from flows.errors import AdministratorError, Throttled, TransientError
from flows.ports import Vault
from tests.contract.vault import DATA_KEY, VaultContract
from tests.servers.certificates import Certificates
from tests.servers.key_vault import KeyVaultServer

KEY = "wrapping"


@pytest.fixture(scope="module")
def servers(certificates: Certificates) -> Iterator[dict[str, KeyVaultServer]]:
    """Vaults by name, each with a key but for the empty one; started when first asked for."""

    class Servers(dict[str, KeyVaultServer]):
        def __missing__(self, name: str) -> KeyVaultServer:
            self[name] = KeyVaultServer(certificates).__enter__()
            if name != "empty":
                self[name].add_version(KEY)
            return self[name]

    found = Servers()
    yield found
    for server in found.values():
        server.__exit__()


@pytest.fixture
async def open_vault(servers: dict[str, KeyVaultServer]) -> AsyncIterator[Callable[..., Vault]]:
    opened: list[KeyVault] = []

    def open_one(name: str, identity: str = "jigajob") -> Vault:
        server = servers[name]
        address, credential = server.address(KEY), server.credential(identity)
        opened.append(KeyVault(address, credential, **server.options))
        return opened[-1]

    yield open_one
    for vault in opened:
        await vault.close()


class TestKeyVault(VaultContract):
    @pytest.fixture
    def open_vault(self, open_vault: Callable[[str], Vault]) -> Callable[[str], Vault]:
        return open_vault

    @pytest.fixture
    def newer(self, servers: dict[str, KeyVaultServer]) -> Callable[[Vault], Awaitable[None]]:
        async def make(vault: Vault) -> None:
            await asyncio.to_thread(servers["ours"].add_version, KEY)
            await vault.renew()

        return make


@pytest.fixture
def server(certificates: Certificates) -> Iterator[KeyVaultServer]:
    """A vault that a test may spoil."""
    with KeyVaultServer(certificates) as server:
        yield server


@pytest.fixture
def version(server: KeyVaultServer) -> str:
    return server.add_version(KEY)


@pytest.fixture
async def vault(server: KeyVaultServer, version: str) -> AsyncIterator[KeyVault]:
    vault = KeyVault(server.address(KEY), server.credential(), **server.options)
    yield vault
    await vault.close()


async def test_the_wrapped_key_names_the_key_and_its_version(
    vault: KeyVault, version: str
) -> None:
    wrapped = await vault.wrap("hudson", DATA_KEY)
    assert wrapped[2:].startswith(f"{KEY}/{version}".encode())
    assert len(wrapped) == 2 + len(f"{KEY}/{version}") + 384


async def test_the_private_key_is_asked_for_nothing_but_unwrapping(
    vault: KeyVault, server: KeyVaultServer
) -> None:
    """One unwrapping is one call, after the first has been challenged for a token."""
    wrapped = await vault.wrap("hudson", DATA_KEY)
    await vault.unwrap("hudson", wrapped)
    server.journal.clear()
    await vault.unwrap("hudson", wrapped)
    (call,) = server.journal
    assert call[0] == "POST"
    assert call[1].endswith("/unwrapkey")


async def test_a_pause_that_the_vault_asks_for_is_passed_on(
    vault: KeyVault, server: KeyVaultServer
) -> None:
    wrapped = await vault.wrap("hudson", DATA_KEY)
    server.fail_next(429, times=2, retry_after=1)
    with pytest.raises(Throttled) as caught:
        await vault.unwrap("hudson", wrapped)
    assert caught.value.retry_after == 1
    assert await vault.unwrap("hudson", wrapped) == DATA_KEY


@pytest.mark.parametrize("status", [500, 503, 504])
async def test_a_vault_that_is_unwell_is_asked_again_later(
    vault: KeyVault, server: KeyVaultServer, status: int
) -> None:
    wrapped = await vault.wrap("hudson", DATA_KEY)
    server.fail_next(status)
    assert await vault.unwrap("hudson", wrapped) == DATA_KEY, "a second try is ours to make"
    server.fail_next(status, times=4)
    with pytest.raises(TransientError, match=str(status)):
        await vault.unwrap("hudson", wrapped)


async def test_a_vault_that_cannot_be_reached_is_asked_again_later(
    vault: KeyVault, server: KeyVaultServer
) -> None:
    wrapped = await vault.wrap("hudson", DATA_KEY)
    server.stop()
    for call in (vault.unwrap("hudson", wrapped), vault.wrap("hudson", DATA_KEY)):
        with pytest.raises(TransientError, match="reached"):
            await call


async def test_a_disabled_version_neither_wraps_nor_unwraps(
    vault: KeyVault, server: KeyVaultServer, version: str
) -> None:
    """The service itself would go on wrapping with it."""
    wrapped = await vault.wrap("hudson", DATA_KEY)
    server.disable(KEY, version)
    for call in (vault.unwrap("hudson", wrapped), vault.wrap("hudson", DATA_KEY)):
        with pytest.raises(AdministratorError, match="disabled") as caught:
            await call
        assert "enable" in caught.value.fix
    server.enable(KEY, version)
    assert await vault.unwrap("hudson", wrapped) == DATA_KEY


async def test_an_expired_version_unwraps_but_wraps_no_more(
    vault: KeyVault, server: KeyVaultServer, version: str
) -> None:
    wrapped = await vault.wrap("hudson", DATA_KEY)
    server.expire(KEY, version)
    with pytest.raises(AdministratorError, match="expired"):
        await vault.wrap("hudson", DATA_KEY)
    assert await vault.unwrap("hudson", wrapped) == DATA_KEY


async def test_a_deleted_key_is_missed_and_opens_again_once_recovered(
    vault: KeyVault, server: KeyVaultServer
) -> None:
    wrapped = await vault.wrap("hudson", DATA_KEY)
    server.delete(KEY)
    for call in (vault.unwrap("hudson", wrapped), vault.wrap("hudson", DATA_KEY)):
        with pytest.raises(AdministratorError, match="not there") as caught:
            await call
        assert "recover" in caught.value.fix
    server.recover(KEY)
    assert await vault.unwrap("hudson", wrapped) == DATA_KEY


@pytest.mark.parametrize(("identity", "says"), [("nobody", "role"), ("", "az login")])
async def test_whoever_is_not_let_in_reads_what_to_do(
    vault: KeyVault, server: KeyVaultServer, identity: str, says: str
) -> None:
    wrapped = await vault.wrap("hudson", DATA_KEY)
    other = KeyVault(server.address(KEY), server.credential(identity), **server.options)
    for call in (other.unwrap("hudson", wrapped), other.wrap("hudson", DATA_KEY)):
        with pytest.raises(AdministratorError) as caught:
            await call
        assert says in caught.value.fix
    await other.close()


async def test_a_wrapped_key_with_another_business_inside_is_refused(
    vault: KeyVault, server: KeyVaultServer
) -> None:
    """Whoever can write the store can move a wrapped key, but not what is inside of it."""
    wrapped = await vault.wrap("other", DATA_KEY)
    with pytest.raises(AdministratorError, match="not of this business"):
        await vault.unwrap("hudson", wrapped)


@pytest.mark.parametrize(
    "address",
    [
        "http://name.vault.azure.net/keys/wrapping",
        "https://name.vault.azure.net",
        "https://name.vault.azure.net/secrets/wrapping",
        f"https://name.vault.azure.net/keys/wrapping/{'0' * 32}",
        "https://name.vault.azure.net/keys/wra?pping",
    ],
)
def test_an_address_that_is_not_of_a_key_is_refused(
    server: KeyVaultServer, address: str
) -> None:
    with pytest.raises(AdministratorError) as caught:
        KeyVault(address, server.credential())
    assert "/keys/KEY" in caught.value.fix
