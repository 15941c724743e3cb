"""A run asks nothing of any machine but its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.portal.marked import MarkedRun, can_cut_network, reach_out

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

HERE = {"None", "localhost", "::1", "0.0.0.0", "b''", ""}


def _outside(run: MarkedRun) -> set[str]:
    hosts = {line.split(" ", 2)[2] for line in run.asked}
    return {host for host in hosts if host not in HERE and not host.startswith("127.")}


def test_the_guard_sees_who_asks_for_the_outside(tmp_path: Path) -> None:
    """Else the tests below would pass whatever a run does."""
    run = reach_out(tmp_path)

    assert _outside(run) == {"192.0.2.1", "somewhere.example"}


def test_a_run_works_without_a_network(marked: MarkedRun) -> None:
    """All of it: intake, cleaning, Prefect's server, delivery."""
    assert marked.code == 0, marked.printed
    assert "What came in" in marked.printed


def test_a_run_asks_for_nothing_outside(marked: MarkedRun) -> None:
    """Neither by name nor by number, from the run or from Prefect's server, its child."""
    assert _outside(marked) == set()
    assert any("127.0.0.1" in line for line in marked.asked), "the guard was not at work"


def test_the_kernel_saw_no_packet_for_outside(marked: MarkedRun) -> None:
    """Not from compiled code either, and no question to a name server."""
    if not can_cut_network():
        pytest.skip("this user may not make a network of its own")
    assert marked.unreachable == 0
