"""The Outlook mailbox against the stand-in of Graph: what it reads, and what it survives."""

import asyncio
import logging
import time
from datetime import date

import pytest

from connectors.outlook.batch import batch
from connectors.outlook.client import home
from flows.errors import (
    AdministratorError,
    OperatorError,
    SignInNeeded,
    SkipItem,
    Throttled,
    TransientError,
)
from flows.ports import Hints, MailRef
from tests.connectors.outlook_account import ADDRESS, mail, sweep, well_behaved

RESYNCS = ("gone_resync", "gone_state", "sync_state_40x")


@pytest.fixture
async def account():
    async with well_behaved() as account:
        yield account


async def counts(mailbox):
    return {count.folder: count.number for count in await mailbox.day_counts(())}


def throttled(account):
    return sum(entry.status == 429 for entry in account.server.journal)


async def test_the_first_sync_is_oldest_first_and_shows_each_once(account):
    put = [account.put() for _ in range(10)]
    found, cursor = await sweep(account.mailbox())
    assert found == put
    assert (await sweep(account.mailbox(), cursor))[0] == []
    late = account.put()
    assert (await sweep(account.mailbox(), cursor))[0] == [late]


async def test_mail_of_one_second_is_listed_whole(account):
    at = account.server.clock.now()
    put = {account.server.deliver(ADDRESS, "inbox", mail(n), received=at) for n in range(9)}
    found, _ = await sweep(account.mailbox(), limit=2)
    assert len(found) == len(set(found))
    assert set(found) == put


async def test_mail_before_since_does_not_exist(account):
    account.put()
    server = account.server
    late = server.deliver(ADDRESS, "inbox", mail(1), received=server.clock.now())
    since = server.clock.now().date()
    mailbox = account.mailbox(since=since)
    found, cursor = await sweep(mailbox)
    assert found == [late]
    assert [ref.native_id async for ref in mailbox.census()] == [late]
    assert await counts(mailbox) == {"Inbox": 1}
    account.put()
    assert (await sweep(mailbox, cursor))[0] == []
    # Another `since` is another listing.
    assert len((await sweep(account.mailbox(since=date(2020, 1, 1)), cursor))[0]) == 3


async def test_drafts_are_left_out(account):
    kept = account.put()
    graph = account.graph()
    await graph.call(
        "POST", ADDRESS, f"{home(ADDRESS)}/mailFolders/inbox/messages", json={"subject": "x"}
    )
    mailbox = account.mailbox(graph=graph)
    assert (await sweep(mailbox))[0] == [kept]
    assert [ref.native_id async for ref in mailbox.census()] == [kept]
    assert await counts(mailbox) == {"Inbox": 1}


@pytest.mark.parametrize("kind", RESYNCS)
@pytest.mark.parametrize("skip", [0, 1, 2])
async def test_a_resync_loses_nothing_that_came_meanwhile(account, kind, skip):
    for _ in range(7):
        account.put()
    mailbox = account.mailbox()
    _, cursor = await sweep(mailbox)
    new = {account.put() for _ in range(6)}
    account.server.faults.fail_next("/messages/delta", kind, skip=skip)
    arriving = iter(range(3))

    def arrive():
        if next(arriving, None) is not None:
            new.add(account.put())

    found, cursor = await sweep(mailbox, cursor, 2, each=arrive)
    found += (await sweep(mailbox, cursor))[0]
    assert new <= set(found)
    assert any(entry.fault == kind for entry in account.server.journal)


async def test_delta_tokens_that_expired_show_all_again(account):
    put = {account.put() for _ in range(7)}
    mailbox = account.mailbox()
    _, cursor = await sweep(mailbox)
    account.server.expire_delta(ADDRESS)
    late = account.put()
    found, cursor = await sweep(mailbox, cursor)
    assert set(found) == put | {late}
    assert (await sweep(mailbox, cursor))[0] == []


@pytest.mark.parametrize("kind", ["repeat_page", "shuffle_page", "empty_page"])
async def test_odd_pages_of_delta_hide_nothing(account, kind):
    mailbox = account.mailbox()
    _, cursor = await sweep(mailbox)
    put = {account.put() for _ in range(9)}
    account.server.faults.fail_next("/messages/delta", kind, times=6)
    found, _ = await sweep(mailbox, cursor, 2)
    assert set(found) == put


async def test_a_message_keeps_its_id_wherever_it_is_moved(account):
    account.server.create_folder(ADDRESS, "inbox/Jobs")
    mailbox = account.mailbox(folders=("Inbox", "Inbox/Jobs"))
    put = account.put()
    _, cursor = await sweep(mailbox)
    account.server.move(ADDRESS, put, "inbox/Jobs")
    page = await mailbox.page(cursor, 5)
    assert [(ref.native_id, ref.folder) for ref in page.refs] == [(put, "Inbox/Jobs")]
    assert await mailbox.fetch(page.refs[0]) == mail(0)


