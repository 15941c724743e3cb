"""What Graph refuses, and what is then said: tokens, permissions, mailboxes, links."""

import pytest

from flows.errors import AdministratorError, SignInNeeded
from tests.connectors.outlook_account import (
    ADDRESS,
    Account,
    Granted,
    mail,
    sweep,
    well_behaved,
)


@pytest.fixture
async def account():
    async with well_behaved() as account:
        yield account


async def test_a_dead_token_is_renewed_once(account):
    tokens = Granted(account.server)
    account.put()
    mailbox = account.mailbox(graph=account.graph(tokens))
    _, cursor = await sweep(mailbox)
    account.server.revoke(tokens.held)
    await mailbox.page(cursor, 5)
    assert tokens.renewals == 1
    account.server.faults.fail_next("/", "401", times=2)
    with pytest.raises(SignInNeeded) as caught:
        await mailbox.page(cursor, 5)
    assert caught.value.why == "expired"
    assert tokens.held not in str(caught.value)


async def test_a_missing_permission_is_named(account):
    tokens = Granted(account.server, scopes=("Mail.Read",))
    put = account.put()
    mailbox = account.mailbox(graph=account.graph(tokens))
    assert (await sweep(mailbox))[0] == [put]
    with pytest.raises(SignInNeeded) as caught:
        await mailbox.mark(put, category="Done")
    assert caught.value.why == "not_permitted"
    assert "Mail.ReadWrite" in caught.value.fix


async def test_a_shared_mailbox_is_read_with_the_tokens_of_another(account):
    account.server.add_mailbox("team@hudson.example", shared_with=(ADDRESS,))
    put = account.server.deliver("team@hudson.example", "inbox", mail(1))
    graph = account.graph()
    team = Account.__new__(Account)
    team.address = "team@hudson.example"
    assert (await sweep(team.mailbox(graph=graph)))[0] == [put]


async def test_a_mailbox_that_is_not_there_is_named(account):
    graph = account.graph(Granted(account.server))
    stranger = Account.__new__(Account)
    stranger.address = "nobody@hudson.example"
    with pytest.raises(AdministratorError, match="nobody@hudson"):
        await stranger.mailbox(graph=graph).page("", 5)


async def test_a_link_to_another_host_is_not_followed(account):
    graph = account.graph()
    for link in ("https://evil.example/v1.0/x", account.server.url.replace("127", "128")):
        with pytest.raises(AdministratorError, match="another host"):
            await graph.get(ADDRESS, link)
    assert account.server.journal == []
