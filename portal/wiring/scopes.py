"""What a sign-in for a source asks for at Microsoft.

Source: https://learn.microsoft.com/graph/permissions-reference,
https://learn.microsoft.com/exchange/client-developer/legacy-protocols/,
https://learn.microsoft.com/dynamics365/business-central/dev-itpro/administration/
automation-apis-using-s2s-authentication
"""

from __future__ import annotations

from typing import Final

from flows.language.outlets import TeamsOutlet
from flows.language.sources import (
    BusinessCentralSource,
    ImapSource,
    OutlookSource,
    SignIn,
    WorkbookSource,
)
from flows.language.spec import FlowsFile
from portal.settings import Settings

_ALL = (".default",)

SignedIn = ImapSource | OutlookSource | BusinessCentralSource | WorkbookSource
"""The sources that somebody signs in for."""


def scopes_of(source: SignedIn, sign_in: SignIn, settings: Settings) -> tuple[str, ...]:
    """Return the scopes of a source: those that its sign-in names, else the usual ones."""
    return sign_in.scopes or _usual(source, settings, app_only=sign_in.app_only)


def planned(file: FlowsFile, name: str) -> tuple[str, ...]:
    """Return what the outlets of a mailbox need besides, by what the flows use: no more.

    Nothing where an app signs in by itself: its administrator grants each right.
    """
    source = file.sources.get(name)
    if not isinstance(source, OutlookSource) or source.sign_in.app_only:
        return ()
    used = {
        (step.uses, str(step.options.get("to") or ""))
        for flow in file.flows
        for step in flow.steps
    }
    wanted = {right for uses, right in PLANS.items() if (uses, name) in used}
    for outlet, spec in file.outlets.items():
        if isinstance(spec, TeamsOutlet) and spec.source == name:
            wanted |= {posting(spec)} if ("teams.post", outlet) in used else set()
    return tuple(sorted(shared(source, right) for right in wanted))


PLANS: Final = {"event.add": "Calendars.ReadWrite", "task.add": "Tasks.ReadWrite"}
"""What a mailbox's calendar and lists need."""


def posting(spec: TeamsOutlet) -> str:
    """Return what posting there needs."""
    return "ChatMessage.Send" if spec.chat is not None else "ChannelMessage.Send"


def shared(source: OutlookSource, right: str) -> str:
    """Return the right to a calendar as it is called for somebody else's mailbox."""
    return f"{right}.Shared" if source.shared and right == PLANS["event.add"] else right


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


def at_graph(settings: Settings, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return these rights at Graph as scopes."""
    return _at(settings.graph, wanted)


def _at(service: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{service}/{scope}" for scope in wanted)
