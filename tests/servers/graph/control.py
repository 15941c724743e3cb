"""What tests do to mailboxes from Python, past HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import RLock
from typing import Any

from tests.servers.graph import resources
from tests.servers.graph.access import Caller
from tests.servers.graph.state import Folder, Item, Mailbox
from tests.servers.graph.wire import Call, Json, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One message as the server holds it, with its immutable id."""

    id: str
    mime: bytes
    properties: Json
    extended: dict[str, str]
    recipients: tuple[str, ...]


class MailControl:
    """The mailboxes of a server, and the hands of the test in them."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.mailboxes: dict[str, Mailbox] = {}

    # Mail

    def deliver(
        self,
        address: str,
        folder: str,
        mime: bytes,
        *,
        received: datetime | None = None,
        read: bool = False,
    ) -> str:
        with self.lock:
            mailbox = self.mailbox(address)
            into = self._folder(mailbox, folder)
            return mailbox.add(into, raw=mime, received=received, is_read=read).id

    def move(self, address: str, message_id: str, folder: str) -> None:
        with self.lock:
            mailbox = self.mailbox(address)
            item = mailbox.item(message_id, immutable=True)
            mailbox.move(item, self._folder(mailbox, folder))

    def delete(self, address: str, message_id: str) -> None:
        with self.lock:
            mailbox = self.mailbox(address)
            mailbox.remove(mailbox.item(message_id, immutable=True))

    def mark(
        self,
        address: str,
        message_id: str,
        *,
        read: bool | None = None,
        categories: Iterable[str] | None = None,
    ) -> None:
        with self.lock:
            mailbox = self.mailbox(address)
            item = mailbox.item(message_id, immutable=True)
            if read is not None:
                item.is_read = read
                mailbox.touch(item, frozenset({"isRead"}))
            if categories is not None:
                item.categories = list(categories)
                mailbox.touch(item, frozenset({"categories"}))

    def messages(self, address: str, folder: str) -> list[Held]:
        """Return what lies in a folder, oldest first."""
        with self.lock:
            mailbox = self.mailbox(address)
            items = self._folder(mailbox, folder).items.values()
            ordered = sorted(items, key=lambda item: (item.received, item.version))
            return [self._held(item, mailbox) for item in ordered]

    def drafts(self, address: str) -> list[Held]:
        return self.messages(address, "drafts")

    def sent(self, address: str) -> list[Held]:
        """Return what left the mailbox, in that order."""
        with self.lock:
            mailbox = self.mailbox(address)
            return [self._held(item, mailbox, to) for item, to in mailbox.sent]

    # Folders

    def create_folder(self, address: str, path: str) -> str:
        with self.lock:
            mailbox = self.mailbox(address)
            above, _, name = path.rpartition("/")
            parent = self._folder(mailbox, above) if above else mailbox.root
            return mailbox.create_folder(parent, name).id

    def rename_folder(self, address: str, folder: str, name: str) -> None:
        with self.lock:
            mailbox = self.mailbox(address)
            mailbox.rename_folder(self._folder(mailbox, folder), name)

    def move_folder(self, address: str, folder: str, parent: str) -> None:
        with self.lock:
            mailbox = self.mailbox(address)
            into = self._folder(mailbox, parent)
            mailbox.move_folder(self._folder(mailbox, folder), into)

    def delete_folder(self, address: str, folder: str) -> None:
        """Delete a folder and its mail for good."""
        with self.lock:
            mailbox = self.mailbox(address)
            mailbox.delete_folder(self._folder(mailbox, folder), for_good=True)

    def recreate_folder(self, address: str, folder: str) -> str:
        """Delete a folder for good and make an empty one of the same name in its place."""
        with self.lock:
            mailbox = self.mailbox(address)
            old = self._folder(mailbox, folder)
            mailbox.delete_folder(old, for_good=True)
            return mailbox.create_folder(old.parent or mailbox.root, old.name).id

    def mailbox(self, address: str) -> Mailbox:
        """Return the mailbox with this address or id.

        Raises:
            Refusal: There is none.
        """
        for mailbox in self.mailboxes.values():
            if address.lower() in {mailbox.address, mailbox.user_id}:
                return mailbox
        raise Refusal(404, "ErrorInvalidUser", f"The requested user '{address}' is invalid.")

    def _folder(self, mailbox: Mailbox, name: str) -> Folder:
        """Return the folder with this id, well-known name, or path."""
        if name in mailbox.folders:
            return mailbox.folders[name]
        first, *rest = name.split("/")
        found = mailbox.well_known.get(first.lower()) or _child(mailbox.root, first)
        for step in rest:
            found = _child(found, step)
        return found

    def _held(self, item: Item, mailbox: Mailbox, to: tuple[str, ...] = ()) -> Held:
        call: Any = Call(
            method="GET",
            path="",
            query={},
            headers={"prefer": 'IdType="ImmutableId"'},
            body=b"",
            caller=Caller(),
            base="",
            mailbox=mailbox,
        )
        return Held(
            id=item.id,
            mime=item.mime(),
            properties=resources.message(item, call),
            extended=dict(item.extended),
            recipients=to or item.parts.recipients,
        )


def _child(folder: Folder, name: str) -> Folder:
    return next(child for child in folder.children if child.name.lower() == name.lower())
