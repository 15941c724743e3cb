"""Secrets in Azure Key Vault are read by name, and every trouble says who mends it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.key_vault_secrets import FRESH, KeyVaultSecrets
from flows.errors import AdministratorError, Throttled, TransientError
from portal.secrets import secret_reader
from portal.settings import Settings
from portal.wiring.secrets import Secrets
from tests.servers.certificates import Certificates
from tests.servers.key_vault import RESOURCE, KeyVaultServer

SECRET = "correct horse battery"


@pytest.fixture(scope="module")
def started(certificates: Certificates) -> Iterator[KeyVaultServer]:
    with KeyVaultServer(certificates) as server:
        yield server


@pytest.fixture
def server(started: KeyVaultServer) -> KeyVaultServer:
    started.secrets = {"office-password": SECRET}
    started.journal.clear()
    return started


class Watch:
    """A clock that tests turn."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(server: KeyVaultServer, identity: str = "jigajob", clock: Watch | None = None):
    return KeyVaultSecrets(
        server.secrets_address,
        server.credential_at_once(identity),
        resource=RESOURCE,
        clock=clock or Watch(),
        **server.options,
    )


def test_a_reference_to_the_vault_gives_the_secret(server: KeyVaultServer) -> None:
    vault = opened(server)
    read = secret_reader("vault:office-password", Path(), vault.read)
    assert read() == SECRET
    vault.close()


def test_a_secret_is_asked_for_once_in_five_minutes_and_then_anew(
    server: KeyVaultServer,
) -> None:
    clock = Watch()
    clock.now = 1_000.0
    vault = opened(server, clock=clock)
    assert vault.read("office-password") == SECRET
    server.secrets["office-password"] = "another"
    clock.now += FRESH - 1
    assert vault.read("office-password") == SECRET
    clock.now += 2
    assert vault.read("office-password") == "another"
    assert len(server.journal) == 2
    vault.close()


def test_the_identity_is_closed_with_the_vault(server: KeyVaultServer) -> None:
    identity = server.credential_at_once()
    vault = KeyVaultSecrets(
        server.secrets_address, identity, resource=RESOURCE, **server.options
    )
    vault.close()
    assert identity.closed


@pytest.mark.parametrize(
    ("name", "identity", "said"),
    [
        ("shop-password", "jigajob", "the secret shop-password is not in Key Vault"),
        ("old", "jigajob", "the secret old is disabled in Key Vault"),
        ("office-password", "nobody", "in Key Vault is closed to us"),
        ("office-password", "", "the sign-in at Azure failed"),
        ("empty", "jigajob", "the secret empty is empty"),
    ],
)
def test_what_an_administrator_must_mend_is_said_and_the_secret_is_not(
    server: KeyVaultServer, name: str, identity: str, said: str
) -> None:
    server.secrets |= {"old": SECRET, "empty": ""}
    server.disabled_secrets.add("old")
    vault = opened(server, identity)
    with pytest.raises(AdministratorError) as caught:
        vault.read(name)
    assert said in str(caught.value)
    assert caught.value.fix
    assert SECRET not in str(caught.value)
    vault.close()


def test_what_passes_by_itself_is_told_apart(server: KeyVaultServer) -> None:
    vault = opened(server)
    server.fail_next(429, times=2, retry_after=0)
    with pytest.raises(Throttled):
        vault.read("office-password")
    server.fail_next(503, times=2)
    with pytest.raises(TransientError, match="503"):
        vault.read("office-password")
    assert vault.read("office-password") == SECRET
    vault.close()


def test_a_vault_that_is_gone_can_be_tried_again_later(server: KeyVaultServer) -> None:
    nowhere = "https://localhost:9"  # RFC 863: nobody listens
    identity = server.credential_at_once()
    vault = KeyVaultSecrets(nowhere, identity, resource=RESOURCE, **server.options)
    with pytest.raises(TransientError, match="cannot be reached"):
        vault.read("office-password")
    vault.close()


@pytest.mark.parametrize(
    "address",
    ["http://office.vault.azure.net", "https://vault", "https://a.example/x", "office"],
)
def test_only_the_address_of_a_vault_is_taken(address: str, server: KeyVaultServer) -> None:
    with pytest.raises(AdministratorError, match="JIGAJOB_SECRETS"):
        KeyVaultSecrets(address, server.credential_at_once())


def test_without_a_vault_in_the_settings_the_way_is_said(tmp_path: Path) -> None:
    secrets = Secrets(Settings(home=tmp_path, flows=tmp_path / "flows.yaml"))
    with pytest.raises(AdministratorError, match="takes the secret shop from a vault") as told:
        secrets.reader("vault:shop")()
    assert "JIGAJOB_SECRETS" in told.value.fix
    secrets.close()
