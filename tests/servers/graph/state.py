"""What the server keeps: mailboxes, folders, messages, and what changed when.

Nothing here knows HTTP. All of it is touched under the server's one lock.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, Protocol

from tests.servers.graph import mime
from tests.servers.graph.clock import Clock
from tests.servers.graph.wire import Refusal, not_found

Change = Literal["created", "updated", "deleted"]
WELL_KNOWN = {
    "inbox": "Inbox",
    "drafts": "Drafts",
    "sentitems": "Sent Items",
    "deleteditems": "Deleted Items",
    "archive": "Archive",
    "junkemail": "Junk Email",
    "outbox": "Outbox",
}


@dataclass(eq=False, slots=True)
class Folder:
    """One folder; the root of a mailbox has no parent."""

    id: str
    name: str
    parent: Folder | None
    well_known: str = ""
    hidden: bool = False
    items: dict[str, Item] = field(default_factory=dict)
    children: list[Folder] = field(default_factory=list)
    log: list[Logged] = field(default_factory=list)

    def below(self) -> Iterator[Folder]:
        """Yield every folder under this one, parents first."""
        for child in self.children:
            yield child
            yield from child.below()


@dataclass(eq=False)
class Item:
    """One message: bytes as they came, or the parts of a draft from which bytes are made."""

    id: str
    """Immutable."""
    moving_id: str
    """Changes with every move."""
    folder: Folder
    received: datetime
    raw: bytes | None
    thread: mime.Thread
    created: datetime
    modified: datetime
    is_read: bool = False
    is_draft: bool = False
    categories: list[str] = field(default_factory=list)
    flag: dict[str, Any] = field(default_factory=lambda: {"flagStatus": "notFlagged"})
    inference: str = "focused"
    extended: dict[str, str] = field(default_factory=dict)
    conversation: str = ""
    version: int = 0
    message_id: str = ""
    written: mime.Parts | None = None
    """The parts of a draft that is being written; else they are read from the bytes."""

    @cached_property
    def _read(self) -> mime.Parts:
        return mime.parse(self.raw or b"")

    @property
    def parts(self) -> mime.Parts:
        return self.written or self._read

    def forget_parts(self) -> None:
        """Read the parts anew from the bytes when they are next wanted."""
        self.__dict__.pop("_read", None)

    def mime(self) -> bytes:
        """Return the message as RFC 5322 bytes."""
        return self.raw if self.raw is not None else mime.compose(self.parts)


@dataclass(frozen=True, slots=True)
class Logged:
    """One thing that happened in a folder, by the mailbox's counter."""

    at: int
    change: Change
    item: Any
    moving_id: str
    fields: frozenset[str] = frozenset()


