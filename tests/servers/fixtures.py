"""pytest's fixtures for the servers; `tests/conftest.py` registers them for all tests.

| fixture         | scope    | what a test gets                                             |
|-----------------|----------|--------------------------------------------------------------|
| `certificates`  | session  | `Certificates` of an own CA                                  |
| `our_ca_alone`  | function | no other authority is trusted: an app opens in half the time |
| `openid`        | session  | `OpenIdProvider` with the user `OFFICE`, tenant "hudson"     |
| `dovecot`       | module   | `Dovecot` where `OFFICE` signs in by `PASSWORD`              |
| `dovecot_entra` | module   | the same, and users of `openid` by a token (introspection)   |
| `smtp`          | function | `SmtpServer`: `OFFICE` by `PASSWORD`, users of `openid` too  |
| `cosmos`        | function | `CosmosServer` without databases                             |
| `chromium`      | session  | `Chromium`, which tells what is seen of a page               |

A provider serves all files that one process runs: leave `OFFICE` as it is, and add users of
your own before you take consent from them. For anything else start the servers yourself; they
are context managers, and ready in a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser import Chromium
    from tests.servers.certificates import Certificates
    from tests.servers.cosmos import CosmosServer
    from tests.servers.dovecot import Dovecot
    from tests.servers.openid import OpenIdProvider
    from tests.servers.smtp import SmtpServer

OFFICE = "office@hudson.example"
PASSWORD = "invented"


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Certificates]:
    """The CA of this session; `REQUESTS_CA_BUNDLE`, which would beat it, is unset meanwhile."""
    from tests.servers.certificates import make_certificates

    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("REQUESTS_CA_BUNDLE", raising=False)
        patch.delenv("CURL_CA_BUNDLE", raising=False)
        yield make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def our_ca_alone(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the system's authorities takes longer than all else that an app does to open."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca))


@pytest.fixture(scope="session")
def openid(certificates: Certificates) -> Iterator[OpenIdProvider]:
    """A provider with `OFFICE` as a user; tests share it and add users of their own."""
    from tests.servers.openid import OpenIdProvider

    with OpenIdProvider(certificates) as provider:
        provider.add_user(OFFICE)
        yield provider


@pytest.fixture(scope="module")
def dovecot(certificates: Certificates) -> Iterator[Dovecot]:
    """A Dovecot where `OFFICE` signs in with `PASSWORD`."""
    from tests.servers.dovecot import Dovecot

    with Dovecot(certificates, passwords={OFFICE: PASSWORD}) as server:
        yield server


@pytest.fixture(scope="module")
def dovecot_entra(certificates: Certificates, openid: OpenIdProvider) -> Iterator[Dovecot]:
    """A Dovecot that asks `openid` about each token."""
    from tests.servers.dovecot import Dovecot

    tokens = openid.introspection()
    with Dovecot(certificates, passwords={OFFICE: PASSWORD}, tokens=tokens) as server:
        yield server


@pytest.fixture
def smtp(certificates: Certificates, openid: OpenIdProvider) -> Iterator[SmtpServer]:
    """An SMTP server without faults, with nothing kept."""
    from tests.servers.smtp import SmtpServer

    passwords = {OFFICE: PASSWORD}
    with SmtpServer(certificates, passwords=passwords, accepts=openid.smtp_tokens) as server:
        yield server


@pytest.fixture
def cosmos(certificates: Certificates) -> Iterator[CosmosServer]:
    """An account with nothing in it; what it was not taught, nobody asked it."""
    from tests.servers.cosmos import CosmosServer

    with CosmosServer(certificates) as server:
        yield server
    assert server.violations == []


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """A browser without anything stored; tests share it."""
    from tests.browser import open_chromium

    with open_chromium() as browser:
        yield browser
