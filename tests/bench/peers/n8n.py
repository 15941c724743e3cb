"""n8n with its own e-mail trigger and its embedded database."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.bench.peers.engine import Account, Engine
from tests.bench.peers.packages import Packages
from tests.servers.node import node_command
from tests.servers.ports import free_ports

_OFF = (
    "DIAGNOSTICS",
    "VERSION_NOTIFICATIONS",
    "VERSION_NOTIFICATIONS_WHATS_NEW",
    "DYNAMIC_BANNERS",
    "HIRING_BANNER",
    "TEMPLATES",
    "PERSONALIZATION",
    "LICENSE_AUTO_RENEW",
    "COMMUNITY_PACKAGES",
)


class N8n(Engine):
    """The trigger as it comes but for `resolved`: whole mails parsed, as the others do."""

    name = "n8n"
    # The next version asks for a package that is not published.
    packages = Packages("n8n", (("n8n", "2.41.1"),), compiled=("sqlite3",))

    def __init__(self, home: Path, account: Account) -> None:
        super().__init__(home, account)
        self._port, self._broker = free_ports(2)
        self.out = home / "out" / "seen.txt"

    def prepare(self) -> None:
        self.out.parent.mkdir()
        self.out.touch()  # it appends to what is there
        account = self.account
        data = {
            "user": account.address,
            "password": account.password,
            "host": "localhost",
            "port": account.port,
            "secure": True,
        }
        sign_in = {"id": "mail", "name": "mail", "type": "imap", "data": data}
        self._import("credentials", [sign_in])
        self._import("workflow", [self._workflow()])
        self._run("publish:workflow", "--id=log")

    def _workflow(self) -> dict[str, Any]:
        """Mail, its subject and a line end, both as a file, that file at the end of another."""
        line = {"id": "1", "name": "line", "type": "string", "value": "={{ $json.subject }}\n"}
        nodes = {
            "emailReadImap": (2.2, {"format": "resolved"}),
            "set": (3.4, {"assignments": {"assignments": [line]}}),
            "convertToFile": (1.1, {"operation": "toText", "sourceProperty": "line"}),
            "readWriteFile": (
                1,
                {"operation": "write", "fileName": str(self.out), "options": {"append": True}},
            ),
        }
        made = [
            {
                "id": name,
                "name": name,
                "type": f"n8n-nodes-base.{name}",
                "typeVersion": version,
                "position": [0, 0],
                "parameters": parameters,
            }
            for name, (version, parameters) in nodes.items()
        ]
        made[0]["credentials"] = {"imap": {"id": "mail", "name": "mail"}}
        return {
            "id": "log",
            "name": "log",
            "nodes": made,
            "connections": {
                one: {"main": [[{"node": other, "type": "main", "index": 0}]]}
                for one, other in pairwise(nodes)
            },
            "settings": {},
            "active": False,
        }

    def _import(self, kind: str, what: list[dict[str, Any]]) -> None:
        file = self.home / f"{kind}.json"
        file.write_text(json.dumps(what))
        self._run(f"import:{kind}", f"--input={file}")

    def _run(self, *arguments: str) -> None:
        subprocess.run(
            [*self.command()[:2], *arguments],
            env={**os.environ, **self.environment()},
            cwd=self.home,
            check=True,
            capture_output=True,
        )

    def command(self) -> Sequence[str]:
        program = self.packages.modules / "n8n" / "bin" / "n8n"
        return [node_command(), str(program), "start"]

    def environment(self) -> Mapping[str, str]:
        return {
            **{f"N8N_{name}_ENABLED": "false" for name in _OFF},
            "N8N_DISABLED_MODULES": "mcp-registry",  # asks its vendor for a list
            "N8N_USER_FOLDER": str(self.home),
            "N8N_LISTEN_ADDRESS": "127.0.0.1",
            "N8N_PORT": str(self._port),
            "N8N_RUNNERS_BROKER_PORT": str(self._broker),
            "N8N_RESTRICT_FILE_ACCESS_TO": str(self.out.parent),
            "NODE_EXTRA_CA_CERTS": str(self.account.ca),
        }
