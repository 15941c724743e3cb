"""Which hosts an outlet may call, decided by the addresses that are then connected to.

An operator writes addresses into flows.yaml, and what answers there is not known. So nothing
is called that only this machine or its network can see: no database beside us, no metadata of
a cloud, no printer. What is checked is the address to which the name leads at that moment,
and the connection goes to that address, so that a name cannot lead elsewhere in between.

Source: https://owasp.org/www-community/attacks/Server_Side_Request_Forgery
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

import httpx2

from flows.errors import OperatorError, TransientError
from flows.hosts import PORTS, Address, address_in, is_of_cloud, is_public

_VISIBLE: Final = re.compile(r"[\x21-\x7e]+")

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the addresses of a host; raises OSError where it has none."""


@dataclass(frozen=True, slots=True)
class Target:
    """A host that may be called, and the checked addresses to connect to, in order."""

    url: httpx2.URL = field(repr=False)
    host: str
    addresses: tuple[str, ...]


class Reach:
    """The hosts that may be called.

    *allowed* names hosts (`dispatch.lan`, `10.1.2.3`, `dispatch.lan:9443`) whose addresses may
    be private, and the ports beside 443 and 8443 that may be used there.
    """

    def __init__(self, allowed: Iterable[str] = (), resolve: Resolve | None = None) -> None:
        self._allowed = frozenset(each.lower() for each in allowed)
        self._resolve = resolve or _addresses

    async def target(self, url: str) -> Target:
        """Return where *url* leads.

        Raises:
            OperatorError: It is no https address, or leads where nothing may be called. The
                error names the host, never the rest, which may be a secret.
            TransientError: The name leads nowhere now.
        """
        parsed = _parsed(url)
        host = parsed.raw_host.decode("ascii").rstrip(".").lower()
        port = parsed.port or 443
        if not self._port_fits(host, port):
            raise OperatorError(
                f"{host} would be called at port {port}, which is not one for https",
                fix=f"use port 443, or have an administrator add {host}:{port} to"
                " JIGAJOB_ALLOW_HOSTS",
            )
        found = await self._found(host, port)
        for address in found:
            self._check(host, port, address)
        return Target(parsed, host, tuple(str(each) for each in found))

    async def _found(self, host: str, port: int) -> list[Address]:
        literal = _literal(host)
        if literal is not None:
            return [literal]
        try:
            async with asyncio.timeout(15):
                texts = await self._resolve(host, port)
            found = [ip_address(text.partition("%")[0]) for text in texts]
        except (OSError, ValueError, UnicodeError, TimeoutError):
            found = []
        if not found:
            raise TransientError(
                f"the name {host} leads to no address now",
                fix="if it stays so, check the outlet's `url` in flows.yaml",
            )
        return list(dict.fromkeys(found))

    def _port_fits(self, host: str, port: int) -> bool:
        return port in PORTS or self._named(host, port)

    def _named(self, host: str, port: int) -> bool:
        bracketed = f"[{host}]" if ":" in host else host
        named = {f"{bracketed}:{port}", *({host, bracketed} if port in PORTS else ())}
        return not named.isdisjoint(self._allowed)

    def _check(self, host: str, port: int, address: Address) -> None:
        if is_of_cloud(address):
            raise OperatorError(
                f"{host} leads to an address that belongs to the machine or its cloud",
                fix="check the outlet's `url`; nothing is ever called there",
            )
        if not is_public(address) and not self._named(host, port):
            raise OperatorError(
                f"{host} leads to an address that is not on the internet",
                fix="check the outlet's `url`; for a host of the own network an administrator"
                f" adds {host} to JIGAJOB_ALLOW_HOSTS",
            )


def _parsed(url: str) -> httpx2.URL:
    """Return the address, read by what also calls it: two readings could differ."""
    fault = "it is no address that begins with https:// and has a host"
    try:
        parsed = httpx2.URL(url) if _VISIBLE.fullmatch(url) and "\\" not in url else None
    except (httpx2.InvalidURL, ValueError, UnicodeError):
        parsed = None
    if parsed is not None and parsed.userinfo:
        fault = "it has a name or an @ before the host"
        parsed = None
    if parsed is None or parsed.scheme != "https" or not parsed.raw_host:
        raise OperatorError(
            f"the address of an outlet cannot be used: {fault}",
            fix="give `url` as https://HOST/PATH, or have the variable that it names hold that",
        )
    return parsed


def _literal(host: str) -> Address | None:
    try:
        return address_in(host)
    except ValueError:
        raise OperatorError(
            "the host of an outlet is a number, and not written as an address",
            fix="write the host's name in `url`",
        ) from None


async def _addresses(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in found]
