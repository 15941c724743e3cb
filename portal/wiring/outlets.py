"""What takes outputs that name where they go: outlets of flows.yaml, calendars and lists."""

from __future__ import annotations

from collections.abc import Callable

from flows.language.outlets import FolderOutlet, HttpOutlet, OutletSpec, TeamsOutlet
from flows.language.sources import OutlookSource
from flows.language.spec import FlowsFile
from flows.ports import Clock, Outlet
from portal.settings import Settings
from portal.wiring.accounts import Accounts
from portal.wiring.scopes import PLANS, posting, shared


def named_outlets(
    settings: Settings, file: FlowsFile, accounts: Accounts, clock: Clock
) -> dict[str, list[Outlet]]:
    """Return by name what takes outputs into it; *accounts* close what they open."""
    found: dict[str, list[Outlet]] = {
        name: _plans(name, source, accounts)
        for name, source in file.sources.items()
        if isinstance(source, OutlookSource)
    }
    for name, spec in file.outlets.items():
        found[name] = [_opened(settings, file, name, spec, accounts=accounts, clock=clock)]
    return found


def _plans(name: str, source: OutlookSource, accounts: Accounts) -> list[Outlet]:
    from connectors.outlook import (  # noqa: PLC0415 - loaded where it is needed
        OutlookCalendar,
        OutlookTasks,
    )

    calendar = accounts.graph(name, shared(source, PLANS["event.add"]))
    tasks = accounts.graph(name, PLANS["task.add"])
    return [
        OutlookCalendar(name, calendar, source.address),
        OutlookTasks(name, tasks, source.address),
    ]


def _opened(
    settings: Settings,
    file: FlowsFile,
    name: str,
    spec: OutletSpec,
    *,
    accounts: Accounts,
    clock: Clock,
) -> Outlet:
    if isinstance(spec, FolderOutlet):
        from connectors.outlet_files import FolderFiles  # noqa: PLC0415 - as above

        return FolderFiles(name, settings.flows.resolve().parent / spec.path)
    if isinstance(spec, TeamsOutlet) and spec.source is not None:
        from connectors.outlook import TeamsMessages  # noqa: PLC0415 - as above

        source = file.sources[spec.source]
        assert isinstance(source, OutlookSource)  # noqa: S101 - the checks refuse others
        graph = accounts.graph(spec.source, posting(spec))
        return TeamsMessages(name, graph, source.address, spec)
    return _called(settings, name, spec, accounts=accounts, clock=clock)


def _called(
    settings: Settings,
    name: str,
    spec: HttpOutlet | TeamsOutlet,
    *,
    accounts: Accounts,
    clock: Clock,
) -> Outlet:
    """Return what calls an address outside, never one of the own network unasked."""
    from connectors.webhook import (  # noqa: PLC0415 - loaded where it is needed
        Caller,
        OnceWebhook,
        Reach,
        TeamsWorkflow,
        Webhook,
    )

    reach = Reach(settings.allow_hosts)
    if isinstance(spec, TeamsOutlet):
        url = accounts.secret(spec.workflow or "")
        return TeamsWorkflow(name, Caller(url, reach, clock=clock, tls=accounts.trusted))
    caller = Caller(
        _address_reader(spec.url, accounts),
        reach,
        clock=clock,
        key=accounts.secret(spec.secret) if spec.secret else None,
        token=accounts.secret(spec.token) if spec.token else None,
        tls=accounts.trusted,
    )
    return (Webhook if spec.idempotent else OnceWebhook)(name, caller)


def _address_reader(url: str, accounts: Accounts) -> Callable[[], str]:
    """Return what gives the address: itself, or what stands where it says."""
    return (lambda: url) if url.startswith("https://") else accounts.secret(url)
