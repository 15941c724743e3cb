"""Drafts, replies, sending, marks and attachments of the Graph stand-in."""

from __future__ import annotations

import base64
import email
import email.policy
import time
from typing import Any

import httpx
import pytest

from tests.servers.graph import GraphServer
from tests.servers.graph.attachments import RANGE, SMALL
from tests.servers.graph.client import Client
from tests.servers.graph.examples import ANNA, DAY, OFFICE, client, fill, mail, rough, server

__all__ = ["client", "rough", "server"]

PROPERTY = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name JigAjobId"
FOUND = f"singleValueExtendedProperties/Any(ep: ep/id eq '{PROPERTY}' and ep/value eq 'o-17')"
EXPANDED = f"singleValueExtendedProperties($filter=id eq '{PROPERTY}')"
TO_ANNA = [{"emailAddress": {"address": ANNA}}]
MIME = (
    f"From: {OFFICE}\r\nTo: {ANNA}\r\nSubject: Visit\r\nAuto-Submitted: auto-replied\r\n"
    "X-Auto-Response-Suppress: All\r\n\r\nMonday at nine.\r\n"
).encode()
AS_TEXT = {"content-type": "text/plain"}


def parsed(raw: bytes) -> Any:
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_reply_is_drafted_changed_and_sent_in_its_thread(
    server: GraphServer, client: Client
) -> None:
    original = server.deliver(OFFICE, "inbox", mail(1, extra="Reply-To: desk@lind.example\r\n"))
    header = {"name": "X-Auto-Response-Suppress", "value": "All"}
    created = client.ask(
        "POST",
        f"/me/messages/{original}/createReply",
        json={"message": {"internetMessageHeaders": [header]}},
    )
    draft = created.json()
    where = f"/me/messages/{draft['id']}"
    change = {
        "body": {"contentType": "text", "content": "Monday at nine."},
        "singleValueExtendedProperties": [{"id": PROPERTY, "value": "o-17"}],
    }
    assert client.ask("PATCH", where, json=change).status_code == 200
    found_draft = client.get("/me/messages", params={"$filter": FOUND, "$expand": EXPANDED})
    assert client.ask("POST", f"{where}/send").status_code == 202

    assert created.status_code == 201
    assert draft["isDraft"] is True
    assert draft["subject"] == "RE: Request 1"
    assert draft["toRecipients"][0]["emailAddress"]["address"] == "desk@lind.example"
    assert draft["conversationId"] == client.get(f"/me/messages/{original}")["conversationId"]
    assert [one["id"] for one in found_draft["value"]] == [draft["id"]]
    extended = found_draft["value"][0]["singleValueExtendedProperties"][0]
    assert extended["value"] == "o-17"
    (sent,) = server.sent(OFFICE)
    out = parsed(sent.mime)
    assert sent.id == draft["id"]
    assert sent.recipients == ("desk@lind.example",)
    assert out["In-Reply-To"] == "<1@lind.example>"
    assert out["X-Auto-Response-Suppress"] == "All"
    assert out.get_content().strip() == "Monday at nine."
    assert client.get(where)["parentFolderId"] == client.get("/me/mailFolders/sentitems")["id"]
    again = client.get("/me/mailFolders/sentitems/messages", params={"$filter": FOUND})
    assert [one["id"] for one in again["value"]] == [draft["id"]]
    assert server.drafts(OFFICE) == []


def test_reply_all_leaves_ourselves_out(server: GraphServer, client: Client) -> None:
    raw = mail(1, extra=f"Cc: {ANNA}, {OFFICE}\r\n")
    original = server.deliver(OFFICE, "inbox", raw)

    draft = client.ask("POST", f"/me/messages/{original}/createReplyAll").json()

    def addresses(people: list[Any]) -> list[str]:
        return [person["emailAddress"]["address"] for person in people]

    assert addresses(draft["toRecipients"]) == ["mona@lind.example"]
    assert addresses(draft["ccRecipients"]) == [ANNA]


def test_sent_mail_reaches_the_other_mailbox_without_bcc(
    server: GraphServer, client: Client
) -> None:
    bcc = [{"emailAddress": {"address": "hidden@lind.example"}}]
    message = {"subject": "Visit", "toRecipients": TO_ANNA, "bccRecipients": bcc}
    body = {"message": message, "saveToSentItems": False}

    assert client.ask("POST", "/me/sendMail", json=body).status_code == 202

    (arrived,) = server.messages(ANNA, "inbox")
    assert parsed(arrived.mime)["Bcc"] is None
    assert server.sent(OFFICE)[0].recipients == (ANNA, "hidden@lind.example")
    assert server.messages(OFFICE, "sentitems") == []


