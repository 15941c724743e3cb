"""A folder keeps the contract of every place for blobs; and what a folder must keep besides."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.blob_folder import FolderBlobs
from flows.errors import AdministratorError
from flows.ports import Blobs
from tests.contract.blobs import BlobsContract, names, read


class TestFolderBlobs(BlobsContract):
    @pytest.fixture
    def blobs(self, tmp_path: Path) -> Blobs:
        return FolderBlobs(tmp_path / "home" / "blobs")


async def test_only_the_owner_reads_folder_and_files(tmp_path: Path) -> None:
    folder = tmp_path / "blobs"
    await FolderBlobs(folder).put("hudson", "a", b"x")
    assert folder.stat().st_mode & 0o777 == 0o700
    for path in folder.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)


async def test_a_draft_that_was_left_is_not_a_blob_and_goes_with_the_business(
    tmp_path: Path,
) -> None:
    blobs = FolderBlobs(tmp_path)
    await blobs.put("hudson", "a", b"x")
    (left,) = [path.parent / ".draft-left" for path in tmp_path.rglob("a")]
    left.write_bytes(b"half")
    assert await names(blobs, "hudson") == ["a"]
    await blobs.purge("hudson")
    assert list(tmp_path.rglob("*")) == []


async def test_the_name_of_a_business_is_not_on_the_disk(tmp_path: Path) -> None:
    await FolderBlobs(tmp_path).put("hudson-plumbing", "a", b"x")
    assert not any("hudson" in str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))


async def test_a_folder_that_cannot_be_used_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file")
    blobs = FolderBlobs(tmp_path / "blobs")
    for call in (blobs.put("hudson", "a", b"x"), read(blobs, "hudson", "a")):
        with pytest.raises(AdministratorError) as caught:
            await call
        assert "writable" in caught.value.fix
        assert "hudson" not in str(caught.value)
