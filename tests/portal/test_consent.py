"""`jigajob consent` as it is typed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from flows.audit import Act
from flows.errors import AdministratorError, OperatorError
from flows.language.load import load
from flows.rights.consent import Consent, checked
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
