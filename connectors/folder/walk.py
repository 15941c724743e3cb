"""Which files of a directory are mail, in an order that is the same at every look.

Mail is every regular file of any name, but for what mail servers, editors and operating
systems leave about:

- names that begin with a dot, and directories whose name does, unless they are Maildirs
  (Maildir++ writes its folders as `.Sent`);
- Thumbs.db, desktop.ini, names ending in .swp .swo .lock .msf, names beginning with `~$`;
- in a Maildir: all of tmp/, and the files of the server beside cur/ and new/.

Symbolic links are not followed, except the path of the mailbox itself: what lies inside is
shown where it lies, and what lies outside is not ours. So there are no loops. Named pipes,
sockets and devices are no mail. A program that puts files here should write under a name
that begins with a dot and then rename: then no half-written file is ever seen.

Source: https://cr.yp.to/proto/maildir.html, https://www.courier-mta.org/imap/README.maildirquota.html
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.folder.identity import Kind, shown
from flows.errors import AdministratorError

_DROPPINGS = frozenset({"thumbs.db", "desktop.ini"})
_DROPPED_ENDINGS = (".swp", ".swo", ".lock", ".msf")
_SERVER_FILES = re.compile(
    r"dovecot.*|courier.*|maildir(?:size|folder)|subscriptions|cyrus\..*", re.IGNORECASE
)
# The info part is `:2,` and flags; file systems without colons get `;` or `!` instead.
_INFO = re.compile(r"[:;!]2,[^/]*\Z")


@dataclass(frozen=True, slots=True)
class Found:
    """One file that may hold mail.

    `key` is its path in native ids (in a Maildir: folder and unique name), `path` where it
    lay when it was found; both relative to the base. `kind` is `file` until the content is
    known to be an mbox. `folder` is the directory that holds it, for people.
    """

    key: str
    path: str
    kind: Kind
    folder: str


@dataclass(frozen=True, slots=True)
class Root:
    """Where the mailbox lies: a directory, or one file (then `only` is its name)."""

    base: Path
    only: str = ""

    @classmethod
    def at(cls, path: Path) -> Root:
        """Return the root for a path.

        Raises:
            AdministratorError: There is nothing that can be read as a mailbox.
        """
        try:
            resolved = path.resolve(strict=True)
            if resolved.is_dir():
                with os.scandir(resolved):
                    return cls(resolved)
            if resolved.is_file():
                return cls(resolved.parent, resolved.name)
        except (OSError, RuntimeError) as error:
            raise AdministratorError(
                f"the mail folder {shown(str(path))} cannot be opened"
                f" ({getattr(error, 'strerror', None) or 'a loop of links'})",
                fix="mount it, correct `path` in flows.yaml, or let this user read it",
            ) from None
        raise AdministratorError(
            f"the mail folder {shown(str(path))} is neither a directory nor a file",
            fix="let `path` in flows.yaml name a directory, a Maildir or an mbox file",
        )


def is_mail_name(name: str) -> bool:
    """Tell whether a file of this name can be mail."""
    low = name.lower()
    return not (
        name.startswith((".", "~$")) or low in _DROPPINGS or low.endswith(_DROPPED_ENDINGS)
    )


def is_server_file(name: str) -> bool:
    """Tell whether a mail server keeps a file of this name beside cur/ and new/."""
    return _SERVER_FILES.fullmatch(name) is not None


def unique_name(name: str) -> str:
    """Return the name of a Maildir file without its flags."""
    return _INFO.sub("", name)


def is_maildir(directories: set[str]) -> bool:
    """Tell whether a directory with these subdirectories is a Maildir.

    `new` and `tmp` may be missing: archives and version control drop empty directories.
    """
    return "cur" in directories or {"new", "tmp"} <= directories


def find(root: Root) -> list[Found]:
    """Return all files that may hold mail, ordered by key; nothing is opened."""
    if root.only:
        return [Found(root.only, root.only, "file", ".")]
    found: list[Found] = []
    waiting = [""]
    while waiting:
        here = waiting.pop()
        try:
            files, directories = _listing(root.base / here)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            found.append(Found(here, here, "directory", shown(here)))
            continue
        in_maildir = is_maildir(set(directories))
        waiting += (
            _join(here, name)
            for name in directories
            if not (in_maildir and name in {"cur", "new", "tmp"})
            and (not name.startswith(".") or _looks_like_maildir(root.base / here / name))
        )
        folder = shown(here) or "."
        found += (
            Found(_join(here, name), _join(here, name), "file", folder)
            for name in files
            if is_mail_name(name) and not (in_maildir and is_server_file(name))
        )
        if in_maildir:
            found += maildir_files(root, here)
    return sorted(found, key=lambda f: (os.fsencode(f.key), os.fsencode(f.path)))


def maildir_files(root: Root, here: str) -> Iterator[Found]:
    """Yield the messages of one Maildir, those in new/ before those in cur/.

    A reader moves messages from new/ to cur/: looked at in this order, one may be seen
    twice but none is missed.
    """
    for part in ("new", "cur"):
        try:
            files, _ = _listing(root.base / here / part)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            yield Found(_join(here, part), _join(here, part), "directory", shown(here) or ".")
            continue
        for name in files:
            if is_mail_name(name):
                key = _join(here, unique_name(name))
                yield Found(key, f"{_join(here, part)}/{name}", "maildir", shown(here) or ".")


def _listing(directory: Path) -> tuple[list[str], list[str]]:
    files: list[str] = []
    directories: list[str] = []
    with os.scandir(directory) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                directories.append(entry.name)
            elif entry.is_file(follow_symlinks=False):
                files.append(entry.name)
    return files, directories


def _looks_like_maildir(directory: Path) -> bool:
    try:
        return is_maildir(set(_listing(directory)[1]))
    except OSError:
        return False


def _join(here: str, name: str) -> str:
    return f"{here}/{name}" if here else name
