"""The outlet contract on calendars, lists of tasks and messages: the stand-in of Graph."""

from __future__ import annotations

import pytest

from connectors.outlook import OutlookCalendar, OutlookTasks, TeamsMessages
from connectors.outlook.sending import ID_PROPERTY
from flows.language.outlets import TeamsOutlet
from tests.connectors.outlook_account import ADDRESS, well_behaved
from tests.contract.outlet import OutletContract, ResumingContract, output

VISIT = {
    "start": "2026-03-14T09:30:00-04:00",
    "end": "2026-03-14T10:30:00-04:00",
    "all_day": False,
    "time_zone": "America/New_York",
    "location": "12 Elm Street",
    "notes": "Ring twice.",
}
TEAM, CHANNEL = "11111111-2222-3333-4444-555555555555", "19:abc@thread.tacv2"


@pytest.fixture
async def account():
    async with well_behaved() as account:
        yield account


class TestCalendar(OutletContract):
    calendar = ""

    @pytest.fixture
    def open_outlet(self, account):
        self.plans = account.server.plans
        if self.calendar:
            self.plans.add_calendar(ADDRESS, self.calendar)
        return lambda: OutlookCalendar("office", account.graph(), ADDRESS)

    @pytest.fixture
    def outputs(self):
        more = {"calendar": self.calendar} if self.calendar else {}
        return [output("event.add", n, VISIT | more | {"title": f"{n}"}) for n in range(3)]

    async def shown(self, outlet):
        events = self.plans.events(ADDRESS, self.calendar or "Calendar")
        return [str(each.extended.get(ID_PROPERTY)) for each in events]


class TestNamedCalendar(TestCalendar):
    calendar = "Visits"


class TestTasks(ResumingContract):
    @pytest.fixture
    def open_outlet(self, account):
        self.plans = account.server.plans
        return lambda: OutlookTasks("office", account.graph(), ADDRESS)

    @pytest.fixture
    def outputs(self):
        body = {"due": "2026-03-14", "time_zone": "America/New_York", "notes": "Call first."}
        return [output("task.add", n, body | {"title": f"{n}"}) for n in range(3)]

    async def shown(self, outlet):
        tasks = [each.properties for each in self.plans.tasks(ADDRESS)]
        return [each["linkedResources"][0]["externalId"] for each in tasks]


class TestTeams(ResumingContract):
    @pytest.fixture
    def open_outlet(self, account):
        self.plans = account.server.plans
        self.plans.add_room(f"{TEAM}/{CHANNEL}", [ADDRESS])
        spec = TeamsOutlet(uses="teams", source="office", team=TEAM, channel=CHANNEL)
        return lambda: TeamsMessages("team", account.graph(), ADDRESS, spec)

    @pytest.fixture
    def outputs(self):
        return [output("teams.post", n, {"text": f"About {n:024x}"}) for n in range(3)]

    async def shown(self, outlet):
        messages = self.plans.messages(f"{TEAM}/{CHANNEL}")
        return [each.properties["body"]["content"] for each in messages]

    def key_of(self, each):
        """A message bears no id: nobody could look for it there."""
        return str(each.body["text"])
