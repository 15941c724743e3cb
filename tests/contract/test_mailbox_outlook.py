"""The mailbox contract on Microsoft 365, as the stand-in of Graph has it."""

from datetime import UTC, datetime, time, timedelta

import pytest

from connectors.outlook import Graph, OutlookMailbox
from tests.connectors.outlook_account import ADDRESS, Granted
from tests.contract.mailbox import CountsByDay, MailboxContract
from tests.servers.graph import GraphServer


class OfOneMailbox:
    """Two folders; mail received over some seconds, some of it at the same one."""

    folders = ("Inbox", "Inbox/Jobs")

    def __init__(self, server):
        self.server, self.count, self.opened = server, 0, []
        server.add_mailbox(ADDRESS)
        server.create_folder(ADDRESS, "inbox/Jobs")

    def open(self):
        graph = Graph(Granted(self.server), url=self.server.url, first_pause=0.01)
        self.opened.append(OutlookMailbox(graph, ADDRESS, folders=self.folders))
        return self.opened[-1]

    def put(self, message):
        received = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=self.count // 3)
        return self._deliver(message, received)[1]

    def put_on(self, message, day):
        """Put it at either end of a day, by turns."""
        end = (time.min, time.max)[self.count % 2]
        return self._deliver(message, datetime.combine(day, end, UTC))[0].title()

    def _deliver(self, message, received):
        folder = ("inbox", "inbox/Jobs")[self.count % 5 == 4]
        self.count += 1
        return folder, self.server.deliver(ADDRESS, folder, message, received=received)

    def put_many(self, messages):
        for message in messages:
            self.put(message)

    def shown(self, message):
        return message

    def remove(self, handle):
        self.server.delete(ADDRESS, handle)

    def replace(self, handle, message):
        self.remove(handle)
        self.put(message)


class OfAllFolders(OfOneMailbox):
    folders = ("*",)


class _OnTheStandIn(CountsByDay, MailboxContract):
    kind = OfOneMailbox
    many = 1_500  # the stand-in, in the same process, has to answer two requests for each
    most_memory = 7_000_000

    @pytest.fixture
    async def holder(self):
        with GraphServer() as server:
            holder = self.kind(server)
            yield holder
            for each in holder.opened:
                await each.close()
            assert server.violations == []
            assert server.high_water(ADDRESS) <= 4
            assert all(entry.immutable for entry in server.journal)


class TestTwoFolders(_OnTheStandIn):
    kind = OfOneMailbox
    many = 1_500  # the stand-in, in the same process, has to answer two requests for each
    most_memory = 7_000_000


class TestAllFolders(_OnTheStandIn):
    kind = OfAllFolders
    # Most of its time is the stand-in's; once is enough.
    test_many_messages_take_no_more_memory_than_a_page = None
