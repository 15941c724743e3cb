"""The workbooks of the stand-in: what it keeps, and what it refuses as Graph does."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.servers.graph.access import ALL_SCOPES
from tests.servers.graph.books import Book
from tests.servers.graph.client import Client
from tests.servers.graph.examples import ANNA, OFFICE
from tests.servers.graph.server import GraphServer

SITE = "hahn.example/sites/yard"
ROWS = [[n, f"Customer {n}", n * 10] for n in range(1, 8)]


@pytest.fixture
def server() -> Iterator[GraphServer]:
    with GraphServer() as running:
        yield running


@pytest.fixture
def book(server: GraphServer) -> Book:
    return server.books.add(
        OFFICE, "Books/Jobs.xlsx", ("No", "Who", "Paid"), ROWS, table="Jobs"
    )


@pytest.fixture
def client(server: GraphServer) -> Iterator[Client]:
    with Client(server, server.grant(OFFICE)) as made:
        yield made
    assert server.violations == []


def root(book: Book) -> str:
    return f"/drives/{book.drive}/items/{book.id}/workbook"


def session_of(client: Client, book: Book, *, persists: bool = True) -> dict[str, str]:
    asked = {"persistChanges": persists}
    answer = client.ask("POST", f"{root(book)}/createSession", json=asked)
    assert answer.status_code == 201
    return {"workbook-session-id": answer.json()["id"]}


def inner(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["innerError"].get("code", "")


def add(client: Client, book: Book, *rows: list[Any], **more: Any) -> Any:
    body = {"index": None, "values": list(rows)}
    return client.ask("POST", f"{root(book)}/tables/Jobs/rows/add", json=body, **more)


def test_a_file_is_found_by_its_path_and_its_tag_changes_with_its_content(client, book):
    path = f"/users/{OFFICE}/drive/root:/Books/Jobs.xlsx"
    first = client.get(path)
    assert (first["id"], first["parentReference"]["driveId"]) == (book.id, book.drive)
    assert client.get(path, params={"$select": "cTag"}) == {"cTag": first["cTag"]}
    add(client, book, [8, "x", 1], headers=session_of(client, book))
    assert client.get(path)["cTag"] != first["cTag"]
    assert client.refused("GET", f"/users/{OFFICE}/drive/root:/none.xlsx") == (
        404,
        "itemNotFound",
    )


def test_a_file_of_a_site_is_found(server, client):
    book = server.books.add(OFFICE, "Jobs.xlsx", ("No",), site=SITE)
    site = client.get("/sites/hahn.example:/sites/yard")["id"]
    assert client.get(f"/sites/{site}/drive/root:/Jobs.xlsx")["id"] == book.id
    assert client.refused("GET", "/sites/hahn.example:/sites/none")[0] == 404


def test_rows_and_columns_come_as_asked(client, book):
    headers = session_of(client, book, persists=False)
    table = f"{root(book)}/tables('Jobs')"
    found = client.get(f"{table}/rows", params={"$top": 3, "$skip": 2}, headers=headers)
    assert [row["values"] for row in found["value"]] == [[row] for row in ROWS[2:5]]
    found = client.get(f"{table}/columns", params={"$select": "name"}, headers=headers)
    assert found["value"] == [{"name": "No"}, {"name": "Who"}, {"name": "Paid"}]
    found = client.get(f"{table}/columns/Who", headers=headers)
    assert found["values"][:2] == [["Who"], ["Customer 1"]]


def test_what_is_typed_becomes_what_excel_makes_of_it(client, book):
    typed = ["=1+1", "'=1+1", "12.5"]
    answer = add(client, book, typed, headers=session_of(client, book))
    assert answer.status_code == 201
    assert book.table().rows[-1] == ["#NAME?", "=1+1", 12.5]
    assert book.formulas == ["=1+1"]


def test_a_session_that_does_not_persist_changes_nothing(client, book):
    headers = session_of(client, book, persists=False)
    before = book.tag
    assert add(client, book, [8, "x", 1], headers=headers).status_code == 201
    assert (len(book.table().rows), book.tag) == (7, before)


@pytest.mark.parametrize("end", ["closed", "old", "never"])
def test_a_session_that_has_ended_is_refused(server, client, book, end):
    headers = session_of(client, book)
    if end == "closed":
        closing = client.ask("POST", f"{root(book)}/closeSession", json={}, headers=headers)
        assert closing.status_code == 204
    elif end == "old":
        server.clock.advance(seconds=301)
    else:
        headers = {"workbook-session-id": "cluster=x&session=y"}
    answer = client.ask("GET", f"{root(book)}/tables/Jobs/rows", headers=headers)
    assert inner(answer) == (404, "invalidSessionReCreatable")


def test_a_session_lives_on_by_being_used(server, client, book):
    headers = session_of(client, book)
    for _ in range(4):
        server.clock.advance(seconds=200)
        client.get(f"{root(book)}/tables/Jobs/rows", headers=headers)


def test_requests_without_a_session_are_counted(client, book):
    client.get(f"{root(book)}/tables/Jobs/rows")
    assert book.sessionless == 1


def test_one_request_at_a_time(server, client, book):
    server.latency = 0.1
    headers = session_of(client, book)
    path = f"{root(book)}/tables/Jobs/rows"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: client.ask("GET", path, headers=headers), range(4)))
    codes = sorted(answer.status_code for answer in answers)
    assert (codes[0], codes[-1]) == (200, 429)
    assert book.crowded == codes.count(429)
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([[1, 2]], "invalidArgument"),
        ([[1, 2, 3, 4]], "invalidArgument"),
        ([], "invalidArgument"),
    ],
)
def test_rows_of_another_width_are_refused(client, book, rows, code):
    assert inner(add(client, book, *rows, headers=session_of(client, book))) == (400, code)
    assert len(book.table().rows) == 7


def test_other_tables_and_columns_are_not_there(client, book):
    headers = session_of(client, book)
    for path in ("tables/None/rows", "tables/Jobs/columns/None"):
        assert client.refused("GET", f"{root(book)}/{path}", headers=headers) == (
            404,
            "itemNotFound",
        )


def test_a_locked_workbook_takes_no_changes(client, book):
    headers = session_of(client, book)
    book.locked = True
    assert inner(add(client, book, [8, "x", 1], headers=headers)) == (409, "accessConflict")
    asked = {"persistChanges": True}
    answer = client.ask("POST", f"{root(book)}/createSession", json=asked)
    assert inner(answer) == (409, "invalidSessionAccessConflict")
    session_of(client, book, persists=False)


def test_days_are_counted_as_the_workbook_counts_them(server, client, book):
    old = server.books.add(OFFICE, "old.xlsx", ("No",), since_1904=True)
    for each, told in ((book, 36526), (old, 35064)):
        asked = {"year": 2000, "month": 1, "day": 1}
        answer = client.ask("POST", f"{root(each)}/functions/date", json=asked)
        assert answer.json() == {"error": None, "value": told}


def test_who_may_not_is_refused(server, book):
    someone = server.grant(ANNA, scopes=ALL_SCOPES - {"Sites.ReadWrite.All"})
    for token in (
        someone,
        server.grant(OFFICE, scopes=("Mail.ReadWrite",)),
        server.grant_application(roles=("Files.ReadWrite.All",)),
    ):
        with Client(server, token) as client:
            rows = f"{root(book)}/tables/Jobs/rows"
            assert client.refused("GET", rows) == (403, "accessDenied")


def test_a_body_of_another_shape_breaks_the_types(server, book):
    with Client(server, server.grant(OFFICE)) as client:
        path = f"{root(book)}/createSession"
        assert client.refused("POST", path, json={"persist": "yes"})[0] == 400
    assert server.violations
