"""The stand-in holds to what Microsoft documents of queries: values, order, pages, reach.

Each section names the page.
"""

import pytest
from azure.cosmos import exceptions as no

from tests.servers.cosmos import charges
from tests.servers.cosmos.conftest import KEY
from tests.servers.cosmos.values import UNDEFINED, both, compare, either, negated

VALUES = {"null": None, "yes": True, "one": 1, "text": "1", "list": [1], "object": {"n": 1}}


async def refused(asked):
    with pytest.raises(no.CosmosHttpResponseError) as caught:
        await asked
    return caught.value.status_code


@pytest.fixture
async def values(box):
    """Items that hold one value of each type, and one that holds none."""
    for name, value in VALUES.items():
        await box.create(name, v=value)
    await box.create("none")
    return box


async def ids(box, where, **parameters):
    return sorted(await box.ask(f"SELECT VALUE c.id FROM c WHERE {where}", **parameters))


# Values. Source: "Equality and comparison operators", "Logical operators".


async def test_equality_is_within_a_type(values):
    for name, value in VALUES.items():
        assert await ids(values, "c.v = @v", v=value) == [name]
    assert await ids(values, "c.v = undefined") == []


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("c.v != 2", ["one"]),
        ("c.v <> '2'", ["text"]),
        ("NOT c.v = 2", ["one"]),
        ("c.v >= 1", ["one"]),
        ("c.v < 'a'", ["text"]),
        ("c.v >= null", ["null"]),
        ("c.v > false", ["yes"]),
        ("c.v >= [1]", []),
        ("c.v != {}", []),
        ("c.v IN (1, null, 'x')", ["null", "one"]),
        ("c.v NOT IN (2)", ["one"]),
        ("c.v BETWEEN 0 AND 1", ["one"]),
        ("IS_DEFINED(c.v)", sorted(VALUES)),
        ("NOT IS_DEFINED(c.v)", ["none"]),
        ("IS_NULL(c.v)", ["null"]),
        ("STARTSWITH(c.v, '')", ["text"]),
        ("c.v = 1 OR c.w = 2", ["one"]),
        ("NOT (c.v = 1 AND c.w = 2)", []),
        ("c.v = 2 OR NOT c.w = 2", []),
        ("c.w = 2 OR true", sorted([*VALUES, "none"])),
        ("(c.v = 1 OR c.v = '1') AND c.id != 'one'", ["text"]),
        ('c["v"].n = 1', ["object"]),
        ("c.v[0] = 1", ["list"]),
        ("false", []),
        ("1", []),
    ],
)
async def test_a_condition_finds(values, where, found):
    assert await ids(values, where) == found


def test_three_values_are_joined_as_the_tables_have_it():
    u = UNDEFINED
    table = {(True, u): (u, True), (False, u): (False, u), (u, u): (u, u)}
    for (left, right), (conjunction, disjunction) in table.items():
        assert both(left, right) is both(right, left) is conjunction
        assert either(left, right) is either(right, left) is disjunction
    assert negated(u) is negated(1) is u
    assert compare("=", 1, True) is u


async def test_a_text_in_the_query_and_a_parameter_mean_the_same(box):
    for n, text in enumerate(["it's", 'a "b"', "a\\b", "ж😀", "@n"]):
        await box.create(f"{n}", v=text)
        said = text.replace("\\", "\\\\").replace("'", "\\'")
        assert await ids(box, f"c.v = '{said}'") == [f"{n}"]
        assert await ids(box, "c.v = @v", v=text) == [f"{n}"]


