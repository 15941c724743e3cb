"""The mailbox contract on IMAP, served by a real Dovecot."""

from datetime import UTC, datetime

import pytest

from tests.connectors.imap_account import Office, crlf
from tests.contract.mailbox import CountsByDay, MailboxContract, OldestFirst


class Inbox:
    """The inbox of a new account; a handle is the Message-ID."""

    def __init__(self, office):
        self.office, self.open = office, office.open

    def put(self, message):
        self.office.put(message)
        return message.partition(b"Message-ID: ")[2].partition(b"\n")[0].decode()

    def put_on(self, message, day):
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()
        self.office.server.load(self.office.user, [message], received=noon)
        return "INBOX"

    def put_many(self, messages):
        self.office.server.load(self.office.user, messages)

    def remove(self, handle):
        self.office.server.expunge(self.office.user, f"HEADER Message-ID {handle}")

    def replace(self, handle, message):
        self.remove(handle)
        self.put(message)

    def shown(self, message):
        # IMAP has no byte 0 in a literal; Dovecot sends 0x80 for it (RFC 9051, 9: CHAR8).
        return crlf(message).replace(b"\x00", b"\x80")


class TestImap(CountsByDay, OldestFirst, MailboxContract):
    @pytest.fixture
    async def holder(self, dovecot):
        office = Office(dovecot)
        yield Inbox(office)
        await office.close()
