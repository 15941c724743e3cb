"""Microsoft's own Azurite, from npm: Blob Storage on loopback, by http and an account key.

with Azurite() as server:
    url = server.create_container()     # empty, with a name of its own
    AzureBlobs(url, server.key)
"""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from azure.storage.blob import BlobServiceClient

from tests.servers.node import install, node_command
from tests.servers.ports import answers, free_ports

HERE = Path(__file__).parent
MAIN = HERE / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
STARTS_WITHIN = 60
ACCOUNT = "hudson"


class Azurite:
    """One process; a context manager. All its state ends with it."""

    def __init__(self) -> None:
        self.key = base64.b64encode(secrets.token_bytes(64)).decode()
        self._folder = tempfile.TemporaryDirectory()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        install(HERE)
        (port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{port}/{ACCOUNT}"
        self._process = subprocess.Popen(
            [
                node_command(), str(MAIN), "--blobHost", "127.0.0.1", "--blobPort", str(port),
                "--location", self._folder.name, "--silent", "--disableTelemetry",
                "--skipApiVersionCheck",
            ],
            env=os.environ | {"AZURITE_ACCOUNTS": f"{ACCOUNT}:{self.key}"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + STARTS_WITHIN
        while not answers(port):
            if self._process.poll() is not None or time.monotonic() > until:
                self.__exit__()
                raise RuntimeError("Azurite did not start")
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
        self._folder.cleanup()

    def create_container(self) -> str:
        """Return the address of a new container, which deploy/ would make."""
        name = f"blobs-{secrets.token_hex(4)}"
        with BlobServiceClient(self.url, credential=self.key) as service:
            service.create_container(name).close()
        return f"{self.url}/{name}"
