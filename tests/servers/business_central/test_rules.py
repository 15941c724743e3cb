"""The stand-in refuses what Business Central refuses."""

import httpx2
import pytest

from tests.servers.business_central import BusinessCentralServer
from tests.servers.business_central.odata import LARGEST_PAGE
from tests.servers.business_central.schema import check_answer

WHO = "books@hudson.example"
LINE = {"lineType": "Account", "lineObjectNumber": "40100", "unitPrice": 5.5, "quantity": 2}


@pytest.fixture
def server():
    with BusinessCentralServer() as server:
        server.user(WHO)
        yield server


@pytest.fixture
def books(server):
    books = server.company("Hudson")
    books.customer("10000", "Ada Byron", "ada@byron.example")
    return books


@pytest.fixture
def ask(server, books):
    """Return what asks the company; a path from the root stands for itself."""
    token = server.grant(WHO)

    def asked(method, path, body=None, *, query=None, token=token, **headers):
        where = f"/v2.0/production/api/v2.0/companies({books.id})/{path}"
        where = path if path.startswith("/") else where
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = httpx2.request(
            method,
            server.url + where,
            json=body,
            params=query,
            headers={"Authorization": f"Bearer {token}", **headers},
        )
        shown = answer.json() if answer.content else {}
        return answer.status_code, shown.get("error", {}).get("code", ""), shown

    return asked


def customer(books):
    return books.rows["customers"][0]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"$filter": "nickname eq 'x'"}, "BadRequest"),
        ({"$filter": "number eq 10000"}, "BadRequest"),
        ({"$filter": "number is '1'"}, "BadRequest_NotFound"),
        ({"$filter": "number eq '1' and"}, "BadRequest_NotFound"),
        ({"$filter": "(number eq '1'"}, "BadRequest_NotFound"),
        ({"$filter": "number eq '1'; drop"}, "BadRequest_NotFound"),
        ({"$filter": "number eq '1' or city eq 'x'"}, "BadRequest_MethodNotImplemented"),
        ({"$filter": f"number eq '{'1' * 21}'"}, "Application_FilterErrorException"),
        ({"$filter": "lastModifiedDateTime ge 2026-01-01"}, "BadRequest"),
        ({"$filter": "lastModifiedDateTime ge '2026-01-01T00:00:00Z'"}, "BadRequest"),
        ({"$select": "number,nickname"}, "BadRequest"),
        ({"$orderby": "nickname"}, "BadRequest"),
        ({"$search": "Ada"}, "BadRequest"),
        ({"$deltatoken": "1"}, "BadRequest"),
    ],
)
def test_a_question_that_it_does_not_take(ask, query, code):
    assert ask("GET", "customers", query=query)[:2] == (400, code)


@pytest.mark.parametrize(
    "given",
    [
        "number eq '10000' or number eq '2'",
        "tolower(email) eq 'ada@byron.example'",
        "(number eq '10000') and balanceDue lt 1",
        "displayName eq 'Ada Byron' and lastModifiedDateTime ge 2020-01-01T00:00:00.5Z",
    ],
)
def test_a_question_that_it_takes(ask, given):
    _, _, shown = ask("GET", "customers", query={"$filter": given, "$select": "number"})
    (row,) = shown["value"]
    assert row.keys() == {"@odata.etag", "number"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"nickname": "x"}, "BadRequest"),
        ({"number": "1"}, "BadRequest_InvalidOperation"),
        ({"status": "Open"}, "BadRequest_InvalidOperation"),
        ({"externalDocumentNumber": "x" * 36}, "Application_StringExceededLength"),
        ({"dueDate": "soon"}, "BadRequest"),
        ({"dueDate": 5}, "BadRequest"),
        ({"salesInvoiceLines": [{"unitPrice": "5"}]}, "BadRequest"),
        ({"salesInvoiceLines": [{"netAmount": 5}]}, "BadRequest_InvalidOperation"),
        (
            {"salesInvoiceLines": [LINE | {"lineObjectNumber": "7"}]},
            "Internal_InvalidTableRelation",
        ),
        ({"customerId": None}, "BadRequest"),
    ],
)
def test_a_document_that_it_does_not_take(ask, books, body, code):
    whole = {"customerId": customer(books)["id"], **body}
    assert ask("POST", "salesInvoices", whole)[:2] == (400, code)
    assert books.rows["salesInvoices"] == []


