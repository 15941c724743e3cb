"""The Graph stand-in by itself: what Microsoft's pages show, and what Graph refuses."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from tests.servers.graph import GraphServer
from tests.servers.graph.client import IMMUTABLE, Client
from tests.servers.graph.examples import DAY, OFFICE, client, fill, mail, rough, server

__all__ = ["client", "rough", "server"]


def test_folders_come_ten_at_a_time_and_by_well_known_name(
    server: GraphServer, client: Client
) -> None:
    for number in range(6):
        server.create_folder(OFFICE, f"Job {number}")

    first = client.get("/me/mailFolders?$count=true")
    second = client.get(first["@odata.nextLink"])

    assert len(first["value"]) == 10
    assert first["@odata.count"] == 13
    assert len(second["value"]) == 3
    assert "@odata.nextLink" not in second
    inbox = client.get("/me/mailfolders('INBOX')")
    assert inbox["displayName"] == "Inbox"
    assert client.get(f"/users/{OFFICE}/mailFolders/{inbox['id']}") == inbox


def test_folders_are_made_renamed_moved_and_deleted(client: Client) -> None:
    made = client.ask(
        "POST", "/me/mailFolders/inbox/childFolders", json={"displayName": "Jobs"}
    )
    assert made.status_code == 201
    where = f"/me/mailFolders/{made.json()['id']}"
    again = client.refused(
        "POST", "/me/mailFolders/inbox/childFolders", json={"displayName": "jobs"}
    )
    assert again == (409, "ErrorFolderExists")

    renamed = client.ask("PATCH", where, json={"displayName": "Work"}).json()
    moved = client.ask("POST", f"{where}/move", json={"destinationId": "archive"})

    assert renamed["displayName"] == "Work"
    assert moved.status_code == 201
    children = client.get("/me/mailFolders/archive/childFolders")["value"]
    assert [child["id"] for child in children] == [made.json()["id"]]
    assert client.ask("DELETE", where).status_code == 204
    assert (
        client.get(where)["parentFolderId"] == client.get("/me/mailFolders/deleteditems")["id"]
    )
    assert client.ask("DELETE", where).status_code == 204
    assert client.refused("GET", where) == (404, "ErrorItemNotFound")
    assert client.refused("DELETE", "/me/mailFolders/inbox") == (
        403,
        "ErrorDeleteDistinguishedFolder",
    )


def test_list_filters_orders_pages_and_counts(server: GraphServer, client: Client) -> None:
    ids = fill(server, 12)
    since = "receivedDateTime ge 2026-11-20T11:00:00Z"
    options = {
        "$filter": since,
        "$orderby": "receivedDateTime",
        "$top": "4",
        "$select": "subject",
    }

    pages = [client.get("/me/mailFolders/inbox/messages", params=options)]
    while "@odata.nextLink" in pages[-1]:
        pages.append(client.get(pages[-1]["@odata.nextLink"]))

    told = [one for page in pages for one in page["value"]]
    assert [one["id"] for one in told] == ids[3:]
    assert set(told[0]) == {"@odata.etag", "id", "subject"}
    counted = client.ask(
        "GET", "/me/mailFolders/inbox/messages/$count", params={"$filter": since}
    )
    assert counted.text == "9"
    hour = f"{since} and receivedDateTime lt 2026-11-20T13:00:00Z and isDraft eq false"
    page = client.get(
        "/me/mailFolders/inbox/messages", params={"$filter": hour, "$count": "true", "$top": 1}
    )
    assert (page["@odata.count"], len(page["value"])) == (2, 1)
    assert client.refused("GET", "/me/messages", params={"$count": "yes"}) == (
        400,
        "BadRequest",
    )
    assert client.refused("GET", "/me/messages/$count", params={"$top": "5"}) == (
        400,
        "BadRequest",
    )
    assert client.refused(
        "GET",
        "/me/mailFolders/inbox/messages",
        params={"$filter": "isRead eq false", "$orderby": "receivedDateTime"},
    ) == (400, "InefficientFilter")
    assert client.refused(
        "GET", "/me/messages", params={"$filter": "receivedDateTime ge 'yesterday'"}
    ) == (400, "BadRequest")


def test_message_has_the_properties_of_its_mime(server: GraphServer, client: Client) -> None:
    raw = mail(1, extra="Reply-To: desk@lind.example\r\nCc: Bo <bo@lind.example>\r\nX-A: b\r\n")
    message_id = server.deliver(OFFICE, "inbox", raw, received=DAY)

    told = client.get(f"/me/messages/{message_id}")
    headers = client.get(f"/me/messages/{message_id}?$select=internetMessageHeaders")

    assert told["subject"] == "Request 1"
    assert told["from"]["emailAddress"] == {"name": "Mona Lind", "address": "mona@lind.example"}
    assert told["internetMessageId"] == "<1@lind.example>"
    assert told["receivedDateTime"] == "2026-11-20T08:00:00Z"
    assert told["replyTo"][0]["emailAddress"]["address"] == "desk@lind.example"
    assert told["isRead"] is False
    assert told["isDraft"] is False
    assert told["body"] == {"contentType": "text", "content": "Could you come on Monday?\r\n"}
    assert "internetMessageHeaders" not in told
    assert {"name": "X-A", "value": "b"} in headers["internetMessageHeaders"]
    assert client.ask("GET", f"/me/messages/{message_id}/$value").content == raw


def test_the_size_comes_as_a_property_of_mapi(server: GraphServer, client: Client) -> None:
    raw = mail(1)
    server.deliver(OFFICE, "inbox", raw)
    size = "singleValueExtendedProperties($filter=id eq 'Integer 0x0E08')"
    wish = {"$select": "id", "$expand": size}

    for path in ("/me/messages", "/me/mailFolders/inbox/messages/delta"):
        (told,) = client.get(path, params=wish)["value"]
        expected = [{"id": "Integer 0xe08", "value": str(len(raw))}]
        assert told["singleValueExtendedProperties"] == expected


def test_two_prefer_headers_count_both(server: GraphServer, client: Client) -> None:
    ids = fill(server, 3)
    both = [("prefer", IMMUTABLE), ("prefer", "odata.maxpagesize=2")]

    page = client.ask("GET", "/me/mailFolders/inbox/messages/delta", headers=both)

    assert page.headers["preference-applied"] == "odata.maxpagesize=2"
    assert [one["id"] for one in page.json()["value"]] == [ids[2], ids[1]]


def test_delta_walks_the_folder_then_tells_only_changes(
    server: GraphServer, client: Client
) -> None:
    """The example of https://learn.microsoft.com/graph/delta-query-messages."""
    ids = fill(server, 5)
    two = {"prefer": f"{IMMUTABLE}, odata.maxpagesize=2"}
    start = "/me/mailFolders/inbox/messages/delta?$select=subject,sender,isRead"

    first, link = client.round(start, headers=two)
    requests = len(server.journal)
    server.delete(OFFICE, ids[0])
    server.mark(OFFICE, ids[1], read=True)
    new = server.deliver(OFFICE, "inbox", mail(9))
    changes, _ = client.round(link)
    again, _ = client.round(link)

    assert requests == 3
    assert {one["id"] for one in first} == set(ids)
    assert set(first[0]) == {
        "@odata.type", "@odata.etag", "id", "subject", "sender", "isRead",
    }  # fmt: skip
    assert changes == again
    assert changes[0] == {
        "@odata.type": "#microsoft.graph.message",
        "id": ids[0],
        "@removed": {"reason": "deleted"},
    }
    assert (changes[1]["id"], changes[1]["isRead"]) == (ids[1], True)
    assert (changes[2]["id"], changes[2]["subject"]) == (new, "Request 9")


