"""What is made coarser is the wish of all flows that match, as what is kept is."""

from __future__ import annotations

from collections.abc import Callable

from flows.engine import Engine
from flows.language.spec import FlowsFile
from tests.flows.language.conftest import FLOW, HEAD
from tests.flows.language.conftest import STEPS as JOB

OTHER = FLOW.replace("id: a", "id: b").replace("name: A", "name: B")


def test_matching_flows_are_joined(load_text: Callable[[str], FlowsFile]) -> None:
    file = load_text(
        f"{HEAD}{FLOW}    generalise: [age]\n{JOB}{OTHER}    generalise: [place, age]\n{JOB}"
    )
    engine = Engine(file, {})
    assert engine.generalises(file.flows) == {"age", "place"}
    assert engine.generalises(file.flows[:1]) == {"age"}
    assert engine.generalises(()) == frozenset()
