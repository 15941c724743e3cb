"""Which hosts are this machine, its cloud or its network, and what may be told to others.

Sources: https://owasp.org/www-community/attacks/Server_Side_Request_Forgery ;
https://www.iana.org/assignments/iana-ipv6-special-registry ;
https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from flows.errors import AdministratorError

Address = IPv4Address | IPv6Address

PORTS: Final = frozenset({443, 8443})
"""Ports that an outlet calls without an administrator's word."""

_IPV6: Final = IPv6Network("2000::/3")
"""All that is given out of IPv6 for the internet; what wraps IPv4 addresses lies outside."""

_WRAPPED: Final = (IPv6Network("2001::/23"), IPv6Network("2002::/16"))
_NEVER: Final = (
    IPv4Network("0.0.0.0/8"),
    IPv4Network("169.254.0.0/16"),  # link-local: metadata of most clouds
    IPv4Network("168.63.129.16/32"),  # Azure's own, though it looks public
    IPv4Network("100.100.100.200/32"),  # Alibaba's metadata
    IPv6Network("fe80::/10"),
    IPv6Network("fd00:ec2::/32"),  # Amazon's metadata
    IPv6Network("::/128"),
)
_NUMBER: Final = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)


def is_this_machine(host: str) -> bool:
    """Tell whether a host, by name or address, is the machine itself."""
    try:
        return host.lower() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def address_in(host: str) -> Address | None:
    """Return the address that a host is by itself, None for a name.

    Raises:
        ValueError: It is a number in another spelling, which systems read each in its way.
    """
    try:
        return ip_address(host)
    except ValueError:
        if _NUMBER.fullmatch(host.rpartition(".")[2]) or ":" in host:
            raise ValueError("a number, and not written as an address") from None
        return None


def is_of_cloud(address: Address) -> bool:
    """Tell whether an address is of the machine or its cloud, and to be called for nobody.

    The metadata of clouds hands out keys of the machine.
    """
    plain = _unwrapped(address)
    return any(plain in network for network in _NEVER if network.version == plain.version)


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the internet."""
    plain = _unwrapped(address)
    if isinstance(plain, IPv6Address) and (
        plain not in _IPV6 or any(plain in network for network in _WRAPPED)
    ):
        return False
    return plain.is_global and not plain.is_multicast and not plain.is_reserved


def _unwrapped(address: Address) -> Address:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def checked_host(url: str, *, what: str, example: str, key: bool) -> str:
    """Return the host of a service's address; *key* tells that a key of it was given.

    Raises:
        AdministratorError: It is no web address, or holds more than one, such as a key; or it
            is not on this machine, and would be reached without encryption or with a key,
            which are for emulators.
    """
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in {"https", "http"}:
        raise AdministratorError(f"{what} has no address", fix=f"give it as {example}")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise AdministratorError(
            f"{what} at {parts.hostname} has an address with more in it than a place",
            fix=f"give it as {example}, without a name, a key or a question mark",
        )
    if is_this_machine(parts.hostname):
        return parts.hostname
    if parts.scheme == "http":
        raise AdministratorError(
            f"{what} at {parts.hostname} would be reached without encryption",
            fix=f"give its address as {example}",
        )
    if key:
        raise AdministratorError(
            f"{what} at {parts.hostname} was given a key",
            fix="keys are for emulators on this machine: take the key away, and grant the"
            " identity that runs JigAjob access as deploy/README.md says",
        )
    return parts.hostname