def test_delta_misses_nothing_that_happens_during_a_round(
    server: GraphServer, client: Client
) -> None:
    ids = fill(server, 4)
    one = {"prefer": f"{IMMUTABLE}, odata.maxpagesize=1"}
    page = client.get("/me/mailFolders/inbox/messages/delta", headers=one)
    late = server.deliver(OFFICE, "inbox", mail(7))
    server.move(OFFICE, ids[0], "archive")

    rest, link = client.round(page["@odata.nextLink"], headers=one)
    following, _ = client.round(link)

    seen = {entry["id"] for entry in (*page["value"], *rest, *following)}
    assert seen == {*ids, late}
    assert [e["id"] for e in following if "@removed" in e] == [ids[0]]


def test_a_move_is_a_removal_here_and_a_creation_there(
    server: GraphServer, client: Client
) -> None:
    (moved,) = fill(server, 1)
    _, inbox = client.round("/me/mailFolders/inbox/messages/delta")
    _, archive = client.round("/me/mailFolders/archive/messages/delta")

    answer = client.ask("POST", f"/me/messages/{moved}/move", json={"destinationId": "archive"})

    assert answer.status_code == 201
    assert answer.json()["id"] == moved
    assert client.round(inbox)[0][0]["@removed"] == {"reason": "deleted"}
    there = client.round(archive)[0]
    assert [(one["id"], one["subject"]) for one in there] == [(moved, "Request 0")]


