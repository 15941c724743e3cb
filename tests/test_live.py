"""The tests against a real tenant skip aloud without one, and run at what stands in for it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import jwt
import pytest

from tests.connectors.cosmos_account import cosmos_server
from tests.live.account import ENDPOINT
from tests.live.tenant import NEEDED
from tests.servers.certificates import Certificates
from tests.servers.graph import Caller, GraphServer, TokenRefused
from tests.servers.openid import OpenIdProvider

ROOT = Path(__file__).resolve().parents[1]
MAILBOX = "tests@hudson.example"


def live(*options: str, **given: str) -> str:
    """Run the live tests with these settings, and return what pytest printed."""
    ours = ("JIGAJOB_", "COSMOS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", *(options or ["tests/live"])]
    done = subprocess.run(
        command, cwd=ROOT, env=kept | given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


def test_without_a_tenant_all_are_skipped_and_say_what_to_set() -> None:
    said = live()
    assert "passed" not in said
    assert all(name in said for name in (*NEEDED, ENDPOINT))


@pytest.mark.slow
def test_at_the_stand_in_an_account_passes_and_is_left_empty(
    certificates: Certificates,
) -> None:
    """A part of the contract that needs all of what the live tests are made of."""
    with cosmos_server(certificates) as server:
        said = live(
            "tests/live/test_cosmos.py", "-k", "purge",
            COSMOS_ENDPOINT=f"{server.url.rstrip('/')}/jigajob/records",
            COSMOS_KEY=server.key,
        )  # fmt: skip
        assert "passed" in said
        assert "skipped" not in said
        assert server.items("jigajob", "records") == []


@pytest.mark.slow
def test_at_the_stand_ins_all_pass(openid: OpenIdProvider) -> None:
    """But for the one that waits for a person."""
    with GraphServer(certificates=openid.certificates) as graph:
        roles = {graph.origin: ["Mail.ReadWrite"]}
        graph.add_mailbox(MAILBOX)
        key = openid._key.public_key()

        def accepts(token: str) -> Caller:
            try:
                claims = jwt.decode(token, key, ["RS256"], audience=graph.origin)
            except jwt.InvalidTokenError:
                raise TokenRefused("invalid") from None
            return Caller(scopes=frozenset(claims["roles"]))

        graph.accepts = accepts
        said = live(
            "tests/live/test_outlook.py",
            JIGAJOB_LIVE_MAILBOX=MAILBOX,
            JIGAJOB_LIVE_TENANT=openid.tenants[0],
            JIGAJOB_LIVE_CLIENT_ID=openid.register_client(secret="An-invented", roles=roles),
            JIGAJOB_LIVE_SECRET="An-invented",
            JIGAJOB_AUTHORITY=openid.origin,
            JIGAJOB_GRAPH=graph.origin,
            JIGAJOB_CA=str(openid.certificates.ca),
        )
        assert graph.violations == []
        names = [folder.name for folder in graph.mailbox(MAILBOX).folders.values()]
    assert int(re.search(r"(\d+) passed, 1 skipped", said)[1]) > 30
    assert not [name for name in names if name.startswith("JigAjob test")]