def test_mime_is_sent_with_the_headers_that_exchange_keeps(
    server: GraphServer, client: Client
) -> None:
    coded = base64.b64encode(MIME)
    assert client.ask("POST", "/me/sendMail", content=coded, headers=AS_TEXT).status_code == 202
    drafted = client.ask("POST", "/me/messages", content=coded, headers=AS_TEXT)
    bad = client.refused("POST", "/me/messages", content=b"%%", headers=AS_TEXT)

    out = parsed(server.sent(OFFICE)[0].mime)
    assert out["X-Auto-Response-Suppress"] == "All"
    assert out["Auto-Submitted"] is None
    assert drafted.status_code == 201
    assert drafted.json()["subject"] == "Visit"
    assert bad == (400, "ErrorMimeContentInvalidBase64String")


def test_sent_item_may_take_its_time() -> None:
    with GraphServer(sent_items_after=0.2) as slow:
        slow.add_mailbox(OFFICE)
        with Client(slow, slow.grant(OFFICE)) as client:
            made = client.ask("POST", "/me/messages", json={"toRecipients": TO_ANNA}).json()
            client.ask("POST", f"/me/messages/{made['id']}/send")
            at_once = slow.messages(OFFICE, "sentitems")
            time.sleep(0.4)

        assert at_once == []
        assert [held.id for held in slow.messages(OFFICE, "sentitems")] == [made["id"]]
        assert len(slow.sent(OFFICE)) == 1


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ([("Auto-Submitted", "auto-replied")], "InvalidInternetMessageHeader"),
        ([("In-Reply-To", "<1@lind.example>")], "InvalidInternetMessageHeader"),
        ([(f"X-{n}", "v") for n in range(6)], "InvalidInternetMessageHeaderCollection"),
    ],
)
def test_headers_that_graph_refuses(
    server: GraphServer, client: Client, headers: list[tuple[str, str]], code: str
) -> None:
    given = [{"name": name, "value": value} for name, value in headers]
    message = {"toRecipients": TO_ANNA, "internetMessageHeaders": given}
    original = fill(server, 1)[0]
    reply = f"/me/messages/{original}/createReply"

    assert client.refused("POST", "/me/messages", json=message) == (400, code)
    assert client.refused("POST", "/me/sendMail", json={"message": message}) == (400, code)
    assert client.refused("POST", reply, json={"message": message}) == (400, code)
    assert server.drafts(OFFICE) == []
    assert server.sent(OFFICE) == []


def test_sending_is_refused_where_it_cannot_be(server: GraphServer, client: Client) -> None:
    received = fill(server, 1)[0]
    empty = client.ask("POST", "/me/messages", json={"subject": "Nobody"}).json()["id"]
    as_anna = {"from": TO_ANNA[0], "toRecipients": TO_ANNA}

    refused = client.refused
    assert refused("POST", f"/me/messages/{received}/send") == (400, "ErrorInvalidOperation")
    assert refused("POST", f"/me/messages/{empty}/send") == (400, "ErrorInvalidRecipients")
    assert refused("POST", "/me/sendMail", json={"message": as_anna}) == (
        403,
        "ErrorSendAsDenied",
    )
    comment = {"comment": "Yes", "message": {"body": {"contentType": "text", "content": "No"}}}
    assert refused("POST", f"/me/messages/{received}/createReply", json=comment)[0] == 400


def test_only_marks_of_received_mail_can_be_changed(
    server: GraphServer, client: Client
) -> None:
    received = fill(server, 1)[0]
    where = f"/me/messages/{received}"

    marked = client.ask("PATCH", where, json={"isRead": True, "categories": ["Done"]}).json()

    assert (marked["isRead"], marked["categories"]) == (True, ["Done"])
    assert client.refused("PATCH", where, json={"subject": "Other"}) == (
        400,
        "ErrorInvalidPropertySet",
    )
    assert client.refused("PATCH", where, json={"isDraft": True})[0] == 400
    assert client.refused("PATCH", where, json={"internetMessageHeaders": []})[0] == 400


