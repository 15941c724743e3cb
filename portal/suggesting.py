"""The history of a business, read for suggestions, and the flows that it suggests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from flows.errors import FlowsFileError
from flows.intake.trust import Known
from flows.language.load import parse
from flows.model import CleanMessage, CleanTransaction
from flows.suggest import Proposal, suggestions
from flows.suggest.dues import chasing, matching
from flows.suggest.history import PastMail, history, past_mail
from flows.suggest.proposal import slug
from portal.wiring import App


async def suggested(app: App, tell: Callable[[int], None]) -> list[Proposal]:
    """Return the flows that the history of the business suggests, each valid in its file.

    *tell* is called with how many records are read so far.

    Raises:
        TransientError, AdministratorError: From the store.
    """
    found: list[Proposal] = []
    now = app.clock.now()
    for source, mails in (await _mails(app, tell)).items():
        if source in app.mailboxes:
            found += suggestions(history(mails, now), app.file, source)
    invoices = await app.register.invoices()
    movements: defaultdict[str, list[CleanTransaction]] = defaultdict(list)
    async for record in app.records.each("transaction"):
        movement = await app.records.open(record, CleanTransaction)
        movements[movement.source].append(movement)
    for source in app.banks:
        if proposal := matching(source, movements[source], invoices, app.file):
            found.append(proposal)
    today = now.astimezone(ZoneInfo(app.file.business.time_zone)).date()
    if proposal := chasing(invoices, app.file, today):
        found.append(proposal)
    return _valid(_apart(found), app.settings.flows)


async def _mails(app: App, tell: Callable[[int], None]) -> dict[str, list[PastMail]]:
    """Return the mails by the source in which they were met first."""
    domains = {
        record.id: (await app.records.open(record, Known)).domain
        async for record in app.records.each("known")
    }
    mails: defaultdict[str, list[PastMail]] = defaultdict(list)
    read = 0
    async for record in app.records.each("message"):
        clean = await app.records.open(record, CleanMessage)
        domain = domains.get(clean.correspondent, "")
        flows = filter(None, str(record.fields["flows"]).split(","))
        mails[clean.source].append(past_mail(clean, domain=domain, flows=flows))
        read += 1
        tell(read)
    return mails


def _apart(found: list[Proposal]) -> list[Proposal]:
    """Return proposals whose ids differ, also those of different sources."""
    taken: set[str] = set()
    apart = []
    for proposal in sorted(found, key=lambda each: -each.evidence.count):
        flow_id = slug(proposal.id, taken)
        taken.add(flow_id)
        apart.append(replace(proposal, flow={**proposal.flow, "id": flow_id}))
    return apart


def _valid(proposals: list[Proposal], path: Path) -> list[Proposal]:
    """Return those that the flows file stays valid with; whoever adds one shall not mend it."""
    data = yaml.safe_load(path.read_text("utf-8"))
    valid = []
    for proposal in proposals:
        flows = [*(data.get("flows") or ()), dict(proposal.flow)]
        try:
            parse(yaml.safe_dump({**data, "flows": flows}), path)
        except FlowsFileError:
            continue
        valid.append(proposal)
    return valid
