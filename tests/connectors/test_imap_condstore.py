"""What a poll costs, and that it misses nothing: with CONDSTORE, and on servers without."""

from collections.abc import AsyncIterator

import pytest

from tests.connectors.imap_account import Office, crlf, sweep
from tests.contract.mailbox import letter
from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot

PLAIN = "imap_capability = IMAP4rev1 LITERAL+ IDLE UIDPLUS\n"


@pytest.fixture(params=[True, False], ids=["condstore", "without"])
def condstore(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
async def office(certificates: Certificates, condstore: bool) -> AsyncIterator[Office]:
    with Dovecot(certificates, extra="" if condstore else PLAIN) as server:
        account = Office(server)
        server.record(account.user)
        yield account
        await account.close()


def given(office: Office, command: str) -> int:
    """Return how often a command was given, with UID before it or without."""
    # A line is: time, tag, command.
    said = (line.upper().split()[2:4] for line in office.server.commands(office.user))
    return sum(command in words for words in said)


async def test_a_quiet_folder_is_not_searched(office, condstore):
    office.server.load(office.user, map(letter, range(6)))
    # The last UIDs are gone, so that UIDNEXT alone does not tell that nothing is new.
    office.server.expunge(office.user, "HEADER Message-ID <5@customer.example>")
    mailbox = office.open()
    refs, cursor = await sweep(mailbox)
    assert len(refs) == 5
    before = given(office, "SEARCH")
    for _ in range(3):
        assert await sweep(mailbox, cursor) == ([], cursor)
    assert given(office, "SEARCH") - before == (0 if condstore else 3)
    assert given(office, "ENABLE") == int(condstore)
    assert (await sweep(office.open(), cursor))[0] == []


async def test_whatever_changes_new_mail_is_shown_once_each(office):
    office.server.create_folder(office.user, "Jobs")
    user, query = office.user, ("mailbox", "INBOX", "1")
    changes = [
        lambda: office.server.doveadm("flags", "add", "-u", user, r"\Seen", *query),
        lambda: office.server.doveadm("flags", "remove", "-u", user, r"\Seen", *query),
        lambda: office.server.doveadm("move", "-u", user, "Jobs", *query),
        lambda: office.server.expunge(user, "1"),
        lambda: None,
    ]
    office.server.load(user, map(letter, range(5)))
    mailbox = office.open()
    refs, cursor = await sweep(mailbox)
    assert len(refs) == 5
    for number in range(10, 25):
        changes[number % len(changes)]()
        assert (await sweep(mailbox, cursor))[0] == []
        put = office.server.deliver if number % 2 else office.server.load
        put(user, letter(number) if number % 2 else [letter(number)])
        (new,), cursor = await sweep(mailbox, cursor)
        assert crlf(letter(number)) in await mailbox.fetch(new)


async def test_a_cursor_outlives_what_the_server_offers(office, condstore):
    office.server.load(office.user, map(letter, range(3)))
    _, cursor = await sweep(office.open())
    settings = office.server.directory / "dovecot.conf"
    text = settings.read_text()
    settings.write_text(text + PLAIN if condstore else text.replace(PLAIN, ""))
    office.server.restart()
    office.put(letter(9))
    (new,), cursor = await sweep(office.open(), cursor)
    assert await office.open().fetch(new) == crlf(letter(9))
    assert await sweep(office.open(), cursor) == ([], cursor)
