"""A sealed stream opens whole, in its own place, or not at all; whatever its length."""

from __future__ import annotations

import tracemalloc
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.errors import Unopened
from flows.streams import (
    CHUNK,
    HEADER_BYTES,
    TAG_BYTES,
    Chunks,
    new_header,
    open_stream,
    seal_stream,
)

KEY, NAMES, SIZE = bytes(range(32)), ("hudson", "attachment", "a1"), 16


async def _pieces(content: bytes, cuts: Sequence[int] = ()) -> AsyncIterator[bytes]:
    edges = [0, *sorted(min(cut, len(content)) for cut in cuts), len(content)]
    for start, end in pairwise(edges):
        yield content[start:end]


async def _sealed(content: bytes, cuts: Sequence[int] = (), size: int = SIZE) -> bytes:
    return b"".join(
        [p async for p in seal_stream(KEY, NAMES, _pieces(content, cuts), size=size)]
    )


async def _opened(
    sealed: bytes, cuts: Sequence[int] = (), names: tuple[str, ...] = NAMES
) -> bytes:
    return b"".join([part async for part in open_stream(KEY, names, _pieces(sealed, cuts))])


CUTS = st.lists(st.integers(0, 200), max_size=6)


@settings(deadline=None)
@given(content=st.binary(max_size=100), cuts=CUTS, others=CUTS)
async def test_what_was_sealed_opens_again_however_it_is_cut(
    content: bytes, cuts: list[int], others: list[int]
) -> None:
    sealed = await _sealed(content, cuts)
    chunks = max(1, -(-len(content) // SIZE))
    assert len(sealed) == HEADER_BYTES + len(content) + chunks * TAG_BYTES
    assert await _opened(sealed, others) == content


@pytest.mark.parametrize("length", [0, 1, SIZE - 1, SIZE, SIZE + 1, 3 * SIZE, 3 * SIZE + 5])
async def test_no_cut_and_nothing_added_goes_unnoticed(length: int) -> None:
    """Also where the cut falls between two chunks."""
    sealed = await _sealed(bytes(length))
    for changed in (*(sealed[:n] for n in range(len(sealed))), sealed + b"x", sealed + sealed):
        with pytest.raises(Unopened):
            await _opened(changed)


async def test_no_single_flipped_bit_goes_unnoticed() -> None:
    sealed = await _sealed(b"pay 100.00 to Maria, 14 Elm Street")
    for at in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[at // 8] ^= 1 << at % 8
        with pytest.raises(Unopened) as caught:
            await _opened(bytes(altered))
        assert caught.value.fix
        assert "Maria" not in f"{caught.value} {caught.value.__cause__!r}"


async def test_chunks_in_another_order_or_of_another_stream_are_refused() -> None:
    one, other = [await _sealed(bytes(range(48))) for _ in range(2)]
    step = SIZE + TAG_BYTES
    first, second, third = [
        one[HEADER_BYTES + n * step : HEADER_BYTES + (n + 1) * step] for n in range(3)
    ]
    theirs = other[HEADER_BYTES : HEADER_BYTES + step]
    for order in (
        (second, first, third),
        (first, first, second, third),
        (first, third),
        (second, third),
        (theirs, second, third),
        (third,),
    ):
        with pytest.raises(Unopened):
            await _opened(one[:HEADER_BYTES] + b"".join(order))
    assert await _opened(one[:HEADER_BYTES] + first + second + third) == bytes(range(48))


@pytest.mark.parametrize(
    "names",
    [
        ("other", "attachment", "a1"),
        ("hudson", "backup", "a1"),
        ("hudson", "attachment", "a2"),
        ("hudson", "attachmenta", "1"),
        ("hudson", "attachment"),
    ],
)
async def test_a_stream_that_was_moved_does_not_open(names: tuple[str, ...]) -> None:
    with pytest.raises(Unopened):
        await _opened(await _sealed(b"a photo"), names=names)


async def test_the_same_content_is_never_sealed_to_the_same_bytes() -> None:
    one, other = [await _sealed(bytes(SIZE)) for _ in range(2)]
    assert one[HEADER_BYTES:] != other[HEADER_BYTES:]


def test_a_header_that_asks_for_a_giant_chunk_is_refused() -> None:
    header = new_header(16)
    with pytest.raises(Unopened):
        Chunks(KEY, NAMES, header[:4] + b"\xff\xff\xff\xff" + header[8:])


def test_a_short_chunk_is_the_last() -> None:
    with pytest.raises(ValueError, match="size"):
        Chunks(KEY, NAMES, new_header(16)).seal(b"short", last=False)


async def test_memory_stays_the_same_whatever_the_length() -> None:
    """A file of 200 MB goes through 2 MB."""

    async def zeros(megabytes: int) -> AsyncIterator[bytes]:
        for _ in range(megabytes * 4):
            yield bytes(2**18)

    length = 0
    tracemalloc.start()
    async for part in open_stream(KEY, NAMES, seal_stream(KEY, NAMES, zeros(200))):
        length += len(part)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert length == 200 * 2**20
    assert peak < 2 * 2**20
    assert CHUNK < 2**18, "pieces are cut"
