"""What a run finds: flows or settings other than those of the run before are told."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import JsonValue

from flows.audit.entry import MOST_SUBJECTS
from flows.audit.log import Act
from flows.audit.trail import Audit
from flows.records import Records

_FLOWS: Final = "flows.change"
_SETTINGS: Final = "settings.change"


class Found:
    """The flows and the settings of a run.

    *flows* is what they come from (`flows file`, `deployment 3`), *digest* tells their text
    from any other (`file:` or `bundle:` and a SHA-256), *versions* are those of the flows by
    their ids. *settings* are values by name, without those that are left to their defaults;
    secrets are none of them.
    """

    def __init__(
        self,
        audit: Audit,
        records: Records,
        *,
        flows: str,
        digest: str,
        versions: Mapping[str, str],
        settings: Mapping[str, str],
    ) -> None:
        self._audit, self._records, self._settings = audit, records, dict(settings)
        every = flow_subjects(versions)
        self._origin, self._flows = flows, (digest, *every)[:MOST_SUBJECTS]

    async def note(self) -> None:
        """Append what the flows and the settings are now, where that is not what they were.

        Subjects are the SHA-256 of the flows file, or of all that is deployed, one over all
        versions, and each flow with its version, which changes with the templates that it
        uses; and each setting with a keyed hash of its value, which stands in the details.
        """
        if await self._before(_FLOWS) != self._flows:
            await self._append(_FLOWS, self._origin, self._flows, {})
        hashed = {
            name: await self._records.record_id("audit/setting", name, value)
            for name, value in sorted(self._settings.items())
        }
        settings = tuple(f"{name}:{value[:16]}" for name, value in hashed.items())
        if (await self._before(_SETTINGS) or ()) != settings:
            await self._append(_SETTINGS, "environment", settings, dict(self._settings))

    async def _before(self, action: str) -> tuple[str, ...] | None:
        last = await self._audit.log.head(action)
        return last.entry.subjects if last else None

    async def _append(
        self,
        action: str,
        authority: str,
        subjects: Sequence[str],
        details: Mapping[str, JsonValue],
    ) -> None:
        act = Act(action=action, authority=authority, subjects=subjects, details=details)
        await self._audit.note(act)


def flow_subjects(versions: Mapping[str, str]) -> tuple[str, ...]:
    """Return how entries name flows: one hash over all versions, then each with its own."""
    flows = sorted(f"{flow}/{version}" for flow, version in versions.items())
    # More flows than an entry names are told apart by their common hash alone.
    every = hashlib.sha256("\n".join(flows).encode()).hexdigest()
    return (f"flows:{every}", *flows)
