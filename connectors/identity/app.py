"""The registration under which JigAjob is known to the identity provider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

MICROSOFT: Final = "https://login.microsoftonline.com"
MULTI_TENANT: Final = frozenset({"common", "consumers", "organizations"})

_CLOUDS: Final = frozenset(
    {
        "login.microsoftonline.com",
        "login.microsoftonline.us",
        "login.partner.microsoftonline.cn",
    }
)
"""Hosts whose tenants Microsoft's own directory of clouds lists.

Source: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRegistration:
    """One app registration, and the place where its users sign in.

    Attributes:
        client_id: Application (client) ID.
        tenant: Directory ID or domain; `organizations` for a person of any firm.
        authority: `https://` and the host of the cloud, without the tenant.
        secret: Reads the client secret anew at each use, so that it can be changed.
        certificate: Reads, likewise, PEM text with the private key and its certificate.
        instance_discovery: Whether Microsoft may be asked which hosts belong together. No
            other authority than Microsoft's is ever asked about.
    """

    client_id: str
    tenant: str = "organizations"
    authority: str = MICROSOFT
    secret: Callable[[], str] | None = None
    certificate: Callable[[], str] | None = None
    instance_discovery: bool = True

    @property
    def confidential(self) -> bool:
        """Tell whether it proves by a secret or a certificate who it is."""
        return self.secret is not None or self.certificate is not None

    @property
    def url(self) -> str:
        """Return the authority with its tenant."""
        return f"{self.authority.rstrip('/')}/{self.tenant}"

    @property
    def asks_microsoft(self) -> bool:
        """Tell whether instance discovery is wanted and is about one of Microsoft's hosts."""
        return self.instance_discovery and urlsplit(self.authority).hostname in _CLOUDS
