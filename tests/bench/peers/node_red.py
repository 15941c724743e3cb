"""Node-RED with its own e-mail node."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from tests.bench.peers.engine import Engine
from tests.bench.peers.packages import Packages
from tests.servers.node import node_command

_SETTINGS: Final = """\
module.exports = {
    uiPort: 0, uiHost: "127.0.0.1", httpAdminRoot: false, credentialSecret: false,
    flowFile: "flows.json", telemetry: {enabled: false},
    externalModules: {palette: {allowInstall: false}},
};
"""


class NodeRed(Engine):
    """The e-mail node as it comes: told by the server (IDLE), unseen mail, marked as read."""

    name = "Node-RED"
    packages = Packages("node-red", (("node-red", "5.0.7"), ("node-red-node-email", "5.2.5")))
    mail: ClassVar[Mapping[str, Any]] = {"fetch": "auto", "inputs": 0}

    def prepare(self) -> None:
        (self.home / "settings.js").write_text(_SETTINGS)
        (self.home / "flows.json").write_text(json.dumps(self.nodes()))
        sign_in = {"userid": self.account.address, "password": self.account.password}
        (self.home / "flows_cred.json").write_text(json.dumps({"mail": sign_in}))

    def nodes(self) -> list[dict[str, Any]]:
        """The flow: mail, its subject, a line of the file."""
        mail = {
            "type": "e-mail in",
            "protocol": "IMAP",
            "server": "localhost",
            "port": str(self.account.port),
            "useSSL": True,
            "autotls": "never",
            "authtype": "BASIC",
            "box": "INBOX",
            "disposition": "Read",
            "criteria": "UNSEEN",
            "repeat": "300",
            **self.mail,
        }
        subject = {
            "type": "change",
            "rules": [{"t": "set", "p": "payload", "pt": "msg", "to": "topic", "tot": "msg"}],
        }
        line = {
            "type": "file",
            "filename": str(self.out),
            "filenameType": "str",
            "appendNewline": True,
            "overwriteFile": "false",
            "encoding": "none",
        }
        place = {"z": "flow", "x": 0, "y": 0}
        return [
            {"id": "flow", "type": "tab", "label": "Log"},
            {"id": "mail", **mail, **place, "wires": [["subject"]]},
            {"id": "subject", **subject, **place, "wires": [["line"]]},
            {"id": "line", **line, **place, "wires": [[]]},
        ]

    def command(self) -> Sequence[str]:
        program = self.packages.modules / "node-red" / "red.js"
        home = str(self.home)
        return [node_command(), str(program), "-u", home, "-s", f"{home}/settings.js"]

    def environment(self) -> Mapping[str, str]:
        return {
            "NODE_RED_DISABLE_TELEMETRY": "true",
            "NODE_EXTRA_CA_CERTS": str(self.account.ca),
        }


class NodeRedTimed(NodeRed):
    """The same node, which reads when a timer asks it to."""

    name = "Node-RED, timer"
    mail: ClassVar[Mapping[str, Any]] = {"fetch": "trigger", "inputs": 1}

    def nodes(self) -> list[dict[str, Any]]:
        """The flow, with a timer before it."""
        timer = {"type": "inject", "props": [], "once": True, "onceDelay": 0.1, "repeat": "2"}
        place = {"z": "flow", "x": 0, "y": 0}
        return [*super().nodes(), {"id": "timer", **timer, **place, "wires": [["mail"]]}]
