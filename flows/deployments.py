"""What is deployed: each deployment a record of its own, numbered, sealed, never changed.

The number of the next one is taken by `create`, so of two people who deploy at once one comes
second, and is told. Going back is one more deployment, whose content is that of an old one.
A business of which nothing was ever deployed runs its flows file as it lies there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flows.audit import Act, Audit
from flows.audit.entry import MOST_SUBJECTS
from flows.audit.found import flow_subjects
from flows.errors import FlowsFileError, OperatorError, RecordExists, RecordTooLarge
from flows.language.bundle import Bundle
from flows.language.load import Loaded, load_bundle
from flows.language.versions import flow_version
from flows.ports import Record
from flows.records import Records

SCOPE: Final = "flows"
"""Scope of the deployments."""

KIND: Final = "deployment"
_DIGITS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One deployment.

    Attributes:
        number: From 1 on without gaps; the highest is in force.
        at: When it was made.
        by: Who made it, by the name that the audit log seals.
        restores: The number of the deployment whose content this is, where somebody went
            back; else 0.
        flows: The version of each flow by its id, switched on or off.
        bundle: The text of every file that was read for it.
    """

    number: int
    at: datetime
    by: str
    restores: int = 0
    flows: Mapping[str, str]
    bundle: Bundle


class Deployments:
    """The deployments of one business; *records* are of any of its scopes."""

    def __init__(self, records: Records) -> None:
        self._records = records.in_scope(SCOPE)

    async def current(self) -> Deployment | None:
        """Return what is in force; None where nothing was ever deployed.

        Raises:
            TransientError, AdministratorError: From the store, or it does not open.
        """
        record = await self._last()
        return await self._records.open(record, Deployment) if record else None

    async def number(self) -> int:
        """Return the number of what is in force; 0 where nothing was ever deployed."""
        record = await self._last()
        return int(record.id) if record else 0

    async def find(self, number: int) -> Deployment:
        """Return one deployment.

        Raises:
            OperatorError: There is none of this number.
        """
        record = await self._records.get(KIND, _id(number)) if number > 0 else None
        if record is None:
            raise OperatorError(
                f"there is no deployment {number}", fix="`jigajob versions` lists them"
            )
        return await self._records.open(record, Deployment)

    async def bundle(self, number: int) -> Bundle:
        """Return the text of every file of one deployment; raises as `find`."""
        return (await self.find(number)).bundle

    async def each(self) -> AsyncIterator[Deployment]:
        """Yield all of them, the newest first."""
        async for record in self._records.each(KIND, descending=True):
            yield await self._records.open(record, Deployment)

    async def deploy(
        self, loaded: Loaded, audit: Audit, now: datetime, *, over: int, restores: int = 0
    ) -> Deployment:
        """Put flows in force in place of the deployment *over* (0: of none), and return it.

        Raises:
            OperatorError: Somebody else has deployed since, it is too large, or it is not
                whole: something that it reads lies outside of its folder.
        """
        _check_whole(loaded)
        file, templates = loaded.file, loaded.templates
        versions = {flow.id: flow_version(flow, templates, file.data) for flow in file.flows}
        made = Deployment(
            number=over + 1,
            at=now,
            by=audit.person,
            restores=restores,
            flows=versions,
            bundle=loaded.bundle,
        )
        verb = "rollback" if restores else "apply"
        named = (f"deployment:{made.number}", f"bundle:{made.bundle.hash}")
        subjects = (*named, *flow_subjects(versions))[:MOST_SUBJECTS]
        act = Act(action=f"flows.{verb}", authority=f"command {verb}", subjects=subjects)
        async with audit.act(act):
            await self.put(made)
        return made

    async def put(self, deployment: Deployment) -> None:
        """Store a deployment, whose number is the one after what is in force.

        Raises:
            OperatorError: Somebody else has deployed since, or it is too large.
        """
        number = deployment.number
        record = await self._records.seal(
            KIND, _id(number), deployment, {"at": deployment.at.isoformat()}
        )
        try:
            await self._records.store.create(self._records.key, record)
        except RecordExists:
            raise OperatorError(
                f"somebody else has made deployment {number} meanwhile",
                fix="see `jigajob versions`, and deploy again if yours is still wanted",
            ) from None
        except RecordTooLarge:
            raise OperatorError(
                "these flows and the files that they read are too large to be deployed",
                fix="shorten the largest of them; tables of data above all",
            ) from None

    async def _last(self) -> Record | None:
        page = await self._records.store.query(
            self._records.key, KIND, descending=True, limit=1
        )
        return page.records[0] if page.records else None


def _check_whole(loaded: Loaded) -> None:
    """Refuse a bundle that says something else than the files that it is made of."""
    fix = "keep every file that flows read in the folder of the flows file, or below it"
    try:
        again = load_bundle(loaded.bundle, "the bundle")
    except FlowsFileError as error:
        what = f"these flows cannot be deployed: {error.problems[0].what}"
        raise OperatorError(what, fix=fix) from None
    if (again.file, again.templates) != (loaded.file, loaded.templates):
        raise OperatorError("these flows cannot be deployed as one bundle", fix=fix)


def _id(number: int) -> str:
    return f"{number:0{_DIGITS}d}"
