"""The pool where the settings say, with keys and a log of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from flows.audit import Act
from flows.errors import AdministratorError, NothingKept
from flows.language.node import Slug
from flows.reports.pool import POOL
from portal.settings import Settings
from portal.wiring import open_pool


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", flows=tmp_path / "flows.yaml")


async def test_it_lies_in_the_home_or_in_a_folder_that_is_named(
    settings: Settings, tmp_path: Path
) -> None:
    for where, folder in (("", tmp_path / "home/pool"), (str(tmp_path / "shared"),) * 2):
        async with open_pool(replace(settings, pool=str(where))) as pool:
            await pool.audit.engine.note(Act(action="audit.verify", authority="test"))
            await pool.records.secret("whatever")
        found = {each.name for each in Path(folder).iterdir()}
        assert {"jigajob.db", "keys", "audit.roots"} <= found


async def test_it_is_begun_only_where_it_may_be(settings: Settings) -> None:
    with pytest.raises(NothingKept, match="consent grant"):
        async with open_pool(settings, new=False):
            pass
    assert not settings.home.exists()

    async with open_pool(settings) as pool:
        secret = await pool.records.secret("whatever")
    async with open_pool(settings, new=False) as pool:
        assert await pool.records.secret("whatever") == secret


async def test_a_shared_store_needs_a_shared_key(settings: Settings) -> None:
    shared = replace(settings, pool="https://pool.documents.azure.com")

    with pytest.raises(AdministratorError, match="JIGAJOB_KEYS"):
        async with open_pool(shared):
            pass


def test_no_flows_file_can_have_its_name() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Slug).validate_python(POOL)
