"""What tests of several rooms share, and which of them share a process."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import pytest

from anonymizer.text.cleaner import Cleaner

pytest_plugins = ["tests.servers.fixtures"]

TOGETHER: Final = {
    f"tests/portal/test_{name}.py": "demo"
    for name in ("between_runs", "bytes", "cli", "demo", "keys", "offline", "pages", "prefect")
}
"""Files that look at the same runs: in one process, each run is made once."""


@pytest.fixture(scope="session")
def cleaner() -> Cleaner:
    """One cleaner for all tests of a process: its model takes seconds to load."""
    return Cleaner()


def _group(nodeid: str) -> str:
    path = nodeid.partition("::")[0]
    return TOGETHER.get(path, path)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the groups that have most slow tests; what is short fills up the end.

    Else the last of many workers is at a test of minutes while the others have nothing to do.
    """
    if not hasattr(config, "workerinput"):
        return
    slow = Counter(_group(item.nodeid) for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[_group(item.nodeid)])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Give each file, and the files of `TOGETHER`, to one worker.

    `xdist_group` does not do it: xdist 3.8 writes the group into what pytest 9.2 no longer
    reads, and says nothing.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _group(nodeid)

    config.option.loadscopereorder = False  # groups come in the order of the collection
    return ByFile(config, log)