def test_without_the_preference_ids_die_when_the_message_moves(
    server: GraphServer, client: Client
) -> None:
    (lasting,) = fill(server, 1)
    plain = {"prefer": ""}
    old = client.get("/me/messages", headers=plain)["value"][0]["id"]
    body = {"inputIds": [old], "sourceIdType": "restId", "targetIdType": "restImmutableEntryId"}
    translated = client.ask("POST", "/me/translateExchangeIds", json=body).json()["value"]

    server.move(OFFICE, lasting, "archive")

    assert translated == [{"sourceId": old, "targetId": lasting}]
    assert old != lasting
    assert client.refused("GET", f"/me/messages/{old}", headers=plain) == (
        404,
        "ErrorItemNotFound",
    )
    assert client.refused("GET", f"/me/messages/{lasting}", headers=plain)[0] == 404
    assert client.get(f"/me/messages/{lasting}")["subject"] == "Request 0"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"$search": "x"}, "BadRequest"),
        ({"$filter": "isRead eq false"}, "ErrorInvalidUrlQueryFilter"),
        ({"$filter": "receivedDateTime le 2026-11-20T11:00:00Z"}, "ErrorInvalidUrlQueryFilter"),
        ({"$orderby": "receivedDateTime asc"}, "ErrorInvalidUrlQuery"),
        ({"$select": "colour"}, "BadRequest"),
        ({"changeType": "moved"}, "BadRequest"),
    ],
)
def test_delta_refuses_other_options(
    client: Client, options: dict[str, str], code: str
) -> None:
    path = "/me/mailFolders/inbox/messages/delta"
    assert client.refused("GET", path, params=options) == (400, code)


def test_delta_links_are_followed_as_they_are(server: GraphServer, client: Client) -> None:
    fill(server, 12)
    link = client.get("/me/mailFolders/inbox/messages/delta?$select=subject")["@odata.nextLink"]
    other = link.split("?")[1]

    assert client.refused("GET", f"{link}&$select=subject") == (400, "ErrorInvalidUrlQuery")
    assert client.refused("GET", f"/me/mailFolders/archive/messages/delta?{other}") == (
        400,
        "ErrorInvalidSyncStateData",
    )


def test_lost_sync_state_says_where_to_begin_anew(server: GraphServer, client: Client) -> None:
    ids = fill(server, 3)
    _, link = client.round("/me/mailFolders/inbox/messages/delta?$select=subject")
    server.expire_delta(OFFICE)

    answer = client.ask("GET", link)
    entries, _ = client.round(answer.headers["location"])

    assert answer.status_code == 410
    assert answer.json()["error"]["code"] == "syncStateNotFound"
    assert {one["id"] for one in entries} == set(ids)


