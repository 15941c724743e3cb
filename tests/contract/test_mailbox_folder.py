"""The mailbox contract on a directory, as each kind of mail store that it can hold."""

import itertools
import re

import pytest

from connectors.folder import FolderMailbox
from tests.contract.mailbox import MailboxContract, MailboxPromises, OldestFirst

_SEPARATOR = b"From ada@customer.example Thu Jan  4 10:00:00 2024\n"


class PlainFiles:
    """Files with names of any kind, two levels deep."""

    names = ("1.", "a b.eml", "c/2", "c/d/mail.tmp", "Re: hello?", "ü.txt", "c/cur.eml")

    def __init__(self, path):
        self.path, self.count = path, itertools.count()

    def open(self):
        return FolderMailbox(self.path, settle=0)

    def put(self, message):
        number = next(self.count)
        name = self.names[number % len(self.names)]
        place = self.path / (name if number < len(self.names) else f"{name}-{number}")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(message)
        return str(place)

    def remove(self, handle):
        (self.path / handle).unlink()

    def replace(self, handle, message):
        (self.path / handle).write_bytes(message)

    def shown(self, message):
        return message

    def put_many(self, messages):
        for message in messages:
            self.put(message)


class Maildir(PlainFiles):
    """A Maildir: delivered to new/, some read since."""

    def __init__(self, path):
        super().__init__(path)
        for part in ("cur", "new", "tmp"):
            (path / part).mkdir(parents=True)
        (path / "dovecot-uidlist").write_text("3 V1 N4\n")
        (path / "tmp" / "half").write_bytes(b"Subject: being deliv")

    def put(self, message):
        number = next(self.count)
        part, flags = ("new", "") if number % 2 else ("cur", ":2,S")
        place = (
            self.path / part / f"1700000{number:03}.M{number}P7.host,S={len(message)}{flags}"
        )
        place.write_bytes(message)
        return str(place)


class Mbox(PlainFiles):
    """One mbox file in a directory, written as mboxrd."""

    def __init__(self, path):
        super().__init__(path)
        self.file, self.kept = path / "inbox", {}

    def put_many(self, messages):
        self.kept |= {str(next(self.count)): message for message in messages}
        self.write()

    def write(self):
        quoted = (re.sub(rb"(?m)^(>*From )", rb">\1", m) for m in self.kept.values())
        content = b"".join(_SEPARATOR + message + b"\n" for message in quoted)
        if content:
            self.file.write_bytes(content)
        else:
            self.file.unlink(missing_ok=True)

    def put(self, message):
        handle = str(next(self.count))
        self.kept[handle] = message
        self.write()
        return handle

    def remove(self, handle):
        del self.kept[handle]
        self.write()

    def replace(self, handle, message):
        self.kept[handle] = message
        self.write()


class Mixed:
    """Plain files, a Maildir with a folder in it and an mbox, side by side and nested."""

    def __init__(self, path):
        self.path = path
        self.parts = (
            PlainFiles(path / "old"),
            Maildir(path / "Mail"),
            Maildir(path / "Mail" / ".Sent"),
            Mbox(path / "old"),
        )
        self.turn = itertools.cycle(range(len(self.parts)))

    def open(self):
        return FolderMailbox(self.path, settle=0)

    def put(self, message):
        part = next(self.turn)
        return f"{part}|{self.parts[part].put(message)}"

    def remove(self, handle):
        part, _, inner = handle.partition("|")
        self.parts[int(part)].remove(inner)

    def replace(self, handle, message):
        part, _, inner = handle.partition("|")
        self.parts[int(part)].replace(inner, message)

    def shown(self, message):
        return message

    def put_many(self, messages):
        messages = list(messages)
        for number, part in enumerate(self.parts):
            part.put_many(messages[number :: len(self.parts)])


@pytest.fixture
def root(tmp_path):
    (tmp_path / "mail").mkdir()
    return tmp_path / "mail"


class TestPlainFiles(MailboxContract):
    many = 10_000
    most_memory = 42_000_000  # what a directory holds is known by name: 3 kB a file

    @pytest.fixture
    def holder(self, root):
        return PlainFiles(root)


class TestMaildir(OldestFirst, MailboxPromises):
    @pytest.fixture
    def holder(self, root):
        return Maildir(root)


class TestMbox(OldestFirst, MailboxContract):
    @pytest.fixture
    def holder(self, root):
        return Mbox(root)


class TestMixed(MailboxPromises):
    @pytest.fixture
    def holder(self, root):
        return Mixed(root)
