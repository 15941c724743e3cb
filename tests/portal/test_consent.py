"""`jigajob consent` as it is typed."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from flows.audit import Act
from flows.errors import AdministratorError, NothingKept, OperatorError
from flows.language.load import load
from flows.reports.pool import mirrors
from flows.rights.consent import Consent, checked, grants
from flows.rights.ledger import Consents
from flows.rights.texts import text_of, texts_of
from portal.settings import Settings
from portal.wiring import open_custody, open_pool
from tests.flows.business import FLOWS
from tests.portal.conftest import typed


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A business of which something is kept."""
    (tmp_path / "flows.yaml").write_text(FLOWS)
    (tmp_path / "mail").mkdir()
    made = Settings(home=tmp_path / "home", flows=tmp_path / "flows.yaml")

    async def begin() -> None:
        async with open_custody(made) as custody:
            await custody.check()
            await custody.audit.note(Act(action="audit.read", authority="test"))

    asyncio.run(begin())
    return made


def in_pool(settings: Settings, command: str, *words: str) -> None:
    """Do what the command does, with JIGAJOB_POOL as in the settings."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("JIGAJOB_POOL", settings.pool)
        typed(settings, command, *words)


def standing_in(settings: Settings) -> bool:
    """Whether any business agrees, as the pool has it."""

    async def read() -> bool:
        async with open_pool(settings, new=False) as pool:
            found = await mirrors(pool.records)
        return any(grants(each.rows) for each in found.values())

    return asyncio.run(read())


def shown(settings: Settings, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    typed(settings, "consent show", "--json")
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def rows(settings: Settings) -> tuple[Consent, ...]:
    async def read() -> tuple[Consent, ...]:
        async with open_custody(settings, new=False) as custody:
            return (await Consents(custody.records, custody.clock).read("aggregates")).rows

    return asyncio.run(read())


def actions(settings: Settings) -> list[tuple[str, tuple[str, ...]]]:
    async def read() -> list[tuple[str, tuple[str, ...]]]:
        async with open_custody(settings, new=False) as custody:
            entries = [each async for each in custody.audit.log.entries()]
        return [
            (each.entry.action, each.entry.subjects)
            for each in entries
            if each.entry.action.startswith("consent.")
        ]

    return asyncio.run(read())


def test_nobody_was_asked_so_the_answer_is_no(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(settings, "consent show")
    out = capsys.readouterr().out
    assert "nobody was asked, so the answer is no" in out
    assert text_of("aggregates").words in out
    assert shown(settings, capsys)["granted"] is False
    assert not (settings.home / "pool").exists()


def test_the_text_can_be_read_before_anything_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "flows.yaml").write_text(FLOWS)
    nowhere = Settings(home=tmp_path / "home", flows=tmp_path / "flows.yaml")
    with pytest.raises(NothingKept):
        typed(nowhere, "consent show")
    assert text_of("aggregates").words in capsys.readouterr().out


@pytest.mark.parametrize(
    ("test", "told"),
    [
        (False, "counts in one group (Plumbing, heating and air conditioning, "),
        (True, "while flows.yaml says `test: true`, your business counts nowhere"),
    ],
)
def test_a_yes_tells_where_the_business_counts(
    settings: Settings, test: bool, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if test:
        flows = FLOWS.replace("  id: hudson\n", "  id: hudson\n  test: true\n")
        settings.flows.write_text(flows)
    typed(settings, "consent grant", "--yes")
    assert told in capsys.readouterr().out


def test_a_yes_needs_a_person_or_yes_and_shows_the_text_first(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(OperatorError, match="nobody is there to agree"):
        typed(settings, "consent grant")
    assert text_of("aggregates").words in capsys.readouterr().out
    assert rows(settings) == ()

    typed(settings, "consent grant", "aggregates", "--yes", "--channel", "paper", "--by", "Ann")
    out = capsys.readouterr().out
    (row,) = rows(settings)
    assert row.hash in out
    assert (row.state, row.channel, row.who) == ("granted", "paper", "Ann")
    assert (row.version, row.text) == ("1", text_of("aggregates").hash)
    assert actions(settings) == [("consent.grant", (row.hash,))]

    typed(settings, "consent grant", "--yes")
    assert "already" in capsys.readouterr().out
    assert rows(settings) == (row,)
    told = shown(settings, capsys)
    assert (told["granted"], told["pool_told"]) == (True, True)


def test_every_yes_and_no_is_a_row_in_a_chain(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(settings, "consent grant", "--yes")
    typed(settings, "consent withdraw")
    out = capsys.readouterr().out
    assert "what was released before does not change" in out
    typed(settings, "consent withdraw")
    assert "taken back before" in capsys.readouterr().out
    typed(settings, "consent grant", "--yes")

    said = rows(settings)

    assert [each.state for each in said] == ["granted", "withdrawn", "granted"]
    assert checked(said) == said
    with pytest.raises(AdministratorError, match="changed or removed"):
        checked((said[0], said[2]))
    assert [subjects for _, subjects in actions(settings)] == [(row.hash,) for row in said]


def test_a_no_that_the_pool_did_not_hear_ends_in_an_error_and_is_told_again(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(settings, "consent grant", "--yes")
    pool = settings.home / "pool"
    pool.rename(settings.home / "away")
    pool.write_text("in the way")
    capsys.readouterr()

    for _ in range(2):
        with pytest.raises(AdministratorError):
            typed(settings, "consent withdraw")
        assert "could not be told" in capsys.readouterr().err
    told = shown(settings, capsys)
    assert (told["granted"], told["pool_told"]) == (False, False)

    pool.unlink()
    (settings.home / "away").rename(pool)
    typed(settings, "consent withdraw")
    assert shown(settings, capsys)["pool_told"] is True
    assert len(rows(settings)) == 2


def test_a_yes_stands_where_the_pool_cannot_be_reached(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (settings.home / "pool").write_text("in the way")
    typed(settings, "consent grant", "--yes")
    assert "told by a later run" in capsys.readouterr().err
    told = shown(settings, capsys)
    assert (told["granted"], told["pool_told"]) == (True, False)


def test_a_no_has_to_reach_the_pool_that_was_told_of_the_yes(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """JIGAJOB_POOL was changed in between: in the former pool the business still counts."""
    first, second = (replace(settings, pool=str(tmp_path / name)) for name in ("one", "two"))
    in_pool(first, "consent grant", "--yes")

    for _ in range(2):
        with pytest.raises(AdministratorError, match="another pool"):
            in_pool(second, "consent withdraw")
        assert "the pool has deleted" not in capsys.readouterr().out
    assert standing_in(first)
    assert shown(settings, capsys)["pool_told"] is False

    in_pool(first, "consent withdraw")
    assert "the pool has deleted" in capsys.readouterr().out
    assert not standing_in(first)
    in_pool(second, "consent grant", "--yes")
    assert capsys.readouterr().err == ""
    assert standing_in(second)


def test_a_pool_that_is_gone_for_good_is_given_up_in_so_many_words(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(settings, "consent grant", "--yes")
    shutil.rmtree(settings.home / "pool")

    with pytest.raises(AdministratorError) as refused:
        typed(settings, "consent withdraw")
    assert "--pool-lost" in refused.value.fix
    typed(settings, "consent withdraw", "--pool-lost")
    typed(settings, "consent grant", "--yes")

    assert shown(settings, capsys)["pool_told"] is True
    assert "consent.pool_lost" in [action for action, _ in actions(settings)]


def test_a_pool_that_cannot_be_opened_has_deleted_nothing(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where it was told before: whoever asks again is told what is so now."""
    typed(settings, "consent withdraw")
    (tmp_path / "file").write_text("no folder")
    capsys.readouterr()

    with pytest.raises(AdministratorError, match="JIGAJOB_POOL"):
        in_pool(replace(settings, pool=str(tmp_path / "file")), "consent withdraw")
    assert "has deleted" not in capsys.readouterr().out


