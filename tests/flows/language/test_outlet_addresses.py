"""An address that would not be called is told of before anything is sent there."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.language.load import checked
from tests.flows.language.conftest import FLOW, HEAD, STEPS


def _told(url: str) -> list[tuple[str, str]]:
    outlets = f'outlets:\n  dispatch: {{uses: http, url: "{url}"}}\n'
    found = checked(HEAD + FLOW + STEPS + outlets, Path("flows.yaml"))
    return [(each.severity, each.code) for each in found.problems]


@pytest.mark.parametrize(
    "url",
    [
        *("https://169.254.169.254/", "https://168.63.129.16/", "https://0.0.0.0/"),
        *(
            "https://[fe80::1]/",
            "https://[fd00:ec2::254]/",
            "https://[::ffff:169.254.169.254]/",
        ),
        *(
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://127.1/",
        ),
        *(
            "http://0x7f000001/",
            "http://dispatch.example/",
            "https://user:pw@dispatch.example/",
        ),
        "https://169.254.169.254./",
    ],
)
def test_what_is_called_for_nobody_is_an_error(url: str) -> None:
    (told,) = _told(url)
    assert told[0] == "error"


@pytest.mark.parametrize(
    "url",
    [
        *("https://localhost/", "https://localhost:22/", "https://a.localhost/"),
        *(
            "https://127.0.0.1/",
            "https://10.1.2.3/",
            "https://192.168.1.10:9443/",
            "https://[::1]/",
        ),
        "https://dispatch.example:22/",
    ],
)
def test_what_an_administrator_can_allow_is_a_warning(url: str) -> None:
    """A file is also checked where nothing of it runs."""
    assert _told(url) == [("warning", "own-network")]


@pytest.mark.parametrize(
    "url",
    [
        *("https://dispatch.example/x?a=1", "https://dispatch.example:8443/", "env:DISPATCH"),
        *("https://93.184.216.34/", "https://dispatch.lan/"),
    ],
)
def test_a_public_address_and_a_name_are_told_nothing_of(url: str) -> None:
    assert _told(url) == []