async def test_what_is_shown(box):
    await box.create("a", n=1, deep={"x": [1, 2]})
    assert await box.ask("SELECT c.id, c.deep.x AS y, c.no FROM c") == [
        {"id": "a", "y": [1, 2]}
    ]
    assert await box.ask("SELECT VALUE c.no FROM c") == []
    assert await box.ask("SELECT VALUE {n: c.n, 'no': c.no, l: [c.n, c.no]} FROM c") == [
        {"n": 1, "l": [1]}
    ]
    (whole,) = await box.ask("SELECT * FROM records r WHERE r.n = 1")
    assert whole == await box.read("a")
    assert await box.ask("SELECT VALUE COUNT(c.no) FROM c") == [0]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT",
        "SELECT * FROM",
        "SELECT * FROM c WHERE",
        "SELECT * FROM c WHERE c.n =",
        "SELECT * FROM c WHERE d.n = 1",
        "SELECT * FROM c WHERE c.n = @n",
        "SELECT * FROM c WHERE c.n IN ()",
        "SELECT * FROM c WHERE (c.n = 1",
        "SELECT * FROM c WHERE c.n = 1; DROP",
        "SELECT * FROM c WHERE c.value = 'a",
        "SELECT * FROM c WHERE c.order = 1",
        "SELECT * FROM c WHERE TODAY(c.n)",
        "SELECT * FROM c ORDER BY 1",
        "SELECT TOP 1 * FROM c OFFSET 0 LIMIT 1",
        "SELECT * FROM c OFFSET 1",
        "SELECT TOP -1 * FROM c",
    ],
)
async def test_what_is_no_query_is_400(box, text):
    await box.create("a", n=1)
    assert await refused(box.ask(text)) == 400


async def test_what_it_was_not_taught_is_not_taken_for_a_refusal(server, box):
    await box.create("a")
    for text in ("SELECT DISTINCT c.a FROM c", "SELECT * FROM c JOIN d IN c.d"):
        assert await refused(box.ask(text)) == 501
    assert {*server.violations} == {"not taught: DISTINCT", "not taught: JOIN"}
    server.violations.clear()


# Order. Source: "ORDER BY", "Indexing policies in Azure Cosmos DB".


async def test_types_are_ordered_and_what_lacks_the_path_is_left_out(values):
    found = await values.ask("SELECT VALUE c.id FROM c ORDER BY c.v")
    assert found == ["null", "yes", "one", "text", "list", "object"]
    assert await values.ask("SELECT VALUE c.id FROM c ORDER BY c.v DESC") == found[::-1]


async def test_what_lacks_a_path_comes_first_where_the_policy_writes_the_path_out(box):
    await box.create("a", told=1)
    await box.create("b")
    assert await box.ask("SELECT VALUE c.id FROM c ORDER BY c.told") == ["b", "a"]


