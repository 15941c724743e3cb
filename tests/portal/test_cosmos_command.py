"""Commands as people type them where records are kept in Cosmos DB, Prefect and all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.connectors.cosmos_account import cosmos_server, indexing
from tests.flows.business import FLOWS, mail
from tests.portal.conftest import jigajob
from tests.servers.certificates import Certificates
from tests.servers.cosmos import CosmosServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def server(certificates: Certificates) -> Iterator[CosmosServer]:
    """An account on this machine, where alone a key is taken and no certificate checked."""
    with cosmos_server(certificates) as server:
        server.create_container(
            "jigajob", "other", paths=["/b", "/s"], default_ttl=-1, indexing=indexing()
        )
        yield server


@dataclass(frozen=True)
class Home:
    """A folder of one machine, and the container that its settings name."""

    folder: Path
    store: str
    key: str

    def ran(self, *words: str | Path) -> CompletedProcess[str]:
        return jigajob(
            *words,
            JIGAJOB_HOME=str(self.folder / "home"),
            JIGAJOB_FLOWS=str(self.folder / "flows.yaml"),
            JIGAJOB_STORE=self.store,
            JIGAJOB_STORE_KEY=self.key,
            JIGAJOB_BLOBS=str(self.folder / "blobs"),
        )

    def done(self, *words: str | Path) -> str:
        it = self.ran(*words)
        assert it.returncode == 0, it.stderr
        assert "Warning" not in it.stderr
        return it.stdout


@pytest.fixture(scope="module")
def home(server: CosmosServer, tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("azure")
    (folder / "flows.yaml").write_text(FLOWS)
    (folder / "mail").mkdir()
    for name, raw in {
        "1": mail(),
        "2": mail("Another boiler", "It leaks. " * 20_000, name="2"),
        "3": mail("Lunch on Sunday?", "Hi, are we still on?", name="3"),
    }.items():
        (folder / f"mail/{name}.eml").write_bytes(raw)
    return Home(folder, server.url, server.key)


def test_a_run_and_what_people_look_at_after_it(server: CosmosServer, home: Home) -> None:
    """Nothing of it lies in a file of this machine, and a second run finds nothing new."""
    assert "3 new mails and transactions" in home.done("run")
    assert "nothing is new" in home.done("run")
    status = json.loads(home.done("status", "--json"))
    listed = home.done("outbox", "list", "--json").splitlines()
    assert [json.loads(line)["id"] for line in listed] == status["waiting"]
    assert len(listed) == 2
    assert home.done("outbox", "approve", *status["waiting"]).count(" sent") == 2
    verified = home.done("audit", "verify")
    assert "nothing was changed" in verified
    assert "output.approve" in home.done("audit", "list")
    assert "is at schema 2" in home.done("migrate")
    assert not (home.folder / "home/jigajob.db").exists()
    assert {item.body["b"] for item in server.items("jigajob", "records")} == {"hudson"}


def test_keys_are_rotated_and_a_backup_comes_back_in_a_file_and_in_a_container(
    server: CosmosServer, home: Home, tmp_path: Path
) -> None:
    home.done("run")
    outputs = home.done("outbox", "list", "--all", "--json")
    assert "records were sealed with the new key" in home.done("keys", "rotate")
    assert "3 keys are wrapped" in home.done("keys", "rotate", "--wrapping")
    home.done("backup", tmp_path / "b")
    for name, store in (("file", ""), ("container", f"{server.url}jigajob/other")):
        other = Home(tmp_path / name, store, server.key)
        shutil.copytree(home.folder / "home/keys", other.folder / "home/keys")
        shutil.copytree(home.folder / "mail", other.folder / "mail")
        shutil.copy2(home.folder / "flows.yaml", other.folder)
        restored = other.done("restore", tmp_path / "b.jigajob")
        root = restored.partition("--root ")[2].strip()
        assert other.done("outbox", "list", "--all", "--json") == outputs
        assert "nothing was changed" in other.done("audit", "verify", "--root", root)
        assert "being changed" in other.done("keys", "show")
        assert "nothing is new" in other.done("run")


def test_a_business_that_was_shredded_there_is_said_to_be(
    server: CosmosServer, home: Home
) -> None:
    home.done("run")
    home.done("keys", "shred", "--yes", "hudson")
    for words in (["status"], ["run"]):
        it = home.ran(*words)
        assert it.returncode == 3
        assert "were destroyed at" in it.stderr
    assert "nothing was changed" in home.done("audit", "verify")
    assert {item.body["s"] for item in server.items("jigajob", "records")} <= {"keys", "audit"}


def test_a_certificate_of_nobody_is_trusted_on_this_machine_alone(
    server: CosmosServer, home: Home
) -> None:
    """Under any other name the key is refused before anything is connected."""
    named = server.url.replace("127.0.0.1", "records.hudson.example")
    it = Home(home.folder, named, server.key).ran("status")
    assert it.returncode == 3
    assert "was given a key" in it.stderr
    assert server.key not in it.stderr
