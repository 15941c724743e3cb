"""The audit log of the open business, and who is at the command line."""

from __future__ import annotations

import os
import pwd
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from connectors.root_file import RootFile
from flows.audit import AUDIT, Audit, Log, Person
from flows.ports import Clock
from flows.records import Records
from portal.settings import Settings


@asynccontextmanager
async def open_audit(
    settings: Settings, records: Records, clock: Clock
) -> AsyncIterator[Audit]:
    """Give what records the acts of whoever runs this process, and keep the last root."""
    own = records.in_scope(AUDIT)
    log = Log(own, clock, RootFile(settings.roots))
    try:
        yield Audit(log, own, Person(_user()))
    finally:
        await log.close()


def _user() -> str:
    """Return the name of the system's user; variables of the environment can say anything."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # in a container, a user often has a number alone
        return f"uid {number}"
