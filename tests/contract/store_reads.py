"""The store's contract: queries and counts."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.ports import LISTED_BY, Key, Record, Scalar, Store, Where, Write
from tests.contract.store_model import FIELDS, WHERES, answer, every
from tests.depth import times

FRESH = count()


def job(record_id: str, **fields: Scalar) -> Record:
    return Record(kind="job", id=record_id, fields=fields)


async def fill(store: Store, key: Key, records: list[Record]) -> None:
    for start in range(0, len(records), 100):
        part = records[start : start + 100]
        await store.batch(key, [Write(op="put", record=record) for record in part])


class Queries:
    @settings(
        max_examples=times(20),
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,  # each store runs it in a class of its own
        ],
    )
    @given(
        fields=st.lists(FIELDS, max_size=12),
        where=st.lists(WHERES, max_size=3),
        order=st.sampled_from(["id", "state", "due", "created"]),
        descending=st.booleans(),
        limit=st.integers(1, 5),
    )
    async def test_a_query_returns_what_its_words_mean(  # noqa: PLR0917 drawn by name
        self,
        store: Store,
        fields: list[dict[str, Scalar]],
        where: list[Where],
        order: str,
        descending: bool,
        limit: int,
    ) -> None:
        business = f"b{next(FRESH)}"
        records = [
            Record(kind="job", id=f"j{n % 7}", fields=f, scope=f"s{n // 7}")
            for n, f in enumerate(fields)
        ]
        for scope in {record.scope for record in records}:
            own = [record for record in records if record.scope == scope]
            await fill(store, Key(business, scope), own)
        for scope in ("", "s0"):
            key = Key(business, scope)
            mine = [r for r in records if scope in {"", r.scope}]
            want = answer(mine, where, order, descending=descending)
            found = await every(
                store, key, "job", where=where, order=order, descending=descending, limit=limit
            )
            assert [record.id for record in found] == want
            assert await store.count(key, "job", where=where) == len(
                answer(mine, where, "id", descending=False)
            )

    async def test_values_of_different_types_are_never_equal_or_compared(
        self, store: Store, key: Key
    ) -> None:
        values: list[Scalar] = [None, False, True, -5, 0, 1, 10, 9, "", "1", "10", "9", "true"]
        await fill(store, key, [job(f"{n:02}", v=value) for n, value in enumerate(values)])

        async def found(where: Where) -> list[Scalar]:
            return [
                r.fields["v"] for r in await every(store, key, "job", where=[where], order="v")
            ]

        assert await found(Where("v", "=", 1)) == [1]
        assert await found(Where("v", "=", True)) == [True]
        assert await found(Where("v", "=", None)) == [None]
        assert await found(Where("v", ">=", 1)) == [1, 9, 10]
        assert await found(Where("v", "<", 1)) == [-5, 0]
        assert await found(Where("v", "<=", "10")) == ["", "1", "10"]
        assert await found(Where("v", ">", "10")) == ["9", "true"]
        assert await found(Where("v", "prefix", "1")) == ["1", "10"]
        assert await found(Where("v", "in", ())) == []
        assert await found(Where("v", "in", (True, "1", None))) == [None, True, "1"]
        assert len(await found(Where("v", "!=", 1))) == len(values) - 1

    async def test_a_prefix_ends_where_unicode_ends(self, store: Store, key: Key) -> None:
        values = ["a", "a\U0010ffff", "a\U0010ffffz", "b", "\ud7ff", "\ud7ffz", "\ue000"]
        await fill(store, key, [job(f"{n}", v=value) for n, value in enumerate(values)])
        for prefix in ("", "a", "a\U0010ffff", "\ud7ff", "\U0010ffff"):
            where = [Where("v", "prefix", prefix)]
            found = await every(store, key, "job", where=where, order="v")
            assert [r.fields["v"] for r in found] == [v for v in values if v.startswith(prefix)]

    async def test_conditions_hold_for_one_record_and_not_for_its_namesakes(
        self, store: Store
    ) -> None:
        for scope, v, w in (("a", 1, 2), ("b", 2, 1), ("c", 1, 1)):
            await store.put(Key("hudson", scope), job("same", v=v, w=w))
        where = [Where("v", "=", 1), Where("w", "=", 1)]
        for order in ("id", "v", "w"):
            found = await every(store, Key("hudson"), "job", where=where, order=order)
            assert [r.scope for r in found] == ["c"]
        assert await store.count(Key("hudson"), "job", where=where) == 1

    async def test_a_record_that_lacks_a_field_never_matches_it(
        self, store: Store, key: Key
    ) -> None:
        await fill(store, key, [job("has", v=1), job("null", v=None), job("lacks", w=1)])
        ids = [r.id for r in await every(store, key, "job", where=[Where("v", "!=", 2)])]
        assert ids == ["has", "null"]
        assert [r.id for r in await every(store, key, "job", order="v")] == ["null", "has"]
        assert await store.count(key, "job", where=[Where("nowhere", "!=", 1)]) == 0
        assert await every(store, key, "job", order="nowhere") == []

    async def test_an_id_can_be_asked_for_like_a_field(self, store: Store, key: Key) -> None:
        await fill(store, key, [job(i, v=1) for i in ("a1", "a2", "b1")])
        for order in ("id", "v"):
            found = await every(
                store, key, "job", where=[Where("id", "prefix", "a")], order=order
            )
            assert [r.id for r in found] == ["a1", "a2"]
        assert await store.count(key, "job", where=[Where("id", "in", ("a2", "zz"))]) == 1

    @pytest.mark.parametrize("descending", [False, True])
    async def test_equal_values_are_ordered_by_id_and_paged_without_loss(
        self, store: Store, key: Key, descending: bool
    ) -> None:
        await fill(store, key, [job(f"{n:03}", v=n // 40) for n in range(120)])
        for limit in (1, 7, 40, 119, 120, 121, 1_000):
            found = await every(
                store, key, "job", order="v", descending=descending, limit=limit
            )
            ids = [record.id for record in found]
            assert ids == sorted(ids, reverse=descending)
            assert len(ids) == 120

    async def test_records_are_listed_alike_by_whatever_field(
        self, store: Store, key: Key
    ) -> None:
        """By those that a store is made for, and by any other; what comes meanwhile, too."""
        names = (*sorted(LISTED_BY), "other")
        for n in range(9):
            fields: dict[str, Scalar] = dict.fromkeys(names, n // 3)
            await store.create(key, job(f"{n}", **fields))
        ways = [(name, down) for name in names for down in (False, True)]
        pages = {}
        for way in ways:
            name, down = way
            pages[way] = await store.query(key, "job", order=name, descending=down, limit=4)
        first, last = dict.fromkeys(names, -1), dict.fromkeys(names, 1)
        await store.create(key, job("gone-by", **first))
        await store.create(key, job("4x", **last))
        for name, down in ways:
            page = pages[name, down]
            seen = [record.id for record in page.records]
            while page.cursor:
                page = await store.query(
                    key, "job", order=name, descending=down, limit=4, cursor=page.cursor
                )
                seen += [record.id for record in page.records]
            every_one = ["0", "1", "2", "3", "4", "4x", "5", "6", "7", "8"]
            wanted = [*reversed(every_one), "gone-by"] if down else every_one
            assert seen == wanted, name

    @pytest.mark.parametrize("order", ["id", "v"])
    @pytest.mark.parametrize("descending", [False, True])
    async def test_a_cursor_survives_inserts_and_deletes(
        self, store: Store, key: Key, order: str, descending: bool
    ) -> None:
        stays = [f"{n:03}" for n in range(1, 90, 2)]
        goes = [f"{n:03}" for n in range(0, 90, 6)]
        await fill(store, key, [job(i, v=int(i) // 10, w=1) for i in (*stays, *goes)])
        seen: list[str] = []
        cursor = ""
        for step in count():
            page = await store.query(
                key,
                "job",
                where=[Where("w", "=", 1)],
                order=order,
                descending=descending,
                limit=5,
                cursor=cursor,
            )
            seen += [record.id for record in page.records]
            cursor = page.cursor
            if not cursor:
                break
            if step < len(goes):
                # Also the very record on which the cursor stands.
                await store.delete(key, "job", goes[step])
                if page.records[-1].id in goes:
                    await store.delete(key, "job", page.records[-1].id)
            await store.put(key, job(f"{step * 4:03}x", v=step % 9, w=1))
        assert [i for i in seen if i in stays] == sorted(stays, reverse=descending)
        assert len(seen) == len(set(seen))

    async def test_a_whole_business_is_asked_with_an_empty_scope(self, store: Store) -> None:
        for scope in ("a", "b"):
            await store.put(Key("hudson", scope), job("same", v=1))
            await store.put(Key("hudson", scope), job(f"only-{scope}", v=0))
        await store.put(Key("hudson-two", "a"), job("other", v=1))
        found = await every(store, Key("hudson"), "job", order="v", limit=1)
        assert [(r.id, r.scope) for r in found] == [
            ("only-a", "a"), ("only-b", "b"), ("same", "a"), ("same", "b"),
        ]  # fmt: skip
        assert await store.count(Key("hudson"), "job", where=[Where("v", "=", 1)]) == 2
        assert await store.count(Key("hudson", "a"), "job") == 2

    async def test_a_business_sees_nothing_of_others(self, store: Store) -> None:
        names = ["hudson", "hudso", "hudson2", "Hudson", "hudson ", "hudson%", "_udson"]
        for name in names:
            await store.put(Key(name, "work"), job("j1", owner=name))
        for name in names:
            for scope in ("", "work"):
                (only,) = (await store.query(Key(name, scope), "job")).records
                assert only.fields["owner"] == name
                (changed,) = (await store.changes(Key(name, scope))).records
                assert changed == only

    @pytest.mark.parametrize("limit", [0, -1, 1_001])
    async def test_a_page_has_1_to_1000_records(
        self, store: Store, key: Key, limit: int
    ) -> None:
        with pytest.raises(ValueError, match=r"1 to 1,000"):
            await store.query(key, "job", limit=limit)
        with pytest.raises(ValueError, match=r"1 to 1,000"):
            await store.changes(key, limit=limit)

    @pytest.mark.parametrize(
        "where",
        [
            Where("a.b", "=", 1),
            Where("x') OR 1=1 --", "=", 1),
            Where("v", "like", "x"),  # type: ignore[arg-type]  # the point of the test
            Where("v", "in", "abc"),
            Where("v", "in", (1.5,)),  # type: ignore[arg-type]  # as above
            Where("v", "=", (1,)),
            Where("v", "=", 2**53),
            Where("v", "prefix", 1),
            Where("v", "<", None),
            Where("v", ">", True),
        ],
    )
    async def test_a_condition_without_a_meaning_is_refused(
        self, store: Store, key: Key, where: Where
    ) -> None:
        with pytest.raises(ValueError, match=r"condition|field|takes"):
            await store.query(key, "job", where=[where])
        with pytest.raises(ValueError, match=r"condition|field|takes"):
            await store.count(key, "job", where=[where])

    @pytest.mark.parametrize(
        "cursor",
        ["x", "====", "bm90IGpzb24", "W10", "WzEsMiwzLDRd", "é", "\ud800", "A" * 9_999],
    )
    async def test_a_broken_cursor_is_refused(
        self, store: Store, key: Key, cursor: str
    ) -> None:
        await fill(store, key, [job("a"), job("b")])
        with pytest.raises(ValueError, match="cursor"):
            await store.query(key, "job", cursor=cursor)
        with pytest.raises(ValueError, match="cursor"):
            await store.changes(key, cursor=cursor)

    async def test_a_cursor_of_another_query_is_refused(self, store: Store, key: Key) -> None:
        await fill(store, key, [job("a", v=1), job("b", v=2)])
        cursor = (await store.query(key, "job", limit=1)).cursor
        feed = (await store.changes(key)).cursor
        with pytest.raises(ValueError, match="cursor"):
            await store.query(key, "job", order="v", cursor=cursor)
        with pytest.raises(ValueError, match="cursor"):
            await store.query(key, "job", descending=True, cursor=cursor)
        with pytest.raises(ValueError, match="cursor"):
            await store.query(key, "invoice", cursor=cursor)
        with pytest.raises(ValueError, match="cursor"):
            await store.query(Key("nobody", key.scope), "job", cursor=cursor)
        with pytest.raises(ValueError, match="cursor"):
            await store.query(key, "job", cursor=feed)
        with pytest.raises(ValueError, match="cursor"):
            await store.changes(key, cursor=cursor)