def test_filtered_delta_keeps_to_its_time(server: GraphServer, client: Client) -> None:
    ids = fill(server, 6)
    options = {"$filter": "receivedDateTime ge 2026-11-20T12:00:00Z"}
    page = client.get("/me/mailFolders/inbox/messages/delta", params=options)
    server.deliver(OFFICE, "inbox", mail(10), received=DAY - timedelta(days=9))
    new = server.deliver(OFFICE, "inbox", mail(11), received=DAY + timedelta(days=9))

    changes, _ = client.round(page["@odata.deltaLink"])

    assert {one["id"] for one in page["value"]} == set(ids[4:])
    assert [one["id"] for one in changes] == [new]


def test_folder_delta_tells_of_new_renamed_and_deleted_ones(
    server: GraphServer, client: Client
) -> None:
    old = server.create_folder(OFFICE, "inbox/Jobs")
    first, link = client.round("/me/mailFolders/delta")
    server.rename_folder(OFFICE, "inbox/Jobs", "Work")
    new = server.recreate_folder(OFFICE, "inbox/Work")

    changes, _ = client.round(link)

    assert {"Inbox", "Jobs", "Sent Items"} <= {one["displayName"] for one in first}
    assert old != new
    told = {one["id"]: one for one in changes}
    assert told[old]["@removed"] == {"reason": "deleted"}
    assert told[new]["displayName"] == "Work"
    assert client.refused("GET", f"/me/mailFolders/{old}/messages/delta")[0] == 404


def test_deleting_puts_into_the_bin_first(server: GraphServer, client: Client) -> None:
    (message,) = fill(server, 1)

    assert client.ask("DELETE", f"/me/messages/{message}").status_code == 204
    assert [held.id for held in server.messages(OFFICE, "deleteditems")] == [message]
    assert client.ask("DELETE", f"/me/messages/{message}").status_code == 204
    assert client.refused("GET", f"/me/messages/{message}") == (404, "ErrorItemNotFound")


def test_examples_of_microsoft_are_judged_by_its_own_types() -> None:
    """Its delta page shows `"isRead": "true"`, which its own type refuses."""
    from tests.servers.graph.schema import schemas

    example: dict[str, Any] = {
        "@odata.type": "#microsoft.graph.message",
        "@odata.etag": 'W/"CQAAABYAAAARn2vdzPFjSbaPPxzjlzOTAAASsKZz"',
        "subject": "Holiday hours update",
        "isRead": "true",
        "sender": {"emailAddress": {"name": "Dana", "address": "dana@lind.example"}},
        "id": "AAMkADNkNAAASq35xAAA=",
    }
    check = schemas().problems

    assert [p.partition(":")[2] for p in check("Message", example)] != []
    assert check("Message", example | {"isRead": True}) == []
    assert check("Message", {"receivedDateTime": "20 Nov 2026"}) != []
    assert check("Message", {"receivedDateTime": "2026-11-20T08:00:00Z"}) == []
    assert check("Message", {"importance": "urgent"}) != []
    assert check("Message", {"importance": "high"}) == []
    assert check("Message", {"colour": "red"}) == [
        "Message: the whole: no such property: colour"
    ]
    file = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "a",
        "contentBytes": "YQ==",
    }
    assert check("Message", {"attachments": [file]}) == []


def test_what_breaks_the_types_is_refused_and_noted(server: GraphServer, rough: Client) -> None:
    (message,) = fill(server, 1)

    assert rough.refused("PATCH", f"/me/messages/{message}", json={"isRead": "yes"}) == (
        400,
        "RequestBodyRead",
    )
    assert rough.refused("PATCH", f"/me/messages/{message}", json={"colour": 1})[0] == 400
    assert rough.refused("POST", "/me/messages", json={"importance": "urgent"})[0] == 400
    assert len(server.violations) == 3
    assert "isRead" in server.violations[0]
    assert base64.b64encode(b"yes").decode() not in "".join(server.violations)
