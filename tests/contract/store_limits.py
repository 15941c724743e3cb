"""The store's contract: sizes, names and values."""

from __future__ import annotations

from datetime import datetime

import pytest

from flows.errors import RecordTooLarge
from flows.ports import Key, Record, Store, Where

LIMIT = 2_000_000


def job(record_id: str, **fields: str | int | bool | None) -> Record:
    return Record(kind="job", id=record_id, fields=fields)


class Limits:
    async def test_a_record_of_2_000_000_bytes_fits_and_one_more_does_not(
        self, store: Store, key: Key
    ) -> None:
        await store.put(key, Record(kind="job", id="fits", sealed=bytes(LIMIT - 2)))
        for sealed, fields in (
            (bytes(LIMIT - 1), {}),
            (bytes(LIMIT - 100), {"note": "é" * 60}),
            (b"", {"note": "x" * LIMIT}),
        ):
            record = Record(kind="job", id="big", sealed=sealed, fields=fields)
            with pytest.raises(RecordTooLarge):
                await store.put(key, record)
            with pytest.raises(RecordTooLarge):
                await store.create(key, record)
        assert await store.count(key, "job") == 1

    @pytest.mark.parametrize(
        "record_id", ["a", "x" * 255, "ж" * 255, "a b", "a.b:c@d+e=f~", "'; --", "😀", "%_*"]
    )
    async def test_ids_of_1_to_255_characters_are_taken(
        self, store: Store, key: Key, record_id: str
    ) -> None:
        created = await store.create(key, job(record_id))
        assert await store.get(key, "job", record_id) == created
        assert [r.id for r in (await store.query(key, "job")).records] == [record_id]

    @pytest.mark.parametrize(
        "record_id",
        ["", "x" * 256, "a/b", "a\\b", "a?b", "a#b", "a\0b", "a\nb", "\x7f", "\ud800"],
    )
    async def test_other_ids_are_refused_everywhere(
        self, store: Store, key: Key, record_id: str
    ) -> None:
        with pytest.raises(ValueError, match="record id"):
            await store.create(key, job(record_id))
        with pytest.raises(ValueError, match="record id"):
            await store.put(key, job(record_id))
        with pytest.raises(ValueError, match="record id"):
            await store.get(key, "job", record_id)
        with pytest.raises(ValueError, match="record id"):
            await store.delete(key, "job", record_id)

    @pytest.mark.parametrize("key", [Key("", "work"), Key("hudson"), Key("a/b", "c")])
    async def test_one_partition_is_named_in_full(self, store: Store, key: Key) -> None:
        with pytest.raises(ValueError, match=r"business|scope"):
            await store.put(key, job("j1"))
        with pytest.raises(ValueError, match=r"business|scope"):
            await store.get(key, "job", "j1")
        with pytest.raises(ValueError, match=r"business|scope"):
            await store.delete(key, "job", "j1")

    @pytest.mark.parametrize("kind", ["", "Job", "a b", "x" * 64, "a/b", "1a"])
    async def test_a_kind_is_a_short_word(self, store: Store, key: Key, kind: str) -> None:
        with pytest.raises(ValueError, match="kind"):
            await store.put(key, Record(kind=kind, id="j1"))
        with pytest.raises(ValueError, match="kind"):
            await store.query(key, kind)

    @pytest.mark.parametrize("name", ["", "a.b", "a b", "1a", "a'", "é", "x" * 65, "id"])
    async def test_a_field_is_an_identifier_other_than_id(
        self, store: Store, key: Key, name: str
    ) -> None:
        with pytest.raises(ValueError, match="field"):
            await store.put(key, Record(kind="job", id="j1", fields={name: 1}))

    @pytest.mark.parametrize(
        "value",
        [
            1.0,
            float("nan"),
            2**53,
            -(2**53),
            b"x",
            ["x"],
            {"a": 1},
            "a\0b",
            "\udfff",
        ],
    )
    async def test_other_values_are_refused_without_being_shown(
        self, store: Store, key: Key, value: object
    ) -> None:
        with pytest.raises(ValueError, match="field") as caught:
            await store.put(key, Record(kind="job", id="j1", fields={"n": value}))  # type: ignore[dict-item]  # the point of the test
        assert str(value) not in str(caught.value)

    @pytest.mark.parametrize(
        "value",
        [
            None,
            True,
            False,
            0,
            1,
            -1,
            2**53 - 1,
            1 - 2**53,
            "",
            "1",
            "null",
            "é\u0301 😀 \u202e\n\t'\"\\",
        ],
    )
    async def test_values_come_back_as_they_were_and_are_found(
        self, store: Store, key: Key, value: str | int | None
    ) -> None:
        await store.put(key, job("j1", v=value))
        read = await store.get(key, "job", "j1")
        assert read is not None
        assert read.fields["v"] == value
        assert type(read.fields["v"]) is type(value)
        assert await store.count(key, "job", where=[Where("v", "=", value)]) == 1
        assert await store.count(key, "job", where=[Where("v", "in", (value, "no"))]) == 1
        assert await store.count(key, "job", where=[Where("v", "!=", value)]) == 0

    async def test_a_time_of_expiry_without_a_zone_is_refused(
        self, store: Store, key: Key
    ) -> None:
        naive = datetime(2031, 1, 1)  # noqa: DTZ001 the point of the test
        with pytest.raises(ValueError, match="time zone"):
            await store.put(key, Record(kind="job", id="j1", expires_at=naive))