async def test_several_paths_need_a_composite_index_of_just_these(box):
    for n, item_id in enumerate(["a", "b", "c", "d"]):
        await box.create(item_id, n=n // 2)
    told = "SELECT VALUE c.id FROM c ORDER BY "
    assert await box.ask(told + "c.n, c.id DESC") == ["b", "a", "d", "c"]
    assert await box.ask(told + "c.n DESC, c.id") == ["c", "d", "a", "b"]
    for wrong in ("c.n, c.id", "c.n DESC, c.id DESC", "c.id DESC, c.n", "c.n, c.id DESC, c.v"):
        assert await refused(box.ask(told + wrong)) == 400


async def test_what_is_not_indexed_is_found_dearly_and_not_ordered_by(server, box):
    for n in range(3):
        await box.create(f"{n}", plain={"n": n}, n=n, body="x" * 100_000)
    assert await ids(box, "c.plain.n = 1") == ["1"]
    dear = server.journal[-1].charge
    assert await ids(box, "c.n = 1") == ["1"]
    assert dear > server.journal[-1].charge
    assert await refused(box.ask("SELECT * FROM c ORDER BY c.plain.n")) == 400
    assert await refused(box.ask("SELECT * FROM c ORDER BY c.sealed.n")) == 400


async def test_without_an_order_none_can_be_leaned_on(box):
    made = [f"{n:02}" for n in range(30)]
    for item_id in made:
        await box.create(item_id, n=1)
    for by in ("", " ORDER BY c.n"):
        found = await box.ask(f"SELECT VALUE c.id FROM c{by}")
        assert sorted(found) == made
        assert found != made


# Pages. Source: "Pagination in Azure Cosmos DB for NoSQL".


async def pages(box, text, size, **options):
    found = box.container.query_items(
        text, partition_key=KEY, max_item_count=size, **options
    ).by_page()
    return [[row async for row in page] async for page in found]


async def test_pages_go_on_where_they_ended_whatever_was_written_meanwhile(box):
    for n in range(0, 20, 2):
        await box.create(f"{n:02}", n=n)
    text = "SELECT VALUE c.n FROM c ORDER BY c.n"
    first = box.container.query_items(text, partition_key=KEY, max_item_count=4).by_page()
    assert [row async for row in await anext(first)] == [0, 2, 4, 6]
    await box.create("01", n=1)
    await box.create("07", n=7)
    rest = box.container.query_items(text, partition_key=KEY, max_item_count=4).by_page(
        first.continuation_token
    )
    found = [row async for page in rest async for row in page]
    assert found == [7, *range(8, 20, 2)]
    other = box.container.query_items("SELECT * FROM c", partition_key=KEY)
    assert await refused(anext(other.by_page(first.continuation_token))) == 400


async def test_top_and_offset_limit_hold_over_all_pages(box):
    for n in range(10):
        await box.create(f"{n}", n=n)
    by = "FROM c ORDER BY c.n"
    assert await pages(box, f"SELECT TOP 5 VALUE c.n {by}", 2) == [[0, 1], [2, 3], [4]]
    offset = await pages(box, f"SELECT VALUE c.n {by} OFFSET 3 LIMIT 4", 3)
    assert offset == [[3, 4, 5], [6]]
    assert await box.ask(f"SELECT TOP @n VALUE c.n {by}", n=2) == [0, 1]


async def test_a_page_may_be_short_or_empty_and_yet_there_is_more(server, box):
    for n in range(10):
        await box.create(f"{n}", n=n)
    server.faults.fail_next("empty_page", "query")
    server.faults.fail_next("short_page", "query", times=2)
    found = await pages(box, "SELECT VALUE c.n FROM c ORDER BY c.n", 8)
    assert [row for page in found for row in page] == list(range(10))
    assert len(found) > 2
    assert server.faults.injected == {"empty_page": 1, "short_page": 2}


async def test_a_count_may_come_in_parts(server, box):
    for n in range(10):
        await box.create(f"{n}", n=n)
    server.faults.random(rate=0.7, kinds=["short_page", "empty_page"], seed=4)
    parts = await box.ask("SELECT VALUE COUNT(1) FROM c")
    assert sum(parts) == 10
    assert len(parts) > 1


# Reach. Source: "Hierarchical partition keys", "Query plan" as the SDK reads it.


@pytest.fixture
async def many(box):
    for n in range(40):
        await box.create(f"{n:02}", [f"b{n % 5}", f"s{n % 3}"], n=n)
    return box


@pytest.mark.parametrize("splits", [0, 1, 2])
async def test_a_query_sees_its_key_its_prefix_or_all(server, many, splits):
    for _ in range(splits):
        server.split("jigajob", "records")
    whole = [n for n in range(40) if n % 5 == 1 and n % 3 == 1]
    prefix = [n for n in range(40) if n % 5 == 1]
    for key, want in ((["b1", "s1"], whole), (["b1"], prefix), ([], [*range(40)])):
        assert sorted(await many.ask("SELECT VALUE c.n FROM c", key)) == want
        assert sum(await many.ask("SELECT VALUE COUNT(1) FROM c", key)) == len(want)
    assert await many.ask("SELECT VALUE c.n FROM c ORDER BY c.n", []) == [*range(40)]
    last = await many.ask("SELECT TOP 3 VALUE c.n FROM c ORDER BY c.n DESC", [])
    assert last == [39, 38, 37]
    skipped = await many.ask("SELECT * FROM c ORDER BY c.n OFFSET 5 LIMIT 2", [])
    assert [row["n"] for row in skipped] == [5, 6]


async def test_a_split_is_told_to_who_has_an_old_map(server, many):
    assert len(await many.ask("SELECT * FROM c", ["b1"])) == 8
    server.split("jigajob", "records")
    assert len(await many.ask("SELECT * FROM c", ["b1"])) == 8
    assert 410 in {entry.status for entry in server.journal}


async def test_a_query_is_charged_by_what_it_shows(server, box):
    """Source: "Optimize request cost in Azure Cosmos DB": 3.19 for one item of 1 KB."""
    await box.create("a", body="x" * 700)
    await box.ask("SELECT * FROM c WHERE c.id = 'a'")
    assert server.journal[-1].charge == pytest.approx(3.19)
    await box.ask("SELECT * FROM c WHERE c.id = 'b'")
    assert server.journal[-1].charge == pytest.approx(charges.QUERY)
