"""A run over mail full of marks, on a machine that has no network but loopback.

Each mark is a word that nothing but the mail holds, so that it is found wherever it leaks.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.portal.conftest import PROGRAM, ROOT

MARKS = (
    *("Zorvexan", "Quillobrix", "Fraxmoledy", "Ombrelquist", "Tavisporth", "Hexalundra"),
    *("Wimbrestol", "Pelgrathian"),
)
"""Subject, text, sender, address, file name, attachment, folder, signature."""

FLOWS = """\
version: 1
business:
  id: hudson
  name: Hudson Plumbing
  industry: "238220"
  region: US-NY
  time_zone: America/New_York
  domains: [hudson.example]
sources:
  office: {uses: folder, path: mail}
  bank: {uses: bank, path: bank.csv, columns: {date: Date, amount: Amount, counterparty: Who}}
flows:
  - id: repair
    name: Open a job
    triggers: [{mail: office}]
    keep: [customer.name, customer.email]
    steps:
      - {id: job, uses: job.open, with: {title: "{{ mail.subject }}"}}
      - {id: bad, uses: event.add, with: {title: "{{ mail.subject }}", start: "{{ mail.new_text | truncate(400) | lower }}"}}
      - {id: never, uses: notify, with: {text: "{{ 1 // (mail.subject | length - 26) }}"}}
  - id: pay
    name: Match
    triggers: [{transaction: bank}]
    steps: [{id: match, uses: payment.match}]
"""  # noqa: E501 - one line in the file under test

MAIL = """\
From: "{2} Fenwick" <{3}@lanternmail.example>
To: office@hudson.example
Subject: Boiler {0} is cold again
Message-ID: <{3}.{number}@lanternmail.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

The boiler {1} at home is broken, please repair it.

{7} Fenwick
--b
Content-Type: text/plain; name="{5}.txt"
Content-Disposition: attachment; filename="{5}.txt"

{5} serial number
--b--
"""

GUARD = '''\
"""Writes down every address that a Python process asks for; stops all but this machine."""

import os
import socket
import sys


def _watch(event, arguments):
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "localhost"
    else:
        return
    with open(os.environ["GUARD_LOG"], "a") as log:
        log.write(f"{os.getpid()} {event} {host}\\n")
    host = host.decode() if isinstance(host, bytes) else host
    if host not in (None, "", "localhost", "::1", "0.0.0.0") and not host.startswith("127."):
        raise OSError(101, "Network is unreachable")


sys.addaudithook(_watch)
'''

NO_NETWORK = "ip link set lo up && {}; code=$?; cat /proc/net/snmp /proc/net/snmp6; exit $code"


@dataclass(frozen=True)
class MarkedRun:
    """What a run left, printed, and asked of the network.

    `asked` are lines `process event host`; `unreachable` counts packets for which the
    kernel had no way, None where it could not be asked.
    """

    home: Path
    code: int
    printed: str
    asked: tuple[str, ...]
    unreachable: int | None


def can_cut_network() -> bool:
    """Return whether this user may make a network of its own."""
    if not shutil.which("unshare") or not shutil.which("ip"):
        return False
    command = ["unshare", "-n", "ip", "link", "set", "lo", "up"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def cut_off(program: list[str], folder: Path, **environment: str) -> MarkedRun:
    """Run *program* behind the guard, and in a network of its own where that can be had."""
    guard, log = folder / "guard", folder / "asked.log"
    guard.mkdir(exist_ok=True)
    log.touch()
    (guard / "sitecustomize.py").write_text(GUARD)
    cut = can_cut_network()
    if cut:
        script = NO_NETWORK.format(shlex.join(program))
        program = ["unshare", "-n", "sh", "-c", script]
    done = subprocess.run(
        program,
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": f"{guard}:{ROOT}",
            "GUARD_LOG": str(log),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return MarkedRun(
        home=folder / "home",
        code=done.returncode,
        printed=done.stdout + done.stderr,
        asked=tuple(log.read_text().splitlines()),
        unreachable=_unreachable(done.stdout) if cut else None,
    )


def _unreachable(printed: str) -> int:
    names, values = (line.split() for line in printed.splitlines() if line.startswith("Ip: "))
    old = int(values[names.index("OutNoRoutes")])
    new = [line.split()[1] for line in printed.splitlines() if "Ip6OutNoRoutes" in line]
    return old + sum(map(int, new))


def write_marked(folder: Path, mails: int) -> None:
    """Write a flows file, mails, and a bank file, all with marks."""
    (folder / "flows.yaml").write_text(FLOWS)
    inside = folder / "mail" / MARKS[6]
    inside.mkdir(parents=True)
    for number in range(mails):
        raw = MAIL.format(*MARKS, number=number)
        (inside / f"{MARKS[4]} {number}.eml").write_text(raw)
    (inside / f"{MARKS[4]}.exe").write_bytes(b"\x7fELF" + MARKS[1].encode())
    rows = [f"2026-10-0{day},{day}.50,{MARKS[2]} Fenwick" for day in range(1, 4)]
    (folder / "bank.csv").write_text(
        "\n".join(["Date,Amount,Who", *rows, f"never,{MARKS[0]},"])
    )


def run_marked(folder: Path, mails: int = 60) -> MarkedRun:
    """Run the marked business."""
    write_marked(folder, mails)
    return cut_off([*PROGRAM, "run", "--home", str(folder / "home")], folder)


def reach_out(folder: Path) -> MarkedRun:
    """Run a program that does ask for the outside, to show that the guard sees it."""
    code = (
        "import socket\n"
        "for host in ('192.0.2.1', 'somewhere.example'):\n"
        "    try: socket.create_connection((host, 80), 2)\n"
        "    except OSError: pass\n"
    )
    return cut_off([sys.executable, "-c", code], folder)
