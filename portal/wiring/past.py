"""The flows that runs found, with their text: from the log, deployments and the flows file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from flows.audit import Log
from flows.audit.found import flow_subjects
from flows.deployments import Deployments
from flows.errors import FlowsFileError
from flows.language.load import Loaded, load_bundle, load_whole
from flows.plan.past import Flows, Past
from flows.ports import Where
from flows.records import Records
from portal.wiring.in_force import bundle_digest, file_digest


async def past_of(records: Records, log: Log, files: Iterable[Path], since: datetime) -> Past:
    """Return the flows that runs found since then, and before it last.

    Each run says in the log what it found, by a digest. The text of what was deployed is
    stored; of a flows file that was not, it is known where one of *files* has this digest.

    Raises:
        FlowsFileError: One of the files has problems.
        TransientError, AdministratorError: From the store.
    """
    changes = [
        (stored.entry.time, tuple(stored.entry.subjects[:2]))
        async for stored in log.entries(where=[Where("action", "=", "flows.change")])
    ]
    first = max((n for n, (time, _) in enumerate(changes) if time <= since), default=0)
    changes = changes[first:]
    wanted = {mark for _, mark in changes}
    known = {}
    for path in files:
        flows = flows_of(load_whole(path))
        known[_mark(file_digest(path), flows)] = flows
    async for deployment in Deployments(records).each():
        digest = bundle_digest(deployment.bundle)
        marks = {mark for mark in wanted - known.keys() if digest in mark}
        if not marks:
            continue
        try:
            loaded = load_bundle(deployment.bundle, f"deployment {deployment.number}")
        except FlowsFileError:
            continue  # this release cannot read it any more
        known |= dict.fromkeys(marks, flows_of(loaded))
    found = [(time, known.get(mark)) for time, mark in changes]
    return Past(found, [flows for mark, flows in known.items() if mark not in wanted])


def _mark(digest: str, flows: Flows) -> tuple[str, ...]:
    # Other files that a flows file reads show in the versions of its flows alone.
    return digest, flow_subjects(flows.engine.versions)[0]


def flows_of(loaded: Loaded) -> Flows:
    """Return flows, ready to be asked."""
    return Flows(loaded.file, loaded.templates)
