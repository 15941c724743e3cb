"""Events, tasks and messages at Graph when answers are lost, rights missing, names wrong."""

from __future__ import annotations

import pytest

from connectors.outlook import OutlookCalendar, OutlookTasks, TeamsMessages
from flows.errors import DeliveryUnknown, OperatorError, SignInNeeded, TransientError
from flows.language.outlets import TeamsOutlet
from tests.connectors.outlook_account import ADDRESS, Account, Granted
from tests.contract.outlet import output
from tests.contract.test_outlets_plans import CHANNEL, TEAM, VISIT
from tests.servers.graph import ALL_SCOPES, GraphServer

EVENT = output("event.add", 1, VISIT | {"title": "Boiler"})
TASK = output("task.add", 2, {"title": "Call Ada", "due": "2026-03-14", "time_zone": "UTC"})
POST = output("teams.post", 3, {"title": "Leak", "text": "<b>12 Elm Street</b>"})
CHAT = "19:def@thread.v2"


@pytest.fixture
async def account():
    with GraphServer() as server:
        made = Account(server)
        server.plans.add_room(f"{TEAM}/{CHANNEL}", [ADDRESS])
        server.plans.add_room(CHAT, [ADDRESS])
        yield made
        await made.close()
        assert server.violations == []


def calendar(account, **more):
    return OutlookCalendar("office", account.graph(**more), ADDRESS)


def tasks(account, **more):
    return OutlookTasks("office", account.graph(**more), ADDRESS)


def teams(account, chat=False, **more):
    place = {"chat": CHAT} if chat else {"team": TEAM, "channel": CHANNEL}
    spec = TeamsOutlet(uses="teams", source="office", **place)
    return TeamsMessages("team", account.graph(**more), ADDRESS, spec)


def without(account, *rights):
    return Granted(account.server, ADDRESS, scopes=ALL_SCOPES - {*rights})


LOST = ("cut_after", "cut_midway", "504_after")
NOT_DONE = ("429", "503", "cut_before", "500")


@pytest.mark.parametrize("kind", [*LOST, *NOT_DONE])
async def test_an_event_is_added_once_whatever_becomes_of_an_answer(account, kind):
    account.server.faults.fail_next(r"/events$", kind, method="POST", times=2)
    assert await calendar(account).deliver(EVENT) == f"calendar of {ADDRESS}"
    assert len(account.server.plans.events(ADDRESS)) == 1


async def test_an_event_says_when_and_where_and_invites_nobody(account):
    await calendar(account).deliver(EVENT)
    (event,) = [each.properties for each in account.server.plans.events(ADDRESS)]
    assert event["start"] == {"dateTime": "2026-03-14T13:30:00", "timeZone": "UTC"}
    assert event["location"] == {"displayName": "12 Elm Street"}
    assert event["transactionId"] == EVENT.id
    assert "attendees" not in event


async def test_a_day_is_one_of_the_business_s_own_zone(account):
    day = {"start": "2026-03-14", "end": "2026-03-15", "all_day": True}
    await calendar(account).deliver(output("event.add", 5, {**VISIT, **day, "title": "Fair"}))
    (event,) = [each.properties for each in account.server.plans.events(ADDRESS)]
    assert event["isAllDay"]
    assert event["start"] == {
        "dateTime": "2026-03-14T00:00:00",
        "timeZone": "America/New_York",
    }


async def test_a_calendar_or_list_that_is_not_there_is_told(account):
    for outlet, given in (
        (calendar(account), {**EVENT.body, "calendar": "Nowhere"}),
        (tasks(account), {**TASK.body, "list": "Nowhere"}),
    ):
        (uses,) = outlet.uses
        with pytest.raises(OperatorError) as caught:
            await outlet.deliver(output(uses, 6, given))
        assert "Nowhere" not in str(caught.value)


