"""Nothing is called that only this machine or its network can see, however it is written."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from connectors.webhook import Caller, Reach
from connectors.webhook.reach import Resolve
from flows.errors import OperatorError, TransientError
from tests.flows.business import TestClock
from tests.servers.certificates import Certificates
from tests.servers.receiver import Receiver

PUBLIC = "93.184.216.34"

INSIDE = (
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.1.2.3", "169.254.169.254",
    "172.16.0.1", "192.168.1.10", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "100.100.100.200",
    "::", "::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001::1", "2001:db8::1", "fc00::1", "fd00:ec2::254",
    "fe80::1", "fec0::1", "ff02::1",
)  # fmt: skip

WRITTEN_OTHERWISE = (
    "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/",
    "https://0x7f.0.0.1/", "https://127.0.0.1./", "https://[::ffff:7f00:1]/",
    "https://[::1]/", "https://[fe80::1%25eth0]/",
)  # fmt: skip

NO_ADDRESS = (
    "", "dispatch.example", "http://dispatch.example/", "ftp://dispatch.example/",
    "file:///etc/passwd", "https:///x", "https://user@dispatch.example/",
    "https://dispatch.example@127.0.0.1/", "https://user:pw@dispatch.example/",
    "https://dispatch.example\\@127.0.0.1/", "https://dispatch.example/ x",
    "https://dispatch.example/\r\nX-More: 1", "https://dispatch.example/\x00",
    "https://dispatch.example:99999/", "https://[::1/",
)  # fmt: skip


def leading_to(*rounds: Sequence[str]) -> Resolve:
    """Return a name service that answers with one round after another, the last for good."""
    left = list(rounds)

    async def resolve(host: str, port: int) -> Sequence[str]:
        del host, port
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


@pytest.mark.parametrize("address", INSIDE)
async def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    with pytest.raises(OperatorError):
        await Reach(resolve=leading_to([address])).target("https://dispatch.example/")


@pytest.mark.parametrize("address", INSIDE)
async def test_one_address_inside_among_public_ones_is_enough_to_refuse(address: str) -> None:
    with pytest.raises(OperatorError):
        await Reach(resolve=leading_to([PUBLIC, address])).target("https://dispatch.example/")


@pytest.mark.parametrize("url", WRITTEN_OTHERWISE)
async def test_an_address_in_another_spelling_is_refused(url: str) -> None:
    """Whatever the machine's own resolver would make of it."""
    with pytest.raises(OperatorError):
        await Reach().target(url)


@pytest.mark.parametrize("url", NO_ADDRESS)
async def test_what_is_no_plain_https_address_is_refused(url: str) -> None:
    with pytest.raises(OperatorError) as caught:
        await Reach(resolve=leading_to([PUBLIC])).target(url)
    assert url not in str(caught.value) or not url


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:220:1:248:1893:25c8:1946"])
async def test_a_public_address_may_be_called(address: str) -> None:
    target = await Reach(resolve=leading_to([address])).target(
        "https://Dispatch.example/x?sig=1"
    )
    assert (target.host, target.addresses) == ("dispatch.example", (address,))


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://a.example/", True),
        ("https://a.example:443/", True),
        ("https://a.example:8443/", True),
        ("https://a.example:22/", False),
        ("https://a.example:9443/", False),
    ],
)
async def test_only_ports_for_https_are_called_unasked(url: str, fits: bool) -> None:
    reach = Reach(resolve=leading_to([PUBLIC]))
    if fits:
        assert (await reach.target(url)).host == "a.example"
    else:
        with pytest.raises(OperatorError, match="JIGAJOB_ALLOW_HOSTS"):
            await reach.target(url)


async def test_an_administrator_can_allow_a_host_of_the_own_network() -> None:
    """By name and port, and no other host that leads to the same address."""
    reach = Reach(["Dispatch.lan", "press.lan:9443"], leading_to(["10.1.2.3"]))
    assert (await reach.target("https://dispatch.lan/")).addresses == ("10.1.2.3",)
    assert (await reach.target("https://press.lan:9443/")).addresses == ("10.1.2.3",)
    for url in ("https://press.lan/", "https://dispatch.lan:9443/", "https://other.lan/"):
        with pytest.raises(OperatorError):
            await reach.target(url)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "168.63.129.16", "fd00:ec2::254", "0.0.0.0"]
)
async def test_metadata_of_a_cloud_is_called_for_nobody(address: str) -> None:
    with pytest.raises(OperatorError, match="nothing is ever called there"):
        await Reach(["meta.lan"], leading_to([address])).target("https://meta.lan/")


async def test_a_name_that_leads_nowhere_is_tried_again() -> None:
    with pytest.raises(TransientError):
        await Reach(resolve=leading_to([])).target("https://dispatch.example/")


async def test_a_name_that_changes_after_the_check_leads_nobody_elsewhere(
    certificates: Certificates,
) -> None:
    """The connection goes to the address that was checked; the name is not asked again."""
    with Receiver(certificates) as receiver:
        there, elsewhere = ["127.0.0.1"], ["127.0.0.2"]
        asked: list[str] = []
        lead = leading_to(there, elsewhere)

        async def resolve(host: str, port: int) -> Sequence[str]:
            asked.append(host)
            return await lead(host, port)

        reach = Reach([f"localhost:{receiver.port}"], resolve)
        caller = Caller(
            lambda: receiver.url, reach, clock=TestClock(), tls=certificates.trusting()
        )
        await caller.post("o1", b"{}", repeatable=True)
    assert asked == ["localhost"]
    assert receiver.taken[0].headers["host"] == f"localhost:{receiver.port}"
