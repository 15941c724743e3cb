"""The folders of a mailbox: by id, by path, by Microsoft's well-known names.

Source: https://learn.microsoft.com/graph/api/resources/mailfolder (well-known names)
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from connectors.outlook.batch import batch
from connectors.outlook.client import Graph, Json, home, part
from connectors.outlook.trouble import Refused
from flows.errors import AdministratorError, TransientError

EVERY: Final = "*"
_ROOT: Final = "msgfolderroot"
_DELETED: Final = "deleteditems"
_WELL_KNOWN: Final = frozenset(
    {
        "archive", "clutter", "conversationhistory", "deleteditems", "drafts", "inbox",
        "junkemail", "outbox", "sentitems",
    }
)  # fmt: skip
_SELECT: Final = "id,displayName,parentFolderId"
_ROUNDS: Final = 1_000
_DEEPEST: Final = 300


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder; *search* is true for one that only shows the mail of others."""

    id: str
    name: str
    parent: str
    search: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the names of flows.yaml stand for: ids in order, and the names that are none."""

    ids: tuple[str, ...]
    by_name: Mapping[str, str]
    missing: tuple[str, ...]

    def check(self, address: str) -> None:
        """Pass if every name is a folder.

        Raises:
            AdministratorError: Some are not; it names them.
        """
        if self.missing:
            listed = ", ".join(f"'{name}'" for name in self.missing)
            raise AdministratorError(
                f"the mailbox {address} has no folder {listed}",
                fix="create it in Outlook, or correct `folders` of this source in flows.yaml",
            )


@dataclass(slots=True)
class Folders:
    """All folders of a mailbox at one time."""

    by_id: dict[str, Folder] = field(default_factory=dict)
    well_known: Mapping[str, str] = field(default_factory=dict)

    def path(self, folder_id: str) -> str:
        """Return the names down to a folder, joined by "/"; the id itself if it is unknown."""
        names: list[str] = []
        folder = self.by_id.get(folder_id)
        while folder and folder.id != self.well_known.get(_ROOT) and len(names) < _DEEPEST:
            names.append(folder.name)
            folder = self.by_id.get(folder.parent)
        return "/".join(reversed(names)) or folder_id

    def choose(self, names: Sequence[str], known: Mapping[str, str]) -> Chosen:
        """Return the folders that *names* stand for.

        A name that stood for a folder before (*known*) still stands for it, whatever it is
        called now, unless it was thrown away.
        """
        ids: dict[str, None] = {}
        by_name: dict[str, str] = {}
        missing: list[str] = []
        for name in names:
            if name == EVERY:
                root = self.well_known.get(_ROOT)
                every = [f.id for f in self.by_id.values() if not f.search and f.id != root]
                ids |= dict.fromkeys(sorted(every, key=self.path))
                continue
            old = known.get(name, "")
            found = (
                old if old in self.by_id and not self._thrown_away(old) else self._find(name)
            )
            if found:
                ids[found] = None
                by_name[name] = found
            else:
                missing.append(name)
        return Chosen(tuple(ids), by_name, tuple(missing))

    def _find(self, name: str) -> str:
        wanted = name.strip("/").casefold()
        head, slash, rest = wanted.partition("/")
        base = self.well_known.get(head.replace(" ", ""), "")
        if base in self.by_id:
            if not slash:
                return base
            wanted = f"{self.path(base)}/{rest}".casefold()
        named = (id_ for id_ in self.by_id if self.path(id_).casefold() == wanted)
        return next(named, "")

    def _thrown_away(self, folder_id: str) -> bool:
        trash = self.well_known.get(_DELETED)
        folder = self.by_id.get(folder_id)
        for _ in range(_DEEPEST):
            if folder is None or folder.parent == trash:
                break
            folder = self.by_id.get(folder.parent)
        return folder is not None and trash is not None


class FolderTree:
    """Keeps `folders` up to date by delta."""

    def __init__(self, graph: Graph, address: str, names: Sequence[str]) -> None:
        self.folders = Folders()
        self._graph, self._address, self._names = graph, address, names
        self._link = ""
        self._lock = asyncio.Lock()

    async def refresh(self) -> Folders:
        """Return the folders as they are now.

        Raises:
            AdministratorError, TransientError: As `Graph.get`.
        """
        async with self._lock:
            try:
                await self._follow()
            except Refused as refused:
                if not (self._link and (refused.resync or refused.missing)):
                    raise
                self._link = ""
                await self._follow()
            return self.folders

    async def _follow(self) -> None:
        anew = not self._link
        by_id = {} if anew else dict(self.folders.by_id)
        known = self.folders.well_known
        if anew or not set(known.values()) <= by_id.keys() | {known.get(_ROOT)}:
            known = await well_known(self._graph, self._address, self._names)
        link: str = self._link or f"{home(self._address)}/mailFolders/delta"
        query = {"$select": _SELECT} if anew else None
        for _ in range(_ROUNDS):
            page = await self._graph.get(self._address, link, query)
            for row in page.get("value", ()):
                _change(by_id, row)
            query, delta = None, page.get("@odata.deltaLink")
            link = delta or page.get("@odata.nextLink") or ""
            if delta or not link:
                break
        if not delta:
            raise TransientError("Microsoft Graph's list of folders came to no end")
        self._link, self.folders = link, Folders(by_id, known)


async def well_known(graph: Graph, address: str, names: Sequence[str]) -> dict[str, str]:
    """Return the ids of the root, of what is thrown away, and of the well-known *names*."""
    heads = {name.strip("/").partition("/")[0].casefold().replace(" ", "") for name in names}
    asked = [_ROOT, _DELETED, *sorted((heads & _WELL_KNOWN) - {_DELETED})]
    paths = [f"{home(address)}/mailFolders/{each}?$select=id" for each in asked]
    found = await batch(graph, address, paths)
    return {name: row["id"] for name, row in zip(asked, found, strict=True) if row}


async def listed_folders(graph: Graph, address: str, names: Sequence[str]) -> Folders:
    """Return the folders as they are now, listed level by level, without delta."""
    by_id: dict[str, Folder] = {}
    async for row in _below(graph, address, f"{home(address)}/mailFolders"):
        _change(by_id, row)
    return Folders(by_id, await well_known(graph, address, names))


async def _below(graph: Graph, address: str, path: str) -> AsyncIterator[Json]:
    query = {"$select": f"{_SELECT},childFolderCount", "$top": "100"}
    async for row in graph.listed(address, path, query):
        yield row
        if row.get("childFolderCount"):
            inside = f"{home(address)}/mailFolders/{part(row['id'])}/childFolders"
            async for each in _below(graph, address, inside):
                yield each


def _change(by_id: dict[str, Folder], row: Json) -> None:
    folder_id = row["id"]
    if "@removed" in row:
        by_id.pop(folder_id, None)
        return
    old = by_id.get(folder_id, Folder(folder_id, "", ""))
    by_id[folder_id] = Folder(
        folder_id,
        row.get("displayName") or old.name,
        row.get("parentFolderId") or old.parent,
        "searchfolder" in row.get("@odata.type", "").lower() or old.search,
    )
