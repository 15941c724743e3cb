"""A plan as a person asks for it: over what is stored, or over a folder of mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flows.errors import OperatorError
from flows.intake.arrivals import Counts
from flows.language.load import load, load_whole
from flows.language.spec import FlowsFile
from flows.language.templates import read_templates
from flows.language.triggers import MailTrigger
from flows.language.words import listed
from flows.plan.past import Past
from flows.plan.report import Plan
from flows.ports import Clock
from portal.settings import Settings
from portal.wiring.custody import SystemClock
from portal.wiring.in_force import InForce, flows_in_force
from portal.wiring.past import flows_of, past_of
from portal.wiring.planning import open_history, rehearsal_of_folder

Tell = Callable[[str], None]


async def plan_history(
    settings: Settings,
    *,
    days: int,
    against: Path | None,
    tell: Tell,
    clock: Clock | None = None,
) -> Plan:
    """Return what the flows would have done with what came in during the last *days*.

    *against* is a flows file that ran before anything was deployed; else it is the same file,
    if that is what ran. What is deployed is known.

    Raises:
        FlowsFileError: A flows file, or what is deployed, has problems.
        OperatorError: Nothing is stored yet.
        TransientError, AdministratorError: From the store.
    """
    flows = flows_of(load_whole(settings.flows))
    async with open_history(settings, clock) as opened:
        records, until = opened.history.records, opened.clock.now()
        since = until - timedelta(days=days)
        in_force = await flows_in_force(settings, records)
        past = await past_of(records, opened.audit.log, [against or settings.flows], since)
        plan = await opened.history.plan(
            flows,
            past=past,
            deployed=flows_of(in_force.loaded) if in_force.deployment else None,
            since=since,
            until=until,
            tell=lambda done, of: tell(f"{done} of {of} items"),
        )
        plan.compared_with = _compared_with(in_force, past, against or settings.flows)
        shown = (item.id for flow in plan.flows for item in flow.items)
        await opened.audit.seen("plan", dict.fromkeys(shown), "plan")
        return plan


def _compared_with(in_force: InForce, past: Past, path: Path) -> str:
    if in_force.deployment is not None:
        return f"what deployment {in_force.number}, which runs, makes of the same items"
    if past.others or not past.found:
        return "what was made of the same items; which flows ran then is not known"
    return f"what was made of the same items ({path.name} ran then)"


async def plan_mail(
    settings: Settings,
    folder: Path,
    *,
    source: str,
    tell: Tell,
) -> Plan:
    """Return what the flows would do with the mail in *folder*, which came by *source*.

    It is parsed and cleaned in memory, and nothing of it is kept.

    Raises:
        FlowsFileError: The flows file has problems.
        OperatorError: There is no such source, or several; or no mail.
        AdministratorError: The folder cannot be read.
    """
    file = load(settings.flows)
    name = source_of_mail(file, source)
    if not folder.exists():
        raise OperatorError(f"there is no {folder}", fix="give a folder of mail, or an mbox")
    tell("loading the language model")
    from anonymizer.text.cleaner import Cleaner  # noqa: PLC0415 - seconds of imports
    from flows.language.own_rules import own_rules  # noqa: PLC0415
    from flows.plan.rehearsed import rehearsed  # noqa: PLC0415

    clock = SystemClock()
    rehearsal = rehearsal_of_folder(
        file,
        read_templates(settings.flows, file),
        cleaner=Cleaner(rules=own_rules(file)),
        clock=clock,
        source=name,
        folder=folder,
    )
    read = Counts()
    await rehearsal.run(lambda _, counts: _counted(read, counts, tell))
    plan = await rehearsed(rehearsal, file, clock.now())
    if not read.listed:
        raise OperatorError(f"there is no mail in {folder}", fix="give .eml files or an mbox")
    return plan


def _counted(read: Counts, page: Counts, tell: Tell) -> None:
    read.add(page)
    tell(f"{read.listed} mails")


def source_of_mail(file: FlowsFile, wanted: str = "") -> str:
    """Return the name of the source of mail that is meant: *wanted*, or the only one.

    Raises:
        OperatorError: It is none by which flows are triggered, or there are several.
    """
    triggers = (trigger for flow in file.flows for trigger in flow.triggers)
    known = list(
        dict.fromkeys(trigger.mail for trigger in triggers if isinstance(trigger, MailTrigger))
    )
    if wanted in known or (not wanted and len(known) == 1):
        return wanted or known[0]
    if not known:
        raise OperatorError("no flow is triggered by mail", fix="add `- mail: SOURCE`")
    what = f"no flow is triggered by mail of {wanted!r}" if wanted else "mail has many sources"
    raise OperatorError(what, fix=f"name one with --source: {listed(known)}")
