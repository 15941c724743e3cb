"""`jigajob connect`, `connections` and `disconnect`, as a person at a terminal has them."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from portal.cli import main
from portal.loopback import Loopback
from tests.portal.conftest import PROGRAM, ROOT

if TYPE_CHECKING:
    from tests.servers.certificates import Certificates
    from tests.servers.openid import OpenIdProvider

FLOWS = """\
version: 1
business:
  id: hudson
  name: Hudson Plumbing
  industry: "238220"
  region: US-NY
  time_zone: America/New_York
sources:
  office: {{uses: outlook, address: {user}, sign_in: {{tenant: hudson}}}}
  robot:
    uses: imap
    address: robot@hudson.example
    host: localhost
    sign_in: {{tenant: hudson, client_id: {robot}, secret: "env:ROBOT_SECRET"}}
  books:
    uses: business_central
    company: Hudson
    address: books-{user}
    sign_in: {{tenant: hudson}}
  paper: {{uses: folder, path: mail}}
flows:
  - id: repair
    name: Open a job
    triggers: [{{mail: office}}]
    steps:
      - id: job
        uses: job.open
        with: {{title: "{{{{ mail.subject }}}}"}}
"""


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


@dataclass
class Desk:
    """A person at a terminal, with a mailbox `user` and flows that name it."""

    openid: OpenIdProvider
    folder: Path
    user: str
    environment: dict[str, str]

    @property
    def begun(self) -> str:
        """What the first command that may make the home says about that."""
        return f"made a new home: nothing was kept of hudson in {self.folder}/home/jigajob.db\n"

    def run(self, *words: str, **more: str) -> Ended:
        """Run the command in this process, which spares the seconds of starting one."""
        place = ("--home", self.folder / "home", "--flows", self.folder / "flows.yaml")
        out, err, code = io.StringIO(), io.StringIO(), 0
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.argv", ["jigajob", *words, *map(str, place)])
            for name, value in (self.environment | more).items():
                patch.setenv(name, value)
            with redirect_stdout(out), redirect_stderr(err):
                try:
                    main()
                except SystemExit as end:
                    code = int(end.code or 0)
        return Ended(code, out.getvalue(), err.getvalue())

    def rows(self) -> dict[str, dict[str, object]]:
        printed = self.run("connections", "--json").stdout.splitlines()
        return {str(row["source"]): row for row in map(json.loads, printed)}

    def signed_in(self) -> list[tuple[str, str]]:
        """Return what the audit log tells of sign-ins: what was done, and how that ended."""
        printed = self.run("audit", "list", "--json", "--subject", "office").stdout
        assert self.user in printed  # whose account it is stands in the sealed details
        rows = [json.loads(line) for line in printed.splitlines()]
        return [
            (row["action"], row["result"]) for row in rows if row["action"] != "record.read"
        ]

    @contextmanager
    def started(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        place = ("--home", self.folder / "home", "--flows", self.folder / "flows.yaml")
        with subprocess.Popen(
            [*PROGRAM, *words, *map(str, place)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
            | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            ends = threading.Timer(60, process.kill)
            ends.start()
            try:
                yield process
            finally:
                ends.cancel()
                process.kill()

    def connect_by_code(
        self, user: str = "", *words: str, source: str = "office"
    ) -> tuple[int, str, str]:
        with self.started("connect", source, *words) as process:
            assert process.stdout
            first = process.stdout.readline()
            code = re.search(r"type in the code (\S+)", first)
            assert code, (first, process.stderr and process.stderr.read())
            self.openid.approve_device(code[1], user or self.user)
            out, err = process.communicate()
            return process.returncode, first + out, err


@pytest.fixture
def desk(openid: OpenIdProvider, certificates: Certificates, tmp_path: Path) -> Desk:
    user = f"office-{uuid4().hex[:8]}@hudson.example"
    openid.add_user(user)
    robot = openid.register_client(secret="s3cret")
    (tmp_path / "mail").mkdir()
    (tmp_path / "flows.yaml").write_text(FLOWS.format(user=user, robot=robot))
    environment = {
        "JIGAJOB_CLIENT_ID": openid.register_client(redirect_uris=["http://localhost"]),
        "JIGAJOB_AUTHORITY": openid.origin,
        "JIGAJOB_CA": str(certificates.ca),
        "ROBOT_SECRET": "s3cret",
        "BROWSER": "true",  # the program that opens nothing
    }
    return Desk(openid, tmp_path, user, environment)


def test_connecting_by_a_code_and_forgetting(desk: Desk) -> None:
    before = desk.run("connections")
    assert before.returncode == 3
    assert f"office: jigajob --home {desk.folder}/home" in before.stdout
    assert "connect office" in before.stdout
    assert "Traceback" not in before.stdout + before.stderr

    code, out, err = desk.connect_by_code()
    assert (code, err) == (0, desk.begun)
    assert f"office: {desk.user} is connected, signed in by {desk.user}" in out

    row = desk.rows()["office"]
    assert (row["kind"], row["account"], row["state"]) == ("outlook", desk.user, "good")
    assert row["signed_in_by"] == desk.user
    assert {str(scope).rpartition("/")[2] for scope in row["scopes"]} == {  # type: ignore[attr-defined]
        "Mail.ReadWrite",
        "Mail.Send",
    }
    assert row["last_good"]
    table = desk.run("connections").stdout
    assert re.search(r"Mail\.ReadWrite", table)
    assert "paper" not in table

    assert f"{desk.user} is forgotten" in desk.run("disconnect", "office").stdout
    assert "was not connected" in desk.run("disconnect", "office").stdout
    assert desk.rows()["office"]["state"] == "not_connected"
    begun, forgotten = [("sign_in.ask", ""), ("sign_in.make", "")], ("sign_in.forget", "")
    assert desk.signed_in() == [*begun, forgotten, forgotten]


def test_connecting_a_firms_books(desk: Desk) -> None:
    clerk = f"books-{desk.user}"
    desk.openid.add_user(clerk)
    code, out, err = desk.connect_by_code(clerk, source="books")
    assert (code, err) == (0, desk.begun)
    assert f"books: {clerk} is connected, signed in by {clerk}" in out
    row = desk.rows()["books"]
    assert (row["kind"], row["state"]) == ("business_central", "good")
    assert row["scopes"] == ["https://api.businesscentral.dynamics.com/.default"]


def test_connecting_by_a_browser_on_this_machine(desk: Desk) -> None:
    with desk.started("connect", "office", "--browser") as process:
        assert process.stdout
        process.stdout.readline()
        url = process.stdout.readline().strip()
        back = urlsplit(desk.openid.complete_login(url, desk.user))
        page = back._replace(query="").geturl()
        with urllib.request.urlopen(page, back.query.encode(), timeout=10) as answer:
            assert "close this window" in answer.read().decode()
        out, err = process.communicate()
    assert (process.returncode, err) == (0, desk.begun)
    assert f"{desk.user} is connected" in out
    assert desk.rows()["office"]["state"] == "good"


def test_the_wrong_person_is_turned_away_and_a_shared_mailbox_takes_anyone(desk: Desk) -> None:
    other = f"clerk-{desk.user}"
    desk.openid.add_user(other)
    code, _, err = desk.connect_by_code(other)
    assert code == 3
    assert "is not the one of the mailbox" in err
    assert "connect office" in err
    assert "--anyone" in err
    assert other not in err
    assert desk.rows()["office"]["state"] == "not_connected"
    code, out, _ = desk.connect_by_code(other, "--anyone")
    assert code == 0
    assert f"{desk.user} is connected, signed in by {other}" in out
    assert desk.signed_in() == [
        ("sign_in.ask", ""),
        ("act.fail", "SignInNeeded wrong_account"),
        ("sign_in.ask", ""),
        ("sign_in.make", ""),
    ]


def test_an_app_that_signs_in_by_itself_is_tried(desk: Desk) -> None:
    assert desk.rows()["robot"]["state"] == "untried"
    done = desk.run("connect", "robot")
    assert (done.returncode, done.stderr) == (0, desk.begun)
    assert desk.rows()["robot"]["state"] == "good"
    wrong = desk.run("connect", "robot", ROBOT_SECRET="mistaken")
    assert wrong.returncode == 0, "the token that there is does for the hour"
    desk.run("disconnect", "robot")
    wrong = desk.run("connect", "robot", ROBOT_SECRET="mistaken")
    assert wrong.returncode == 3
    assert "AADSTS7000215" in wrong.stderr
    assert "mistaken" not in wrong.stderr
    row = desk.rows()["robot"]
    assert row["state"] == "secret_expired"
    assert "Microsoft Entra" in str(row["fix"]) or "sign_in" in str(row["fix"])
    table = desk.run("connections")
    assert table.returncode == 3
    assert "secret expired" in table.stdout


def test_a_source_without_sign_in(desk: Desk) -> None:
    assert desk.run("connect", "robot").returncode == 0
    for verb in ("connect", "disconnect"):
        done = desk.run(verb, "paper")
        assert done.returncode == 1
        assert "office, robot" in done.stderr


async def test_the_loopback_page_waits_for_its_own_answer() -> None:
    async with Loopback() as back:
        port = urlsplit(back.url).port
        assert port

        async def send(request: bytes) -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            answer = await reader.read()
            writer.close()
            await writer.wait_closed()
            return answer

        waiting = asyncio.ensure_future(back.answer("mine"))
        assert b" 404 " in await send(b"GET /favicon.ico HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert await send(b"nonsense\r\n\r\n") == b""
        assert await send(b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n") == b""
        foreign = b"GET /?state=theirs&code=1 HTTP/1.1\r\n\r\n"
        assert b" 200 " in await send(foreign)
        assert not waiting.done()
        form = b"state=mine&code=2"
        post = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b" % (len(form), form)
        assert b" 200 " in await send(post)
        assert await waiting == {"state": "mine", "code": "2"}