class Names:
    """Makes ids that look like Exchange's; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)

    def make(self, start: str, size: int = 60) -> str:
        return start + base64.urlsafe_b64encode(self._dice.randbytes(size)).decode()


class Tell(Protocol):
    """Hears of each change in a mailbox; a move is two of them."""

    def __call__(
        self, mailbox: Mailbox, change: Change, item: Item, folder: Folder, *, moved: bool
    ) -> None: ...


class Mailbox:
    """One mailbox, its folders and messages, and its log of changes."""

    def __init__(
        self,
        *,
        address: str,
        name: str,
        shared_with: frozenset[str],
        names: Names,
        clock: Clock,
        tell: Tell,
    ) -> None:
        self.address, self.name, self.shared_with = address.lower(), name, shared_with
        self.user_id = _as_guid(names.make("", 16))
        self._names, self._clock, self._tell = names, clock, tell
        self.counter = 0
        self.root = Folder(names.make("AQMkAD"), "Top of Information Store", None)
        self.folders: dict[str, Folder] = {self.root.id: self.root}
        self.well_known: dict[str, Folder] = {"msgfolderroot": self.root}
        self.folder_log: list[Logged] = []
        self.items: dict[str, Item] = {}
        self.by_moving_id: dict[str, Item] = {}
        self.sent: list[tuple[Item, tuple[str, ...]]] = []
        self._conversations: dict[str, str] = {}
        for well_known, shown in WELL_KNOWN.items():
            folder = self.create_folder(self.root, shown)
            folder.well_known = well_known
            self.well_known[well_known] = folder

    def now(self) -> datetime:
        return self._clock.now()

    # Folders

    def folder(self, key: str) -> Folder:
        """Return the folder with this id or well-known name."""
        found = self.folders.get(key) or self.well_known.get(key.lower())
        if found is None:
            raise not_found()
        return found

    def create_folder(self, parent: Folder, name: str, *, hidden: bool = False) -> Folder:
        self._free(parent, name)
        made = Folder(self._names.make("AQMkAD"), name, parent, hidden=hidden)
        parent.children.append(made)
        self.folders[made.id] = made
        self._log_folder(made, "created")
        return made

    def rename_folder(self, folder: Folder, name: str) -> None:
        if folder.parent is None:
            raise Refusal(400, "ErrorInvalidRequest", "The root folder keeps its name.")
        if name.lower() != folder.name.lower():
            self._free(folder.parent, name)
        folder.name = name
        self._log_folder(folder, "updated")

    def move_folder(self, folder: Folder, parent: Folder) -> None:
        if folder.well_known or folder.parent is None:
            raise Refusal(
                403, "ErrorMoveDistinguishedFolder", "Distinguished folders cannot be moved."
            )
        if parent is folder or parent in folder.below():
            raise Refusal(400, "ErrorMoveCopyFailed", "A folder cannot be moved into itself.")
        self._free(parent, folder.name)
        folder.parent.children.remove(folder)
        folder.parent = parent
        parent.children.append(folder)
        self._log_folder(folder, "updated")

    def delete_folder(self, folder: Folder, *, for_good: bool = False) -> None:
        """Move *folder* to Deleted Items; from there, or *for_good*, it and its mail go."""
        if folder.well_known or folder.parent is None:
            raise Refusal(
                403,
                "ErrorDeleteDistinguishedFolder",
                "Distinguished folders cannot be deleted.",
            )
        bin_ = self.well_known["deleteditems"]
        if not for_good and folder not in bin_.below():
            taken = {child.name.lower() for child in bin_.children}
            if folder.name.lower() in taken:
                folder.name = f"{folder.name}{self.counter}"
            self.move_folder(folder, bin_)
            return
        for gone in [*folder.below(), folder]:
            for item in list(gone.items.values()):
                self.remove(item)
            del self.folders[gone.id]
            self._log_folder(gone, "deleted")
        folder.parent.children.remove(folder)

    def _free(self, parent: Folder, name: str) -> None:
        if not name.strip():
            raise Refusal(400, "ErrorInvalidRequest", "A folder needs a display name.")
        if any(child.name.lower() == name.lower() for child in parent.children):
            raise Refusal(
                409, "ErrorFolderExists", "A folder with the specified name already exists."
            )

    def _log_folder(self, folder: Folder, change: Change) -> None:
        self.counter += 1
        self.folder_log.append(Logged(self.counter, change, folder, folder.id))

    # Messages

    def item(self, key: str, *, immutable: bool) -> Item:
        """Return the message with this id; each form of id is known only as itself."""
        found = (self.items if immutable else self.by_moving_id).get(key)
        if found is None:
            raise not_found()
        return found

    def add(
        self,
        folder: Folder,
        *,
        raw: bytes | None = None,
        received: datetime | None = None,
        is_read: bool = False,
    ) -> Item:
        """Put a message that came in into *folder*."""
        item = self.make(raw=raw, received=received, is_read=is_read)
        self.put(item, folder)
        return item

    def make(
        self,
        *,
        raw: bytes | None = None,
        parts: mime.Parts | None = None,
        received: datetime | None = None,
        **facts: Any,
    ) -> Item:
        """Return a message that lies nowhere yet: bytes, or parts of one that is written."""
        now = self.now()
        thread = mime.thread_of(raw or b"") if parts is None else parts.thread()
        item = Item(
            id=self._names.make("AAkALgAAAAAAHYQDEapmEc2byACqAC-E", 42),
            moving_id=self._names.make("AAMkAD", 66),
            folder=self.root,
            received=(received or now).replace(microsecond=0),
            raw=raw,
            thread=thread,
            written=parts,
            created=now,
            modified=now,
            **facts,
        )
        made = f"<{self._names.make('', 18)}@prod.outlook.example>"
        item.message_id = thread.message_id or made
        if parts is not None:
            parts.message_id = item.message_id
        item.conversation = self._conversation(item)
        return item

    def put(self, item: Item, folder: Folder) -> None:
        """Put a message that was made into *folder*."""
        self.items[item.id] = item
        self._enter(item, folder)
        self._tell(self, "created", item, folder, moved=False)

    def move(self, item: Item, folder: Folder) -> None:
        """Move a message; its immutable id stays, the other one is a new one."""
        self._leave(item)
        self._tell(self, "deleted", item, item.folder, moved=True)
        item.moving_id = self._names.make("AAMkAD", 66)
        self._enter(item, folder)
        self._tell(self, "created", item, folder, moved=True)

    def remove(self, item: Item) -> None:
        """Take a message out of the mailbox for good."""
        self._leave(item)
        del self.items[item.id]
        self._tell(self, "deleted", item, item.folder, moved=False)

    def delete(self, item: Item) -> None:
        """Delete as a user does: into Deleted Items, and from there for good."""
        bin_ = self.well_known["deleteditems"]
        if item.folder is bin_ or item.folder in bin_.below():
            self.remove(item)
        else:
            self.move(item, bin_)

    def touch(self, item: Item, fields: frozenset[str]) -> None:
        """Note that *fields* of a message were changed."""
        self._log(item, "updated", fields)
        self._tell(self, "updated", item, item.folder, moved=False)

    def _enter(self, item: Item, folder: Folder) -> None:
        item.folder = folder
        folder.items[item.id] = item
        self.by_moving_id[item.moving_id] = item
        self._log(item, "created")

    def _leave(self, item: Item) -> None:
        self._log(item, "deleted")
        del item.folder.items[item.id]
        del self.by_moving_id[item.moving_id]

    def _log(self, item: Item, change: Change, fields: frozenset[str] = frozenset()) -> None:
        self.counter += 1
        item.version = self.counter
        item.modified = self.now()
        entry = Logged(self.counter, change, item, item.moving_id, fields)
        item.folder.log.append(entry)

    def _conversation(self, item: Item) -> str:
        """Return the conversation of the message that this one answers, or a new one."""
        known = [self._conversations.get(name) for name in item.thread.answers]
        found = next((name for name in known if name), "") or self._names.make("AAQkAD", 40)
        self._conversations[item.message_id] = found
        return found


def _as_guid(text: str) -> str:
    digits = base64.urlsafe_b64decode(text).hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
