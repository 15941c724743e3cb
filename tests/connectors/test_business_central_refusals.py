"""Business Central says no, asks for a pause, or is away: what people are told of it."""

import asyncio
import pickle

import pytest

from connectors.business_central.trouble import AnswerLost, Changed, Refused, error_of
from flows.errors import AdministratorError, SignInNeeded, Throttled, TransientError
from tests.connectors.business_central_account import Account, Granted
from tests.servers.business_central import BusinessCentralServer, Fault

PRIVATE = ("Ada", "Byron", "Quay")


@pytest.fixture
def server():
    with BusinessCentralServer() as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def account(server):
    account = Account(server)
    yield account
    await account.close()


def told(caught):
    """Return all that an error says, also to those who keep it; none of it is theirs."""
    text = str(caught.value) + repr(pickle.loads(pickle.dumps(caught.value)))
    assert caught.value.__cause__ is None
    assert not any(word in text for word in PRIVATE)
    return text


async def test_a_token_that_has_run_out_is_renewed_once(server, account):
    tokens = Granted(server)
    server.expire(tokens.held)
    await account.ledger(company=account.company(tokens=tokens)).page("", 10)
    assert tokens.renewals == 1


async def test_a_user_that_is_not_in_business_central(server, account):
    tokens = Granted(server)
    server.users.clear()
    with pytest.raises(SignInNeeded, match="does not know who signed in") as caught:
        await account.ledger(company=account.company(tokens=tokens)).page("", 10)
    assert "Users" in told(caught)
    assert caught.value.why == "not_permitted"


async def test_a_user_without_a_permission_set(server, account):
    company = account.company(tokens=Granted(server, "clerk@hudson.example", "write"))
    with pytest.raises(SignInNeeded, match="does not let this account read") as caught:
        await account.ledger(company=company).page("", 10)
    assert "D365 READ" in told(caught)


async def test_an_environment_that_is_not_there_names_those_that_are(account):
    company = account.company(environment="produktion")
    with pytest.raises(AdministratorError, match="no environment 'produktion'") as caught:
        await account.ledger(company=company).page("", 10)
    assert caught.value.fix.endswith(": production")


async def test_an_environment_that_is_not_there_where_none_may_be_named(server, account):
    company = account.company(environment="produktion")
    server.faults = [Fault(404), Fault(403)]
    with pytest.raises(AdministratorError, match="no environment") as caught:
        await account.ledger(company=company).page("", 10)
    assert "administration centre" in told(caught)


async def test_a_company_that_is_not_there_names_those_that_are(account):
    with pytest.raises(AdministratorError, match="no company of this name") as caught:
        await account.ledger(company=account.company("Hudsen")).page("", 10)
    assert caught.value.fix.endswith("it may see: Hudson")


async def test_a_directory_of_another_firm(account):
    company = account.company(tenant="other.example")
    with pytest.raises(SignInNeeded):
        await account.ledger(company=company).page("", 10)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
async def test_trouble_there_passes_when_something_is_read(server, account, status):
    server.faults = [Fault(status), Fault(0), Fault(status, retry_after="0")]
    assert (await account.ledger().page("", 10)).items == ()


async def test_trouble_there_that_does_not_pass(server, account):
    server.faults = [Fault(503)] * 9
    with pytest.raises(TransientError, match="is away"):
        await account.ledger().page("", 10)
    server.faults = []


async def test_a_burst_of_too_many_requests_is_waited_out(server, account):
    server.faults = [Fault(429, retry_after="0.2")] * 3 + [Fault(429)]
    started = asyncio.get_running_loop().time()
    await account.ledger().page("", 10)
    assert asyncio.get_running_loop().time() - started >= 0.6


async def test_a_pause_that_is_too_long_is_told_on(server, account):
    server.faults = [Fault(429, retry_after="300")]
    company = account.company(patience=1.0)
    with pytest.raises(Throttled) as caught:
        await account.ledger(company=company).page("", 10)
    assert 290 < caught.value.retry_after <= 300


async def test_five_requests_at_a_time_and_no_more(server, account):
    server.latency = 0.05
    company = account.company()
    await company.path("")
    await asyncio.gather(*(company.api.get("/companies") for _ in range(14)))
    assert server.most_at_once == 5


async def test_nobody_there_is_waited_for(account):
    company = account.company(url="http://127.0.0.1:9")
    with pytest.raises(TransientError, match="cannot be reached"):
        await account.ledger(company=company).page("", 10)


async def test_a_question_that_is_wrong_is_not_asked_again(server, account):
    company = account.company()
    target = await company.path("customers")
    server.asked.clear()
    with pytest.raises(Refused, match=r"refused to read in production \(400 BadRequest\)"):
        await company.api.get(target, {"$filter": "nickname eq 'x'"})
    assert len(server.asked) == 1


async def test_a_write_is_never_made_again_by_itself(server, account):
    company = account.company()
    target = await company.path("customers")
    server.faults = [Fault(504, done=True)]
    with pytest.raises(AnswerLost):
        await company.api.post(target, {"displayName": "Ada"}, did="make a customer")
    assert len(account.books.rows["customers"]) == 1


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "", SignInNeeded),
        (400, "Authentication_InvalidCredentials", SignInNeeded),
        (403, "", SignInNeeded),
        (400, "Authorization_RequestDenied", SignInNeeded),
        (409, "Request_EntityChanged", Changed),
        (412, "", Changed),
        (409, "Internal_EntityWithSameKeyExists", Refused),
        (428, "", Refused),
        (400, "BadRequest_InvalidToken", Refused),
    ],
)
def test_a_refusal_is_for_whoever_can_mend_it(status, code, kind):
    body = b'{"error": {"code": "%s", "message": "Ada Byron"}}' % code.encode()
    error = error_of(status, body, did="read", where="production")
    assert type(error) is kind
    assert "Ada" not in str(error)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error": {"code": "Ada Byron"}}'])
def test_no_word_of_an_odd_refusal_is_repeated(body):
    error = error_of(400, body, did="read", where="production")
    assert str(error).startswith("Business Central refused to read in production (400)")
