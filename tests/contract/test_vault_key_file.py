"""The key file keeps the contract of every vault, and its own promises about the file."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.key_file import KeyFileVault
from flows.errors import AdministratorError
from flows.ports import Vault
from tests.contract.vault import DATA_KEY, VaultContract

ROOT = Path(__file__).parents[2]


class TestKeyFileVault(VaultContract):
    @pytest.fixture
    def open_vault(self, tmp_path: Path) -> Callable[[str], Vault]:
        return lambda name: KeyFileVault(tmp_path / name / "keys")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def file(folder: Path) -> Path:
    asyncio.run(KeyFileVault(folder).wrap("hudson", DATA_KEY))
    return folder / "wrapping.key"


def test_the_key_is_made_for_its_owner_only_whatever_the_umask(folder: Path) -> None:
    before = os.umask(0)
    try:
        asyncio.run(KeyFileVault(folder).wrap("hudson", DATA_KEY))
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.stat().st_size == 32


def test_opening_a_vault_makes_no_file(folder: Path) -> None:
    KeyFileVault(folder)
    assert not folder.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o666])
async def test_a_key_that_others_can_reach_is_refused_with_the_command_that_mends_it(
    folder: Path, file: Path, mode: int
) -> None:
    vault = KeyFileVault(folder)
    wrapped = await vault.wrap("hudson", DATA_KEY)
    file.chmod(mode)
    for call in (vault.wrap("hudson", DATA_KEY), vault.unwrap("hudson", wrapped)):
        with pytest.raises(AdministratorError) as caught:
            await call
        assert caught.value.fix == f"chmod 600 {file}"
    file.chmod(0o600)
    assert await vault.unwrap("hudson", wrapped) == DATA_KEY


@pytest.mark.parametrize("size", [0, 31, 33, 5_000])
async def test_a_key_of_the_wrong_size_is_refused_and_left_alone(
    folder: Path, file: Path, size: int
) -> None:
    content = os.urandom(size)
    file.write_bytes(content)
    with pytest.raises(AdministratorError, match="32 bytes"):
        await KeyFileVault(folder).wrap("hudson", DATA_KEY)
    assert file.read_bytes() == content


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
async def test_what_is_no_file_is_refused_without_hanging(
    folder: Path, make: Callable[[Path], None]
) -> None:
    folder.mkdir()
    make(folder / "wrapping.key")
    (folder / "wrapping.key").chmod(0o600)
    with pytest.raises(AdministratorError):
        await KeyFileVault(folder).wrap("hudson", DATA_KEY)


async def test_a_lost_key_file_is_missed_and_not_made_anew(folder: Path, file: Path) -> None:
    vault = KeyFileVault(folder)
    wrapped = await vault.wrap("hudson", DATA_KEY)
    file.unlink()
    with pytest.raises(AdministratorError, match="missing") as caught:
        await vault.unwrap("hudson", wrapped)
    assert "backup" in caught.value.fix
    assert not file.exists()


async def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(AdministratorError) as caught:
        await KeyFileVault(tmp_path / "taken" / "keys").wrap("hudson", DATA_KEY)
    assert caught.value.fix


def test_processes_that_start_at_once_agree_on_one_key(folder: Path) -> None:
    program = (
        "import asyncio, sys; from pathlib import Path\n"
        "from connectors.key_file import KeyFileVault\n"
        "vault = KeyFileVault(Path(sys.argv[1])); sys.stdin.readline()\n"
        "print(asyncio.run(vault.wrap('hudson', bytes(32))).hex())\n"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, folder],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    wrapped = {process.communicate(timeout=60)[0] for process in started}
    # The wrapping is deterministic, so one key gives one answer.
    assert len(wrapped) == 1
    assert len(wrapped.pop().strip()) == 80
    assert [path.name for path in folder.iterdir()] == ["wrapping.key"]