@pytest.mark.parametrize("restart", [True, False])
async def test_a_sweep_after_one_that_broke_off_shows_all_folders(account, restart):
    """A round that was left half done has passed the inbox; its new mail is not to wait."""
    account.server.create_folder(ADDRESS, "inbox/Jobs")
    folders = ("Inbox", "Inbox/Jobs")
    mailbox = account.mailbox(folders=folders)
    for folder in ("inbox", "inbox", "inbox/Jobs", "inbox/Jobs"):
        account.put(folder)
    _, cursor = await sweep(mailbox)
    new = [account.put(folder) for folder in ("inbox", "inbox/Jobs", "inbox/Jobs")]
    found = []
    while len(found) < 2:
        page = await mailbox.page(cursor, 1)
        found += [ref.native_id for ref in page.refs]
        cursor = page.cursor
    new.append(account.put("inbox"))
    if restart:
        mailbox = account.mailbox(folders=folders)
    else:
        account.server.faults.fail_next("mailFolders", "500", times=50)
        with pytest.raises(TransientError):
            await mailbox.page(cursor, 1)
        account.server.faults.calm()
    rest, _ = await sweep(mailbox, cursor)
    assert sorted(found + rest) == sorted(new)


async def test_a_renamed_folder_is_followed_by_its_id(account):
    account.server.create_folder(ADDRESS, "inbox/Jobs")
    mailbox = account.mailbox(folders=("Inbox/Jobs",))
    account.put("inbox/Jobs")
    _, cursor = await sweep(mailbox)
    account.server.rename_folder(ADDRESS, "inbox/Jobs", "Work")
    late = account.put("inbox/Work")
    page = await account.mailbox(folders=("Inbox/Jobs",)).page(cursor, 5)
    assert [(ref.native_id, ref.folder) for ref in page.refs] == [(late, "Inbox/Work")]


async def test_a_recreated_folder_is_another_folder_and_read_whole(account):
    account.server.create_folder(ADDRESS, "inbox/Jobs")
    mailbox = account.mailbox(folders=("Inbox/Jobs",))
    account.put("inbox/Jobs")
    _, cursor = await sweep(mailbox)
    account.server.recreate_folder(ADDRESS, "inbox/Jobs")
    put = [account.put("inbox/Jobs") for _ in range(4)]
    assert (await sweep(mailbox, cursor))[0] == put


async def test_a_missing_folder_is_named_after_the_mail_of_the_others(account):
    account.server.create_folder(ADDRESS, "inbox/Jobs")
    mailbox = account.mailbox(folders=("Inbox", "inbox/jobs"))
    _, cursor = await sweep(mailbox)
    account.server.delete_folder(ADDRESS, "inbox/Jobs")
    put = [account.put() for _ in range(4)]
    found = []
    while len(found) < len(put):
        page = await mailbox.page(cursor, 3)
        assert page.more
        found += [ref.native_id for ref in page.refs]
        cursor = page.cursor
    assert found == put
    with pytest.raises(AdministratorError, match="'inbox/jobs'") as caught:
        await mailbox.page(cursor, 3)
    assert "flows.yaml" in caught.value.fix
    put = account.put()
    assert [ref.native_id for ref in (await mailbox.page(cursor, 3)).refs] == [put]


async def test_a_star_takes_every_folder_and_new_ones(account):
    put = [account.put("inbox"), account.put("archive")]
    mailbox = account.mailbox(folders=("*",))
    found, cursor = await sweep(mailbox)
    assert sorted(found) == sorted(put)
    account.server.create_folder(ADDRESS, "inbox/New")
    late = account.put("inbox/New")
    assert (await sweep(mailbox, cursor))[0] == [late]
    assert (await counts(mailbox))["Inbox/New"] == 1


async def test_a_message_over_the_limit_is_skipped(account):
    account.put(body=b"x" * 5_000)
    mailbox = account.mailbox(max_bytes=1_000)
    (ref,) = (await mailbox.page("", 5)).refs
    with pytest.raises(SkipItem) as caught:
        await mailbox.fetch(ref)
    assert caught.value.reason == "too_large"


async def test_a_pause_that_is_asked_for_is_kept_by_all(account):
    put = [account.put() for _ in range(8)]
    mailbox = account.mailbox()
    refs = (await mailbox.page("", 10)).refs
    account.server.faults.fail_next(r"/\$value", "429", times=2, retry_after=1)
    started = time.monotonic()
    fetched = await asyncio.gather(*(mailbox.fetch(ref) for ref in refs))
    assert fetched == [mail(number) for number in range(len(put))]
    assert time.monotonic() - started >= 1
    assert throttled(account) == 2