async def test_a_list_is_found_by_its_name_on_whatever_page(account):
    for number in range(150):
        account.server.plans.add_list(ADDRESS, f"List {number}")
    await tasks(account).deliver(output("task.add", 7, {**TASK.body, "list": "list 149"}))
    assert len(account.server.plans.tasks(ADDRESS, "List 149")) == 1


@pytest.mark.parametrize("kind", LOST)
async def test_a_task_whose_answer_is_lost_is_looked_for_and_not_added_again(account, kind):
    account.server.faults.fail_next(r"/tasks$", kind, method="POST", times=1)
    assert await tasks(account).deliver(TASK) == f"list Tasks of {ADDRESS}"
    assert len(account.server.plans.tasks(ADDRESS)) == 1


async def test_a_task_that_is_not_to_be_seen_is_left_to_a_person(account):
    account.server.faults.fail_next(r"/tasks$", "cut_before", method="POST", times=1)
    with pytest.raises(DeliveryUnknown):
        await tasks(account).deliver(TASK)


async def test_a_task_found_among_many_after_a_crash_is_not_added_again(account):
    await tasks(account).deliver(TASK)
    for number in range(110):
        await tasks(account).deliver(output("task.add", 100 + number, dict(TASK.body)))
    assert await tasks(account).resume(TASK)
    assert len(account.server.plans.tasks(ADDRESS)) == 111


@pytest.mark.parametrize("kind", LOST)
async def test_a_message_whose_answer_is_lost_is_never_posted_again(account, kind):
    account.server.faults.fail_next(r"/messages$", kind, method="POST", times=1)
    outlet = teams(account)
    with pytest.raises(DeliveryUnknown):
        await outlet.deliver(POST)
    with pytest.raises(DeliveryUnknown):
        await outlet.resume(POST)
    assert len(account.server.plans.messages(f"{TEAM}/{CHANNEL}")) == 1


async def test_teams_asks_for_a_pause_and_the_message_is_posted_after_it(account):
    account.server.faults.fail_next(r"/messages$", "429", method="POST", times=1)
    await teams(account).deliver(POST)
    assert len(account.server.plans.messages(f"{TEAM}/{CHANNEL}")) == 1
    assert account.server.hasty == []


@pytest.mark.parametrize("chat", [False, True])
async def test_a_message_is_plain_text(account, chat):
    await teams(account, chat).deliver(POST)
    (posted,) = account.server.plans.messages(CHAT if chat else f"{TEAM}/{CHANNEL}")
    assert posted.properties["body"] == {
        "contentType": "text",
        "content": "Leak\n\n<b>12 Elm Street</b>",
    }


@pytest.mark.parametrize(
    ("make", "given", "right"),
    [
        (calendar, EVENT, "Calendars.ReadWrite"),
        (tasks, TASK, "Tasks.ReadWrite"),
        (teams, POST, "ChannelMessage.Send"),
    ],
)
async def test_a_right_that_is_missing_is_named(account, make, given, right):
    """Nothing happens, and it goes out by itself once somebody has consented."""
    with pytest.raises(SignInNeeded, match=right.replace(".", r"\.")):
        await make(account, tokens=without(account, right)).deliver(given)
    await make(account).deliver(given)


@pytest.mark.parametrize(("make", "given"), [(tasks, TASK), (teams, POST)])
async def test_an_app_by_itself_adds_no_task_and_posts_nothing(account, make, given):
    class Own:
        async def token(self, *, refused: str = "") -> str:
            return account.server.grant_application(roles=ALL_SCOPES)

    with pytest.raises(SignInNeeded):
        await make(account, tokens=Own()).deliver(given)


async def test_a_zone_that_graph_does_not_know_is_refused_and_not_tried_for_ever(account):
    day = {
        "start": "2026-03-14",
        "end": "2026-03-15",
        "all_day": True,
        "time_zone": "Mars/Base",
    }
    with pytest.raises(Exception, match="TimeZoneNotSupported") as caught:
        await calendar(account).deliver(output("event.add", 8, {**VISIT, **day, "title": "x"}))
    assert not isinstance(caught.value, TransientError)