def test_a_document_needs_a_customer_that_there_is(ask):
    assert ask("POST", "salesQuotes", {})[:2] == (400, "Application_DialogException")
    nobody = {"customerNumber": "404"}
    assert ask("POST", "salesQuotes", nobody)[:2] == (400, "Application_DialogException")


def test_a_document_that_it_takes_is_shown_as_documented(ask, books):
    body = {"customerNumber": "10000", "salesQuoteLines": [LINE]}
    status, _, shown = ask("POST", "salesQuotes", body)
    assert (status, shown["totalAmountIncludingTax"]) == (201, 11)
    check_answer("salesQuotes", shown)
    with pytest.raises(AssertionError):
        check_answer("salesQuotes", shown | {"sentDate": "yesterday"})


def test_a_change_needs_the_version_that_it_is_of(ask, books):
    row = customer(books)
    path, body = f"customers({row['id']})", {"city": "Troy"}
    assert ask("PATCH", path, body)[:2] == (400, "BadRequest_InvalidToken")
    assert ask("PATCH", path, body, If_Match='W/"old"')[:2] == (409, "Request_EntityChanged")
    before = row["@odata.etag"]
    assert ask("PATCH", path, body, If_Match=before)[0] == 200
    assert row["@odata.etag"] != before


def test_the_ledger_cannot_be_written(ask):
    assert ask("POST", "generalLedgerEntries", {})[:2] == (405, "BadRequest_MethodNotAllowed")


def test_who_is_not_let_in(ask, server):
    assert ask("GET", "customers", token="another")[0] == 401
    server.user(WHO, "read")
    assert ask("POST", "customers", {"displayName": "x"})[0] == 403
    server.users.clear()
    assert ask("GET", "customers")[:2] == (401, "Authentication_InvalidCredentials")


def test_where_nothing_is(ask, books):
    at = "/v2.0/{}/api/v2.0/companies({})/{}"
    places = [
        (at.format("sandbox", books.id, "customers"), "NoEnvironment"),
        (
            at.format("production", customer(books)["id"], "customers"),
            "Internal_CompanyNotFound",
        ),
        (at.format("production", books.id, "clients"), "BadRequest_NotFound"),
        (
            at.format("production", books.id, f"customers({books.id})"),
            "Internal_RecordNotFound",
        ),
        ("/v1.0/me", "BadRequest_ResourceNotFound"),
    ]
    for path, code in places:
        assert ask("GET", path)[:2] == (404, code)


def test_pages_have_an_end_and_a_bound(ask, books, server):
    for number in range(4):
        books.customer(f"2000{number}", "x")
    query = {"$orderby": "number", "$select": "number"}
    first = ask("GET", "customers", query=query, Prefer="odata.maxpagesize=3")[2]
    assert len(first["value"]) == 3
    link = first["@odata.nextLink"].removeprefix(server.url)
    second = ask("GET", link, Prefer="odata.maxpagesize=3")[2]
    assert [row["number"] for row in second["value"]] == ["20002", "20003"]
    assert "@odata.nextLink" not in second
    assert ask("GET", "customers", Prefer=f"odata.maxpagesize={LARGEST_PAGE + 1}")[0] == 500
    assert server.violations


def test_a_quote_is_sent_and_an_invoice_posted_once(ask, books):
    body = {"customerNumber": "10000"}
    _, _, invoice = ask("POST", "salesInvoices", body | {"salesInvoiceLines": [LINE]})
    post = f"salesInvoices({invoice['id']})/Microsoft.NAV.post"
    assert ask("POST", post)[0] == 204
    assert ask("POST", post)[:2] == (400, "Application_DialogException")
    _, _, empty = ask("POST", "salesInvoices", body)
    path = f"salesInvoices({empty['id']})/Microsoft.NAV."
    assert ask("POST", f"{path}post")[0] == 400
    assert ask("POST", f"{path}sendTaskpane")[0] == 404
