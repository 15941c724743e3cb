"""How far a mailbox has been shown: what a cursor says."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date

_VERSION = 1


@dataclass(frozen=True, slots=True)
class FolderPlace:
    """The last UID shown of one incarnation of a folder.

    `modseq` is the folder's mod-sequence when it had been shown to its end, else 0.
    """

    uidvalidity: int = 0
    uid: int = 0
    modseq: int = 0


@dataclass(slots=True)
class Place:
    """The places in all folders, and the day from which on mail has been shown."""

    since: date | None = None
    folders: dict[str, FolderPlace] = field(default_factory=dict)

    @classmethod
    def read(cls, cursor: str, since: date | None) -> Place | None:
        """Return the place, or None where a full listing is due.

        That is so at the start, for a cursor that is not ours, and when mail is now asked
        for from an earlier day on than before.
        """
        try:
            said = json.loads(cursor)
            if said["v"] != _VERSION:
                return None
            from_day = date.fromisoformat(said["since"]) if said["since"] else None
            folders = {
                str(name): FolderPlace(*(int(one[key]) for key in FolderPlace.__slots__))
                for name, one in said["folders"].items()
            }
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        if from_day is not None and (since is None or since < from_day):
            return None
        return cls(from_day, folders)

    def cursor(self) -> str:
        """Return the cursor that stands for this place."""
        folders = {
            name: {key: getattr(one, key) for key in FolderPlace.__slots__}
            for name, one in self.folders.items()
        }
        since = self.since.isoformat() if self.since else ""
        return json.dumps({"v": _VERSION, "since": since, "folders": folders})


@dataclass(frozen=True, slots=True)
class Native:
    """The id of a message: UID and folder, with the UIDVALIDITY in which they hold."""

    uidvalidity: int
    uid: int
    folder: str

    def __str__(self) -> str:
        return f"{self.uidvalidity}/{self.uid}/{self.folder}"

    @classmethod
    def parse(cls, native_id: str) -> Native | None:
        """Return the parts of an id, or None if it is none of ours."""
        uidvalidity, _, rest = native_id.partition("/")
        uid, _, folder = rest.partition("/")
        if not (uidvalidity.isdecimal() and uid.isdecimal() and folder):
            return None
        return cls(int(uidvalidity), int(uid), folder)
