"""Shared pieces of flows files."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest

from flows.errors import FlowsFileError
from flows.language.load import load
from flows.language.spec import FlowsFile

# The second line is long so that most cases fit on a screen.
HEAD = """\
version: 1
business: {id: hudson, name: Hudson, industry: "238220", region: US-NY, time_zone: America/New_York}
sources: {office: {uses: folder, path: mail}, bank: {uses: bank, path: bank}}
flows:
"""  # noqa: E501 - one line in the file under test

FLOW = """\
  - id: a
    name: A
    triggers: [{mail: office}]
"""

STEPS = """\
    steps: [{id: job, uses: job.open, with: {title: x}}]
"""


@pytest.fixture
def load_text(tmp_path: Path) -> Callable[[str | bytes], FlowsFile]:
    """Return a function that loads a flows.yaml of the given content, named `flows.yaml`."""

    def loaded(content: str | bytes) -> FlowsFile:
        raw = content.encode() if isinstance(content, str) else content
        (tmp_path / "flows.yaml").write_bytes(raw)
        with chdir(tmp_path):
            return load(Path("flows.yaml"))

    return loaded


@pytest.fixture
def told(load_text: Callable[[str | bytes], FlowsFile]) -> Callable[[str | bytes], str]:
    """Return a function that says what an operator is told about a wrong flows.yaml."""

    def text(content: str | bytes) -> str:
        with pytest.raises(FlowsFileError) as caught:
            load_text(content)
        return str(caught.value)

    return text