async def test_a_pause_that_is_too_long_is_handed_on(account):
    mailbox = account.mailbox(graph=account.graph(patience=2.0))
    account.server.faults.fail_next("/messages", "429", retry_after=5)
    for _ in range(2):  # the second one does not even ask
        with pytest.raises(Throttled) as caught:
            await mailbox.page("", 5)
        assert 4 < caught.value.retry_after <= 5
    assert throttled(account) == 1


async def test_many_at_once_in_several_objects_are_four_at_a_time(account):
    account.server.latency = 0.02
    for _ in range(3):
        account.put()
    mailboxes = [account.mailbox() for _ in range(3)]
    refs = (await mailboxes[0].page("", 5)).refs
    calls = [box.fetch(ref) for box in mailboxes for ref in refs * 3]
    calls += [counts(box) for box in mailboxes]
    await asyncio.gather(*calls)
    assert account.server.high_water(ADDRESS) == 4
    assert account.server.throttled(ADDRESS) == 0


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "cut_midway", "500", "502", "504"])
async def test_a_read_survives_trouble_that_passes(account, kind):
    put = [account.put() for _ in range(4)]
    account.server.faults.fail_next("/messages", kind, times=3, retry_after=1)
    assert (await sweep(account.mailbox()))[0] == put


async def test_trouble_that_stays_is_told_without_addresses_of_others(account):
    account.server.faults.fail_next("mailFolders", "500", times=50)
    with pytest.raises(TransientError, match="away"):
        await account.mailbox().page("", 5)


async def test_a_batch_judges_each_part_by_itself(account):
    put = [account.put() for _ in range(45)]
    account.server.faults.fail_next("/messages/", "429", times=3, retry_after=1)
    paths = [f"{home(ADDRESS)}/messages/{each}?$select=id" for each in [*put, "nothing"]]
    found = await batch(account.graph(), ADDRESS, paths)
    assert [row and row["id"] for row in found] == [*put, None]


async def test_marks_are_added_and_mail_is_moved_only_once(account):
    account.server.create_folder(ADDRESS, "inbox/Done")
    put = account.put()
    account.server.mark(ADDRESS, put, categories=("Blue",))
    mailbox = account.mailbox()
    for _ in range(2):
        await mailbox.mark(put, category="Job", move_to="Inbox/Done")
    (held,) = account.server.messages(ADDRESS, "inbox/Done")
    assert held.id == put
    assert held.properties["categories"] == ["Blue", "Job"]
    with pytest.raises(OperatorError, match="'Nowhere'"):
        await mailbox.mark(put, move_to="Nowhere")
    with pytest.raises(SkipItem):
        await mailbox.mark("nothing", category="Job")


async def test_a_poke_is_told_once(account):
    mailbox = account.mailbox()
    assert isinstance(mailbox, Hints)
    assert not await mailbox.changed(0.01)
    mailbox.poke()
    assert await mailbox.changed(5)
    assert not await mailbox.changed(0.01)


async def test_nothing_of_a_mailbox_is_logged(account, caplog):
    caplog.set_level(logging.INFO)
    account.put()
    mailbox = account.mailbox()
    (ref,) = (await mailbox.page("", 5)).refs
    await mailbox.fetch(ref)
    ours = [each for each in caplog.records if each.name.startswith(("httpx2", "connectors"))]
    assert ours == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25))
async def test_random_trouble_loses_no_message(account, seed):
    account.server.create_folder(ADDRESS, "inbox/Jobs")
    folders = ("Inbox", "Inbox/Jobs")
    put = {account.put(("inbox", "inbox/Jobs")[n % 2]) for n in range(12)}
    account.server.faults.random(rate=0.15, seed=seed)
    found, cursor, arriving = set(), "", 8
    for _ in range(400):
        mailbox = account.mailbox(folders=folders)
        try:
            page = await mailbox.page(cursor, 1 + seed % 5)
            for ref in page.refs:
                await mailbox.fetch(ref)
        except (TransientError, SignInNeeded):
            continue  # as after a crash: the cursor has not moved
        found |= {ref.native_id for ref in page.refs}
        cursor = page.cursor
        if arriving:
            arriving -= 1
            put.add(account.put(("inbox", "inbox/Jobs")[arriving % 2]))
        elif not page.more:
            break
    account.server.faults.calm()
    found |= set((await sweep(account.mailbox(folders=folders), cursor))[0])
    assert found == put


async def test_a_message_that_was_deleted_is_gone(account):
    ref = MailRef(native_id=account.put(), folder="Inbox", size=1)
    account.server.delete(ADDRESS, ref.native_id)
    with pytest.raises(SkipItem) as caught:
        await account.mailbox().fetch(ref)
    assert caught.value.reason == "gone"
