"""Which flows run: what is deployed last, or the flows file where nothing was ever deployed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from flows.deployments import Deployment, Deployments
from flows.errors import FlowsFileError, JigajobError
from flows.language.bundle import Bundle
from flows.language.comparing import Changes, compared
from flows.language.load import Loaded, load_bundle, load_whole
from flows.records import Records
from portal.settings import Settings


@dataclass(frozen=True, slots=True)
class InForce:
    """The flows that run, and the deployment that they come from; None where it is the file.

    `digest` tells their text from any other: `file:` or `bundle:` and a SHA-256.
    """

    loaded: Loaded
    digest: str
    deployment: Deployment | None = None

    @property
    def number(self) -> int:
        """Return the number of the deployment, 0 where the flows file runs as it lies there."""
        return self.deployment.number if self.deployment else 0

    @property
    def called(self) -> str:
        """Return what runs, as the audit log calls it."""
        return f"deployment {self.number}" if self.deployment else "flows file"


@dataclass(frozen=True, slots=True)
class Drift:
    """How the flows file on the disk differs from what is deployed.

    `changes` is empty where it does not; `trouble` is why it cannot be compared.
    """

    deployment: int
    changes: Changes | None = None
    trouble: JigajobError | None = None

    def __bool__(self) -> bool:
        """Tell whether they differ, or cannot be compared."""
        return bool(self.changes) or self.trouble is not None

    def told(self, file: str) -> str:
        """Return it on a line, for people; *file* is how the flows file is called."""
        if self.trouble is not None:
            found = self.trouble
            why = (
                str(len(found.problems)) + " problem"
                if isinstance(found, FlowsFileError)
                else ""
            )
            why = f"has {why}{'s' * (why != '1 problem')}" if why else "cannot be read"
            return f"{file} {why}; deployment {self.deployment} runs all the same"
        if self.changes:
            return (
                f"{file} differs from deployment {self.deployment}, which runs"
                f" ({self.changes.told}); `jigajob apply` deploys it"
            )
        return f"{file} is what is deployed (deployment {self.deployment})"


async def flows_in_force(settings: Settings, records: Records) -> InForce:
    """Return what runs.

    Raises:
        FlowsFileError: This release finds problems in it.
        OperatorError: Nothing is deployed, and there is no flows file.
        TransientError, AdministratorError: From the store, or what is deployed does not open.
    """
    deployment = await Deployments(records).current()
    if deployment is None:
        return InForce(load_whole(settings.flows), file_digest(settings.flows))
    called = f"deployment {deployment.number}"
    loaded = load_bundle(deployment.bundle, called)
    return InForce(loaded, bundle_digest(deployment.bundle), deployment)


def file_digest(path: Path) -> str:
    """Return what tells the text of a flows file from any other."""
    return f"file:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def bundle_digest(bundle: Bundle) -> str:
    """Return what tells a bundle from any other."""
    return f"bundle:{bundle.hash}"


def check_before(settings: Settings) -> None:
    """Refuse a flows file with problems before it makes a home, where there is none yet.

    Raises:
        FlowsFileError, OperatorError, AdministratorError: As `load`.
    """
    if not settings.store and not settings.home.exists():
        load_whole(settings.flows)


def drift_of(settings: Settings, flows: InForce) -> Drift | None:
    """Return how the flows file differs from what runs; None where it is what runs."""
    if flows.deployment is None:
        return None
    try:
        found = load_whole(settings.flows)
    except JigajobError as error:
        return Drift(flows.number, trouble=error)
    return Drift(flows.number, compared(flows.loaded, found))