def test_it_shows_the_answer_and_no_row_that_a_name_pretends(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(settings, "consent grant", "--yes", "--by", "Ann)\naggregates: withdrawn \x1b[31m")
    capsys.readouterr()
    typed(settings, "consent show")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("aggregates: granted")
    assert lines[1] == "so the answer is yes, and the pool has been told"
    assert not any("\x1b" in line for line in lines)


def test_the_pool_has_no_name_of_who_said_so(settings: Settings) -> None:
    typed(settings, "consent grant", "--yes", "--by", "Annabel Nobody")

    async def mirrored() -> bytes:
        async with open_pool(settings, new=False) as pool:
            return b"".join(
                [await pool.records.open_bytes(r) async for r in pool.records.each("consent")]
            )

    opened = asyncio.run(mirrored())
    assert rows(settings)[0].text.encode() in opened
    assert b"Annabel" not in opened


def test_texts_that_were_shown_once_never_change() -> None:
    """Another wording is another file; this hash stands in rows of businesses."""
    assert {text.version: text.hash for text in texts_of("aggregates")} == {
        "1": "24aea420e8046a11f62c8f3031cd0caed8274c1add276d84979da553cb1f0657",
    }


def test_owner_and_test_are_words_of_the_flows_file(settings: Settings) -> None:
    assert load(settings.flows).business.owner is None
    assert load(settings.flows).business.test is False
    more = FLOWS.replace("id: hudson\n", "id: hudson\n  owner: lee-group\n  test: true\n")
    settings.flows.write_text(more)
    assert load(settings.flows).business.owner == "lee-group"
    assert load(settings.flows).business.test is True
    settings.flows.write_text(more.replace("test: true", "test: 'yes'"))
    with pytest.raises(OperatorError):
        load(settings.flows)
