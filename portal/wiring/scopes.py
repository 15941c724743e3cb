"""What a sign-in for a source asks for at Microsoft.

Source: https://learn.microsoft.com/graph/permissions-reference,
https://learn.microsoft.com/exchange/client-developer/legacy-protocols/,
https://learn.microsoft.com/dynamics365/business-central/dev-itpro/administration/
automation-apis-using-s2s-authentication
"""

from __future__ import annotations

from flows.language.sources import (
    BusinessCentralSource,
    ImapSource,
    OutlookSource,
    SignIn,
    WorkbookSource,
)
from portal.settings import Settings

_ALL = (".default",)

SignedIn = ImapSource | OutlookSource | BusinessCentralSource | WorkbookSource
"""The sources that somebody signs in for."""


def scopes_of(source: SignedIn, sign_in: SignIn, settings: Settings) -> tuple[str, ...]:
    """Return the scopes of a source: those that its sign-in names, else the usual ones."""
    return sign_in.scopes or _usual(source, settings, app_only=sign_in.app_only)


def _usual(source: SignedIn, settings: Settings, *, app_only: bool) -> tuple[str, ...]:
    match source:
        case BusinessCentralSource():
            return _at(settings.business_central, _ALL)
        case ImapSource() if app_only:
            return _at("https://outlook.office365.com", _ALL)
        case ImapSource():
            return _at("https://outlook.office.com", ("IMAP.AccessAsUser.All", "SMTP.Send"))
        case WorkbookSource():
            return _at(settings.graph, (_FILES[bool(source.site)],))
        case OutlookSource() if app_only:
            return _at(settings.graph, _ALL)
        case OutlookSource():
            shared = ".Shared" if source.shared else ""
            return _at(settings.graph, (f"Mail.ReadWrite{shared}", f"Mail.Send{shared}"))


_FILES = {False: "Files.ReadWrite", True: "Sites.ReadWrite.All"}


def _at(service: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{service}/{scope}" for scope in wanted)
