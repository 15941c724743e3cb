"""What every place for blobs promises. Subclass `BlobsContract` and say how to open one.

class TestMyBlobs(BlobsContract):
    @pytest.fixture
    async def blobs(self, tmp_path):
        yield MyBlobs(tmp_path)
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from flows.errors import BlobMissing, TransientError
from flows.ports import Blobs

MB = 1024 * 1024


async def read(blobs: Blobs, business: str, name: str) -> bytes:
    return b"".join([part async for part in blobs.get(business, name)])


async def names(blobs: Blobs, business: str) -> list[str]:
    return [entry.name async for entry in blobs.entries(business)]


async def in_parts(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


class BlobsContract:
    """The whole contract; `blobs` is to be overridden: empty, and open until the test ends."""

    @pytest.fixture
    def blobs(self) -> Blobs:
        raise NotImplementedError("override blobs: see the module's first lines")

    @pytest.mark.parametrize("size", [0, 1, 65_537, 9 * MB + 1])
    async def test_bytes_come_back_as_they_were(self, blobs: Blobs, size: int) -> None:
        data = (bytes(range(256)) * (size // 256 + 1))[:size]
        await blobs.put("hudson", "a", data)
        assert await read(blobs, "hudson", "a") == data

    async def test_parts_are_stored_in_their_order(self, blobs: Blobs) -> None:
        parts = [bytes([n]) * MB for n in range(6)]
        await blobs.put("hudson", "a", in_parts(*parts, b"end"))
        assert await read(blobs, "hudson", "a") == b"".join(parts) + b"end"

    async def test_a_big_blob_is_read_in_parts(self, blobs: Blobs) -> None:
        await blobs.put("hudson", "a", bytes(9 * MB))
        sizes = [len(part) async for part in blobs.get("hudson", "a")]
        assert sum(sizes) == 9 * MB
        assert max(sizes) <= 4 * MB

    async def test_a_blob_is_written_over_as_a_whole(self, blobs: Blobs) -> None:
        await blobs.put("hudson", "a", b"a longer one")
        await blobs.put("hudson", "a", b"short")
        assert await read(blobs, "hudson", "a") == b"short"

    async def test_what_fails_on_the_way_leaves_what_was_there(self, blobs: Blobs) -> None:
        async def broken() -> AsyncIterator[bytes]:
            yield bytes(5 * MB)
            raise RuntimeError("the source broke off")

        await blobs.put("hudson", "a", b"whole")
        for name in ("a", "b"):
            with pytest.raises(RuntimeError, match="broke off"):
                await blobs.put("hudson", name, broken())
        assert await read(blobs, "hudson", "a") == b"whole"
        assert await names(blobs, "hudson") == ["a"]

    async def test_what_is_missing_is_said_to_be(self, blobs: Blobs) -> None:
        await blobs.put("hudson", "a", b"x")
        for business, name in (("hudson", "b"), ("other", "a")):
            with pytest.raises(BlobMissing):
                await read(blobs, business, name)

    async def test_deleting_is_idempotent_and_removes_one(self, blobs: Blobs) -> None:
        await blobs.put("hudson", "a", b"x")
        await blobs.put("hudson", "ab", b"y")
        await blobs.delete("hudson", "a")
        await blobs.delete("hudson", "a")
        await blobs.delete("nobody", "a")
        assert await names(blobs, "hudson") == ["ab"]

    async def test_entries_tell_size_and_time_in_the_order_of_names(self, blobs: Blobs) -> None:
        for name in ("b", "a.1", "A", "_z", "0"):
            await blobs.put("hudson", name, name.encode())
        found = [entry async for entry in blobs.entries("hudson")]
        assert [entry.name for entry in found] == sorted(("b", "a.1", "A", "_z", "0"))
        assert [entry.size for entry in found] == [len(entry.name) for entry in found]
        for entry in found:
            assert abs(entry.written_at - datetime.now(UTC)) < timedelta(minutes=5)
        assert await names(blobs, "nobody") == []

    async def test_a_purge_removes_exactly_one_business(self, blobs: Blobs) -> None:
        businesses = ["hudson", "hudson2", "Hudson", "hudso", "Müller & Söhne 🛠"]
        for business in businesses:
            for name in ("a", "b"):
                await blobs.put(business, name, b"x")
        await blobs.purge("hudson")
        await blobs.purge("hudson")
        for business in businesses:
            assert await names(blobs, business) == ([] if business == "hudson" else ["a", "b"])
        await blobs.put("hudson", "a", b"new")
        assert await read(blobs, "hudson", "a") == b"new"

    async def test_eight_writers_of_one_name_leave_one_whole_blob(self, blobs: Blobs) -> None:
        bodies = [bytes([n]) * (2 * MB + n) for n in range(8)]
        results = await asyncio.gather(
            *(blobs.put("hudson", "a", body) for body in bodies), return_exceptions=True
        )
        assert None in results
        assert all(result is None or isinstance(result, TransientError) for result in results)
        assert await read(blobs, "hudson", "a") in bodies

    @pytest.mark.parametrize(
        "name", ["", ".a", "..", "a/b", "../a", "a\\b", "a b", "é", "a\n", "x" * 201]
    )
    async def test_other_names_are_refused_everywhere(self, blobs: Blobs, name: str) -> None:
        with pytest.raises(ValueError, match="name"):
            await blobs.put("hudson", name, b"x")
        with pytest.raises(ValueError, match="name"):
            await read(blobs, "hudson", name)
        with pytest.raises(ValueError, match="name"):
            await blobs.delete("hudson", name)

    async def test_a_business_is_named_as_for_records(self, blobs: Blobs) -> None:
        for business in ("", "a/b"):
            with pytest.raises(ValueError, match="business"):
                await blobs.put(business, "a", b"x")
            with pytest.raises(ValueError, match="business"):
                await blobs.purge(business)
