"""Accounts on a real Dovecot, and mailboxes of them that are closed when a test ends."""

import itertools

from connectors.imap import ImapMailbox

_numbers = itertools.count()


class Office:
    """One account of a Dovecot; `open` gives another mailbox of it each time."""

    def __init__(self, server):
        self.server = server
        self.user, self.password = f"office{next(_numbers)}@hudson.example", "invented"
        server.set_password(self.user, self.password)
        self.opened = []

    def open(self, **settings):
        chosen = {
            "password": lambda: self.password,
            "context": self.server.certificates.trusting(),
            **settings,
        }
        mailbox = ImapMailbox("localhost", self.server.imaps_port, self.user, **chosen)
        self.opened.append(mailbox)
        return mailbox

    def put(self, message, folder="INBOX"):
        self.server.load(self.user, [message], folder)

    async def close(self):
        for mailbox in self.opened:
            await mailbox.close()


def crlf(message):
    """Return a message with the line ends that IMAP gives it."""
    return message.replace(b"\n", b"\r\n")


async def sweep(mailbox, cursor="", limit=100):
    """Return the refs of one sweep and the cursor at its end."""
    refs, more = [], True
    while more:
        page = await mailbox.page(cursor, limit)
        refs += page.refs
        cursor, more = page.cursor, page.more
    return refs, cursor
