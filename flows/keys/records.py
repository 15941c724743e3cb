"""How the keys of a business are kept: wrapped, in the scope `keys`, one record each.

The record `data` is the root: the secret from which keyed hashes come, which never changes,
since the ids of records hang on it. Its fields say what state the keys are in. The records
`data.1`, `data.2` … are the generations of the key that seals, each random and apart from the
root. Releases before these sealed with the root as well, so it counts as generation 0.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flows.errors import AdministratorError, NothingKept, RecordExists
from flows.ports import Key, Record, Scalar, Store, Vault, Write

KEY_BYTES: Final = 32
KEY_SCOPE, KEY_KIND, KEY_ID = "keys", "key", "data"

READY, ROTATING, SHREDDED, RESTORING = "", "rotating", "shredded", "restoring"
"""States of the keys; in the last two there is no key, and none may be made."""


@dataclass(frozen=True, slots=True)
class StoredKeys:
    """The key records of one business as they stand in the store.

    Attributes:
        root: The record `data`; None where the business has no keys.
        generations: The other records by number. Generation 0 is the root itself.
    """

    root: Record | None
    generations: Mapping[int, Record]

    @property
    def state(self) -> str:
        """Return one of the states of this module."""
        return str(self.field("state") or READY)

    @property
    def current(self) -> int:
        """Return the generation that seals."""
        return int(self.field("current") or 0)

    @property
    def wrapped(self) -> Mapping[int, Record]:
        """Return every record that holds a wrapped key by its number, the root first."""
        root = {0: self.root} if self.root and self.root.sealed else {}
        return {**root, **self.generations}

    def checked(self) -> StoredKeys:
        """Return these keys where they may be used.

        Raises:
            AdministratorError: They were destroyed, are not all back yet, or one is missing.
        """
        if self.state == SHREDDED:
            raise AdministratorError(
                f"the keys of this business were destroyed at {self.field('at')}",
                fix="nothing of it opens again: stop what still runs for it, and begin anew in"
                " another home or under another id",
            )
        self.restored()
        if self.root and self.current and self.current not in self.generations:
            raise AdministratorError(
                "a key of this business is missing from the store",
                fix="restore the store and the keys from backups of the same time",
            )
        return self

    def restored(self) -> StoredKeys:
        """Return these keys where no restore is under way.

        Raises:
            AdministratorError: One is, or has broken off.
        """
        if self.state == RESTORING:
            raise AdministratorError(
                "a backup of this business is not restored to its end",
                fix="run the same `jigajob restore` again",
            )
        return self

    def field(self, name: str) -> Scalar:
        """Return a field of the root; None where it has none of that name."""
        return self.root.fields.get(name) if self.root else None


async def read_keys(store: Store, business: str) -> StoredKeys:
    """Return the key records of the business as they stand now, in whatever state."""
    place = Key(business, KEY_SCOPE)
    found: dict[str, Record] = {}
    cursor = ""
    while True:
        page = await store.query(place, KEY_KIND, cursor=cursor)
        found |= {record.id: record for record in page.records}
        if not (cursor := page.cursor):
            break
    root = found.pop(KEY_ID, None)
    numbered = {int(record_id.partition(".")[2]): each for record_id, each in found.items()}
    return StoredKeys(root, dict(sorted(numbered.items())))


async def held_keys(store: Store, business: str) -> StoredKeys:
    """Return the keys of a business that has some.

    Raises:
        NothingKept: Nothing is kept of it.
        AdministratorError: They may not be used (see `StoredKeys.checked`), or are lost.
    """
    keys = (await read_keys(store, business)).checked()
    if keys.root is None:
        if await has_sealed(store, business):
            raise lost()
        raise NothingKept(
            "this business has no records yet", fix="the first run makes them: jigajob run"
        )
    return keys


async def make_keys(store: Store, vault: Vault, business: str) -> None:
    """Give the business its first keys, unless somebody else is quicker.

    Raises:
        AdministratorError: The business has sealed records already: their keys are lost, and
            new ones would not open them.
    """
    if await has_sealed(store, business):
        # Whoever sealed them may have made the keys since we looked.
        if (await read_keys(store, business)).root:
            return
        raise lost()
    root, first = [await wrapped_anew(vault, business) for _ in range(2)]
    try:
        await store.batch(
            Key(business, KEY_SCOPE),
            [
                Write(op="create", record=key_record(0, root, {"current": 1})),
                Write(op="create", record=key_record(1, first)),
            ],
        )
    except RecordExists:
        return


async def wrapped_anew(vault: Vault, business: str) -> bytes:
    """Return a new random key, wrapped; in clear it is nowhere."""
    return await vault.wrap(business, secrets.token_bytes(KEY_BYTES))


def key_record(
    generation: int, wrapped: bytes, fields: Mapping[str, Scalar] | None = None
) -> Record:
    """Return the record of a key, not yet stored."""
    record_id = f"{KEY_ID}.{generation}" if generation else KEY_ID
    return Record(kind=KEY_KIND, id=record_id, fields=fields or {}, sealed=wrapped)


def mark(state: str, at: datetime, **fields: Scalar) -> Record:
    """Return a record that stands for the root, and forbids that a key is made."""
    return key_record(0, b"", {"state": state, "at": f"{at:%Y-%m-%d %H:%M:%S} UTC", **fields})


def without(keys: StoredKeys, numbers: Sequence[int]) -> list[Write]:
    """Return the writes that delete these generations."""
    return [Write(op="delete", record=keys.generations[number]) for number in numbers]


def lost() -> AdministratorError:
    """Return what is wrong where records are sealed and no keys are there."""
    return AdministratorError(
        "the keys of this business are not in the store, but sealed records are",
        fix="restore the store and the keys from backups of the same time",
    )


async def has_sealed(store: Store, business: str) -> bool:
    """Tell whether anything that is kept of the business is sealed."""
    page = await store.changes(Key(business), limit=1_000)
    return any(record.sealed for record in page.records)
