"""Dovecot does for real clients what tests of mailboxes need, and takes real MSAL's tokens."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from uuid import uuid4

import imapclient
import pytest
from imapclient.exceptions import IMAPClientAbortError, LoginError

from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import OFFICE, PASSWORD
from tests.servers.sign_in import IMAP, new_user, token_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.certificates import Certificates
    from tests.servers.openid import OpenIdProvider


def _mail(subject: str = "Boiler") -> bytes:
    return f"From: ann@reed.example\r\nTo: {OFFICE}\r\nSubject: {subject}\r\n\r\nx\r\n".encode()


@contextlib.contextmanager
def _imap(server: Dovecot, *, tls: bool = True) -> Iterator[imapclient.IMAPClient]:
    context = server.certificates.trusting() if tls else None
    port = server.imaps_port if tls else server.imap_port
    client = imapclient.IMAPClient("localhost", port, ssl=tls, ssl_context=context)
    try:
        yield client
    finally:
        client.shutdown()


def _refused(server: Dovecot, user: str, token: str) -> bool:
    with _imap(server) as client:
        try:
            client.oauth2_login(user, token)
        except LoginError:
            return True
        return False


# -- Dovecot ------------------------------------------------------------------------------


@pytest.mark.parametrize("tls", [True, False], ids=["imaps", "imap"])
def test_password_users_read_what_was_delivered(dovecot: Dovecot, tls: bool) -> None:
    subject = f"Boiler {uuid4().hex}"
    dovecot.deliver(OFFICE, _mail(subject))

    with _imap(dovecot, tls=tls) as client:
        client.login(OFFICE, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        found = client.search(["SUBJECT", subject])

    assert len(found) == 1
    assert any(subject.encode() in one for one in dovecot.stored(OFFICE))


def test_passwords_change_while_it_runs(dovecot: Dovecot) -> None:
    user = f"{uuid4().hex[:8]}@hudson.example"

    def signs_in(password: str) -> bool:
        with _imap(dovecot) as client:
            try:
                client.login(user, password)
            except LoginError:
                return False
            return True

    before = signs_in("one")
    dovecot.set_password(user, "one")
    known = signs_in("one")
    dovecot.set_password(user, "two")
    changed = (signs_in("one"), signs_in("two"))
    dovecot.remove_user(user)

    assert (before, known, changed, signs_in("two")) == (False, True, (False, True), False)


@pytest.mark.slow
def test_folders_and_ten_thousand_messages(dovecot: Dovecot) -> None:
    user = f"{uuid4().hex[:8]}@hudson.example"
    dovecot.set_password(user, "pw")
    many = (b"Subject: number %d\n\nx\n" % number for number in range(10_000))

    start = time.monotonic()
    loaded = dovecot.load(user, many, "Jobs/Spring 1.5", received=1_700_000_000)
    seconds = time.monotonic() - start
    dovecot.create_folder(user, "Köln")
    dovecot.rename_folder(user, "Köln", "Bonn")
    dovecot.deliver(user, b"Subject: one\n\nx\n", "Bonn")
    with _imap(dovecot) as client:
        client.login(user, "pw")
        validity = client.select_folder("Bonn")[b"UIDVALIDITY"]
        client.select_folder("Jobs/Spring 1.5")
        uids = client.search("ALL")
        last = client.fetch([10_000], ["BODY[HEADER]", "INTERNALDATE"])[10_000]
        dovecot.delete_folder(user, "Bonn")
        dovecot.create_folder(user, "Bonn")
        again = client.select_folder("Bonn")

    assert loaded == dovecot.count(user, "Jobs/Spring 1.5") == 10_000
    assert uids == list(range(1, 10_001))
    assert b"number 9999" in last[b"BODY[HEADER]"]
    assert last[b"INTERNALDATE"].timestamp() == 1_700_009_999
    assert {"INBOX", "Jobs", "Jobs/Spring 1.5", "Bonn"} <= set(dovecot.folders(user))
    assert again[b"EXISTS"] == 0
    assert again[b"UIDVALIDITY"] != validity
    assert seconds < 60


def test_it_offers_what_sync_needs(dovecot: Dovecot) -> None:
    with _imap(dovecot) as client:
        client.login(OFFICE, PASSWORD)
        offered = set(client.capabilities())

    assert {b"CONDSTORE", b"QRESYNC", b"IDLE", b"MOVE", b"UIDPLUS", b"SPECIAL-USE"} <= offered


@pytest.mark.parametrize("how", ["kick", "stop", "kill"])
def test_connections_are_cut_and_mail_stays(dovecot: Dovecot, how: str) -> None:
    dovecot.deliver(OFFICE, _mail())
    before = dovecot.count(OFFICE)
    with _imap(dovecot) as client:
        client.login(OFFICE, PASSWORD)
        client.select_folder("INBOX")
        if how == "kick":
            dovecot.kick(OFFICE)
        else:
            getattr(dovecot, how)()
        with pytest.raises((IMAPClientAbortError, OSError)):
            client.search("ALL")
    dovecot.start()
    with _imap(dovecot) as client:
        client.login(OFFICE, PASSWORD)
        assert client.select_folder("INBOX")[b"EXISTS"] == before


def test_it_ends_with_the_tests(certificates: Certificates) -> None:
    """A killed test run leaves no server behind."""
    program = (
        "import os, pathlib, sys\n"
        "from tests.servers.certificates import Certificates\n"
        "from tests.servers.dovecot import Dovecot\n"
        "server = Dovecot(Certificates(*map(pathlib.Path, sys.argv[1:])))\n"
        "server.__enter__()\n"
        "print(server.directory, server._process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    paths = map(str, (certificates.ca, certificates.server, certificates.key))
    done = subprocess.run(
        [sys.executable, "-c", program, *paths], capture_output=True, text=True, check=False
    )
    directory, group = done.stdout.split()

    def alive() -> bool:
        asked = subprocess.run(
            ["pgrep", "-g", group, "-r", "R,S,D"], capture_output=True, check=False
        )
        return asked.returncode == 0

    end = time.monotonic() + 10
    while alive() and time.monotonic() < end:
        time.sleep(0.05)
    subprocess.run(["rm", "-rf", directory], check=True)

    assert not alive()


# -- Dovecot with tokens ------------------------------------------------------------------


@pytest.fixture(scope="module", params=["introspection", "local_tokens"])
def trusting(
    request: pytest.FixtureRequest, certificates: Certificates, openid: OpenIdProvider
) -> Iterator[tuple[str, Dovecot]]:
    with Dovecot(certificates, tokens=getattr(openid, request.param)()) as server:
        yield request.param, server


def test_it_takes_the_token_of_its_user_alone(
    trusting: tuple[str, Dovecot], openid: OpenIdProvider
) -> None:
    how, server = trusting
    user = new_user(openid)
    token, graph = token_for(openid, user), token_for(openid, user, ["Mail.Read"])
    elsewhere = openid.forge({"preferred_username": user, "scope": IMAP}, tenant="other")
    old = openid.forge({"preferred_username": user, "scope": IMAP, "exp": 1_700_000_000})

    assert not _refused(server, user, token), server.log()
    with _imap(server) as bearer:
        bearer.oauthbearer_login(user, token)
        assert bearer.select_folder("INBOX")[b"EXISTS"] == 0
    assert _refused(server, OFFICE, token)
    assert _refused(server, user, token[:-6] + "AAAAAA")
    assert _refused(server, user, graph)
    assert _refused(server, user, elsewhere)
    assert _refused(server, user, old)
    openid.withdraw_consent(user)
    assert _refused(server, user, token) == (how == "introspection")


def test_both_kinds_of_users(dovecot_entra: Dovecot, openid: OpenIdProvider) -> None:
    user = new_user(openid)

    with _imap(dovecot_entra) as client:
        client.login(OFFICE, PASSWORD)
    assert not _refused(dovecot_entra, user, token_for(openid, user))
