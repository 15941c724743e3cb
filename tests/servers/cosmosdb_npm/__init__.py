"""`@vercel/cosmosdb-server`: the one server outside Microsoft's that speaks Cosmos DB, on TLS.

    with NpmCosmosServer(certificates) as server:
        CosmosClient(server.url, server.key)        # any key is taken

It keeps everything in memory, checks no signature, and has faults of its own: which tests of
the contract it cannot pass is listed in `tests/contract/test_store_cosmos_npm.py`.
"""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.servers.node import install, node_command

if TYPE_CHECKING:
    from tests.servers.certificates import Certificates

HERE = Path(__file__).parent
STOPS_WITHIN = 5


class NpmCosmosServer:
    """One server process with nothing in it; a context manager."""

    key = base64.b64encode(b"any key is taken").decode()

    def __init__(self, certificates: Certificates) -> None:
        self._certificates = certificates
        self._process: subprocess.Popen[str] | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """Where the account is."""
        return f"https://127.0.0.1:{self._port}/"

    def __enter__(self) -> Self:
        install(HERE)
        certificate, key = self._certificates.server, self._certificates.key
        self._process = subprocess.Popen(
            [node_command(), str(HERE / "serve.cjs"), str(certificate), str(key)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it prints each refusal of its own
            text=True,
        )
        assert self._process.stdout is not None
        self._port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate(timeout=STOPS_WITHIN)