def test_attachments_of_received_mail(server: GraphServer, client: Client) -> None:
    made = email.message.EmailMessage()
    made["Subject"] = "Plan"
    made.set_content("See the plan.")
    made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="plan.pdf")
    made.add_attachment(parsed(mail(3)), filename="forwarded.eml")
    message = server.deliver(OFFICE, "inbox", made.as_bytes(), received=DAY)
    where = f"/me/messages/{message}"

    listed = client.get(f"{where}/attachments")["value"]
    light = client.get(f"{where}/attachments?$select=name,size")["value"]
    content = client.ask("GET", f"{where}/attachments/{listed[0]['id']}/$value")

    assert client.get(where)["hasAttachments"] is True
    assert [one["name"] for one in listed] == ["plan.pdf", "forwarded.eml"]
    assert base64.b64decode(listed[0]["contentBytes"]) == b"%PDF-1.4"
    assert listed[1]["@odata.type"] == "#microsoft.graph.itemAttachment"
    assert "contentBytes" not in light[0]
    assert (content.content, content.headers["content-type"]) == (
        b"%PDF-1.4",
        "application/pdf",
    )
    expanded = client.get(f"{where}?$expand=attachments&$select=subject")
    assert [one["name"] for one in expanded["attachments"]] == ["plan.pdf", "forwarded.eml"]


def test_small_attachments_go_in_one_request_large_ones_do_not(client: Client) -> None:
    draft = client.ask("POST", "/me/messages", json={"toRecipients": TO_ANNA}).json()["id"]
    where = f"/me/messages/{draft}/attachments"
    file = {"@odata.type": "#microsoft.graph.fileAttachment", "name": "a.bin"}
    small = base64.b64encode(b"x" * 1000).decode()
    large = base64.b64encode(b"x" * SMALL).decode()

    assert client.ask("POST", where, json={**file, "contentBytes": small}).status_code == 201
    assert client.refused("POST", where, json={**file, "contentBytes": large})[0] == 413
    session = {"AttachmentItem": {"attachmentType": "file", "name": "a.bin", "size": 1000}}
    assert client.refused("POST", f"{where}/createUploadSession", json=session) == (
        400,
        "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize",
    )
    untyped = {"name": "a.bin", "contentBytes": small}
    assert client.refused("POST", where, json=untyped) == (400, "RequestBodyRead")


def test_upload_session_takes_ranges_in_order_and_no_token(
    server: GraphServer, client: Client
) -> None:
    draft = client.ask("POST", "/me/messages", json={"toRecipients": TO_ANNA}).json()["id"]
    where = f"/me/messages/{draft}/attachments"
    content = bytes(range(256)) * (SMALL // 256 + 1000)
    total, half = len(content), SMALL // 2
    wanted = {"attachmentType": "file", "name": "flower", "size": total}
    opened = client.ask("POST", f"{where}/createUploadSession", json={"AttachmentItem": wanted})
    url = opened.json()["uploadUrl"]

    def put(start: int, end: int, **more: str) -> httpx.Response:
        headers = {"content-range": f"bytes {start}-{end - 1}/{total}", **more}
        return httpx.put(url, content=content[start:end], headers=headers)

    assert opened.status_code == 201
    assert opened.json()["nextExpectedRanges"] == ["0-"]
    token = {"authorization": client.http.headers["authorization"]}
    assert put(0, half, **token).status_code == 401
    assert put(half, total).status_code == 416
    first = put(0, half)
    assert (first.status_code, first.json()["nextExpectedRanges"]) == (200, [str(half)])
    last = put(half, total)
    assert last.status_code == 201
    assert "/Attachments('" in last.headers["location"]
    (held,) = client.get(where)["value"]
    assert base64.b64decode(held["contentBytes"]) == content
    client.ask("POST", f"/me/messages/{draft}/send")
    out = parsed(server.sent(OFFICE)[0].mime)
    assert [part.get_content() for part in out.iter_attachments()] == [content]
    assert put(0, half).status_code == 404


def test_an_upload_range_may_not_be_too_large(client: Client) -> None:
    draft = client.ask("POST", "/me/messages", json={"toRecipients": TO_ANNA}).json()["id"]
    total = RANGE + 1
    wanted = {"attachmentType": "file", "name": "flower", "size": total}
    where = f"/me/messages/{draft}/attachments/createUploadSession"
    url = client.ask("POST", where, json={"AttachmentItem": wanted}).json()["uploadUrl"]

    headers = {"content-range": f"bytes 0-{total - 1}/{total}"}
    assert httpx.put(url, content=b"x" * total, headers=headers).status_code == 400
    assert httpx.delete(url).status_code == 204


def test_a_request_over_four_megabytes_is_too_large(rough: Client) -> None:
    body = {"subject": "x" * (4 * 1024 * 1024)}
    assert rough.refused("POST", "/me/messages", json=body) == (413, "RequestEntityTooLarge")
