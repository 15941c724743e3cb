"""What tests of several rooms share, and which of them share a process."""

from __future__ import annotations

from typing import Any, Final

import pytest

from anonymizer.text.cleaner import Cleaner

pytest_plugins = ["tests.servers.fixtures"]

TOGETHER: Final = {
    f"tests/portal/test_{name}.py": "demo"
    for name in ("between_runs", "cli", "demo", "offline", "prefect")
}
"""Files that look at the same runs: in one process, each run is made once."""


@pytest.fixture(scope="session")
def cleaner() -> Cleaner:
    """One cleaner for all tests of a process: its model takes seconds to load."""
    return Cleaner()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Give each file, and the files of `TOGETHER`, to one worker.

    `xdist_group` does not do it: xdist 3.8 writes the group into what pytest 9.2 no longer
    reads, and says nothing.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            return TOGETHER.get(path, path)

    return ByFile(config, log)
